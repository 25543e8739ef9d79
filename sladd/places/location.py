"""Where a postcode or a named place lies, as finely as the register tells."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sladd.places.register import Municipality, counties, municipalities, postcodes


@dataclass(frozen=True, slots=True)
class Location:
    """Names of what holds a place, from fine to coarse; None for what is not known."""

    municipality: str | None
    county: str | None
    part: str | None


def of_postcode(code: str) -> Location | None:
    """Where a postcode lies; None for one that the register does not have.

    Args:
        code: four digits.

    >>> of_postcode("4460")
    Location(municipality='Lund', county='Rogaland', part='Vestlandet')
    """
    known = postcodes().get(code)
    if known is None:
        return None
    return UNKNOWN if known.municipality is None else _located(known.municipality)


def of_name(name: str) -> Location | None:
    """Where a place, municipality or county of that name lies; None for a name not known.

    What bears the name in several municipalities has none, and no county where those differ.

    >>> of_name("son")
    Location(municipality='Vestby', county='Akershus', part='Østlandet utenom Oslo')
    >>> of_name("Herøy")
    Location(municipality=None, county=None, part=None)
    """
    return _by_name().get(folded(name))


def of_municipality(number: str) -> Location | None:
    """Where a municipality lies, by its four digits; None for no number of 2024.

    >>> of_municipality("0301").part
    'Oslo'
    """
    known = municipalities().get(number)
    return None if known is None else _located(known)


def part_by_digits(code: str) -> str | None:
    """The part of the country of a postcode by its first two digits.

    They name Posten's postal region, so this also places a code that is newer than the register.
    None where the codes of a region lie in several parts (44, 66 and 79), or none is known.
    """
    return _by_digits().get(code[:2])


def folded(name: str) -> str:
    """A name as it is compared: composed, case-folded, single blanks."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


UNKNOWN = Location(None, None, None)


def _located(municipality: Municipality) -> Location:
    county = municipality.county
    return Location(municipality.name, county.name, county.part)


@cache
def _by_name() -> Mapping[str, Location]:
    found: dict[str, set[Location]] = defaultdict(set)
    for postcode in postcodes().values():
        if postcode.municipality is not None:
            found[folded(postcode.place)].add(_located(postcode.municipality))
    for municipality in municipalities().values():
        for name in {municipality.name, *municipality.names}:
            found[folded(name)].add(_located(municipality))
    for county in counties().values():
        for name in county.names:
            # Oslo is a county, a municipality and a place: one location.
            found[folded(name)] |= {Location(None, county.name, county.part)}
    return MappingProxyType({name: _common(places) for name, places in found.items()})


def _common(places: Iterable[Location]) -> Location:
    """What all of them share; a county does not gainsay the municipality of its name in it."""
    places = list(places)
    county = _one(place.county for place in places)
    municipality = _one(place.municipality for place in places if place.municipality)
    return Location(municipality if county else None, county, _one(place.part for place in places))


def _one(names: Iterable[str | None]) -> str | None:
    distinct = set(names)
    return distinct.pop() if len(distinct) == 1 else None


@cache
def _by_digits() -> Mapping[str, str | None]:
    found: dict[str, set[str | None]] = defaultdict(set)
    for code, postcode in postcodes().items():
        if postcode.municipality is not None:
            found[code[:2]].add(postcode.municipality.county.part)
    return MappingProxyType({digits: _one(parts) for digits, parts in found.items()})
