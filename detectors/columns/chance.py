"""How often a rule would hit by chance, judged by the column itself.

Values in a column are not independent draws: 5,000 order numbers from 45,230,000 pass the rule
for telephone numbers one and all. So a rule is held against the column with its characters
permuted, each position among the distinct values of one length. What survives that says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import lgamma, log, log1p
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from detectors.declaration import Mask

Passes = Callable[[list[str]], Mask]

_FEWEST = 5  # fewer values of one length permute into themselves
PERMUTED_MOST = 250  # distinct values permuted; with three rounds the error is below 1.9 %


class Permuted:
    """A column against itself: its distinct values with their characters permuted.

    Punctuation that stands at the same place in every value (the dots of an IP address) is
    left in place by a permutation of positions. Where values hold any, the characters are also
    shuffled within each value, and the lower rate counts. Several rules are held against the
    same permutations, which are made when the first one asks.

    Args:
        cells: distinct values, in an order that does not depend on the rows.
        rounds: permutations, each independent.
        seed: of the permutations.
    """

    __slots__ = ("_by_position", "_cells", "_rng", "_rounds", "_within")

    def __init__(self, cells: Sequence[str], *, rounds: int, seed: int) -> None:
        self._cells = cells
        self._rounds = rounds
        self._rng = np.random.default_rng(seed)
        self._by_position: list[str] | None = None
        self._within: list[str] | None = None

    def rate(self, passes: Passes) -> float | None:
        """Share 0-1 that still passes a rule on whole cells; None: nothing can be permuted."""
        moved = self._moved()
        rate = float(np.mean(passes(moved))) if moved else None
        if rate == 0.0 or all(c.replace(" ", "").isalnum() for c in self._cells):
            return rate
        within = float(np.mean(passes(self._shuffled())))
        return within if rate is None else min(rate, within)

    def _moved(self) -> list[str]:
        if self._by_position is None:
            groups: dict[int, list[str]] = defaultdict(list)
            for cell in self._cells:
                groups[len(cell)].append(cell)
            wide = [np.array([list(c) for c in g]) for g in groups.values() if len(g) >= _FEWEST]
            self._by_position = []
            for _ in range(self._rounds):
                for matrix in wide:
                    self._by_position += _joined(self._rng.permuted(matrix, axis=0))
        return self._by_position

    def _shuffled(self) -> list[str]:
        if self._within is None:
            self._moved()  # draws first, whichever rule asks for what
            self._within = [
                "".join(self._rng.permutation(list(cell)))
                for _ in range(self._rounds)
                for cell in self._cells
            ]
        return self._within

    def __reduce__(self) -> NoReturn:
        raise TypeError("permuted values are never serialised")


def _joined(matrix: npt.NDArray[np.str_]) -> list[str]:
    """Rows of single characters as strings."""
    if matrix.shape[1] == 0:
        return [""] * len(matrix)
    rows: list[str] = np.ascontiguousarray(matrix).view(f"<U{matrix.shape[1]}")[:, 0].tolist()
    return [row.replace("\0", "") for row in rows]


def given(chance: float, other: float) -> float:
    """Chance of passing one rule among values that pass another: at most P(A) / P(B).

    One account in eleven passes all of the fødselsnummer's arithmetic that is its own.
    """
    return min(1.0, chance / other) if other > 0 else chance


def likelihood_ratio(hits: int, tried: int, chance: float, *, expected: float = 6.0) -> float:
    """Log-likelihood ratio of "the column is that" against "these hits are chance".

    Under the first the share of hits is Beta(`expected`, 1): most values, some dirt. Under the
    second each value hits with probability `chance`.

    >>> likelihood_ratio(980, 1000, 0.001) > 100
    True
    >>> likelihood_ratio(1000, 1000, 1.0) <= 0
    True
    """
    if tried == 0:
        return 0.0
    chance = min(max(chance, 1e-6), 1 - 1e-9)
    misses = tried - hits
    is_that = _log_beta(expected + hits, 1.0 + misses) - _log_beta(expected, 1.0)
    by_chance = hits * log(chance) + misses * log1p(-chance)
    ratio = is_that - by_chance
    # Fewer hits than chance gives never speak for the finding.
    return ratio if hits > tried * chance else min(0.0, ratio)


def beta_binomial_ratio(
    hits: int, tried: int, of: tuple[float, float], other: tuple[float, float]
) -> float:
    """Log-likelihood ratio of two spreads of shares, given hits among some values.

    Values of a column are not independent draws, so no number of them makes a share that both
    kinds of column have into evidence.

    Args:
        hits: values that stand on a list.
        tried: values looked at.
        of: parameters of the beta distribution of shares among columns of the category.
        other: among columns of anything else.

    >>> beta_binomial_ratio(95, 100, (6, 1), (0.5, 5)) > 4
    True
    >>> beta_binomial_ratio(1000, 10_000, (6, 1), (0.5, 5)) < 0
    True
    """
    misses = tried - hits
    return (
        _log_beta(of[0] + hits, of[1] + misses) - _log_beta(*of)
        - _log_beta(other[0] + hits, other[1] + misses) + _log_beta(*other)
    )  # fmt: skip


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def unlikely(hits: int, tried: int, chance: float) -> bool:
    """Whether so many hits are more than chance: what lets a few values flag a column.

    One value flags only while fewer than 0.05 are expected; more hits must be beyond one in a
    thousand of the binomial's upper tail (bounded by Chernoff's inequality).
    """
    if hits == 0:
        return False
    expected = tried * chance
    if expected < 0.05:
        return True
    share = hits / tried
    if share <= chance:
        return False
    bounded = min(chance, 1 - 1e-9)
    divergence = share * log(share / bounded)
    if share < 1:
        divergence += (1 - share) * log((1 - share) / (1 - bounded))
    return tried * divergence > log(1000)


def scattered(values: pa.StringArray) -> dict[str, int | float] | None:
    """Facts about numbers of eight digits that begin with 4 and with 9 and with nothing else.

    Norwegian mobile numbers lie in these two series (Nkom's number plan). One number in five
    begins so by chance, but a counter fills one stretch of its range: only numbers handed out
    like telephone numbers show both series, each scattered.
    """
    if len(values) < 20 or sequence(values) is not None:
        return None
    shares = [
        float(
            pc.mean(pc.match_substring_regex(values, f"^{lead}[0-9]{{7}}$").cast(pa.int8())).as_py()
        )
        for lead in "49"
    ]
    if sum(shares) < 0.95 or min(shares) < 0.05:
        return None
    # The second digit tells a scattered series from two counters.
    second = pc.count_distinct(pc.utf8_slice_codeunits(values, 1, 2)).as_py()
    if second < 8:
        return None
    return {"both": round(min(shares), 3), "values": len(values)}


# Share of each leading digit among telephone numbers of customers; of any numbers, one in nine.
_SHARES = {
    **dict.fromkeys("49", 0.37),
    **dict.fromkeys("23567", 0.05),
    **dict.fromkeys("18", 0.005),
}
_FIXED = dict.fromkeys("23567", 0.19)  # where a column holds fixed lines only


def like_phones(values: pa.StringArray) -> float:
    """Log-likelihood ratio that numbers of eight digits begin as telephone numbers do.

    Three in four numbers of customers are mobile, the rest fixed lines (Nkom's number plan); of
    any other numbers each leading digit is as likely as the next. A sequence is never one.
    """
    bare = pc.replace_substring_regex(values, r"[ ().-]|^\s*(?:\+|00)47", "")
    eight = bare.filter(pc.match_substring_regex(bare, "^[0-9]{8}$"))
    if len(eight) < 5 or len(eight) < 0.8 * len(values) or sequence(eight) is not None:
        return 0.0
    lead = pc.value_counts(pc.utf8_slice_codeunits(eight, 0, 1)).to_pylist()
    counts = {each["values"]: each["counts"] for each in lead}
    mixed = sum(n * log(_SHARES.get(d, 0.001) * 9) for d, n in counts.items())
    fixed = sum(n * log(_FIXED.get(d, 0.01) * 9) for d, n in counts.items())
    ratio = max(mixed, fixed - 3.0)
    second = pc.count_distinct(pc.utf8_slice_codeunits(eight, 1, 2)).as_py()
    return ratio if second >= min(8, len(eight) // 2) else 0.0


def sequence(values: pa.StringArray) -> dict[str, int | float] | None:
    """Facts about a dense range or a constant step among numbers; None for anything else.

    Order numbers fill their range; identity and telephone numbers are scattered over theirs.
    """
    if len(values) < 10 or not pc.all(pc.match_substring_regex(values, r"^\d{1,15}$")).as_py():
        return None
    numbers = np.sort(values.cast(pa.int64()).to_numpy(zero_copy_only=False))
    steps = np.diff(numbers)
    span = int(numbers[-1] - numbers[0]) + 1
    density = len(numbers) / span
    sizes, seen = np.unique(steps, return_counts=True)
    common = int(seen.max())
    if density >= 0.5:
        return {"density": round(density, 3), "values": len(numbers)}
    if common / len(steps) >= 0.9:
        return {"step": int(sizes[seen.argmax()]), "values": len(numbers)}
    return None


def largest_part(values: pa.StringArray) -> int | None:
    """The largest number between the dots of `1.20.3.4`; None where few values are written so.

    Addresses use the whole of 0-255, versions count from 1.
    """
    dotted = r"^\d{1,3}(?:\.\d{1,3}){3}$"
    values = values.filter(pc.match_substring_regex(values, dotted))
    # 10.0.0.5 lies in the private network 10/8.
    if len(values) < 3 or pc.all(pc.starts_with(values, "10.")).as_py():
        return None
    parts = pc.list_flatten(pc.split_pattern(values, "."))
    return int(pc.max(parts.cast(pa.int64())).as_py())
