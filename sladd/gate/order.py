"""Whether the rows of a file stand in the order of their own values, which tells nothing more.

In any other order a row's place could be that of the source: a number nobody wrote, and a key.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


def out_of_order(path: Path) -> int:
    """How many rows of a Parquet file are less than the row before: column by column, NULL last.

    Args:
        path: of the file; one column of it is held at a time.
    """
    with pq.ParquetFile(path) as file:
        rows, names = file.metadata.num_rows, file.schema_arrow.names
        if rows < 2:
            return 0
        tied, wrong = np.ones(rows - 1, bool), 0
        for name in names:
            values = file.read(columns=[name]).column(0).combine_chunks()
            if pa.types.is_dictionary(values.type):
                values = values.cast(values.type.value_type)
            less, more = _steps(values)
            wrong += int((tied & less).sum())
            tied &= ~(less | more)
            if not tied.any():
                break
    return wrong


def _steps(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Where a value is less, and where it is more, than the one before."""
    unknown = [np.asarray(values.is_null())]
    if pa.types.is_floating(values.type):
        unknown.append(np.asarray(pc.is_nan(values).fill_null(False)))
    before, after = values[:-1], values[1:]
    less = np.asarray(pc.less(after, before).fill_null(False))
    more = np.asarray(pc.greater(after, before).fill_null(False))
    for flags in reversed(unknown):  # NaN stands after every number, NULL after that
        one, other = flags[:-1], flags[1:]
        less = np.where(one != other, one, less)
        more = np.where(one != other, other, more)
    if pa.types.is_floating(values.type):
        # -0.0 stands before 0.0 and is equal to it: such neighbours are no tie.
        more |= np.asarray(pc.and_(pc.equal(before, 0.0), pc.equal(after, 0.0)).fill_null(False))
    return less, more
