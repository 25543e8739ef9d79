"""A database of MariaDB or MySQL, which is what others call a schema.

Tables are loaded into `<schema>__new` and change places with the old ones in a single
`RENAME TABLE`, which is atomic. Rights stand at the names of databases and tables, so they stay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from sqlalchemy.engine import URL

from sladd.release import Manifest, ReleaseTable
from sladd.targets.nested_json import json_texts, shortest
from sladd.targets.schemas import tables
from sladd.targets.schemas.faults import database_faults, incomplete, no_place
from sladd.targets.schemas.room import Room
from sladd.targets.schemas.schema import NEW, OLD, RECORD

_ROWS = 1_000  # a statement; 16 MB is the server's usual max_allowed_packet
_INDEX_BYTES = 3_072  # of InnoDB, in its row formats of today


class MySqlSchema(Room):
    """One database of one server; see `SchemaTarget`."""

    def __init__(self, url: URL, schema: str) -> None:
        # The database of the URL is only where the connection begins.
        engine = sa.create_engine(
            url.update_query_dict({"charset": "utf8mb4"}),
            hide_parameters=True,
            poolclass=sa.NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={
                "connect_timeout": 10,
                # PyMySQL itself would write it in Latin-1.
                "password": (url.password or "").encode(),
                # What does not fit is an error, whatever the server is set to.
                "sql_mode": "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION",
            },
        )
        port = f":{url.port}" if url.port else ""
        super().__init__(
            engine, schema, f"mysql://{url.host or 'localhost'}{port}, database {schema}"
        )

    def _obstacles(self, connection: sa.Connection) -> list[str]:
        given = {"schema": self._schema}
        triggers = connection.execute(
            sa.text(
                "SELECT trigger_name, event_object_table FROM information_schema.triggers"
                " WHERE event_object_schema = :schema ORDER BY 1"
            ),
            given,
        )
        keys = connection.execute(
            sa.text(
                "SELECT constraint_name, constraint_schema, table_name"
                " FROM information_schema.key_column_usage"
                " WHERE referenced_table_schema = :schema AND constraint_schema <> :schema"
                " AND constraint_schema NOT IN (:new, :old) ORDER BY 1"
            ),
            {**given, "new": self._schema + NEW, "old": self._schema + OLD},
        )
        return [
            *(f"trigger {name} on {table}" for name, table in triggers),
            *(f"foreign key {name} of {schema}.{table}" for name, schema, table in keys),
        ]

    def load(self, folder: Path, manifest: Manifest) -> None:
        """Write all tables into `<schema>__new`; see `SchemaTarget.load`."""
        with database_faults(self.shown):
            self._lock()
            manifest = tables.indexable(folder, manifest, most_bytes=_INDEX_BYTES)
            with self._engine.connect() as connection:
                self._refuse(connection)
                new = _quoted(self._schema + NEW)
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {new}")
                connection.exec_driver_sql(
                    f"CREATE DATABASE {new} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
                )
                for table in manifest.tables:
                    self._table(connection, folder, table, _keys(manifest, table))
                    self._fill(connection, folder, table)
                for key in tables.holding(manifest):
                    mine, theirs = (
                        ", ".join(map(_quoted, c)) for c in (key.columns, key.target_columns)
                    )
                    connection.exec_driver_sql(
                        f"ALTER TABLE {self._new(key.table)} ADD FOREIGN KEY ({mine})"
                        f" REFERENCES {self._new(key.target)} ({theirs})"
                    )
                about = _text(tables.comment_of(manifest)[:1024])
                connection.exec_driver_sql(
                    f"CREATE TABLE {self._new(RECORD)} (format int NOT NULL,"
                    f" manifest longtext NOT NULL) COMMENT = {about}"
                )

    def switch(self, manifest: bytes, *, keep_old: bool) -> None:
        """One `RENAME TABLE` over all tables that go and all that come."""
        old = _quoted(self._schema + OLD)
        with database_faults(self.shown), self._engine.connect() as connection:
            self._refuse(connection)
            connection.execute(
                sa.text(f"INSERT INTO {self._new(RECORD)} VALUES (1, :manifest)"),
                {"manifest": manifest.decode()},
            )
            connection.exec_driver_sql(
                f"CREATE DATABASE IF NOT EXISTS {_quoted(self._schema)} CHARACTER SET utf8mb4"
                " COLLATE utf8mb4_bin"
            )
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {old}")
            connection.exec_driver_sql(f"CREATE DATABASE {old}")
            leaving = self._relations(connection, self._schema)
            coming = self._relations(connection, self._schema + NEW)
            moves = [f"{self._at('', name)} TO {self._at(OLD, name)}" for name in leaving]
            moves += [f"{self._at(NEW, name)} TO {self._at('', name)}" for name in coming]
            connection.exec_driver_sql(f"RENAME TABLE {', '.join(moves)}")
            connection.exec_driver_sql(f"DROP DATABASE {_quoted(self._schema + NEW)}")
            if not keep_old or not leaving:
                connection.exec_driver_sql(f"DROP DATABASE {old}")

    # ------------------------------------------------------------------ the steps

    def too_long(self, names: Iterable[str]) -> list[str]:
        """Names of more than 64 characters, which is all that the server takes."""
        return sorted({name for name in names if len(name) > 64})

    def _taken(self, connection: sa.Connection) -> bool:
        name = "sladd " + hashlib.sha256(self._schema.encode()).hexdigest()[:32]
        return (
            connection.execute(sa.text("SELECT GET_LOCK(:name, 0)"), {"name": name}).scalar() == 1
        )

    def _relations(self, connection: sa.Connection, schema: str) -> list[str]:
        rows = connection.execute(
            sa.text(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = :schema"
                " ORDER BY 1"
            ),
            {"schema": schema},
        )
        return [str(name) for (name,) in rows]

    def _ours(self, connection: sa.Connection) -> set[str]:
        text = connection.exec_driver_sql(f"SELECT manifest FROM {self._at('', RECORD)}").scalar()
        return {RECORD, *(table["name"] for table in json.loads(text or "{}").get("tables", []))}

    def _table(
        self, connection: sa.Connection, folder: Path, table: ReleaseTable, keys: frozenset[str]
    ) -> None:
        columns = []
        for field in tables.schema_of(folder, table):
            about = tables.column_comment(table, field.name)[:1024]
            null = "NULL" if field.nullable else "NOT NULL"
            length = tables.longest(folder, table, field.name) if field.name in keys else None
            kind = _type(field.type, characters=length)
            columns.append(f"{_quoted(field.name)} {kind} {null} COMMENT {_text(about)}")
        if table.primary_key:
            columns.append(f"PRIMARY KEY ({', '.join(map(_quoted, table.primary_key))})")
        for unique in table.unique_keys:
            columns.append(f"UNIQUE ({', '.join(map(_quoted, unique))})")
        connection.exec_driver_sql(
            f"CREATE TABLE {self._new(table.name)} ({', '.join(columns)})"
            f" ENGINE = InnoDB COMMENT = {_text(table.comment[:1024])}"
        )

    def _fill(self, connection: sa.Connection, folder: Path, table: ReleaseTable) -> None:
        """Rows by the thousand in one transaction, counted."""
        width = len(table.columns)
        name = self._new(table.name)
        driver = connection.connection.dbapi_connection
        assert driver is not None  # noqa: S101 - the connection is open
        marks = f"INSERT INTO {name} VALUES ({', '.join(['%s'] * width)})"
        cursor = driver.cursor()
        cursor.execute("START TRANSACTION")
        for rows in _rows(self.shown, folder, table):
            cursor.executemany(marks, rows)
        cursor.execute("COMMIT")
        cursor.close()
        count = int(connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() or 0)
        if count != table.rows_out:
            raise incomplete(self.shown, table.name, count, table.rows_out)

    def _new(self, table: str) -> str:
        return self._at(NEW, table)

    def _at(self, tail: str, table: str) -> str:
        return f"{_quoted(self._schema + tail)}.{_quoted(table)}"


def _keys(manifest: Manifest, table: ReleaseTable) -> frozenset[str]:
    """Columns of a table that an index needs; text columns of it have a length."""
    found = {c for key in (table.primary_key, *table.unique_keys) for c in key}
    for key in tables.holding(manifest):
        found |= set(key.columns) if key.table == table.name else set()
        found |= set(key.target_columns) if key.target == table.name else set()
    return frozenset(found)


def _rows(shown: str, folder: Path, table: ReleaseTable) -> Iterator[list[tuple[Any, ...]]]:
    for batch in tables.batches(folder, table, shown):
        _refuse_no_numbers(batch, table, shown)
        for start in range(0, batch.num_rows, _ROWS):
            part = batch.slice(start, _ROWS)
            yield list(zip(*map(_values, part.columns), strict=True))


def _refuse_no_numbers(batch: pa.RecordBatch, table: ReleaseTable, shown: str) -> None:
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if pa.types.is_floating(column.type) and pc.any(pc.invert(pc.is_finite(column))).as_py():
            raise no_place(shown, f"{table.name}.{name}", "NaN or infinity")


def _values(column: pa.Array) -> list[Any]:
    """What the driver can write: moments in UTC without their zone, nested values as JSON."""
    if pa.types.is_nested(column.type):
        return list(json_texts(column))
    if pa.types.is_timestamp(column.type) and column.type.tz:
        column = column.cast(pa.timestamp(column.type.unit, "UTC")).cast(
            pa.timestamp(column.type.unit)
        )
    values: list[Any] = column.to_pylist()
    if pa.types.is_float32(column.type):
        return [None if v is None else shortest(v) for v in values]
    return values


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``").replace("%", "%%") + "`"


def _text(text: str) -> str:
    spelled = text.replace("\\", "\\\\").replace("'", "''").replace("%", "%%")
    return f"'{spelled}'"


def _type(kind: pa.DataType, *, characters: int | None) -> str:
    """MariaDB's type for a column of a release; texts that an index needs have a length."""
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        size = {8: "tinyint", 16: "smallint", 32: "int", 64: "bigint"}[kind.bit_width]
        return size + (" unsigned" if pa.types.is_unsigned_integer(kind) else "")
    if pa.types.is_floating(kind):
        return "double"  # of a FLOAT the server shows six digits
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision}, {kind.scale})"
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind):
        return "datetime(6)"
    if pa.types.is_time(kind):
        return "time(6)"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return "longblob"
    return "longtext" if characters is None else f"varchar({max(characters, 1)})"
