"""Releases of the same persons, each in its own classes: among how many somebody still hides.

Whoever knows somebody's quasi-identifiers knows the class of that person in each release. What
goes out as it is (a sum, a score) stands in all: rows of one class whose values another class
does not have are somebody else's. With levels of which one is throughout coarser nothing is lost;
with an age in one release and a postcode in the other, few may be left, and with a sex in a third
fewer still.

Source: Ganta, Kasiviswanathan and Smith 2008, Composition Attacks and Auxiliary Information in
Data Privacy (KDD), §2: the intersection attack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sladd.pipeline.utility.combined import combined

Integers = npt.NDArray[np.int64]

_FEW = 16  # values of a class, commonest first; most pairs reach k with these
_AT_ONCE = 2_000_000  # values looked up at once: 100 MB


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Whom releases single out together.

    Attributes:
        persons: who hide among fewer than k.
        least: the fewest rows that one of them may be; 0 where there is nobody.
        more: whether the count was broken off once somebody was found.
    """

    persons: int = 0
    least: int = 0
    more: bool = False


def narrowed(divisions: Sequence[Integers], values: Integers, k: int) -> Narrowed:
    """Count the persons who hide among fewer than k rows of all releases that they are in.

    Args:
        divisions: of each release, shape (rows,): the class of each row, -1 where it was left out;
            the last is this one. Who is in none of the earlier ones is not asked about.
        values: shape (rows,), one number for all that goes out as it is.
        k: fewest rows to hide among.
    """
    *former, present = divisions
    former = [each for each in former if (each >= 0).any()]
    divisions = [*former, present]
    both = (present >= 0) & np.any([each >= 0 for each in former], axis=0)
    if not both.any():
        return Narrowed()
    codes = combined([each[both] + 1 for each in divisions], int(both.sum()))
    _, first, persons = np.unique(codes, return_index=True, return_counts=True)
    # Those in the same classes have the same values in all: there are at least so many.
    few = persons < k
    classes, persons = np.stack([each[both][first[few]] for each in divisions]), persons[few]
    span = int(values.max()) + 1
    sides = [_Side.of(each, values, span) for each in divisions]
    reached = _candidates(sides, classes, _FEW)
    return _counted(sides, classes[:, reached < k], persons[reached < k], k)


@dataclass(frozen=True)
class _Side:
    """Of each class the values that stand in it, commonest first.

    Attributes:
        starts: shape (classes + 1,), where the values of each class begin.
        values: shape (entries,).
        counts: shape (entries,), rows of each.
        keys: shape (entries,), class and value as one number, ascending.
        by_key: shape (entries,), rows of each.
        span: of the values.
    """

    starts: Integers
    values: Integers
    counts: Integers
    keys: Integers
    by_key: Integers
    span: int

    @classmethod
    def of(cls, classes: Integers, values: Integers, span: int) -> _Side:
        inside = classes >= 0
        keys, counts = np.unique(classes[inside] * span + values[inside], return_counts=True)
        order = np.lexsort((-counts, keys // span))
        starts = np.searchsorted(keys // span, np.arange(int(classes.max()) + 2))
        return cls(starts, (keys % span)[order], counts[order], keys, counts, span)

    def lengths(self, classes: Integers) -> Integers:
        """How many values each of some classes has; more than any where there is no class."""
        lengths = self.starts[classes + 1] - self.starts[classes]
        return np.where(classes >= 0, lengths, np.iinfo(np.int64).max)

    def rows(self, classes: Integers, values: Integers) -> Integers:
        """How many rows of a class have a value; any number where there is no class."""
        keys = classes * self.span + values
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        rows = np.where(self.keys[at] == keys, self.by_key[at], 0)
        return np.where(classes >= 0, rows, np.iinfo(np.int64).max)


def _candidates(sides: Sequence[_Side], classes: Integers, limit: int) -> npt.NDArray[np.int64]:
    """Rows that somebody in one class of each release may be, by the commonest values alone.

    Args:
        sides: the releases.
        classes: shape (releases, tuples), -1 where a release says nothing.
        limit: values of the smallest class that are looked at.

    Returns:
        Shape (tuples,).
    """
    found = np.zeros(classes.shape[1], np.int64)
    lengths_of = np.stack([side.lengths(at) for side, at in zip(sides, classes, strict=True)])
    shortest = lengths_of.argmin(axis=0)
    for place, side in enumerate(sides):
        chosen = np.flatnonzero(shortest == place)
        lengths = np.minimum(lengths_of[place, chosen], limit)
        cuts = _cuts(np.cumsum(lengths))
        for first, last in zip(cuts, (*cuts[1:], len(chosen)), strict=True):
            part, sizes = chosen[first:last], lengths[first:last]
            each = np.repeat(part, sizes)
            step = np.arange(len(each)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            entry = side.starts[classes[place, each]] + step
            rows = side.counts[entry]
            for other, beside in enumerate(sides):
                if other != place:
                    there = beside.rows(classes[other, each], side.values[entry])
                    rows = np.minimum(rows, there)
            found += np.bincount(each, weights=rows, minlength=len(found)).astype(np.int64)
    return found


def _counted(sides: Sequence[_Side], classes: Integers, persons: Integers, k: int) -> Narrowed:
    """Those of the rest below k, with every value looked at; stops once some are found."""
    lengths = np.stack([side.lengths(at) for side, at in zip(sides, classes, strict=True)])
    cuts = _cuts(np.cumsum(lengths.min(axis=0)))
    for first, last in zip(cuts, (*cuts[1:], len(persons)), strict=True):
        part = slice(int(first), int(last))
        reached = _candidates(sides, classes[:, part], sides[0].span)
        if (few := reached < k).any():
            return Narrowed(
                int(persons[part][few].sum()), int(reached[few].min()), bool(last < len(persons))
            )
    return Narrowed()


def _cuts(work: Integers) -> Integers:
    """Where to begin anew, so that little more than `_AT_ONCE` is looked up at once."""
    total = int(work[-1]) if len(work) else 0
    return np.searchsorted(work, np.arange(0, max(1, total), _AT_ONCE))
