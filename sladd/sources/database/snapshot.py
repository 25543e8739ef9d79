"""One consistent view of a database, read partition by partition."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise

import pyarrow as pa

from sladd.errors import SourceError
from sladd.model import NotScanned, Partition, Table, TableRef
from sladd.sources.database.address import Address
from sladd.sources.database.ahead import read_ahead
from sladd.sources.database.columnar import Lost, with_dictionaries
from sladd.sources.database.condition import one_expression
from sladd.sources.database.dialects.dialect import Dialect, View
from sladd.sources.database.faults import Fault, explain, from_a_driver
from sladd.sources.database.shapes import Reading, Scan, Shape

_REWRITTEN = 278  # of one table; other faults are of the whole source


class DatabaseSnapshot:
    """Implements `sladd.model.Snapshot`. One partition is read at a time.

    Where a partition begins and ends in the table is a key, which is data: it stays in here.
    A `Partition` holds positions in the order of the keys, from which the keys are found again.
    """

    def __init__(
        self,
        address: Address,
        dialect: Dialect,
        view: View,
        shape_of: Callable[[TableRef], tuple[Shape, Mapping[str, str]]],
    ) -> None:
        """Wrap an open view.

        Args:
            address: of the database.
            dialect: that opened the view.
            view: stays open for as long as this object is used.
            shape_of: table → what is known of it, and shown column name → real one.
        """
        self.id = view.id
        self.consistency = view.consistency
        self._address = address
        self._dialect = dialect
        self._view = view
        self._shape_of = shape_of
        self._edges: dict[tuple[TableRef, int], list[int]] = {}
        self._readings: dict[TableRef, Mapping[str, Reading]] = {}
        self._lost: dict[tuple[TableRef, int], Counter[str]] = {}
        self._recoded: dict[tuple[TableRef, int], Counter[str]] = {}
        self._reading = threading.Lock()
        self._reader: int | None = None

    def partitions(self, table: Table, *, rows: int = 200_000) -> Sequence[Partition]:
        """Cut a table at every `rows`-th key; one without an integer key stays whole."""
        with self._one_at_a_time(table.ref):
            edges = self._cut(table.ref, rows)
            bounds = [*edges, None]
            parts = []
            for index, (start, end) in enumerate(pairwise([None, *bounds])):
                del start
                last = end is None
                first = index * rows
                spec = {"cut": rows, "from": first, "to": None if last else first + rows}
                # How many the last one has is not asked: the database would count them all.
                parts.append(Partition(table.ref, index, spec, None if last else rows))
            return parts

    def batches(
        self,
        partition: Partition,
        *,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        batch_rows: int = 65_536,
        encoded: Collection[str] = (),
    ) -> Iterator[pa.RecordBatch]:
        """Stream a partition in the order of the primary key."""
        ref = partition.table
        with self._one_at_a_time(ref):
            shape, real = self._shape_of(ref)
            condition = self._condition(ref, where)
            wanted = list(real) if columns is None else list(columns)
            readings = self._how(ref)
            chosen = [readings[real[name]] for name in wanted]
            self._refuse_shapeless(ref, wanted, chosen)
            schema = pa.schema([pa.field(n, r.type) for n, r in zip(wanted, chosen, strict=True)])
            key = self._dialect.position_key(shape)
            order = tuple(self._dialect.quote(name) for name in shape.primary_key)
            scan = Scan(
                self._dialect.relation(shape),
                (*self._range(partition), *condition),
                order or ((key,) if key else ()),
            )
            # A select list is never empty: counting rows needs a column as well.
            what = ", ".join(
                f"{reading.sql} AS {self._dialect.quote(f'f{place}')}"
                for place, reading in enumerate(chosen)
            )
            lost = Lost()
            stream = partial(
                self._view.session.batches,
                self._dialect.select(what, scan),
                schema,
                # What repeats is worked once a batch: fewer of them where it may stay encoded.
                batch_rows=2 * batch_rows if encoded else batch_rows,
                refused=lambda name: self._refused(ref, name),
                lost=lost,
            )
            opened = partial(_encoded, stream, frozenset(encoded)) if encoded else stream
            came = False
            with self._explained(ref):
                for batch in read_ahead(opened) if self.reads_ahead else opened():
                    came = True
                    yield batch
            if not came:  # nothing has types, too
                yield pa.RecordBatch.from_pylist([], schema=schema)
            self._check(ref, shape)
            recoded = self._recoded.setdefault((ref, partition.index), Counter())
            recoded |= lost.recoded
            # A partition may be read again, with other columns: each is counted once.
            self._lost.setdefault((ref, partition.index), Counter()).update(
                lost - self._lost.get((ref, partition.index), Counter())
            )

    def lost(self, partition: Partition) -> Mapping[str, int]:
        """Values of a partition that was read which have no place in a type, by column."""
        return self._lost.get((partition.table, partition.index), {})

    @property
    def warnings(self) -> Sequence[NotScanned]:
        """Columns of which values are not what they are in the database, with counts."""
        return (*self._nulled(), *self._other_bytes())

    def _other_bytes(self) -> Iterator[NotScanned]:
        for where, count in _by_column(self._recoded).items():
            yield NotScanned(
                where, f"{count} texts are not UTF-8; they are read as Windows-1252", 274
            )

    def _nulled(self) -> tuple[NotScanned, ...]:
        by_column = _by_column(self._lost)
        return tuple(
            NotScanned(
                where,
                f"{count} values that no calendar or number has (infinity, NaN, year 0, 24:00) "
                "are empty in the release",
                220,
            )
            for where, count in by_column.items()
        )

    def cuts(self, table: Table, *, rows: int) -> list[int]:
        """Keys at which the second and later partitions begin. They are data: seal them."""
        with self._one_at_a_time(table.ref):
            return list(self._cut(table.ref, rows))

    def cut_at(self, table: Table, cuts: Sequence[int], *, rows: int) -> None:
        """Cut a table where it was cut before, and go on where it has grown."""
        with self._one_at_a_time(table.ref):
            shape, _ = self._shape_of(table.ref)
            key = self._dialect.position_key(shape)
            if key is None:
                return
            with self._explained(table.ref):
                self._edges[table.ref, rows] = self._edges_of(shape, key, rows, cuts)

    def digest(
        self, partition: Partition, *, columns: Sequence[str], where: str | None
    ) -> str | None:
        """What the database makes of the rows of a partition; None where it has no such function."""
        ref = partition.table
        with self._one_at_a_time(ref):
            shape, real = self._shape_of(ref)
            readings = self._how(ref)
            chosen = [readings[real[name]] for name in columns]
            what = self._dialect.digest(chosen)
            if what is None:
                return None
            conditions = (*self._range(partition), *self._condition(ref, where))
            with self._explained(ref):
                found = self._view.session.rows(
                    self._dialect.select(what, Scan(self._dialect.relation(shape), conditions))
                )
            self._check(ref, shape)
            return " ".join(str(value) for value in found[0])

    def count(self, table: Table, *, where: str | None = None) -> int:
        """Rows, exactly."""
        with self._one_at_a_time(table.ref):
            shape, _ = self._shape_of(table.ref)
            scan = Scan(self._dialect.relation(shape), self._condition(table.ref, where))
            with self._explained(table.ref):
                found = self._view.session.rows(self._dialect.select("COUNT(*)", scan))
            self._check(table.ref, shape)
            return int(found[0][0])

    @property
    def reads_ahead(self) -> bool:
        """Whether the next batches are read while one is worked on."""
        return self._view.session.other_threads

    # ------------------------------------------------------------------ one at a time

    def _one_at_a_time(self, ref: TableRef) -> _Turn:
        if self._reader == threading.get_ident():
            raise self._address.fault(
                "a partition of this source is still being read", 216, "finish it first", _at(ref)
            )
        return _Turn(self)

    # ------------------------------------------------------------------ keys

    def _cut(self, ref: TableRef, rows: int) -> list[int]:
        """Keys at which the second and later partitions begin."""
        known = self._edges.get((ref, rows))
        if known is not None:
            return known
        shape, _ = self._shape_of(ref)
        key = self._dialect.position_key(shape)
        edges: list[int] = []
        if key is not None:
            with self._explained(ref):
                edges = self._edges_of(shape, key, rows)
        self._edges[ref, rows] = edges
        return edges

    def _edges_of(self, shape: Shape, key: str, rows: int, known: Sequence[int] = ()) -> list[int]:
        """Each `rows`-th key behind those known, as long as more rows than that may be left."""
        edges = list(known)
        start = edges[-1] if edges else self._outermost(shape, key, "MIN")
        end = self._outermost(shape, key, "MAX")
        # Keys are whole numbers: no more rows are left than there is room for.
        while start is not None and end is not None and end - start >= rows:
            start = self._key_after(shape, key, edges, rows)
            edges += [] if start is None else [start]
        return edges

    def _outermost(self, shape: Shape, key: str, which: str) -> int | None:
        scan = Scan(self._dialect.relation(shape))
        ((found,),) = self._view.session.rows(self._dialect.select(f"{which}({key})", scan))
        return None if found is None else int(found)

    def _key_after(self, shape: Shape, key: str, edges: list[int], rows: int) -> int | None:
        where = (f"{key} >= {edges[-1]}",) if edges else ()
        scan = Scan(self._dialect.relation(shape), where, (key,), 1)
        found = self._view.session.rows(self._dialect.select(key, scan, offset=rows))
        return int(found[0][0]) if found else None

    def _range(self, partition: Partition) -> tuple[str, ...]:
        edges = self._cut(partition.table, int(partition.spec["cut"]))
        shape, _ = self._shape_of(partition.table)
        key = self._dialect.position_key(shape)
        where = []
        if partition.index > 0:
            if partition.index > len(edges):
                return ("1 = 0",)  # the table has become shorter than it was
            where.append(f"{key} >= {edges[partition.index - 1]}")
        if partition.index < len(edges) and partition.spec["to"] is not None:
            where.append(f"{key} < {edges[partition.index]}")
        return tuple(where)

    # ------------------------------------------------------------------ columns, conditions

    def _how(self, ref: TableRef) -> Mapping[str, Reading]:
        """How each column is read, decided once a snapshot for the whole table."""
        if ref not in self._readings:
            shape, _ = self._shape_of(ref)
            with self._explained(ref):
                readings = self._dialect.readings(
                    self._view.session, shape.columns, Scan(self._dialect.relation(shape))
                )
            self._readings[ref] = {reading.name: reading for reading in readings}
        return self._readings[ref]

    def _condition(self, ref: TableRef, where: str | None) -> tuple[str, ...]:
        if where is None:
            return ()
        condition = one_expression(
            where, where=str(ref), backslash_escapes=self._dialect.backslash_escapes
        )
        shape, _ = self._shape_of(ref)
        probe = Scan(self._dialect.relation(shape), ("1 = 0", condition))
        # Without the condition first: a table that is gone is no fault of the condition.
        with self._explained(ref):
            self._view.session.rows(
                self._dialect.select("COUNT(*)", Scan(probe.relation, ("1 = 0",)))
            )
        with self._explained(ref, gone=Fault.CONDITION):
            self._view.session.rows(self._dialect.select("COUNT(*)", probe))
        return (condition,)

    # ------------------------------------------------------------------ errors

    def _explained(self, ref: TableRef, gone: Fault = Fault.GONE) -> _Explained:
        return _Explained(self._address, self._dialect, ref, gone)

    def _check(self, ref: TableRef, shape: Shape) -> None:
        """See that the view of a table did not break; its shown name is known in here alone."""
        try:
            self._view.check(shape)
        except SourceError as broken:
            if broken.code == _REWRITTEN:
                broken.where = str(ref)
            raise

    def _refuse_shapeless(
        self, ref: TableRef, names: Sequence[str], readings: Sequence[Reading]
    ) -> None:
        for name, reading in zip(names, readings, strict=True):
            if reading.no_shape:
                raise self._address.fault(
                    f"the column '{name}' holds arrays of different dimensions, which no one type "
                    "has",
                    268,
                    "drop the column by a rule, or read the table through a view that casts it: "
                    "CAST(array_to_json(…) AS text)",
                    _at(ref),
                ) from None

    def _refused(self, ref: TableRef, column: str) -> SourceError:
        return self._address.fault(
            f"the column '{column}' holds a value that its declared type does not allow",
            216,
            "leave the column out, or read the table through a view that casts it",
            _at(ref),
        )


def _by_column(counted: Mapping[tuple[TableRef, int], Counter[str]]) -> Counter[str]:
    found = Counter[str]()
    for (ref, _), counts in counted.items():
        found.update({f"{ref}.{column}": count for column, count in counts.items() if count})
    return found


class _Turn:
    """Waits until no other thread reads from the snapshot."""

    def __init__(self, snapshot: DatabaseSnapshot) -> None:
        self._snapshot = snapshot

    def __enter__(self) -> None:
        self._snapshot._reading.acquire()  # noqa: SLF001 - the other half of the snapshot
        self._snapshot._reader = threading.get_ident()  # noqa: SLF001

    def __exit__(self, *_: object) -> None:
        self._snapshot._reader = None  # noqa: SLF001
        self._snapshot._reading.release()  # noqa: SLF001


class _Explained:
    """Turns what a driver raises into a `SourceError` without the driver's text."""

    def __init__(self, address: Address, dialect: Dialect, ref: TableRef, gone: Fault) -> None:
        self._address = address
        self._dialect = dialect
        self._ref = ref
        self._gone = gone

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None or not isinstance(error, Exception) or not from_a_driver(error):
            return
        fault = self._dialect.fault(error)
        if fault is Fault.GONE or (fault is Fault.OTHER and self._gone is Fault.CONDITION):
            fault = self._gone
        found = explain(self._address, fault, at=_at(self._ref), error=error)
        if fault is Fault.FORBIDDEN:
            found.mend = self._dialect.forbidden(self._ref.schema, self._ref.name)
        raise found from None


def _encoded(
    stream: Callable[[], Generator[pa.RecordBatch]], columns: frozenset[str]
) -> Generator[pa.RecordBatch]:
    return with_dictionaries(stream(), columns)


def _at(ref: TableRef) -> str:
    return str(ref).split("/", 1)[1]
