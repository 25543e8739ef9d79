"""What chance gives: numbers and names drawn from the originals' own parts.

An order number may equal somebody's telephone number. How often that happens is measured, not
assumed: the digits of the originals change places position by position, family names change their
given names, and what was drawn so is looked for beside the originals.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.gate.leaks.store import among
from sladd.gate.leaks.words import Digests, unique

Counts = npt.NDArray[np.int64]

DRAWS = 2  # permuted sets of the size of the originals
SURE = 1e-3  # a count that chance gives in one of a thousand columns is no chance
_SMALLEST = 2_048  # least digests kept to estimate how many distinct ones there are
_FEW = 2_048  # numbers, below which those that came before lend their digits
_MOST = 200_000  # names held to draw others from: 3 MB
_DEEPEST = 24  # digits: longer than any identifier known here


class Distinct:
    """Estimates how many different digests came by (k minimum values, Bar-Yossef 2002)."""

    def __init__(self) -> None:
        self._least: Digests = np.empty(0, np.uint64)

    def add(self, digests: Digests) -> None:
        """Count these."""
        spread = digests * np.uint64(0x9E3779B97F4A7C15)
        if len(self._least) == _SMALLEST:
            spread = spread[spread < self._least[-1]]
        if len(spread):
            self._least = unique(np.concatenate([self._least, spread]))[:_SMALLEST]

    @property
    def count(self) -> float:
        """About how many there were; exact for a few."""
        if len(self._least) < _SMALLEST:
            return float(len(self._least))
        return (_SMALLEST - 1) / (float(self._least[-1]) / 2**64)


class Digits:
    """What is counted of the numbers of one field, without them."""

    def __init__(self) -> None:
        self._distinct = Distinct()
        self._seen: dict[int, Counts] = {}  # length → (position, digit)
        self._lock = threading.Lock()

    def seen(self, digests: Digests) -> None:
        """Count distinct originals."""
        with self._lock:
            self._distinct.add(digests)

    def spelt(self, digits: npt.NDArray[np.uint8]) -> Counts:
        """Learn which digits stand at which position; how often each did so far.

        Args:
            digits: shape (n, length).
        """
        length = digits.shape[1]
        table = np.stack([np.bincount(digits[:, place], minlength=10) for place in range(length)])
        with self._lock:
            known = self._seen.get(length)
            self._seen[length] = table if known is None else known + table
            return self._seen[length]

    def chance(self, tokens: Mapping[int, float]) -> float:
        """Hits expected by chance among so many numbers of each length."""
        expected = 0.0
        for length, table in self._seen.items():
            possible = math.prod(int(n) for n in (table > 0).sum(axis=1))
            share = min(1.0, self._distinct.count / max(possible, 1))
            expected += tokens.get(length, 0) * share
        return expected


def permuted_digits(values: pa.Array, counted: Digits) -> Iterator[pa.Array]:
    """Numbers whose digits were exchanged with those of others at the same position.

    Args:
        values: shape (n,), strings of digits.
        counted: learns which digits stand where.
    """
    rng = np.random.default_rng()
    lengths = pc.utf8_length(values)
    for length in pc.unique(lengths).to_pylist():
        chosen = values.filter(pc.equal(lengths, length))
        if length > _DEEPEST:
            continue
        whole = pc.binary_join(pa.array([chosen.to_pylist()]), "")[0].as_py()
        digits = np.frombuffer(whole.encode(), np.uint8).reshape(-1, length) - 48
        spread = counted.spelt(digits)
        for _ in range(DRAWS):
            drawn = (
                _spread(spread, len(digits), rng) if len(digits) < _FEW else _mixed(digits, rng)
            ) + 48
            offsets = np.arange(len(drawn) + 1, dtype=np.int32) * length
            body = pa.py_buffer(np.ascontiguousarray(drawn, np.uint8).tobytes())
            yield pa.Array.from_buffers(
                pa.string(), len(drawn), [None, pa.py_buffer(offsets.tobytes()), body]
            )


def _spread(counts: Counts, rows: int, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Numbers with each digit as often at its position as it was counted there."""
    below = np.cumsum(counts, axis=1)
    drawn = np.empty((rows, len(counts)), np.uint8)
    for place, ends in enumerate(below):
        drawn[:, place] = np.searchsorted(ends, rng.integers(0, ends[-1], rows), side="right")
    return drawn


def _mixed(digits: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """The same numbers, shuffled, and then each position moved on by another number of rows."""
    mixed = digits[rng.permutation(len(digits))]
    for place in range(digits.shape[1]):
        mixed[:, place] = np.roll(mixed[:, place], int(rng.integers(0, len(digits))))
    return mixed


class Names:
    """The names of one field as digests of their first and last words."""

    def __init__(self) -> None:
        self._last: Digests = np.empty(0, np.uint64)
        self._real: Digests = np.empty(0, np.uint64)  # sorted
        self._lock = threading.Lock()

    def learnt(self, first: Digests, last: Digests) -> tuple[Digests, Digests]:
        """Last words to draw from, and the names that are real, of these and those before."""
        with self._lock:
            if len(self._last) < _MOST:
                self._last = np.concatenate([self._last, last])
                self._real = unique(np.concatenate([self._real, first + last]))
                return self._last, self._real
            return self._last, unique(np.concatenate([self._real, first + last]))


def permuted_names(first: Digests, last: Digests, known: Names) -> Iterator[Digests]:
    """Digests of names whose family names were exchanged, without those that are real by it.

    Args:
        first: shape (n,), of given names.
        last: shape (n,), of family names.
        known: learns the names, and lends family names that came before.
    """
    if not len(first):
        return
    rng = np.random.default_rng()
    families, real = known.learnt(first, last)
    for _ in range(DRAWS):
        drawn = first + families[rng.integers(0, len(families), len(first))]
        yield drawn if len(real) == 1 else drawn[~among(drawn, real)]


def beyond_chance(found: int, by_chance: float) -> bool:
    """Whether so many hits are more than chance gives (Poisson, one-sided)."""
    if found <= 0:
        return False
    if by_chance <= 0:
        return True
    if by_chance > 500:  # normal approximation; 3.09 is its quantile for one of a thousand
        return found > by_chance + 3.09 * math.sqrt(by_chance)
    term = below = math.exp(-by_chance)
    for n in range(1, found):
        term *= by_chance / n
        below += term
    return 1 - below < SURE
