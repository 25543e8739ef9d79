"""How a release stands on a day; in no language yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

State = Literal["never", "published", "expired", "unreadable"]


@dataclass(frozen=True, slots=True)
class ReleaseStanding:
    """A release of the configuration: what stands, what it is called, what it waits for.

    Attributes:
        name: of the release.
        kind: `pseudonymised` or `anonymised`.
        state: whether a version stands, and whether it may still be used.
        version: that stands; "" for none.
        published: when it was made.
        rows: of it.
        label_nb: what it is called today, in bokmål; "" before there is a version.
        label_en: the same in English.
        anonymised: whether it may be called that today.
        gate_passed: what the gate said; None for nothing.
        checks: that the gate made.
        review_by: day until which the officer's assessment holds.
        expires: last day of the version.
        asked: `required`, `two_persons`, or "" where no approval is asked for.
        plan: what was decided about the plan that was made last; "" before there is one.
        fault: why the version cannot be read.
    """

    name: str
    kind: str
    state: State
    version: str = ""
    published: datetime | None = None
    rows: int = 0
    label_nb: str = ""
    label_en: str = ""
    anonymised: bool = False
    gate_passed: bool | None = None
    checks: int = 0
    review_by: date | None = None
    expires: date | None = None
    asked: str = ""
    plan: str = ""
    fault: str = ""

    @property
    def waits(self) -> bool:
        """Whether the officer has to decide about its plan."""
        return bool(self.asked) and self.plan in {"", "waiting"}

    @property
    def unassessed(self) -> bool:
        """Whether an anonymised version stands that may not be called that."""
        return self.kind == "anonymised" and self.state == "published" and not self.anonymised

    def label(self, code: str) -> str:
        """What it is called, in `nb` or `en`."""
        return self.label_nb if code == "nb" else self.label_en
