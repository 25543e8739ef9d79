"""Rows of characters as an Arrow column of text, without a Python object for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def column(table: npt.NDArray[np.uint8], absent: Sequence[int], missing: Sequence[int]) -> pa.Array:
    """Rows of one width as texts.

    Args:
        table: shape (n, w), ASCII.
        absent: places that become "".
        missing: those of them that become null instead.

    Returns:
        Shape (n,), string.
    """
    count = len(table)
    lengths = np.full(count, table.shape[1], np.int32)
    there: npt.NDArray[np.bool_] = np.ones(count, np.bool_)
    empty = np.asarray(absent, np.intp)
    there[empty] = False
    lengths[empty] = 0
    return strings(table[there] if len(empty) else table, lengths, missing)


def strings(
    characters: npt.NDArray[np.uint8], lengths: npt.NDArray[np.int32], missing: Sequence[int]
) -> pa.Array:
    """Characters one after another as texts of the given lengths; `missing` are null."""
    count = len(lengths)
    offsets = np.concatenate([np.zeros(1, np.int32), np.cumsum(lengths, dtype=np.int32)])
    validity = None
    if len(missing):
        valid = np.ones(count, np.bool_)
        valid[np.asarray(missing, np.intp)] = False
        validity = pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())
    return pa.StringArray.from_buffers(
        count,
        pa.py_buffer(offsets.tobytes()),
        pa.py_buffer(np.ascontiguousarray(characters).tobytes()),
        validity,
        len(missing),
    )
