"""How the values of one column are spread, before and after: distances, and classes to show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sladd.pipeline.utility.compared import ColumnCounts, Floats, Integers
from sladd.release.utility import ShownClass
from transforms import bands

MOST_SHOWN = 12  # bars that a small plot holds


def total_variation(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> float:
    """Half the sum of the differences of two sets of shares.

    Args:
        before: shape (values,), counts.
        after: shape (values,), counts of the same values.
    """
    if not before.sum() or not after.sum():
        return float(bool(before.sum()) != bool(after.sum()))
    return float(np.abs(before / before.sum() - after / after.sum()).sum() / 2)


def wasserstein(numbers: Floats, before: Floats, after: Floats) -> float | None:
    """The 1-Wasserstein distance of two distributions over the range of the numbers.

    Args:
        numbers: shape (values,), NaN for no value, which is left out.
        before: shape (values,), counts.
        after: shape (values,), counts.

    Source: Vallender 1974, Calculation of the Wasserstein distance on the line.
    """
    known = np.isfinite(numbers)
    order = np.argsort(numbers[known], kind="stable")
    places, one, other = (a[known][order] for a in (numbers, before, after))
    if not one.sum() or not other.sum():
        return None
    span = places[-1] - places[0]
    if span <= 0:
        return 0.0
    apart = np.abs(np.cumsum(one) / one.sum() - np.cumsum(other) / other.sum())
    return float(np.clip((apart[:-1] * np.diff(places)).sum() / span, 0, 1))


def shown(column: ColumnCounts, k: int) -> tuple[tuple[ShownClass, ...], ShownClass | None, bool]:
    """Classes that at least k persons share, the rest in one, and whether they have an order.

    Args:
        column: as counts.
        k: fewest persons of a class that is named.
    """
    texts, before, after, ordered = _bars(column)
    named = _nameable(before, after, k)
    order = np.arange(len(texts)) if ordered else np.argsort(-before, kind="stable")
    picked = [int(i) for i in order if named[i]]
    if ordered and len(picked) > MOST_SHOWN:
        return _grouped(texts, before, after, picked, k)
    if len(picked) > MOST_SHOWN:
        picked = picked[:MOST_SHOWN]
    bars = [ShownClass(text=texts[i], before=int(before[i]), after=int(after[i])) for i in picked]
    return *_with_others(bars, int(before.sum()), int(after.sum()), k), ordered


def _nameable(before: Integers, after: Integers, k: int) -> npt.NDArray[np.bool_]:
    apart = np.abs(before - after)
    return np.asarray((before >= k) & (after >= k) & ((apart == 0) | (apart >= k)))


def _with_others(
    bars: list[ShownClass], before: int, after: int, k: int
) -> tuple[tuple[ShownClass, ...], ShownClass | None]:
    """Fold the smallest into the others until these, which anyone can work out, hide enough."""
    while bars:
        rest_before = before - sum(bar.before for bar in bars)
        rest_after = after - sum(bar.after for bar in bars)
        if rest_before == rest_after == 0:
            return tuple(bars), None
        if _nameable(np.array([rest_before]), np.array([rest_after]), k)[0]:
            return tuple(bars), ShownClass(text=None, before=rest_before, after=rest_after)
        bars.remove(min(bars, key=lambda bar: bar.before))
    return (), None


def _grouped(
    texts: Sequence[str | None], before: Integers, after: Integers, picked: list[int], k: int
) -> tuple[tuple[ShownClass, ...], ShownClass | None, bool]:
    """Neighbours together, so that a long scale fits; each is named by its first and last."""
    bars = []
    for group in np.array_split(np.array(picked), MOST_SHOWN):
        first, last = texts[group[0]], texts[group[-1]]
        text = first if len(group) == 1 else f"{first} … {last}"
        bars.append(
            ShownClass(text=text, before=int(before[group].sum()), after=int(after[group].sum()))
        )
    return *_with_others(bars, int(before.sum()), int(after.sum()), k), True


def _bars(column: ColumnCounts) -> tuple[list[str | None], Integers, Integers, bool]:
    """Text, rows before and after of each class; numbers and dates as they are get bands."""
    before, after = column.before_by_class(), column.after
    plain = column.numbers is not None and not _is_text(column.texts)
    if plain and len(after) > MOST_SHOWN:
        texts, places = _banded(column)
        sizes = len(texts)
        return (
            texts,
            np.bincount(places, weights=before, minlength=sizes).astype(np.int64),
            np.bincount(places, weights=after, minlength=sizes).astype(np.int64),
            True,
        )
    texts = [None if value is None else str(value) for value in column.texts.to_pylist()]
    if column.numbers is None:
        return texts, before, after, False
    order = np.argsort(column.mean_numbers(), kind="stable")  # NaN, no value, comes last
    return [texts[i] for i in order], before[order], after[order], True


def _is_text(values: pa.Array) -> bool:
    return bool(pa.types.is_string(values.type) or pa.types.is_large_string(values.type))


def _banded(column: ColumnCounts) -> tuple[list[str | None], Integers]:
    """Bands with round edges, open at both ends: no edge is a value because someone has it."""
    if pa.types.is_temporal(column.texts.type):
        labels = [None if v is None else f"{v.year:04d}" for v in column.texts.to_pylist()]
    else:
        numbers = column.mean_numbers()
        known = numbers[np.isfinite(numbers)]
        # The outermost bands are open, so that the extremes decide neither edges nor width.
        low, high = np.quantile(known, [0.02, 0.98]) if len(known) else (0.0, 1.0)
        edges = round_edges(float(low), float(high))
        labels = [
            bands.by_edges(Decimal(str(n)), edges) if math.isfinite(n) else None for n in numbers
        ]
        order = {bands.by_edges(edge, edges): place for place, edge in enumerate(edges, 1)}
        found = sorted({one for one in labels if one is not None}, key=lambda b: order.get(b, 0))
        return _placed(labels, found)
    return _placed(labels, sorted({one for one in labels if one is not None}))


def _placed(
    labels: Sequence[str | None], order: Sequence[str]
) -> tuple[list[str | None], Integers]:
    texts: list[str | None] = [*order]
    if None in labels:
        texts.append(None)
    place = {text: number for number, text in enumerate(texts)}
    return texts, np.array([place[label] for label in labels], np.int64)


def round_edges(low: float, high: float, most: int = MOST_SHOWN - 2) -> tuple[Decimal, ...]:
    """Edges at multiples of 1, 2 or 5 times a power of ten, at most `most` steps between.

    >>> [str(edge) for edge in round_edges(0, 40)]
    ['0', '5', '10', '15', '20', '25', '30', '35', '40']
    """
    if not high > low:
        return (Decimal(str(round(low))),)
    rough = (high - low) / most
    power = Decimal(10) ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if float(power * m) >= rough - 1e-12)
    first, last = math.floor(low / float(step)), math.ceil(high / float(step))
    return tuple((step * n).normalize() + 0 for n in range(first, last + 1))
