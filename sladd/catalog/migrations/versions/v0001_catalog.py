"""The first schema of the catalog. Frozen: a later change is a new file."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY = ("sladd_audit", "sladd_verdicts")


def upgrade() -> None:
    """Create every table."""
    _scans()
    _current()
    _decisions()
    _releases()
    _audit()
    for table in _APPEND_ONLY:
        _append_only(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(32), nullable=nullable)


def _scans() -> None:
    op.create_table(
        "sladd_scans",
        _id(),
        _text("source"),
        _text("ruleset"),
        _text("actor"),
        _time("started"),
        _time("finished", nullable=True),
        sa.Column("ordinal", sa.Integer),
        _text("drift", nullable=True),
        sa.Column("table_count", sa.Integer),
        sa.Column("row_count", sa.BigInteger),
    )
    op.create_table(
        "sladd_table_states",
        _id(),
        sa.Column("scan_id", sa.Integer, sa.ForeignKey("sladd_scans.id"), nullable=False),
        sa.Column("table_key", sa.String(32), nullable=False),
        _text("address"),
        _text("fingerprint"),
        _text("ruleset"),
        sa.Column("row_count", sa.BigInteger, nullable=False),
        _text("payload"),
    )
    op.create_index("ix_sladd_table_states_scan_id", "sladd_table_states", ["scan_id"])
    op.create_index("ix_sladd_table_states_table_key", "sladd_table_states", ["table_key"])
    op.create_table(
        "sladd_field_states",
        _id(),
        sa.Column(
            "table_state_id", sa.Integer, sa.ForeignKey("sladd_table_states.id"), nullable=False
        ),
        sa.Column("field_key", sa.String(32), nullable=False),
        _text("address"),
        _text("parts"),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("storage_type", sa.String(16), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        _text("type"),
        _text("category"),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        _text("payload"),
        sa.UniqueConstraint("table_state_id", "field_key", name="uq_sladd_field_states"),
    )
    op.create_table(
        "sladd_scan_tables",
        sa.Column("scan_id", sa.Integer, sa.ForeignKey("sladd_scans.id"), primary_key=True),
        sa.Column("table_key", sa.String(32), primary_key=True),
        sa.Column("state_id", sa.Integer, sa.ForeignKey("sladd_table_states.id"), nullable=False),
        sa.Column("carried", sa.Boolean, nullable=False),
    )
    op.create_index("ix_sladd_scan_tables_state_id", "sladd_scan_tables", ["state_id"])
    op.create_table(
        "sladd_not_scanned",
        _id(),
        sa.Column("scan_id", sa.Integer, sa.ForeignKey("sladd_scans.id"), nullable=False),
        _text("place"),
        _text("reason"),
        sa.Column("code", sa.Integer, nullable=False),
    )
    op.create_index("ix_sladd_not_scanned_scan_id", "sladd_not_scanned", ["scan_id"])


def _current() -> None:
    op.create_table(
        "sladd_tables",
        sa.Column("table_key", sa.String(32), primary_key=True),
        _text("address"),
        _text("source"),
        sa.Column("state_id", sa.Integer, sa.ForeignKey("sladd_table_states.id"), nullable=False),
        _time("first_seen"),
        _time("last_seen"),
        sa.Column("gone", sa.Boolean, nullable=False),
    )
    op.create_index("ix_sladd_tables_state_id", "sladd_tables", ["state_id"])
    op.create_table(
        "sladd_fields",
        sa.Column("field_key", sa.String(32), primary_key=True),
        sa.Column("table_key", sa.String(32), nullable=False),
        _text("address"),
        _text("parts"),
        _text("source"),
        sa.Column("state_id", sa.Integer, sa.ForeignKey("sladd_field_states.id"), nullable=False),
        sa.Column("scan_id", sa.Integer, sa.ForeignKey("sladd_scans.id"), nullable=False),
        _time("first_seen"),
        _time("last_seen"),
        sa.Column("gone", sa.Boolean, nullable=False),
    )
    op.create_index("ix_sladd_fields_table_key", "sladd_fields", ["table_key"])
    op.create_index("ix_sladd_fields_state_id", "sladd_fields", ["state_id"])


def _decisions() -> None:
    op.create_table(
        "sladd_verdicts",
        _id(),
        sa.Column("field_key", sa.String(32), nullable=False),
        _text("field"),
        sa.Column("decision", sa.String(16), nullable=False),
        _text("category"),
        _text("reason"),
        _text("actor"),
        _time("made"),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        _text("saw"),
    )
    op.create_index("ix_sladd_verdicts_field_key", "sladd_verdicts", ["field_key"])
    op.create_table(
        "sladd_reopenings",
        _id(),
        sa.Column("verdict_id", sa.Integer, sa.ForeignKey("sladd_verdicts.id"), nullable=False),
        _time("made"),
        _text("why"),
    )
    op.create_index("ix_sladd_reopenings_verdict_id", "sladd_reopenings", ["verdict_id"])


def _releases() -> None:
    op.create_table(
        "sladd_releases",
        _id(),
        _text("release"),
        _text("version"),
        _time("recorded"),
        _text("actor"),
        _text("summary"),
        sa.UniqueConstraint("release", "version", name="uq_sladd_releases"),
    )
    op.create_table(
        "sladd_approvals",
        _id(),
        _text("release"),
        sa.Column("policy_sha256", sa.String(64), nullable=False),
        _text("fields"),
        _text("actor"),
        _time("made"),
    )


def _audit() -> None:
    op.create_table(
        "sladd_audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        _time("made"),
        _text("actor"),
        _text("action"),
        _text("subject"),
        _text("detail"),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "sladd_audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _append_only(table: str) -> None:
    """Let the database itself refuse to alter or delete a row."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION sladd_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION sladd_append_only()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
        )
