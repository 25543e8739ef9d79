"""What scans say of the few fields in which something more stands than columns tell."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.payload import load_field_scan
from sladd.model import FieldScan, How

_TELLING = ('%"also":["%', '%"signal":"children"%')
"""In what a scan said: it found several categories, or counted ages."""


def telling(connection: sa.Connection) -> Mapping[int, FieldScan]:
    """Number of a finding → what the scan says, of fields that hold several things or ages."""
    now, state = schema.fields, schema.field_states
    query = (
        sa.select(state.c.id, state.c.payload)
        .join(now, now.c.state_id == state.c.id)
        .where(
            now.c.gone.is_(False),
            state.c.how != How.NONE.value,
            sa.or_(*(state.c.payload.like(pattern) for pattern in _TELLING)),
        )
    )
    return {row.id: load_field_scan(row.payload) for row in connection.execute(query)}
