"""Numbers as texts, and the check digits of Norwegian numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms import characters

IMPOSSIBLE = 10  # a control digit of mod 11 that no digit can be; such numbers are not issued


def columns(numbers: npt.NDArray[np.uint64], width: int) -> npt.NDArray[np.int64]:
    """The decimal digits of numbers, shape (n, width), zeros in front."""
    powers = np.array([10**place for place in reversed(range(width))], np.uint64)
    return (numbers[:, None] // powers % np.uint64(10)).astype(np.int64)


def spelled(digits: npt.NDArray[np.int64]) -> pa.Array:
    """Rows of digits as texts."""
    return characters.column((digits + ord("0")).astype(np.uint8), [], [])


def numerals(numbers: npt.NDArray[np.uint64], width: int) -> pa.Array:
    """Numbers as texts of one width."""
    return spelled(columns(numbers, width))


def mod11(digits: npt.NDArray[np.int64], weights: Sequence[int]) -> npt.NDArray[np.int64]:
    """The control digit of rows of digits; `IMPOSSIBLE` where there is none."""
    control: npt.NDArray[np.int64] = -(digits @ np.array(weights, np.int64)) % 11
    return control


def luhn(digits: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The control digit of rows of digits by ISO/IEC 7812-1, annex B."""
    doubled = digits[:, ::-1].copy()
    doubled[:, ::2] *= 2
    total = (doubled // 10 + doubled % 10).sum(axis=1)
    control: npt.NDArray[np.int64] = -total % 10
    return control
