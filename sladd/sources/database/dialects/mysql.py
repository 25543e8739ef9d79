"""MariaDB and MySQL: consistent snapshots, an unbuffered cursor, samples by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from sladd.model import StorageType
from sladd.sources.database.address import Address
from sladd.sources.database.dialects.dialect import View
from sladd.sources.database.dialects.engine import open_engine
from sladd.sources.database.dialects.mysql_grants import granted
from sladd.sources.database.dialects.other import OtherDialect, plain_select
from sladd.sources.database.faults import Fault
from sladd.sources.database.sessions import CursorSession, Session
from sladd.sources.database.shapes import Column, Reading, Scan, Shape
from sladd.sources.database.types import BOOLEAN, FLOAT32, INTEGER, JSON, OTHER, TIMESTAMP_UTC

_SYSTEM = {"information_schema", "performance_schema", "mysql", "sys"}
_FEW = 10_000  # rows that are counted; InnoDB's estimate of small tables is of no use
_GEOMETRY = {
    "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
    "geometrycollection",
}  # fmt: skip
# UPDATE_TIME has whole seconds: a change in the second of the scan would go unseen.
_TABLES = """
SELECT TABLE_NAME, TABLE_ROWS, ENGINE, AUTO_INCREMENT, UPDATE_TIME,
       COALESCE(UPDATE_TIME >= NOW() - INTERVAL 2 SECOND, 1)
FROM information_schema.TABLES WHERE TABLE_SCHEMA = {schema}
"""
_COLUMNS = """
SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, DATA_TYPE FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = {schema}
"""
# MariaDB's JSON is LONGTEXT with this check.
_JSON_CHECKS = """
SELECT TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA = {schema} AND CHECK_CLAUSE LIKE 'json_valid(%'
"""


class MysqlDialect(OtherDialect):
    """One MariaDB or MySQL server."""

    backslash_escapes = True

    def __init__(self, address: Address, *, timeout_s: int) -> None:
        engine = open_engine(
            address,
            connect_args={
                "connect_timeout": 10,
                "charset": "utf8mb4",
                # Before SQLAlchemy looks whether names are quoted as in ANSI.
                "sql_mode": "NO_ENGINE_SUBSTITUTION",
                "read_timeout": timeout_s + 30,
                # PyMySQL itself would write it in Latin-1.
                "password": (address.url.password or "").encode(),
            },
            on_connect=(
                "SET SESSION TRANSACTION READ ONLY",
                "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                "SET SESSION time_zone = '+00:00'",
                "SET SESSION lock_wait_timeout = 30",
                "SET SESSION net_write_timeout = 3600",
            ),
            if_known=(
                f"SET SESSION max_statement_time = {timeout_s}",  # MariaDB, seconds
                f"SET SESSION max_execution_time = {timeout_s * 1000}",  # MySQL, milliseconds
                "SET SESSION idle_transaction_timeout = 0",  # MariaDB: a snapshot is read for hours
                "SET SESSION idle_readonly_transaction_timeout = 0",
                "SET SESSION wait_timeout = 28800",  # the server's own default, in seconds
                "SET SESSION information_schema_stats_expiry = 0",  # MySQL caches for a day
            ),
        )
        super().__init__(address, timeout_s=timeout_s, engine=engine)

    def select(self, what: str, scan: Scan, *, offset: int = 0) -> str:
        """Plain SQL."""
        return plain_select(what, scan, offset=offset)

    def literal(self, value: Any) -> str | None:
        """Texts by their bytes, so that no quoting mode matters."""
        if isinstance(value, int):
            return str(value)
        if isinstance(value, str):
            return f"_utf8mb4 X'{value.encode().hex()}'"
        return None

    # ------------------------------------------------------------------ schema

    def schemas(self, inspector: sa.Inspector) -> Sequence[str | None]:
        """The database of the address; all that may be seen where it names none."""
        if self.address.url.database:
            return [None]
        return [s for s in inspector.get_schema_names() if s.lower() not in _SYSTEM]

    def shown_schema(self, schema: str | None) -> str | None:
        """The database of the address is not shown."""
        return None if schema == self.address.url.database else schema

    def true_names(self, shape: Shape) -> Shape:
        """SQLAlchemy reads SHOW CREATE TABLE and leaves doubled backticks as they are."""

        def plain(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name.replace("``", "`") for name in names)

        return replace(
            shape,
            columns=tuple(replace(c, name=plain((c.name,))[0]) for c in shape.columns),
            primary_key=plain(shape.primary_key),
            unique_keys=tuple(map(plain, shape.unique_keys)),
            references=tuple(
                replace(
                    key,
                    columns=plain(key.columns),
                    table=plain((key.table,))[0],
                    target_columns=plain(key.target_columns),
                )
                for key in shape.references
            ),
        )

    def granted(self, session: Session, schema: str | None, name: str) -> Shape | None:
        """The columns that are granted one by one."""
        shown = schema or self.address.url.database
        of = {
            "schema": str(self.literal(shown)) if shown else "DATABASE()",
            "name": str(self.literal(name)),
        }
        types = self.engine.dialect.ischema_names  # type: ignore[attr-defined]
        return granted(session, types, schema, name, of=of)

    def enricher(self, session: Session, schema: str | None) -> Callable[[Shape], Shape]:
        """Rows, last change, and types that SQLAlchemy tells less of."""
        of = {"schema": "DATABASE()" if schema is None else str(self.literal(schema))}
        tables = {str(row[0]): row[1:] for row in session.rows(_TABLES.format(**of))}
        natives = {
            (str(row[0]), str(row[1])): (str(row[2]), str(row[3]).lower())
            for row in session.rows(_COLUMNS.format(**of))
        }
        try:
            checks = {(str(a), str(b)) for a, b in session.rows(_JSON_CHECKS.format(**of))}
        except sa.exc.DBAPIError:  # MySQL has a type for it
            checks = set()

        def enrich(shape: Shape) -> Shape:
            rows, engine, counter, changed, recent = tables.get(shape.name, (None,) * 5)
            exact = False
            if not shape.view and (rows or 0) < _FEW:
                counted = self._count_few(session, shape)
                rows, exact = (counted, True) if counted <= _FEW else (rows, False)
            return replace(
                shape,
                columns=tuple(
                    self._refined(column, *natives.get((shape.name, column.name), ("", "")),
                                  json=(shape.name, f"json_valid({self.quote(column.name)})")
                                  in checks)
                    for column in shape.columns
                ),
                rows=None if rows is None else int(rows),
                rows_exact=exact,
                marker="" if recent or changed is None else f"{changed}/{counter}",
                traits={"engine": str(engine or "")},
            )  # fmt: skip

        return enrich

    def _count_few(self, session: Session, shape: Shape) -> int:
        few = self.select("1", Scan(self.relation(shape), limit=_FEW + 1))
        return int(session.rows(f"SELECT COUNT(*) FROM ({few}) few")[0][0])

    def _refined(self, column: Column, native: str, plain: str, *, json: bool) -> Column:
        kind = column.kind
        if json:
            kind = JSON
        elif plain == "timestamp":
            kind = TIMESTAMP_UTC  # the server converts it to the session's zone, which is UTC
        elif plain == "time":
            # A duration of up to 838 hours, with a sign: no time of day.
            kind = replace(OTHER, storage=StorageType.TIME)
        elif plain == "year":
            kind = INTEGER
        elif plain == "bit" and native == "bit(1)":
            kind = BOOLEAN
        elif plain in _GEOMETRY:
            kind = OTHER
        # An enumeration's native type lists its values.
        shown = plain if plain in {"enum", "set"} else native
        return replace(column, kind=kind, native=shown or column.native)

    # ------------------------------------------------------------------ data

    @contextmanager
    def _view(self) -> Iterator[View]:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            session = CursorSession(connection)
            session.rows("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
            try:
                where, others = self._elsewhere(session)
                yield View(
                    session,
                    id=f"mariadb:{where}",
                    # Only InnoDB keeps old versions of rows.
                    consistency="per table" if others else "snapshot",
                )
            finally:
                if not connection.invalidated and not connection.closed:
                    connection.exec_driver_sql("ROLLBACK")

    def _elsewhere(self, session: Session) -> tuple[str, int]:
        database = self.address.url.database
        of = str(self.literal(database)) if database else "TABLE_SCHEMA"
        return tuple(
            session.rows(
                "SELECT CONCAT(CONNECTION_ID(), '-', UTC_TIMESTAMP(6)), COUNT(*)"
                f" FROM information_schema.TABLES WHERE TABLE_SCHEMA = {of}"
                " AND TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'mysql',"
                " 'sys') AND TABLE_TYPE = 'BASE TABLE' AND ENGINE <> 'InnoDB'"
            )[0]
        )

    def readings(
        self, session: Session, columns: Sequence[Column], scan: Scan
    ) -> Sequence[Reading]:
        """Columns as PyMySQL reads them; odd types as the text that the server writes."""
        del session, scan
        readings = []
        for column in columns:
            name = self.quote(column.name)
            sql = name
            if column.native in _GEOMETRY:
                sql = f"ST_AsText({name})"
            elif column.native.startswith("bit(") and column.kind is not BOOLEAN:
                sql = f"CAST({name} AS UNSIGNED)"
            elif column.kind is FLOAT32:
                sql = f"{name} + 0e0"  # a FLOAT itself is written with six digits
            elif column.kind.as_text:
                sql = f"CAST({name} AS CHAR)"
            readings.append(Reading(column.name, sql, column.kind.arrow or pa.string()))
        return readings

    # ------------------------------------------------------------------ errors

    def digest(self, readings: Sequence[Reading]) -> str | None:
        """Rows, and the sum of 60 bits of the SHA-256 of each: one changed row shows."""
        row = ", ".join(f"QUOTE({reading.sql})" for reading in readings)
        hashed = f"LEFT(SHA2(CONCAT_WS(',', {row}), 256), 15)"
        return f"COUNT(*), COALESCE(SUM(CAST(CONV({hashed}, 16, 10) AS UNSIGNED)), 0)"

    def fault(self, error: BaseException) -> Fault:
        """By the server's and the client's error numbers."""
        original = getattr(error, "orig", None) or error
        number = original.args[0] if getattr(original, "args", ()) else None
        return _NUMBERS.get(number, super().fault(error)) if isinstance(number, int) else (
            super().fault(error)
        )  # fmt: skip


# mariadb.com/kb/en/mariadb-error-codes; 2xxx are the client's.
_NUMBERS = {
    1045: Fault.LOGIN, 1698: Fault.LOGIN, 1251: Fault.LOGIN, 2059: Fault.LOGIN,
    1044: Fault.NO_DATABASE, 1049: Fault.NO_DATABASE,
    1142: Fault.FORBIDDEN, 1143: Fault.FORBIDDEN, 1227: Fault.FORBIDDEN, 1356: Fault.FORBIDDEN,
    1146: Fault.GONE, 1054: Fault.GONE, 1051: Fault.GONE, 1932: Fault.GONE, 1412: Fault.GONE,
    1969: Fault.TIMEOUT, 3024: Fault.TIMEOUT, 1205: Fault.TIMEOUT, 1317: Fault.TIMEOUT,
    3159: Fault.TLS, 2026: Fault.TLS,
    2003: Fault.UNREACHABLE, 2005: Fault.UNREACHABLE, 2002: Fault.UNREACHABLE,
    1040: Fault.UNREACHABLE,
    2006: Fault.LOST, 2013: Fault.LOST, 1927: Fault.LOST, 1053: Fault.LOST, 0: Fault.LOST,
    1064: Fault.CONDITION, 1305: Fault.CONDITION, 1582: Fault.CONDITION, 1111: Fault.CONDITION,
}  # fmt: skip
