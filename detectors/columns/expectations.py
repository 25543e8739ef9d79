"""What the values of a category look like, so that values can contradict a name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from detectors.columns.profile import Profile
from sladd.model import StorageType


@dataclass(frozen=True)
class Expectation:
    """What one shape of `values.toml` demands."""

    types: frozenset[StorageType]
    pattern: str
    most: float
    tells: float
    longest: int = 0  # characters; 0 for any


@cache
def expectations() -> Mapping[str, Expectation]:
    """Every shape by name."""
    folder = files("detectors.lexicon")
    raw: dict[str, Any] = {}
    for name in ("values.toml", "values.special.toml"):
        raw |= tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))
    return {
        name: Expectation(
            frozenset(map(StorageType, entry["types"])),
            entry["pattern"],
            entry["most"],
            entry["tells"],
            entry.get("longest", 0),
        )
        for name, entry in raw.items()
    }


CONTRADICTED = -6.0
"""Outweighs the strongest name: values that are something else win against it."""


def weight_of_values(column: Profile, shape: str) -> tuple[float, dict[str, str | float]]:
    """What the values say to a name that promises a shape: log-odds and facts.

    `email_verified` is a boolean, so it is no e-mail; an empty column says nothing.
    """
    expected = expectations()[shape]
    facts: dict[str, str | float] = {"shape": shape, "type": str(column.type)}
    if column.type not in expected.types and column.type not in _OPEN:
        return (0.0 if column.rows == column.nulls and column.type is StorageType.BOOLEAN
                and "flag" in shape else CONTRADICTED), facts  # fmt: skip
    if column.empty:
        return 0.0, facts
    if column.type in {StorageType.DATE, StorageType.TIMESTAMP}:
        if shape == "birth_date" and len(column.years):
            median = int(np.median(column.years))
            # A column of birth dates spreads over generations; one of events does not.
            spread = int(np.quantile(column.years, 0.9) - np.quantile(column.years, 0.1))
            facts |= {"median_year": median, "spread_years": spread}
            return (0.8 if spread >= 10 or len(column.years) < 5 else -1.0), facts
        return expected.tells, facts
    if not expected.pattern or not len(column.values):
        return expected.tells, facts
    if shape in _NUMBERS and len(column.values) <= _STATES and column.rows >= _MANY:
        return CONTRADICTED, facts | {"distinct": len(column.values)}  # true and false, on and off
    few = len(column.values) <= _FEW
    share = (column.seen_share if few else column.share)(expected.pattern, longest=expected.longest)
    facts["share"] = round(share, 3)
    if share < expected.most:
        return CONTRADICTED, facts
    return expected.tells * share, facts


_NUMBERS = frozenset({"id", "number_held", "held_key", "number_of", "staff_key", "long_key"})
_STATES = 2  # different values that a state has, and no key of
_MANY = 50  # rows
_FEW = 50  # different values, among which cells are counted
_OPEN = frozenset({StorageType.JSON, StorageType.OTHER})
