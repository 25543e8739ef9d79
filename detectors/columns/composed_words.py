"""Words that mean something together with others, as `composition.toml` has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words of `composition.toml`, folded."""

    keys: frozenset[str]
    persons: frozenset[str]
    workers: frozenset[str]
    dealings: frozenset[str]
    done: frozenset[str]
    by: frozenset[str]
    prepositions: frozenset[str]
    verbs: frozenset[str]
    consents: frozenset[str]
    topics: frozenset[str]
    acts: frozenset[str]
    records: frozenset[str]
    pictures: frozenset[str]
    places: frozenset[str]
    impersonal: frozenset[str]
    more: frozenset[str]
    plain: frozenset[str]
    frames: frozenset[str]
    no_agents: frozenset[str]
    sites: frozenset[str]
    short: Mapping[str, str]

    @property
    def words(self) -> frozenset[str]:
        """All that a name in one word is cut at."""
        return (
            self.keys | self.persons | self.workers | self.dealings | self.done
            | self.topics | self.acts | self.more
        )  # fmt: skip
