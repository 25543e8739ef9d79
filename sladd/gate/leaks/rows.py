"""What rows tell beside their cells: their order, numbers, moments, and the files' statistics."""

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
from sladd.gate.leaks.release import Made
from sladd.model import Check
from sladd.release import Manifest, ReleaseColumn, ReleaseTable

FEWEST_ROWS = 50  # below that a column of few numbers is dense by chance
_DENSE = 1.5  # numbers a row: deleted and left-out rows leave gaps
_SECOND = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def check_rows(
    folder: Path, manifest: Manifest, columns: Sequence[Made], persons: Mapping[str, str]
) -> Iterator[Check]:
    """Order, row numbers, moments and statistics of every table."""
    by_name = {(c.table, c.column): c for c in columns}
    wrong = [check for t in manifest.tables for check in _order(folder, t)]
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


def _order(folder: Path, table: ReleaseTable) -> Iterator[Check]:
    """Rows in the order of their own values say nothing of the order in the source."""
    wrong = next((f.path for f in table.files if not _sorted(folder / f.path)), "")
    if wrong:
        detail = (
            f"rows of {wrong} stand in another order than that of their values, which may be the"
            " source's; publish the release anew"
        )
        yield Check("order of rows", False, detail, table.name)


def _sorted(path: Path) -> bool:
    """Whether some column leads, and all others follow in their order where it ties."""
    with pq.ParquetFile(path) as opened:
        names = opened.schema_arrow.names
        rows = opened.metadata.num_rows
        if rows < 2:
            return True
        for number, name in enumerate(names):
            compared = _compared(_read(opened, name))
            if compared is None:
                continue
            if (compared > 0).any():
                continue
            if _follow(opened, names, number, np.flatnonzero(compared == 0)):
                return True
        # Lists and structs have no order here; one of them may lead.
        return any(pa.types.is_nested(field.type) for field in opened.schema_arrow)


def _follow(opened: pq.ParquetFile, names: Sequence[str], leads: int, tied: Any) -> bool:
    for number, name in enumerate(names):
        if number == leads or not len(tied):
            continue
        compared = _compared(_read(opened, name), tied)
        if compared is None:
            return True  # lists have no order here; their rows tie in all that comes before
        if (compared > 0).any():
            return False
        tied = tied[compared == 0]
    return True


def _read(opened: pq.ParquetFile, name: str) -> pa.Array:
    column = opened.read(columns=[name]).column(0).combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column


def _compared(column: pa.Array, at: Any = None) -> npt.NDArray[np.int8] | None:
    """-1, 0 or 1 for each row against the next; NULL last, NaN before it. None: no order."""
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    if pa.types.is_nested(column.type):
        return None
    if at is None:
        one, two = column.slice(0, len(column) - 1), column.slice(1)
    else:
        one, two = column.take(pa.array(at)), column.take(pa.array(at + 1))
    try:
        less, equal = _filled(pc.less(one, two)), _filled(pc.equal(one, two))
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
    return _filled(pc.is_nan(values))


def _filled(values: pa.Array) -> npt.NDArray[np.bool_]:
    filled = pc.fill_null(values, False)
    return np.asarray(filled.to_numpy(zero_copy_only=False), bool)


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
    if table.rows_out < FEWEST_ROWS or not column.type.startswith(("int", "uint", "string")):
        return
    numbers = _numbers(folder, table, column.name)
    if numbers is None or not len(numbers):
        return
    spread = int(numbers.max()) - int(numbers.min()) + 1
    if not table.rows_out <= spread <= _DENSE * table.rows_out:
        return
    if len(np.unique(numbers)) == table.rows_out:
        where = made.field or made.address
        gaps = spread - table.rows_out
        detail = (
            f"{table.rows_out} rows are numbered one by one, with {gaps} gaps: give {where} the"
            " transform pseudonym, drop it, or keep it by a rule of its own"
        )
        yield Check("row numbers", False, detail, made.address)


def _numbers(folder: Path, table: ReleaseTable, name: str) -> npt.NDArray[np.int64] | None:
    """All values of a column as numbers; None when one is missing or no number."""
    read = []
    for file in table.files:
        with pq.ParquetFile(folder / file.path) as opened:
            for group in range(opened.num_row_groups):
                held = opened.read_row_group(group, columns=[name]).column(0)
                if held.null_count:
                    return None
                if pa.types.is_string(held.type) and not _all_digits(held):
                    return None
                read.append(held.cast(pa.int64()).to_numpy())
    return np.concatenate(read) if read else None


def _all_digits(held: pa.ChunkedArray) -> bool:
    return pc.all(pc.match_substring_regex(held, "^[0-9]{1,18}$"), min_count=0).as_py() is True


def _moments(
    folder: Path, table: ReleaseTable, column: ReleaseColumn, made: Made, *, strict: bool
) -> Iterator[Check]:
    """Moments to a fraction of a second are a key to the row for whoever holds the source."""
    if not column.type.startswith("timestamp["):
        return
    read = []
    for file in table.files:
        with pq.ParquetFile(folder / file.path) as opened:
            held = opened.read(columns=[column.name]).column(0)
            unit = _SECOND.get(held.type.unit)
            if unit is None:
                return
            read.append(held.drop_null().cast(pa.int64()).to_numpy())
            fine = unit
    values = np.concatenate(read) if read else np.empty(0, np.int64)
    exact = values[values % fine != 0] if read else values
    _, counts = np.unique(exact, return_counts=True)
    alone = int((counts == 1).sum())
    if not alone:
        return
    detail = f"{alone} rows have a moment of their own, to a fraction of a second"
    if strict:
        detail += f": give {made.field or made.address} the transform truncate_date"
    else:
        detail += ": whoever holds the source can join them"
    yield Check("linkable moments", not strict, detail, made.address)
