"""Plans as they were put before the officer, and those that were refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sladd.catalog import audit, schema
from sladd.catalog.payload import canonical
from sladd.catalog.records import KeptPlan, PlanRefusal


def keep(
    connection: sa.Connection,
    now: datetime,
    *,
    release: str,
    plan_sha256: str,
    content: Mapping[str, Any],
    by: str,
) -> None:
    """Keep a plan as the present one of its release.

    The same one again moves only the place in the audit trail up to which it is known to hold,
    and gets the name of who asks for it.
    """
    table = schema.plans
    former = last(connection, release)
    number, _ = audit.head(connection)
    text = canonical(content)
    if former is not None and former.plan_sha256 == plan_sha256:
        newest = sa.select(sa.func.max(table.c.id)).where(table.c.release == schema.clean(release))
        connection.execute(
            table.update()
            .where(table.c.id == newest.scalar_subquery())
            .values(audit_number=number, content=text, actor=by or former.by)
        )
        return
    connection.execute(
        table.insert().values(
            release=release,
            plan_sha256=plan_sha256,
            content=text,
            actor=by,
            made=now,
            audit_number=number,
        )
    )


def last(connection: sa.Connection, release: str) -> KeptPlan | None:
    """The plan that was made last; None before there is one."""
    table = schema.plans
    return _one(connection, table.c.release == schema.clean(release))


def of(connection: sa.Connection, release: str, plan_sha256: str) -> KeptPlan | None:
    """The plan of that hash; None when it was not kept."""
    table = schema.plans
    return _one(
        connection,
        (table.c.release == schema.clean(release)) & (table.c.plan_sha256 == plan_sha256),
    )


def _one(connection: sa.Connection, which: sa.ColumnElement[bool]) -> KeptPlan | None:
    table = schema.plans
    row = connection.execute(
        sa.select(table).where(which).order_by(table.c.id.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    return KeptPlan(
        row.release,
        row.plan_sha256,
        json.loads(row.content),
        row.actor,
        row.made,
        row.audit_number,
    )


def refuse(
    connection: sa.Connection,
    now: datetime,
    *,
    release: str,
    plan_sha256: str,
    reason: str,
    by: str,
) -> None:
    """Keep who refused a plan, and why."""
    connection.execute(
        schema.refusals.insert().values(
            release=release, plan_sha256=plan_sha256, reason=reason, actor=by, made=now
        )
    )


def refusals(connection: sa.Connection, release: str) -> list[PlanRefusal]:
    """Every refusal of a release, oldest first."""
    table = schema.refusals
    rows = connection.execute(
        sa.select(table).where(table.c.release == schema.clean(release)).order_by(table.c.id)
    )
    return [
        PlanRefusal(row.release, row.plan_sha256, row.reason, row.actor, row.made) for row in rows
    ]
