"""l-diversity and t-closeness of many classes at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.anonymity.buckets import Integers, summed
from transforms.anonymity.coding import Coded, Codes, Column, coded, column
from transforms.anonymity.problem import Distance, Diversity, Sensitive
from transforms.anonymity.tuples import dense_limit

Floats = npt.NDArray[np.float64]
SLACK = 1e-9
"""Sums of shares differ from what they should be by less; a threshold met exactly is met."""

_CELLS = 4_000_000  # of a dense table of classes and values held at once: 32 MB


@dataclass(frozen=True)
class Protected:
    """A sensitive column as codes.

    Attributes:
        sensitive: what is asked of it.
        coded: its values, ascending, null last.
        tree: its hierarchy, for the hierarchical distance.
    """

    sensitive: Sensitive
    coded: Coded
    tree: Column | None

    @classmethod
    def of(cls, sensitive: Sensitive, values: pa.ChunkedArray) -> Protected:
        """Code a column."""
        tree = None
        if sensitive.distance is Distance.HIERARCHICAL:
            tree = column(sensitive.column, values, sensitive.hierarchy)
        return cls(sensitive, tree.coded if tree else coded(values), tree)

    @property
    def size(self) -> int:
        """How many values it has."""
        return len(self.coded.values)


@dataclass(frozen=True)
class Pairs:
    """How often a value stands in a class, for those pairs that there are.

    Attributes:
        places: shape (pairs,), the class of each, ascending.
        values: shape (pairs,), code of the value.
        counts: shape (pairs,), rows or persons.
        classes: how many classes there are.
    """

    places: Integers
    values: Integers
    counts: Integers
    classes: int

    @classmethod
    def count(
        cls,
        places: Integers,
        values: Integers | Codes,
        counts: Integers | None,
        shape: tuple[int, int],
    ) -> Pairs:
        """Count pairs.

        Args:
            places: shape (tuples,), class of each.
            values: shape (tuples,), code of its value.
            counts: shape (tuples,), rows of each; None for one.
            shape: number of classes and of values.
        """
        classes, size = shape
        keys = places * size + values
        if classes * size <= dense_limit(len(keys)):
            totals = summed(keys, classes * size, counts)
            found = np.flatnonzero(totals > 0)
            return cls(found // size, found % size, totals[found], classes)
        found, inverse = np.unique(keys, return_inverse=True)
        return cls(found // size, found % size, summed(inverse, len(found), counts), classes)

    @property
    def totals(self) -> Integers:
        """Shape (classes,): rows or persons of each class."""
        return summed(self.places, self.classes, self.counts)

    @property
    def distinct(self) -> Integers:
        """Shape (classes,): different values of each class."""
        return np.bincount(self.places, minlength=self.classes)

    def of(self, kept: npt.NDArray[np.bool_], size: int) -> Floats:
        """Shape (values,): shares of the values over the kept classes together."""
        here = kept[self.places]
        totals = summed(self.values[here], size, self.counts[here])
        return np.asarray(totals / max(1, int(totals.sum())), np.float64)


def not_diverse(pairs: Pairs, sensitive: Sensitive, least: float) -> npt.NDArray[np.bool_]:
    """Shape (classes,): which classes fall short of l by the column's own measure."""
    if sensitive.diversity is Diversity.DISTINCT:
        return pairs.distinct < least - SLACK
    totals = pairs.totals
    if sensitive.diversity is Diversity.ENTROPY:
        shares = pairs.counts / totals[pairs.places]
        entropy = np.bincount(
            pairs.places, weights=-shares * np.log(shares), minlength=pairs.classes
        )
        return np.asarray(entropy < np.log(least) - SLACK)
    order = np.lexsort((-pairs.counts, pairs.places))
    places, counts = pairs.places[order], pairs.counts[order]
    starts = np.concatenate(([0], np.cumsum(pairs.distinct)[:-1]))
    rank = np.arange(len(places)) - starts[places]
    tail = summed(places[rank >= least - 1], pairs.classes, counts[rank >= least - 1])
    commonest = summed(places[rank == 0], pairs.classes, counts[rank == 0])
    return np.asarray(commonest >= sensitive.c * tail - SLACK)


def held_by_all(pairs: Pairs, persons: Integers) -> npt.NDArray[np.bool_]:
    """Shape (classes,): where every person has one value among others, which so is no secret.

    Args:
        pairs: of the classes; a person counts once for each value.
        persons: shape (classes,).
    """
    return np.asarray(
        np.bincount(
            pairs.places[pairs.counts >= persons[pairs.places]], minlength=pairs.classes
        ).astype(np.bool_)
    )


def shares_beyond(
    pairs: Pairs, persons: Integers, kept: npt.NDArray[np.bool_], size: int
) -> Floats:
    """Shape (classes,): by how much the share of persons with a value exceeds that of the table.

    Where a person has several values their shares add up to more than 1, and what all have in
    common is hidden from a distance between spreads by what they have besides.

    Args:
        pairs: of the classes; a person counts once for each value.
        persons: shape (classes,).
        kept: shape (classes,), those that the table is made of.
        size: how many values there are.
    """
    here = kept[pairs.places]
    whole = summed(pairs.values[here], size, pairs.counts[here]) / max(1, int(persons[kept].sum()))
    beyond = np.zeros(pairs.classes)
    gaps = pairs.counts / persons[pairs.places] - whole[pairs.values]
    np.maximum.at(beyond, pairs.places, gaps)
    return beyond


def distances(pairs: Pairs, protected: Protected, whole: Floats) -> Floats:
    """How far the values of each class are spread otherwise than those of the table.

    Args:
        pairs: of the classes.
        protected: the column.
        whole: shape (values,), shares over the table.

    Returns:
        Shape (classes,), the earth mover's distance, 0 to 1.
    """
    shares = pairs.counts / pairs.totals[pairs.places]
    if protected.sensitive.distance is Distance.EQUAL:
        # Half the sum of differences; of a value that a class has not, the whole share.
        here = whole[pairs.values]
        more = np.bincount(
            pairs.places, weights=np.abs(shares - here) - here, minlength=pairs.classes
        )
        return np.asarray((more + whole.sum()) / 2)
    made = np.zeros(pairs.classes)
    step = max(1, _CELLS // len(whole))
    for start in range(0, pairs.classes, step):
        first, last = np.searchsorted(pairs.places, (start, start + step))
        part = slice(int(first), int(last))
        size = min(step, pairs.classes - start)
        gaps = np.tile(-whole, (size, 1))
        gaps[pairs.places[part] - start, pairs.values[part]] += shares[part]
        made[start : start + size] = (
            _over_tree(gaps, protected.tree) if protected.tree else _in_order(gaps)
        )
    return made


def _in_order(gaps: Floats) -> Floats:
    """Li et al. 2007, §5.1: what passes each border between neighbours."""
    steps = gaps.shape[1] - 1
    if steps == 0:
        return np.zeros(len(gaps))
    return np.asarray(np.abs(np.cumsum(gaps, axis=1)[:, :-1]).sum(axis=1) / steps)


def _over_tree(gaps: Floats, tree: Column) -> Floats:
    """Li et al. 2007, §5.2: what moves between the children of each node, by its height.

    The root is the level at which all values of the column are one class.
    """
    height = max(1, tree.numbers[-1])
    total = np.zeros(len(gaps))
    below = gaps
    for level in range(1, len(tree.classes)):
        up = tree.between(level - 1, level)
        more, less = (
            _gathered(np.clip(sign * below, 0.0, None), up, tree.size(level)) for sign in (1, -1)
        )
        total += np.minimum(more, less).sum(axis=1) * tree.numbers[level] / height
        below = more - less
    return total


def _gathered(parts: Floats, up: Integers, size: int) -> Floats:
    gathered = np.zeros((size, len(parts)))
    np.add.at(gathered, up, parts.T)
    return gathered.T
