"""Tuples thrown into buckets: enough to see that too many of them lie in small classes.

Most nodes of a lattice are hopeless, and that takes no telling of classes apart: a bucket holds
whole classes, and has at least as many rows as each of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from transforms.anonymity.coding import Column

Node = tuple[int, ...]
"""One level for each column."""
Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.unsignedinteger]

_FEWEST_BITS = 10
_KEPT_BYTES = 1 << 26  # of hashes for further nodes: 64 MB
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIXING = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)


class Buckets:
    """Hashes of tuples at any node that is coarser than their own.

    The hash of a tuple is that of its columns' classes, joined by exclusive or. Nodes that a search
    asks after one another differ in few columns, so the hashes of the others are kept; two bytes a
    tuple stay in the cache of a core, where keys of eight do not.

    Args:
        columns: the quasi-identifiers.
        node: level of the codes in each column.
        joint: columns whose codes are joined, with the joint code of each tuple.

    Source: Zobrist 1970, A New Hashing Method with Application for Game Playing.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        node: Node,
        joint: Sequence[tuple[tuple[int, ...], Integers]],
    ) -> None:
        self._columns = columns
        self._node = node
        self._joint = joint
        self._size = len(joint[0][1])
        self._type = np.dtype(np.uint16 if self._size.bit_length() <= 16 else np.uint32)
        self._kept: dict[tuple[int, Node], Hashes] = {}
        self._of_classes: dict[tuple[int, int], Hashes] = {}

    def estimate(self) -> int:
        """About how many classes there are at the tuples' own node: how many buckets they fill."""
        bits = self._size.bit_length()
        total = 1 << bits
        filled = int(np.count_nonzero(np.bincount(self._places(self._node, bits))))
        return int(-total * np.log1p(-min(filled, total - 1) / total))

    def surely_in_small(self, node: Node, k: int, counts: Integers | None) -> int:
        """Rows that lie in classes below k for certain: those of buckets below k.

        Args:
            node: level of each column.
            k: fewest rows of a class that is not small.
            counts: shape (tuples,), rows of each; None where each is one.
        """
        # With about k / 2 tuples a bucket few small classes hide behind others.
        bits = (2 * self._size // k).bit_length()
        bits = min(self._size.bit_length(), max(_FEWEST_BITS, bits))
        totals = summed(self._places(node, bits), 1 << bits, counts)
        return int((totals * (totals < k)).sum())  # a mask that chooses takes three times as long

    def _places(self, node: Node, bits: int) -> Integers:
        """Shape (tuples,): equal where the class at a node is the same, and seldom elsewhere."""
        total = np.zeros(1, self._type)
        for number, (places, codes) in enumerate(self._joint):
            levels = tuple(node[place] for place in places)
            part = self._kept.pop((number, levels), None)
            if part is None:
                part = self._hashed(places, levels).take(codes)
                while len(self._kept) * part.nbytes > _KEPT_BYTES:
                    del self._kept[next(iter(self._kept))]
            self._kept[number, levels] = part  # the last used stands last
            total = total ^ part if number else part
        shift = self._type.type(8 * self._type.itemsize - min(bits, 8 * self._type.itemsize))
        return (total >> shift).astype(np.int64)

    def _hashed(self, places: tuple[int, ...], levels: Node) -> Hashes:
        """Of each joint code the hash of its classes."""
        joint = np.zeros(1, self._type)
        for place, level in zip(places, levels, strict=True):
            joint = np.bitwise_xor.outer(joint, self._hashed_column(place, level)).reshape(-1)
        return joint

    def _hashed_column(self, place: int, level: int) -> Hashes:
        found = self._of_classes.get((place, level))
        if found is None:
            classes = self._columns[place].between(self._node[place], level)
            shift = np.uint64(64 - 8 * self._type.itemsize)
            found = (_mixed(classes + (place << 40)) >> shift).astype(self._type)
            self._of_classes[place, level] = found
        return found


def summed(places: Integers, size: int, counts: Integers | None) -> Integers:
    """Rows at each place."""
    if counts is None:
        return np.bincount(places, minlength=size)
    # Floats add whole numbers exactly below 2^53, more rows than any table has.
    return np.bincount(places, weights=counts, minlength=size).astype(np.int64)


def _mixed(numbers: Integers) -> npt.NDArray[np.uint64]:
    """Hashes of numbers that are not negative.

    Source: Steele et al. 2014, Fast Splittable Pseudorandom Number Generators (splitmix64).
    """
    mixed = (numbers.view(np.uint64) + np.uint64(1)) * _GOLDEN
    for shift, factor in _MIXING:
        mixed ^= mixed >> shift
        mixed *= factor
    return mixed
