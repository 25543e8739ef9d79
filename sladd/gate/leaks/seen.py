"""What was taken of a column before, so that a value is folded and digested once, not per batch.

A customer stands in every batch of the orders. Values and persons get numbers as they come, and
a pair of them that was kept once is not kept again. What repeats hardly is not remembered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.gate.leaks.shapes import Kind
from sladd.gate.leaks.store import among
from sladd.gate.leaks.words import Digests, Places, unique

LIMIT = 100_000  # distinct values held for one column: some 5 MB
PAIRS = 1_000_000  # pairs of a value and a person held for one column: 8 MB
REPEATED = 0.5  # pairs per row of the first batch, above which remembering costs more than it saves
_PERSON_BITS = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Persons:
    """Whose each row is.

    Attributes:
        number: shape (rows,), of the row's person; 0 for nobody.
        digest: by number; 0 for nobody.
        lasting: whether a person keeps the number from batch to batch.
    """

    number: Places
    digest: Digests
    lasting: bool

    def of(self, rows: Places) -> Persons:
        """The same for chosen rows."""
        return Persons(self.number[rows], self.digest, self.lasting)


@dataclass(frozen=True, slots=True)
class Fresh:
    """Values with persons that they were not seen with.

    Attributes:
        values: shape (n,), strings.
        place: position in `values` of each pair.
        owner: digest of the person of each pair, 0 for none.
        first: shape (n,), whether the value was never seen, with anybody.
    """

    values: pa.Array
    place: Places
    owner: Digests
    first: npt.NDArray[np.bool_]


class Numbered:
    """Distinct strings, each with a number in the order they came. Never printed or pickled."""

    def __init__(self) -> None:
        self._known: pa.Array | None = None
        self._last: tuple[pa.Array, Places] | None = None

    def __repr__(self) -> str:
        return f"<Numbered of {len(self)}>"

    def __len__(self) -> int:
        return len(self._known) if self._known is not None else 0

    def since(self, number: int) -> pa.Array:
        """Those that came as this number or later."""
        return self._known.slice(number) if self._known is not None else pa.array([], pa.string())

    def of(self, distinct: pa.Array) -> Places:
        """The number of each, new ones for those that were never asked for."""
        # Batches of one row group of a file share their dictionary.
        if self._last is not None and self._last[0].equals(distinct):
            return self._last[1]
        if self._known is None:
            self._known, numbers = distinct, np.arange(len(distinct))
        else:
            places = pc.index_in(distinct, value_set=self._known)
            numbers = places.fill_null(-1).to_numpy().astype(np.int64)
            fresh = numbers < 0
            if fresh.any():
                numbers[fresh] = np.arange(len(self), len(self) + int(fresh.sum()))
                self._known = pa.concat_arrays([self._known, distinct.filter(pa.array(fresh))])
        self._last = (distinct, numbers)
        return numbers


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
            return self._columns.setdefault((number, kind), SeenColumn())

    def persons(self, encoded: pa.DictionaryArray) -> Persons:
        """Whose each row is, by the key of its person."""
        entries = encoded.dictionary
        with self._lock:
            if self._lasting is None and len(encoded):
                self._lasting = len(entries) <= REPEATED * len(encoded)
            if not self._lasting:
                digests = np.append(np.uint64(0), self._digest_of(entries))
                number = places(encoded, len(entries)) + 1
                number[number > len(entries)] = 0
                return Persons(number, digests, lasting=False)
            known = len(self._keys)
            numbers = np.append(self._keys.of(entries) + 1, 0)
            if len(self._keys) > known:
                fresh = self._keys.since(known)
                self._digests = np.concatenate([self._digests, self._digest_of(fresh)])
            number = numbers[places(encoded, len(entries))]
            return Persons(number, self._digests, lasting=True)


class SeenColumn:
    """The values of one column and the persons they were seen with. Never printed or pickled."""

    def __init__(self) -> None:
        self._remembers: bool | None = None  # decided by the first batch
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

    def fresh(self, encoded: pa.DictionaryArray, persons: Persons | None) -> Fresh:
        """What has to be taken of some rows; from now on it counts as seen.

        Args:
            encoded: shape (rows,), of strings; no entry is null.
            persons: of the rows.
        """
        entries = encoded.dictionary
        with self._lock:
            if persons is not None and not persons.lasting:
                self._remembers = False
            if self._remembers is False or not len(entries):
                return _all(entries, encoded, persons)
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
        owner = np.zeros(len(number), np.uint64) if persons is None else persons.digest[number]
        if used.all():
            return Fresh(entries, place, owner, firsts)
        where = np.cumsum(used) - 1
        return Fresh(entries.filter(pa.array(used)), where[place], owner, firsts[used])

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
    if len(place) != len(entries) and len(persons.digest) <= len(number):
        pair = (place.astype(np.uint64) << _PERSON_BITS) | number.astype(np.uint64)
        pair = unique(pair)
        place = (pair >> _PERSON_BITS).astype(np.int64)
        number = (pair & np.uint64((1 << 32) - 1)).astype(np.int64)
    return Fresh(entries, place, persons.digest[number], np.ones(len(entries), bool))


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
