"""Originals, taken as keyed digests while the source is read for a release."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.gate.leaks import shapes
from sladd.gate.leaks.control import Digits, permuted_digits, permuted_names
from sladd.gate.leaks.folding import fold, texts
from sladd.gate.leaks.shapes import LEAST_CHARACTERS, Kind, Original, Originals
from sladd.gate.leaks.store import MEMORY_BYTES, Store, tag
from sladd.gate.leaks.words import Digests, Hasher, Page, Places, Runs, digest, mix

SLICE_BYTES = 2_000_000  # of text laid out at once: its tables of powers stay in the cache
NAME_WORDS = 4  # longest name searched word by word
ADDRESS_WORDS = 8
_NORWAY = "47"
_LETTER_AND_DIGIT = r"[^0-9].*[0-9]|[0-9].*[^0-9]"


class Needles:
    """Everything that is looked for in one release. Holds digests: never printed or pickled.

    Closing it destroys the key of the run and every digest with it.
    """

    def __init__(self, folder: Path | None = None, *, memory_bytes: int = MEMORY_BYTES) -> None:
        self.hasher = Hasher()
        self.store = Store(folder, memory_bytes=memory_bytes)
        self.fields: list[Original] = []
        self.sizes: dict[Kind, set[int]] = {}  # words of an original → windows to look at
        self.digits: dict[int, Digits] = {}  # by field
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<Needles of {len(self.fields)} fields>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Destroy the key and the digests."""
        self.store.close()
        self.hasher.destroy()

    def table(self, given: Originals) -> TableNeedles:
        """A collector for the rows of one table."""
        with self._lock:
            first = len(self.fields)
            self.fields += given.fields
        return TableNeedles(self, given, first)

    def salted(self, digests: Digests, kind: Kind) -> Digests:
        """Digests of one kind, which say nothing of other kinds."""
        salted: Digests = digests ^ self.hasher.salts[int(kind)]
        return salted

    def spelt(self, kind: Kind, sizes: Iterable[int]) -> None:
        """Remember of how many words originals of a kind are."""
        with self._lock:
            self.sizes.setdefault(kind, set()).update(int(size) for size in sizes)

    def digits_of(self, field: int) -> Digits:
        """What is counted of a field's numbers."""
        with self._lock:
            return self.digits.setdefault(field, Digits())


class TableNeedles:
    """Takes the originals of one table, batch by batch, from any thread."""

    def __init__(self, needles: Needles, given: Originals, first: int) -> None:
        self._needles, self.given, self._first = needles, given, first

    def __repr__(self) -> str:
        return f"<TableNeedles of {len(self.given.fields)} fields>"

    def add(self, batch: pa.RecordBatch) -> None:
        """Take what is looked for from some rows of the source."""
        if not batch.num_rows:
            return
        owners = self._owners(batch)
        by_column = {f.column: n for n, f in enumerate(self.given.fields, self._first)}
        for number, field in enumerate(self.given.fields, self._first):
            self._field(number, field, batch.column(field.column), owners)
        for first, last in self.given.names:
            whole = _joined(batch, first, last)
            self._taken(by_column[last], Kind.NAME, whole, owners, "")
        for street, postcode in self.given.addresses:
            whole = _joined(batch, street, postcode)
            self._taken(by_column[street], Kind.ADDRESS, whole, owners, "")

    def pseudonyms(self, keys: pa.Array, made: pa.Array) -> None:
        """Learn which pseudonym the key of each row's person has in the release."""
        hasher = self._needles.hasher
        encoded = _encoded(keys)
        # Equal keys have equal pseudonyms: the first row of each says it.
        _, rows = np.unique(_places(encoded, len(encoded.dictionary)), return_index=True)
        owners = person_digests(texts(keys).take(rows), self.given.entity, hasher)
        found = person_digests(texts(made.take(pa.array(rows))), "", hasher)
        known = (owners != 0) & (found != 0)
        salted = self._needles.salted(found[known], Kind.OWNER)
        self._needles.store.add(salted, owners[known], tag(0, Kind.OWNER))

    def _owners(self, batch: pa.RecordBatch) -> Digests | None:
        if not self.given.person:
            return None
        encoded = _encoded(batch.column(self.given.person))
        digests = person_digests(encoded.dictionary, self.given.entity, self._needles.hasher)
        # Nobody's rows look up the last one.
        return np.append(digests, np.uint64(0))[_places(encoded, len(digests))]

    def _field(
        self, number: int, field: Original, values: pa.Array, owners: Digests | None
    ) -> None:
        flat, rows = flattened(values)
        mine = owners if owners is None or rows is None else owners[rows]
        self._taken(number, shapes.kind_of(field.category), flat, mine, field.category)

    def _taken(
        self, number: int, kind: Kind, values: pa.Array, owners: Digests | None, category: str
    ) -> None:
        encoded = _encoded(values)
        distinct = encoded.dictionary
        if not len(distinct):
            return
        pairs = _pairs(encoded, owners)
        emit = _Emitter(self._needles, number, category)
        for start, part in slices(fold(distinct)):
            mine = pairs[0] >= start
            mine &= pairs[0] < start + len(part)
            emit.part(kind, part, pairs[0][mine] - start, pairs[1][mine])


class _Emitter:
    """Puts the digests of one column's distinct values into the store."""

    def __init__(self, needles: Needles, number: int, category: str) -> None:
        self._needles, self._number, self._category = needles, number, category

    def part(self, kind: Kind, folded: pa.Array, places: Places, owners: Digests) -> None:
        page = Page(folded, self._needles.hasher)
        words = page.words()
        spans = _Spans(words, len(folded))
        send = _Sender(self._needles, self._number, places, owners)
        weak = ~self._strong(kind, folded, page, words, spans, send)
        if self._category:  # a pair of columns has no cell of its own
            whole = spans.digest(page.hasher)
            send(Kind.CELL, mix(whole + np.uint64(self._number)), weak & (spans.count > 0))

    def _strong(
        self, kind: Kind, folded: pa.Array, page: Page, words: Runs, spans: _Spans, send: _Sender
    ) -> npt.NDArray[np.bool_]:
        """Send what is strong; which values that were."""
        hasher, needles = page.hasher, self._needles
        whole = spans.digest(hasher)
        if kind is Kind.EMAIL:
            good = _mask(pc.match_substring(folded, "@")) & (spans.length >= LEAST_CHARACTERS)
            needles.spelt(kind, np.unique(spans.count[good]))
            send(kind, whole, good)
            return good
        if kind in {Kind.PHONE, Kind.IDENTIFIER}:
            return self._numbered(kind, folded, spans, whole, send)
        if kind is Kind.NAME:
            return self._names(words, spans, send, hasher)
        if kind is Kind.IP:
            good = _mask(pc.match_substring_regex(folded, r"^\s*[0-9]{1,3}(\.[0-9]{1,3}){3}\s*$"))
            send(kind, _sequence(words, spans, hasher), good)
            return good
        if kind is Kind.ADDRESS:
            good = _mask(pc.match_substring_regex(folded, r"[^0-9\s].*[0-9].*\b[0-9]{4}\b"))
            good &= (spans.count >= 3) & (spans.count <= ADDRESS_WORDS)
            needles.spelt(kind, np.unique(spans.count[good]))
            send(kind, _sequence(words, spans, hasher), good)
            return good
        return np.zeros(len(folded), bool)

    def _numbered(
        self, kind: Kind, folded: pa.Array, spans: _Spans, whole: Digests, send: _Sender
    ) -> npt.NDArray[np.bool_]:
        lettered = _mask(pc.match_substring_regex(folded, "[^0-9+() ./-]"))
        mixed = lettered & _mask(pc.match_substring_regex(folded, _LETTER_AND_DIGIT))
        mixed &= spans.length >= LEAST_CHARACTERS
        if kind is Kind.IDENTIFIER and mixed.any():
            self._needles.spelt(Kind.IDENTIFIER, [1, *np.unique(spans.count[mixed]).tolist()])
            send(Kind.IDENTIFIER, whole, mixed)
        bare = pc.replace_substring_regex(folded, "[^0-9]", "")
        bare = pc.if_else(pa.array(~lettered), bare, "")
        international: pa.Array | None = None
        if kind is Kind.PHONE:
            national, international = _telephones(folded, bare)
            self._digits(national, send)
            good = self._send_texts(Kind.PHONE, international, send)
            self._digits(international, send, control=False)
        else:
            good = self._digits(bare, send)
        if shapes.is_one_of(self._category, shapes.PADDED):
            self._digits(pc.utf8_ltrim(bare, "0"), send, control=False)
            self._digits(
                pc.if_else(pc.equal(pc.utf8_length(bare), 10), _zero(bare), ""), send, control=False
            )
        return good | (mixed if kind is Kind.IDENTIFIER else False)

    def _digits(
        self, bare: pa.Array, send: _Sender, *, control: bool = True
    ) -> npt.NDArray[np.bool_]:
        good = self._send_texts(Kind.DIGITS, bare, send)
        if control and good.any():
            chosen = pc.unique(bare.filter(pa.array(good)))
            counted = self._needles.digits_of(self._number)
            for drawn in permuted_digits(chosen, counted):
                page = Page(drawn, self._needles.hasher)
                digests = _Spans(page.digits(), len(drawn)).digest(page.hasher)
                send.alone(Kind.DIGITS_BY_CHANCE, digests, like=Kind.DIGITS)
        return good

    def _send_texts(self, kind: Kind, bare: pa.Array, send: _Sender) -> npt.NDArray[np.bool_]:
        page = Page(bare, self._needles.hasher)
        spans = _Spans(page.digits(), len(bare))
        good = spans.length >= LEAST_CHARACTERS
        self._needles.spelt(kind, np.unique(spans.length[good]))
        digests = spans.digest(page.hasher)
        if kind is Kind.DIGITS:
            self._needles.digits_of(self._number).seen(digests[good])
        send(kind, digests, good)
        return good

    def _names(
        self, words: Runs, spans: _Spans, send: _Sender, hasher: Hasher
    ) -> npt.NDArray[np.bool_]:
        good = spans.count >= 2
        if not good.any():
            return good
        each = mix(digest(words, np.arange(len(words)), 1, hasher))
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(each)])
        full = sums[spans.last] - sums[spans.first]
        fits = good & (spans.count <= NAME_WORDS)
        self._needles.spelt(Kind.NAME, [2, *np.unique(spans.count[fits]).tolist()])
        send(Kind.NAME, full, fits)
        first, last = each[spans.first[good]], each[spans.last[good] - 1]
        ends = np.zeros(len(good), np.uint64)
        ends[good] = first + last
        send(Kind.NAME, ends, good & (spans.count > 2))
        for drawn in permuted_names(first, last):
            send.alone(Kind.NAME_BY_CHANCE, drawn, like=Kind.NAME)
        return good


class _Sender:
    """Salts digests of distinct values and stores them with the persons that have them."""

    def __init__(self, needles: Needles, number: int, places: Places, owners: Digests) -> None:
        self._needles, self._number = needles, number
        self._places, self._owners = places, owners

    def __call__(self, kind: Kind, digests: Digests, good: npt.NDArray[np.bool_]) -> None:
        if not good.any():
            return
        chosen = good[self._places]
        salted = self._needles.salted(digests[self._places[chosen]], kind)
        self._needles.store.add(salted, self._owners[chosen], tag(self._number, kind))

    def alone(self, kind: Kind, digests: Digests, *, like: Kind) -> None:
        """Store controls, which are looked for as originals of another kind are."""
        salted = self._needles.salted(digests, like)
        self._needles.store.add(salted, np.zeros(len(salted), np.uint64), tag(self._number, kind))


class _Spans:
    """First and last run of each text; a text without runs has none."""

    def __init__(self, runs: Runs, texts_: int) -> None:
        self._runs = runs
        self.count = np.bincount(runs.row, minlength=texts_).astype(np.int64)
        self.last = np.cumsum(self.count)  # one behind the last
        self.first = self.last - self.count
        ends = np.append(runs.end, 0)
        starts = np.append(runs.start, 0)
        given = self.count > 0
        self.start = np.where(given, starts[np.minimum(self.first, len(runs))], 0)
        self.end = np.where(given, ends[self.last - 1], 0)
        self.length = self.end - self.start

    def digest(self, hasher: Hasher) -> Digests:
        """Digest of each whole text, nothing between its runs."""
        return hasher.between(self._runs.sums, self.start, self.end)


def _sequence(words: Runs, spans: _Spans, hasher: Hasher) -> Digests:
    """Digest of each text as a sequence of words, which tells 1 23 from 12 3."""
    each = mix(digest(words, np.arange(len(words)), 1, hasher))
    return hasher.between(hasher.prefix(each), spans.first, spans.last)


def person_digests(values: pa.Array, entity: str, hasher: Hasher) -> Digests:
    """One digest for each key of a person, shape (n,); 0 for none."""
    found = np.zeros(len(values), np.uint64)
    apart = np.uint64(0)
    if entity:
        page = Page(pa.array([entity]), hasher)
        apart = _Spans(page.words(), 1).digest(hasher)[0]
    for start, part in slices(fold(values)):
        page = Page(part, hasher)
        spans = _Spans(page.words(), len(part))
        given = spans.count > 0
        found[start : start + len(part)][given] = mix(spans.digest(hasher) ^ apart)[given]
    return found


def flattened(values: pa.Array) -> tuple[pa.Array, Places | None]:
    """The elements of lists and the row of each; other columns as they are."""
    rows: Places | None = None
    while pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        parents = pc.list_parent_indices(values).to_numpy().astype(np.int64)
        rows = parents if rows is None else rows[parents]
        values = pc.list_flatten(values)
    return values, rows


def slices(folded: pa.Array) -> Iterator[tuple[int, pa.Array]]:
    """Texts in runs of some two million bytes, with the place of the first of each."""
    lengths = pc.fill_null(pc.binary_length(folded), 0).to_numpy(zero_copy_only=False)
    ends = np.cumsum(lengths.astype(np.int64))
    start = 0
    while start < len(folded):
        done = int(ends[start - 1]) if start else 0
        stop = int(np.searchsorted(ends, done + SLICE_BYTES, side="right"))
        stop = min(max(stop, start + 1), len(folded))
        yield start, folded.slice(start, stop - start)
        start = stop


def _pairs(encoded: pa.DictionaryArray, owners: Digests | None) -> tuple[Places, Digests]:
    """Every value with every person that has it, once."""
    size = len(encoded.dictionary)
    if owners is None:
        return np.arange(size, dtype=np.int64), np.zeros(size, np.uint64)
    places = _places(encoded, size)
    given = places < size
    places, owners = places[given], owners[given]
    if len(places) == size:
        return places, owners
    order = np.lexsort((owners, places))
    places, owners = places[order], owners[order]
    fresh = np.ones(len(places), bool)
    fresh[1:] = (places[1:] != places[:-1]) | (owners[1:] != owners[:-1])
    return places[fresh], owners[fresh]


def _places(encoded: pa.DictionaryArray, size: int) -> Places:
    """Index of each row's value; `size` for null."""
    return np.asarray(encoded.indices.fill_null(size).to_numpy(zero_copy_only=False), np.int64)


def _encoded(values: pa.Array) -> pa.DictionaryArray:
    """Distinct texts and the row's place among them; a dictionary keeps the entries it has."""
    if not pa.types.is_dictionary(values.type):
        return texts(values).dictionary_encode()
    if values.dictionary.null_count:
        return texts(values).dictionary_encode()
    return pa.DictionaryArray.from_arrays(values.indices, texts(values.dictionary))


def _joined(batch: pa.RecordBatch, *columns: str) -> pa.Array:
    parts = [texts(batch.column(name)) for name in columns]
    return pc.binary_join_element_wise(*parts, " ")


def _telephones(folded: pa.Array, bare: pa.Array) -> tuple[pa.Array, pa.Array]:
    """National and international digits; a number without a country code is Norwegian."""
    marked = pc.match_substring_regex(folded, r"^\s*(\+|\(\+|00)")
    digits = pc.replace_substring_regex(bare, "^00", "")
    plain = pc.equal(pc.utf8_length(digits), 8)
    added = pc.binary_join_element_wise(pa.scalar(_NORWAY), digits, "")
    international = pc.if_else(pc.and_(plain, pc.invert(marked)), added, digits)
    norwegian = pc.match_substring_regex(international, "^47[0-9]{8}$")
    national = pc.if_else(norwegian, pc.utf8_slice_codeunits(international, 2, 10), "")
    return national, international


def _zero(bare: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(pa.scalar("0"), bare, "")


def _mask(values: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), bool)
