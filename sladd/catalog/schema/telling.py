"""Tables of what is to be told, and to whom it was."""

from __future__ import annotations

import sqlalchemy as sa

from sladd.catalog.schema.columns import Moment, Words, digest_column, id_column, metadata

notices = sa.Table(
    "sladd_notices",
    metadata,
    id_column(),
    digest_column("notice_key", unique=True),
    sa.Column("topic", sa.String(16), nullable=False),
    sa.Column("subject", Words, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("made", Moment, nullable=False),
)
deliveries = sa.Table(
    "sladd_deliveries",
    metadata,
    id_column(),
    sa.Column(
        "notice_id", sa.Integer, sa.ForeignKey("sladd_notices.id"), nullable=False, index=True
    ),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("told", Moment),
    sa.Column("claimed", Moment),
    sa.Column("claim", sa.String(32)),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("code", sa.Integer),
    sa.UniqueConstraint("notice_id", "channel", name="uq_sladd_deliveries"),
)
notice_cursor = sa.Table(
    "sladd_notice_cursor",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
)
