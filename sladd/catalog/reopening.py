"""When a verdict that holds is asked again.

The officer decided on what the scan showed. A checksum or pattern that now matches and did not
then, or a category of a higher legal class than any that was considered, is news to that decision.
More rows of the same kind are not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.model import Evidence, FieldRef, Finding, How, TableRef, Verdict
from sladd.taxonomy import LEGAL_CLASSES, Taxonomy

DETERMINISTIC = frozenset({"checksum", "pattern"})
"""Signals that the same value gives in every scan, whatever stands around it."""


@dataclass(frozen=True, slots=True)
class Saw:
    """What a verdict has seen of a finding."""

    how: How
    type: str
    category: str
    also: tuple[str, ...]
    signals: tuple[str, ...]

    @property
    def evidence(self) -> frozenset[tuple[str, str]]:
        """Deterministic signals, each with the type it spoke for."""
        return frozenset((s, self.type) for s in self.signals if s in DETERMINISTIC)


@dataclass(frozen=True, slots=True)
class Held:
    """The verdict that holds for a field, and what it has seen."""

    number: int
    verdict: Verdict
    saw: Saw


def saw(finding: Finding) -> Saw:
    """What someone who looks at this finding sees."""
    return Saw(
        how=finding.how,
        type=finding.type,
        category=finding.category,
        also=tuple(sorted(finding.also)),
        signals=tuple(sorted({e.signal for e in finding.evidence if e.weight > 0})),
    )


def fingerprint(seen: Saw) -> str:
    """The fingerprint of every finding that shows this."""
    return Finding(
        field=FieldRef(TableRef("", ""), ""),
        how=seen.how,
        type=seen.type,
        category=seen.category,
        confidence=0,
        evidence=tuple(Evidence(signal, 1) for signal in seen.signals),
        also=seen.also,
    ).fingerprint


def dump_saw(seen: Saw) -> str:
    """As JSON."""
    return json.dumps([1, seen.how, seen.type, seen.category, seen.also, seen.signals])


def load_saw(text: str) -> Saw:
    """The inverse of `dump_saw`."""
    _, how, kind, category, also, signals = json.loads(text)
    return Saw(How(how), kind, category, tuple(also), tuple(signals))


def why(verdict: Verdict, seen: Saw, finding: Finding, taxonomy: Taxonomy) -> str:
    """Why the finding asks for a new decision; "" when the verdict still answers it."""
    if finding.how is How.NONE or finding.fingerprint == verdict.fingerprint:
        return ""
    reasons = []
    new = saw(finding).evidence - seen.evidence
    if new:
        signals = " and ".join(sorted({signal for signal, _ in new}))
        reasons.append(f"new evidence since the decision: {signals} of {finding.type}")
    considered = (verdict.category, seen.category, *seen.also)
    before = min(taxonomy.severity(key) for key in considered)
    found = min((finding.category, *finding.also), key=taxonomy.severity)
    if taxonomy.severity(found) < before:
        reasons.append(
            f"a category of a higher legal class since the decision: {found} "
            f"({_class(taxonomy.severity(found))}, decided on {_class(before)})"
        )
    return "; ".join(reasons)


def reopen(
    connection: sa.Connection,
    now: datetime,
    held: Mapping[str, Held],
    findings: Mapping[str, Finding],
    taxonomy: Taxonomy,
) -> tuple[str, ...]:
    """Mark the verdicts that these findings ask again, both by field key; returns their fields."""
    reopened = []
    for key in held.keys() & findings.keys():
        number, verdict, seen = held[key].number, held[key].verdict, held[key].saw
        reason = why(verdict, seen, findings[key], taxonomy)
        if reason and schema.clean(reason) != verdict.reopened_why:
            connection.execute(
                schema.reopenings.insert().values(verdict_id=number, made=now, why=reason)
            )
            if not verdict.reopened:
                reopened.append(verdict.field)
    return tuple(sorted(reopened))


def _class(severity: int) -> str:
    return LEGAL_CLASSES[severity] if severity < len(LEGAL_CLASSES) else "no category"
