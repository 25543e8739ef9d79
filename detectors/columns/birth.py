"""Dates of birth told from other dates, ages and age bands from other numbers.

Births spread over generations, on any day of the week, long ago and never at an hour; orders
lie in the last years, on weekdays. The weights are judgements, held to the tables of
`benchmarks/calibration` by its calibration like every other signal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import floor

import numpy as np
import numpy.typing as npt
import regex

from detectors.columns.days import Days, days_in_text, years_ago
from detectors.columns.header_match import HeaderMatch
from detectors.columns.profile import Profile
from detectors.columns.tables import IMPERSONAL
from detectors.columns.weighing import Candidate
from sladd.model import StorageType

BORN = "user.demographic.date_of_birth"
AGE = "user.demographic.age_range"
_READ = 2000  # distinct texts parsed
_PARSED = 0.95  # share that must be dates: an error or a placeholder in twenty is normal
_FEWEST = 20  # different days, below which a column has no distribution
_GENERATIONS = 25.0  # years between the 5th and the 95th percentile: about one generation
_YOUNGEST = 10.0  # years: events run up to today, an adult's births end long ago
_OLDEST = 112.0  # years; Norway's oldest person ever lived to 111 (Statistics Norway, 2012)
_STARTS_SCHOOL, _OF_AGE = 4.0, 20.0  # years
_CLASSES = 4.0  # years between the 5th and the 95th percentile
_WEEKEND_OFF = 0.1  # share by which weekends may be off: three standard errors of 180 days
_YOUNG = 2.4  # log-odds
_MOST_BANDS = 25
_WEEKEND = 2 / 7
_STATED = 3.0  # weight of a name that says what the column is
_YEAR = regex.compile(r"(?:18|19|20)\d\d(?:\.0)?")
_BAND = regex.compile(r"\s*(\d{1,3})\s*(?:[-–—]|til|to)\s*(\d{1,3})\s*(?:år|years?)?\s*")
_OPEN = regex.compile(r"\s*(?:(?:over|under|<|>|≥|≤)\s*\d{1,3}|\d{1,3}\s*\+)\s*(?:år|years?)?\s*")


@dataclass(frozen=True)
class Spread:
    """How the dates of a column lie. Numbers about all of them, none of any one."""

    dates: int
    different: int
    median_age: float
    spread: float  # years between the 5th and the 95th percentile
    youngest: float  # years ago, 1st percentile
    oldest: float  # years ago, 99th percentile
    future: float  # share 0-1
    weekend: float  # share 0-1
    commonest: float  # share 0-1 of the commonest day that is no 1 January
    timed: float  # share 0-1 with a time of day
    years_only: bool

    @property
    def generations(self) -> bool:
        """Whether they spread as the births of adults do."""
        return (
            self.different >= _FEWEST
            and self.spread >= _GENERATIONS
            and 18 <= self.median_age <= 75
            and self.youngest >= _YOUNGEST
            and self.oldest <= _OLDEST
            and self.future == 0.0
            and self.timed <= 0.01
            and self.commonest <= 0.05
        )

    @property
    def childhood(self) -> bool:
        """Whether they spread as the births of pupils do: years ago, and on Sundays as well."""
        return (
            self.different >= 2 * _FEWEST
            and self.youngest >= _STARTS_SCHOOL
            and self.oldest <= _OF_AGE
            and self.spread >= _CLASSES
            and self.future == 0.0
            and self.timed == 0.0
            and self.commonest <= 0.05
            and abs(self.weekend - _WEEKEND) <= _WEEKEND_OFF
            and not self.years_only
        )

    @property
    def events(self) -> bool:
        """Whether they lie as what people do at work lies: lately, on weekdays or at an hour."""
        if self.dates < 5:
            return False
        lately = self.median_age < 4 and self.different >= _FEWEST
        weekdays = self.weekend < _WEEKEND / 2 and not self.years_only
        return self.future > 0.02 or self.timed > 0.3 or (lately and weekdays)


def spread_of(column: Profile, today: date) -> Spread | None:
    """How the dates of a column lie; None where they are no dates."""
    days, timed, years_only = dates_of(column, today)
    if not len(days):
        return None
    different, counts = np.unique(days, return_counts=True)
    ages = years_ago(different, today)
    january = _is_new_year(different)
    up_to = np.cumsum(counts[::-1])  # the youngest are born last

    def ranked(place: int) -> float:
        return float(ages[::-1][np.searchsorted(up_to, place, side="right")])

    def aged(share: float) -> float:
        """Quantile of the ages, between two as `numpy.quantile` lays it."""
        place = share * (len(days) - 1)
        below, above = ranked(floor(place)), ranked(min(floor(place) + 1, len(days) - 1))
        beyond = place - floor(place)
        step = above - below
        return above - step * (1 - beyond) if beyond >= 0.5 else below + step * beyond

    return Spread(
        dates=len(days),
        different=len(different),
        median_age=(ranked((len(days) - 1) // 2) + ranked(len(days) // 2)) / 2,
        spread=aged(0.95) - aged(0.05),
        youngest=aged(0.01),
        oldest=aged(0.99),
        future=float(counts[ages < 0].sum() / len(days)),
        # 1 January 1970 was a Thursday.
        weekend=float(counts[np.isin((different + 3) % 7, (5, 6))].sum() / len(days)),
        commonest=0.0 if years_only else float(counts[~january].max(initial=0) / len(days)),
        timed=timed,
        years_only=years_only,
    )


def dates_of(column: Profile, today: date) -> tuple[Days, float, bool]:
    """The days of a column, one for each row that has one; share timed; whether only years."""
    if column.type in {StorageType.DATE, StorageType.TIMESTAMP}:
        return column.days, column.timed, False
    none = np.zeros(0, dtype=np.int64)
    if column.type not in {StorageType.STRING, StorageType.INTEGER} or not len(column.values):
        return none, 0.0, False
    cells = column.drawn(_READ)
    counts = column.counts[: len(cells)]
    if sum(_YEAR.fullmatch(cell) is not None for cell in cells) >= _PARSED * len(cells):
        years = [int(cell[:4]) for cell in cells if _YEAR.fullmatch(cell)]
        kept = [bool(_YEAR.fullmatch(cell)) for cell in cells]
        days = [(date(year, 7, 1) - date(1970, 1, 1)).days for year in years]
        return np.repeat(np.array(days, dtype=np.int64), counts[kept]), 0.0, True
    # A look at the first spares the other columns the rest.
    first, _ = days_in_text(cells[:20], today=today, integers=column.integers)
    if sum(day is not None for day in first) < 0.8 * len(first):
        return none, 0.0, False
    found, timed = days_in_text(cells, today=today, integers=column.integers)
    known = np.array([day is not None for day in found])
    if known.mean() < _PARSED:
        return none, 0.0, False
    days_found = np.array([day for day in found if day is not None], dtype=np.int64)
    return np.repeat(days_found, counts[known]), timed, False


def _is_new_year(days: Days) -> npt.NDArray[np.bool_]:
    """Which days are 1 January: what stands where only the year is known."""
    dates = days.astype("datetime64[D]")
    first: npt.NDArray[np.bool_] = dates == dates.astype("datetime64[Y]").astype("datetime64[D]")
    return first


def add_birth(
    candidates: list[Candidate],
    headers: Sequence[HeaderMatch],
    column: Profile,
    kind: str,
    *,
    today: date,
) -> None:
    """Let dates and ages speak for, or against, what a column's name says of births.

    Args:
        candidates: so far; grows.
        headers: what its name says.
        column: its values.
        kind: of the table.
        today: the day ages are counted at.
    """
    _ages(candidates, headers, column, kind)
    named = [c for c in candidates if c.category == BORN]
    stated = any(m.category and m.weight >= _STATED for m in headers)
    if not named and (stated or kind in IMPERSONAL or _explained(candidates)):
        return
    spread = spread_of(column, today)
    if spread is None:
        return
    facts = {
        "median_age": round(spread.median_age), "spread_years": round(spread.spread),
        "distinct": spread.different,
    }  # fmt: skip
    if named:
        weight = 0.0
        if spread.events:
            weight = -4.0
            facts["events"] = True
        elif spread.generations:
            weight = 1.5
        for candidate in named:
            if weight:
                candidate.add("dates", weight, **facts)
    elif spread.childhood and not headers:
        candidate = Candidate(BORN, "")
        candidates.append(candidate)
        candidate.add("dates", _YOUNG, **facts)  # a name beside it must add to it
    elif spread.generations:
        candidate = Candidate(BORN, "")
        candidates.append(candidate)
        # A year alone is anything that happened: its table or a neighbour must add to it.
        full = 3.8 if spread.different >= 2 * _FEWEST else 3.3
        candidate.add("dates", 1.5 if spread.years_only else full, **facts)
        if thing := next((m for m in headers if not m.category), None):
            candidate.add("header", -thing.weight, token=thing.token)


def _explained(candidates: Sequence[Candidate]) -> bool:
    return any(not c.barred and c.rank < 1000 for c in candidates)


def _ages(
    candidates: list[Candidate], headers: Sequence[HeaderMatch], column: Profile, kind: str
) -> None:
    """Ages as numbers under a name that says so; bands of ages also without one."""
    named = [c for c in candidates if c.category == AGE]
    if not len(column.values):
        return
    if not named:
        stated = any(m.weight >= _STATED for m in headers)
        few = column.type is StorageType.STRING and len(column.values) <= _MOST_BANDS
        if stated or kind in IMPERSONAL or not few:
            return
    cells = column.drawn(_READ)
    if not named:
        if not _bands(cells):
            return
        candidate = Candidate(AGE, "")
        candidates.append(candidate)
        candidate.add("ages", 3.5, bands=len(cells))
        return
    numbers = ages_in(cells)
    if len(numbers) < 5 or len(numbers) < 0.9 * len(cells):
        return
    impossible = float(((numbers > 120) | (numbers < 0)).mean())
    weight = 0.0
    if impossible > 0.02:
        weight = -3.0  # days, months, or the age of something else
    elif len(numbers) >= 15 and 12 <= float(np.median(numbers)) <= 75:
        weight = 1.0
    if weight:
        for candidate in named:
            candidate.add("ages", weight, distinct=len(numbers), impossible=round(impossible, 3))


def ages_in(cells: Sequence[str]) -> npt.NDArray[np.float64]:
    """The ages among some cells: whole numbers, `34 år` too."""
    found = [regex.fullmatch(r"\s*(-?\d{1,6})(?:[.,]0+)?\s*(?:år|years?)?\s*", c) for c in cells]
    return np.array([float(match[1]) for match in found if match], dtype=np.float64)


def _bands(cells: Sequence[str]) -> bool:
    """Whether the values are bands of ages that follow each other: `18-24`, `25-34`, `65+`.

    Sizes and prices come in bands too; theirs have no open end at an age, or gaps, or go on.
    """
    if not 3 <= len(cells) <= _MOST_BANDS:
        return False
    closed = sorted((int(m[1]), int(m[2])) for m in map(_BAND.fullmatch, cells) if m)
    opened = sum(_OPEN.fullmatch(cell) is not None for cell in cells)
    if len(closed) + opened < len(cells) or len(closed) < 2 or not 1 <= opened <= 2:
        return False
    follow = all(b[0] - a[1] in {0, 1} for a, b in pairwise(closed))
    wide = all(1 <= high - low <= 30 for low, high in closed)
    return follow and wide and closed[0][0] <= 25 and 30 <= closed[-1][1] <= 100
