"""From evidence to confidence: log-odds added within bounds, then calibrated.

Four families of signals (values, name, structure, keys) are bounded each for itself, so that no
amount of one kind drowns the others. The parameters are in `calibration.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import exp

from sladd.model import Evidence, How

FAMILY: Mapping[str, str] = {
    "checksum": "value", "pattern": "value", "permutation": "value", "sequence": "value",
    "gazetteer": "value", "text": "value", "name_role": "value", "scatter": "value",
    "dates": "value", "ages": "value", "position": "value", "amounts": "value",
    "children": "value",
    "header": "name", "context": "name", "eav": "name",
    "type": "structure", "neighbour": "structure", "agreement": "value", "key": "key", "uniqueness": "structure",
}  # fmt: skip


@dataclass(frozen=True)
class Calibration:
    """Parameters of the confidence; see `calibration.toml` for how they were fitted."""

    intercept: float
    slopes: Mapping[str, float]
    floors: Mapping[str, float]
    ceilings: Mapping[str, float]
    threshold: float


@cache
def calibration() -> Calibration:
    """The calibration that ships with sladd."""
    text = files(__package__).joinpath("calibration.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    return Calibration(
        raw["intercept"], raw["slopes"], raw["floors"], raw["ceilings"], raw["threshold"]
    )


def sums(evidence: Iterable[Evidence], chosen: Calibration) -> dict[str, float]:
    """Log-odds by family, each within its bounds."""
    total = dict.fromkeys(chosen.slopes, 0.0)
    for item in evidence:
        total[FAMILY[item.signal]] += item.weight
    return {
        family: min(max(value, chosen.floors[family]), chosen.ceilings[family])
        for family, value in total.items()
    }


def confidence(evidence: Iterable[Evidence], chosen: Calibration | None = None) -> float:
    """Calibrated probability 0-1 that a person would agree with the finding."""
    chosen = chosen or calibration()
    total = sums(evidence, chosen)
    odds = chosen.intercept + sum(chosen.slopes[family] * total[family] for family in total)
    return round(1.0 / (1.0 + exp(-odds)), 4)


@dataclass
class Candidate:
    """One thing a column may be, and what speaks for and against it so far."""

    category: str
    type: str
    how: How = How.IS
    rank: int = 1000
    evidence: list[Evidence] = field(default_factory=list)
    also: tuple[str, ...] = ()
    barred: bool = False  # its rule needs a name or a neighbour, and there is none
    personal: str = ""  # what it is where it turns out to be a person's, not a company's

    def add(self, signal: str, weight: float, **facts: str | float | bool) -> None:
        """Add one signal."""
        self.evidence.append(Evidence(signal, round(weight, 2), facts))

    @property
    def confidence(self) -> float:
        """Calibrated, from the evidence so far; 0 while it is barred."""
        return 0.0 if self.barred else confidence(self.evidence)


def candidate_for(candidates: list[Candidate], category: str, subtype: str = "") -> Candidate:
    """The first candidate of a category; a new one, of that type, joins where there is none."""
    found = next((c for c in candidates if c.category == category), None)
    if found is None:
        found = Candidate(category, subtype)
        candidates.append(found)
    return found
