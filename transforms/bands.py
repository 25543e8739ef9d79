"""Numbers and ages as bands."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise

OLDEST_YEARS = 130  # nobody has lived longer than 122 years (Guinness World Records: Calment)
_GROUPED = re.compile(r"[\s\u00a0\u202f']")


def number(text: str) -> Decimal | None:
    """The number that a text holds, with decimal point or comma; None for no number.

    >>> number("540 000,50")
    Decimal('540000.50')
    """
    kept = _GROUPED.sub("", text).replace("\u2212", "-")
    if "," in kept:
        # 1.234,50 is Norwegian, 1,234.50 English: the last separator is the decimal one.
        last = max(kept.rfind(","), kept.rfind("."))
        kept = re.sub(r"[.,]", "", kept[:last]) + "." + kept[last + 1 :]
    try:
        found = Decimal(kept)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def by_width(value: Decimal, width: Decimal) -> str:
    """The band of equal width that holds a value; whole bands read `300000–399999`.

    >>> by_width(Decimal("399999.5"), Decimal(100000))
    '300000–399999'
    >>> by_width(Decimal("0.7"), Decimal("0.5"))
    '0.5–<1'
    """
    low = Decimal(math.floor(value / width)) * width
    return _label(low, low + width)


def by_edges(value: Decimal, edges: Sequence[Decimal]) -> str:
    """The band between two edges that holds a value; open at both ends.

    >>> by_edges(Decimal(700), [Decimal(0), Decimal(500), Decimal(1000)])
    '500–999'
    >>> by_edges(Decimal(1000), [Decimal(0), Decimal(500), Decimal(1000)])
    '1000+'
    """
    if value < edges[0]:
        return f"<{_plain(edges[0])}"
    for low, high in pairwise(edges):
        if value < high:
            return _label(low, high)
    return f"{_plain(edges[-1])}+"


def age(born: date, as_of: date) -> int | None:
    """Whole years at a date; None for an age that nobody has."""
    years = as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
    return years if 0 <= years <= OLDEST_YEARS else None


def age_band(years: int, width: int, top: int) -> str:
    """The band of an age, open from `top`: the oldest are few.

    >>> age_band(34, 10, 90)
    '30–39'
    >>> age_band(97, 10, 90)
    '90+'
    """
    if years >= top:
        return f"{top}+"
    low = years // width * width
    return f"{low}–{min(low + width, top) - 1}"


def _label(low: Decimal, high: Decimal) -> str:
    if low == low.to_integral_value() and high == high.to_integral_value():
        return f"{_plain(low)}–{_plain(high - 1)}"
    return f"{_plain(low)}–<{_plain(high)}"


def _plain(value: Decimal) -> str:
    """Without an exponent, and whole numbers without decimals."""
    return f"{int(value)}" if value == value.to_integral_value() else f"{value:f}"
