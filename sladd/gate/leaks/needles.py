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
from sladd.gate.leaks.control import Digits, Names, permuted_digits, permuted_names
from sladd.gate.leaks.folding import fold, texts
from sladd.gate.leaks.numbered import Numbered
from sladd.gate.leaks.seen import LIMIT, Fresh, Persons, SeenColumn, SeenTable, places
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
        self.names: dict[int, Names] = {}  # by field
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

    def names_of(self, field: int) -> Names:
        """What controls of a field's names are drawn from."""
        with self._lock:
            return self.names.setdefault(field, Names())


class TableNeedles:
    """Takes the originals of one table, batch by batch, from any thread."""

    def __init__(self, needles: Needles, given: Originals, first: int) -> None:
        self._needles, self.given, self._first = needles, given, first
        self._seen = self._anew()
        self._paired = Numbered()  # keys of persons whose pseudonyms are known
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<TableNeedles of {len(self.given.fields)} fields>"

    def add(self, batch: pa.RecordBatch) -> None:
        """Take what is looked for from some rows of the source."""
        if not batch.num_rows:
            return
        seen = self._seen
        if seen.full:
            seen = self._seen = self._anew()
        try:
            self._add(batch, seen)
        except BaseException:
            # What counts as seen may not have been kept.
            self._seen = self._anew()
            raise

    def _anew(self) -> SeenTable:
        entity, hasher = self.given.entity, self._needles.hasher
        return SeenTable(lambda keys: person_digests(keys, entity, hasher))

    def _add(self, batch: pa.RecordBatch, seen: SeenTable) -> None:
        encoded = _Encoded(batch)
        persons = seen.persons(encoded[self.given.person]) if self.given.person else None
        by_column = {f.column: n for n, f in enumerate(self.given.fields, self._first)}
        for number, field in enumerate(self.given.fields, self._first):
            kind, values, mine = shapes.kind_of(field.category), batch.column(field.column), persons
            # Whole cells are asked for where the plan does not let them out, each with the row's
            # own person if the release tells who that is.
            if kind is Kind.CELL and field.kept:
                continue
            if kind is Kind.CELL and not self.given.told:
                mine = None
            if pa.types.is_nested(values.type):
                flat, rows = flattened(values)
                mine = mine if mine is None or rows is None else mine.of(rows)
                taken = encode(flat)
            else:
                taken = encoded[field.column]
            column = seen.column(number, kind)
            self._taken(column, number, kind, taken, mine, field.category, cells=not field.kept)
        for kind, pairs, at in (
            (Kind.NAME, self.given.names, 1),
            (Kind.ADDRESS, self.given.addresses, 0),
        ):
            for pair in pairs:
                whole = _joined(*(encoded[column] for column in pair))
                number = by_column[pair[at]]
                self._taken(seen.column(number, kind), number, kind, whole, persons)

    def pseudonyms(self, keys: pa.Array, made: pa.Array) -> None:
        """Learn which pseudonym the key of each row's person has in the release."""
        try:
            self._pseudonyms(keys, made)
        except BaseException:
            self._paired = Numbered()
            raise

    def _pseudonyms(self, keys: pa.Array, made: pa.Array) -> None:
        hasher = self._needles.hasher
        encoded = encode(keys)
        entries = encoded.dictionary
        # Equal keys have equal pseudonyms: the first row of each says it.
        used, rows = np.unique(places(encoded, len(entries)), return_index=True)
        rows, used = rows[used < len(entries)], used[used < len(entries)]
        with self._lock:
            if len(self._paired) > LIMIT:
                self._paired = Numbered()
            known = len(self._paired)
            fresh = self._paired.of(entries.take(pa.array(used))) >= known
        if not fresh.any():
            return
        owners = person_digests(entries.take(pa.array(used[fresh])), self.given.entity, hasher)
        found = person_digests(texts(made.take(pa.array(rows[fresh]))), "", hasher)
        given = (owners != 0) & (found != 0)
        salted = self._needles.salted(found[given], Kind.OWNER)
        self._needles.store.add(salted, owners[given], tag(0, Kind.OWNER))

    def _taken(
        self,
        seen: SeenColumn,
        number: int,
        kind: Kind,
        encoded: pa.DictionaryArray,
        persons: Persons | None,
        category: str = "",
        *,
        cells: bool = False,
    ) -> None:
        fresh = seen.fresh(encoded, persons)
        if not len(fresh.place):
            return
        emit = _Emitter(self._needles, number, category, cells=cells)
        weak = np.zeros(len(fresh.values), bool)
        for start, part in slices(fold(fresh.values)):
            stop = start + len(part)
            mine = slice(None) if len(part) == len(fresh.values) else _within(fresh, start, stop)
            weak[start:stop] = emit.part(
                kind, part, fresh.place[mine] - start, fresh.owner[mine], fresh.first[start:stop]
            )
        if fresh.judged is not None:
            fresh.judged(weak & self.given.told)


class _Emitter:
    """Puts the digests of one column's distinct values into the store."""

    def __init__(self, needles: Needles, number: int, category: str, *, cells: bool) -> None:
        self._needles, self._number, self._category = needles, number, category
        self._cells = cells

    def part(
        self,
        kind: Kind,
        folded: pa.Array,
        places: Places,
        owners: Digests,
        first: npt.NDArray[np.bool_],
    ) -> npt.NDArray[np.bool_]:
        """Store some of them.

        Args:
            kind: how they are looked for.
            folded: shape (n,).
            places: value of each pair of a value and a person.
            owners: digest of its person.
            first: shape (n,), those that no control was drawn for yet.

        Returns:
            Shape (n,), which of them are weak.
        """
        page = Page(folded, self._needles.hasher)
        words = page.words()
        spans = _Spans(words, len(folded))
        send = _Sender(self._needles, self._number, places, owners, first)
        weak = ~self._strong(kind, folded, page, words, spans, send)
        if self._cells:
            whole = spans.digest(page.hasher)
            send(Kind.CELL, mix(whole + np.uint64(self._number)), weak & (spans.count > 0))
        return weak

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
        drawing = good & send.first
        if control and drawing.any():
            chosen = pc.unique(bare.filter(pa.array(drawing)))
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
        first, last = first[send.first[good]], last[send.first[good]]
        for drawn in permuted_names(first, last, self._needles.names_of(self._number)):
            send.alone(Kind.NAME_BY_CHANCE, drawn, like=Kind.NAME)
        return good


class _Sender:
    """Salts digests of distinct values and stores them with the persons that have them."""

    def __init__(
        self,
        needles: Needles,
        number: int,
        places: Places,
        owners: Digests,
        first: npt.NDArray[np.bool_],
    ) -> None:
        self._needles, self._number = needles, number
        self._places, self._owners, self.first = places, owners, first

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


def _within(fresh: Fresh, start: int, stop: int) -> npt.NDArray[np.bool_]:
    """Pairs of the values from `start` up to `stop`."""
    return (fresh.place >= start) & (fresh.place < stop)


class _Encoded:
    """The columns of one batch as distinct texts, each made once."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch
        self._made: dict[str, pa.DictionaryArray] = {}

    def __getitem__(self, column: str) -> pa.DictionaryArray:
        if column not in self._made:
            self._made[column] = encode(self._batch.column(column))
        return self._made[column]


def encode(values: pa.Array) -> pa.DictionaryArray:
    """Distinct texts and the row's place among them; a dictionary keeps the entries it has."""
    if pa.types.is_integer(values.type):
        values = values.dictionary_encode()  # and spell each number once
    if not pa.types.is_dictionary(values.type):
        return texts(values).dictionary_encode()
    if values.dictionary.null_count:
        return texts(values).dictionary_encode()
    return pa.DictionaryArray.from_arrays(values.indices, texts(values.dictionary))


def _joined(one: pa.DictionaryArray, other: pa.DictionaryArray) -> pa.DictionaryArray:
    """The distinct pairs of two columns, a blank between them; null where one of them is."""
    size, width = len(one.dictionary), len(other.dictionary)
    left, right = places(one, size), places(other, width)
    given = (left < size) & (right < width)
    pair = pa.array(left * max(width, 1) + right, mask=~given).dictionary_encode()
    both = pair.dictionary.to_numpy()
    left, right = np.divmod(both, max(width, 1))
    spelt = [one.dictionary.take(pa.array(left)), other.dictionary.take(pa.array(right))]
    return pa.DictionaryArray.from_arrays(pair.indices, pc.binary_join_element_wise(*spelt, " "))


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
