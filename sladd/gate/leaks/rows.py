"""What rows tell beside their cells: their order, numbers, moments, and the files' statistics.

Everything is read row group by row group: what is held does not grow with a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sladd.gate.leaks.beside import statistics
from sladd.gate.leaks.order import check_order
from sladd.gate.leaks.release import Made
from sladd.model import Check
from sladd.release import Manifest, ReleaseColumn, ReleaseTable

FEWEST_ROWS = 50  # below that a column of few numbers is dense by chance
_DENSE = 1.5  # numbers a row: deleted and left-out rows leave gaps
_MOMENTS = 2_000_000  # compared at once: 16 MB, and what sorting them takes
_SECOND = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def check_rows(
    folder: Path, manifest: Manifest, columns: Sequence[Made], persons: Mapping[str, str]
) -> Iterator[Check]:
    """Order, row numbers, moments and statistics of every table."""
    by_name = {(c.table, c.column): c for c in columns}
    wrong = [check for t in manifest.tables for check in check_order(folder, t)]
    yield from wrong
    if not wrong:
        yield Check("order of rows", True, f"{len(manifest.tables)} tables by their own values")
    wrong = [check for t in manifest.tables for check in _statistics(folder, t)]
    yield from wrong
    if not wrong:
        yield Check("file statistics", True, "of the values in the files")
    for table in manifest.tables:
        for column in table.columns:
            made = by_name.get((table.name, column.name), Made(table.name, column.name))
            if made.hidden:
                continue
            if table.name in persons and not made.decided:
                yield from _row_numbers(folder, table, column, made)
            yield from _moments(folder, table, column, made, strict=manifest.kind == "anonymised")


def _statistics(folder: Path, table: ReleaseTable) -> Iterator[Check]:
    """Least and greatest value in a footer are values of the file, not of what it was made from."""
    wrong: set[str] = set()
    for file in table.files:
        path = folder / file.path
        with pq.ParquetFile(path) as opened:
            flat = {f.name for f in opened.schema_arrow if not pa.types.is_nested(f.type)}
            for group, column, least, greatest in statistics(path):
                if column not in flat or not isinstance(least, str | int | bytes):
                    continue
                held = opened.read_row_group(group, columns=[column]).column(0)
                if not _bounds(held, least, greatest):
                    wrong.add(column)
    for column in sorted(wrong):
        detail = "the file's statistics hold values that no row has; publish the release anew"
        yield Check("file statistics", False, detail, f"{table.name}.{column}")


def _bounds(held: pa.ChunkedArray, least: Any, greatest: Any) -> bool:
    if pa.types.is_boolean(held.type):
        held = held.cast(pa.int8())
    try:
        found = pc.min_max(held).as_py()
    except pa.ArrowNotImplementedError:
        return True
    return (found["min"], found["max"]) == (least, greatest)


def _row_numbers(
    folder: Path, table: ReleaseTable, column: ReleaseColumn, made: Made
) -> Iterator[Check]:
    """A number of its own for every row, nearly without gaps, leads back to the row."""
    rows = table.rows_out
    if rows < FEWEST_ROWS or not column.type.startswith(("int", "uint", "string")):
        return
    ends: list[int] = []
    for held in _groups(folder, table, column.name):
        numbers = _numbers(held)
        if numbers is None:
            return
        if len(numbers):
            ends += [int(numbers.min()), int(numbers.max())]
    if not ends:
        return
    least, spread = min(ends), max(ends) - min(ends) + 1
    if not rows <= spread <= _DENSE * rows:
        return
    seen = np.zeros(spread // 8 + 1, np.uint8)  # a bit for each number
    for held in _groups(folder, table, column.name):
        numbers = _numbers(held)
        if numbers is not None:
            place = numbers - least
            np.bitwise_or.at(seen, place >> 3, np.left_shift(1, place & 7).astype(np.uint8))
    if int(np.bitwise_count(seen).sum()) == rows:
        where = made.field or made.address
        detail = (
            f"{rows} rows are numbered one by one, with {spread - rows} gaps: give {where} the"
            " transform pseudonym, drop it, or keep it by a rule of its own"
        )
        yield Check("row numbers", False, detail, made.address)


def _groups(folder: Path, table: ReleaseTable, name: str) -> Iterator[pa.ChunkedArray]:
    """A column, row group by row group."""
    for file in table.files:
        with pq.ParquetFile(folder / file.path) as opened:
            for group in range(opened.num_row_groups):
                yield opened.read_row_group(group, columns=[name]).column(0)


def _numbers(held: pa.ChunkedArray) -> npt.NDArray[np.int64] | None:
    """The values as numbers; None when one is missing or no number."""
    if held.null_count or (pa.types.is_string(held.type) and not _all_digits(held)):
        return None
    return np.asarray(held.cast(pa.int64()).to_numpy(), np.int64)


def _all_digits(held: pa.ChunkedArray) -> bool:
    return pc.all(pc.match_substring_regex(held, "^[0-9]{1,18}$"), min_count=0).as_py() is True


def _moments(
    folder: Path, table: ReleaseTable, column: ReleaseColumn, made: Made, *, strict: bool
) -> Iterator[Check]:
    """Moments to a fraction of a second are a key to the row for whoever holds the source."""
    if not column.type.startswith("timestamp["):
        return
    # Some of the moments at a time, all rows of each together: what is held does not grow.
    parts = -(-table.rows_out // _MOMENTS) or 1
    alone = sum(_alone(folder, table, column.name, part, parts) for part in range(parts))
    if not alone:
        return
    detail = f"{alone} rows have a moment of their own, to a fraction of a second"
    if strict:
        detail += f": give {made.field or made.address} the transform truncate_date"
    else:
        detail += ": whoever holds the source can join them"
    yield Check("linkable moments", not strict, detail, made.address)


def _alone(folder: Path, table: ReleaseTable, name: str, part: int, parts: int) -> int:
    """Moments with a fraction of a second that one row has, of those whose rest is `part`."""
    read = []
    for held in _groups(folder, table, name):
        unit = _SECOND.get(held.type.unit)
        if unit is None:
            return 0
        values = held.drop_null().cast(pa.int64()).to_numpy()
        values = values[values % unit != 0]
        read.append(values if parts == 1 else values[values % parts == part])
    _, counts = np.unique(np.concatenate(read) if read else np.empty(0), return_counts=True)
    return int((counts == 1).sum())
