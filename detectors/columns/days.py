"""Dates as days since 1970, whatever they are stored as: dates, time stamps, text, digits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import regex

Days = npt.NDArray[np.int64]
EPOCH = date(1970, 1, 1)

_MONTHS = {
    # nb, nn, en; the first three letters tell them apart.
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "mai": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9, "okt": 10, "oct": 10, "nov": 11, "des": 12, "dec": 12,
}  # fmt: skip
_ISO = regex.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]([\d:.]+).*)?")
_NORWEGIAN = regex.compile(r"(\d{1,2})[./ -] ?(\d{1,2})[./ -] ?(\d{4}|\d{2})(?:[T ]([\d:.]+).*)?")
_WRITTEN = regex.compile(r"(\d{1,2})\.? (\p{L}{3})\p{L}*\.? (\d{4}|\d{2})")
_DIGITS = regex.compile(r"\d{6}|\d{8}")
_MIDNIGHT = regex.compile(r"[0:.]*")


def days_of(data: pa.Array) -> tuple[Days, float]:
    """Days of a column of dates or time stamps, and the share 0-1 that has a time of day.

    Args:
        data: shape (n,), any Arrow type; others than dates give nothing.
    """
    if not (pa.types.is_date(data.type) or pa.types.is_timestamp(data.type)):
        return np.zeros(0, dtype=np.int64), 0.0
    filled = data.drop_null()
    if not len(filled):
        return np.zeros(0, dtype=np.int64), 0.0
    timed = 0.0
    if pa.types.is_timestamp(data.type):
        if data.type.tz:
            filled = pc.local_timestamp(filled)
        whole = pc.equal(filled, pc.floor_temporal(filled, unit="day"))
        timed = 1.0 - float(pc.mean(whole.cast(pa.int8())).as_py())
    days: Days = (
        filled.cast(pa.timestamp("s"), safe=False)
        .cast(pa.date32(), safe=False)
        .cast(pa.int32())
        .to_numpy(zero_copy_only=False)
        .astype(np.int64)
    )
    return days, timed


def days_in_text(
    cells: Sequence[str], *, today: date, integers: bool = False
) -> tuple[list[int | None], float]:
    """The day that each text is, None for what is none; and the share with a time of day.

    Day before month, as in Norway. Of two digits the latest year that is not to come is meant.

    Args:
        cells: `12.03.1985`, `1985-03-12`, `120385`, `12031985`, `19850312`, `12. mars 1985`.
        today: two digits of a year never mean a later one.
        integers: leading zeros are lost.
    """
    timed = 0
    found: list[int | None] = []
    for cell in cells:
        text = cell.strip()
        if integers and len(text) in {5, 7}:
            text = f"0{text}"
        day, hour = _one(text, today)
        timed += hour
        found.append(day)
    return found, timed / len(cells) if cells else 0.0


def _one(text: str, today: date) -> tuple[int | None, bool]:
    if match := _ISO.fullmatch(text):
        year, month, day, hour = match.groups()
    elif match := _NORWEGIAN.fullmatch(text):
        day, month, year, hour = match.groups()
    elif match := _WRITTEN.fullmatch(text):
        day, word, year = match.groups()
        month, hour = str(_MONTHS.get(word.casefold(), 0)), None
    elif _DIGITS.fullmatch(text):
        return _digits(text, today), False
    else:
        return None, False
    return _day(int(day), int(month), year, today), bool(hour) and not _MIDNIGHT.fullmatch(hour)


def _digits(text: str, today: date) -> int | None:
    if len(text) == 6:
        return _day(int(text[:2]), int(text[2:4]), text[4:], today)
    if text[:2] in {"18", "19", "20"} and 1 <= int(text[4:6]) <= 12:
        written = _day(int(text[6:]), int(text[4:6]), text[:4], today)
        if written is not None:
            return written
    return _day(int(text[:2]), int(text[2:4]), text[4:], today)


def _day(day: int, month: int, year: str, today: date) -> int | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number <= today.year % 100 else 1900
    try:
        return (date(number, month, day) - EPOCH).days
    except ValueError:
        return None


def years_ago(days: Days, today: date) -> npt.NDArray[np.float64]:
    """Age in years at a date, negative for what is to come.

    A year is 365.2425 days (Gregorian): right to the day for all but a birthday itself.
    """
    return ((today - EPOCH).days - days) / 365.2425


def at_least(years: int, today: date) -> int:
    """The last day on which someone was born who is `years` old at a date, as days since 1970."""
    try:
        born = today.replace(year=today.year - years)
    except ValueError:  # 29 February
        born = today.replace(year=today.year - years, month=2, day=28)
    return (born - EPOCH).days
