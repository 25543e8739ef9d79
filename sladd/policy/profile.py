"""The built-in profile, and the sentences that explain a plan. Both are data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from sladd.model import Rule

_WORDS = frozenset({"category", "transform", "nb", "nn", "en"})


@dataclass(frozen=True, slots=True)
class Profile:
    """Rules by category, and the categories whose columns are mere attributes.

    Attributes:
        rules: with origin `profile`.
        attributes: category prefixes; see `pseudonymised.toml`.
        links: category prefixes of numbers that lead to a row of the source.
        texts: category → language → why.
    """

    rules: tuple[Rule, ...]
    attributes: tuple[str, ...]
    links: tuple[str, ...]
    texts: Mapping[str, Mapping[str, str]]


def load_profile(kind: str = "pseudonymised") -> Profile:
    """Read a profile that ships with sladd."""
    raw = _read(f"{kind}.toml")
    return Profile(
        rules=tuple(
            Rule(
                transform=entry["transform"],
                category=entry["category"],
                parameters={k: v for k, v in entry.items() if k not in _WORDS},
                origin="profile",
            )
            for entry in raw["rules"]
        ),
        attributes=tuple(raw["attributes"]),
        links=tuple(raw["links"]),
        texts=MappingProxyType({e["category"]: _texts(e) for e in raw["rules"]}),
    )


@dataclass(frozen=True, slots=True)
class Reasons:
    """One sentence for every reason, in one language."""

    sentences: Mapping[str, str]
    language: str

    def say(self, reason: str, **facts: str | int) -> str:
        """The sentence for a reason, with names and numbers filled in."""
        return self.sentences[reason].format(**facts)


def load_reasons(language: str = "en") -> Reasons:
    """Read the sentences; nynorsk falls back to bokmål, anything else to English."""
    chosen = _language(language)
    raw = _read("reasons.toml")
    return Reasons(
        MappingProxyType({k: v[chosen] for k, v in raw.items() if isinstance(v, dict)}), chosen
    )


def _language(language: str) -> str:
    return {"nb": "nb", "nn": "nb"}.get(language, "en")


def _texts(entry: Mapping[str, Any]) -> Mapping[str, str]:
    return MappingProxyType({"nb": str(entry["nb"]), "en": str(entry["en"])})


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
