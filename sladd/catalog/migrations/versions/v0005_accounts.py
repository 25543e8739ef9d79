"""Accounts of the review application, and their sessions. Frozen: a later change is a new file."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add who may log in, who has, and who tried."""
    op.create_table(
        "sladd_accounts",
        sa.Column("account_key", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("passphrase", sa.String(256)),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("seen", sa.String(32)),
    )
    op.create_table(
        "sladd_first_logins",
        sa.Column("account_key", sa.String(32), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("expires", sa.String(32), nullable=False),
    )
    op.create_table(
        "sladd_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("account_key", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("begun", sa.String(32), nullable=False),
        sa.Column("seen", sa.String(32), nullable=False),
        sa.Column("said", sa.Text),
    )
    op.create_index("ix_sladd_sessions_account_key", "sladd_sessions", ["account_key"])
    op.create_table(
        "sladd_login_failures",
        sa.Column("failure_key", sa.String(32), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last", sa.String(32), nullable=False),
        sa.Column("closed_until", sa.String(32)),
    )
