"""PostgreSQL: TABLESAMPLE, exported snapshots, Arrow through ADBC."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from sladd.model import StorageType
from sladd.sources.database.address import Address
from sladd.sources.database.arrays import array_of
from sladd.sources.database.dialects.dialect import View
from sladd.sources.database.dialects.engine import open_engine
from sladd.sources.database.dialects.other import OtherDialect, plain_select
from sladd.sources.database.dialects.postgresql_faults import fault_of
from sladd.sources.database.faults import Fault
from sladd.sources.database.sessions import AdbcSession, CursorSession, Session
from sladd.sources.database.shapes import Column, Draw, Reading, Scan, Shape

_PAGE = 8192
_FEW_PAGES = 8192  # 64 MB: so much is read in full for rows that are truly random
_BLOCKS = 32  # a block sample of fewer blocks says little about a table
_BYTES_A_ROW = 64  # of an Arrow batch: what a batch size in rows means in bytes
_BEFORE = "4713-01-01 BC"  # the first year that PostgreSQL's dates have
_NO_DATE = "0000-00-00"
_NO_TIMEOUTS = (  # PostgreSQL 14 and 17
    "SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings"
    " WHERE name IN ('idle_session_timeout', 'transaction_timeout')"
)
# SQL_ASCII says nothing of what its bytes are: the server would refuse to call them UTF-8.
_ENCODING = (
    "SELECT set_config('client_encoding', CASE current_setting('server_encoding')"
    " WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END, false)"
)
_KINDS = {"v": "view", "m": "view", "f": "foreign"}

# The sums go over the partitions of a partitioned table, and over itself otherwise.
_TRAITS = """
SELECT c.relname, c.relkind::text, p.heirs, p.tuples, p.pages, p.bytes, p.marker
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
LATERAL (
  SELECT sum(CASE WHEN k.reltuples >= 0 AND k.relpages > 0 THEN k.reltuples END)::float8 AS tuples,
         sum(CASE WHEN k.reltuples >= 0 AND k.relpages > 0 THEN k.relpages END)::float8 AS pages,
         sum({size})::bigint AS bytes,
         string_agg(concat_ws('/', k.relfilenode, pg_stat_get_tuples_inserted(k.oid),
           pg_stat_get_tuples_updated(k.oid), pg_stat_get_tuples_deleted(k.oid)), ','
           ORDER BY k.oid) AS marker,
         (SELECT string_agg(concat_ws('/', h.nspname, i.relname), E'\\n' ORDER BY 1)
          FROM pg_catalog.pg_inherits t JOIN pg_catalog.pg_class i ON i.oid = t.inhrelid
          JOIN pg_catalog.pg_namespace h ON h.oid = i.relnamespace
          WHERE t.inhparent = c.oid AND c.relkind = 'r') AS heirs
  FROM pg_catalog.pg_class k
  WHERE k.oid = ANY(ARRAY(SELECT relid::oid FROM pg_partition_tree(c.oid)) || c.oid)
) p
WHERE n.nspname = {schema} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
# The row of pg_class is of the snapshot, the function tells the file of today. "MVCC Caveats" of
# the manual: to a snapshot taken before a TRUNCATE, the table is empty afterwards.
_REWRITTEN = """
SELECT 1 FROM pg_catalog.pg_class k
WHERE k.oid = ANY(ARRAY(SELECT relid::oid FROM pg_partition_tree({relation}::regclass))
                  || {relation}::regclass::oid)
  AND k.relkind IN ('r', 'm') AND pg_relation_filenode(k.oid) IS DISTINCT FROM k.relfilenode
LIMIT 1
"""
_COUNTED = """
SELECT current_setting('track_counts'), pg_is_in_recovery(),
  (SELECT stats_reset::text FROM pg_catalog.pg_stat_database WHERE datname = current_database())
"""


class PostgresqlDialect(OtherDialect):
    """One PostgreSQL database."""

    def __init__(self, address: Address, *, timeout_s: int) -> None:
        self._settings = (
            "SET default_transaction_read_only = on",
            f"SET statement_timeout = '{timeout_s}s'",
            "SET lock_timeout = '30s'",
            # Of a server or role: they would end a snapshot that is read for hours.
            "SET idle_in_transaction_session_timeout = 0",
            _NO_TIMEOUTS,
            "SET application_name = 'sladd'",
            "SET TIME ZONE 'UTC'",
            # A role may have others: values are read as the text that these give.
            "SET DateStyle = 'ISO'",
            "SET IntervalStyle = 'postgres'",
            "SET bytea_output = 'hex'",
            "SET extra_float_digits = 1",
            "SET standard_conforming_strings = on",
            # Rows that a policy hides would count as clean; this makes such a table an error.
            "SET row_security = off",
        )
        engine = open_engine(
            address,
            # SQLAlchemy asks for the version before that; in SQL_ASCII it would get bytes.
            connect_args={"connect_timeout": 10, "client_encoding": "utf8"},
            on_connect=self._settings,
        )
        super().__init__(address, timeout_s=timeout_s, engine=engine)
        self._adbc: AdbcSession | None = None

    def select(self, what: str, scan: Scan, *, offset: int = 0) -> str:
        """Plain SQL."""
        return plain_select(what, scan, offset=offset)

    def relation(self, shape: Shape) -> str:
        """The quoted name; of a table with heirs its own rows, which are those its keys are of.

        The rows of the heirs stand in the heirs.
        """
        name = super().relation(shape)
        return f"ONLY {name}" if shape.traits.get("heirs") else name

    # ------------------------------------------------------------------ schema

    def schemas(self, inspector: sa.Inspector) -> Sequence[str | None]:
        """Every schema but the system's."""
        return [s for s in inspector.get_schema_names() if s != "information_schema"]

    def table_names(self, inspector: sa.Inspector, schema: str | None) -> Sequence[str]:
        """Tables, among them foreign ones; partitions stand for no table of their own."""
        rows = inspector.bind.exec_driver_sql(  # type: ignore[union-attr]
            "SELECT c.relname FROM pg_catalog.pg_class c"
            " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            f" WHERE n.nspname = {_text(schema or '')} AND c.relkind IN ('r', 'p', 'f')"
            " AND NOT c.relispartition ORDER BY 1",
            execution_options={"no_parameters": True},
        )
        return [str(name) for (name,) in rows]

    def view_names(self, inspector: sa.Inspector, schema: str | None) -> Sequence[str]:
        """Views, materialised ones too."""
        return sorted([
            *inspector.get_view_names(schema=schema),
            *inspector.get_materialized_view_names(schema=schema),  # type: ignore[attr-defined,unused-ignore]
        ])  # fmt: skip

    def enricher(self, session: Session, schema: str | None) -> Callable[[Shape], Shape]:
        """Rows by the planner's arithmetic, counters of changes."""
        found = {str(row[0]): row[1:] for row in self._traits(session, _text(schema or ""))}
        counting, replica, reset = session.rows(_COUNTED)[0]

        def enrich(shape: Shape) -> Shape:
            kind, heirs, tuples, pages, size, marker = found[shape.name]
            heritage = tuple(tuple(h.split("/", 1)) for h in (heirs or "").splitlines())
            shape = replace(shape, traits={"heirs": heritage} if heritage else {})
            now = -(-int(size or 0) // _PAGE)
            rows: int | None = None
            exact = False
            if kind in "rpm":
                if pages:
                    rows = round(tuples / pages * now)
                elif now <= _FEW_PAGES:
                    counted = session.rows(f"SELECT count(*) FROM {self.relation(shape)}")
                    rows, exact = int(counted[0][0]), True
            # A replica counts no change: the rows come to it by another way.
            stands = kind in "rp" and counting == "on" and not replica
            return replace(
                shape,
                rows=rows,
                rows_exact=exact,
                marker=f"{marker};{reset}" if stands else "",
                traits={**shape.traits, "kind": _KINDS.get(kind, "table"), "pages": now},
            )

        return enrich

    def forbidden_columns(self, session: Session, shape: Shape) -> Sequence[str]:
        """Columns without SELECT for the user; PostgreSQL grants them one by one."""
        relation = _text(self.relation(shape))
        rows = session.rows(
            "SELECT attname::text FROM pg_catalog.pg_attribute"
            f" WHERE attrelid = {relation}::regclass AND attnum > 0 AND NOT attisdropped"
            " AND NOT has_column_privilege(attrelid, attnum, 'SELECT') ORDER BY attnum"
        )
        return [str(name) for (name,) in rows]

    def _traits(self, session: Session, schema: str) -> Sequence[tuple[Any, ...]]:
        try:
            return session.rows(_TRAITS.format(schema=schema, size="pg_relation_size(k.oid)"))
        except sa.exc.DBAPIError as error:
            if self.fault(error) is not Fault.TIMEOUT:
                raise
            # Somebody holds one table: sizes as they were last counted, so that the rest goes on.
            size = f"k.relpages::bigint * {_PAGE}"
            return session.rows(_TRAITS.format(schema=schema, size=size))

    # ------------------------------------------------------------------ data

    def _open(self) -> AdbcSession | None:
        """An ADBC session in autocommit; None where there is no driver for it."""
        try:
            from adbc_driver_postgresql import StatementOptions, dbapi
        except ImportError:
            return None
        from psycopg.conninfo import make_conninfo

        # Not as a URL: SQLAlchemy's has spaces and `+` where libpq wants them encoded.
        _, given = self.engine.dialect.create_connect_args(self.address.url)
        given.pop("context", None)  # psycopg's own
        conninfo = make_conninfo(**given, connect_timeout=10)
        connection = dbapi.connect(conninfo, autocommit=True)
        hint = StatementOptions.BATCH_SIZE_HINT_BYTES.value
        session = AdbcSession(
            connection, options=lambda rows: {hint: str(max(rows, 1) * _BYTES_A_ROW)}
        )
        for setting in (*self._settings, _ENCODING):
            session.run(setting)
        return session

    @contextmanager
    def session(self) -> Iterator[Session]:
        """The ADBC session, kept open from one sample to the next."""
        if self._adbc is None:
            self._adbc = self._open()
        if self._adbc is None:
            with super().session() as session:
                yield session
            return
        try:
            yield self._adbc
        except BaseException:
            self._drop()
            raise

    def _drop(self) -> None:
        if self._adbc is not None:
            self._adbc.close()
            self._adbc = None

    @contextmanager
    def _view(self) -> Iterator[View]:
        self._drop()
        begin = "ISOLATION LEVEL REPEATABLE READ READ ONLY"
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as keeper:
            holder = CursorSession(keeper)
            holder.rows(f"BEGIN {begin}")
            try:
                name = str(holder.rows("SELECT pg_export_snapshot()")[0][0])
                reader = self._open()
                if reader is None:
                    yield self._seen(holder, name)
                    return
                try:
                    reader.run(f"BEGIN {begin}")
                    reader.run(f"SET TRANSACTION SNAPSHOT {_text(name)}")
                    yield self._seen(reader, name)
                finally:
                    reader.close()
            finally:
                if not keeper.invalidated and not keeper.closed:
                    keeper.exec_driver_sql("ROLLBACK")

    def _seen(self, session: Session, name: str) -> View:
        def check(shape: Shape) -> None:
            if session.rows(_REWRITTEN.format(relation=_text(OtherDialect.relation(self, shape)))):
                raise self.address.fault(
                    "the table was emptied or rewritten while it was read (TRUNCATE, ALTER TABLE)",
                    278,
                    "run the same command again when nobody does that",
                ) from None

        return View(session, id=f"postgresql:{name}", consistency="snapshot", check=check)

    def readings(
        self, session: Session, columns: Sequence[Column], scan: Scan
    ) -> Sequence[Reading]:
        """What ADBC reads natively as it is, the rest as the text PostgreSQL writes."""
        free = [column for column in columns if column.kind.arrow is None]
        arrays = [column for column in columns if column.kind.storage is StorageType.LIST]
        measured, dimensions = self._measure(session, free, arrays, scan)
        readings = []
        for column in columns:
            name = self.quote(column.name)
            arrow = column.kind.arrow or measured[column]
            sql = name
            if column.native == "money":
                sql = f"CAST(CAST({name} AS numeric) AS text)"
            elif column in dimensions:
                least, most = dimensions[column]
                if most > 1 and least == most:
                    # The driver hands over the elements alone, in one row.
                    sql = f"CAST(array_to_json(CAST({name} AS text[])) AS text)"
                    readings.append(Reading(column.name, sql, array_of(arrow.value_type, most)))
                    continue
                sql = f"CAST({name} AS text[])" if column.kind.as_text else name
                readings.append(Reading(column.name, sql, arrow, no_shape=most > 1))
                continue
            elif column.kind.as_text or column.kind.storage in {
                StorageType.DECIMAL,
                StorageType.STRING,
            }:
                sql = f"CAST({name} AS text)"
            elif column.kind.storage in {StorageType.DATE, StorageType.TIMESTAMP}:
                # Infinity overflows in the driver: what no calendar of a reader has is told by a
                # date before year 1, which is then counted as such.
                # psycopg refuses such a date; it is handed text, and no date that there is.
                cursor = isinstance(session, CursorSession)
                there, else_ = (f"{name}::text", _NO_DATE) if cursor else (name, _BEFORE)
                sql = (
                    f"CASE WHEN {name} >= '0001-01-01' AND {name} < '10000-01-01' THEN {there}"
                    f" WHEN {name} IS NOT NULL THEN '{else_}' END"
                )
            readings.append(Reading(column.name, sql, arrow))
        return readings

    def _measure(
        self, session: Session, free: Sequence[Column], arrays: Sequence[Column], scan: Scan
    ) -> tuple[dict[Column, pa.DataType], dict[Column, tuple[int, int]]]:
        """What only the values tell, in one look at them.

        Args:
            session: that reads them.
            free: numbers without declared precision.
            arrays: of any dimensions; PostgreSQL does not hold a column to those declared.
            scan: the rows.

        Returns:
            Types of numbers by their longest values, and least and most dimensions of arrays.
        """
        if not free and not arrays:
            return {}, {}
        what = ", ".join((
            *(
                f"max(scale({q})),"
                f" max(CASE WHEN scale({q}) IS NOT NULL THEN abs(trunc({q})) END)::text,"
                f" bool_or({q} IS NOT NULL AND scale({q}) IS NULL)"
                for q in (self.quote(column.name) for column in free)
            ),
            *(
                f"min(array_ndims({q})), max(array_ndims({q}))"
                for q in (self.quote(column.name) for column in arrays)
            ),
        ))  # fmt: skip
        found = session.rows(self.select(what, replace(scan, order=(), limit=None)))[0]
        types = {}
        for at, column in enumerate(free):
            scale, largest, special = found[3 * at : 3 * at + 3]
            digits = len(largest or "0") + (scale or 0)
            # NaN and infinity are numbers to PostgreSQL only.
            fits = not special and digits <= 38
            types[column] = pa.decimal128(max(digits, 18), scale or 0) if fits else pa.string()
        dimensions = {}
        for at, column in enumerate(arrays):
            least, most = found[3 * len(free) + 2 * at :][:2]
            dimensions[column] = (int(least or 1), int(most or 1))
        return types, dimensions

    def draw(self, session: Session, shape: Shape, *, rows: int, seed: int) -> Draw:
        """TABLESAMPLE: of rows where the table is small, of blocks where it is large."""
        relation = self.relation(shape)
        if rows == 0 or self.at_most(session, relation, 2 * rows):
            return Draw("all", [Scan(relation)])
        if shape.traits.get("kind", "table") != "table" or not shape.rows:
            return Draw("first_rows", [Scan(relation, limit=rows)])
        pages = max(1, int(str(shape.traits.get("pages", 1))))
        share = rows / max(shape.rows, 2 * rows)
        if pages <= _FEW_PAGES:
            method, percent, drawn = "BERNOULLI", 100 * share * 1.1, "random_rows"
        else:
            method, drawn = "SYSTEM", "block_sample"
            percent = 100 * max(share * 1.2, _BLOCKS / pages)
        sample = f"TABLESAMPLE {method} ({min(percent, 100):.6f}) REPEATABLE ({seed})"
        return Draw(drawn, [Scan(f"{relation} {sample}")])

    # ------------------------------------------------------------------ errors

    def digest(self, readings: Sequence[Reading]) -> str | None:
        """Rows, and the sum of 60 bits of the SHA-256 of each: one changed row shows."""
        row = f"ROW({', '.join(reading.sql for reading in readings)})::text"
        hashed = f"encode(sha256(convert_to({row}, 'UTF8')), 'hex')"
        return f"count(*), coalesce(sum(('x' || substr({hashed}, 1, 15))::bit(60)::bigint), 0)"

    def fault(self, error: BaseException) -> Fault:
        """By SQLSTATE; by the words of libpq where a connection never came about."""
        return fault_of(error) or super().fault(error)

    def forbidden(self, shape_schema: str | None, name: str) -> str:
        """Two grants: of the schema and of the table."""
        user = self.quote(self.address.url.username or "sladd")
        schema = self.quote(shape_schema or "public")
        return (
            f"GRANT USAGE ON SCHEMA {schema} TO {user}; "
            f"GRANT SELECT ON {schema}.{self.quote(name)} TO {user}"
        )

    def close(self) -> None:
        """Close both connections."""
        self._drop()
        super().close()


def _text(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'"
