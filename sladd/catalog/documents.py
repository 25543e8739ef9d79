"""Documents as the last finished scans saw them: kept with the state of their table."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.payload import canonical, digest, refuse
from sladd.model import DocumentScan, TableScan


def record(connection: sa.Connection, state: int, table: TableScan) -> None:
    """Keep the documents of a table beside its state."""
    rows = [{"table_state_id": state, "payload": _dump(each)} for each in table.documents]
    if rows:
        connection.execute(schema.documents.insert(), rows)


def forget(connection: sa.Connection, states: Collection[int]) -> None:
    """Delete the documents of states that are deleted."""
    table = schema.documents
    if states:
        connection.execute(
            table.delete().where(table.c.table_state_id == sa.bindparam("state")),
            [{"state": number} for number in states],
        )


def documents(
    connection: sa.Connection, source: str | None, *, only: str | None = None
) -> dict[str, tuple[DocumentScan, ...]]:
    """Table address → its documents in the order of their paths.

    Args:
        connection: of the catalog.
        source: only of this one.
        only: only of the table with this address.
    """
    now, table = schema.tables, schema.documents
    query = (
        sa.select(now.c.address, table.c.payload)
        .join(now, now.c.state_id == table.c.table_state_id)
        .where(now.c.gone.is_(False))
        .order_by(table.c.id)
    )
    if source is not None:
        query = query.where(now.c.source == schema.clean(source))
    if only is not None:
        query = query.where(now.c.table_key == digest(only))
    found: dict[str, list[DocumentScan]] = {}
    for row in connection.execute(query):
        found.setdefault(row.address, []).append(_load(row.payload))
    return {address: tuple(listed) for address, listed in sorted(found.items())}


def _dump(document: object) -> str:
    if not isinstance(document, DocumentScan):
        raise refuse(document)
    told: Sequence[object] = (
        document.id,
        document.shown,
        document.format,
        document.stamp,
        document.rows,
        document.unread,
        document.trouble,
        dict(document.found),
    )
    return canonical(told)


def _load(text: str) -> DocumentScan:
    return DocumentScan(*json.loads(text))
