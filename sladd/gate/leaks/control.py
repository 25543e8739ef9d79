"""What chance gives: numbers and names drawn from the originals' own parts.

An order number may equal somebody's telephone number. How often that happens is measured, not
assumed: the digits of the originals are permuted position by position, family names change their
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

from sladd.gate.leaks.words import Digests

DRAWS = 2  # permuted sets of the size of the originals
SURE = 1e-3  # a count that chance gives in one of a thousand columns is no chance
_SMALLEST = 2_048  # least digests kept to estimate how many distinct ones there are
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
            self._least = np.unique(np.concatenate([self._least, spread]))[:_SMALLEST]

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
        self._seen: dict[int, npt.NDArray[np.bool_]] = {}  # length → (position, digit)
        self._lock = threading.Lock()

    def seen(self, digests: Digests) -> None:
        """Count distinct originals."""
        with self._lock:
            self._distinct.add(digests)

    def spelt(self, digits: npt.NDArray[np.uint8]) -> None:
        """Learn which digits stand at which position; shape (n, length)."""
        length = digits.shape[1]
        table = np.zeros((length, 10), bool)
        for place in range(length):
            table[place, np.unique(digits[:, place])] = True
        with self._lock:
            known = self._seen.get(length)
            self._seen[length] = table if known is None else known | table

    def chance(self, tokens: Mapping[int, float]) -> float:
        """Hits expected by chance among so many numbers of each length."""
        expected = 0.0
        for length, table in self._seen.items():
            possible = math.prod(int(n) for n in table.sum(axis=1))
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
        counted.spelt(digits)
        for _ in range(DRAWS):
            drawn = rng.permuted(digits, axis=0) + 48
            offsets = np.arange(len(drawn) + 1, dtype=np.int32) * length
            body = pa.py_buffer(np.ascontiguousarray(drawn, np.uint8).tobytes())
            yield pa.Array.from_buffers(
                pa.string(), len(drawn), [None, pa.py_buffer(offsets.tobytes()), body]
            )


def permuted_names(first: Digests, last: Digests) -> Iterator[Digests]:
    """Digests of names whose family names were exchanged, without those that are real by it."""
    rng = np.random.default_rng()
    real = np.unique(first + last)
    for _ in range(DRAWS):
        drawn = first + rng.permutation(last)
        yield drawn if len(real) == 1 else drawn[~np.isin(drawn, real)]


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
