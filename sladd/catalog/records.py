"""What the catalog answers with: frozen records of names, counts and decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as fresh
from datetime import datetime
from typing import Any, NewType

from sladd.model import Decision, FieldRef, FieldScan, How, StorageType, Verdict

ScanId = NewType("ScanId", int)


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a scan said of a field, as far as drift is concerned."""

    storage_type: StorageType
    how: How
    type: str
    category: str


@dataclass(frozen=True, slots=True)
class Change:
    """A field that both scans saw, tagged or stored differently."""

    field: str
    before: Tagged
    after: Tagged


@dataclass(frozen=True, slots=True)
class SurenessChange:
    """A field in which both scans found the same, but with another confidence (0-1)."""

    field: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Drift:
    """What a finished scan saw otherwise than the finished scan of that source before it.

    Attributes:
        scan: the scan that was finished.
        previous: the one it is compared with; None for the first, where everything is new.
        new: fields that were not there, or had gone and came back.
        changed: fields whose storage type, detected type, category or `how` differ.
        gone: fields that are no longer there.
        new_findings: fields with a finding now that had none before.
        gone_findings: fields without a finding now (or gone) that had one before.
        reopened: fields whose verdict this scan reopened.
        new_tables: tables that were not there.
        gone_tables: tables that are no longer there.
        sureness: fields with the same finding as before, of which it is more or less sure.
    """

    scan: ScanId
    previous: ScanId | None
    new: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    gone: tuple[str, ...] = ()
    new_findings: tuple[str, ...] = ()
    gone_findings: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    new_tables: tuple[str, ...] = ()
    gone_tables: tuple[str, ...] = ()
    sureness: tuple[SurenessChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ScanRecord:
    """One scan of one source. `status`: running, finished, or interrupted."""

    id: ScanId
    source: str
    started: datetime
    finished: datetime | None
    by: str
    tables: int
    rows: int
    status: str
    ruleset: str = ""


@dataclass(frozen=True, slots=True)
class Effective:
    """What holds for a field once its verdict is counted in."""

    category: str
    how: How


@dataclass(frozen=True, slots=True)
class CatalogField:
    """What is known and decided about one field, with the facts of its table.

    Attributes:
        scan: what the last finished scan that read the field says.
        verdict: the decision that holds, if there is one.
        scan_id: that scan.
        first_seen: when a finished scan first saw the field.
        last_seen: when a finished scan last saw it.
        rows: rows of the table that were looked at.
        table_rows: rows of the table as far as known.
        drawn: how the rows were drawn.
        entity: what the primary key of its table identifies.
        person_path: the key path from its table to the person.
        gone: whether the source no longer has it.
        saw: how the field held personal data when the verdict was given.
    """

    scan: FieldScan
    verdict: Verdict | None
    scan_id: ScanId
    first_seen: datetime
    last_seen: datetime
    rows: int
    table_rows: int | None
    drawn: str
    entity: str | None
    person_path: tuple[str, ...]
    gone: bool = False
    saw: How = How.NONE

    @property
    def ref(self) -> FieldRef:
        """The address in its parts."""
        return self.scan.field.ref

    @property
    def address(self) -> str:
        """The address as text."""
        return str(self.scan.field.ref)

    @property
    def effective(self) -> Effective:
        """The category and `how` that hold after the verdict."""
        finding = self.scan.finding
        if self.verdict is None:
            return Effective(finding.category, finding.how)
        match self.verdict.decision:
            case Decision.REJECTED:
                return Effective("", How.NONE)
            case Decision.CONFIRMED:
                # A finding that a later sample misses does not take the confirmation with it.
                return Effective(
                    self.verdict.category, self.saw if finding.how is How.NONE else finding.how
                )
            case Decision.CHANGED:
                # Who names another category says what the field *is*; only a free text that
                # holds such values among others stays a text.
                contains = finding.how is How.CONTAINS
                return Effective(self.verdict.category, How.CONTAINS if contains else How.IS)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of the verdicts in a file, by field.

    `older` were given before the one the catalog holds, so they are left alone.
    """

    applied: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    older: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit trail; `hash` covers everything above it and `previous`."""

    number: int
    at: str  # ISO 8601 UTC, as hashed
    by: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """One published version, as the catalog remembers it."""

    release: str
    version: str
    recorded: datetime
    by: str
    summary: Mapping[str, Any] = fresh(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClassCounts:
    """How an anonymised table of a release was divided, and how many persons each class had.

    Attributes:
        release: its name.
        version: of it.
        name: of the table in it.
        table: address of the source's table.
        key_id: of the key that the digests were made with.
        levels: quasi-identifier → number of its level in its hierarchy.
        counts: digest of a class, 16 bytes → persons. Without the key it says nothing.
    """

    release: str
    version: str
    name: str
    table: str
    key_id: str
    levels: Mapping[str, int]
    counts: Mapping[bytes, int] = fresh(repr=False)


@dataclass(frozen=True, slots=True)
class PlanApproval:
    """Who approved which policy of a release, for which fields."""

    release: str
    policy_sha256: str
    fields: frozenset[str]
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlanRefusal:
    """Who refused which plan of a release, and why."""

    release: str
    plan_sha256: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan as it was put before the officer.

    Attributes:
        release: its name.
        plan_sha256: of what is decided about.
        content: the plan as plain data.
        by: who asked to publish it; "" when nobody has.
        at: when it was made.
        audit_number: last entry of the audit trail at that time; later ones may have changed it.
    """

    release: str
    plan_sha256: str
    content: Mapping[str, Any]
    by: str
    at: datetime
    audit_number: int
