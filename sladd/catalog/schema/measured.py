"""Tables of measured links, and of the answers to them."""

from __future__ import annotations

import sqlalchemy as sa

from sladd.catalog.schema.columns import Moment, Words, digest_column, id_column, metadata

measurements = sa.Table(
    "sladd_measurements",
    metadata,
    digest_column("scope", primary_key=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("fingerprint", Words, nullable=False),
    sa.Column("made", Moment, nullable=False),
)
links = sa.Table(
    "sladd_links",
    metadata,
    digest_column("link_key", primary_key=True),
    digest_column("scope", index=True),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
)
link_verdicts = sa.Table(
    "sladd_link_verdicts",
    metadata,
    id_column(),
    digest_column("link_key", index=True),
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False),
    sa.Column("reason", Words, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("made", Moment, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
)
overlaps = sa.Table(
    "sladd_overlaps",
    metadata,
    id_column(),
    sa.Column("payload", sa.Text, nullable=False),
)
