"""Processing activities, each version a row. Frozen: a later change is a new file."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the record of processing activities."""
    op.create_table(
        "sladd_activities",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("activity", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.UniqueConstraint("activity", "version", name="uq_sladd_activities"),
    )
