"""The end of a scan: what it says becomes what holds, and drift is what that changes.

All of it is one transaction. A scan that crashes before leaves the state before it valid.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.clearing import clear
from sladd.catalog.drift import compare, dump_drift, is_gone
from sladd.catalog.payload import digest, load_field_scan
from sladd.catalog.records import Drift, ScanId
from sladd.catalog.reopening import reopen
from sladd.catalog.scans import require_running
from sladd.catalog.verdicts import current
from sladd.model import Finding, How
from sladd.taxonomy import Taxonomy


def finish(
    connection: sa.Connection,
    now: datetime,
    scan: ScanId,
    *,
    seen_tables: Collection[str],
    taxonomy: Taxonomy,
) -> Drift:
    """Make a scan the one that holds for its source.

    A table that the source still lists, but that this scan could not read, keeps what was known
    of it; when the source as a whole was not scanned, nothing of it has gone.
    """
    running = require_running(connection, scan)
    source: str = running.source
    previous = connection.execute(
        sa.select(schema.scans.c.id)
        .where(schema.scans.c.source == source)
        .where(schema.scans.c.ordinal.is_not(None))
        .order_by(schema.scans.c.ordinal.desc())
        .limit(1)
    ).scalar_one_or_none()
    missed = set(
        connection.execute(
            sa.select(schema.not_scanned.c.place).where(schema.not_scanned.c.scan_id == scan)
        ).scalars()
    )
    recorded = {
        row.table_key: row
        for row in connection.execute(
            sa.select(
                schema.scan_tables.c.table_key,
                schema.scan_tables.c.state_id,
                schema.table_states.c.row_count,
                schema.table_states.c.address,
            )
            .join(schema.table_states, schema.table_states.c.id == schema.scan_tables.c.state_id)
            .where(schema.scan_tables.c.scan_id == scan)
        )
    }
    present = {digest(str(address)) for address in {*seen_tables, *missed}} | set(recorded)
    known_tables = _known_tables(connection, source)
    if source in missed:
        present |= {key for key, row in known_tables.items() if not row.gone}

    after = _said(connection, scan)
    before = _held(connection, source)
    seen = compare(before, after, present, set(recorded))
    new_tables, gone_tables = _move_tables(connection, now, source, recorded, present, known_tables)
    _move_fields(connection, now, scan, source, before, after, present, set(recorded))
    reopened = reopen(
        connection,
        now,
        current(connection, source=source),
        _findings(connection, scan),
        taxonomy,
    )
    drift = Drift(
        scan=scan,
        previous=None if previous is None else ScanId(previous),
        new=tuple(sorted(seen.new)),
        changed=tuple(sorted(seen.changed, key=lambda change: change.field)),
        gone=tuple(sorted(seen.gone)),
        new_findings=tuple(sorted(seen.new_findings)),
        gone_findings=tuple(sorted(seen.gone_findings)),
        reopened=reopened,
        new_tables=tuple(sorted(new_tables)),
        gone_tables=tuple(sorted(gone_tables)),
        sureness=tuple(sorted(seen.sureness, key=lambda change: change.field)),
    )
    last = connection.execute(sa.select(sa.func.max(schema.scans.c.ordinal))).scalar() or 0
    connection.execute(
        schema.scans.update()
        .where(schema.scans.c.id == scan)
        .values(
            finished=now,
            ordinal=last + 1,
            drift=dump_drift(drift),
            table_count=len(recorded),
            row_count=sum(row.row_count for row in recorded.values()),
            found=_found(connection, source, taxonomy),
        )
    )
    clear(connection, now, source)
    return drift


def _found(connection: sa.Connection, source: str, taxonomy: Taxonomy) -> int:
    """Fields of a source that hold personal data as the scan sees it."""
    state, now = schema.field_states, schema.fields
    impersonal = [category.key for category in taxonomy if not category.personal]
    return connection.execute(
        sa.select(sa.func.count())
        .select_from(now.join(state, state.c.id == now.c.state_id))
        .where(now.c.source == schema.clean(source), now.c.gone.is_(False))
        .where(state.c.how != How.NONE.value, state.c.category.not_in(impersonal))
    ).scalar_one()


def _known_tables(connection: sa.Connection, source: str) -> dict[str, Any]:
    query = sa.select(schema.tables).where(schema.tables.c.source == schema.clean(source))
    return {row.table_key: row for row in connection.execute(query)}


def _said(connection: sa.Connection, scan: ScanId) -> dict[str, Any]:
    """What this scan says, by field; without the payloads."""
    state, link = schema.field_states, schema.scan_tables
    rows = connection.execute(
        sa.select(
            state.c.id,
            state.c.field_key,
            link.c.table_key,
            state.c.address,
            state.c.parts,
            state.c.storage_type,
            state.c.how,
            state.c.type,
            state.c.category,
            state.c.confidence,
        )
        .join(link, link.c.state_id == state.c.table_state_id)
        .where(link.c.scan_id == scan)
    )
    return {row.field_key: row for row in rows}


def _held(connection: sa.Connection, source: str) -> dict[str, Any]:
    """What held until now, by field."""
    state, now = schema.field_states, schema.fields
    rows = connection.execute(
        sa.select(
            now.c.field_key,
            now.c.table_key,
            now.c.address,
            now.c.gone,
            state.c.storage_type,
            state.c.how,
            state.c.type,
            state.c.category,
            state.c.confidence,
        )
        .join(state, state.c.id == now.c.state_id)
        .where(now.c.source == schema.clean(source))
    )
    return {row.field_key: row for row in rows}


def _findings(connection: sa.Connection, scan: ScanId) -> dict[str, Finding]:
    """What this scan finds in the fields that carry a verdict."""
    state, link = schema.field_states, schema.scan_tables
    rows = connection.execute(
        sa.select(state.c.field_key, state.c.payload)
        .join(link, link.c.state_id == state.c.table_state_id)
        .where(link.c.scan_id == scan)
        .where(state.c.field_key.in_(sa.select(schema.verdicts.c.field_key)))
    )
    return {row.field_key: load_field_scan(row.payload).finding for row in rows}


def _move_tables(
    connection: sa.Connection,
    now: datetime,
    source: str,
    recorded: dict[str, Any],
    present: set[str],
    known: dict[str, Any],
) -> tuple[list[str], list[str]]:
    """Point every table at the state that holds now; returns what is new and what has gone."""
    table = schema.tables
    came: list[str] = []
    for key, row in recorded.items():
        former = known.get(key)
        if former is None:
            came.append(row.address)
            connection.execute(
                table.insert().values(
                    table_key=key,
                    address=row.address,
                    source=source,
                    state_id=row.state_id,
                    first_seen=now,
                    last_seen=now,
                    gone=False,
                )
            )
            continue
        if former.gone:
            came.append(former.address)
        connection.execute(
            table.update()
            .where(table.c.table_key == key)
            .values(state_id=row.state_id, last_seen=now, gone=False)
        )
    went = [row for key, row in known.items() if key not in present and not row.gone]
    for row in went:
        connection.execute(
            table.update().where(table.c.table_key == row.table_key).values(gone=True)
        )
    return came, [row.address for row in went]


def _move_fields(
    connection: sa.Connection,
    now: datetime,
    scan: ScanId,
    source: str,
    before: dict[str, Any],
    after: dict[str, Any],
    present: set[str],
    recorded: set[str],
) -> None:
    """Point every field at the state that holds now."""
    table = schema.fields
    came = [
        {
            "field_key": key,
            "table_key": row.table_key,
            "address": row.address,
            "parts": row.parts,
            "source": source,
            "state_id": row.id,
            "scan_id": scan,
            "first_seen": now,
            "last_seen": now,
            "gone": False,
        }
        for key, row in after.items()
        if key not in before
    ]
    if came:
        connection.execute(table.insert(), came)
    stayed = [{"k": key, "state": row.id} for key, row in after.items() if key in before]
    if stayed:
        connection.execute(
            table.update()
            .where(table.c.field_key == sa.bindparam("k"))
            .values(state_id=sa.bindparam("state"), scan_id=scan, last_seen=now, gone=False),
            stayed,
        )
    went = [
        {"k": key}
        for key, row in before.items()
        if key not in after and not row.gone and is_gone(row, present, recorded)
    ]
    if went:
        connection.execute(
            table.update().where(table.c.field_key == sa.bindparam("k")).values(gone=True), went
        )
