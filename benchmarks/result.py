"""What a benchmark says: measured values, what they are held against, and the goals."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

FULL_ROWS = 1_000_000  # the size that the goals are stated for
SLACK = 2.0  # on smaller runs: a shared machine must not turn a build red


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit on the value of a measure, or on its ratio to the floor.

    Attributes:
        limit: holds at full size; smaller runs have slack.
        exact: no slack at any size: mistakes and bytes do not depend on a busy machine.
        full_only: smaller runs report and do not judge.
        fixed: what smaller runs may spend on top, because it does not grow with the rows.
        why: the reason for `fixed`.
    """

    limit: float
    on: Literal["ratio", "value"] = "ratio"
    kind: Literal["at most", "at least"] = "at most"
    exact: bool = False
    full_only: bool = False
    fixed: float = 0.0
    why: str = ""

    def bound(self, rows: int) -> float:
        """The limit for a run of so many rows, without what is fixed."""
        if self.exact or rows >= FULL_ROWS:
            return self.limit
        return self.limit * SLACK if self.kind == "at most" else self.limit / SLACK

    def text(self, rows: int, unit: str) -> str:
        """The goal and, where it differs, what this run had to meet."""
        sign = "≤" if self.kind == "at most" else "≥"
        unit = "×" if self.on == "ratio" else f" {unit}"
        stated = f"{sign} {self.limit:g}{unit}"
        if self.full_only and rows < FULL_ROWS:
            return f"{stated} (at {FULL_ROWS:,} rows)"
        if rows >= FULL_ROWS or self.exact:
            return stated
        fixed = f" + {self.fixed:g} s" if self.fixed else ""
        return f"{stated} (here {sign} {self.bound(rows):g}{unit}{fixed})"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured value.

    Attributes:
        floor: the same quantity for the floor or peer, measured in the same run.
        floor_is: what that floor or peer is.
        notes: lines that stand below the table, for example the fields found wrong.
    """

    what: str
    value: float
    unit: str
    floor: float | None = None
    floor_is: str = ""
    goal: Goal | None = None
    notes: tuple[str, ...] = ()

    @property
    def ratio(self) -> float | None:
        """The value in terms of its floor or peer."""
        return self.value / self.floor if self.floor else None

    def ok(self, rows: int) -> bool:
        """Whether the goal is met, or there is none for so many rows."""
        goal = self.goal
        if goal is None or (goal.full_only and rows < FULL_ROWS):
            return True
        bound = goal.bound(rows)
        if goal.on == "ratio":
            bound *= self.floor or 0.0
        if goal.kind == "at least":
            return self.value >= bound
        return self.value <= bound + (goal.fixed if rows < FULL_ROWS else 0.0)


@dataclass(frozen=True, slots=True)
class Result:
    """One run of one benchmark, in a process of its own.

    Attributes:
        details: plain data for a page of the benchmark's own.
    """

    name: str
    rows: int
    measures: tuple[Measure, ...]
    seconds: float
    peak_bytes: int
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every goal is met."""
        return all(measure.ok(self.rows) for measure in self.measures)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Result:
        """What `as_json` wrote."""
        return cls(**{**data, "measures": tuple(map(_measure, data["measures"]))})


def _measure(data: dict[str, Any]) -> Measure:
    goal = Goal(**data["goal"]) if data["goal"] else None
    return Measure(**{**data, "goal": goal, "notes": tuple(data["notes"])})
