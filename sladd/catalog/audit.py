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
    return [
        AuditEntry(
            row.number,
            row.made,
            row.actor,
            row.action,
            row.subject,
            json.loads(row.detail),
            row.previous,
            row.hash,
        )
        for row in rows
    ]


def verify(connection: sa.Connection) -> list[str]:
    """What is wrong with the trail, one sentence each; empty when it is whole."""
    problems = []
    expected, previous = 1, FIRST
    for row in connection.execute(sa.select(schema.audit).order_by(schema.audit.c.number)):
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
