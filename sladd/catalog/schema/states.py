"""Tables of what the scans said.

States are what a scan said and are never altered; `sladd_tables` and `sladd_fields` point at the
state that holds now, and move only when a scan is finished.
"""

from __future__ import annotations

import sqlalchemy as sa

from sladd.catalog.schema.columns import Moment, Words, digest_column, id_column, metadata

scans = sa.Table(
    "sladd_scans",
    metadata,
    id_column(),
    sa.Column("source", Words, nullable=False),
    sa.Column("ruleset", Words, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("started", Moment, nullable=False),
    sa.Column("finished", Moment),
    sa.Column("ordinal", sa.Integer),  # order of finishing; clocks can go back
    sa.Column("drift", sa.Text),
    sa.Column("table_count", sa.Integer),
    sa.Column("row_count", sa.BigInteger),
    sa.Column("found", sa.Integer),  # its fields with personal data, once it was finished
)
table_states = sa.Table(
    "sladd_table_states",
    metadata,
    id_column(),
    sa.Column("scan_id", sa.Integer, sa.ForeignKey("sladd_scans.id"), nullable=False, index=True),
    digest_column("table_key", index=True),
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
    id_column(),
    sa.Column("table_state_id", sa.Integer, sa.ForeignKey("sladd_table_states.id"), nullable=False),
    digest_column("field_key"),
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
    id_column(),
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
    digest_column("table_key", primary_key=True),
    sa.Column(
        "state_id", sa.Integer, sa.ForeignKey("sladd_table_states.id"), nullable=False, index=True
    ),
)
tables = sa.Table(
    "sladd_tables",
    metadata,
    digest_column("table_key", primary_key=True),
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
    digest_column("field_key", primary_key=True),
    digest_column("table_key", index=True),
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
    id_column(),
    sa.Column("scan_id", sa.Integer, sa.ForeignKey("sladd_scans.id"), nullable=False, index=True),
    sa.Column("place", Words, nullable=False),
    sa.Column("reason", Words, nullable=False),
    sa.Column("code", sa.Integer, nullable=False),
)
