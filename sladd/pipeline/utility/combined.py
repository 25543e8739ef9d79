"""Several columns of codes as one: equal keys are equal rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_LARGEST = 2**62  # keys stay within 64 bits


def combined(codes: Sequence[npt.NDArray[np.integer]], rows: int) -> npt.NDArray[np.int64]:
    """One key for each row: the codes as digits of a mixed radix.

    Args:
        codes: shape (rows,) each, from 0.
        rows: how many there are, where there is no column.
    """
    key = np.zeros(rows, np.int64)
    space = 1
    for each in codes:
        size = int(each.max(initial=0)) + 1
        if space * size > _LARGEST:
            _, key = np.unique(key, return_inverse=True)
            space = int(key.max(initial=0)) + 1
        key = key * size + each
        space *= size
    return key
