"""The taxonomy as data: category keys, their legal class and how far they identify.

Source: fideslang (CC BY 4.0) for the keys, W3C DPV 2.3 for the terms; see `categories.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from sladd.errors import ConfigError
from sladd.model import Category, Identifiability

LEGAL_CLASSES: tuple[str, ...] = (
    # From the most to the least severe: a finding of a higher class reopens a verdict.
    "art9",
    "art10",
    "national_id",
    "credential",
    "child",
    "financial",
    "contact",
    "identifier",
    "online_id",
    "location",
    "free_text",
    "behaviour",
    "link",
    "ordinary",
    "organisation",
)

SENSITIVE: frozenset[str] = frozenset({"art9", "art10", "credential", "national_id"})
"""Legal classes that leave only by a rule naming the field and a verdict confirming it."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Every category by key."""

    categories: Mapping[str, Category]

    def __getitem__(self, key: str) -> Category:
        """The category of that key.

        Raises:
            ConfigError: there is none (SLADD-110).
        """
        try:
            return self.categories[key]
        except KeyError:
            from difflib import get_close_matches  # only a wrong key pays for it

            close = get_close_matches(key, self.categories, n=1)
            raise ConfigError(
                f"there is no category '{key}'",
                code=110,
                mend=f"did you mean '{close[0]}'?" if close else "see docs/reference/categories.md",
            ) from None

    def __contains__(self, key: object) -> bool:
        return key in self.categories

    def __iter__(self) -> Iterator[Category]:
        return iter(self.categories.values())

    def covers(self, rule: str, key: str) -> bool:
        """Whether a rule for `rule` speaks of `key`: the key itself or one below it."""
        return key == rule or key.startswith(rule + ".")

    def severity(self, key: str) -> int:
        """0 for the most severe legal class; higher is milder; the highest for no category."""
        if key not in self.categories:
            return len(LEGAL_CLASSES)
        return LEGAL_CLASSES.index(self.categories[key].legal_class)


@cache  # a constant read once from a file of this package
def load() -> Taxonomy:
    """Read the taxonomy that ships with sladd."""
    raw = tomllib.loads(files(__package__).joinpath("categories.toml").read_text(encoding="utf-8"))
    return Taxonomy(
        MappingProxyType(
            {
                key: Category(
                    key=key,
                    dpv=entry["dpv"],
                    identifiability=Identifiability(entry["identifiability"]),
                    legal_class=entry["legal_class"],
                    personal=entry["personal"],
                    label_nb=entry["nb"],
                    label_en=entry["en"],
                    label_nn=entry.get("nn", entry["nb"]),
                )
                for key, entry in raw["categories"].items()
            }
        )
    )
