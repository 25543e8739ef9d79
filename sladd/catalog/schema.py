"""The tables of the catalog. A change here needs a migration beside it.

States are what a scan said and are never altered; `sladd_tables` and `sladd_fields` point at the
state that holds now, and move only when a scan is finished.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

HEAD = "0009"
"""The newest revision under `migrations/versions`."""

VERSION_TABLE = "sladd_version"


def clean(text: str) -> str:
    """The text without what PostgreSQL cannot store: NUL and lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


class Words(sa.types.TypeDecorator[str]):
    """Text of any length that both databases can store."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002, D102
        return None if value is None else clean(value)


class Moment(sa.types.TypeDecorator[datetime]):
    """A point in time, as ISO 8601 text in UTC: the same and exact in both databases."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002, D102
        return None if value is None else moment_text(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002, D102
        return None if value is None else datetime.fromisoformat(value)


def moment_text(value: datetime) -> str:
    """ISO 8601 in UTC with microseconds, which sorts as time does."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


metadata = sa.MetaData()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


# Addresses can be longer than an index entry may be, so they are found by digest.
def _digest(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(32), nullable=False, **options)


scans = sa.Table(
    "sladd_scans",
    metadata,
    _id(),
    sa.Column("source", Words, nullable=False),
    sa.Column("ruleset", Words, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("started", Moment, nullable=False),
    sa.Column("finished", Moment),
    sa.Column("ordinal", sa.Integer),  # order of finishing; clocks can go back
    sa.Column("drift", sa.Text),
    sa.Column("table_count", sa.Integer),
    sa.Column("row_count", sa.BigInteger),
    sa.Column("found", sa.Integer),  # fields of the source with a finding, once it was finished
)

table_states = sa.Table(
    "sladd_table_states",
    metadata,
    _id(),
    sa.Column("scan_id", sa.Integer, sa.ForeignKey("sladd_scans.id"), nullable=False, index=True),
    _digest("table_key", index=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("fingerprint", Words, nullable=False),
    sa.Column("ruleset", Words, nullable=False),
    sa.Column("row_count", sa.BigInteger, nullable=False),
    sa.Column("shown", Words, nullable=False),
    sa.Column("persons", sa.BigInteger, nullable=False),
    sa.Column("total", sa.BigInteger),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
)

field_states = sa.Table(
    "sladd_field_states",
    metadata,
    _id(),
    sa.Column("table_state_id", sa.Integer, sa.ForeignKey("sladd_table_states.id"), nullable=False),
    _digest("field_key"),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("parts", sa.Text, nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("storage_type", sa.String(16), nullable=False),
    sa.Column("how", sa.String(16), nullable=False),
    sa.Column("type", Words, nullable=False),
    sa.Column("category", Words, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("fingerprint", sa.String(16), nullable=False),
    sa.Column("shown", Words, nullable=False),
    sa.Column("folded", Words, nullable=False),
    sa.Column("masked", sa.Boolean, nullable=False),
    sa.Column("shape", Words, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.UniqueConstraint("table_state_id", "field_key", name="uq_sladd_field_states"),
)

documents = sa.Table(
    "sladd_documents",
    metadata,
    _id(),
    sa.Column(
        "table_state_id",
        sa.Integer,
        sa.ForeignKey("sladd_table_states.id"),
        nullable=False,
        index=True,
    ),
    sa.Column("payload", sa.Text, nullable=False),
)

scan_tables = sa.Table(
    "sladd_scan_tables",
    metadata,
    sa.Column("scan_id", sa.Integer, sa.ForeignKey("sladd_scans.id"), primary_key=True),
    _digest("table_key", primary_key=True),
    sa.Column(
        "state_id", sa.Integer, sa.ForeignKey("sladd_table_states.id"), nullable=False, index=True
    ),
    sa.Column("carried", sa.Boolean, nullable=False),
)

tables = sa.Table(
    "sladd_tables",
    metadata,
    _digest("table_key", primary_key=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("source", Words, nullable=False),
    sa.Column(
        "state_id", sa.Integer, sa.ForeignKey("sladd_table_states.id"), nullable=False, index=True
    ),
    sa.Column("first_seen", Moment, nullable=False),
    sa.Column("last_seen", Moment, nullable=False),
    sa.Column("gone", sa.Boolean, nullable=False),
)

fields = sa.Table(
    "sladd_fields",
    metadata,
    _digest("field_key", primary_key=True),
    _digest("table_key", index=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("parts", sa.Text, nullable=False),
    sa.Column("source", Words, nullable=False),
    sa.Column(
        "state_id", sa.Integer, sa.ForeignKey("sladd_field_states.id"), nullable=False, index=True
    ),
    sa.Column("scan_id", sa.Integer, sa.ForeignKey("sladd_scans.id"), nullable=False),
    sa.Column("first_seen", Moment, nullable=False),
    sa.Column("last_seen", Moment, nullable=False),
    sa.Column("gone", sa.Boolean, nullable=False),
)

not_scanned = sa.Table(
    "sladd_not_scanned",
    metadata,
    _id(),
    sa.Column("scan_id", sa.Integer, sa.ForeignKey("sladd_scans.id"), nullable=False, index=True),
    sa.Column("place", Words, nullable=False),
    sa.Column("reason", Words, nullable=False),
    sa.Column("code", sa.Integer, nullable=False),
)

verdicts = sa.Table(
    "sladd_verdicts",
    metadata,
    _id(),
    _digest("field_key", index=True),
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
    _id(),
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

releases = sa.Table(
    "sladd_releases",
    metadata,
    _id(),
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
    _id(),
    sa.Column("release", Words, nullable=False),
    sa.Column("version", Words, nullable=False),
    sa.Column("name", Words, nullable=False),
    _digest("table_key", index=True),
    sa.Column("key_id", Words, nullable=False),
    sa.Column("levels", Words, nullable=False),
    sa.Column("counts", sa.Text, nullable=False),
    sa.UniqueConstraint("release", "version", "name", name="uq_sladd_class_counts"),
)

approvals = sa.Table(
    "sladd_approvals",
    metadata,
    _id(),
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
    _id(),
    sa.Column("release", Words, nullable=False),
    sa.Column("plan_sha256", sa.String(64), nullable=False),
    sa.Column("reason", Words, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("made", Moment, nullable=False),
)

plans = sa.Table(
    "sladd_plans",
    metadata,
    _id(),
    sa.Column("release", Words, nullable=False),
    sa.Column("plan_sha256", sa.String(64), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("actor", Words, nullable=False),  # who asked to publish it; "" for nobody yet
    sa.Column("made", Moment, nullable=False),
    sa.Column("audit_number", sa.Integer, nullable=False),  # of the trail when it was made
)

audit = sa.Table(
    "sladd_audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("made", sa.String(32), nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("action", Words, nullable=False),
    sa.Column("subject", Words, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

audit_head = sa.Table(
    "sladd_audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

measurements = sa.Table(
    "sladd_measurements",
    metadata,
    _digest("scope", primary_key=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("fingerprint", Words, nullable=False),
    sa.Column("made", Moment, nullable=False),
)

links = sa.Table(
    "sladd_links",
    metadata,
    _digest("link_key", primary_key=True),
    _digest("scope", index=True),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
)

link_verdicts = sa.Table(
    "sladd_link_verdicts",
    metadata,
    _id(),
    _digest("link_key", index=True),
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
    _id(),
    sa.Column("payload", sa.Text, nullable=False),
)

accounts = sa.Table(
    "sladd_accounts",
    metadata,
    _digest("account_key", primary_key=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("passphrase", sa.String(256)),  # argon2id; none before the first login
    sa.Column("made", Moment, nullable=False),
    sa.Column("seen", Moment),
)

first_logins = sa.Table(
    "sladd_first_logins",
    metadata,
    _digest("account_key", primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False),
    sa.Column("expires", Moment, nullable=False),
)

sessions = sa.Table(
    "sladd_sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    _digest("account_key", index=True),
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
    _digest("failure_key", primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last", Moment, nullable=False),
    sa.Column("closed_until", Moment),
)

# Every version of an activity is a row of its own; the newest that is not removed holds.
activities = sa.Table(
    "sladd_activities",
    metadata,
    _id(),
    sa.Column("activity", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("made", Moment, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.UniqueConstraint("activity", "version", name="uq_sladd_activities"),
)

notices = sa.Table(
    "sladd_notices",
    metadata,
    _id(),
    _digest("notice_key", unique=True),
    sa.Column("topic", sa.String(16), nullable=False),
    sa.Column("subject", Words, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("made", Moment, nullable=False),
)

deliveries = sa.Table(
    "sladd_deliveries",
    metadata,
    _id(),
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
