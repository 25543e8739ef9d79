"""Values of persons who come once, as where every row is a person of its own.

What more than a few persons share is nobody's own (`MOST_PERSONS`), whoever they are: of a strong
value one person more than that is kept, and no pair of it after them. A weak one, which is looked
for as a whole cell of the row's own person, is kept with all.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sladd.gate.leaks.numbered import Numbered
from sladd.gate.leaks.shapes import MOST_PERSONS
from sladd.gate.leaks.words import Digests, Places

_KEPT = MOST_PERSONS + 1  # persons of a value
_SLOTS = np.arange(_KEPT)


class Passing:
    """The first persons that each value of a column was seen with. Never printed or pickled."""

    def __init__(self) -> None:
        self.values = Numbered()
        self._owners: Digests = np.zeros((0, _KEPT), np.uint64)
        self._count: Places = np.zeros(0, np.int64)
        self._strong: npt.NDArray[np.bool_] = np.zeros(0, bool)

    def __repr__(self) -> str:
        return f"<Passing: {len(self.values)} values>"

    def numbers(self, distinct: pa.Array) -> Places:
        """The number of each value."""
        numbers = self.values.of(distinct)
        size = len(self.values)
        if size > len(self._count):
            more = max(size, 2 * len(self._count)) - len(self._count)
            self._owners = np.concatenate([self._owners, np.zeros((more, _KEPT), np.uint64)])
            self._count = np.concatenate([self._count, np.zeros(more, np.int64)])
            self._strong = np.concatenate([self._strong, np.zeros(more, bool)])
        return numbers

    def open(self, value: Places) -> npt.NDArray[np.bool_]:
        """Which values, by number, have to be taken with further persons."""
        opened: npt.NDArray[np.bool_] = ~(self._strong[value] & (self._count[value] == _KEPT))
        return opened

    def first(self, value: Places) -> npt.NDArray[np.bool_]:
        """Which were seen with nobody."""
        first: npt.NDArray[np.bool_] = self._count[value] == 0
        return first

    def fresh(self, value: Places, owner: Digests) -> Places:
        """Places of the pairs that were not seen, each once; from now on they count as seen."""
        order = np.lexsort((owner, value))
        value, owner = value[order], owner[order]
        new = np.ones(len(order), bool)
        new[1:] = (value[1:] != value[:-1]) | (owner[1:] != owner[:-1])
        there = self._count[value][:, None] > _SLOTS
        new &= ~((self._owners[value] == owner[:, None]) & there).any(axis=1)
        order, value, owner = order[new], value[new], owner[new]
        begins = np.ones(len(value), bool)
        begins[1:] = value[1:] != value[:-1]
        starts = np.flatnonzero(begins)
        within = np.arange(len(value)) - np.repeat(starts, np.diff(np.append(starts, len(value))))
        slot = self._count[value] + within
        room = slot < _KEPT
        self._owners[value[room], slot[room]] = owner[room]
        np.add.at(self._count, value[room], 1)
        return order

    def judge(self, value: Places, weak: npt.NDArray[np.bool_]) -> None:
        """Learn which values are weak."""
        self._strong[value] = ~weak
