"""Where a Norwegian postcode, place or municipality lies, read from how it is written."""

from __future__ import annotations

import re

from sladd import canonical, places

_CODE_FIRST = re.compile(r"((?:NO?-)?\d{4})[ ,]+\D+", re.IGNORECASE | re.ASCII)
_CODE_LAST = re.compile(r".*[ ,\n](?:NO?-)?(\d{4})[ ,]+([^\d,]+)", re.IGNORECASE | re.DOTALL)


def located(text: str) -> places.Location | None:
    """Where it lies, from a postcode, a place, a municipality, a county, or an address.

    A postcode that is newer than the register has its part of the country by its first digits.
    An address is read by the postcode and place at its end, which must agree.

    >>> located("NO-1555 Son").municipality
    'Vestby'
    >>> located("Kautokeino").county
    'Finnmark'
    >>> located("Moen 12, 7030 Trondheim").part
    'Trøndelag'
    """
    text = text.strip()
    first = _CODE_FIRST.fullmatch(text)
    code = four_digits(first[1] if first else text)
    if code is not None:
        return places.of_postcode(code) or places.Location(None, None, places.part_by_digits(code))
    if last := _CODE_LAST.fullmatch(text):
        known = places.postcodes().get(last[1])
        if known is not None and places.folded(last[2]) == places.folded(known.place):
            return places.of_postcode(last[1])
    return places.of_name(text)


def municipality(text: str) -> str | None:
    """The municipality; None for what is not known.

    >>> municipality("1555")
    'Vestby'
    """
    return _at(located(text), "municipality")


def county(text: str) -> str | None:
    """The county; None for what is not known."""
    return _at(located(text), "county")


def region(text: str) -> str | None:
    """The part of the country; None for what is not known.

    >>> region("7030")
    'Trøndelag'
    """
    return _at(located(text), "region")


def by_municipality_number(text: str, level: str) -> str | None:
    """Where the municipality of a number lies, zeros lost by an integer column put back.

    >>> by_municipality_number("301", "county")
    'Oslo'
    """
    return _at(places.of_municipality(text.strip().zfill(4)), level)


def _at(found: places.Location | None, level: str) -> str | None:
    if found is None:
        return None
    return {"municipality": found.municipality, "county": found.county}.get(level, found.part)


def four_digits(postcode: str) -> str | None:
    """The postcode as four digits, zeros lost by an integer column put back; None for others."""
    try:
        code = canonical.postal_code(postcode)
    except canonical.NotCanonical:
        return None
    return code if code.isascii() and code != "0000" else None
