"""A schema of PostgreSQL: loaded by COPY beside the old one, switched by two renames.

Both renames and the grants stand in one transaction. A reader sees the old schema or the new
one; queries that run meanwhile go on with the tables they began with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import URL

from sladd.errors import SourceError
from sladd.release import Manifest, ReleaseTable
from sladd.targets.nested_json import json_texts
from sladd.targets.schemas import tables
from sladd.targets.schemas.faults import database_faults, incomplete
from sladd.targets.schemas.room import Room
from sladd.targets.schemas.schema import NEW, OLD, RECORD

_INDEX_BYTES = 2_704  # of a B-tree's entry: a third of a page of 8 kB

# Views of other schemas that read a table of ours, and triggers that someone put on one.
_DEPENDENTS = """
SELECT DISTINCT format('view %s.%s', vn.nspname, v.relname)
FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
JOIN pg_class v ON v.oid = r.ev_class JOIN pg_namespace vn ON vn.oid = v.relnamespace
JOIN pg_class t ON t.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass
JOIN pg_namespace tn ON tn.oid = t.relnamespace
WHERE tn.nspname = :schema AND v.oid <> t.oid
UNION
SELECT format('trigger %s on %s', g.tgname, t.relname)
FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = :schema AND NOT g.tgisinternal
UNION
SELECT format('foreign key %s of %s', c.conname, c.conrelid::regclass)
FROM pg_constraint c JOIN pg_class t ON t.oid = c.confrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_class o ON o.oid = c.conrelid JOIN pg_namespace mine ON mine.oid = o.relnamespace
WHERE c.contype = 'f' AND n.nspname = :schema AND mine.nspname <> :schema
UNION
SELECT format('function %s', p.proname) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = :schema
ORDER BY 1
"""
_RELATIONS = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = :schema AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') ORDER BY 1
"""
# Who may do what: of the schema, then of each table that the new version has as well.
_SCHEMA_GRANTS = """
SELECT DISTINCT coalesce(r.rolname, 'public'), a.privilege_type
FROM pg_namespace n, aclexplode(n.nspacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE n.nspname = :schema AND a.grantee <> n.nspowner
"""
_TABLE_GRANTS = """
SELECT DISTINCT c.relname, coalesce(r.rolname, 'public'), a.privilege_type
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE n.nspname = :schema AND c.relkind = 'r' AND a.grantee <> c.relowner
"""


class PostgreSqlSchema(Room):
    """One schema of one database; see `SchemaTarget`."""

    def __init__(self, url: URL, schema: str) -> None:
        engine = sa.create_engine(
            url, hide_parameters=True, poolclass=sa.NullPool, connect_args={"connect_timeout": 10}
        )
        port = f":{url.port}" if url.port else ""
        shown = f"postgresql://{url.host or 'localhost'}{port}/{url.database}, schema {schema}"
        super().__init__(engine, schema, shown)
        self._url = url

    def _obstacles(self, connection: sa.Connection) -> list[str]:
        rows = connection.execute(sa.text(_DEPENDENTS), {"schema": self._schema})
        return [str(name) for (name,) in rows]

    def load(self, folder: Path, manifest: Manifest) -> None:
        """Write all tables into `<schema>__new`; see `SchemaTarget.load`."""
        with database_faults(self.shown):
            self._lock()
            manifest = tables.indexable(folder, manifest, most_bytes=_INDEX_BYTES)
            with self._engine.begin() as connection:
                self._refuse(connection)
                new = _quoted(self._schema + NEW)
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {new} CASCADE")
                connection.exec_driver_sql(f"CREATE SCHEMA {new}")
                for table in manifest.tables:
                    schema = tables.schema_of(folder, table)
                    columns = ", ".join(
                        f"{_quoted(f.name)} {_type(_ingested(f.type))}{'' if f.nullable else ' NOT NULL'}"
                        for f in schema
                    )
                    connection.exec_driver_sql(f"CREATE TABLE {self._new(table.name)} ({columns})")
            for table in manifest.tables:
                self._copy(folder, table)
            with self._engine.begin() as connection:
                self._finish(connection, manifest)

    def switch(self, manifest: bytes, *, keep_old: bool) -> None:
        """Two renames and the grants, in one transaction."""
        name, new, old = (_quoted(self._schema + tail) for tail in ("", NEW, OLD))
        with database_faults(self.shown), self._engine.begin() as connection:
            self._refuse(connection)
            connection.execute(
                sa.text(
                    f"INSERT INTO {new}.{_quoted(RECORD)} VALUES (1, CAST(:manifest AS jsonb))"
                ),
                {"manifest": manifest.decode()},
            )
            exists = self._relations(connection, self._schema)
            for statement in self._grants(connection):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {old} CASCADE")
            if exists:
                connection.exec_driver_sql(f"ALTER SCHEMA {name} RENAME TO {old}")
            else:
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {name}")
            connection.exec_driver_sql(f"ALTER SCHEMA {new} RENAME TO {name}")
        if not keep_old:
            with database_faults(self.shown), self._engine.begin() as connection:
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {old} CASCADE")

    # ------------------------------------------------------------------ the steps

    def too_long(self, names: Iterable[str]) -> list[str]:
        """Names of more than 63 bytes, which is all that the server takes."""
        return sorted({name for name in names if len(name.encode()) > 63})

    def _taken(self, connection: sa.Connection) -> bool:
        number = int.from_bytes(
            hashlib.sha256(f"sladd {self._schema}".encode()).digest()[:8], "big", signed=True
        )
        return bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({number})").scalar())

    def _relations(self, connection: sa.Connection, schema: str) -> list[str]:
        rows = connection.execute(sa.text(_RELATIONS), {"schema": schema})
        return [str(name) for (name,) in rows]

    def _ours(self, connection: sa.Connection) -> set[str]:
        rows = connection.exec_driver_sql(
            "SELECT jsonb_array_elements(manifest -> 'tables') ->> 'name'"
            f" FROM {_quoted(self._schema)}.{_quoted(RECORD)}"
        )
        return {RECORD, *(str(name) for (name,) in rows)}

    def _copy(self, folder: Path, table: ReleaseTable) -> None:
        """COPY in binary form, through ADBC."""
        from adbc_driver_postgresql import dbapi
        from psycopg.conninfo import make_conninfo

        # Not as a URL: SQLAlchemy's has spaces and `+` where libpq wants them encoded.
        _, address = self._engine.dialect.create_connect_args(self._url)
        address.pop("context", None)  # psycopg's own
        schema = tables.schema_of(folder, table)
        given = pa.schema([pa.field(f.name, _ingested(f.type)) for f in schema])
        faults: list[SourceError] = []

        def rows() -> Iterator[pa.RecordBatch]:
            try:
                for batch in tables.batches(folder, table, self.shown):
                    columns = [_as_ingested(column) for column in batch.columns]
                    yield pa.RecordBatch.from_arrays(columns, schema=given)
            except SourceError as fault:
                faults.append(fault)  # the driver would make an error of its own of it
                raise

        with dbapi.connect(make_conninfo(**address)) as connection, connection.cursor() as cursor:
            try:
                cursor.adbc_ingest(
                    table.name,
                    pa.RecordBatchReader.from_batches(given, rows()),
                    mode="append",
                    db_schema_name=self._schema + NEW,
                )
            except Exception:
                if faults:
                    raise faults[0] from None
                raise
            connection.commit()

    def _finish(self, connection: sa.Connection, manifest: Manifest) -> None:
        """Counts, keys, comments, and statistics for the planner."""
        new = _quoted(self._schema + NEW)
        for table in manifest.tables:
            name = self._new(table.name)
            rows = int(connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() or 0)
            if rows != table.rows_out:
                raise incomplete(self.shown, table.name, rows, table.rows_out)
            if table.primary_key:
                keys = ", ".join(map(_quoted, table.primary_key))
                connection.exec_driver_sql(f"ALTER TABLE {name} ADD PRIMARY KEY ({keys})")
            for unique in table.unique_keys:
                keys = ", ".join(map(_quoted, unique))
                connection.exec_driver_sql(f"ALTER TABLE {name} ADD UNIQUE ({keys})")
            self._comment(connection, f"TABLE {name}", table.comment)
            for column in table.columns:
                about = tables.column_comment(table, column.name)
                self._comment(connection, f"COLUMN {name}.{_quoted(column.name)}", about)
        for key in tables.holding(manifest):
            mine, theirs = (", ".join(map(_quoted, c)) for c in (key.columns, key.target_columns))
            connection.exec_driver_sql(
                f"ALTER TABLE {self._new(key.table)} ADD FOREIGN KEY ({mine})"
                f" REFERENCES {self._new(key.target)} ({theirs})"
            )
        record = f"{new}.{_quoted(RECORD)}"
        connection.exec_driver_sql(
            f"CREATE TABLE {record} (format integer NOT NULL, manifest jsonb NOT NULL)"
        )
        self._comment(connection, f"SCHEMA {new}", tables.comment_of(manifest))
        for table in manifest.tables:
            connection.exec_driver_sql(f"ANALYZE {self._new(table.name)}")

    def _comment(self, connection: sa.Connection, what: str, text: str) -> None:
        if text:
            spelled = text.replace("'", "''").replace("%", "%%")
            connection.exec_driver_sql(f"COMMENT ON {what} IS '{spelled}'")

    def _grants(self, connection: sa.Connection) -> list[str]:
        """Statements that give the new schema the rights of the old one."""
        given = []
        for who, right in connection.execute(sa.text(_SCHEMA_GRANTS), {"schema": self._schema}):
            given.append(f"GRANT {right} ON SCHEMA {_quoted(self._schema + NEW)} TO {_role(who)}")
        present = set(self._relations(connection, self._schema + NEW))
        for table, who, right in connection.execute(
            sa.text(_TABLE_GRANTS), {"schema": self._schema}
        ):
            if table in present:
                given.append(f"GRANT {right} ON {self._new(table)} TO {_role(who)}")
        return given

    def _new(self, table: str) -> str:
        return f"{_quoted(self._schema + NEW)}.{_quoted(table)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'


def _role(name: str) -> str:
    return "PUBLIC" if name == "public" else _quoted(name)


def _type(kind: pa.DataType) -> str:
    """PostgreSQL's type for a column of a release."""
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return {16: "smallint", 32: "integer", 64: "bigint"}[kind.bit_width]
    if pa.types.is_floating(kind):
        return "real" if kind.bit_width <= 32 else "double precision"
    if pa.types.is_decimal(kind):
        return f"numeric({kind.precision}, {kind.scale})"
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind):
        return "timestamptz" if kind.tz else "timestamp"
    if pa.types.is_time(kind):
        return "time"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return "bytea"
    return "text"


_WIDER = {
    pa.int8(): pa.int16(), pa.uint8(): pa.int16(), pa.uint16(): pa.int32(),
    pa.uint32(): pa.int64(), pa.uint64(): pa.decimal128(20, 0),
}  # fmt: skip


def _ingested(kind: pa.DataType) -> pa.DataType:
    """The Arrow type that the driver writes into that column."""
    if pa.types.is_nested(kind):
        return pa.string()
    return _WIDER.get(kind, kind)


def _as_ingested(column: pa.Array) -> pa.Array:
    wanted = _ingested(column.type)
    if pa.types.is_nested(column.type):
        return pa.array(json_texts(column), pa.string())
    return column if column.type == wanted else column.cast(wanted)
