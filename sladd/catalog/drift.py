"""Drift: two scans held against each other, and what is kept of the difference."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.payload import canonical
from sladd.catalog.records import Change, Drift, ScanId, SurenessChange, Tagged
from sladd.model import How, StorageType

LEAST_SURENESS = 0.05
"""A confidence that moves by less is the same one: samples differ."""


@dataclass(slots=True)
class FieldDrift:
    """Drift of fields while it is collected."""

    new: list[str] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    new_findings: list[str] = field(default_factory=list)
    gone_findings: list[str] = field(default_factory=list)
    sureness: list[SurenessChange] = field(default_factory=list)


def _tagged_row(row: Any) -> Tagged:
    return Tagged(StorageType(row.storage_type), How(row.how), row.type, row.category)


def is_gone(row: Any, present: Collection[str], recorded: Collection[str]) -> bool:
    """Whether a field that this scan says nothing of is gone, or only unread."""
    return row.table_key in recorded or row.table_key not in present


def compare(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    present: Collection[str],
    recorded: Collection[str],
) -> FieldDrift:
    """What a scan (`after`) says otherwise than what held (`before`), both by field key.

    Args:
        before: rows with address, table_key, gone, confidence and the parts of `Tagged`.
        after: the same, as this scan says it.
        present: keys of the tables that the source has.
        recorded: keys of the tables that this scan read.
    """
    seen = FieldDrift()
    for key, row in after.items():
        former = before.get(key)
        now = _tagged_row(row)
        if former is None or former.gone:
            seen.new.append(row.address)
            if now.how is not How.NONE:
                seen.new_findings.append(row.address)
            continue
        then = _tagged_row(former)
        if then != now:
            seen.changed.append(Change(row.address, then, now))
        elif abs(row.confidence - former.confidence) >= LEAST_SURENESS:
            seen.sureness.append(SurenessChange(row.address, former.confidence, row.confidence))
        if then.how is How.NONE and now.how is not How.NONE:
            seen.new_findings.append(row.address)
        if then.how is not How.NONE and now.how is How.NONE:
            seen.gone_findings.append(row.address)
    for key, row in before.items():
        if key not in after and not row.gone and is_gone(row, present, recorded):
            seen.gone.append(row.address)
            if _tagged_row(row).how is not How.NONE:
                seen.gone_findings.append(row.address)
    return seen


def dump_drift(drift: Drift) -> str:
    """Drift as JSON."""
    return canonical({"format": 1, **asdict(drift)})


def load_drift(text: str) -> Drift:
    """The inverse of `dump_drift`."""
    raw = json.loads(text)
    previous = raw["previous"]
    return Drift(
        scan=ScanId(raw["scan"]),
        previous=None if previous is None else ScanId(previous),
        changed=tuple(
            Change(item["field"], _tagged(item["before"]), _tagged(item["after"]))
            for item in raw["changed"]
        ),
        sureness=tuple(SurenessChange(**item) for item in raw.get("sureness", ())),
        **{
            name: tuple(raw[name])
            for name in (
                "new",
                "gone",
                "new_findings",
                "gone_findings",
                "reopened",
                "new_tables",
                "gone_tables",
            )
        },
    )


def last_drift(connection: sa.Connection, source: str) -> Drift | None:
    """Drift of the last finished scan of a source; None when there is none."""
    scan = schema.scans
    text = connection.execute(
        sa.select(scan.c.drift)
        .where(scan.c.source == schema.clean(source))
        .where(scan.c.ordinal.is_not(None))
        .order_by(scan.c.ordinal.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if text is None else load_drift(text)


def drifts(connection: sa.Connection, source: str) -> list[Drift]:
    """Drift of every finished scan of a source, in the order of finishing."""
    scan = schema.scans
    rows = connection.execute(
        sa.select(scan.c.drift)
        .where(scan.c.source == schema.clean(source))
        .where(scan.c.ordinal.is_not(None))
        .order_by(scan.c.ordinal)
    ).scalars()
    return [load_drift(text) for text in rows if text is not None]


def _tagged(raw: dict[str, str]) -> Tagged:
    return Tagged(StorageType(raw["storage_type"]), How(raw["how"]), raw["type"], raw["category"])
