"""What a scan leaves behind once another holds. Without clearing, a daily scan would pile it up."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from sladd.catalog import documents, schema

_ABANDONED = timedelta(days=7)
"""A scan that has run for longer has crashed; what it left may be cleared away."""


def clear(connection: sa.Connection, now: datetime, source: str) -> None:
    """Delete the states of a source that neither hold nor belong to a running scan."""
    state, link, scan = schema.table_states, schema.scan_tables, schema.scans
    of_source = sa.select(scan.c.id).where(scan.c.source == schema.clean(source))
    over = of_source.where(scan.c.finished.is_not(None) | (scan.c.started < now - _ABANDONED))
    connection.execute(link.delete().where(link.c.scan_id.in_(over)))
    kept_for_fields = sa.select(schema.field_states.c.table_state_id).join(
        schema.fields, schema.fields.c.state_id == schema.field_states.c.id
    )
    unused = list(
        connection.execute(
            sa.select(state.c.id)
            .where(state.c.scan_id.in_(of_source))
            .where(state.c.id.not_in(sa.select(schema.tables.c.state_id)))
            .where(state.c.id.not_in(kept_for_fields))
            .where(state.c.id.not_in(sa.select(link.c.state_id)))
        ).scalars()
    )
    if not unused:
        return
    ids = [{"state": number} for number in unused]
    fields = schema.field_states
    connection.execute(fields.delete().where(fields.c.table_state_id == sa.bindparam("state")), ids)
    documents.forget(connection, unused)
    connection.execute(state.delete().where(state.c.id == sa.bindparam("state")), ids)
