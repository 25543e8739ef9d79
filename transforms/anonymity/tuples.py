"""Distinct tuples of quasi-identifiers with how many rows have them, and their classes at a node.

A tuple at a node becomes one integer: the codes of its columns as digits of a mixed radix. Equal
integers are one class.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from transforms.anonymity.buckets import Buckets, Integers, Node, summed
from transforms.anonymity.coding import Codes, Column

_JOINT = 1 << 12  # 32 KB of steps: they stay in the cache of a core
_LARGEST = 2**62  # keys and their sums stay within 64 bits
_LOST = -1  # the stride of a digit that cannot be read back


@dataclass(frozen=True)
class Tuples:
    """Tuples at one node.

    Attributes:
        columns: the quasi-identifiers.
        node: level of the codes in each column.
        codes: shape (tuples,) for each column.
        others: shape (tuples,) for each further column that is never generalised: sensitive ones,
            the person.
        other_sizes: how many values each of these has.
        counts: shape (tuples,), rows of each; None where each is one row.
    """

    columns: Sequence[Column]
    node: Node
    codes: Sequence[Codes]
    others: Sequence[Codes]
    other_sizes: tuple[int, ...]
    counts: Integers | None

    @property
    def size(self) -> int:
        """How many tuples there are."""
        return len(self.codes[0])

    def finer_than(self, node: Node) -> bool:
        """Whether the classes at a node can be made of these tuples."""
        return all(map(operator.le, self.node, node))

    def keys(self, node: Node, *, whole: bool = False) -> Keys:
        """The class of each tuple at a node that is coarser or the same.

        Args:
            node: level of each column.
            whole: tell tuples apart by the further columns too.
        """
        sizes = [one.size(level) for one, level in zip(self.columns, node, strict=True)]
        strides = [0] * len(sizes)
        keys, space = np.zeros(self.size, np.int64), 1
        for places, codes in self._joint:
            steps = np.zeros(1, np.int64)
            here = prod(sizes[place] for place in places)
            if space * here > _LARGEST:
                found, keys = np.unique(keys, return_inverse=True)
                space, strides = len(found), [_LOST if stride else 0 for stride in strides]
            for place in places:
                strides[place] = space
                classes = self.columns[place].between(self.node[place], node[place])
                steps = np.add.outer(steps, classes * space).reshape(-1)
                space *= sizes[place]
            if here > 1:
                keys += steps.take(codes)
        for other, size in zip(self.others, self.other_sizes, strict=True) if whole else ():
            if space * size > _LARGEST:
                found, keys = np.unique(keys, return_inverse=True)
                space, strides = len(found), [_LOST for _ in strides]
            keys = keys + other.astype(np.int64) * space
            strides.append(space)
            sizes.append(size)
            space *= size
        return Keys(keys, space, tuple(strides), tuple(sizes))

    @cached_property
    def buckets(self) -> Buckets:
        """Of the tuples, for what can be told without their classes."""
        return Buckets(self.columns, self.node, self._joint)

    @cached_property
    def _joint(self) -> list[tuple[tuple[int, ...], Integers]]:
        """Columns of few values together, so that one look-up serves several of them.

        The codes are of the type that `take` reads without a copy.
        """
        sizes = [one.size(level) for one, level in zip(self.columns, self.node, strict=True)]
        made: list[tuple[tuple[int, ...], Integers]] = []
        for place in sorted(range(len(sizes)), key=sizes.__getitem__):
            codes, size = self.codes[place].astype(np.int64), sizes[place]
            if made and prod(sizes[other] for other in made[-1][0]) * size <= _JOINT:
                places, before = made.pop()
                made.append(((*places, place), before * size + codes))
            else:
                made.append(((place,), codes))
        return made

    def rolled_up(self, node: Node, counted: tuple[Keys, Classes] | None = None) -> Tuples:
        """The same rows as distinct tuples at a coarser node, or at this one.

        Args:
            node: level of each column.
            counted: keys by every column, and the classes by them, where they are known.
        """
        keys = counted[0] if counted else self.keys(node, whole=True)
        found = counted[1] if counted else classes_of(self, keys)
        made = digits_of(self, node, keys, found)
        kinds = [codes.dtype for codes in (*self.codes, *self.others)]
        codes = [each.astype(kind) for each, kind in zip(made, kinds, strict=True)]
        width = len(self.columns)
        return Tuples(
            self.columns, node, codes[:width], codes[width:], self.other_sizes, found.rows
        )


@dataclass(frozen=True)
class Keys:
    """The class of each tuple as an integer.

    Attributes:
        values: shape (tuples,), from 0 to `space` - 1.
        space: how many integers there could be.
        strides: for each digit what one step of it adds; -1 where it cannot be read back.
        sizes: for each digit how many codes there are.
    """

    values: Integers
    space: int
    strides: tuple[int, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Classes:
    """The classes at a node.

    Attributes:
        keys: shape (classes,), ascending.
        rows: shape (classes,).
        first: shape (classes,), a tuple of each; None where keys can be read back.
    """

    keys: Integers
    rows: Integers
    first: Integers | None = None


def classes_of(tuples: Tuples, keys: Keys) -> Classes:
    """Tell the classes apart and count their rows."""
    if _LOST in keys.strides:
        found, first, inverse = np.unique(keys.values, return_index=True, return_inverse=True)
        return Classes(found, summed(inverse, len(found), tuples.counts), first)
    if keys.space <= dense_limit(len(keys.values)):
        totals = summed(keys.values, keys.space, tuples.counts)
        present = np.flatnonzero(totals > 0)  # five times faster than of the numbers themselves
        return Classes(present, totals[present])
    if tuples.counts is None:
        ranked = np.sort(keys.values)
        starts = _starts(ranked)
        return Classes(ranked[starts], np.diff(starts, append=len(ranked)))
    order = np.argsort(keys.values)
    ranked = keys.values[order]
    starts = _starts(ranked)
    return Classes(ranked[starts], np.add.reduceat(tuples.counts[order], starts))


def digits_of(tuples: Tuples, node: Node, keys: Keys, found: Classes) -> list[Integers]:
    """For each column, and each further one that `keys` tells apart, the code of each class."""
    if found.first is None:
        return [
            found.keys // stride % size
            for stride, size in zip(keys.strides, keys.sizes, strict=True)
        ]
    columns = [
        one.between(fine, coarse)[codes[found.first]]
        for one, fine, coarse, codes in zip(
            tuples.columns, tuples.node, node, tuples.codes, strict=True
        )
    ]
    others = [codes[found.first].astype(np.int64) for codes in tuples.others]
    return [*columns, *others][: len(keys.sizes)]


def places(keys: Keys, found: Classes) -> Integers:
    """Shape (tuples,): the place in `found` of the class of each tuple."""
    if keys.space <= dense_limit(len(keys.values)):
        index = np.zeros(keys.space, np.int64)
        index[found.keys] = np.arange(len(found.keys))
        return index[keys.values]
    return np.searchsorted(found.keys, keys.values)


def dense_limit(tuples: int) -> int:
    """Up to which space an array over all keys beats sorting them (`benchmarks anonymity`)."""
    return max(1 << 16, 4 * tuples)


def _starts(ranked: Integers) -> Integers:
    """Where a run of equal keys begins."""
    return np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
