"""The tables of the catalog. A change here needs a migration beside it."""

from sladd.catalog.schema.access import accounts, first_logins, login_failures, sessions
from sladd.catalog.schema.answers import reopenings, undone, verdicts
from sladd.catalog.schema.columns import Moment, Words, clean, metadata, moment_text
from sladd.catalog.schema.measured import link_verdicts, links, measurements, overlaps
from sladd.catalog.schema.publishing import approvals, class_counts, plans, refusals, releases
from sladd.catalog.schema.record import activities
from sladd.catalog.schema.revision import HEAD, VERSION_TABLE
from sladd.catalog.schema.states import (
    documents,
    field_states,
    fields,
    not_scanned,
    scan_tables,
    scans,
    table_states,
    tables,
)
from sladd.catalog.schema.telling import deliveries, notice_cursor, notices
from sladd.catalog.schema.trail import audit, audit_head

__all__ = [
    "HEAD",
    "VERSION_TABLE",
    "Moment",
    "Words",
    "accounts",
    "activities",
    "approvals",
    "audit",
    "audit_head",
    "class_counts",
    "clean",
    "deliveries",
    "documents",
    "field_states",
    "fields",
    "first_logins",
    "link_verdicts",
    "links",
    "login_failures",
    "measurements",
    "metadata",
    "moment_text",
    "not_scanned",
    "notice_cursor",
    "notices",
    "overlaps",
    "plans",
    "refusals",
    "releases",
    "reopenings",
    "scan_tables",
    "scans",
    "sessions",
    "table_states",
    "tables",
    "undone",
    "verdicts",
]
