"""Whether rows stand in the order of their own values, which says nothing of the source's.

A file is read row group by row group: what is held does not grow with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sladd.gate.leaks.words import Places
from sladd.model import Check
from sladd.release import ReleaseTable

Piece = Callable[[str], pa.Array]
"""Gives a column of some rows that follow each other."""


def check_order(folder: Path, table: ReleaseTable) -> Iterator[Check]:
    """A table of which some file stands in another order than that of its values."""
    wrong = next((f.path for f in table.files if not in_order(folder / f.path)), "")
    if wrong:
        detail = (
            f"rows of {wrong} stand in another order than that of their values, which may be the"
            " source's; publish the release anew"
        )
        yield Check("order of rows", False, detail, table.name)


def in_order(path: Path) -> bool:
    """Whether some column leads, and all others follow in their order where it ties."""
    with pq.ParquetFile(path) as opened:
        schema = opened.schema_arrow
        leading = list(range(len(schema.names)))
        for piece in _pieces(opened):
            leading = [n for n in leading if _led(piece, schema.names, n)]
            if not leading:
                # Lists and structs have no order here; one of them may lead.
                return any(pa.types.is_nested(field.type) for field in schema)
    return True


def _pieces(opened: pq.ParquetFile) -> Iterator[Piece]:
    """The row groups, and between two of them the rows at which they meet."""
    before: Piece | None = None
    for number in range(opened.num_row_groups):
        group = _group(opened, number)
        if before is not None:
            yield _border(before, group)
        yield group
        before = group


def _group(opened: pq.ParquetFile, number: int) -> Piece:
    held: dict[str, pa.Array] = {}

    def column(name: str) -> pa.Array:
        if name not in held:
            read = opened.read_row_group(number, columns=[name]).column(0).combine_chunks()
            held[name] = read.chunk(0) if isinstance(read, pa.ChunkedArray) else read
        return held[name]

    return column


def _border(before: Piece, after: Piece) -> Piece:
    return lambda name: pa.concat_arrays([before(name)[-1:], after(name)[:1]])


def _led(piece: Piece, names: Sequence[str], leads: int) -> bool:
    compared = _compared(piece(names[leads]))
    if compared is None or (compared > 0).any():
        return False
    tied = np.flatnonzero(compared == 0)
    for number, name in enumerate(names):
        if number == leads or not len(tied):
            continue
        compared = _compared(piece(name), tied)
        if compared is None:
            return True  # lists have no order here; their rows tie in all that comes before
        if (compared > 0).any():
            return False
        tied = tied[compared == 0]
    return True


def _compared(column: pa.Array, at: Places | None = None) -> npt.NDArray[np.int8] | None:
    """-1, 0 or 1 for each row against the next; NULL last, NaN before it. None: no order."""
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    if pa.types.is_nested(column.type):
        return None
    if at is None:
        one, two = column[: max(len(column) - 1, 0)], column[1:]
    else:
        one, two = column.take(pa.array(at)), column.take(pa.array(at + 1))
    try:
        less, equal = filled(pc.less(one, two)), filled(pc.equal(one, two))
    except pa.ArrowNotImplementedError:
        return None
    found = np.where(less, -1, np.where(equal, 0, 1)).astype(np.int8)
    for missing in (_nan, lambda a: np.asarray(a.is_null())):
        first, second = missing(one), missing(two)
        found = np.where(first & second, 0, np.where(first, 1, np.where(second, -1, found)))
        found = found.astype(np.int8)
    return found


def _nan(values: pa.Array) -> npt.NDArray[np.bool_]:
    if not pa.types.is_floating(values.type):
        return np.zeros(len(values), bool)
    return filled(pc.is_nan(values))


def filled(values: pa.Array) -> npt.NDArray[np.bool_]:
    """Truth values, NULL as false."""
    known = pc.fill_null(values, False)
    return np.asarray(known.to_numpy(zero_copy_only=False), bool)
