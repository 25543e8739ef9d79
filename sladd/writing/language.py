"""Texts for people: one TOML file a language, the same keys in each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from sladd.model import Category
from sladd.writing import figures

LANGUAGES = ("nb", "en")


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its texts by dotted key, and how it writes numbers.

    Attributes:
        zone: in which the reader lives: days and times of day are told in it.
    """

    code: str
    texts: Mapping[str, str]
    zone: tzinfo = UTC

    def has(self, key: str) -> bool:
        """Whether there is a text of that key."""
        return key in self.texts

    def say(self, key: str, /, **facts: str | int) -> str:
        """The text of that key with its facts put in; numbers are written as the language does."""
        if not facts:
            return self.texts[key]
        written = {
            name: figures.number(fact, self.code) if isinstance(fact, int) else fact
            for name, fact in facts.items()
        }
        return self.texts[key].format_map(written)

    def word(self, group: str, name: str) -> str:
        """The text `group.name`; the name itself where there is none."""
        return self.texts.get(f"{group}.{name}", name)

    def count(self, noun: str, number: int) -> str:
        """A number and its noun: `1 tabell`, `3 tabeller`."""
        return self.counted(f"count.{noun}", number)

    def counted(self, key: str, number: int) -> str:
        """The text `key_one` or `key_many`, with the number as `n`."""
        return self.say(f"{key}_{'one' if number == 1 else 'many'}", n=number)

    def number(self, value: float) -> str:
        """A number as this language writes it."""
        return figures.number(value, self.code)

    def percent(self, share: float) -> str:
        """A share 0-1 in per cent."""
        return figures.percent(share, self.code)

    def day_of(self, at: datetime) -> date:
        """The day on which a moment is where the reader lives."""
        return (at.astimezone(self.zone) if at.tzinfo else at).date()

    def day(self, at: date | datetime) -> str:
        """A day in words; of a moment the one where the reader lives."""
        return figures.day(self.day_of(at) if isinstance(at, datetime) else at, self.code)

    def moment(self, at: datetime) -> str:
        """A day with its time, to the minute, where the reader lives."""
        return figures.moment(at, self.code, self.zone)

    def label(self, category: Category) -> str:
        """What a category is called."""
        return category.label_nb if self.code == "nb" else category.label_en

    def list(self, parts: list[str]) -> str:
        """`a, b og c`."""
        return figures.joined(parts, self.code)


def read_texts(package: str, code: str) -> Language:
    """The texts that a package keeps in `texts/<code>.toml`."""
    place = files(package).joinpath("texts", f"{code}.toml")
    return Language(code, MappingProxyType(_flat(tomllib.loads(place.read_text("utf-8")))))


def read_all_texts(package: str, code: str) -> Language:
    """The texts of `texts/<code>/*.toml`; the name of its file stands before each key."""
    texts: dict[str, str] = {}
    folder = files(package).joinpath("texts", code)
    for place in sorted(folder.iterdir(), key=lambda each: each.name):
        if place.name.endswith(".toml"):
            before = place.name.removesuffix(".toml")
            texts |= _flat(tomllib.loads(place.read_text("utf-8")), f"{before}.")
    return Language(code, MappingProxyType(texts))


def _flat(raw: Mapping[str, Any], before: str = "") -> dict[str, str]:
    texts: dict[str, str] = {}
    for key, value in raw.items():
        if isinstance(value, dict):
            texts |= _flat(value, f"{before}{key}.")
        else:
            texts[f"{before}{key}"] = str(value)
    return texts


def in_a_sentence(label: str) -> str:
    """A label as it stands inside a sentence: `e-postadresse`, but `IP-adresse`."""
    second = label[1:2]
    return label if not label or second.isupper() else label[0].lower() + label[1:]
