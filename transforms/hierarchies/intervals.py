"""A hierarchy of numbers whose bands are fitted to a column: of equal width, or of equal filling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms import arrays, bands


@dataclass(frozen=True)
class Intervals:
    """A hierarchy of numbers in bands between edges.

    Attributes:
        name: what a rule calls it.
        edges: for every level but the first, ascending; those of a level are among those of the
            level before it, so that each band lies within one of the next level.
    """

    name: str
    edges: tuple[tuple[Decimal, ...], ...]

    @property
    def levels(self) -> tuple[str, ...]:
        """The number of bands stands for the level; see `Hierarchy`."""
        return ("value", *(f"{len(level) + 1} bands" for level in self.edges))

    def generalise(self, values: pa.Array, level: int) -> pa.Array:
        """The bands of numbers; null for what is no number; see `Hierarchy`."""
        if not 0 <= level < len(self.levels):
            raise IndexError(level)
        values = arrays.plain(values)
        if level == 0:
            return values
        numbers = _numbers(values)
        edges = self.edges[level - 1]
        limits = np.array([float(edge) for edge in edges])
        below = edges[0] - 1
        labels = pa.array([bands.by_edges(value, edges) for value in (below, *edges)])
        found = np.searchsorted(limits, numbers.fill_null(0.0).to_numpy(), side="right")
        return labels.take(pa.array(found, mask=numbers.is_null().to_numpy(zero_copy_only=False)))


def equal_width(name: str, values: pa.Array, bins: Sequence[int]) -> Intervals:
    """Bands of equal width over the range of a column.

    Args:
        name: of the hierarchy.
        values: shape (n,), numbers.
        bins: how many bands at each level, finest first, each a multiple of the next.

    Raises:
        ValueError: a band would not lie within one of the next level, or there are no numbers.
    """
    _check(bins)
    numbers = _finite(values)
    cuts = np.linspace(numbers.min(), numbers.max(), bins[0] + 1)
    return Intervals(name, _thinned(_rounded(cuts[1:-1], np.diff(cuts)[1:]), bins))


def equal_frequency(name: str, values: pa.Array, bins: Sequence[int]) -> Intervals:
    """Bands that hold about as many rows each.

    Edges are rounded: a quantile as it is would be the value of a person.

    Args:
        name: of the hierarchy.
        values: shape (n,), numbers.
        bins: how many bands at each level, finest first, each a multiple of the next.

    Raises:
        ValueError: a band would not lie within one of the next level, or there are no numbers.
    """
    _check(bins)
    numbers = _finite(values)
    shares = np.arange(1, bins[0]) / bins[0]
    near = 0.5 / bins[0]
    gaps = np.quantile(numbers, shares + near) - np.quantile(numbers, shares - near)
    return Intervals(name, _thinned(_rounded(np.quantile(numbers, shares), gaps), bins))


def _check(bins: Sequence[int]) -> None:
    if not bins or bins[-1] < 2 or any(a <= b or a % b for a, b in pairwise(bins)):
        raise ValueError("each number of bands is a multiple of the next, which is at least 2")


def _finite(values: pa.Array) -> npt.NDArray[np.float64]:
    numbers = _numbers(arrays.plain(values)).drop_null().to_numpy()
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        raise ValueError("there are no numbers to fit bands to")
    return np.asarray(numbers, np.float64)


def _rounded(cuts: npt.NDArray[np.float64], gaps: npt.NDArray[np.float64]) -> list[Decimal]:
    """Cuts to a power of ten that is at most a tenth of the gap around each.

    Where there is no gap, many rows share the value and it may stand.
    """
    rounded = []
    for cut, gap in zip(cuts.tolist(), gaps.tolist(), strict=True):
        digits = -math.floor(math.log10(gap / 10)) if gap / 10 > 0 else None
        rounded.append(Decimal(str(cut if digits is None else round(cut, digits))))
    return rounded


def _thinned(cuts: Sequence[Decimal], bins: Sequence[int]) -> tuple[tuple[Decimal, ...], ...]:
    """The edges of each level: those of the finest, ever fewer of them."""
    steps = [bins[0] // count for count in bins]
    return tuple(tuple(sorted(set(cuts[step - 1 :: step]))) for step in steps)


def _numbers(values: pa.Array) -> pa.Array:
    kind = values.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        found = values.cast(pa.float64(), safe=False)
        return pc.if_else(pc.is_nan(found), None, found)
    texts = values.cast(pa.string())

    def number(text: str) -> str | None:
        read = bands.number(text)
        return None if read is None else str(float(read))

    return arrays.per_text(texts, number).cast(pa.float64())
