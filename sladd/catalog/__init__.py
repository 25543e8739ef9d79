"""What is known of every source and what people decided about it.

`open_catalog(url, root=…)` opens or creates one, in SQLite or PostgreSQL. It holds names,
counts and decisions; nothing that holds cell values can be stored in it.
"""

from sladd.catalog.catalog import Catalog, open_catalog
from sladd.catalog.deciding import Asked, OvertakenError, Taken
from sladd.catalog.known import State
from sladd.catalog.outbox import Claim, FinishedScan, Notice, Outbox
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
from sladd.catalog.standing import Standing, TableStanding
from sladd.catalog.verdicts import DecisionError
from sladd.catalog.worklist import Chosen, Tally

__all__ = [
    "Asked",
    "AuditEntry",
    "Catalog",
    "CatalogField",
    "Change",
    "Chosen",
    "Claim",
    "DecisionError",
    "Drift",
    "Effective",
    "FinishedScan",
    "ImportResult",
    "KeptPlan",
    "Notice",
    "Outbox",
    "OvertakenError",
    "PlanApproval",
    "PlanRefusal",
    "ReleaseRecord",
    "ScanId",
    "ScanRecord",
    "Standing",
    "State",
    "SurenessChange",
    "TableStanding",
    "Tagged",
    "Taken",
    "Tally",
    "open_catalog",
]
