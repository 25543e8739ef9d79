"""What is to be told, and to whom it was. Frozen: a later change is a new file."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the outbox."""
    op.create_table(
        "sladd_notices",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("notice_key", sa.String(32), nullable=False, unique=True),
        sa.Column("topic", sa.String(16), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
    )
    op.create_table(
        "sladd_deliveries",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("notice_id", sa.Integer, sa.ForeignKey("sladd_notices.id"), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("told", sa.String(32)),
        sa.Column("claimed", sa.String(32)),
        sa.Column("claim", sa.String(32)),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("code", sa.Integer),
        sa.UniqueConstraint("notice_id", "channel", name="uq_sladd_deliveries"),
    )
    op.create_index("ix_sladd_deliveries_notice_id", "sladd_deliveries", ["notice_id"])
    op.create_table(
        "sladd_notice_cursor",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
    )
