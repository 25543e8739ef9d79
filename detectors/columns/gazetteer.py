"""Lists of names and places, and the one spelling in which they are looked up.

Sources and licences stand in `detectors/SOURCES.md` and `sladd/places/SOURCES.md`.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from sladd.places import register

_PLAIN = str.maketrans({
    "æ": "a", "ø": "o", "å": "a", "ö": "o", "ä": "a", "ü": "u", "đ": "d", "ð": "d", "ł": "l", "ß": "s",
    "ŋ": "n", "ŧ": "t", "þ": "t", "ı": "i", "’": "'", "´": "'", "`": "'",
})  # fmt: skip
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("aa", "a"), ("ss", "s"))


def key(text: str) -> str:
    """A name as it is looked up: lower case, ASCII, æøå spelt one way, whatever wrote it.

    >>> key("ØSTBY") == key("Oestby") == key("Ostby") == "ostby"
    True
    """
    text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_PLAIN)
        if not text.isascii():
            text = unicodedata.normalize("NFD", text)
            text = "".join(c for c in text if not unicodedata.combining(c))
    for pair, plain in _DIGRAPHS:
        while pair in text:  # three letters in a row are one as well
            text = text.replace(pair, plain)
    return text


@cache
def given_names() -> frozenset[str]:
    """Given names of Norway, lower case. Source: SSB tables 10501 and 10467."""
    return _column("detectors.lexicon", "given_names.csv", "name")


@cache
def surnames() -> frozenset[str]:
    """Surnames of Norway, lower case. Source: SSB; Wikidata."""
    return _column("detectors.lexicon", "surnames.csv", "name")


@cache
def given_keys() -> frozenset[str]:
    """Given names of Norway and elsewhere, as they are looked up."""
    return _keys((*given_names(), *_abroad("given")))


@cache
def family_keys() -> frozenset[str]:
    """Family names of Norway and elsewhere, as they are looked up."""
    return _keys((*surnames(), *_abroad("family")))


@cache
def postcodes() -> dict[str, str]:
    """Postcode → place, lower case. Source: Posten/Bring."""
    return {code: postcode.place.lower() for code, postcode in register.postcodes().items()}


@cache
def places() -> frozenset[str]:
    """Norwegian postal places, lower case."""
    return frozenset(postcodes().values())


@cache
def place_keys() -> frozenset[str]:
    """Norwegian postal places and larger towns elsewhere, as they are looked up."""
    return frozenset({key(place) for place in places()} | _listed("places_abroad.csv"))


@cache
def country_keys() -> frozenset[str]:
    """Names of countries in nb, nn, en and their own language, as they are looked up."""
    return _listed("countries.csv")


@cache
def country_codes() -> frozenset[str]:
    """ISO 3166-1 codes of two and three letters, for countries that customers come from."""
    with files("detectors.lexicon").joinpath("countries.csv").open(encoding="utf-8") as file:
        return frozenset(
            code for row in csv.DictReader(file) for code in (row["code"], row["code3"])
        )


@cache
def municipality_keys() -> frozenset[str]:
    """Norwegian municipalities and counties, as they are looked up."""
    names = [area.names for area in register.municipalities().values()]
    names += [area.names for area in register.counties().values()]
    return frozenset(key(name) for each in names for name in each)


@cache
def municipality_numbers() -> frozenset[str]:
    """Numbers of Norwegian municipalities, four digits, and of counties, two."""
    return frozenset((*register.municipalities(), *register.counties()))


def _keys(names: Iterable[str]) -> frozenset[str]:
    """The names, and the words of those written as several."""
    found = set()
    for name in names:
        found.add(key(name))
        found.update(part for part in key(name).replace("-", " ").split() if len(part) > 1)
    return frozenset(found)


def given_abroad() -> list[str]:
    """Given names common elsewhere, as they are written. Source: written for sladd."""
    return _abroad("given")


def surnames_abroad() -> list[str]:
    """Family names common elsewhere, as they are written. Source: written for sladd."""
    return _abroad("family")


def _abroad(part: str) -> list[str]:
    with files("detectors.lexicon").joinpath("names_abroad.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == part]
    return [name for row in rows for name in row["names"].split()]


def _listed(name: str) -> frozenset[str]:
    with files("detectors.lexicon").joinpath(name).open(encoding="utf-8") as file:
        return frozenset(
            key(each) for row in csv.DictReader(file) for each in row["names"].split(";")
        )


def _column(package: str, name: str, column: str) -> frozenset[str]:
    with files(package).joinpath(name).open(encoding="utf-8") as file:
        return frozenset(row[column].lower() for row in csv.DictReader(file))
