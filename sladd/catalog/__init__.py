"""What is known of every source and what people decided about it.

`open_catalog(url, root=…)` opens or creates one, in SQLite or PostgreSQL. It holds names,
counts and decisions; nothing that holds cell values can be stored in it.
"""

from sladd.catalog.catalog import Catalog, open_catalog
from sladd.catalog.records import (
    AuditEntry,
    CatalogField,
    Change,
    Drift,
    Effective,
    ImportResult,
    KeptPlan,
    PlanApproval,
    PlanRefusal,
    ReleaseRecord,
    ScanId,
    ScanRecord,
    SurenessChange,
    Tagged,
)
from sladd.catalog.verdicts import DecisionError

__all__ = [
    "AuditEntry",
    "Catalog",
    "CatalogField",
    "Change",
    "DecisionError",
    "Drift",
    "Effective",
    "ImportResult",
    "KeptPlan",
    "PlanApproval",
    "PlanRefusal",
    "ReleaseRecord",
    "ScanId",
    "ScanRecord",
    "SurenessChange",
    "Tagged",
    "open_catalog",
]
