"""Decisions taken on a page: on what was shown there, several at once, and taken back.

A page shows a finding for a while before somebody decides. What they saw comes along with the
decision; when it no longer stands, nothing is decided and they are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.payload import load_field_scan
from sladd.catalog.reopening import saw
from sladd.catalog.verdicts import DecisionError, add, last, refused
from sladd.model import Decision, Finding, Verdict
from sladd.taxonomy import Taxonomy

MOST = 1_000
"""Decisions that one request may take or take back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision, and what was seen by who takes it.

    Attributes:
        key: of the field.
        verdict: number of the verdict that was shown; 0 when none was.
        fingerprint: of the finding that was shown.
    """

    key: str
    decision: Decision
    category: str
    reason: str
    verdict: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision as it was taken: its number, to take it back by."""

    number: int
    verdict: Verdict


class OvertakenError(DecisionError):
    """Somebody decided, or a scan found something else, after the page was shown (960)."""

    exit_code = 1
    fields: tuple[str, ...] = ()
    """Keys of the fields."""


def _overtaken(fields: Sequence[str]) -> OvertakenError:
    fault = OvertakenError(
        "what was shown no longer stands: somebody decided, or a scan found something else",
        code=960,
        mend="look at it again and decide anew",
    )
    fault.fields = tuple(fields)
    return fault


def decide_seen(
    connection: sa.Connection,
    now: datetime,
    asked: Sequence[Asked],
    *,
    by: str,
    taxonomy: Taxonomy,
) -> list[Taken]:
    """Take decisions, all of them or none.

    Raises:
        OvertakenError: what was shown of some no longer stands (SLADD-960).
        DecisionError: a field is unknown, or a decision does not fit its finding (SLADD-510…512).
    """
    keys = [each.key for each in asked[:MOST]]
    findings = _findings(connection, keys)
    held = _held(connection, keys)
    stale = [
        each.key
        for each in asked
        if each.key in findings
        and (
            held.get(each.key, 0) != each.verdict
            or findings[each.key][1].fingerprint != each.fingerprint
        )
    ]
    if stale:
        raise _overtaken(stale)
    taken = []
    for each in asked:
        if each.key not in findings:
            raise DecisionError(
                "the catalog knows no such field", code=510, mend="sladd findings --all lists them"
            )
        address, finding = findings[each.key]
        problem = refused(each.decision, each.category, finding, taxonomy)
        if problem is not None:
            code, what, mend = problem
            raise DecisionError(what, code=code, where=address, mend=mend)
        confirmed = each.decision is Decision.CONFIRMED
        verdict = Verdict(
            field=address,
            decision=each.decision,
            category=finding.category if confirmed else each.category,
            reason=schema.clean(each.reason),
            by=schema.clean(by),
            at=now,
            fingerprint=finding.fingerprint,
        )
        taken.append(Taken(add(connection, verdict, saw(finding)), verdict))
    return taken


def undo(
    connection: sa.Connection, now: datetime, first: int, until: int, *, by: str
) -> list[tuple[int, str]]:
    """Take verdicts back, so that what held before them holds again; returns number and field.

    Args:
        connection: to the catalog.
        now: the time.
        first: number of the first verdict.
        until: number of the last one.
        by: who takes them back.

    Raises:
        OvertakenError: one of them no longer holds (SLADD-960).
        DecisionError: there are none, or too many (SLADD-961).
    """
    verdict = schema.verdicts
    rows = connection.execute(
        sa.select(verdict.c.id, verdict.c.field, verdict.c.field_key, verdict.c.id.in_(last()))
        .where(verdict.c.id >= first, verdict.c.id <= until)
        .order_by(verdict.c.id)
        .limit(MOST + 1)
    ).all()
    if not rows or len(rows) > MOST:
        raise DecisionError(
            "there is no such decision to take back",
            code=961,
            mend="decide the field anew instead",
        )
    stale = [row.field_key for row in rows if not row[3]]
    if stale:
        raise _overtaken(stale)
    connection.execute(
        schema.undone.insert(), [{"verdict_id": row.id, "actor": by, "made": now} for row in rows]
    )
    return [(row.id, row.field) for row in rows]


def _findings(connection: sa.Connection, keys: Sequence[str]) -> dict[str, tuple[str, Finding]]:
    now, state = schema.fields, schema.field_states
    query = (
        sa.select(now.c.field_key, state.c.payload)
        .join(state, state.c.id == now.c.state_id)
        .where(now.c.field_key.in_(keys))
    )
    found = {}
    for row in connection.execute(query):
        scan = load_field_scan(row.payload)
        found[row.field_key] = (str(scan.field.ref), scan.finding)
    return found


def _held(connection: sa.Connection, keys: Sequence[str]) -> dict[str, int]:
    verdict = schema.verdicts
    query = (
        sa.select(verdict.c.field_key, sa.func.max(verdict.c.id).label("number"))
        .where(verdict.c.field_key.in_(keys))
        .where(verdict.c.id.not_in(sa.select(schema.undone.c.verdict_id)))
        .group_by(verdict.c.field_key)
    )
    return {row.field_key: row.number for row in connection.execute(query)}
