"""What generalisation loses: the normalised certainty penalty.

Source: Xu et al. 2006, Utility-Based Anonymization Using Local Recoding, §2: a number's interval
over the range of the column, a category's values over all values, and nothing for a value kept.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def lost_precision(values: pa.Array, classes: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The penalty of each class.

    Args:
        values: shape (distinct,), of a column.
        classes: shape (distinct,), codes from 0.

    Returns:
        Shape (classes,), from 0 for a single value to 1 for the class of everything.
    """
    size = int(classes.max()) + 1
    members = np.bincount(classes, minlength=size)
    numbers = _numbers(values)
    lost = members / len(values) if numbers is None else _intervals(numbers, classes, size)
    lost[members == 1] = 0.0
    lost[members == len(values)] = 1.0 if len(values) > 1 else 0.0
    return lost


def _intervals(
    numbers: npt.NDArray[np.float64], classes: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.float64]:
    known = np.isfinite(numbers)
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(low, classes[known], numbers[known])
    np.maximum.at(high, classes[known], numbers[known])
    span = numbers[known].max() - numbers[known].min() if known.any() else 0.0
    lost = (high - low) / span if span > 0 else np.ones(size)
    lost[classes[~known]] = 1.0  # a number or none: nothing is known
    return np.asarray(np.clip(lost, 0.0, 1.0), np.float64)


def _numbers(values: pa.Array) -> npt.NDArray[np.float64] | None:
    """Numbers and dates as floats, null as NaN; None for anything else."""
    kind = values.type
    if pa.types.is_date(kind):
        values = values.cast(pa.date32()).cast(pa.int32())
    elif pa.types.is_timestamp(kind):
        values = values.cast(pa.int64())
    elif not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        return None
    return np.asarray(values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))
