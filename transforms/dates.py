"""Dates from texts as Norwegian systems write them.

ISO 8601, and the Norwegian order day.month.year (Språkrådet, «Dato og klokkeslett»). A year of
two digits is not guessed: such a value counts as unparsed.
"""

from __future__ import annotations

import re
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from transforms import arrays

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januar", "january"),
            ("februar", "february"),
            ("mars", "march"),
            ("april",),
            ("mai", "may"),
            ("juni", "june"),
            ("juli", "july"),
            ("august",),
            ("september",),
            ("oktober", "october"),
            ("november",),
            ("desember", "december"),
        ),
        start=1,
    )
    for name in names
}
_TIME = r"(?:[T ]\s*(?:kl\.? ?)?\d{1,2}[:.]\d{2}.*)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}.*)?", re.ASCII)
_NORWEGIAN = re.compile(rf"(\d{{1,2}})([./-]) ?(\d{{1,2}})\2 ?(\d{{4}}){_TIME}", re.ASCII)
_WORDS = re.compile(rf"(\d{{1,2}})\.? ([a-z]+)\.? (\d{{4}}){_TIME}", re.ASCII)


def parse(text: str) -> date | None:
    """The date that a text holds, or None.

    >>> parse("2024-05-17T10:00:00Z")
    datetime.date(2024, 5, 17)
    >>> parse("17.5.2024")
    datetime.date(2024, 5, 17)
    >>> parse("17. mai 2024")
    datetime.date(2024, 5, 17)
    """
    text = text.strip()
    try:
        if found := (_ISO.fullmatch(text) or _COMPACT.fullmatch(text)):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NORWEGIAN.fullmatch(text):
            return date(int(found[4]), int(found[3]), int(found[1]))
        if found := _WORDS.fullmatch(text.lower()):
            return date(int(found[3]), _month(found[2]), int(found[1]))
    except ValueError:
        return None
    return None


def _month(word: str) -> int:
    """Number of a month by its name or its first three letters and more; 0 for no month."""
    return next((n for name, n in _MONTHS.items() if len(word) > 2 and name.startswith(word)), 0)


def days(values: pa.Array) -> pa.Array | None:
    """The calendar date of every value, shape (n,) date32; None for a type without dates.

    A time with a zone gives the date at that zone's clock, as a person there would write it.
    """
    kind = values.type
    if pa.types.is_null(kind):
        return pa.nulls(len(values), pa.date32())
    if pa.types.is_date(kind):
        return values.cast(pa.date32())
    if pa.types.is_timestamp(kind):
        local = pc.local_timestamp(values) if kind.tz else values
        return pc.floor_temporal(local, unit="day").cast(pa.date32())
    if pa.types.is_string(kind):
        return arrays.per_text(values, parse, pa.date32())  # type: ignore[arg-type]
    return None
