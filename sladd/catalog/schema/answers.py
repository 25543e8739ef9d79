"""Tables of what persons answered to findings."""

from __future__ import annotations

import sqlalchemy as sa

from sladd.catalog.schema.columns import Moment, Words, digest_column, id_column, metadata

verdicts = sa.Table(
    "sladd_verdicts",
    metadata,
    id_column(),
    digest_column("field_key", index=True),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("category", Words, nullable=False),
    sa.Column("reason", Words, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("made", Moment, nullable=False),
    sa.Column("fingerprint", sa.String(16), nullable=False),
    sa.Column("saw", sa.Text, nullable=False),
)
reopenings = sa.Table(
    "sladd_reopenings",
    metadata,
    id_column(),
    sa.Column(
        "verdict_id", sa.Integer, sa.ForeignKey("sladd_verdicts.id"), nullable=False, index=True
    ),
    sa.Column("made", Moment, nullable=False),
    sa.Column("why", Words, nullable=False),
)
undone = sa.Table(
    "sladd_undone",
    metadata,
    sa.Column(
        "verdict_id",
        sa.Integer,
        sa.ForeignKey("sladd_verdicts.id"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("actor", Words, nullable=False),
    sa.Column("made", Moment, nullable=False),
)
