"""What is known of every source and what people decided about it.

`open_catalog(url, root=…)` opens or creates one, in SQLite or PostgreSQL. It holds names,
counts and decisions; nothing that holds cell values can be stored in it.
"""

from sladd.catalog.catalog import Catalog, open_catalog
from sladd.catalog.outbox import Claim, FinishedScan, Notice, Outbox
from sladd.catalog.records import (
    AuditEntry,
    CatalogField,
    Change,
    Drift,
    Effective,
    ImportResult,
    PlanApproval,
    ReleaseRecord,
    ScanId,
    ScanRecord,
    Tagged,
)
from sladd.catalog.verdicts import DecisionError

__all__ = [
    "AuditEntry",
    "Catalog",
    "CatalogField",
    "Change",
    "Claim",
    "DecisionError",
    "Drift",
    "Effective",
    "FinishedScan",
    "ImportResult",
    "Notice",
    "Outbox",
    "PlanApproval",
    "ReleaseRecord",
    "ScanId",
    "ScanRecord",
    "Tagged",
    "open_catalog",
]
