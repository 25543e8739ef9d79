"""The nouns of sladd. Small frozen types; only `Sample` and record batches hold cell values.

Everything else here can be printed, stored and sent: it holds names, counts and decisions.
"""

from __future__ import annotations

from sladd.model.activity import (
    Activity,
    Basis,
    Condition,
    Persons,
    SavedActivity,
    Transfer,
)
from sladd.model.addresses import (
    FieldRef,
    TableRef,
)
from sladd.model.data import (
    Partition,
    Sample,
    Snapshot,
    Source,
)
from sladd.model.documents import DocumentScan
from sladd.model.findings import (
    Category,
    Decision,
    Evidence,
    FieldScan,
    Finding,
    How,
    Identifiability,
    Rival,
    TableScan,
    Verdict,
)
from sladd.model.gate import (
    Check,
    GateResult,
    KnownFinder,
    KnownValue,
    Progress,
    Span,
    SpanFinder,
)
from sladd.model.links import (
    Link,
    LinkKind,
    LinkState,
    LinkVerdict,
    Overlap,
    ends,
)
from sladd.model.policy import (
    Entity,
    FieldPlan,
    Needs,
    Parameter,
    Plan,
    Receipt,
    Rule,
    SamplePlan,
    TablePlan,
    TransformSpec,
)
from sladd.model.roles import KEPT, Role
from sladd.model.schema import (
    Field,
    ForeignKey,
    KeyRole,
    NotScanned,
    StorageType,
    Table,
)

__all__ = [
    "KEPT",
    "Activity",
    "Basis",
    "Category",
    "Check",
    "Condition",
    "Decision",
    "DocumentScan",
    "Entity",
    "Evidence",
    "Field",
    "FieldPlan",
    "FieldRef",
    "FieldScan",
    "Finding",
    "ForeignKey",
    "GateResult",
    "How",
    "Identifiability",
    "KeyRole",
    "KnownFinder",
    "KnownValue",
    "Link",
    "LinkKind",
    "LinkState",
    "LinkVerdict",
    "Needs",
    "NotScanned",
    "Overlap",
    "Parameter",
    "Partition",
    "Persons",
    "Plan",
    "Progress",
    "Receipt",
    "Rival",
    "Role",
    "Rule",
    "Sample",
    "SamplePlan",
    "SavedActivity",
    "Snapshot",
    "Source",
    "Span",
    "SpanFinder",
    "StorageType",
    "Table",
    "TablePlan",
    "TableRef",
    "TableScan",
    "Transfer",
    "TransformSpec",
    "Verdict",
    "ends",
]
