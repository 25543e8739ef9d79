"""Any database that SQLAlchemy has a dialect for; the dialects beside this one refine it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from sladd.sources.database.address import Address
from sladd.sources.database.dialects.dialect import View, Wanted
from sladd.sources.database.dialects.engine import open_engine, quoter
from sladd.sources.database.faults import Fault, explain
from sladd.sources.database.keys import by_key
from sladd.sources.database.reflection import reflect
from sladd.sources.database.sessions import CursorSession, Session
from sladd.sources.database.shapes import Column, Draw, Failure, Reading, Scan, Shape

_SYSTEM = {
    "information_schema", "pg_catalog", "sys", "guest", "db_owner", "db_accessadmin",
    "db_securityadmin", "db_ddladmin", "db_backupoperator", "db_datareader", "db_datawriter",
    "db_denydatareader", "db_denydatawriter",
}  # fmt: skip


class OtherDialect:
    """Reflection and cursors as SQLAlchemy offers them; rows are consistent per table."""

    backslash_escapes = False

    def __init__(
        self, address: Address, *, timeout_s: int, engine: sa.Engine | None = None
    ) -> None:
        self.address = address
        self.timeout_s = timeout_s
        self.engine = open_engine(address) if engine is None else engine
        self.quote: Callable[[str], str] = quoter(self.engine)

    # ------------------------------------------------------------------ SQL

    def relation(self, shape: Shape) -> str:
        """The quoted name, with its schema where one is shown."""
        name = self.quote(shape.name)
        return f"{self.quote(shape.schema)}.{name}" if shape.schema else name

    def select(self, what: str, scan: Scan, *, offset: int = 0) -> str:
        """A statement with the dialect's own words for LIMIT and OFFSET."""
        statement: sa.Select[Any] = sa.select(sa.literal_column(what)).select_from(
            sa.text(scan.relation.replace(":", r"\:"))
        )
        for condition in scan.where:
            statement = statement.where(sa.literal_column(condition))
        if scan.order:
            statement = statement.order_by(*map(sa.literal_column, scan.order))
        if scan.limit is not None:
            statement = statement.limit(scan.limit)
        if offset:
            statement = statement.offset(offset)
        writer = type(self.engine.dialect)(paramstyle="named")  # type: ignore[call-arg]
        return str(statement.compile(dialect=writer, compile_kwargs={"literal_binds": True}))

    def literal(self, value: Any) -> str | None:
        """A key value as SQL."""
        if isinstance(value, int):
            return str(value)
        if isinstance(value, str) and "\\" not in value:
            return "'" + value.replace("'", "''") + "'"
        return None

    # ------------------------------------------------------------------ schema

    def schemas(self, inspector: sa.Inspector) -> Sequence[str | None]:
        """Schemas to look into; None is the connection's own."""
        named = [s for s in inspector.get_schema_names() if s.lower() not in _SYSTEM]
        default = inspector.default_schema_name
        return named or [default]

    def shown_schema(self, schema: str | None) -> str | None:
        """The schema as it stands in an address."""
        return schema

    def table_names(self, inspector: sa.Inspector, schema: str | None) -> Sequence[str]:
        """Tables of a schema."""
        return inspector.get_table_names(schema=schema)

    def view_names(self, inspector: sa.Inspector, schema: str | None) -> Sequence[str]:
        """Views of a schema."""
        return inspector.get_view_names(schema=schema)

    def describe(self, wanted: Wanted, *, views: bool) -> Iterator[Shape | Failure]:
        """Reflect every wanted table, and see that each can be read."""
        with self.engine.connect().execution_options(isolation_level=self._free()) as connection:
            inspector = sa.inspect(connection)
            for schema in self.schemas(inspector):
                shown = self.shown_schema(schema)
                names = [n for n in self.table_names(inspector, schema) if wanted(shown, n)]
                seen = [n for n in self.view_names(inspector, schema) if wanted(shown, n)]
                session = CursorSession(connection)
                enrich = self.enricher(session, schema)
                for name, found in reflect(
                    inspector,
                    schema,
                    names,
                    views=seen if views else (),
                    shown_schema=self.shown_schema,
                ):
                    yield self._described(session, enrich, shown, name, found)

    def _free(self) -> Any:
        levels = self.engine.dialect.get_isolation_level_values(None)  # type: ignore[arg-type]
        # One failed query must not spoil the connection for the next table.
        return "AUTOCOMMIT" if "AUTOCOMMIT" in levels else levels[0]

    def _described(
        self,
        session: Session,
        enrich: Callable[[Shape], Shape],
        schema: str | None,
        name: str,
        found: Shape | Exception,
    ) -> Shape | Failure:
        at = f"{schema}.{name}" if schema else name
        try:
            if isinstance(found, Exception):
                some = self._some_columns(session, schema, name, found)
                if some is None:
                    raise found
                return enrich(some)
            found = self.true_names(found)
            return enrich(self._readable(session, found))
        except sa.exc.DBAPIError as broken:
            fault = self.fault(broken)
            if fault is Fault.LOST:
                raise
            if broken is found:
                return self._undescribed(schema, name, at)
            error = explain(self.address, fault, at=at, error=broken)
            if fault is Fault.FORBIDDEN:
                error.mend = self.forbidden(schema, name)
            return Failure(schema, name, error)
        except Exception as broken:
            if broken is not found:
                raise
            return self._undescribed(schema, name, at)

    def _undescribed(self, schema: str | None, name: str, at: str) -> Failure:
        error = self.address.fault("the table could not be described", 215, "sladd doctor", at)
        return Failure(schema, name, error)

    def _some_columns(
        self, session: Session, schema: str | None, name: str, refusal: Exception
    ) -> Shape | None:
        if not isinstance(refusal, sa.exc.DBAPIError):
            return None
        if self.fault(refusal) is not Fault.FORBIDDEN:
            return None
        some = self.granted(session, schema, name)
        if some is not None:
            self.probe(session, some)
        return some

    def granted(self, session: Session, schema: str | None, name: str) -> Shape | None:
        """A table that may not be described, by the columns that may be read of it."""
        del session, schema, name
        return None

    def _readable(self, session: Session, shape: Shape) -> Shape:
        """The table as far as it can be read; fails where nothing of it can."""
        try:
            self.probe(session, shape)
        except sa.exc.DBAPIError as broken:
            hidden = (
                self.forbidden_columns(session, shape)
                if self.fault(broken) is Fault.FORBIDDEN
                else ()
            )
            if not hidden or len(hidden) == len(shape.columns):
                raise
            shape = shape.without(hidden)
            self.probe(session, shape)
        return shape

    def forbidden_columns(self, session: Session, shape: Shape) -> Sequence[str]:
        """Columns that the user may not read, where the database grants single ones."""
        del session, shape
        return ()

    def true_names(self, shape: Shape) -> Shape:
        """Names as the database has them, where reflection leaves them quoted."""
        return shape

    def probe(self, session: Session, shape: Shape) -> None:
        """Fail now where the table cannot be read."""
        columns = ", ".join(self.quote(column.name) for column in shape.columns)
        session.rows(self.select(columns, Scan(self.relation(shape), ("1 = 0",))))

    def enricher(self, session: Session, schema: str | None) -> Callable[[Shape], Shape]:
        """Adds to a shape what SQLAlchemy does not know: rows, marker, traits."""
        del session, schema
        return lambda shape: shape

    # ------------------------------------------------------------------ data

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A cursor session in autocommit."""
        with self.engine.connect().execution_options(isolation_level=self._free()) as connection:
            yield CursorSession(connection)

    def view(self) -> AbstractContextManager[View]:
        """Nothing is promised across tables."""
        return self._view()

    @contextmanager
    def _view(self) -> Iterator[View]:
        with self.session() as session:
            yield View(session, id="", consistency="per table")

    def readings(
        self, session: Session, columns: Sequence[Column], scan: Scan
    ) -> Sequence[Reading]:
        """Columns as the driver hands them over; numbers without precision become text."""
        del session, scan
        return [
            Reading(column.name, self.quote(column.name), column.kind.arrow or pa.string())
            for column in columns
        ]

    def draw(self, session: Session, shape: Shape, *, rows: int, seed: int) -> Draw:
        """All rows of a small table; otherwise by its key."""
        relation = self.relation(shape)
        if rows == 0 or self.at_most(session, relation, 2 * rows):
            return Draw("all", [Scan(relation)])
        return by_key(
            session, shape, relation,
            rows=rows, seed=seed, quote=self.quote, literal=self.literal, select=self.select,
        )  # fmt: skip

    def at_most(self, session: Session, relation: str, rows: int) -> bool:
        """Whether a relation is that small; looks at no more rows than that."""
        few = self.select("1 AS one", Scan(relation, limit=rows + 1))
        return int(session.rows(f"SELECT COUNT(*) FROM ({few}) few")[0][0]) <= rows

    def position_key(self, shape: Shape) -> str | None:
        """An integer primary key."""
        return None if shape.integer_key is None else self.quote(shape.integer_key)

    # ------------------------------------------------------------------ errors

    def digest(self, readings: Sequence[Reading]) -> str | None:
        """No function that every such database has tells one content from another."""
        del readings
        return None

    def fault(self, error: BaseException) -> Fault:
        """As much as SQLAlchemy's own classes tell."""
        if isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated:
            return Fault.LOST
        return Fault.OTHER

    def forbidden(self, shape_schema: str | None, name: str) -> str:
        """The statement that mends a missing permission."""
        at = f"{self.quote(shape_schema)}.{self.quote(name)}" if shape_schema else self.quote(name)
        return f"GRANT SELECT ON {at} TO {self.quote(self.address.url.username or 'sladd')}"

    def close(self) -> None:
        """Close every connection of the pool."""
        self.engine.dispose()


def plain_select(what: str, scan: Scan, *, offset: int = 0) -> str:
    """A statement for databases that know LIMIT and OFFSET."""
    where = " AND ".join(f"({condition})" for condition in scan.where)
    return "".join((
        f"SELECT {what} FROM {scan.relation}",
        f" WHERE {where}" if where else "",
        f" ORDER BY {', '.join(scan.order)}" if scan.order else "",
        f" LIMIT {scan.limit}" if scan.limit is not None else "",
        f" OFFSET {offset}" if offset else "",
    ))  # fmt: skip
