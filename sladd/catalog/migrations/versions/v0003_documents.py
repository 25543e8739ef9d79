"""Documents with what was found in each. Frozen: a later change is a new file."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of documents."""
    op.create_table(
        "sladd_documents",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "table_state_id", sa.Integer, sa.ForeignKey("sladd_table_states.id"), nullable=False
        ),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_sladd_documents_table_state_id", "sladd_documents", ["table_state_id"])
