"""DuckDB files, read by DuckDB itself; its SQLAlchemy dialect cannot reflect keys of DuckDB 2."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

from sladd.model import StorageType
from sladd.sources.database.address import Address
from sladd.sources.database.columnar import Lost, fit_batch, in_batches
from sladd.sources.database.dialects.dialect import View, Wanted
from sladd.sources.database.dialects.other import plain_select
from sladd.sources.database.faults import Fault, explain, missing_driver
from sladd.sources.database.sessions import Refused, Session
from sladd.sources.database.shapes import (
    Column,
    Draw,
    Failure,
    Kind,
    Reading,
    Reference,
    Scan,
    Shape,
)
from sladd.sources.database.types import (
    BINARY,
    BOOLEAN,
    DATE,
    ENUM,
    FLOAT,
    FLOAT32,
    INTEGER,
    JSON,
    OTHER,
    TEXT,
    TIME,
    TIMESTAMP,
    TIMESTAMP_UTC,
    UUID,
    decimal,
)

_RESERVOIR_ROWS = 2_000_000  # a reservoir reads the whole table; larger ones are sampled by block
_BLOCK = 2048  # rows of a DuckDB vector, the unit of its system sample
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_KINDS = {
    "VARCHAR": TEXT, "BOOLEAN": BOOLEAN, "DATE": DATE, "TIME": TIME, "BLOB": BINARY,
    "UUID": UUID, "JSON": JSON, "FLOAT": FLOAT32, "DOUBLE": FLOAT,
    "TINYINT": INTEGER, "SMALLINT": INTEGER, "INTEGER": INTEGER, "BIGINT": INTEGER,
    "UTINYINT": INTEGER, "USMALLINT": INTEGER, "UINTEGER": INTEGER,
    "UBIGINT": Kind(StorageType.INTEGER, pa.uint64()),
    "HUGEINT": Kind(StorageType.INTEGER, pa.decimal128(38, 0)),
    "TIMESTAMP": TIMESTAMP, "TIMESTAMP_S": TIMESTAMP, "TIMESTAMP_MS": TIMESTAMP,
    "TIMESTAMP_NS": TIMESTAMP, "TIMESTAMP WITH TIME ZONE": TIMESTAMP_UTC,
}  # fmt: skip
# No network, no other file, no spill file beside the database: a source is read and nothing
# else. A condition is one expression and cannot set anything back. All are given at once, so that
# two connections of one process agree.
_SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
    "temp_directory": "",
    "threads": "1",  # then a sample with a seed is the same every time
}


_DAMAGED = ("not a valid duckdb database", "corrupt", "could not read enough bytes")


class DuckdbSession:
    """A connection of DuckDB's own; results come as Arrow."""

    other_threads = False  # it reads with threads of its own

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """The rows of a small result."""
        result = self._connection.execute(sql)
        return list(result.fetchall()) if result.description else []

    def batches(
        self,
        sql: str,
        schema: pa.Schema,
        *,
        batch_rows: int,
        refused: Refused,
        lost: Lost | None = None,
    ) -> Generator[pa.RecordBatch]:
        """Stream a result."""
        counted = Lost() if lost is None else lost
        reader = self._connection.sql(sql).to_arrow_reader(batch_rows)
        for batch in in_batches(reader, batch_rows):
            yield fit_batch(batch, schema, refused, counted)

    def close(self) -> None:
        """Close the connection, and with it the file."""
        self._connection.close()


class DuckdbDialect:
    """One DuckDB file."""

    backslash_escapes = False

    def __init__(self, address: Address, *, timeout_s: int) -> None:
        del timeout_s  # the file is local, and DuckDB has no such setting
        if address.file is None or not address.file.is_file():
            raise explain(address, Fault.NO_FILE)
        self.address = address
        self.file: Path = address.file

    @staticmethod
    def quote(name: str) -> str:
        """An identifier in quotation marks."""
        return '"' + name.replace('"', '""') + '"'

    def relation(self, shape: Shape) -> str:
        """The table in its schema."""
        return f"{self.quote(shape.schema or 'main')}.{self.quote(shape.name)}"

    def select(self, what: str, scan: Scan, *, offset: int = 0) -> str:
        """Plain SQL."""
        return plain_select(what, scan, offset=offset)

    # ------------------------------------------------------------------ schema

    def describe(self, wanted: Wanted, *, views: bool) -> Iterator[Shape | Failure]:
        """Tables by DuckDB's own catalogue."""
        with self.session() as session:
            columns = _grouped(session.rows(
                "SELECT schema_name, table_name, column_name, data_type, is_nullable, comment"
                " FROM duckdb_columns() WHERE NOT internal AND database_name = current_database()"
                " ORDER BY column_index"
            ))  # fmt: skip
            constraints = _grouped(session.rows(
                "SELECT schema_name, table_name, constraint_type, constraint_column_names,"
                " referenced_table, referenced_column_names FROM duckdb_constraints()"
                " WHERE database_name = current_database()"
            ))  # fmt: skip
            listed = session.rows(
                "SELECT schema_name, table_name, comment, estimated_size, false"
                " FROM duckdb_tables() WHERE NOT internal AND database_name = current_database()"
                " ORDER BY 1, 2"
            )
            if views:
                listed = [*listed, *session.rows(
                    "SELECT schema_name, view_name, comment, NULL, true FROM duckdb_views()"
                    " WHERE NOT internal AND database_name = current_database() ORDER BY 1, 2"
                )]  # fmt: skip
            for schema, name, comment, size, view in listed:
                shown = None if schema == "main" else str(schema)
                if not wanted(shown, name):
                    continue
                shape = self._shape(
                    shown, name, columns[schema, name], constraints[schema, name],
                    comment=comment, view=view,
                )  # fmt: skip
                yield self._counted(session, shape, size)

    def _shape(
        self,
        schema: str | None,
        name: str,
        columns: list[tuple[Any, ...]],
        constraints: list[tuple[Any, ...]],
        *,
        comment: str | None,
        view: bool,
    ) -> Shape:
        primary = [tuple(c[1]) for c in constraints if c[0] == "PRIMARY KEY"]
        return Shape(
            schema=schema,
            name=name,
            columns=tuple(
                Column(
                    name=str(column),
                    kind=_kind(native),
                    # ENUM lists its values, STRUCT its keys.
                    native=native.lower() if _DECIMAL.match(native) else re.split(r"[(]", native)[0].lower(),
                    nullable=bool(nullable),
                    comment=says,
                )
                for column, native, nullable, says in columns
            ),
            primary_key=primary[0] if primary else (),
            references=tuple(
                Reference(tuple(c[1]), schema, c[2], tuple(c[3]))
                for c in constraints
                if c[0] == "FOREIGN KEY"
            ),
            unique_keys=tuple(tuple(c[1]) for c in constraints if c[0] == "UNIQUE"),
            comment=comment,
            view=view,
            marker=self.state(),
        )  # fmt: skip

    def _counted(self, session: Session, shape: Shape, size: int | None) -> Shape | Failure:
        from dataclasses import replace

        at = f"{shape.schema}.{shape.name}" if shape.schema else shape.name
        try:
            if shape.view:
                session.rows(self.select("*", Scan(self.relation(shape), limit=0)))
                return shape
            # Counting reads the metadata only.
            counted = session.rows(f"SELECT count(*) FROM {self.relation(shape)}")
            return replace(shape, rows=int(counted[0][0]), rows_exact=True)
        except Exception as broken:
            del size
            error = explain(self.address, self.fault(broken), at=at, error=broken)
            return Failure(shape.schema, shape.name, error)

    def state(self) -> str:
        """Size and time of the file and of its log."""
        parts = []
        for path in (self.file, self.file.with_name(self.file.name + ".wal")):
            with suppress(FileNotFoundError):
                now = path.stat()
                parts.append(f"{now.st_size}/{now.st_mtime_ns}")
        return ";".join(parts)

    # ------------------------------------------------------------------ data

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open the file read-only; closed at once, so that a writer can have it."""
        try:
            import duckdb
        except ImportError:
            raise missing_driver(self.address, "duckdb") from None
        connection = duckdb.connect(str(self.file), read_only=True, config=dict(_SETTINGS))
        try:
            with suppress(duckdb.CatalogException):  # time zones are an extension
                connection.execute("SET TimeZone = 'UTC'")
            yield DuckdbSession(connection)
        finally:
            connection.close()

    def view(self) -> AbstractContextManager[View]:
        """One transaction; nobody can write while the file is open read-only."""
        return self._view()

    @contextmanager
    def _view(self) -> Iterator[View]:
        with self.session() as session:
            session.rows("BEGIN TRANSACTION READ ONLY")
            name = hashlib.sha256(self.state().encode()).hexdigest()[:16]
            yield View(session, id=f"duckdb:{name}", consistency="snapshot")

    def readings(
        self, session: Session, columns: Sequence[Column], scan: Scan
    ) -> Sequence[Reading]:
        """Columns in Arrow's types; what Arrow has no type for as text, nested values as JSON."""
        del session, scan
        readings = []
        for column in columns:
            name = self.quote(column.name)
            arrow = column.kind.arrow or pa.string()
            sql = name
            if column.kind.storage is StorageType.JSON and column.native != "json":
                sql = f"CAST(to_json({name}) AS VARCHAR)"
            elif column.kind.storage is StorageType.LIST and column.kind.as_text:
                sql = f"CAST({name} AS VARCHAR[])"
            elif column.kind.as_text:
                sql = f"CAST({name} AS VARCHAR)"
            elif column.native in {"timestamp_ns", "timestamp_s", "timestamp_ms"}:
                sql = f"CAST({name} AS TIMESTAMP)"
            readings.append(Reading(column.name, sql, arrow))
        return readings

    def draw(self, session: Session, shape: Shape, *, rows: int, seed: int) -> Draw:
        """A reservoir of rows, of blocks where the table is large."""
        del session
        relation = self.relation(shape)
        if rows == 0 or (shape.rows is not None and shape.rows <= 2 * rows):
            return Draw("all", [Scan(relation)])
        if shape.rows is None:
            return Draw("first_rows", [Scan(relation, limit=rows)])
        if shape.rows <= _RESERVOIR_ROWS:
            how = f"reservoir({rows} ROWS) REPEATABLE ({seed})"
            return Draw("random_rows", [Scan(f"{relation} TABLESAMPLE {how}")])
        percent = 100 * max(rows * 1.2, 32 * _BLOCK) / shape.rows
        how = f"system({min(percent, 100):.6f}%) REPEATABLE ({seed})"
        return Draw("block_sample", [Scan(f"{relation} TABLESAMPLE {how}")])

    def position_key(self, shape: Shape) -> str | None:
        """An integer primary key; DuckDB has none that is NULL."""
        return None if shape.integer_key is None else self.quote(shape.integer_key)

    # ------------------------------------------------------------------ errors

    def digest(self, readings: Sequence[Reading]) -> str | None:
        """No function that every such database has tells one content from another."""
        del readings
        return None

    def fault(self, error: BaseException) -> Fault:
        """By the class of the exception, and DuckDB's own words."""
        said, kind = str(error).lower(), type(error).__name__
        if "could not set lock" in said or "different configuration" in said:
            return Fault.LOCKED
        if any(words in said for words in _DAMAGED):
            return Fault.NOT_A_DATABASE
        if "does not exist" in said and kind == "IOException":
            return Fault.NO_FILE
        if kind in {"ParserException", "ConversionException", "InvalidInputException"}:
            return Fault.CONDITION
        return Fault.GONE if kind in {"CatalogException", "BinderException"} else Fault.OTHER

    def forbidden(self, shape_schema: str | None, name: str) -> str:
        """A file has no grants."""
        del shape_schema, name
        return "give the user of sladd read permission"

    def close(self) -> None:
        """Nothing stays open between uses."""


def _kind(native: str) -> Kind:
    known = _KINDS.get(native)
    if known is not None:
        return known
    if match := _DECIMAL.fullmatch(native):
        return decimal(int(match[1]), int(match[2]))
    if native.endswith("]"):
        inner = _kind(native[: native.rindex("[")])
        if inner.storage is StorageType.JSON or inner.storage is StorageType.LIST:
            return JSON
        return Kind(StorageType.LIST, pa.list_(inner.arrow or pa.string()), as_text=inner.as_text)
    if native.startswith(("STRUCT", "MAP", "UNION")):
        return JSON
    return ENUM if native.startswith("ENUM") else OTHER


def _grouped(rows: Sequence[tuple[Any, ...]]) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    """Rows by schema and table, their first two columns."""
    grouped: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        grouped[str(row[0]), str(row[1])].append(tuple(row[2:]))
    return grouped
