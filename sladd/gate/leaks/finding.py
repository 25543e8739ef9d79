"""Windows of words in texts of the release that the filter of originals lets pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sladd.gate.leaks.control import Distinct
from sladd.gate.leaks.folding import decoded, fold, slices
from sladd.gate.leaks.needles import Needles
from sladd.gate.leaks.shapes import LEAST_CHARACTERS, Kind
from sladd.gate.leaks.words import Digests, Page, Places, Runs, digest, mix, windows

_GROUPS = 7  # of digits: 00 47 91 23 45 67 has six, a card four
_GAP = 3  # bytes between groups of one number: " - "
_IBAN_GROUPS = 9  # of four characters: 34 is the longest IBAN, ISO 13616
_IBAN_WORD = 4
_IP_WORD = 3
_PLUS = 43


@dataclass(slots=True)
class Tokens:
    """How many different numbers of each length a column of the release holds."""

    by_length: dict[int, Distinct] = field(default_factory=dict)

    def add(self, lengths: Places, digests: Digests) -> None:
        """Count numbers."""
        for length in np.unique(lengths).tolist():
            self.by_length.setdefault(length, Distinct()).add(digests[lengths == length])

    def counts(self) -> dict[int, float]:
        """Length → how many."""
        return {length: distinct.count for length, distinct in self.by_length.items()}


class Finder:
    """Finds what may be an original. What passes is resolved against the store later."""

    def __init__(self, needles: Needles) -> None:
        self._needles = needles
        self._filter = needles.store.filter()

    def find(self, values: pa.Array, tokens: Tokens) -> tuple[Places, Digests]:
        """Place of the value and digest of each candidate.

        Args:
            values: shape (n,), strings.
            tokens: where numbers are counted.
        """
        places, digests = self._plain(values, tokens)
        inner, plain = decoded(values)
        if plain:
            within, more = self._plain(pa.array(plain, pa.string()), tokens)
            places = np.concatenate([places, np.asarray(inner, np.int64)[within]])
            digests = np.concatenate([digests, more])
        return places, digests

    def cells(self, values: pa.Array, number: int) -> tuple[Places, Digests]:
        """Whole cells that may be originals of one field."""
        places, digests = [], []
        for start, part in slices(fold(values)):
            page = Page(part, self._needles.hasher)
            words = page.words()
            count = np.bincount(words.row, minlength=len(part))
            last = np.cumsum(count)
            given = np.flatnonzero(count)
            first = (last - count)[given]
            whole = page.hasher.between(words.sums, words.start[first], words.end[last[given] - 1])
            salted = self._needles.salted(mix(whole + np.uint64(number)), Kind.CELL)
            passing = self._filter.passing(salted)
            places.append(given[passing] + start)
            digests.append(salted[passing])
        return _whole(places), _whole(digests, np.uint64)

    def _plain(self, values: pa.Array, tokens: Tokens) -> tuple[Places, Digests]:
        places: list[Places] = []
        digests: list[Digests] = []
        for start, part in slices(fold(values)):
            page = Page(part, self._needles.hasher)
            for rows, found in self._candidates(page, tokens):
                passing = self._filter.passing(found)
                places.append(rows[passing] + start)
                digests.append(found[passing])
        return _whole(places), _whole(digests, np.uint64)

    def _candidates(self, page: Page, tokens: Tokens) -> Iterator[tuple[Places, Digests]]:
        sizes = self._needles.sizes
        if sizes.get(Kind.DIGITS) or sizes.get(Kind.PHONE):
            yield from self._numbers(page, tokens)
        if sizes.keys() & {Kind.EMAIL, Kind.IDENTIFIER, Kind.NAME, Kind.ADDRESS} or self._has_ip():
            words = _Words(page)
            yield from self._identifiers(words)
            yield from self._sequences(words)

    def _has_ip(self) -> bool:
        return any(f.category == "user.device.ip_address" for f in self._needles.fields)

    def _numbers(self, page: Page, tokens: Tokens) -> Iterator[tuple[Places, Digests]]:
        runs, needles = page.digits(), self._needles
        if not len(runs):
            return
        lengths = np.zeros(256, bool)
        lengths[[n for n in needles.sizes.get(Kind.DIGITS, ()) if n < len(lengths)]] = True
        phones = np.zeros(256, bool)
        phones[[n for n in needles.sizes.get(Kind.PHONE, ()) if n < len(phones)]] = True
        letters = page.letters_before()
        near = runs.at[1:] - runs.until[:-1] <= _GAP
        near &= runs.row[1:] == runs.row[:-1]
        near &= letters[runs.at[1:]] == letters[runs.until[:-1]]
        joined = np.arange(len(runs))
        for size in range(1, _GROUPS + 1):
            if size > 1:
                joined = joined[joined + size - 1 < len(runs)]
                joined = joined[near[joined + size - 2]]
            total = np.minimum(runs.end[joined + size - 1] - runs.start[joined], 255)
            chosen = joined[lengths[total]]
            if len(chosen):
                found = digest(runs, chosen, size, page.hasher)
                tokens.add(runs.end[chosen + size - 1] - runs.start[chosen], found)
                yield runs.row[chosen], needles.salted(found, Kind.DIGITS)
            if phones.any():
                yield from self._telephones(page, runs, joined, size, total, phones)

    def _telephones(
        self, page: Page, runs: Runs, joined: Places, size: int, total: Places,
        lengths: npt.NDArray[np.bool_],
    ) -> Iterator[tuple[Places, Digests]]:  # fmt: skip
        at = runs.at[joined]
        plus = (page.bytes[np.maximum(at - 1, 0)] == _PLUS) & (at > 0) & lengths[total]
        first = joined[plus]
        found = digest(runs, first, size, page.hasher)
        yield runs.row[first], self._needles.salted(found, Kind.PHONE)
        zeros = (runs.length[joined] >= 2) & (page.bytes[at] == 48)
        zeros &= page.bytes[np.minimum(at + 1, len(page.bytes) - 1)] == 48
        zeros &= lengths[np.maximum(total - 2, 0)]
        first = joined[zeros]
        found = page.hasher.between(runs.sums, runs.start[first] + 2, runs.end[first + size - 1])
        yield runs.row[first], self._needles.salted(found, Kind.PHONE)

    def _identifiers(self, words: _Words) -> Iterator[tuple[Places, Digests]]:
        runs, needles = words.runs, self._needles
        if words.at.any():
            ats = np.concatenate([[0], np.cumsum(words.at)])
            for size in sorted(needles.sizes.get(Kind.EMAIL, ())):
                first = windows(runs, size)
                first = first[ats[first + size] - ats[first] == 1]
                found = digest(runs, first, size, words.hasher)
                yield runs.row[first], needles.salted(found, Kind.EMAIL)
        sizes = needles.sizes.get(Kind.IDENTIFIER, set())
        if not sizes:
            return
        grouped = words.length == _IBAN_WORD
        grouped &= (words.digits >= 2) & (words.digits < _IBAN_WORD)
        for size in sorted(sizes | set(range(2, _IBAN_GROUPS + 1))):
            first = windows(runs, size)
            if size not in sizes:
                first = first[grouped[first]]
            long = runs.end[first + size - 1] - runs.start[first] >= LEAST_CHARACTERS
            first = first[long]
            first = first[words.digits_before[first + size] > words.digits_before[first]]
            found = digest(runs, first, size, words.hasher)
            yield runs.row[first], needles.salted(found, Kind.IDENTIFIER)

    def _sequences(self, words: _Words) -> Iterator[tuple[Places, Digests]]:
        runs, needles = words.runs, self._needles
        each = mix(digest(runs, np.arange(len(runs)), 1, words.hasher))
        if Kind.NAME in needles.sizes:
            plain = (words.digits == 0) & ~words.at
            odd = np.concatenate([[0], np.cumsum(~plain)])
            sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(each)])
            for size in sorted(needles.sizes[Kind.NAME]):
                first = windows(runs, size)
                first = first[odd[first + size] == odd[first]]
                yield runs.row[first], needles.salted(sums[first + size] - sums[first], Kind.NAME)
        numbers = words.digits == words.length
        order = words.hasher.prefix(each)
        postcode = numbers & (words.length == 4)
        for size in sorted(needles.sizes.get(Kind.ADDRESS, ())):
            first = windows(runs, size)
            first = first[postcode[first + size - 1] & ~numbers[first]]
            found = words.hasher.between(order, first, first + size)
            yield runs.row[first], needles.salted(found, Kind.ADDRESS)
        if self._has_ip():
            part = numbers & (words.length <= _IP_WORD)
            first = windows(runs, 4)
            first = first[part[first] & part[first + 1] & part[first + 2] & part[first + 3]]
            found = words.hasher.between(order, first, first + 4)
            yield runs.row[first], needles.salted(found, Kind.IP)


class _Words:
    """The words of a page with what their characters are."""

    def __init__(self, page: Page) -> None:
        self.runs, self.hasher = page.words(), page.hasher
        self.at = page.bytes[self.runs.at] == 64
        before = np.concatenate([[0], np.cumsum(page.kinds == 1)])
        self.digits = before[self.runs.until] - before[self.runs.at]
        self.length = self.runs.length
        self.digits_before = np.concatenate([[0], np.cumsum(self.digits)])


def _whole(parts: Sequence[npt.NDArray[Any]], kind: type = np.int64) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, kind)
