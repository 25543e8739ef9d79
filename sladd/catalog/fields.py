"""What holds now: fields and tables as the last finished scans saw them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.payload import digest, load_field_scan, load_table_scan
from sladd.catalog.records import CatalogField, ScanId
from sladd.catalog.verdicts import current, last
from sladd.model import How, TableScan


def fields(
    connection: sa.Connection,
    *,
    source: str | None,
    every: bool,
    gone: bool,
    only: str | None = None,
) -> list[CatalogField]:
    """Fields by table, in the order of the table's columns; or those of one table, by its key."""
    state, table, now = schema.field_states, schema.table_states, schema.fields
    query = (
        sa.select(
            now.c.field_key,
            now.c.scan_id,
            now.c.first_seen,
            now.c.last_seen,
            now.c.gone,
            state.c.table_state_id,
            state.c.payload,
        )
        .join(state, state.c.id == now.c.state_id)
        # By state: fields that have gone keep the order of the table they were in.
        .order_by(state.c.ordinal)
    )
    if source is not None:
        query = query.where(now.c.source == schema.clean(source))
    if only is not None:
        query = query.where(now.c.table_key == only)
    if not gone:
        query = query.where(now.c.gone.is_(False))
    if not every:
        decided = sa.select(schema.verdicts.c.field_key).where(schema.verdicts.c.id.in_(last()))
        query = query.where((state.c.how != How.NONE.value) | now.c.field_key.in_(decided))
    rows = connection.execute(query).all()
    wanted = {row.table_state_id for row in rows}
    tables = sa.select(table.c.id, table.c.payload)
    if only is not None:
        tables = tables.where(table.c.table_key == only)
    facts = {
        row.id: load_table_scan(row.payload, ())
        for row in connection.execute(tables)
        if row.id in wanted
    }
    held = current(connection, source=source, table=only)
    answer = [_field(row, facts[row.table_state_id], held.get(row.field_key)) for row in rows]
    # Sorted here: collations differ between databases. The sort keeps the order of columns.
    return sorted(answer, key=lambda found: str(found.ref.table))


def tables(
    connection: sa.Connection,
    source: str | None,
    *,
    only: str | None = None,
    scanned: bool = True,
) -> list[TableScan]:
    """The tables that the sources have, or one source, or the one of that address.

    Args:
        connection: to the catalog.
        source: name of the one source.
        only: address of the one table.
        scanned: with what the scans say of their fields; without, it is read much faster.
    """
    now, state = schema.tables, schema.table_states
    query = (
        sa.select(now.c.address, state.c.id, state.c.payload)
        .join(state, state.c.id == now.c.state_id)
        .where(now.c.gone.is_(False))
    )
    fields_of = (
        sa.select(schema.field_states.c.table_state_id, schema.field_states.c.payload)
        .join(now, now.c.state_id == schema.field_states.c.table_state_id)
        .where(now.c.gone.is_(False))
        .order_by(schema.field_states.c.ordinal)
    )
    if source is not None:
        query = query.where(now.c.source == schema.clean(source))
        fields_of = fields_of.where(now.c.source == schema.clean(source))
    if only is not None:
        query = query.where(now.c.table_key == digest(only))
        fields_of = fields_of.where(now.c.table_key == digest(only))
    rows = connection.execute(query).all()
    said: dict[int, list[Any]] = {row.id: [] for row in rows}
    for row in connection.execute(fields_of) if scanned else ():
        said[row.table_state_id].append(load_field_scan(row.payload))
    return [
        load_table_scan(row.payload, said[row.id])
        for row in sorted(rows, key=lambda row: str(row.address))
    ]


def _field(row: Any, table: TableScan, held: Any) -> CatalogField:
    return CatalogField(
        scan=load_field_scan(row.payload),
        verdict=held.verdict if held else None,
        scan_id=ScanId(row.scan_id),
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        rows=table.rows,
        table_rows=table.table.rows,
        drawn=table.drawn,
        entity=table.entity,
        person_path=table.person_path,
        gone=row.gone,
        saw=held.saw.how if held else How.NONE,
    )
