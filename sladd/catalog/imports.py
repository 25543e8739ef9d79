"""Verdicts of a file, merged into those the catalog holds: all of them or none."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from sladd.catalog.payload import digest
from sladd.catalog.records import ImportResult
from sladd.catalog.reopening import Held, fingerprint, reopen, saw
from sladd.catalog.schema import clean
from sladd.catalog.verdict_file import Entry
from sladd.catalog.verdicts import DecisionError, add, current, finding_of, refused
from sladd.errors import SladdError, raise_all
from sladd.model import Decision, Finding, Verdict
from sladd.taxonomy import Taxonomy


def merge(
    connection: sa.Connection,
    now: datetime,
    entries: list[Entry],
    *,
    by: str,
    taxonomy: Taxonomy,
) -> ImportResult:
    """Append the verdicts that are news to the catalog.

    One that was given before the verdict the catalog holds stays out, so that an old file takes
    nothing back. One that was edited by hand, which keeps its `at`, counts as given now by
    whoever imports it. What the file says again stays as it is, reopened or not.
    """
    held = current(connection)
    applied: list[str] = []
    unchanged: list[str] = []
    unknown: list[str] = []
    older: list[str] = []
    findings: dict[str, Finding] = {}
    errors: list[SladdError] = []
    for entry in entries:
        finding = finding_of(connection, entry.field)
        if finding is None:
            unknown.append(entry.field)
            continue
        before = held.get(digest(entry.field))
        if before is not None and _same(entry, before.verdict):
            unchanged.append(entry.field)
            continue
        if before is not None and entry.at is not None and entry.at < before.verdict.at:
            older.append(entry.field)
            continue
        seen = entry.saw or saw(finding)
        problem = refused(entry.decision, entry.category, seen, taxonomy)
        if problem is not None:
            code, what, mend = problem
            errors.append(
                DecisionError(what, code=code, where=f"verdicts, line {entry.line}", mend=mend)
            )
            continue
        edited = before is not None and entry.at == before.verdict.at
        confirmed = entry.decision is Decision.CONFIRMED
        verdict = Verdict(
            field=entry.field,
            decision=entry.decision,
            category=seen.category if confirmed else entry.category,
            reason=entry.reason,
            by=clean(by) if edited or not entry.by else entry.by,
            at=now if edited or entry.at is None else entry.at,
            fingerprint=fingerprint(seen),
        )
        number = add(connection, verdict, seen)
        held[digest(entry.field)] = Held(number, verdict, seen)
        findings[digest(entry.field)] = finding
        applied.append(entry.field)
    raise_all(errors)
    reopen(connection, now, held, findings, taxonomy)
    return ImportResult(tuple(applied), tuple(unchanged), tuple(unknown), tuple(older))


def _same(entry: Entry, verdict: Verdict) -> bool:
    said_nothing = entry.decision is Decision.CONFIRMED and not entry.category
    return (
        entry.decision is verdict.decision
        and (said_nothing or entry.category == verdict.category)
        and entry.reason == verdict.reason
        and entry.by in {None, verdict.by}
        and entry.at in {None, verdict.at}
    )
