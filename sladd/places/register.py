"""Norwegian postcodes, municipalities, counties and parts of the country.

As of April 2024 (15 counties, 357 municipalities). Where the data are from, and how a postcode
got its municipality: `SOURCES.md`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

IN_USE = "2024"
"""The register that current postcodes stand in."""


@dataclass(frozen=True, slots=True)
class County:
    """A county, or Svalbard or Jan Mayen, which lie in none.

    Attributes:
        number: two digits.
        name: without "fylke".
        names: `name` and those in other official languages of the county.
        part: part of the country.
    """

    number: str
    name: str
    names: tuple[str, ...]
    part: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality.

    Attributes:
        number: four digits, of which the first two are the county's.
        name: unlike every other's; two of a name bear their county in parentheses.
        names: in each official language, without the county.
        county: where it lies.
    """

    number: str
    name: str
    names: tuple[str, ...]
    county: County


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode.

    Attributes:
        code: four digits.
        place: as Posten writes it, in capitals.
        municipality: None where it is not known.
        in_use: in the newest register here.
    """

    code: str
    place: str
    municipality: Municipality | None
    in_use: bool


@cache  # a constant read once from files of this package, like the two below
def counties() -> Mapping[str, County]:
    """Number → county, with Svalbard (21) and Jan Mayen (22)."""
    names = _names()
    return MappingProxyType(
        {
            row["number"]: County(
                row["number"],
                row["name"],
                names.get(row["number"], (row["name"],)),
                row["part"],
            )
            for row in _rows("counties.csv")
        }
    )


@cache
def municipalities() -> Mapping[str, Municipality]:
    """Number → municipality, with Svalbard (2100) and Jan Mayen (2211)."""
    named = {number: names for number, names in _names().items() if len(number) == 4}
    named |= {"2100": counties()["21"].names, "2211": counties()["22"].names}
    firsts = [names[0] for names in named.values()]
    found = {}
    for number, names in named.items():
        county = counties()[number[:2]]
        name = names[0] if firsts.count(names[0]) == 1 else f"{names[0]} ({county.name})"
        found[number] = Municipality(number, name, names, county)
    return MappingProxyType(found)


@cache
def postcodes() -> Mapping[str, Postcode]:
    """Code → postcode, ascending.

    >>> postcodes()["7030"].municipality.county.name
    'Trøndelag'
    """
    known = municipalities()
    return MappingProxyType(
        {
            row["postal_code"]: Postcode(
                row["postal_code"],
                row["place"],
                known.get(row["municipality"]),
                row["register"] == IN_USE,
            )
            for row in _rows("postal_codes.csv")
        }
    )


def _names() -> dict[str, tuple[str, ...]]:
    return {row["number"]: tuple(row["names"].split(";")) for row in _rows("municipalities.csv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files(__package__).joinpath(name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)
