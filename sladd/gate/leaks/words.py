"""The words of many texts at once, and keyed digests of runs of words.

A digest is a polynomial over the bytes: each byte becomes a random word of 64 bits, each
position a power of a random odd base, all modulo 2^64 and all drawn anew for a run. Prefix sums
then give the digest of *any* run of words in constant time, so that windows of one to nine words
cost no more than reading the text once. Two different texts share a digest with a probability of
about 2^-60 (Carter and Wegman 1979, universal hashing); whoever has a digest without the key of
the run learns nothing of the text from it alone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Digests = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_DIGIT, _LETTER, _AT = 1, 2, 4
_CLASS = np.zeros(256, np.uint8)
_CLASS[48:58] = _DIGIT
_CLASS[97:123] = _LETTER
_CLASS[65:91] = _LETTER
_CLASS[128:] = _LETTER  # parts of letters beyond ASCII; other signs were folded to blanks
_CLASS[64] = _AT
_FEWEST = 1 << 16  # powers made at once


class Hasher:
    """The random key of one run. Never printed or pickled."""

    def __init__(self) -> None:
        words = np.frombuffer(secrets.token_bytes(8 * 320), np.uint64).copy()
        self._letters = words[:256]
        self.salts = words[256:]
        self._base = int(words[0]) | 1
        self._tables = _tables(self._base, _FEWEST)

    def __repr__(self) -> str:
        return "<Hasher>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Hasher is a key and is never serialised")

    def destroy(self) -> None:
        """Overwrite the key."""
        self._letters[:] = 0
        self.salts[:] = 0
        self._base = 1
        self._tables = _tables(1, 1)

    def prefix(self, values: npt.NDArray[np.integer]) -> Digests:
        """Sums of the polynomial before each position, shape (n + 1,); bytes or words of 64 bits."""
        powers, _ = self._grown(len(values) + 1)
        terms = self._letters[values] if values.dtype == np.uint8 else values.view(np.uint64)
        sums = np.empty(len(values) + 1, np.uint64)
        sums[0] = 0
        np.cumsum(terms * powers[: len(values)], out=sums[1:])
        return sums

    def between(self, sums: Digests, starts: Places, ends: Places) -> Digests:
        """Digests of what stands from `starts` up to `ends`."""
        return (sums[ends] - sums[starts]) * self._tables[1][starts]

    def _grown(self, size: int) -> tuple[Digests, Digests]:
        # Threads may grow the tables at once: each sees a whole pair, and pairs only get longer.
        tables = self._tables
        if size > len(tables[0]):
            self._tables = tables = _tables(self._base, size)
        return tables


def _tables(base: int, size: int) -> tuple[Digests, Digests]:
    """Powers of the base and of its inverse modulo 2^64."""
    made = []
    for factor in (base, pow(base, -1, 2**64)):
        table = np.full(size, factor, np.uint64)
        table[:1] = 1
        made.append(np.cumprod(table))
    return made[0], made[1]


def unique(values: Digests) -> Digests:
    """Sorted, each once. For a million different ones numpy's `unique` takes fifteen times as long (measured)."""
    ordered = np.sort(values)
    fresh = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return ordered[fresh]


def mix(digests: Digests) -> Digests:
    """Spread a digest so that sums of several tell sets of words apart (splitmix64)."""
    spread = (digests ^ (digests >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    spread = (spread ^ (spread >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return spread ^ (spread >> np.uint64(31))


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of characters of one kind in many texts, in their order.

    Attributes:
        row: text in which each stands, shape (n,).
        start, end: in the compact text, where nothing stands between runs.
        at: byte at which each begins in the folded texts.
        until: byte at which each ends there.
        sums: prefix sums over the compact text.
    """

    row: Places
    start: Places
    end: Places
    at: Places
    until: Places
    sums: Digests

    def __len__(self) -> int:
        return len(self.row)

    @property
    def length(self) -> Places:
        """Bytes of each."""
        return self.end - self.start


class Page:
    """Folded texts laid out in one run of bytes, with their words and runs of digits."""

    def __init__(self, folded: pa.Array, hasher: Hasher) -> None:
        folded = folded.fill_null("") if folded.null_count else folded
        offsets = np.frombuffer(folded.buffers()[1] or b"", np.int32, offset=4 * folded.offset)
        self.offsets = offsets[: len(folded) + 1].astype(np.int64)
        first, last = (self.offsets[0], self.offsets[-1]) if len(folded) else (0, 0)
        body = folded.buffers()[2]
        whole = np.frombuffer(body if body is not None else b"", np.uint8)
        self.bytes: Bytes = whole[first:last]
        self.offsets -= first
        self.hasher = hasher
        self.kinds = _CLASS[self.bytes]
        self._breaks = np.zeros(len(self.bytes) + 1, bool)
        self._breaks[self.offsets] = True

    def words(self) -> Runs:
        """Letters and digits together; an @ is a word of its own."""
        return self._runs(self.kinds != 0, apart=self.kinds == _AT)

    def digits(self) -> Runs:
        """Digits alone, also inside words."""
        return self._runs(self.kinds == _DIGIT, apart=None)

    def letters_before(self) -> npt.NDArray[np.int32]:
        """Letters before each byte, shape (bytes + 1,)."""
        counted = np.zeros(len(self.bytes) + 1, np.int32)
        np.cumsum(self.kinds >= _LETTER, out=counted[1:])
        return counted

    def _runs(self, inside: npt.NDArray[np.bool_], apart: npt.NDArray[np.bool_] | None) -> Runs:
        before = np.zeros(len(inside), bool)
        before[1:] = inside[:-1]
        cut = self._breaks[:-1].copy()
        if apart is not None:
            cut |= apart
            cut[1:] |= apart[:-1]
        begins = np.flatnonzero(inside & (cut | ~before))
        after = np.zeros(len(inside), bool)
        after[:-1] = inside[1:]
        cut_after = self._breaks[1:].copy()
        if apart is not None:
            cut_after |= apart
            cut_after[:-1] |= apart[1:]
        ends = np.flatnonzero(inside & (cut_after | ~after)) + 1
        lengths = ends - begins
        end = np.cumsum(lengths)
        start = end - lengths
        row = np.searchsorted(self.offsets, begins, side="right") - 1
        return Runs(row, start, end, begins, ends, self.hasher.prefix(self.bytes[inside]))


def windows(runs: Runs, size: int) -> Places:
    """First run of every window of `size` runs that stands in one text."""
    if len(runs) < size:
        return np.empty(0, np.int64)
    return np.flatnonzero(runs.row[: len(runs) - size + 1] == runs.row[size - 1 :])


def digest(runs: Runs, first: Places, size: int, hasher: Hasher) -> Digests:
    """Digest of windows, with nothing between their words."""
    return hasher.between(runs.sums, runs.start[first], runs.end[first + size - 1])
