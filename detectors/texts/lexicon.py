"""Words that decide whether a word is a name: lists of names, and words that are none."""

from __future__ import annotations

import csv
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from detectors import ner
from detectors.columns.gazetteer import (
    country_keys,
    given_abroad,
    given_names,
    key,
    place_keys,
    places,
    surnames,
    surnames_abroad,
)

_ASCII = str.maketrans({"ø": "o", "å": "a", "æ": "e", "ö": "o", "ä": "a", "é": "e", "ð": "d"})
SELDOM_CAPITAL = ("0", "1")
"""Codes of words that running text writes with a capital at most one time in seven."""
_DOUBLE = (("ø", "oe"), ("å", "aa"), ("æ", "ae"))
_SHORTEST_ABROAD = 2  # letters that a name from elsewhere must exceed
_SHORTEST_FOLDED = 4  # "bjorn" is a name, "as" for Ås is not


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of `words.toml`, lower case.

    Attributes:
        never: part of no name.
        capitalised: those of them that letters write with a capital.
        everyday: names that are words as well.
        doubtful: given names that are as often a product or a brand.
        brands: written like a full name.
        goods: what a shop sells, by the end of the word.
        bodies: what a firm, club or authority is, by the end of the word.
        trades: the same, only where they have a capital.
        titles: stand before a name and are no part of it.
        particles: stand between the parts of a name.
        towns: districts, regions and towns that no register has.
        greetings, closings, thanks: alternations for a pattern.
    """

    never: frozenset[str]
    capitalised: frozenset[str]
    everyday: frozenset[str]
    doubtful: frozenset[str]
    brands: frozenset[str]
    goods: frozenset[str]
    bodies: frozenset[str]
    trades: frozenset[str]
    titles: frozenset[str]
    particles: frozenset[str]
    towns: frozenset[str]
    greetings: str
    closings: str
    thanks: str


@cache
def words() -> Words:
    """The lists, read once from this package."""
    raw = tomllib.loads(files("detectors.texts").joinpath("words.toml").read_text("utf-8"))
    with files("detectors.lexicon").joinpath("everyday_words.csv").open(encoding="utf-8") as file:
        everyday = frozenset(row["name"] for row in csv.DictReader(file))
    everyday |= frozenset(raw["everyday"].split())
    return Words(
        never=frozenset(f"{raw['never']} {raw['capitalised']}".split()),
        capitalised=frozenset(raw["capitalised"].split()),
        everyday=everyday,
        doubtful=frozenset(raw["doubtful"].split()),
        brands=frozenset(raw["brands"]),
        goods=frozenset(raw["goods"].split()),
        bodies=frozenset(raw["bodies"].split()),
        trades=frozenset(raw["trades"].split()),
        titles=frozenset(raw["titles"].split()),
        particles=frozenset(raw["particles"].split()),
        towns=frozenset(town.replace("_", " ") for town in raw["towns"].split()),
        greetings=raw["greetings"],
        closings=raw["closings"],
        thanks=raw["thanks"],
    )


def plain(word: str) -> str:
    """A word as it is looked up: composed, case-folded, with one kind of apostrophe.

    >>> plain("BJØRN"), plain("O’Brien")
    ('bjørn', "o'brien")
    """
    return unicodedata.normalize("NFC", word).casefold().replace("’", "'")


@cache
def _given() -> frozenset[str]:
    return _with_ascii(given_names() | _abroad([*given_abroad(), *_world(0)]))


@cache
def _surnames() -> frozenset[str]:
    return _with_ascii(surnames() | _abroad([*surnames_abroad(), *_world(1)]))


def _world(part: int) -> list[str]:
    """Names of `world_names.toml`: 0 given names, 1 surnames."""
    return [name for names in ner.world_names().values() for name in names[part]]


def _abroad(names: Iterable[str]) -> frozenset[str]:
    """Names from elsewhere, but those that are places, or too short to be told from words."""
    return frozenset(
        name
        for name in (plain(name) for name in names)
        if len(name) > _SHORTEST_ABROAD and key(name) not in place_keys() | country_keys()
    )


def _with_ascii(names: frozenset[str]) -> frozenset[str]:
    """The names, and how they are written without Norwegian letters."""
    found = set(names)
    for name in names:
        if name.isascii():
            continue
        double = name
        for letter, two in _DOUBLE:
            double = double.replace(letter, two)
        found |= {
            each for each in (name.translate(_ASCII), double) if len(each) >= _SHORTEST_FOLDED
        }
    return frozenset(found)


@lru_cache(maxsize=65_536)
def is_given(word: str) -> bool:
    """Whether a looked-up word is a given name; of a double name, its first part."""
    return word in _given() or ("-" in word and word.split("-", 1)[0] in _given())


@lru_cache(maxsize=65_536)
def is_surname(word: str) -> bool:
    """Whether a looked-up word is a surname; of a double name, its last part."""
    return word in _surnames() or ("-" in word and word.rsplit("-", 1)[1] in _surnames())


def is_place(word: str) -> bool:
    """Whether it is a place of the postcode register."""
    return word in places()


def is_never(word: str) -> bool:
    """Whether a looked-up word is part of no name."""
    return word in words().never


@lru_cache(maxsize=65_536)
def is_everyday(word: str) -> bool:
    """Whether a looked-up word is a word as well as a name."""
    return word in words().everyday or word in words().never or ner.code(word)[:1] in SELDOM_CAPITAL


def bare(word: str) -> str:
    """A looked-up word without its genitive: `karis` → `kari`, but `lars` stays.

    >>> bare("karis"), bare("lars"), bare("kari's"), bare("hansens"), bare("pakke")
    ('kari', 'lars', 'kari', 'hansen', 'pakke')
    """
    for ending in ("'s", "s", "'"):
        stem = word.removesuffix(ending)
        if stem != word:
            if ending == "s" and (is_given(word) or is_surname(word)):
                return word
            if len(stem) > 1 and (is_given(stem) or is_surname(stem) or ending != "s"):
                return stem
    return word
