"""Dates in texts, written again in the way they were written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from transforms import dates

_MONTHS = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "en": "january february march april may june july august september october november december",
}
_SHAPES = (
    re.compile(r"(?P<y>\d{4})(?P<a>-?)(?P<m>\d{2})(?P<b>-?)(?P<d>\d{2})(?P<rest>\D.*)?", re.ASCII),
    re.compile(
        r"(?P<d>\d{1,2})(?P<a>\D{1,2})(?P<m>\d{1,2})(?P<b>\D{1,2})(?P<y>\d{4})(?P<rest>\D.*)?",
        re.ASCII,
    ),
    re.compile(
        r"(?P<d>\d{1,2})(?P<a>\.? )(?P<w>[A-Za-z]+)(?P<b>\.? )(?P<y>\d{4})(?P<rest>\D.*)?", re.ASCII
    ),
)


@dataclass(frozen=True, slots=True)
class Written:
    """A date and how it stood. Holds a value: never printed."""

    day: date
    parts: dict[str, str]

    def moved(self, days: int, *, keep_rest: bool) -> str:
        """The date so many days later, in the same way of writing.

        >>> read("7.5.2024 kl. 10.30").moved(30, keep_rest=True)
        '6.6.2024 kl. 10.30'
        >>> read("17. mai 2024").moved(-30, keep_rest=False)
        '17. april 2024'
        """
        new, old = self.day + timedelta(days=days), self.parts
        rest = (old["rest"] or "") if keep_rest else ""
        if "w" in old:
            word = _month(old["w"], new.month)
            return f"{new.day}{old['a']}{word}{old['b']}{new.year:04d}{rest}"
        # Padded where one part is: 07.05. or 2024-05-07, but not 7.5.
        width = 2 if "0" in (old["d"][0], old["m"][0]) or len(old["d"] + old["m"]) > 3 else 1
        day, month = f"{new.day:0{width}d}", f"{new.month:0{width}d}"
        order = (day, month) if self._ends_with_year else (month, day)
        if self._ends_with_year:
            return f"{order[0]}{old['a']}{order[1]}{old['b']}{new.year:04d}{rest}"
        return f"{new.year:04d}{old['a']}{order[0]}{old['b']}{order[1]}{rest}"

    @property
    def _ends_with_year(self) -> bool:
        return next(iter(self.parts)) == "d"

    def __repr__(self) -> str:
        return "<Written>"


def read(text: str) -> Written | None:
    """The date that a text holds with its way of writing; None where `dates.parse` sees none."""
    day = dates.parse(text)
    if day is None:
        return None
    for shape in _SHAPES:
        if found := shape.fullmatch(text.strip()):
            return Written(day, found.groupdict())
    return None


def _month(word: str, number: int) -> str:
    """The name of a month in the language, length and case of another."""
    folded = word.lower()
    months = _MONTHS["nb"].split()
    if not any(name.startswith(folded) for name in months):
        months = _MONTHS["en"].split()
    name = months[number - 1]
    if folded not in months:
        name = name[: max(3, len(folded))]
    return name.upper() if word.isupper() else name.capitalize() if word[0].isupper() else name
