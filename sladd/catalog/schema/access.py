"""Tables of who may enter the desk."""

from __future__ import annotations

import sqlalchemy as sa

from sladd.catalog.schema.columns import Moment, Words, digest_column, metadata

accounts = sa.Table(
    "sladd_accounts",
    metadata,
    digest_column("account_key", primary_key=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("passphrase", sa.String(256)),  # argon2id; none before the first login
    sa.Column("made", Moment, nullable=False),
    sa.Column("seen", Moment),
)
first_logins = sa.Table(
    "sladd_first_logins",
    metadata,
    digest_column("account_key", primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False),
    sa.Column("expires", Moment, nullable=False),
)
sessions = sa.Table(
    "sladd_sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    digest_column("account_key", index=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("origin", sa.String(8), nullable=False),  # local or proxy
    sa.Column("begun", Moment, nullable=False),
    sa.Column("seen", Moment, nullable=False),
    sa.Column("said", sa.Text),
)
login_failures = sa.Table(
    "sladd_login_failures",
    metadata,
    digest_column("failure_key", primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last", Moment, nullable=False),
    sa.Column("closed_until", Moment),
)
