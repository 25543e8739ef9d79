"""Published versions and approved plans, as far as the catalog remembers them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.payload import canonical
from sladd.catalog.records import PlanApproval, ReleaseRecord
from sladd.errors import CatalogError


def record(
    connection: sa.Connection,
    now: datetime,
    *,
    release: str,
    version: str,
    summary: Mapping[str, Any],
    by: str,
) -> bool:
    """Keep a published version; False when it was kept already, the same."""
    table, text = schema.releases, canonical(summary)
    former = connection.execute(
        sa.select(table.c.summary)
        .where(table.c.release == schema.clean(release))
        .where(table.c.version == schema.clean(version))
    ).scalar_one_or_none()
    if former == text:
        return False
    if former is not None:
        raise CatalogError(
            "this version was recorded with other contents",
            code=516,
            where=f"{release} {version}",
            mend=f"sladd publish {release} makes a new version",
        )
    connection.execute(
        table.insert().values(
            release=release, version=version, recorded=now, actor=by, summary=text
        )
    )
    return True


def records(connection: sa.Connection) -> list[ReleaseRecord]:
    """Every version, in the order of publishing."""
    rows = connection.execute(sa.select(schema.releases).order_by(schema.releases.c.id))
    return [
        ReleaseRecord(row.release, row.version, row.recorded, row.actor, json.loads(row.summary))
        for row in rows
    ]


def approve(
    connection: sa.Connection,
    now: datetime,
    *,
    release: str,
    policy_sha256: str,
    fields: Sequence[str],
    by: str,
    reason: str = "",
) -> None:
    """Keep who approved which fields; earlier approvals stay on record."""
    connection.execute(
        schema.approvals.insert().values(
            release=release,
            policy_sha256=policy_sha256,
            fields=canonical(sorted(set(fields))),
            actor=by,
            made=now,
            reason=reason,
        )
    )


def approvals(connection: sa.Connection, release: str) -> list[PlanApproval]:
    """Every approval of a release, oldest first."""
    table = schema.approvals
    rows = connection.execute(
        sa.select(table).where(table.c.release == schema.clean(release)).order_by(table.c.id)
    )
    return [
        PlanApproval(
            row.release,
            row.policy_sha256,
            frozenset(json.loads(row.fields)),
            row.actor,
            row.made,
            row.reason,
        )
        for row in rows
    ]
