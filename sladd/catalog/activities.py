"""Processing activities: every version is kept, the newest holds, and nobody overwrites another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.payload import canonical
from sladd.errors import CatalogError
from sladd.model import Activity, Basis, Condition, Persons, SavedActivity, Transfer

FORMAT = 1


class ActivityError(CatalogError):
    """An activity that cannot be saved as asked (920, 921)."""

    exit_code = 1


def current(connection: sa.Connection) -> list[SavedActivity]:
    """The newest version of each that was not removed, in the order of their first versions."""
    table = schema.activities
    newest = (
        sa.select(
            table.c.activity,
            sa.func.max(table.c.version).label("version"),
            sa.func.min(table.c.id).label("first"),
        )
        .group_by(table.c.activity)
        .subquery()
    )
    query = (
        sa.select(table)
        .join(
            newest,
            (newest.c.activity == table.c.activity) & (newest.c.version == table.c.version),
        )
        .where(table.c.removed.is_(False))
        .order_by(newest.c.first)
    )
    return [_saved(row) for row in connection.execute(query)]


def one(connection: sa.Connection, key: str) -> SavedActivity | None:
    """The version that holds; None without one."""
    row = _newest(connection, key)
    return None if row is None or row.removed else _saved(row)


def history(connection: sa.Connection, key: str) -> list[SavedActivity]:
    """Every version, oldest first."""
    table = schema.activities
    query = sa.select(table).where(table.c.activity == key).order_by(table.c.version)
    return [_saved(row) for row in connection.execute(query)]


def save(
    connection: sa.Connection, now: datetime, activity: Activity, *, version: int, by: str
) -> tuple[SavedActivity, Sequence[str]]:
    """Add a version; returns it and the names of what differs from the one before."""
    before = _newest(connection, activity.id)
    _expect(before, activity.id, version)
    saved = SavedActivity(activity, version + 1, by, now)
    _add(connection, saved, removed=False)
    former = None if before is None else asdict(_saved(before).activity)
    told = asdict(activity)
    return saved, [name for name in told if former is None or former[name] != told[name]]


def remove(
    connection: sa.Connection, now: datetime, key: str, *, version: int, by: str
) -> SavedActivity:
    """Add a version that says it is gone; returns it."""
    before = _newest(connection, key)
    if before is None or before.removed:
        raise ActivityError(
            "the record has no such activity",
            code=921,
            where=key,
            mend="sladd record --format md lists them",
        )
    _expect(before, key, version)
    gone = SavedActivity(_saved(before).activity, version + 1, by, now)
    _add(connection, gone, removed=True)
    return gone


def _expect(before: Any | None, key: str, version: int) -> None:
    """Refuse to write over a version that the writer has not seen."""
    stands = 0 if before is None else before.version
    if stands == version:
        return
    by = "" if before is None else f" by {before.actor}"
    raise ActivityError(
        f"the activity was saved meanwhile{by}, and is now version {stands}",
        code=920,
        where=key,
        mend="open it again and repeat the change",
    )


def _newest(connection: sa.Connection, key: str) -> Any | None:
    table = schema.activities
    query = sa.select(table).where(table.c.activity == key).order_by(table.c.version.desc())
    return connection.execute(query.limit(1)).one_or_none()


def _add(connection: sa.Connection, saved: SavedActivity, *, removed: bool) -> None:
    connection.execute(
        schema.activities.insert().values(
            activity=saved.activity.id,
            version=saved.version,
            made=saved.at,
            actor=saved.by,
            removed=removed,
            payload=canonical({"format": FORMAT, **_cleaned(asdict(saved.activity))}),
        )
    )


def _cleaned(told: dict[str, Any]) -> dict[str, Any]:
    return {k: schema.clean(v) if isinstance(v, str) else v for k, v in told.items()}


def _saved(row: Any) -> SavedActivity:
    told = json.loads(row.payload)
    if told.pop("format") != FORMAT:
        raise CatalogError(
            "the activity was saved by a newer sladd",
            code=925,
            where=row.activity,
            mend="pip install --upgrade sladd",
        )
    known = {each.name: told[each.name] for each in fields(Activity) if each.name in told}
    known["bases"] = tuple(map(Basis, known["bases"]))
    known["conditions"] = tuple(map(Condition, known["conditions"]))
    known["persons"] = tuple(map(Persons, known["persons"]))
    known["transfer"] = Transfer(known["transfer"])
    known["categories"] = tuple(known["categories"])
    known["covers"] = tuple(known["covers"])
    return SavedActivity(Activity(**known), row.version, row.actor, row.made)
