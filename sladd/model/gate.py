"""What the gate asked, and the callables that lower layers are handed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One question the gate asked, and its answer."""

    name: str
    passed: bool
    detail: str  # names and counts
    column: str = ""


@dataclass(frozen=True, slots=True)
class GateResult:
    """All answers about one release."""

    checks: tuple[Check, ...]
    not_checked: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)


Progress = Callable[[str, int, int | None], None]
"""`progress(what, done, total)`; `what` is a reference, never a value."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text that a recogniser found. Positions, never the text."""

    start: int
    end: int
    type: str
    score: float
    category: str = ""


SpanFinder = Callable[[Sequence[str]], Sequence[Sequence[Span]]]
"""Finds spans in texts; handed to the text transform so that it needs no detector."""


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A value that a person's row holds, to be looked for in the texts about that person."""

    category: str
    text: str

    def __repr__(self) -> str:
        return f"<KnownValue {self.category}>"


KnownFinder = Callable[[str, Sequence[Span], Sequence[KnownValue]], Sequence[Span]]
"""Adds the spans of known values to those that a text has."""
