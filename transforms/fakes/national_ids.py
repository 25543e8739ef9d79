"""Fødselsnummer of Skatteetaten's synthetic series: the month is 81 to 92, the checks are right.

No person has one. Sex, date of birth and whether it was a D-number are *not* kept: each alone
helps to find a person, and an analysis that needs an age or a sex takes the columns that say
so. Every fødselsnummer and D-number becomes one of both series, so that the series tells
nothing either.

Valid numbers are numbered one after another, encrypted as a number (FF1, walking the cycle),
and counted out again among the synthetic ones: differing numbers keep differing fakes, which
no draw from 53 million could promise. What is not valid is drawn, and may meet another.

Source: Skatteetaten, *Tenor testdata* (month + 80), *Fødselsnummer* (checks, individual
numbers); folkeregisterforskriften § 2-2; NIST SP 800-38G §5.2 for FF1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sladd import canonical
from transforms.fakes.kind import Fakery, Kind
from transforms.fakes.spelling import IMPOSSIBLE, columns, mod11, spelled
from transforms.fakes.vocabulary import Vocabulary
from transforms.ff1 import Ff1

_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_SYNTHETIC = 80  # added to the month
_D_NUMBER = 40  # added to the day
_RANGES = ((1854, 1899, (500, 750)), (1900, 1999, (0, 500)), (1940, 1999, (900, 1000)), (2000, 2039, (500, 1000)))  # fmt: skip
"""Years of birth and their individual numbers."""
_LAST_YEAR = 2031
"""Numbers given out from 2032 on follow another rule for the first check."""
_FIRST_YEAR = 1900  # of real numbers that keep apart: the older persons are dead
_WIDTH = 8  # digits of the encrypted number

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Series:
    """Valid numbers in a row, counted without being listed.

    Attributes:
        days: shape (e,), days since 1970-01-01 of each date that comes with each addend of the
            day.
        added: shape (e,), that addend: 0 or 40.
        digits: shape (e, 6), of the date as it is written.
        years: shape (e,), the group of years that each date is in: it has its own individual numbers.
        classes: shape (e,), what the date adds to both checks: eleven times the one and the other.
        valid: shape (g, 121, 1000), whether an individual number has both checks.
        before: shape (g, 121, 1000), how many smaller ones have.
        order: shape (g, 121, 1000), the individual numbers that have, in order; then the others.
        begins: shape (e + 1,), how many numbers come before each date.
    """

    days: Numbers
    added: Numbers
    digits: Numbers
    years: Numbers
    classes: Numbers
    valid: npt.NDArray[np.bool_]
    before: Numbers
    order: Numbers
    begins: Numbers

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return int(self.begins[-1])

    def ranks(self, entries: Numbers, individuals: Numbers) -> Numbers:
        """Places in the row of valid numbers, shape (n,)."""
        inside = self.before[self.years[entries], self.classes[entries], individuals]
        found: Numbers = self.begins[entries] + inside
        return found

    def numbers(self, ranks: Numbers) -> Numbers:
        """The eleven digits of the numbers at these places, shape (n, 11)."""
        entries = np.searchsorted(self.begins, ranks, side="right") - 1
        nth = ranks - self.begins[entries]
        individuals = self.order[self.years[entries], self.classes[entries], nth]
        nine = np.hstack([self.digits[entries], columns(individuals.astype(np.uint64), 3)])
        ten = np.hstack([nine, mod11(nine, _FIRST)[:, None]])
        return np.hstack([ten, mod11(ten, _SECOND)[:, None]])


def series(month: int, first_year: int) -> Series:
    """The valid numbers of persons born from a year on, D-numbers among them.

    Args:
        month: what is added to the month.
        first_year: of birth.
    """
    start, end = (np.datetime64(f"{year}-01-01", "D") for year in (first_year, _LAST_YEAR + 1))
    once = np.arange(start, end)
    days = np.tile(once.astype(np.int64), 2)
    added = np.repeat([0, _D_NUMBER], len(once))
    digits, year = _written(np.tile(once, 2), added, month)
    groups = sum((year >= bound).astype(np.int64) for bound in (1900, 1940, 2000))
    classes = 11 * _sum(digits, _FIRST[:6]) + _sum(digits, _SECOND[:6])
    valid = _valid()
    counts = valid.sum(axis=2)[groups, classes]
    begins = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    return Series(
        days=days,
        added=added,
        digits=digits,
        years=np.asarray(groups),
        classes=classes,
        valid=valid,
        before=np.cumsum(valid, axis=2) - valid,
        order=np.argsort(~valid, axis=2, kind="stable"),
        begins=begins,
    )


@cache  # constants, computed once in some 50 ms each
def real() -> Series:
    """The numbers that persons can have."""
    return series(0, _FIRST_YEAR)


@cache
def synthetic() -> Series:
    """The numbers that fakes are counted out from: more than the real ones."""
    return series(_SYNTHETIC, _RANGES[0][0])


def _valid() -> npt.NDArray[np.bool_]:
    individuals = np.arange(1000)
    digits = columns(individuals.astype(np.uint64), 3)
    first, second = _sum(digits, _FIRST[6:]), _sum(digits, _SECOND[6:9])
    classes = np.arange(121)[:, None]
    one = -(classes // 11 + first) % 11
    two = -(classes % 11 + second + _SECOND[9] * one) % 11
    checked = (one != IMPOSSIBLE) & (two != IMPOSSIBLE)
    spans = np.array(
        [
            [any(low <= i < high for a, b, (low, high) in _RANGES if a <= year <= b) for i in individuals]
            for year in (1899, 1939, 1999, 2031)
        ]
    )  # fmt: skip
    valid: npt.NDArray[np.bool_] = spans[:, None, :] & checked[None, :, :]
    return valid


def _sum(digits: Numbers, weights: Sequence[int]) -> Numbers:
    total: Numbers = digits @ np.array(weights, np.int64) % 11
    return total


def _written(
    dates: npt.NDArray[np.datetime64], added: Numbers, month: int
) -> tuple[Numbers, Numbers]:
    """Dates as six digits, and their years."""
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    months = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    days = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    parts = (days + added, months + month, years % 100)
    return np.hstack([columns(part.astype(np.uint64), 2) for part in parts]), years


def _make(values: Sequence[str], fakery: Fakery) -> pa.Array:
    texts = [canonical.canonical(value, "national_id") for value in values]
    written = np.array([int(text) if fine else 0 for text, fine in texts], np.uint64)
    digits = columns(written, 11)
    drawn = fakery.draws("national_id", values, "national_id").below(synthetic().size)[0]
    ranks = drawn
    for known, month in ((real(), 0), (synthetic(), _SYNTHETIC)):
        at, entries, individuals = _placed(digits, known, month)
        ranks[at] = known.ranks(entries, individuals)
    return spelled(synthetic().numbers(_permuted(ranks, fakery)))


def _placed(digits: Numbers, known: Series, month: int) -> tuple[Numbers, Numbers, Numbers]:
    """Which rows are numbers of a series, and where their dates stand in it."""
    day, months, year, individual = (
        digits[:, a:b] @ 10 ** np.arange(b - a)[::-1] for a, b in ((0, 2), (2, 4), (4, 6), (6, 9))
    )
    added = np.where(day > _D_NUMBER, _D_NUMBER, 0)
    century = np.where(
        individual < 500, 1900,
        np.where(year < 40, 2000, np.where(individual >= 900, 1900, 1800)),
    )  # fmt: skip
    months = months - month
    fine = (months >= 1) & (months <= 12) & (day - added >= 1) & (day - added <= 31)
    first = ((century + year - 1970) * 12 + np.clip(months, 1, 12) - 1).astype("datetime64[M]")
    dates = first.astype("datetime64[D]") + np.clip(day - added - 1, 0, 30)
    fine &= dates.astype("datetime64[M]") == first
    once = len(known.days) // 2
    entries = dates.astype(np.int64) - known.days[0]
    fine &= (entries >= 0) & (entries < once)
    entries = np.where(fine, entries + np.where(added > 0, once, 0), 0)
    fine &= known.valid[known.years[entries], known.classes[entries], individual]
    nine, ten = digits[:, :9], digits[:, :10]
    fine &= (mod11(nine, _FIRST) == digits[:, 9]) & (mod11(ten, _SECOND) == digits[:, 10])
    at = np.flatnonzero(fine)
    return at, entries[at], individual[at]


def _permuted(ranks: Numbers, fakery: Fakery) -> Numbers:
    """A keyed permutation of the places in the synthetic series: FF1, walking the cycle."""
    cipher = Ff1(fakery.key("national_id").reveal(), b"fake national id")
    size = synthetic().size
    values = cipher.digits(ranks.astype(np.uint64), _WIDTH)
    while len(outside := np.flatnonzero(values >= size)):
        values[outside] = cipher.digits(values[outside], _WIDTH)
    return values.astype(np.int64)


def _pattern(_words: Vocabulary) -> str:
    return "[0-7][0-9](?:8[1-9]|9[0-2])[0-9]{7}"


KINDS = (
    Kind(
        "national_id",
        ("user.government_id.national_identification_number",),
        unique=True,
        make=_make,
        pattern=_pattern,
    ),
)
