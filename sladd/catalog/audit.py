"""The audit trail: who did what when, each entry chained to the one before.

The hash of an entry is SHA-256 over the canonical JSON of
`[1, number, at, by, action, subject, detail, previous]`, where `detail` is itself canonical
JSON text. The database refuses to alter or delete entries; the chain shows it if someone did
it all the same, and the head kept beside it shows a trail cut short. Who can write to the
database can forge all of these together: keep a head elsewhere to be sure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.payload import canonical
from sladd.catalog.records import AuditEntry
from sladd.catalog.schema import clean, moment_text

FIRST = "0" * 64
"""What the first entry names as the hash before it."""


def append(
    connection: sa.Connection,
    now: datetime,
    *,
    action: str,
    subject: str,
    by: str,
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry; the caller holds the writers' lock, so the chain cannot fork."""
    number, previous = head(connection)
    at = moment_text(now)
    by, action, subject = clean(by), clean(action), clean(subject)
    text = canonical(detail or {})
    hashed = _hash(number + 1, at, by, action, subject, text, previous)
    connection.execute(
        schema.audit.insert().values(
            number=number + 1,
            made=at,
            actor=by,
            action=action,
            subject=subject,
            detail=text,
            previous=previous,
            hash=hashed,
        )
    )
    if number:
        connection.execute(schema.audit_head.update().values(number=number + 1, hash=hashed))
    else:
        connection.execute(schema.audit_head.insert().values(id=1, number=1, hash=hashed))
    return AuditEntry(number + 1, at, by, action, subject, json.loads(text), previous, hashed)


def head(connection: sa.Connection) -> tuple[int, str]:
    """Number and hash of the last entry; `(0, FIRST)` for an empty trail."""
    row = connection.execute(sa.select(schema.audit_head)).one_or_none()
    return (row.number, row.hash) if row else (0, FIRST)


def entries(connection: sa.Connection, *, after: int = 0) -> list[AuditEntry]:
    """The trail in its order, from the entry behind number `after`."""
    table = schema.audit
    rows = connection.execute(
        sa.select(table).where(table.c.number > after).order_by(table.c.number)
    )
    return [_entry(row) for row in rows]


def _entry(row: Any) -> AuditEntry:
    return AuditEntry(
        row.number,
        row.made,
        row.actor,
        row.action,
        row.subject,
        json.loads(row.detail),
        row.previous,
        row.hash,
    )


def page(
    connection: sa.Connection,
    *,
    action: str = "",
    by: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    skip: int = 0,
    most: int = 50,
) -> tuple[int, list[AuditEntry]]:
    """Entries that fit, newest first, and how many fit in all.

    Args:
        connection: of the catalog.
        action: only this one, or those below it: `account` is also `account.add`.
        by: only what this person did.
        since: from this moment.
        until: before this moment.
        skip: entries before the page.
        most: entries of the page.
    """
    table = schema.audit
    wanted: list[sa.ColumnElement[bool]] = []
    if action:
        below = table.c.action.startswith(f"{clean(action)}.", autoescape=True)
        wanted.append((table.c.action == clean(action)) | below)
    if by:
        wanted.append(table.c.actor == clean(by))
    if since is not None:
        wanted.append(table.c.made >= moment_text(since))
    if until is not None:
        wanted.append(table.c.made < moment_text(until))
    count = connection.execute(sa.select(sa.func.count()).select_from(table).where(*wanted))
    rows = connection.execute(
        sa.select(table).where(*wanted).order_by(table.c.number.desc()).limit(most).offset(skip)
    )
    return count.scalar_one(), [_entry(row) for row in rows]


def known(connection: sa.Connection) -> tuple[list[str], list[str]]:
    """Every action and every person of the trail, in order."""
    table = schema.audit
    actions = connection.execute(sa.select(table.c.action).distinct()).scalars()
    persons = connection.execute(sa.select(table.c.actor).distinct()).scalars()
    return sorted(actions), sorted(filter(None, persons))


def verify(
    connection: sa.Connection, *, heads: Mapping[int, str] | None = None, last: int | None = None
) -> list[str]:
    """What is wrong with the trail, one sentence each; empty when it is whole.

    Args:
        connection: of the catalog.
        heads: number → hash of entries as they were once exported; the trail must still hold them.
        last: look at no more than this many of the last entries.
    """
    problems = []
    expected, previous = 1, FIRST
    remaining = dict(heads or {})
    query = sa.select(schema.audit).order_by(schema.audit.c.number)
    if last is not None and (behind := head(connection)[0] - last) > 0:
        before = sa.select(schema.audit.c.hash).where(schema.audit.c.number == behind)
        expected, previous = behind + 1, connection.execute(before).scalar_one_or_none() or ""
        query = query.where(schema.audit.c.number > behind)
    for row in connection.execute(query):
        if remaining.pop(row.number, row.hash) != row.hash:
            problems.append(f"entry {row.number} is not the one that was exported")
        if row.number != expected:
            last = row.number - 1
            missing = f"entry {expected} is" if last == expected else f"{expected}-{last} are"
            problems.append(f"{missing} missing")
        elif row.previous != previous:
            problems.append(f"entry {row.number} does not follow from entry {row.number - 1}")
        again = _hash(
            row.number, row.made, row.actor, row.action, row.subject, row.detail, row.previous
        )
        if again != row.hash:
            problems.append(f"entry {row.number} was altered")
        expected, previous = row.number + 1, row.hash
    for gone in sorted(remaining):
        problems.append(f"entry {gone} was exported and is no longer there")
    number, hashed = head(connection)
    if number >= expected:
        problems.append(f"the trail ends at entry {expected - 1}, but {number} were written")
    elif number < expected - 1:
        problems.append(f"the trail has {expected - 1} entries, but only {number} were written")
    elif hashed != previous:
        problems.append("the last entry is not the one that was written last")
    return problems


def _hash(*parts: object) -> str:
    return hashlib.sha256(canonical([1, *parts]).encode()).hexdigest()
