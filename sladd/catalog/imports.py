"""Verdicts of a file, merged into those the catalog holds: all of them or none."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from sladd.catalog import links as kept_links
from sladd.catalog.payload import digest
from sladd.catalog.records import ImportResult
from sladd.catalog.reopening import Held, fingerprint, reopen, saw
from sladd.catalog.schema import clean
from sladd.catalog.verdict_file import Entry, LinkEntry
from sladd.catalog.verdicts import DecisionError, add, current, finding_of, refused
from sladd.errors import SladdError, raise_all
from sladd.model import Decision, Finding, LinkState, LinkVerdict, Verdict
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


def merge_links(
    connection: sa.Connection,
    now: datetime,
    entries: list[LinkEntry],
    result: ImportResult,
    *,
    by: str,
) -> ImportResult:
    """Append the verdicts of links that are news, by the same rules; `result` with their names."""
    held = {verdict.link: verdict for verdict, _ in kept_links.verdicts(connection)}
    said: dict[str, list[str]] = {"applied": [], "unchanged": [], "unknown": [], "older": []}
    for entry in entries:
        before = held.get(entry.link)
        link = kept_links.from_name(connection, entry.link)
        if link is None or link.state is LinkState.DECLARED:
            said["unknown"].append(entry.link)
            continue
        same = before is not None and (
            (entry.confirmed, entry.reason) == (before.confirmed, before.reason)
            and entry.by in {None, before.by}
            and entry.at in {None, before.at}
        )
        if same:
            said["unchanged"].append(entry.link)
            continue
        if before is not None and entry.at is not None and entry.at < before.at:
            said["older"].append(entry.link)
            continue
        edited = before is not None and entry.at == before.at
        verdict = LinkVerdict(
            link=entry.link,
            confirmed=entry.confirmed,
            reason=entry.reason,
            by=clean(by) if edited or not entry.by else entry.by,
            at=now if edited or entry.at is None else entry.at,
        )
        kept_links.add(connection, verdict, link)
        said["applied"].append(entry.link)
    return ImportResult(
        (*result.applied, *said["applied"]),
        (*result.unchanged, *said["unchanged"]),
        (*result.unknown, *said["unknown"]),
        (*result.older, *said["older"]),
    )


def _same(entry: Entry, verdict: Verdict) -> bool:
    said_nothing = entry.decision is Decision.CONFIRMED and not entry.category
    return (
        entry.decision is verdict.decision
        and (said_nothing or entry.category == verdict.category)
        and entry.reason == verdict.reason
        and entry.by in {None, verdict.by}
        and entry.at in {None, verdict.at}
    )
