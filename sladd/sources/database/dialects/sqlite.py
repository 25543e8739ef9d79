"""SQLite: opened so that nothing is written beside the file, read as Arrow through ADBC.

SQLite keeps a type for each value. The types of a table are therefore looked at before it is
read: what the declared type promises is checked on every value, and a column that breaks the
promise is read as what it holds.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent

import pyarrow as pa
import sqlalchemy as sa

from sladd.model import StorageType
from sladd.sources.database.address import Address
from sladd.sources.database.dialects.dialect import View
from sladd.sources.database.dialects.engine import open_engine
from sladd.sources.database.dialects.other import OtherDialect, plain_select
from sladd.sources.database.faults import Fault, explain
from sladd.sources.database.sessions import AdbcSession, Session
from sladd.sources.database.shapes import Column, Draw, Reading, Scan, Shape
from sladd.sources.database.texts import decoded
from sladd.sources.database.types import BINARY, FLOAT, INTEGER, TEXT

_COUNTED_BYTES = 4 << 30  # of files whose tables are counted; larger ones give their last row id
_TYPELESS_ROWS = 100  # rows that say what a column without declared type holds
_DENSE = 0.05


class SqliteDialect(OtherDialect):
    """One SQLite file."""

    def __init__(self, address: Address, *, timeout_s: int) -> None:
        if address.file is None or not address.file.is_file():
            raise explain(address, Fault.NO_FILE)
        self.file: Path = address.file
        try:
            with self.file.open("rb") as head:
                header = head.read(100)
        except OSError:
            raise address.fault(
                "the database file may not be read", 219, "give the user of sladd read permission"
            ) from None
        if header and not header.startswith(b"SQLite format 3\x00"):
            raise explain(address, Fault.NOT_A_DATABASE)
        # File format §1.3: bytes 18 and 19 are 2 in WAL mode.
        self._wal_mode = header[18:20] == b"\x02\x02"
        if header and self._cut_off(header):
            raise explain(address, Fault.NOT_A_DATABASE)
        self._shm_was_there = self._beside("-shm").exists()
        engine = open_engine(address, creator=self._connect, pooled=False)
        super().__init__(address, timeout_s=timeout_s, engine=engine)

    def _beside(self, suffix: str) -> Path:
        return self.file.with_name(self.file.name + suffix)

    def _cut_off(self, header: bytes) -> bool:
        """Whether pages are missing at the end: SQLite reads rows of nothing there.

        File format §1.3.3, §1.3.8: the page size stands in bytes 16 and 17, the number of pages
        in 28 to 31, and is valid where 24 to 27 equal 92 to 95. A -wal or -journal has the rest.
        """
        if any(self._beside(suffix).exists() for suffix in ("-wal", "-journal")):
            return False
        size = int.from_bytes(header[16:18]) or 1
        pages = int.from_bytes(header[28:32])
        page_bytes = 65_536 if size == 1 else size
        return header[24:28] == header[92:96] and self.file.stat().st_size < pages * page_bytes

    def _immutable(self) -> bool:
        # A reader of a WAL database makes -wal and -shm itself where they are not there. Without
        # a -wal all data stands in the file, and nobody needs to be locked out.
        wal = self._beside("-wal")
        return self._wal_mode and not (wal.exists() and wal.stat().st_size > 0)

    def _uri(self) -> str:
        mode = "immutable=1" if self._immutable() else "mode=ro"
        return f"file:{percent(str(self.file))}?{mode}"

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._uri(), uri=True, timeout=30, check_same_thread=False)
        connection.text_factory = decoded
        return connection

    def _tidy(self) -> None:
        """Remove the index of a -wal that stood alone: reading it made that index."""
        if self._wal_mode and not self._shm_was_there:
            with suppress(OSError):
                self._beside("-shm").unlink(missing_ok=True)

    def select(self, what: str, scan: Scan, *, offset: int = 0) -> str:
        """Plain SQL; always with a limit, which keeps the order of a subquery."""
        limited = scan if scan.limit is not None else replace(scan, limit=-1)
        return plain_select(what, limited, offset=offset)

    # ------------------------------------------------------------------ schema

    def schemas(self, inspector: sa.Inspector) -> Sequence[str | None]:
        """The file itself."""
        del inspector
        return [None]

    def _free(self) -> Any:
        return "AUTOCOMMIT"

    def shown_schema(self, schema: str | None) -> str | None:
        """A file has no schemas."""
        del schema
        return None

    def enricher(self, session: Session, schema: str | None) -> Callable[[Shape], Shape]:
        """Row ids, strictness, counts, and types for columns that declare none."""
        del schema
        facts = {
            str(row[1]): {"rowid": not row[4] and row[2] == "table", "strict": bool(row[5])}
            for row in session.rows("PRAGMA main.table_list")
        }
        small = self.file.stat().st_size <= _COUNTED_BYTES
        marker = self.state()

        def enrich(shape: Shape) -> Shape:
            relation = self.relation(shape)
            traits = dict(facts.get(shape.name, {"rowid": False, "strict": False}))
            traits["rowid_name"] = self._rowid_name(shape)
            traits["rowid"] = bool(traits["rowid"] and traits["rowid_name"])
            rows: int | None = None
            exact = small and not shape.view
            if exact:
                rows = int(session.rows(f"SELECT COUNT(*) FROM {relation}")[0][0])
            elif traits["rowid"]:
                rows = session.rows(f"SELECT MAX({traits['rowid_name']}) FROM {relation}")[0][0]
            columns = tuple(
                column if column.native not in {"null", "nulltype"}
                else self._typeless(session, relation, column)
                for column in shape.columns
            )  # fmt: skip
            return replace(
                shape, rows=rows, rows_exact=exact, marker=marker, traits=traits, columns=columns
            )

        return enrich

    def _typeless(self, session: Session, relation: str, column: Column) -> Column:
        name = self.quote(column.name)
        few = plain_select(name, Scan(relation, (f"{name} IS NOT NULL",), limit=_TYPELESS_ROWS))
        seen = {kind for (kind,) in session.rows(f"SELECT DISTINCT typeof({name}) FROM ({few})")}
        kind = INTEGER if seen == {"integer"} else FLOAT if seen and seen <= {"integer", "real"} else (
            BINARY if seen == {"blob"} else TEXT
        )  # fmt: skip
        # No type is declared: what the values say is not a promise.
        return replace(column, native="", kind=replace(kind, arrow=None))

    @staticmethod
    def _rowid_name(shape: Shape) -> str | None:
        """A spelling of the row id that no column has taken."""
        taken = {column.name.lower() for column in shape.columns}
        return next((n for n in ("rowid", "_rowid_", "oid") if n not in taken), None)

    def state(self) -> str:
        """Size and time of the file and of its -wal."""
        parts = []
        for path in (self.file, self._beside("-wal")):
            with suppress(FileNotFoundError):
                now = path.stat()
                parts.append(f"{now.st_size}/{now.st_mtime_ns}")
        return ";".join(parts)

    # ------------------------------------------------------------------ data

    @contextmanager
    def session(self) -> Iterator[Session]:
        """An ADBC session; each statement is a transaction."""
        with self._arrow() as session:
            yield session

    @contextmanager
    def _arrow(self) -> Iterator[AdbcSession]:
        from adbc_driver_sqlite import StatementOptions, dbapi

        connection = dbapi.connect(self._uri(), autocommit=True)
        option = StatementOptions.BATCH_ROWS.value
        session = AdbcSession(connection, options=lambda rows: {option: rows}, typed=_with_types)
        try:
            yield session
        finally:
            session.close()
            self._tidy()

    @contextmanager
    def _view(self) -> Iterator[View]:
        # SQLAlchemy's copy of SQLite must not open the file meanwhile: closing any descriptor
        # of a file drops the POSIX locks that this process holds on it.
        with self._arrow() as session:
            immutable, before = self._immutable(), self.state()
            session.run("BEGIN")
            session.rows("SELECT COUNT(*) FROM sqlite_schema")  # takes the read lock

            def check(_shape: Shape | None = None) -> None:
                # An immutable file is not locked, so see that nobody wrote into it.
                if immutable and self.state() != before:
                    raise self.address.fault(
                        "the database was written to while it was read", 217, "run it again"
                    )

            name = hashlib.sha256(before.encode()).hexdigest()[:16]
            yield View(session, id=f"sqlite:{name}", consistency="snapshot", check=check)
            check()
            with suppress(Exception):  # the connection may be what failed
                session.run("ROLLBACK")

    def readings(
        self, session: Session, columns: Sequence[Column], scan: Scan
    ) -> Sequence[Reading]:
        """Columns in their declared types where every value keeps to them."""
        relation = plain_select("*", replace(scan, order=()))
        strange = self._strange(session, columns, f"({relation})")
        return [
            self._reading(session, column, f"({relation})", kept=column not in strange)
            for column in columns
        ]

    def _strange(self, session: Session, columns: Sequence[Column], relation: str) -> set[Column]:
        """Columns with a value that is not of the declared type."""
        promises = {c: p for c in columns if (p := _promise(c, self.quote(c.name))) is not None}
        checked = [c for c, promise in promises.items() if promise]
        strange = {c for c, promise in promises.items() if not promise}
        for at in range(0, len(checked), 200):
            some = checked[at : at + 200]
            what = ", ".join(f"MIN({promises[column]})" for column in some)
            found = session.rows(f"SELECT {what} FROM {relation}")[0]
            strange |= {column for column, kept in zip(some, found, strict=True) if kept == 0}
        return strange

    def _reading(self, session: Session, column: Column, relation: str, *, kept: bool) -> Reading:
        name = self.quote(column.name)
        arrow = column.kind.arrow
        if not kept or arrow is None:
            found = session.rows(
                f"SELECT DISTINCT typeof({name}) FROM {relation} WHERE {name} IS NOT NULL"
            )
            seen = {str(kind) for (kind,) in found}
            arrow = _FOUND.get(frozenset(seen), pa.string())
            if not seen and column.kind.storage in _EMPTY:
                arrow = _EMPTY[column.kind.storage]
        if pa.types.is_floating(arrow) or pa.types.is_decimal(arrow):
            return Reading(column.name, f"CAST({name} AS REAL)", arrow)
        if pa.types.is_string(arrow) and (not kept or column.kind.arrow is None):
            mixed = (
                f"CASE typeof({name}) WHEN 'blob' THEN hex({name}) ELSE CAST({name} AS TEXT) END"
            )
            return Reading(column.name, mixed, arrow)
        if pa.types.is_string(arrow):
            return Reading(column.name, f"CAST({name} AS TEXT)", arrow)
        return Reading(column.name, name, arrow)

    def draw(self, session: Session, shape: Shape, *, rows: int, seed: int) -> Draw:
        """Random row ids; in a table without them, stretches at even distances."""
        relation = self.relation(shape)
        if rows == 0 or self.at_most(session, relation, 2 * rows):
            return Draw("all", [Scan(relation)])
        chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
        total = shape.rows or 2 * rows
        if shape.traits.get("rowid"):
            rowid = str(shape.traits["rowid_name"])
            # Two statements: either bound alone is one step down the tree.
            low = int(session.rows(f"SELECT MIN({rowid}) FROM {relation}")[0][0])
            high = int(session.rows(f"SELECT MAX({rowid}) FROM {relation}")[0][0])
            share = min(1.0, total / (high - low + 1))
            if share >= _DENSE:
                number = min(high - low + 1, int(rows / share * 1.2))
                keys = sorted(chance.sample(range(low, high + 1), number))
                where = f"{rowid} IN ({', '.join(map(str, keys))})"
                return Draw("random_rows", [Scan(relation, (where,), (rowid,))])
            order: tuple[str, ...] = (rowid,)
        elif shape.primary_key:
            order = tuple(self.quote(column) for column in shape.primary_key)
        else:
            return Draw("first_rows", [Scan(relation, limit=rows)])
        return Draw("spread_keys", [Scan(self._stretches(relation, order, total, rows, chance))])

    def _stretches(
        self, relation: str, order: tuple[str, ...], total: int, rows: int, chance: random.Random
    ) -> str:
        cuts = min(50, rows)
        each, step = -(-rows // cuts), total // cuts
        parts = [
            "SELECT * FROM ("
            + plain_select(
                "*",
                Scan(relation, order=order, limit=each),
                offset=at * step + chance.randrange(max(1, step - each)),
            )
            + ")"
            for at in range(cuts)
        ]
        return f"({' UNION ALL '.join(parts)})"

    def position_key(self, shape: Shape) -> str | None:
        """The row id, where it is the primary key or there is none."""
        if not shape.traits.get("rowid"):
            return None
        if shape.primary_key:
            only = shape.integer_key
            # Only INTEGER PRIMARY KEY is the row id itself; INT PRIMARY KEY may hold NULL.
            return self.quote(only) if only and shape.column(only).native == "integer" else None
        return str(shape.traits["rowid_name"])

    # ------------------------------------------------------------------ errors

    def fault(self, error: BaseException) -> Fault:
        """By SQLite's own words, which are the same in every language."""
        said = str(getattr(error, "orig", None) or error).lower()
        return next((fault for words, fault in _WORDS if words in said), Fault.OTHER)

    def close(self) -> None:
        """Nothing stays open between uses."""
        super().close()
        self._tidy()


_WORDS = (
    ("file is not a database", Fault.NOT_A_DATABASE),
    ("malformed", Fault.NOT_A_DATABASE),
    ("unable to open", Fault.NO_FILE),
    ("no such table", Fault.GONE),
    ("no such column", Fault.GONE),
    ("locked", Fault.LOCKED),
    ("busy", Fault.LOCKED),
    ("syntax error", Fault.CONDITION),
    ("no such function", Fault.CONDITION),
    ("incomplete input", Fault.CONDITION),
    ("unrecognized token", Fault.CONDITION),
    ("misuse of aggregate", Fault.CONDITION),
)
_FOUND = {
    frozenset({"integer"}): pa.int64(),
    frozenset({"real"}): pa.float64(),
    frozenset({"integer", "real"}): pa.float64(),
    frozenset({"blob"}): pa.binary(),
}
_EMPTY = {
    StorageType.INTEGER: pa.int64(),
    StorageType.FLOAT: pa.float64(),
    StorageType.BINARY: pa.binary(),
}


def _promise(column: Column, name: str) -> str | None:
    """SQL that is true where a value keeps to its declared type.

    None: every value can be read as declared. "": the declared type promises nothing.
    """
    kind = column.kind
    if kind.arrow is None:
        return ""
    text = f"typeof({name}) = 'text'"
    checks = {
        StorageType.INTEGER: f"typeof({name}) IN ('integer', 'null')",
        StorageType.FLOAT: f"typeof({name}) IN ('real', 'integer', 'null')",
        StorageType.BINARY: f"typeof({name}) IN ('blob', 'null')",
        StorageType.BOOLEAN: f"{name} IS NULL OR (typeof({name}) = 'integer' AND {name} IN (0, 1))",
        StorageType.DATE: f"{name} IS NULL OR ({text} AND date({name}) IS {name})",
        StorageType.TIME: f"{name} IS NULL OR ({text} AND length({name}) = 8"
        f" AND time({name}) IS {name})",
        StorageType.TIMESTAMP: f"{name} IS NULL OR ({text} AND (length({name}) = 19"
        f" OR (length({name}) BETWEEN 21 AND 26 AND substr({name}, 20, 1) = '.'"
        f" AND substr({name}, 21) NOT GLOB '*[^0-9]*'))"
        f" AND datetime({name}) IS replace(substr({name}, 1, 19), 'T', ' '))",
    }
    if kind.storage is StorageType.DECIMAL:
        precision, scale = kind.precision or 18, kind.scale or 0
        if precision > 15:  # a binary fraction does not hold so many digits
            return ""
        return (
            f"{name} IS NULL OR (typeof({name}) IN ('integer', 'real')"
            f" AND abs({name}) < 1e{precision - scale} AND round({name}, {scale}) = {name})"
        )
    return checks.get(kind.storage)


def _with_types(sql: str, schema: pa.Schema) -> str:
    """Put a row before the result: ADBC takes a column's type from the first batch alone."""
    first = ", ".join(_example(field.type) for field in schema)
    return f"SELECT {first} UNION ALL SELECT * FROM ({sql})"


def _example(target: pa.DataType) -> str:
    if pa.types.is_integer(target) or pa.types.is_boolean(target):
        return "0"
    if pa.types.is_floating(target) or pa.types.is_decimal(target):
        return "0.0"
    return "x'00'" if pa.types.is_binary(target) else "''"
