"""Read the columns that may be keys: whole where time and rows allow, and say so where not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from detectors.keys import Gatherer, Salt, Sketch
from sladd.errors import SladdError
from sladd.model import Field, Snapshot, Table

ROWS = 2_000_000  # of a table; about a second's reading from SQLite, a few over a network
ROWS_IN_MEMORY = 200_000  # read row by row, for keys of several columns and numbers in a KID
_PARTITION = 200_000


@dataclass
class Budget:
    """How long and how far the reading of one run may go."""

    seconds: float = 60.0
    rows: int = ROWS
    begun: float = field(default_factory=time.monotonic)

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() - self.begun > self.seconds


def column_in(table: Table, each: Field) -> str:
    """What a snapshot calls a field: nested ones of files bear their dotted path."""
    del table
    text = each.ref.column
    for part in each.ref.path:
        text += part if part == "[]" else f".{part}"
    return text


def sketches(
    snapshot: Snapshot,
    wanted: Mapping[str, tuple[Table, Sequence[Field]]],
    salt: Salt,
    budget: Budget,
    make: Callable[[Field], Gatherer] | None = None,
) -> dict[str, Sketch]:
    """The keys of some columns, by address; what cannot be read is missing.

    Args:
        snapshot: of their source.
        wanted: table address → table and its columns.
        salt: of the run.
        budget: of the run. Tables are read in the order of their size, so that a large one
            does not use up the time of the rest.
        make: a gatherer for a field, where its values are spelt in a way of their own.
    """
    maker = make or (lambda _field: Gatherer(salt))
    found: dict[str, Sketch] = {}
    for table, fields in sorted(wanted.values(), key=lambda pair: (pair[0].rows or 0, pair[0].ref)):
        try:
            found |= _read(snapshot, table, fields, maker, budget)
        except (SladdError, pa.ArrowException):
            # One column that breaks its type must not hide the others.
            for each in fields:
                try:
                    found |= _read(snapshot, table, [each], maker, budget)
                except (SladdError, pa.ArrowException):
                    continue
    return found


def _read(
    snapshot: Snapshot,
    table: Table,
    fields: Sequence[Field],
    make: Callable[[Field], Gatherer],
    budget: Budget,
) -> dict[str, Sketch]:
    names = [column_in(table, each) for each in fields]
    gatherers = [make(each) for each in fields]
    rows, complete = 0, True
    for batch in _batches(snapshot, table, names):
        for gatherer, column in zip(gatherers, batch.columns, strict=True):
            gatherer.add(column)
        rows += batch.num_rows
        if rows >= budget.rows or budget.over:
            complete = table.rows_exact and table.rows == rows
            break
    return {
        str(each.ref): gatherer.sketch(complete=complete)
        for each, gatherer in zip(fields, gatherers, strict=True)
    }


def rows_of(
    snapshot: Snapshot, table: Table, columns: Sequence[str], *, most: int = ROWS_IN_MEMORY
) -> tuple[pa.Table, bool] | None:
    """Some columns row by row, and whether they are all rows; None where they cannot be read."""
    batches: list[pa.RecordBatch] = []
    rows = 0
    try:
        for batch in _batches(snapshot, table, columns):
            batches.append(batch)
            rows += batch.num_rows
            if rows > most:
                return pa.Table.from_batches(batches).slice(0, most), False
    except (SladdError, pa.ArrowException):
        return None
    return (pa.Table.from_batches(batches), True) if batches else None


def _batches(snapshot: Snapshot, table: Table, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for partition in snapshot.partitions(table, rows=_PARTITION):
        yield from snapshot.batches(partition, columns=list(columns))
