"""Counts of the classes of anonymised releases. Frozen: a later change is a new file."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the ledger."""
    op.create_table(
        "sladd_class_counts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("release", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("table_key", sa.String(32), nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("levels", sa.Text, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.UniqueConstraint("release", "version", "name", name="uq_sladd_class_counts"),
    )
    op.create_index("ix_sladd_class_counts_table_key", "sladd_class_counts", ["table_key"])
