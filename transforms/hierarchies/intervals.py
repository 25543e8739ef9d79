"""A hierarchy of numbers whose bands are fitted to a column: of equal width, or of equal filling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
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
    low, high, numbers = _range(values)
    del numbers
    cuts = [low + (high - low) * step / bins[0] for step in range(1, bins[0])]
    return Intervals(name, _thinned(cuts, bins, high - low))


def equal_frequency(name: str, values: pa.Array, bins: Sequence[int]) -> Intervals:
    """Bands that hold about as many rows each.

    Edges are rounded to a tenth of the mean width of a band: an unrounded quantile is the value
    of a person.

    Args:
        name: of the hierarchy.
        values: shape (n,), numbers.
        bins: how many bands at each level, finest first, each a multiple of the next.

    Raises:
        ValueError: a band would not lie within one of the next level, or there are no numbers.
    """
    low, high, numbers = _range(values)
    cuts = np.quantile(numbers, [step / bins[0] for step in range(1, bins[0])])
    return Intervals(name, _thinned(cuts.tolist(), bins, high - low))


def _range(values: pa.Array) -> tuple[float, float, np.ndarray]:
    numbers = _numbers(arrays.plain(values)).drop_null().to_numpy()
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        raise ValueError("there are no numbers to fit bands to")
    return float(numbers.min()), float(numbers.max()), numbers


def _thinned(
    cuts: Sequence[float], bins: Sequence[int], span: float
) -> tuple[tuple[Decimal, ...], ...]:
    """Rounded edges of each level: those of the finest, ever fewer of them."""
    steps = [bins[0] // count if count > 0 and bins[0] % count == 0 else 0 for count in bins]
    nested = all(after % before == 0 for before, after in zip(steps, steps[1:], strict=False) if before)
    if not bins or bins[-1] < 2 or 0 in steps or not nested or len(set(bins)) < len(bins):
        raise ValueError("each number of bands is a multiple of the next, which is at least 2")
    digits = -math.floor(math.log10(span / bins[0] / 10)) if span > 0 else 0
    rounded = [Decimal(str(round(cut, digits))) for cut in cuts]
    levels = (tuple(sorted(set(rounded[step - 1 :: step]))) for step in steps)
    return tuple(levels)


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
