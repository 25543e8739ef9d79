"""How many of the persons of a column are children: counts only, and only from five.

The age is counted from dates of birth, ages and fødselsnummer at the day of the scan. The limit
is the configuration's (`detection.child_age`). Norway's law has no one age: personopplysningsloven
§ 5 lets children of 13 consent to information-society services; shops draw the line at 16 or 18.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from detectors.columns.birth import AGE, BORN, ages_in, dates_of
from detectors.columns.days import at_least
from detectors.columns.judgement import Judged
from detectors.columns.profile import Profile
from detectors.columns.spelling import folded, words
from detectors.norway.fodselsnummer import birth_dates

CHILD = "user.childrens"
IDENTITY = "user.government_id.national_identification_number"
LEAST = 5
"""Fewer children than that are not counted out loud (DESIGN §8.7)."""

_READ = 2000  # distinct numbers looked into
_TABLES = frozenset(
    map(folded, ("barn", "barna", "child", "children", "kids", "elev", "elever", "elevar", "pupil",
                 "pupils", "unger", "ungdom", "minors", "barnehagebarn", "skolebarn", "toddlers"))
)  # fmt: skip
_OF_A_PERSON = ("user.name", BORN, AGE, IDENTITY, "user.contact.email", "user.unique_id")


@dataclass(frozen=True)
class Minors:
    """How many persons are under the age, of how many whose age is known."""

    under: int
    persons: int


def is_childrens(table: str) -> bool:
    """Whether a table's name says that its rows are children."""
    return any(folded(word) in _TABLES for word in words(table.rsplit(".", 1)[-1]))


def add_children(columns: Sequence[Judged], table: str, *, today: date, limit: int) -> None:
    """Say of columns that tell ages how many persons are children, and mark them.

    Args:
        columns: judged, of one table.
        table: its name.
        today: the day ages are counted at.
        limit: years; 0 counts none.
    """
    if limit <= 0:
        return
    theirs = is_childrens(table)
    for judged in columns:
        best = judged.best
        if best is None or not judged.accepted.startswith(_OF_A_PERSON):
            continue
        counted = minors(judged.profile, judged.accepted, today=today, limit=limit)
        if counted is not None and counted.under >= LEAST:
            best.add("children", 0.0, under=counted.under, persons=counted.persons, age=limit)
        elif counted is not None and counted.under and counted.persons >= LEAST:
            best.add("children", 0.0, few=True, persons=counted.persons, age=limit)
        if theirs:
            best.add("children", 0.0, table=True)
        if theirs or (counted is not None and counted.under >= LEAST):
            best.also = (*best.also, CHILD)


def minors(column: Profile, category: str, *, today: date, limit: int) -> Minors | None:
    """Persons of a column that are under the age; None where it tells no ages."""
    if category == BORN:
        days, _, _ = dates_of(column, today)
    elif category == AGE:
        cells = column.drawn(_READ)
        ages = [ages_in([cell]) for cell in cells]
        known = np.array([len(age) == 1 for age in ages], dtype=np.bool_)
        if not known.any():
            return None
        each = np.repeat([age[0] for age in ages if len(age)], column.counts[: len(cells)][known])
        plausible = each[(each >= 0) & (each <= 120)]
        return Minors(int((plausible < limit).sum()), len(plausible))
    elif category == IDENTITY:
        cells = [c.zfill(11) if column.integers else c for c in column.drawn(_READ)]
        born = [found for found in birth_dates(cells) if found is not None]
        days = np.array([(day - date(1970, 1, 1)).days for day in born], dtype=np.int64)
    else:
        return None
    days = days[days <= (today - date(1970, 1, 1)).days]  # nobody is born yet to come
    if not len(days):
        return None
    return Minors(int((days > at_least(limit, today)).sum()), len(days))
