"""Verdicts: taken, kept for good, and read. The last one of a field holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.payload import digest, load_field_scan
from sladd.catalog.reopening import Held, Saw, dump_saw, load_saw, saw
from sladd.errors import CatalogError
from sladd.model import Decision, Finding, How, Verdict
from sladd.taxonomy import Taxonomy


class DecisionError(CatalogError):
    """A decision that cannot be taken as asked (510-513)."""

    exit_code = 2


def decide(
    connection: sa.Connection,
    now: datetime,
    field: str,
    decision: Decision,
    *,
    category: str,
    reason: str,
    by: str,
    taxonomy: Taxonomy,
) -> Verdict:
    """Take a decision on the finding that the catalog shows now."""
    finding = finding_of(connection, field)
    if finding is None:
        raise unknown_field(connection, field)
    problem = refused(decision, category, finding, taxonomy)
    if problem is not None:
        code, what, mend = problem
        raise DecisionError(what, code=code, where=field, mend=mend)
    verdict = Verdict(
        field=field,
        decision=decision,
        category=finding.category if decision is Decision.CONFIRMED else category,
        reason=schema.clean(reason),
        by=schema.clean(by),
        at=now,
        fingerprint=finding.fingerprint,
    )
    add(connection, verdict, saw(finding))
    return verdict


def refused(
    decision: Decision, category: str, finding: Finding | Saw, taxonomy: Taxonomy
) -> tuple[int, str, str] | None:
    """Why a decision does not fit what it decides on: code, what, mend; None when it fits."""
    if decision is Decision.CONFIRMED and finding.how is How.NONE:
        mend = "name a category instead, or reject the field to say it is not personal"
        return 511, "nothing was found in this field, so there is nothing to confirm", mend
    if decision is Decision.CONFIRMED and category not in {"", finding.category}:
        mend = f"decide '{category}' instead of confirm"
        return 511, f"the finding is '{finding.category}', not '{category}'", mend
    if decision is Decision.REJECTED and category:
        return 511, "a rejected field has no category", "leave the category out"
    if decision is Decision.CHANGED and category not in taxonomy:
        close = get_close_matches(category, taxonomy.categories, n=1)
        mend = (
            f"did you mean '{close[0]}'?"
            if close
            else "user.contact.email, for one; sladd findings lists those that are in use"
        )
        return 512, f"there is no category '{category}'", mend
    return None


def finding_of(connection: sa.Connection, field: str) -> Finding | None:
    """What the last finished scan found in a field; None for a field it does not know."""
    payload = connection.execute(
        sa.select(schema.field_states.c.payload)
        .join(schema.fields, schema.fields.c.state_id == schema.field_states.c.id)
        .where(schema.fields.c.field_key == digest(field))
    ).scalar_one_or_none()
    return None if payload is None else load_field_scan(payload).finding


def unknown_field(connection: sa.Connection, field: str) -> DecisionError:
    """The error for a field that no scan saw, with the nearest that one did."""
    known = sorted(connection.execute(sa.select(schema.fields.c.address)).scalars())
    # The end of an address is what people type; spelling comes second.
    close = [address for address in known if address.endswith((f".{field}", f"/{field}"))]
    close = (close or get_close_matches(field, known, n=3))[:3]
    mend = f"did you mean {' or '.join(close)}?" if close else "sladd findings --all lists them"
    return DecisionError("the catalog knows no such field", code=510, where=field, mend=mend)


def add(connection: sa.Connection, verdict: Verdict, seen: Saw) -> int:
    """Append a verdict; returns its number."""
    inserted = connection.execute(
        schema.verdicts.insert().values(
            field_key=digest(verdict.field),
            field=verdict.field,
            decision=verdict.decision.value,
            category=verdict.category,
            reason=verdict.reason,
            actor=verdict.by,
            made=verdict.at,
            fingerprint=verdict.fingerprint,
            saw=dump_saw(seen),
        )
    )
    key = inserted.inserted_primary_key
    assert key is not None  # noqa: S101 - an insert of one row has one
    return int(key[0])


def last() -> sa.Select[tuple[int]]:
    """Numbers of the verdicts that hold: of each field the last one that was not undone."""
    verdict = schema.verdicts
    return (
        sa.select(sa.func.max(verdict.c.id))
        .where(verdict.c.id.not_in(sa.select(schema.undone.c.verdict_id)))
        .group_by(verdict.c.field_key)
    )


def current(
    connection: sa.Connection, *, source: str | None = None, table: str | None = None
) -> dict[str, Held]:
    """The verdict that holds for each field, by field key; of a source or of a table's key."""
    query = sa.select(schema.verdicts).where(schema.verdicts.c.id.in_(last()))
    if source is not None:
        of_source = sa.select(schema.fields.c.field_key).where(
            schema.fields.c.source == schema.clean(source)
        )
        query = query.where(schema.verdicts.c.field_key.in_(of_source))
    if table is not None:
        of_table = sa.select(schema.fields.c.field_key).where(schema.fields.c.table_key == table)
        query = query.where(schema.verdicts.c.field_key.in_(of_table))
    rows = connection.execute(query).all()
    whys = _whys(connection, (row.id for row in rows) if table is not None else None)
    return {
        row.field_key: Held(row.id, _verdict(row, whys.get(row.id)), load_saw(row.saw))
        for row in rows
    }


def history(connection: sa.Connection, field: str) -> list[Verdict]:
    """Every verdict of a field that was not undone, oldest first."""
    query = (
        sa.select(schema.verdicts)
        .where(schema.verdicts.c.field_key == digest(field))
        .where(schema.verdicts.c.id.not_in(sa.select(schema.undone.c.verdict_id)))
        .order_by(schema.verdicts.c.id)
    )
    rows = connection.execute(query).all()
    whys = _whys(connection, (row.id for row in rows))
    return [_verdict(row, whys.get(row.id)) for row in rows]


def _whys(connection: sa.Connection, of: Iterable[int] | None = None) -> dict[int, str]:
    """Why verdicts were reopened, by their number; the last reason of each."""
    query = sa.select(schema.reopenings).order_by(schema.reopenings.c.id)
    if of is not None:
        query = query.where(schema.reopenings.c.verdict_id.in_(list(of)))
    return {row.verdict_id: row.why for row in connection.execute(query)}


def _verdict(row: Any, why: str | None) -> Verdict:
    return Verdict(
        field=row.field,
        decision=Decision(row.decision),
        category=row.category,
        reason=row.reason,
        by=row.actor,
        at=row.made,
        fingerprint=row.fingerprint,
        reopened=why is not None,
        reopened_why=why or "",
    )
