"""Tables of releases, and of the plans that lead to them."""

from __future__ import annotations

import sqlalchemy as sa

from sladd.catalog.schema.columns import Moment, Words, digest_column, id_column, metadata

releases = sa.Table(
    "sladd_releases",
    metadata,
    id_column(),
    sa.Column("release", Words, nullable=False),
    sa.Column("version", Words, nullable=False),
    sa.Column("recorded", Moment, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.UniqueConstraint("release", "version", name="uq_sladd_releases"),
)
class_counts = sa.Table(
    "sladd_class_counts",
    metadata,
    id_column(),
    sa.Column("release", Words, nullable=False),
    sa.Column("version", Words, nullable=False),
    sa.Column("name", Words, nullable=False),
    digest_column("table_key", index=True),
    sa.Column("key_id", Words, nullable=False),
    sa.Column("levels", Words, nullable=False),
    sa.Column("counts", sa.Text, nullable=False),
    sa.UniqueConstraint("release", "version", "name", name="uq_sladd_class_counts"),
)
approvals = sa.Table(
    "sladd_approvals",
    metadata,
    id_column(),
    sa.Column("release", Words, nullable=False),
    sa.Column("policy_sha256", sa.String(64), nullable=False),
    sa.Column("fields", sa.Text, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("made", Moment, nullable=False),
    sa.Column("reason", Words, nullable=False, server_default=""),
)
refusals = sa.Table(
    "sladd_refusals",
    metadata,
    id_column(),
    sa.Column("release", Words, nullable=False),
    sa.Column("plan_sha256", sa.String(64), nullable=False),
    sa.Column("reason", Words, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("made", Moment, nullable=False),
)
plans = sa.Table(
    "sladd_plans",
    metadata,
    id_column(),
    sa.Column("release", Words, nullable=False),
    sa.Column("plan_sha256", sa.String(64), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("actor", Words, nullable=False),  # who asked to publish it; "" for nobody yet
    sa.Column("made", Moment, nullable=False),
    sa.Column("audit_number", sa.Integer, nullable=False),  # of the trail when it was made
)
