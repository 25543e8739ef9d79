"""Words around the head of a column's name: whose it is, and what turns its meaning."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from detectors.columns.spelling import folded


@dataclass(frozen=True)
class Affixes:
    """The words of `affixes.toml`, folded."""

    roles: frozenset[str]
    modifiers: frozenset[str]
    persons: frozenset[str]
    organisations: frozenset[str]
    things: frozenset[str]
    tails: frozenset[str]
    negating_tails: frozenset[str]
    negating_heads: frozenset[str]
    alone: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        """All that a name is cut at."""
        return self.roles | self.modifiers | self.organisations | self.things | self.tails

    def known(self, said: Sequence[str]) -> bool:
        """Whether every word says whose it is; in Norwegian's genitive too: `selgers_navn`."""
        whose = self.roles | self.modifiers | self.organisations
        return all(word in whose or word.removesuffix("s") in whose for word in said)

    def of_organisation(self, said: Sequence[str]) -> bool:
        """Whether the words before a head make it a company's; the nearest to it decides.

        A `supplier_contact_phone` is the contact's, a `customer_company_phone` the company's.
        """
        for word in reversed(said):
            if word in self.organisations:
                return True
            if word in self.persons:
                return False
        return False


@cache
def affixes() -> Affixes:
    """The words that ship with sladd."""
    text = files("detectors.lexicon").joinpath("affixes.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    return Affixes(
        **{each.name: frozenset(map(folded, raw[each.name])) for each in fields(Affixes)}
    )
