"""A database as a source of tables."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pyarrow as pa

from sladd.errors import SourceError
from sladd.model import (
    Field,
    FieldRef,
    ForeignKey,
    KeyRole,
    NotScanned,
    Sample,
    Table,
    TableRef,
)
from sladd.sources.database.address import Address, read_address
from sladd.sources.database.dialects import open_dialect
from sladd.sources.database.dialects.dialect import Dialect
from sladd.sources.database.faults import Fault, explain, from_a_driver
from sladd.sources.database.naming import (
    NameJudge,
    matches_pattern,
    shown_columns,
    shown_name,
    wanted,
)
from sladd.sources.database.sessions import Session
from sladd.sources.database.shapes import Draw, Failure, Reading, Reference, Shape
from sladd.sources.database.snapshot import DatabaseSnapshot
from sladd.sources.nested import with_paths


def _no_name(_name: str) -> bool:
    return False


class DatabaseSource:
    """Implements `sladd.model.Source` over a SQLAlchemy URL. Nothing is opened before it is used.

    Args:
        name: name of the source.
        url: SQLAlchemy URL, with the password.
        root: folder of `sladd.yaml`; a relative file of the URL starts there.
        include: wildcards for `schema.table` or `table`; none means every table.
        exclude: wildcards for what is left out.
        views: read views as well.
        statement_timeout_s: after so long the server stops a query.
        name_is_personal: says whether a name of a column or table is personal; such a name is
            replaced by `c<position>` or `table#<hash>`, and the real one stays in here.
        dialect: opens the database; by default the dialect of the URL.
    """

    kind = "database"

    def __init__(
        self,
        name: str,
        url: str,
        *,
        root: Path,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        views: bool = False,
        statement_timeout_s: int = 600,
        name_is_personal: NameJudge = _no_name,
        dialect: Callable[[Address], Dialect] | None = None,
    ) -> None:
        self.name = name
        self._address = read_address(name, url, root)
        self.dialect = self._address.dialect
        self._include = tuple(include)
        self._exclude = tuple(exclude)
        self._views = views
        self._is_personal = name_is_personal
        self._open = dialect or (lambda a: open_dialect(a, timeout_s=statement_timeout_s))
        self._opened: Dialect | None = None
        self._shapes: dict[TableRef, tuple[Shape, Mapping[str, str]]] | None = None
        self._not_scanned: dict[str, NotScanned] = {}
        self._turn = threading.RLock()

    def __repr__(self) -> str:
        return f"<DatabaseSource {self.name}: {self.dialect}>"

    # ------------------------------------------------------------------ schema

    def tables(self) -> Sequence[Table]:
        """Every table that the configuration includes, from a new look at the database.

        Raises:
            SourceError: the database cannot be reached or opened (SLADD-201…218).
        """
        with self._turn:
            self._not_scanned.clear()
            found: list[Shape] = []
            names: list[tuple[str | None, str]] = []
            with self._explained():
                for each in self._database().describe(self._wanted, views=self._views):
                    names.append((each.schema, each.name))
                    if isinstance(each, Failure):
                        self._failed(each)
                    else:
                        found.append(each)
            self._unmatched(names)
            if not names and not self._include:
                self._note(
                    self.name,
                    "the database has no table that the user may see · check its name and the "
                    "grants: sladd doctor",
                    222,
                )
            self._shapes = {}
            for shape in found:
                shown = shown_columns([column.name for column in shape.columns], self._is_personal)
                real = {public: name for name, public in shown.items()}
                self._shapes[self._ref(shape.schema, shape.name)] = (shape, real)
            for ref, (shape, _) in self._shapes.items():
                self._note_unreadable(ref, shape)
                self._note_heirs(ref, shape, names)
            tables = [self._table(ref, shape) for ref, (shape, _) in self._shapes.items()]
            return sorted(tables, key=lambda table: (table.ref.schema or "", table.ref.name))

    @property
    def not_scanned(self) -> Sequence[NotScanned]:
        """Tables that could not be read, and patterns that match none."""
        return tuple(self._not_scanned.values())

    def _wanted(self, schema: str | None, name: str) -> bool:
        return wanted(schema, name, self._include, self._exclude)

    def _unmatched(self, names: Sequence[tuple[str | None, str]]) -> None:
        for pattern in self._include:
            if not any(matches_pattern(schema, name, pattern) for schema, name in names):
                self._note(
                    self.name,
                    f"the pattern '{pattern}' matches no table that the user may see",
                    214,
                )

    def _failed(self, failure: Failure) -> None:
        # The error was written with the real name.
        ref = self._ref(failure.schema, failure.name)
        mend = "" if self._is_personal(failure.name) else failure.error.mend
        self._note(
            str(ref), " · ".join(filter(None, (failure.error.what, mend))), failure.error.code
        )

    def _note_unreadable(self, ref: TableRef, shape: Shape) -> None:
        """One line for the columns of a table that the user may not read."""
        if not shape.unreadable:
            return
        columns = ", ".join("c?" if self._is_personal(c) else c for c in shape.unreadable)
        mend = self._database().forbidden(ref.schema, ref.name)
        self._note(
            f"{ref} · columns", f"the user may not read these columns: {columns} · {mend}", 223
        )

    def _note_heirs(
        self, ref: TableRef, shape: Shape, listed: Sequence[tuple[str | None, str]]
    ) -> None:
        """One line for tables that inherit from this one and are not read: their rows are missing."""
        heirs: Sequence[tuple[str, str]] = shape.traits.get("heirs", ())  # type: ignore[assignment]
        missing = [heir for heir in heirs if heir not in listed]
        if missing:
            names = ", ".join(str(self._ref(*heir)) for heir in missing)
            self._note(
                f"{ref} · heirs",
                f"rows of the table that stand in tables which inherit from it are not read: {names}"
                " · add these to include: of the source",
                272,
            )

    def _note(self, where: str, reason: str, code: int) -> None:
        self._not_scanned[f"{where} {code}"] = NotScanned(where, reason, code)

    def _ref(self, schema: str | None, name: str) -> TableRef:
        shown = None if schema is None else shown_name("schema", schema, self._is_personal)
        return TableRef(self.name, shown_name("table", name, self._is_personal), shown)

    def _shown_in(self, ref: TableRef, column: str) -> str:
        """The shown name of a column of a table, which may not be included itself."""
        known = (self._shapes or {}).get(ref)
        shown = {real: public for public, real in known[1].items()} if known else {}
        return shown.get(column, "c?" if self._is_personal(column) else column)

    def _table(self, ref: TableRef, shape: Shape) -> Table:
        shown = {column.name: self._shown_in(ref, column.name) for column in shape.columns}
        foreign = {column for key in shape.references for column in key.columns}
        single = {key[0] for key in (shape.primary_key, *shape.unique_keys) if len(key) == 1}
        fields = tuple(
            Field(
                ref=FieldRef(ref, shown[column.name]),
                type=column.kind.storage,
                nullable=column.nullable,
                role=_role(column.name in shape.primary_key, column.name in foreign),
                max_length=column.length,
                unique=column.name in single,
                comment=self._comment(column.comment),
                native_type=column.native,
            )
            for column in shape.columns
        )
        return Table(
            ref=ref,
            fields=fields,
            rows=shape.rows,
            rows_exact=shape.rows_exact,
            primary_key=tuple(shown[column] for column in shape.primary_key),
            foreign_keys=tuple(
                ForeignKey(
                    tuple(shown[column] for column in key.columns),
                    self._ref(key.schema, key.table),
                    tuple(
                        self._shown_in(self._ref(key.schema, key.table), column)
                        for column in key.target_columns
                    ),
                )
                for key in shape.references
                if not self._hidden(key)
            ),
            unique_keys=tuple(
                tuple(shown[column] for column in key)
                for key in shape.unique_keys
                if all(column in shown for column in key)
            ),
            comment=self._comment(shape.comment),
            kind="view" if shape.view else "table",
            fingerprint=_fingerprint(shape),
        )

    def _hidden(self, key: Reference) -> bool:
        """Whether it leads to a column that the user may not read."""
        known = (self._shapes or {}).get(self._ref(key.schema, key.table))
        if known is None:
            return False
        return not {*key.target_columns} <= {column.name for column in known[0].columns}

    def _comment(self, text: str | None) -> str | None:
        return None if not text or self._is_personal(text) else text

    # ------------------------------------------------------------------ data

    def sample(self, table: Table, *, rows: int, seed: int = 0) -> Sample:
        """Draw about `rows` rows; all of them where the table is hardly larger, or for 0.

        Raises:
            SourceError: the table cannot be read; it is also noted in `not_scanned`.
        """
        with self._turn:
            try:
                return self._sample(table, rows, seed)
            except SourceError as error:
                reason = " · ".join(filter(None, (error.what, error.mend)))
                self._note(str(table.ref), reason, error.code)
                raise

    def _sample(self, table: Table, rows: int, seed: int) -> Sample:
        shape, real = self._shape_of(table.ref)
        with self._explained(table.ref):
            database = self._database()
            with database.session() as session:
                draw = database.draw(session, shape, rows=rows, seed=seed)
                data = self._read(session, database, shape, draw)
        if rows and draw.drawn != "all" and data.num_rows > rows:
            chosen = np.random.default_rng(seed).choice(data.num_rows, rows, replace=False)
            data = data.take(pa.array(np.sort(chosen)))
        public = {name: shown for shown, name in real.items()}
        data = data.rename_columns([public[name] for name in data.column_names])
        data = pa.Table.from_arrays(data.columns, schema=with_paths(data.schema))
        fields = [table.column(name) for name in data.column_names]
        total = data.num_rows if draw.drawn == "all" else table.rows
        return Sample(table, data, fields, drawn=draw.drawn, rows_total=total)

    def _read(self, session: Session, database: Dialect, shape: Shape, draw: Draw) -> pa.Table:
        readings = database.readings(session, shape.columns, draw.scans[0])
        as_text: set[str] = set()
        while True:
            try:
                return _drawn(session, database, readings, draw, as_text)
            except _Refused as refused:
                # A scan must go on: what breaks its type is looked at as text.
                if refused.column in as_text:
                    raise
                as_text.add(refused.column)

    @contextmanager
    def snapshot(self) -> Iterator[DatabaseSnapshot]:
        """Open one consistent view of all tables.

        Raises:
            SourceError: it cannot be opened, or broke while it was read.
        """
        if self._shapes is None:
            self.tables()
        database = self._database()
        with self._explained():
            manager = database.view()
            view = manager.__enter__()
        try:
            yield DatabaseSnapshot(self._address, database, view, self._shape_of)
        except BaseException as error:
            # What the caller raised counts, not what closing says after it.
            with suppress(Exception):
                manager.__exit__(type(error), error, error.__traceback__)
            raise
        else:
            with self._explained():
                manager.__exit__(None, None, None)

    def close(self) -> None:
        """Release every connection."""
        with self._turn:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def _database(self) -> Dialect:
        if self._opened is None:
            self._opened = self._open(self._address)
        return self._opened

    def _shape_of(self, ref: TableRef) -> tuple[Shape, Mapping[str, str]]:
        if self._shapes is None:
            self.tables()
        known = (self._shapes or {}).get(ref)
        if known is None:
            raise explain(self._address, Fault.GONE, at=str(ref).split("/", 1)[1])
        return known

    @contextmanager
    def _explained(self, ref: TableRef | None = None) -> Iterator[None]:
        """Raise a `SourceError` for what a driver raises, without the driver's text."""
        try:
            yield
        except SourceError:
            raise
        except Exception as error:
            if not from_a_driver(error):
                raise
            at = "" if ref is None else str(ref).split("/", 1)[1]
            fault = Fault.OTHER if self._opened is None else self._opened.fault(error)
            if ref is None and fault in {Fault.GONE, Fault.CONDITION}:
                fault = Fault.OTHER
            found = explain(self._address, fault, at=at, error=error)
            if fault is Fault.FORBIDDEN and ref is not None and self._opened is not None:
                found.mend = self._opened.forbidden(ref.schema, ref.name)
            raise found from None


class _Refused(Exception):
    def __init__(self, column: str) -> None:
        super().__init__("a column does not keep to its type")
        self.column = column


def _drawn(
    session: Session,
    database: Dialect,
    readings: Sequence[Reading],
    draw: Draw,
    as_text: set[str],
) -> pa.Table:
    schema = pa.schema([
        pa.field(r.name, pa.string() if r.name in as_text else r.type) for r in readings
    ])  # fmt: skip
    what = ", ".join(
        f"{reading.sql} AS {database.quote(f'f{place}')}" for place, reading in enumerate(readings)
    )
    batches: list[pa.RecordBatch] = []
    for scan in draw.scans:
        batches += session.batches(
            database.select(what, scan), schema, batch_rows=65_536, refused=_Refused
        )
    return pa.Table.from_batches(batches, schema=schema)


def _role(primary: bool, foreign: bool) -> KeyRole:
    if primary:
        return KeyRole.PRIMARY_FOREIGN if foreign else KeyRole.PRIMARY
    return KeyRole.FOREIGN if foreign else KeyRole.NONE


def _fingerprint(shape: Shape) -> str:
    """Of schema and content; "" where the database does not tell whether content changed."""
    if not shape.marker:
        return ""
    described = [
        shape.schema, shape.name, shape.view, shape.primary_key, shape.unique_keys,
        [(c.name, c.native, c.kind.storage, c.nullable, c.comment) for c in shape.columns],
        [(r.columns, r.schema, r.table, r.target_columns) for r in shape.references],
        shape.comment, shape.marker,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(described, default=str).encode()).hexdigest()[:32]
