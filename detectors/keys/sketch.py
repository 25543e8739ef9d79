"""The distinct keys of a column as digests, in bounded memory.

Whole numbers and text that spells them are one key: `00042` in a file is 42 in a database. A
digest is made under a salt that dies with the run. When a column has more keys than fit, those
below a threshold stay; two columns keep the same ones, so that what is counted of them holds
for all (adaptive sampling, Wegman; Flajolet 1990, Computing 43). Such a count is an estimate.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

MOST = 400_000  # digests kept a column: 3 MB; the share of a sample is right within 0.3 %
ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_NUMBER = r"^(?:0|-?0*[1-9][0-9]{0,17})$"  # what fits into 64 bits
_PADDED = r"^0[0-9]+$"

Spell = Callable[[str], str | None]
Digests = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]


class Salt:
    """A random key for the digests of one run. Never printed, stored or pickled."""

    def __init__(self) -> None:
        raw = secrets.token_bytes(32)
        self._key = raw[:16]
        odd = int.from_bytes(raw[16:24], "little") | 1
        self._odd = np.uint64(odd)
        self._inverse = np.uint64(pow(odd, -1, 1 << 64))
        self._mask = np.uint64(int.from_bytes(raw[24:], "little"))

    def numbers(self, values: Numbers) -> Digests:
        """Digests of whole numbers; one to one, so that they can be counted within a range."""
        with np.errstate(over="ignore"):
            mixed = (values.view(np.uint64) ^ self._mask) * self._odd
            mixed ^= mixed >> np.uint64(32)
            return mixed * self._odd

    def undone(self, digests: Digests) -> Numbers:
        """The numbers again."""
        with np.errstate(over="ignore"):
            mixed = digests * self._inverse
            mixed ^= mixed >> np.uint64(32)
            return ((mixed * self._inverse) ^ self._mask).view(np.int64)

    def texts(self, values: list[str]) -> Digests:
        """Digests of texts: keyed BLAKE2b, cut to eight bytes."""
        start = hashlib.blake2b(digest_size=8, key=self._key)
        found = bytearray()
        for text in values:
            state = start.copy()
            state.update(text.encode("utf-8", "replace"))
            found += state.digest()
        return np.frombuffer(bytes(found), np.uint64)

    def __repr__(self) -> str:
        return "<Salt>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Salt is never serialised")


class Sketch:
    """What is known of a column's keys. Holds digests: never printed or pickled.

    Attributes:
        digests: shape (kept,), sorted.
        numbers: the same as numbers, sorted, where every key is a whole one.
        threshold: the largest digest that was kept; `ALL` when none was left out.
        rows: rows read.
        nulls: of them, without a key.
        complete: whether the whole column was read.
        padded: whether numbers were written with leading zeros.
        textual: whether the column stores text.
        longest: characters of the longest key.
    """

    __slots__ = (
        "complete", "digests", "longest", "nulls", "numbers", "padded", "rows", "textual",
        "threshold",
    )  # fmt: skip

    def __init__(
        self,
        digests: Digests,
        numbers: Numbers | None,
        *,
        threshold: np.uint64,
        rows: int,
        nulls: int,
        complete: bool,
        padded: bool,
        textual: bool,
        longest: int,
    ) -> None:
        self.digests = digests
        self.numbers = numbers
        self.threshold = threshold
        self.rows = rows
        self.nulls = nulls
        self.complete = complete
        self.padded = padded
        self.textual = textual
        self.longest = longest

    @property
    def share(self) -> float:
        """Share 0-1 of the keys that were kept."""
        return min(1.0, (float(self.threshold) + 1) / 2.0**64)

    @property
    def distinct(self) -> int:
        """Different keys; an estimate where not all were kept."""
        return round(len(self.digests) / self.share)

    @property
    def filled(self) -> int:
        """Rows that have a key."""
        return self.rows - self.nulls

    @property
    def unique(self) -> bool:
        """Whether no key was seen twice; only where all were kept, or nearly so by estimate."""
        if self.share >= 1:
            return self.filled > 0 and len(self.digests) == self.filled
        return self.distinct >= 0.995 * self.filled  # four times the error of the estimate

    def below(self, threshold: np.uint64) -> Digests:
        """The kept digests up to a threshold."""
        if threshold >= self.threshold:
            return self.digests
        return self.digests[: np.searchsorted(self.digests, threshold, side="right")]

    def __repr__(self) -> str:
        return f"<Sketch of {self.rows} rows, {self.distinct} distinct>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Sketch holds digests of keys and is never serialised")


def common(one: Sketch, other: Sketch) -> tuple[int, int, int]:
    """How many keys were compared, found in both, and kept of the other: within one threshold."""
    threshold = min(one.threshold, other.threshold)
    mine, theirs = one.below(threshold), other.below(threshold)
    return len(mine), count_in(mine, theirs), len(theirs)


def count_in(mine: Digests, theirs: Digests) -> int:
    """How many of some sorted digests are among others."""
    if not len(theirs) or not len(mine):
        return 0
    places = np.searchsorted(theirs, mine)
    places[places == len(theirs)] = 0
    return int(np.count_nonzero(theirs[places] == mine))


class Gatherer:
    """Takes the batches of a column and makes a `Sketch` of them. Never printed or pickled."""

    def __init__(self, salt: Salt, *, most: int = MOST, spell: Spell | None = None) -> None:
        """Start empty.

        Args:
            salt: of the run.
            most: digests to keep.
            spell: gives equal values one spelling, and None for what is none of its kind. With
                it every value is a text, numbers too.
        """
        self._salt = salt
        self._spell = spell
        self._most = most
        self._known: Digests = np.empty(0, np.uint64)
        self._fresh: list[Digests] = []
        self._waiting = 0
        self._threshold = ALL
        self._rows = self._nulls = self._longest = 0
        self._whole = True
        self._padded = self._textual = False

    def add(self, column: pa.Array | pa.ChunkedArray) -> None:
        """Take more rows."""
        data = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if pa.types.is_dictionary(data.type):
            data = data.dictionary_decode()
        self._rows += len(data)
        distinct = pc.unique(data).drop_null()
        nulls = data.null_count
        if self._spell is not None:
            self._textual, self._whole = True, False
            spelt = (self._spell(text) for text in distinct.cast(pa.string()).to_pylist())
            self._keep(self._salt.texts([text for text in spelt if text]))
        elif pa.types.is_integer(data.type):
            self._keep(self._salt.numbers(_int64(distinct)))
        elif pa.types.is_floating(data.type) or pa.types.is_decimal(data.type):
            self._add_decimals(distinct)
        else:
            nulls += self._add_texts(data, distinct)
        self._nulls += nulls

    def _add_decimals(self, distinct: pa.Array) -> None:
        """Whole numbers are keys; others make the column none."""
        values = distinct.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        values = values[np.isfinite(values)]
        if len(values) and (np.any(values != np.floor(values)) or np.abs(values).max() >= 2.0**53):
            self._whole = False
            self._keep(values.view(np.uint64))
            return
        self._keep(self._salt.numbers(values.astype(np.int64)))

    def _add_texts(self, data: pa.Array, distinct: pa.Array) -> int:
        """Returns how many rows are blank."""
        self._textual = True
        texts = pc.utf8_trim_whitespace(distinct.cast(pa.string()))
        blank = pc.equal(texts, "")
        empty = 0
        if pc.any(blank).as_py():
            trimmed = pc.utf8_trim_whitespace(data.cast(pa.string()))
            empty = pc.sum(pc.equal(trimmed, "")).as_py() or 0
            texts = texts.filter(pc.invert(blank))
        if not len(texts):
            return empty
        self._longest = max(self._longest, pc.max(pc.utf8_length(texts)).as_py())
        number = pc.match_substring_regex(texts, _NUMBER)
        plain = texts.filter(number)
        if len(plain):
            self._padded |= bool(pc.any(pc.match_substring_regex(plain, _PADDED)).as_py())
            self._keep(self._salt.numbers(_int64(plain.cast(pa.int64()))))
        if len(plain) < len(texts):
            self._whole = False
            self._keep(self._salt.texts(texts.filter(pc.invert(number)).to_pylist()))
        return empty

    def _keep(self, digests: Digests) -> None:
        self._fresh.append(
            digests if self._threshold == ALL else digests[digests <= self._threshold]
        )
        self._waiting += len(self._fresh[-1])
        if self._waiting > self._most:
            self._merge()

    def _merge(self) -> None:
        self._known = np.unique(np.concatenate([self._known, *self._fresh]))
        self._fresh, self._waiting = [], 0
        while len(self._known) > self._most:
            self._threshold >>= np.uint64(1)
            end = np.searchsorted(self._known, self._threshold, side="right")
            self._known = self._known[:end]

    def sketch(self, *, complete: bool) -> Sketch:
        """What was gathered.

        Args:
            complete: whether these were all rows of the column.
        """
        self._merge()
        numbers = np.sort(self._salt.undone(self._known)) if self._whole else None
        return Sketch(
            self._known,
            numbers,
            threshold=self._threshold,
            rows=self._rows,
            nulls=self._nulls,
            complete=complete,
            padded=self._padded,
            textual=self._textual,
            longest=self._longest,
        )

    def __repr__(self) -> str:
        return f"<Gatherer of {self._rows} rows>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Gatherer holds digests of keys and is never serialised")


def _int64(column: pa.Array) -> Numbers:
    if pa.types.is_uint64(column.type):
        numbers: Numbers = column.to_numpy(zero_copy_only=False).view(np.int64)
        return numbers
    whole: Numbers = column.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return whole
