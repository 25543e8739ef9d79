"""Hours, parts of the day, weekdays and months of the year, out of dates and times."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from transforms import arrays, dates

# Unicode CLDR, dayPeriods of nb: the hour from which each holds.
_PARTS_OF_DAY = ((0, 0), (6, 1), (10, 2), (12, 3), (18, 4))
_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "nb": {
        "part_of_day": ("natt", "morgen", "formiddag", "ettermiddag", "kveld"),
        "weekday": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
        "month": ("januar", "februar", "mars", "april", "mai", "juni",
                  "juli", "august", "september", "oktober", "november", "desember"),
    },
    "nn": {
        "part_of_day": ("natt", "morgon", "formiddag", "ettermiddag", "kveld"),
        "weekday": ("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "sundag"),
        "month": ("januar", "februar", "mars", "april", "mai", "juni",
                  "juli", "august", "september", "oktober", "november", "desember"),
    },
    "en": {
        "part_of_day": ("night", "morning", "late morning", "afternoon", "evening"),
        "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        "month": ("January", "February", "March", "April", "May", "June",
                  "July", "August", "September", "October", "November", "December"),
    },
})  # fmt: skip
# Seconds only after colons: 01.03.26 is a date.
_CLOCK = re.compile(
    r"(?:.*[T ])?(?:kl\.? ?)?(\d{1,2})(?::(\d{2})(?::\d{2}(?:[.,]\d+)?)?|\.(\d{2}))"
    r"(?: ?(?:Z|[+-]\d{2}(?::?\d{2})?))?",
    re.ASCII | re.DOTALL,
)


def hour(values: pa.Array) -> pa.Array | None:
    """The hour of day as two digits, `00`-`23`; None for a type without a time.

    A time with a zone gives the hour at that zone's clock, as `dates.days` gives its date.
    """
    hours = _hours(values)
    if hours is None:
        return None
    return pc.utf8_lpad(hours.cast(pa.string()), 2, padding="0")


def part_of_day(values: pa.Array, language: str) -> pa.Array | None:
    """Night, morning and so on; None for a type without a time."""
    hours = _hours(values)
    if hours is None:
        return None
    words = _words(language, "part_of_day")
    by_hour = [words[max(part for start, part in _PARTS_OF_DAY if start <= h)] for h in range(24)]
    return pa.array(by_hour).take(hours)


def weekday(values: pa.Array, language: str) -> pa.Array | None:
    """The day of the week; None for a type without a date."""
    days = dates.days(values)
    if days is None:
        return None
    return pa.array(_words(language, "weekday")).take(pc.day_of_week(days))


def month_of_year(values: pa.Array, language: str) -> pa.Array | None:
    """The month without its year, for seasons; None for a type without a date."""
    days = dates.days(values)
    if days is None:
        return None
    return pa.array(_words(language, "month")).take(pc.subtract(pc.month(days), 1))


def hour_in(text: str) -> int | None:
    """The hour that a text tells, with or without a date before it; None for none.

    >>> hour_in("2026-03-01T14:05:00Z"), hour_in("1.3.2026 kl. 9.30"), hour_in("01.03.2026")
    (14, 9, None)
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2] or found[3]) > 59:
        return None
    return int(found[1])


def _hours(values: pa.Array) -> pa.Array | None:
    kind = values.type
    if pa.types.is_null(kind):
        return pa.nulls(len(values), pa.int64())
    if pa.types.is_timestamp(kind):
        return pc.hour(pc.local_timestamp(values) if kind.tz else values)
    if pa.types.is_time(kind):
        return pc.hour(values)
    if pa.types.is_string(kind):
        return arrays.per_text(values, hour_in, pa.int64())  # type: ignore[arg-type]
    return None


def _words(language: str, kind: str) -> tuple[str, ...]:
    return _WORDS.get(language, _WORDS["en"])[kind]
