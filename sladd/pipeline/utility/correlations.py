"""How strongly pairs of columns hang together, in the source and in the release."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from sladd.pipeline.utility.compared import ColumnCounts, Floats, Integers
from sladd.release.utility import Correlation

BINS = 20  # of a number that is held against categories
_DENSE = 1 << 16
MOST_PAIRS = 66  # of 12 columns, the most that are searched exhaustively


def correlations(
    columns: Sequence[ColumnCounts], left_out: npt.NDArray[np.bool_]
) -> tuple[Correlation, ...]:
    """Every pair of columns.

    Two columns of numbers or dates by Pearson's r, a class of the release standing for the mean
    of its values; other pairs by Cramér's V, numbers in 20 bands that are equally full.

    Args:
        columns: as counts.
        left_out: shape (rows,).
    """
    pairs = list(combinations(columns, 2))[:MOST_PAIRS]
    kept = ~left_out
    return tuple(_pair(one, other, kept) for one, other in pairs)


def _pair(one: ColumnCounts, other: ColumnCounts, kept: npt.NDArray[np.bool_]) -> Correlation:
    names = (one.name, other.name)
    if one.numbers is not None and other.numbers is not None:
        before = pearson(one.numbers[one.codes], other.numbers[other.codes])
        means = [each.mean_numbers()[each.classes][each.codes[kept]] for each in (one, other)]
        after = pearson(*means)
        return Correlation(columns=names, measure="pearson", before=before, after=after)
    before = cramers_v(_banded(one)[one.codes], _banded(other)[other.codes])
    after = cramers_v(one.classes[one.codes[kept]], other.classes[other.codes[kept]])
    return Correlation(columns=names, measure="cramers_v", before=before, after=after)


def _banded(column: ColumnCounts) -> Integers:
    """Shape (values,): the value itself, or the band of a number."""
    if column.numbers is None or len(column.values) <= BINS:
        return np.arange(len(column.values))
    reached = np.cumsum(column.before) - column.before / 2  # values stand ascending
    found = (reached / column.before.sum() * BINS).astype(np.int64)
    return np.where(np.isfinite(column.numbers), found, BINS)


def pearson(one: Floats, other: Floats) -> float:
    """Pearson's r over the rows where both are known; 0 where one does not vary.

    Args:
        one: shape (rows,), NaN for no value.
        other: shape (rows,).
    """
    known = np.isfinite(one) & np.isfinite(other)
    if known.sum() < 2:
        return 0.0
    a, b = one[known] - one[known].mean(), other[known] - other[known].mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    # What is left of a constant after its mean is taken away is rounding.
    flat = max(np.abs(a).max() / (np.abs(one[known]).max() or 1), 0) < 1e-12
    if scale == 0 or flat:
        return 0.0
    return round(float(np.clip((a @ b) / scale, -1, 1)), 4)


def cramers_v(one: Integers, other: Integers) -> float:
    """Cramér's V with the bias taken out that many values in few rows give it.

    Args:
        one: shape (rows,), codes.
        other: shape (rows,), codes.

    Source: Bergsma 2013, A bias-correction for Cramér's V and Tschuprow's T, §3.
    """
    rows = len(one)
    if rows < 2:
        return 0.0
    size = int(other.max()) + 1
    cells, counts = _cells(one * size + other, (int(one.max()) + 1) * size)
    of_one, of_other = np.bincount(one), np.bincount(other)
    left, right = int(np.count_nonzero(of_one)), int(np.count_nonzero(of_other))
    if min(left, right) < 2:
        return 0.0
    expected = of_one[cells // size].astype(float) * of_other[cells % size]
    phi = float((counts.astype(float) ** 2 / expected).sum()) - 1
    corrected = max(0.0, phi - (left - 1) * (right - 1) / (rows - 1))
    smaller = min(n - (n - 1) ** 2 / (rows - 1) for n in (left, right))
    if smaller <= 1:
        return 0.0
    return round(float(min(1.0, np.sqrt(corrected / (smaller - 1)))), 4)


def _cells(keys: Integers, space: int) -> tuple[Integers, Integers]:
    """Distinct keys and how often each is there; counting beats sorting where they are few."""
    if space > max(_DENSE, 4 * len(keys)):
        return np.unique(keys, return_counts=True)
    counts = np.bincount(keys, minlength=space)
    present = np.flatnonzero(counts)
    return present, counts[present]
