"""Two releases of the same persons, each in its own classes: among how many somebody still hides.

Whoever knows somebody's quasi-identifiers knows the class of that person in either release. What
goes out as it is (a sum, a score) stands in both: rows of one class whose values the other class
does not have are somebody else's. With levels of which one is throughout coarser nothing is lost;
with an age in one release and a postcode in the other, few may be left.

Source: Ganta, Kasiviswanathan and Smith 2008, Composition Attacks and Auxiliary Information in
Data Privacy (KDD), §2: the intersection attack.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

_FEW = 16  # values of a class, commonest first; most pairs reach k with these
_AT_ONCE = 2_000_000  # values looked up at once: 100 MB


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Whom two releases single out together.

    Attributes:
        persons: who hide among fewer than k.
        least: the fewest rows that one of them may be; 0 where there is nobody.
        more: whether the count was broken off once somebody was found.
    """

    persons: int = 0
    least: int = 0
    more: bool = False


def narrowed(former: Integers, present: Integers, values: Integers, k: int) -> Narrowed:
    """Count the persons who hide among fewer than k rows of both releases.

    Args:
        former: shape (rows,), class in the earlier release; -1 where it left the row out.
        present: shape (rows,), class in this one; -1 where it leaves the row out.
        values: shape (rows,), one number for all that goes out as it is.
        k: fewest rows to hide among.
    """
    both = (former >= 0) & (present >= 0)
    if not both.any():
        return Narrowed()
    width = int(present.max()) + 1
    pairs, persons = np.unique(former[both] * width + present[both], return_counts=True)
    # Those in both classes have the same values in both: there are at least so many.
    few = persons < k
    pairs, persons = pairs[few], persons[few]
    span = int(values.max()) + 1
    one, other = _Side.of(former, values, span), _Side.of(present, values, span)
    reached = _candidates(one, other, pairs // width, pairs % width, _FEW)
    pairs, persons = pairs[reached < k], persons[reached < k]
    return _counted(one, other, pairs, persons, width, k)


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
        """How many values each of some classes has."""
        return np.asarray(self.starts[classes + 1] - self.starts[classes], np.int64)

    def rows(self, classes: Integers, values: Integers) -> Integers:
        """How many rows of a class have a value."""
        keys = classes * self.span + values
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.by_key[at], 0)


def _candidates(
    one: _Side, other: _Side, left: Integers, right: Integers, limit: int
) -> npt.NDArray[np.int64]:
    """Shape (pairs,): rows that somebody in both classes may be, by the commonest values alone."""
    found = np.zeros(len(left), np.int64)
    shorter = one.lengths(left) <= other.lengths(right)
    for side, where, beside, there, chosen in (
        (one, left, other, right, np.flatnonzero(shorter)),
        (other, right, one, left, np.flatnonzero(~shorter)),
    ):
        lengths = np.minimum(side.lengths(where[chosen]), limit)
        ends = np.cumsum(lengths)
        cuts = _cuts(ends)
        for first, last in zip(cuts, (*cuts[1:], len(chosen)), strict=True):
            part, sizes = chosen[first:last], lengths[first:last]
            pair = np.repeat(part, sizes)
            step = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            entry = side.starts[where[pair]] + step
            rows = beside.rows(there[pair], side.values[entry])
            found += np.bincount(
                pair, weights=np.minimum(rows, side.counts[entry]), minlength=len(left)
            ).astype(np.int64)
    return found


def _counted(
    one: _Side, other: _Side, pairs: Integers, persons: Integers, width: int, k: int
) -> Narrowed:
    """Those of the remaining pairs below k, with every value looked at; stops once some are found."""
    left, right = pairs // width, pairs % width
    work = np.cumsum(np.minimum(one.lengths(left), other.lengths(right)))
    cuts = _cuts(work)
    for first, last in zip(cuts, (*cuts[1:], len(pairs)), strict=True):
        part = slice(int(first), int(last))
        reached = _candidates(one, other, left[part], right[part], one.span)
        if (few := reached < k).any():
            return Narrowed(
                int(persons[part][few].sum()), int(reached[few].min()), bool(last < len(pairs))
            )
    return Narrowed()


def _cuts(work: Integers) -> Integers:
    """Where to begin anew, so that little more than `_AT_ONCE` is looked up at once."""
    total = int(work[-1]) if len(work) else 0
    return np.searchsorted(work, np.arange(0, max(1, total), _AT_ONCE))
