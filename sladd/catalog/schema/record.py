"""Table of processing activities."""

from __future__ import annotations

import sqlalchemy as sa

from sladd.catalog.schema.columns import Moment, Words, id_column, metadata

# Every version of an activity is a row of its own; the newest that is not removed holds.
activities = sa.Table(
    "sladd_activities",
    metadata,
    id_column(),
    sa.Column("activity", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("made", Moment, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.UniqueConstraint("activity", "version", name="uq_sladd_activities"),
)
