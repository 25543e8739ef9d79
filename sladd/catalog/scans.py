"""Scans as they run: begun, filled one table at a time, and listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sladd.catalog import documents, schema, told
from sladd.catalog.payload import digest, dump_field_scan, dump_table_scan, parts_text, refuse
from sladd.catalog.records import ScanId, ScanRecord
from sladd.errors import CatalogError
from sladd.model import NotScanned, TableScan


def begin(
    connection: sa.Connection, now: datetime, *, source: str, ruleset: str, by: str
) -> ScanId:
    """Open a scan of a source; nothing of it counts before it is finished."""
    inserted = connection.execute(
        schema.scans.insert().values(source=source, ruleset=ruleset, actor=by, started=now)
    )
    return ScanId(_new_id(inserted))


def record(connection: sa.Connection, scan: ScanId, table: TableScan) -> None:
    """Keep what the scan says of a table; said twice, the second word holds."""
    running = require_running(connection, scan)
    if not isinstance(table, TableScan):
        raise refuse(table)
    ref = table.table.ref
    if ref.source != running.source:
        raise CatalogError(f"the table is not of source {running.source}", code=514, where=str(ref))
    key = digest(str(ref))
    # First: they refuse what is no scan.
    payload, rows = dump_table_scan(table), _field_rows(table)
    _forget(connection, scan, key)
    inserted = connection.execute(
        schema.table_states.insert().values(
            scan_id=scan,
            table_key=key,
            address=str(ref),
            fingerprint=table.table.fingerprint,
            ruleset=running.ruleset,
            row_count=int(table.rows),
            payload=payload,
            **told.of_table(table),
        )
    )
    state = _new_id(inserted)
    if rows:
        connection.execute(
            schema.field_states.insert(), [{"table_state_id": state, **row} for row in rows]
        )
    documents.record(connection, state, table)
    link = schema.scan_tables.insert().values(scan_id=scan, table_key=key, state_id=state)
    connection.execute(link)


def record_not_scanned(
    connection: sa.Connection, scan: ScanId, missed: Sequence[NotScanned]
) -> None:
    """Keep what could not be read, each once."""
    require_running(connection, scan)
    table = schema.not_scanned
    known = {
        (row.place, row.reason, row.code)
        for row in connection.execute(sa.select(table).where(table.c.scan_id == scan))
    }
    for item in missed:
        if not isinstance(item, NotScanned):
            raise refuse(item)
        place, reason = schema.clean(item.where), schema.clean(item.reason)
        if (place, reason, item.code) not in known:
            known.add((place, reason, item.code))
            connection.execute(
                table.insert().values(scan_id=scan, place=place, reason=reason, code=item.code)
            )


def not_scanned(connection: sa.Connection, source: str | None) -> list[NotScanned]:
    """What the last finished scan of each source, or of one, could not read."""
    last = (
        sa.select(sa.func.max(schema.scans.c.ordinal)).group_by(schema.scans.c.source)
    ).scalar_subquery()
    query = (
        sa.select(schema.not_scanned)
        .join(schema.scans, schema.scans.c.id == schema.not_scanned.c.scan_id)
        .where(schema.scans.c.ordinal.in_(last))
        .order_by(schema.scans.c.source, schema.not_scanned.c.id)
    )
    if source is not None:
        query = query.where(schema.scans.c.source == source)
    return [NotScanned(row.place, row.reason, row.code) for row in connection.execute(query)]


def fingerprint(connection: sa.Connection, table: str, ruleset: str) -> str | None:
    """Fingerprint of a table when it was last scanned under the same rules; None: scan it."""
    found: str | None = connection.execute(
        sa.select(schema.table_states.c.fingerprint)
        .join(schema.tables, schema.tables.c.state_id == schema.table_states.c.id)
        .where(schema.tables.c.table_key == digest(table))
        .where(schema.tables.c.gone.is_(False))
        .where(schema.table_states.c.ruleset == schema.clean(ruleset))
    ).scalar_one_or_none()
    return found or None


def records(connection: sa.Connection) -> list[ScanRecord]:
    """Every scan, oldest first."""
    so_far = {
        row.scan_id: row
        for row in connection.execute(
            sa.select(
                schema.scan_tables.c.scan_id,
                sa.func.count().label("tables"),
                sa.func.sum(schema.table_states.c.row_count).label("rows"),
            )
            .join(schema.table_states, schema.table_states.c.id == schema.scan_tables.c.state_id)
            .group_by(schema.scan_tables.c.scan_id)
        )
    }
    rows = connection.execute(sa.select(schema.scans).order_by(schema.scans.c.id)).all()
    last_finished = {row.source: row.id for row in rows if row.finished is not None}
    answer = []
    for row in rows:
        if row.finished is not None:
            tables, seen, status = row.table_count, row.row_count, "finished"
        else:
            part = so_far.get(row.id)
            tables, seen = (part.tables, int(part.rows)) if part else (0, 0)
            status = "interrupted" if last_finished.get(row.source, 0) > row.id else "running"
        answer.append(
            ScanRecord(
                id=ScanId(row.id),
                source=row.source,
                started=row.started,
                finished=row.finished,
                by=row.actor,
                tables=tables,
                rows=seen,
                status=status,
                ruleset=row.ruleset,
            )
        )
    return answer


def require_running(connection: sa.Connection, scan: ScanId) -> Any:
    """The row of a scan that may still be written to."""
    row = connection.execute(sa.select(schema.scans).where(schema.scans.c.id == scan)).one_or_none()
    if row is None or row.finished is not None:
        state = "there is no" if row is None else "already finished:"
        raise CatalogError(f"{state} scan {scan}", code=514, mend="sladd discover")
    return row


def _field_rows(table: TableScan) -> list[dict[str, Any]]:
    rows = []
    seen: set[str] = set()
    for ordinal, scan in enumerate(table.fields):
        payload = dump_field_scan(scan)  # first: it refuses what is no scan of a field
        address = str(scan.field.ref)
        if scan.field.ref.table != table.table.ref:
            raise CatalogError(
                f"the field is not of table {table.table.ref}", code=514, where=address
            )
        if address in seen:
            raise CatalogError("the field stands twice in its table", code=514, where=address)
        seen.add(address)
        rows.append(
            {
                "field_key": digest(address),
                "address": address,
                "parts": parts_text(scan.field.ref),
                "ordinal": ordinal,
                "storage_type": scan.field.type.value,
                "how": scan.finding.how.value,
                "type": scan.finding.type,
                "category": scan.finding.category,
                "confidence": float(scan.finding.confidence),
                "fingerprint": scan.finding.fingerprint,
                **told.of_field(scan),
                "payload": payload,
            }
        )
    return rows


def _forget(connection: sa.Connection, scan: ScanId, key: str) -> None:
    """Undo what this scan said of a table before."""
    link = schema.scan_tables
    here = (link.c.scan_id == scan) & (link.c.table_key == key)
    row = connection.execute(sa.select(link).where(here)).one_or_none()
    if row is None:
        return
    connection.execute(link.delete().where(here))
    states = schema.field_states
    connection.execute(states.delete().where(states.c.table_state_id == row.state_id))
    documents.forget(connection, [row.state_id])
    connection.execute(schema.table_states.delete().where(schema.table_states.c.id == row.state_id))


def _new_id(result: sa.CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101 - an insert of one row has one
    return int(key[0])
