"""Links between tables: what was measured, what was decided, and what that makes of them.

What a measurement found is replaced by the next one of the same scope: a source, or all sources
together. Verdicts are only ever added, and the last one of a link holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.fields import tables
from sladd.catalog.payload import canonical, digest, load_field_scan
from sladd.catalog.verdicts import DecisionError
from sladd.model import (
    Evidence,
    FieldRef,
    Link,
    LinkKind,
    LinkState,
    LinkVerdict,
    Overlap,
    TableRef,
)

EVERYWHERE = "*"
"""The scope of what leads from one source to another; no source is called that."""

ARROW = " -> "


def record(
    connection: sa.Connection, now: datetime, scope: str, links: Iterable[Link], fingerprint: str
) -> None:
    """Keep what a measurement found, in place of what the one before it did."""
    key = digest(scope)
    connection.execute(schema.links.delete().where(schema.links.c.scope == key))
    rows = {
        digest(link.name): {
            "link_key": digest(link.name),
            "scope": key,
            "confidence": link.confidence,
            "payload": _dump(link),
        }
        for link in links
        if link.state is LinkState.SUGGESTED
    }
    if rows:
        # The same link may stand in another scope, from when its table was of another source.
        connection.execute(schema.links.delete().where(schema.links.c.link_key.in_(list(rows))))
        connection.execute(schema.links.insert(), list(rows.values()))
    connection.execute(schema.measurements.delete().where(schema.measurements.c.scope == key))
    connection.execute(
        schema.measurements.insert().values(
            scope=key, name=scope, fingerprint=fingerprint, made=now
        )
    )


def fingerprint(connection: sa.Connection, scope: str) -> str | None:
    """Of what the last measurement of a scope saw; None before the first."""
    found: str | None = connection.execute(
        sa.select(schema.measurements.c.fingerprint).where(
            schema.measurements.c.scope == digest(scope)
        )
    ).scalar_one_or_none()
    return found


def links(connection: sa.Connection, *, gone: bool = False) -> list[Link]:
    """Every link: declared, suggested, confirmed and rejected, by name.

    Args:
        connection: to the catalog.
        gone: also decided ones of columns that the sources no longer have.
    """
    scans = tables(connection, None, scanned=False)
    present = {
        (scan.table.ref, field.ref.column)
        for scan in scans
        for field in scan.table.fields
        if not field.ref.path
    }
    found: dict[str, Link] = {}
    for scan in scans:
        for key in scan.table.foreign_keys:
            link = Link(
                scan.table.ref, key.columns, key.target, key.target_columns,
                state=LinkState.DECLARED,
            )  # fmt: skip
            found[link.name] = link
    for row in connection.execute(sa.select(schema.links)):
        link = _load(row.payload, row.confidence)
        found.setdefault(link.name, link)
    for verdict, link in verdicts(connection):
        state = LinkState.CONFIRMED if verdict.confirmed else LinkState.REJECTED
        measured = found.get(link.name)
        # A confirmed key stands among the declared ones from the next scan on.
        known = link if measured is None or measured.state is LinkState.DECLARED else measured
        found[link.name] = replace(known, state=state, verdict=verdict)
    return [
        link
        for _, link in sorted(found.items())
        if (gone and link.verdict is not None) or _is_there(link, present)
    ]


def _is_there(link: Link, present: set[tuple[TableRef, str]]) -> bool:
    if link.state is LinkState.DECLARED:
        return True
    ends = [(link.table, column) for column in link.columns]
    return present.issuperset([*ends, *((link.target, column) for column in link.target_columns)])


def verdicts(connection: sa.Connection) -> list[tuple[LinkVerdict, Link]]:
    """The verdict that holds for each link, by name, with the link as it was seen."""
    table = schema.link_verdicts
    last = sa.select(sa.func.max(table.c.id)).group_by(table.c.link_key)
    rows = connection.execute(sa.select(table).where(table.c.id.in_(last)))
    found = [(_verdict(row), _load(row.payload, 1.0)) for row in rows]
    return sorted(found, key=lambda pair: pair[0].link)


def decide(
    connection: sa.Connection,
    now: datetime,
    start: str,
    end: str,
    *,
    confirmed: bool,
    reason: str,
    by: str,
) -> Link:
    """Confirm or reject a link; one that nobody suggested may be confirmed as well.

    Raises:
        DecisionError: an end is unknown (SLADD-520), or the source itself declares the link
            (SLADD-521).
    """
    name = f"{start}{ARROW}{end}"
    known = {link.name: link for link in links(connection)}
    link = known.get(name)
    if link is None:
        link = _between(connection, start, end, known)
    if link.state is LinkState.DECLARED:
        raise DecisionError(
            "the source declares this key itself, so there is nothing to decide",
            code=521,
            where=name,
            mend="sladd links lists the suggested ones",
        )
    verdict = LinkVerdict(name, confirmed, schema.clean(reason), schema.clean(by), now)
    add(connection, verdict, link)
    state = LinkState.CONFIRMED if confirmed else LinkState.REJECTED
    return replace(link, state=state, verdict=verdict)


def add(connection: sa.Connection, verdict: LinkVerdict, link: Link) -> None:
    """Append a verdict."""
    connection.execute(
        schema.link_verdicts.insert().values(
            link_key=digest(verdict.link),
            link=verdict.link,
            confirmed=verdict.confirmed,
            reason=verdict.reason,
            actor=verdict.by,
            made=verdict.at,
            payload=_dump(link),
        )
    )


def from_name(connection: sa.Connection, name: str) -> Link | None:
    """The link of that name, from what the catalog knows; None where an end is unknown."""
    known = {link.name: link for link in links(connection, gone=True)}
    if name in known:
        return known[name]
    start, arrow, end = name.partition(ARROW)
    if not arrow:
        return None
    try:
        return _between(connection, start, end, known)
    except DecisionError:
        return None


def _between(connection: sa.Connection, start: str, end: str, known: dict[str, Link]) -> Link:
    """A link between two addresses.

    Raises:
        DecisionError: one of them is unknown, or both do not fit (SLADD-520).
    """
    here, there = _columns(connection, start), _columns(connection, end)
    if here is None or there is None or len(here[1]) != len(there[1]) or start == end:
        close = get_close_matches(f"{start}{ARROW}{end}", known, n=2)
        raise DecisionError(
            "there is no such link: an end is unknown, or the ends do not fit each other",
            code=520,
            where=f"{start}{ARROW}{end}",
            mend=f"did you mean {' or '.join(close)}?" if close else "sladd links lists them",
        )
    return Link(here[0], here[1], there[0], there[1], kind=LinkKind.KEY)


def _columns(connection: sa.Connection, address: str) -> tuple[TableRef, tuple[str, ...]] | None:
    """Table and columns of one end; several columns of a table are joined by `+`."""
    whole = _field(connection, address)
    refs = [whole] if whole is not None else [_field(connection, p) for p in _parts(address)]
    if not refs or any(ref is None or ref.path for ref in refs):
        return None
    found = [ref for ref in refs if ref is not None]
    tables_of = {ref.table for ref in found}
    if len(tables_of) != 1:
        return None
    return found[0].table, tuple(ref.column for ref in found)


def _parts(address: str) -> list[str]:
    source = address.split("/", 1)[0]
    first, *rest = address.split(f"+{source}/")
    return [first, *(f"{source}/{part}" for part in rest)]


def _field(connection: sa.Connection, address: str) -> FieldRef | None:
    payload = connection.execute(
        sa.select(schema.field_states.c.payload)
        .join(schema.fields, schema.fields.c.state_id == schema.field_states.c.id)
        .where(schema.fields.c.field_key == digest(address))
    ).scalar_one_or_none()
    return None if payload is None else load_field_scan(payload).field.ref


def record_overlaps(connection: sa.Connection, found: Sequence[Overlap]) -> None:
    """Keep which tables hold the same persons, in place of what was known before."""
    connection.execute(schema.overlaps.delete())
    rows = [
        {
            "payload": canonical(
                {
                    "field": o.field, "other": o.other, "by": o.by, "persons": o.persons,
                    "other_persons": o.other_persons, "shared": o.shared,
                    "compared": o.compared, "read": o.read,
                }
            )
        }
        for o in found
    ]  # fmt: skip
    if rows:
        connection.execute(schema.overlaps.insert(), rows)


def overlaps(connection: sa.Connection) -> list[Overlap]:
    """Which tables hold the same persons, as last measured."""
    rows = connection.execute(sa.select(schema.overlaps.c.payload).order_by(schema.overlaps.c.id))
    return [Overlap(**json.loads(payload)) for payload in rows.scalars()]


def _verdict(row: Any) -> LinkVerdict:
    return LinkVerdict(row.link, bool(row.confirmed), row.reason, row.actor, row.made)


def _dump(link: Link) -> str:
    return canonical(
        {
            "format": 1,
            "kind": link.kind.value,
            "table": [link.table.source, link.table.schema, link.table.name],
            "columns": list(link.columns),
            "target": [link.target.source, link.target.schema, link.target.name],
            "target_columns": list(link.target_columns),
            "evidence": [
                {"signal": e.signal, "weight": e.weight, "facts": dict(e.facts)}
                for e in link.evidence
            ],
        }
    )


def _load(payload: str, confidence: float) -> Link:
    raw = json.loads(payload)
    return Link(
        _table(raw["table"]),
        tuple(raw["columns"]),
        _table(raw["target"]),
        tuple(raw["target_columns"]),
        kind=LinkKind(raw["kind"]),
        state=LinkState.SUGGESTED,
        confidence=confidence,
        evidence=tuple(
            Evidence(item["signal"], item["weight"], item["facts"]) for item in raw["evidence"]
        ),
    )


def _table(parts: Sequence[str | None]) -> TableRef:
    source, of, name = parts
    assert source is not None and name is not None  # noqa: S101, PT018 - written by `_dump`
    return TableRef(source, name, of)
