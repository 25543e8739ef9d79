"""What was taken of a column before, so that a value is folded and digested once, not per batch.

A customer stands in every batch of the orders. Values and persons get numbers as they come, and
a pair of them that was kept once is not kept again. What repeats hardly is not remembered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sladd.gate.leaks.numbered import Numbered
from sladd.gate.leaks.passing import Passing
from sladd.gate.leaks.shapes import Kind
from sladd.gate.leaks.store import among
from sladd.gate.leaks.words import Digests, Places, unique

LIMIT = 100_000  # distinct values held for one column: some 5 MB
PAIRS = 1_000_000  # pairs of a value and a person held for one column: 8 MB
REPEATED = 0.5  # pairs per row of the first batch, above which remembering costs more than it saves
_PERSON_BITS = np.uint64(32)


class Persons:
    """Whose each row is. Holds keys of persons: never printed or pickled."""

    def __init__(
        self,
        number: Places,
        digests: Digests | Callable[[Places], Digests],
        *,
        count: int,
        lasting: bool,
    ) -> None:
        """Know them.

        Args:
            number: shape (rows,), of the row's person; 0 for nobody.
            digests: by number; or what digests persons of these numbers, when they are needed.
            count: numbers there are, that of nobody among them.
            lasting: whether a person keeps the number from batch to batch.
        """
        self.number, self.count, self.lasting = number, count, lasting
        self._digests = digests

    def __repr__(self) -> str:
        return f"<Persons: {self.count - 1}>"

    def digest(self, number: Places) -> Digests:
        """Digest of each person, 0 for nobody."""
        if callable(self._digests):
            if 2 * len(number) < self.count:
                used, where = np.unique(number, return_inverse=True)
                return self._digests(used)[where]
            self._digests = self._digests(np.arange(self.count))
        return self._digests[number]

    def of(self, rows: Places) -> Persons:
        """The same for chosen rows."""
        return Persons(self.number[rows], self._digests, count=self.count, lasting=self.lasting)


@dataclass(frozen=True, slots=True)
class Fresh:
    """Values with persons that they were not seen with.

    Attributes:
        values: shape (n,), strings.
        place: position in `values` of each pair.
        owner: digest of the person of each pair, 0 for none.
        first: shape (n,), whether the value was never seen, with anybody.
        judged: told which of the values are weak.
    """

    values: pa.Array
    place: Places
    owner: Digests
    first: npt.NDArray[np.bool_]
    judged: Callable[[npt.NDArray[np.bool_]], None] | None = None


class SeenTable:
    """What was taken of one table; given up as a whole. Never printed or pickled."""

    def __init__(self, digest: Callable[[pa.Array], Digests]) -> None:
        self._digest_of = digest
        self._keys = Numbered()
        self._digests: Digests = np.zeros(1, np.uint64)
        self._lasting: bool | None = None  # decided by the first batch
        self._columns: dict[tuple[int, Kind], SeenColumn] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<SeenTable of {len(self._columns)} columns>"

    @property
    def full(self) -> bool:
        """Whether it is time to begin another one."""
        return len(self._keys) > LIMIT

    def column(self, number: int, kind: Kind) -> SeenColumn:
        """What was taken of a column, or of a pair of columns."""
        with self._lock:
            return self._columns.setdefault((number, kind), SeenColumn(kind))

    def persons(self, encoded: pa.DictionaryArray) -> Persons:
        """Whose each row is, by the key of its person."""
        entries = encoded.dictionary
        with self._lock:
            if self._lasting is None and len(encoded):
                self._lasting = len(entries) <= REPEATED * len(encoded)
            if not self._lasting:
                number = places(encoded, len(entries)) + 1
                number[number > len(entries)] = 0
                digests = partial(self._of_few, entries)
                return Persons(number, digests, count=len(entries) + 1, lasting=False)
            known = len(self._keys)
            numbers = np.append(self._keys.of(entries) + 1, 0)
            if len(self._keys) > known:
                fresh = self._keys.since(known)
                self._digests = np.concatenate([self._digests, self._digest_of(fresh)])
            number = numbers[places(encoded, len(entries))]
            return Persons(number, self._digests, count=len(self._digests), lasting=True)

    def _of_few(self, entries: pa.Array, number: Places) -> Digests:
        found = np.zeros(len(number), np.uint64)
        given = number > 0
        found[given] = self._digest_of(entries.take(pa.array(number[given] - 1)))
        return found


class SeenColumn:
    """The values of one column and the persons they were seen with. Never printed or pickled."""

    def __init__(self, kind: Kind) -> None:
        self._remembers: bool | None = None  # decided by the first batch
        self._strong = kind is not Kind.CELL
        self._lock = threading.Lock()
        self._start()

    def __repr__(self) -> str:
        return "<SeenColumn>"

    def _start(self) -> None:
        """Begin anew: everything counts as not seen."""
        self._numbered = Numbered()
        self._person_of = np.full(0, -1, np.int64)  # the first person of each value
        self._value_of = np.full(0, -1, np.int64)  # the first value of each person
        self._pairs: Digests = np.empty(0, np.uint64)  # all, sorted
        self._passing = Passing()

    def fresh(self, encoded: pa.DictionaryArray, persons: Persons | None) -> Fresh:
        """What has to be taken of some rows; from now on it counts as seen.

        Args:
            encoded: shape (rows,), of strings; no entry is null.
            persons: of the rows.
        """
        entries = encoded.dictionary
        with self._lock:
            if persons is not None and not persons.lasting and self._remembers is None:
                self._remembers = self._strong and len(entries) <= REPEATED * len(encoded)
            if self._remembers is False or not len(entries):
                return _all(entries, encoded, persons)
            if persons is not None and not persons.lasting:
                return self._of_passing(entries, encoded, persons)
            if len(self._numbered) + len(entries) > LIMIT or len(self._pairs) > PAIRS:
                self._start()
            numbers = self._numbered.of(entries)
            place, number = _rows(encoded, persons)
            place, number = self._unseen(numbers, place, number)
            if self._remembers is None:
                self._remembers = len(place) <= REPEATED * len(encoded)
            if not len(place):
                return _nothing(entries)
            value = numbers[place]
            first = self._person_of[value] < 0
            self._keep(value, number)
        firsts = np.zeros(len(entries), bool)
        firsts[place] = first
        used = np.zeros(len(entries), bool)
        used[place] = True
        owner = np.zeros(len(number), np.uint64) if persons is None else persons.digest(number)
        if used.all():
            return Fresh(entries, place, owner, firsts)
        where = np.cumsum(used) - 1
        return Fresh(entries.filter(pa.array(used)), where[place], owner, firsts[used])

    def _of_passing(
        self, entries: pa.Array, encoded: pa.DictionaryArray, persons: Persons
    ) -> Fresh:
        if len(self._passing.values) + len(entries) > LIMIT:
            self._start()
        passing = self._passing
        numbers = passing.numbers(entries)
        opened = passing.open(numbers)
        if not opened.any():
            return _nothing(entries)
        place, number = _rows(encoded, persons)
        taken = opened[place]
        place, number = place[taken], number[taken]
        if not len(place):
            return _nothing(entries)
        first = passing.first(numbers)
        owner = persons.digest(number)
        pairs = passing.fresh(numbers[place], owner)
        used, where = np.unique(place[pairs], return_inverse=True)
        values = numbers[used]

        def judged(weak: npt.NDArray[np.bool_]) -> None:
            with self._lock:
                passing.judge(values, weak)

        chosen = entries.take(pa.array(used))
        return Fresh(chosen, where, owner[pairs], first[used], judged)

    def _unseen(self, numbers: Places, place: Places, number: Places) -> tuple[Places, Places]:
        """Pairs that were not seen, each once."""
        values = len(self._numbered)
        self._person_of = _grown(self._person_of, values)
        self._value_of = _grown(self._value_of, int(number.max(initial=0)) + 1)
        value = numbers[place]
        # Most values have one person, or most persons one value: two look-ups settle those.
        open_ = (self._person_of[value] != number) & (self._value_of[number] != value)
        place, number, value = place[open_], number[open_], value[open_]
        pair = (value.astype(np.uint64) << _PERSON_BITS) | number.astype(np.uint64)
        if len(pair) and len(self._pairs):
            unseen = ~among(pair, self._pairs)
            place, number, pair = place[unseen], number[unseen], pair[unseen]
        order = np.argsort(pair)
        fresh = np.ones(len(order), bool)
        fresh[1:] = pair[order][1:] != pair[order][:-1]
        return place[order[fresh]], number[order[fresh]]

    def _keep(self, value: Places, number: Places) -> None:
        rows = np.flatnonzero(self._person_of[value] < 0)
        self._person_of[value[rows]] = number[rows]
        rows = np.flatnonzero(self._value_of[number] < 0)
        self._value_of[number[rows]] = value[rows]
        pair = (value.astype(np.uint64) << _PERSON_BITS) | number.astype(np.uint64)
        self._pairs = np.sort(np.concatenate([self._pairs, pair]))


def _nothing(entries: pa.Array) -> Fresh:
    none = np.empty(0, np.int64)
    return Fresh(entries[:0], none, np.empty(0, np.uint64), np.empty(0, bool))


def _all(entries: pa.Array, encoded: pa.DictionaryArray, persons: Persons | None) -> Fresh:
    """Every value with every person that has it, once."""
    place, number = _rows(encoded, persons)
    if persons is None or not len(place):
        return Fresh(entries, place, np.zeros(len(place), np.uint64), np.ones(len(entries), bool))
    # Where each row has its own person, no pair comes twice.
    if len(place) != len(entries) and persons.count <= len(number):
        pair = (place.astype(np.uint64) << _PERSON_BITS) | number.astype(np.uint64)
        pair = unique(pair)
        place = (pair >> _PERSON_BITS).astype(np.int64)
        number = (pair & np.uint64((1 << 32) - 1)).astype(np.int64)
    return Fresh(entries, place, persons.digest(number), np.ones(len(entries), bool))


def _rows(encoded: pa.DictionaryArray, persons: Persons | None) -> tuple[Places, Places]:
    """The place of each row's value and the number of its person; of no person: each entry."""
    size = len(encoded.dictionary)
    if persons is None:
        return np.arange(size), np.zeros(size, np.int64)
    place, number = places(encoded, size), persons.number
    if encoded.null_count:
        given = place < size
        place, number = place[given], number[given]
    return place, number


def places(encoded: pa.DictionaryArray, size: int) -> Places:
    """Index of each row's value; `size` for null."""
    return np.asarray(encoded.indices.fill_null(size).to_numpy(zero_copy_only=False), np.int64)


def _grown(held: Places, size: int) -> Places:
    """With room for so many; what is new is -1."""
    if len(held) >= size:
        return held
    made = np.full(max(size, 2 * len(held)), -1, np.int64)
    made[: len(held)] = held
    return made
