"""Every field that is there, as far as the record and the gaps ask for it.

A scan's own words are read of the few fields in which something more stands than columns tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.payload import load_field_scan
from sladd.catalog.worklist import known_fields
from sladd.model import FieldScan, How
from sladd.taxonomy import Taxonomy

_TELLING = ('%"also":["%', '%"signal":"children"%')
"""In what a scan said: it found several categories, or counted ages."""


class FieldOutline(NamedTuple):
    """One field: what holds of it after the decisions.

    A tuple, and its words as they are stored: there are 20,000 of them.

    Attributes:
        finding: number of what the scan says of it, for `telling`.
        address: of the field; `shown` is its name within the table as it may be seen.
        masked: whether its own name is personal data.
        storage: value of a `StorageType`.
        how: value of a `How`: what holds, or what was rejected; `category` alike.
        type: that the scan found.
        confidence: of the scan, 0-1; 0 where it found nothing.
        state: undecided, confirmed, rejected, changed, reopened; "" where nothing is to decide.
        personal: 1 or 0.
    """

    finding: int
    address: str
    shown: str
    masked: bool
    storage: str
    how: str
    category: str
    type: str
    confidence: float
    state: str
    personal: int


@dataclass(frozen=True, slots=True)
class TableOutline:
    """One table with its fields in the order of its columns."""

    address: str
    source: str
    shown: str
    rows: int
    total: int | None
    role: str
    fields: tuple[FieldOutline, ...]


def outline(connection: sa.Connection, taxonomy: Taxonomy) -> list[TableOutline]:
    """Every table that is there, by address."""
    now, state = schema.tables, schema.table_states
    query = (
        sa.select(
            now.c.address, now.c.source, state.c.id, state.c.shown, state.c.row_count,
            state.c.total, state.c.role, now.c.table_key,
        )
        .join(state, state.c.id == now.c.state_id)
        .where(now.c.gone.is_(False))
    )  # fmt: skip
    rows = connection.execute(query).all()
    held: dict[str, list[FieldOutline]] = {row.table_key: [] for row in rows}
    said = schema.field_states
    base = known_fields(taxonomy)
    known = base.selected_columns
    sure = sa.case((said.c.how == How.NONE.value, 0.0), else_=said.c.confidence)
    fields = base.with_only_columns(
        schema.fields.c.table_key, said.c.id, said.c.address, said.c.shown, said.c.masked,
        said.c.storage_type, known.how, known.category, said.c.type, sure,
        known.state, known.personal,
    ).order_by(said.c.ordinal)  # fmt: skip
    for key, *told in connection.execute(fields):
        if key in held:
            held[key].append(FieldOutline._make(told))
    found = [
        TableOutline(
            row.address, row.source, row.shown, row.row_count, row.total, row.role,
            tuple(held[row.table_key]),
        )
        for row in rows
    ]  # fmt: skip
    # Sorted here: collations differ between databases.
    return sorted(found, key=lambda table: table.address)


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
