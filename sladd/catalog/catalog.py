"""The catalog's one door: each method is one transaction, and what changes something is audited."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

from sladd.catalog import (
    activities,
    audit,
    deciding,
    documents,
    drift,
    fields,
    imports,
    known,
    ledger,
    links,
    plans,
    releases,
    scans,
    telling,
    verdict_file,
    verdicts,
    worklist,
)
from sladd.catalog.accounts import Accounts
from sladd.catalog.database import Database, open_database
from sladd.catalog.deciding import Asked, Taken
from sladd.catalog.finish import finish
from sladd.catalog.known import Known, State
from sladd.catalog.migrate import migrate
from sladd.catalog.outbox import Outbox
from sladd.catalog.records import (
    AuditEntry,
    CatalogField,
    ClassCounts,
    Drift,
    ImportResult,
    KeptPlan,
    PlanApproval,
    PlanRefusal,
    ReleaseRecord,
    ScanId,
    ScanRecord,
)
from sladd.catalog.standing import Judge, Standing, TableStanding
from sladd.catalog.worklist import Chosen, Tally
from sladd.model import (
    Activity,
    Decision,
    DocumentScan,
    FieldScan,
    Link,
    NotScanned,
    Overlap,
    SavedActivity,
    TableScan,
    Verdict,
)
from sladd.taxonomy import Taxonomy
from sladd.taxonomy import load as load_taxonomy


def _now() -> datetime:
    return datetime.now(UTC)


def open_catalog(url: str, *, root: Path, clock: Callable[[], datetime] = _now) -> Catalog:
    """Open the catalog, and create or migrate it when needed.

    Args:
        url: `sqlite:///…` (a relative path starts at `root`) or `postgresql+psycopg://…`.
        root: the directory of `sladd.yaml`.
        clock: tells the time.

    Raises:
        CatalogError: it cannot be opened, or a newer sladd wrote it (SLADD-501…509).
    """
    database = open_database(url, root=root)
    try:
        migrate(database)
    except BaseException:
        database.engine.dispose()
        raise
    return Catalog(database, load_taxonomy(), clock)


class Catalog:
    """What is known of the sources and what was decided. Made by `open_catalog`."""

    def __init__(
        self, database: Database, taxonomy: Taxonomy, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._taxonomy = taxonomy
        self._clock = clock
        self._judge = Judge(taxonomy)
        self._knowing = Lock()
        self._kept: Known | None = None

    def __repr__(self) -> str:
        return f"<Catalog in {self._database.engine.dialect.name}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release connections."""
        self._database.engine.dispose()

    # ------------------------------------------------------------------ scans

    def begin_scan(self, source: str, *, ruleset: str, by: str) -> ScanId:
        """Open a scan of a source; nothing of it counts before `finish_scan`.

        Args:
            source: name of the source.
            ruleset: fingerprint of the rules and settings the scan runs under.
            by: who scans.
        """
        with self._database.writing() as connection:
            now = self._clock()
            scan = scans.begin(connection, now, source=source, ruleset=ruleset, by=by)
            audit.append(
                connection,
                now,
                action="scan.begin",
                subject=source,
                by=by,
                detail={"scan": scan, "ruleset": ruleset},
            )
            return scan

    def record_table(self, scan: ScanId, table: TableScan) -> None:
        """Keep what the scan says of one table; a table recorded again replaces the first."""
        with self._database.writing() as connection:
            scans.record(connection, scan, table)

    def carry_over(self, scan: ScanId, table: str) -> None:
        """Take what was known of an unchanged table over into this scan."""
        with self._database.writing() as connection:
            scans.carry_over(connection, scan, table)

    def record_not_scanned(self, scan: ScanId, missed: Sequence[NotScanned]) -> None:
        """Keep what this scan could not read; `where` equal to the source means all of it."""
        with self._database.writing() as connection:
            scans.record_not_scanned(connection, scan, missed)

    def finish_scan(self, scan: ScanId, *, seen_tables: Collection[str]) -> Drift:
        """Make this scan the one that holds.

        Args:
            scan: the scan.
            seen_tables: addresses of every table the source lists now. What was recorded or
                reported as not scanned counts as seen; any other table of the source has gone.
        """
        with self._database.writing() as connection:
            now = self._clock()
            running = scans.require_running(connection, scan)
            changes = finish(
                connection, now, scan, seen_tables=seen_tables, taxonomy=self._taxonomy
            )
            detail = {
                "scan": scan,
                "new": len(changes.new),
                "changed": len(changes.changed),
                "gone": len(changes.gone),
                "reopened": list(changes.reopened),
            }
            audit.append(
                connection,
                now,
                action="scan.finish",
                subject=running.source,
                by=running.actor,
                detail=detail,
            )
            return changes

    def fingerprint(self, table: str, ruleset: str) -> str | None:
        """Fingerprint of the table when last scanned under these rules; None: scan it again."""
        with self._database.reading() as connection:
            return scans.fingerprint(connection, table, ruleset)

    def scans(self) -> Sequence[ScanRecord]:
        """Every scan, oldest first."""
        with self._database.reading() as connection:
            return scans.records(connection)

    def last_drift(self, source: str) -> Drift | None:
        """Drift of the last finished scan of a source; None before the first."""
        with self._database.reading() as connection:
            return drift.last_drift(connection, source)

    def drifts(self, source: str) -> Sequence[Drift]:
        """Drift of every finished scan of a source, oldest first."""
        with self._database.reading() as connection:
            return drift.drifts(connection, source)

    # ------------------------------------------------------------------ what holds

    def fields(
        self,
        *,
        source: str | None = None,
        all: bool = True,  # noqa: A002 - named as the option of `sladd findings`
        gone: bool = False,
    ) -> Sequence[CatalogField]:
        """Fields with finding and verdict, by table and in the order of its columns.

        Args:
            source: only of this one.
            all: also fields with neither finding nor verdict.
            gone: also fields that the source no longer has.
        """
        with self._database.reading() as connection:
            return fields.fields(connection, source=source, every=all, gone=gone)

    def tables(self, source: str | None = None) -> Sequence[TableScan]:
        """What the last finished scans say of every table that is there."""
        with self._database.reading() as connection:
            return fields.tables(connection, source)

    def table(self, address: str) -> TableScan | None:
        """What the last finished scan says of one table, its documents too; None without it."""
        with self._database.reading() as connection:
            found = fields.tables(connection, None, only=address)
            read = documents.documents(connection, None, only=address)
            return replace(found[0], documents=read.get(address, ())) if found else None

    def documents(self, source: str | None = None) -> Mapping[str, tuple[DocumentScan, ...]]:
        """Table address → its documents, as the last finished scans saw them."""
        with self._database.reading() as connection:
            return documents.documents(connection, source)

    def not_scanned(self, source: str | None = None) -> Sequence[NotScanned]:
        """What the last finished scan of each source could not read."""
        with self._database.reading() as connection:
            return scans.not_scanned(connection, source)

    def fields_of(self, table: str) -> Sequence[CatalogField]:
        """Fields of the table of that key, with finding and verdict, in the order of its columns."""
        with self._database.reading() as connection:
            return fields.fields(connection, source=None, every=True, gone=False, only=table)

    def masked(self) -> Sequence[FieldScan]:
        """What the scans say of fields whose own names are personal data."""
        return self._known().masked

    # ------------------------------------------------------------------ worklist

    def _known(self) -> Known:
        """Every field as it stands now; what has not changed is not read again."""
        # The transaction begins behind the lock, so that none sees less than the one before it.
        with self._knowing, self._database.reading() as connection:
            self._kept = known.read(connection, self._judge, self._kept)
            return self._kept

    def worklist(self, chosen: Chosen) -> Sequence[Standing]:
        """The fields asked for, the worst first: weight × persons × doubt."""
        return worklist.chosen_fields(self._known(), chosen)

    def standing(self, keys: Sequence[str]) -> Sequence[Standing]:
        """The fields of these keys as lists show them, in the order given."""
        fields = self._known().fields
        return [fields[key] for key in keys if key in fields]

    def alike(self, field: str) -> Sequence[Standing]:
        """Open findings like that of the key: the same category, and the same name or shape."""
        return worklist.alike(self._known(), field)

    def tally(self, bands: Sequence[float]) -> Sequence[Tally]:
        """Every field counted by source, what it holds, band of confidence, and decision."""
        return worklist.tally(self._known(), bands)

    def bare_tables(self) -> Sequence[TableScan]:
        """Every table that is there without what the scans say of its fields; read faster."""
        with self._database.reading() as connection:
            return fields.tables(connection, None, scanned=False)

    def table_list(self) -> Sequence[TableStanding]:
        """Every table that is there, by address, with its fields and how many of them stand how."""
        return tuple(self._known().tables.values())

    def table_standing(self, key: str) -> TableStanding | None:
        """The table of that key with its fields; None where the sources have no such table."""
        return self._known().tables.get(key)

    def telling(self) -> Mapping[int, FieldScan]:
        """Number of a finding → what the scan says, of fields with several categories or ages."""
        with self._database.reading() as connection:
            return telling.telling(connection)

    def search(self, words: str) -> Sequence[Standing]:
        """Columns whose shown name holds the words: personal ones first, then by table."""
        return worklist.search(self._known(), words)

    def still_hold(self, first: int, until: int, *, by: str) -> Sequence[Standing]:
        """Fields whose verdicts of these numbers are this person's and all hold; else none."""
        now = self._known()
        with self._database.reading() as connection:
            return worklist.still_hold(connection, now, first, until, by)

    def decided_at(self) -> Sequence[datetime]:
        """When each field was first decided on, oldest first."""
        with self._database.reading() as connection:
            return worklist.decided_at(connection)

    def found_after(self) -> Mapping[int, int]:
        """Finished scan → fields of its source with a finding after it."""
        with self._database.reading() as connection:
            return worklist.found_after(connection)

    def state(self) -> State:
        """Numbers that change whenever what is found or decided of the fields does."""
        with self._database.reading() as connection:
            return known.state(connection)

    # ------------------------------------------------------------------ verdicts

    def decide_seen(self, asked: Sequence[Asked], *, by: str) -> Sequence[Taken]:
        """Take decisions on what was shown: all of them, or none when it no longer stands.

        Raises:
            OvertakenError: somebody decided, or a scan found something else (SLADD-960).
            DecisionError: a decision does not fit its finding (SLADD-510…512).
        """
        with self._database.writing() as connection:
            now = self._clock()
            taken = deciding.decide_seen(connection, now, asked, by=by, taxonomy=self._taxonomy)
            for each in taken:
                verdict = each.verdict
                detail = {"decision": verdict.decision.value, "category": verdict.category}
                if len(taken) > 1:
                    detail["alike"] = str(len(taken))
                audit.append(
                    connection, now, action="decide", subject=verdict.field, by=by, detail=detail
                )
            return taken

    def undo(self, first: int, until: int, *, by: str) -> Sequence[str]:
        """Take the verdicts of these numbers back; what held before holds again.

        Raises:
            OvertakenError: one of them no longer holds (SLADD-960).
            DecisionError: there is none to take back (SLADD-961).
        """
        with self._database.writing() as connection:
            now = self._clock()
            back = deciding.undo(connection, now, first, until, by=by)
            for number, field in back:
                audit.append(
                    connection,
                    now,
                    action="decide.undo",
                    subject=field,
                    by=by,
                    detail={"verdict": number},
                )
            return [field for _, field in back]

    def decide(
        self, field: str, decision: Decision, *, category: str = "", reason: str, by: str
    ) -> Verdict:
        """Take a decision on a field; it closes a reopened one.

        Raises:
            DecisionError: the field or the category is unknown, or there is nothing to
                confirm (SLADD-510…512).
        """
        with self._database.writing() as connection:
            now = self._clock()
            verdict = verdicts.decide(
                connection,
                now,
                field,
                Decision(decision),
                category=category,
                reason=reason,
                by=by,
                taxonomy=self._taxonomy,
            )
            detail = {"decision": verdict.decision.value, "category": verdict.category}
            audit.append(connection, now, action="decide", subject=field, by=by, detail=detail)
            return verdict

    def verdict_history(self, field: str) -> Sequence[Verdict]:
        """Every verdict of a field, oldest first; the last one holds."""
        with self._database.reading() as connection:
            return verdicts.history(connection, field)

    def export_verdicts(self) -> str:
        """The verdicts that hold, as YAML in a stable order."""
        with self._database.reading() as connection:
            return verdict_file.export(
                verdicts.current(connection).values(), links.verdicts(connection)
            )

    def import_verdicts(self, text: str, by: str) -> ImportResult:
        """Take over the verdicts of a file: all of them, or none when one is wrong.

        Raises:
            DecisionError: what is wrong, with its line (SLADD-512, 513).
            ManyErrors: several of them.
        """
        entries, about_links = verdict_file.parse(text, now=self._clock(), taxonomy=self._taxonomy)
        with self._database.writing() as connection:
            now = self._clock()
            result = imports.merge(connection, now, entries, by=by, taxonomy=self._taxonomy)
            result = imports.merge_links(connection, now, about_links, result, by=by)
            if result.applied:
                audit.append(
                    connection,
                    now,
                    action="verdicts.import",
                    subject="verdicts",
                    by=by,
                    detail={"applied": list(result.applied)},
                )
            return result

    # ------------------------------------------------------------------ links

    def record_links(self, scope: str, found: Sequence[Link], *, fingerprint: str) -> None:
        """Keep the suggested links of a measurement, in place of those of the one before.

        Args:
            scope: name of the source whose tables were compared, or `links.EVERYWHERE`.
            found: what was measured; declared and decided ones are known otherwise.
            fingerprint: of what was looked at; equal ones need not be measured again.
        """
        with self._database.writing() as connection:
            links.record(connection, self._clock(), scope, found, fingerprint)

    def links_fingerprint(self, scope: str) -> str | None:
        """Of what the last measurement saw; None before the first."""
        with self._database.reading() as connection:
            return links.fingerprint(connection, scope)

    def links(self, *, gone: bool = False) -> Sequence[Link]:
        """Every link with what was decided: declared, suggested, confirmed, rejected; by name."""
        with self._database.reading() as connection:
            return links.links(connection, gone=gone)

    def decide_link(self, start: str, end: str, *, confirmed: bool, reason: str, by: str) -> Link:
        """Confirm or reject a link between two fields. It survives rescans.

        Raises:
            DecisionError: there is no such link (SLADD-520), or the source declares it itself
                (SLADD-521).
        """
        with self._database.writing() as connection:
            now = self._clock()
            link = links.decide(
                connection, now, start, end, confirmed=confirmed, reason=reason, by=by
            )
            detail = {"decision": link.state.value, "kind": link.kind.value}
            audit.append(
                connection, now, action="decide.link", subject=link.name, by=by, detail=detail
            )
            return link

    def record_overlaps(self, found: Sequence[Overlap]) -> None:
        """Keep which tables hold the same persons; counts only."""
        with self._database.writing() as connection:
            links.record_overlaps(connection, found)

    def overlaps(self) -> Sequence[Overlap]:
        """Which tables hold the same persons, as last measured."""
        with self._database.reading() as connection:
            return links.overlaps(connection)

    # ------------------------------------------------------------------ releases

    def record_release(
        self, name: str, version: str, manifest_summary: Mapping[str, Any], *, by: str = ""
    ) -> None:
        """Keep a published version; the same one again changes nothing."""
        with self._database.writing() as connection:
            now = self._clock()
            new = releases.record(
                connection, now, release=name, version=version, summary=manifest_summary, by=by
            )
            if new:
                detail = {"version": version}
                audit.append(connection, now, action="publish", subject=name, by=by, detail=detail)

    def releases(self) -> Sequence[ReleaseRecord]:
        """Every published version, oldest first."""
        with self._database.reading() as connection:
            return releases.records(connection)

    def record_class_counts(self, counts: Sequence[ClassCounts]) -> None:
        """Keep how the anonymised tables of a version were divided; the same again changes nothing."""
        with self._database.writing() as connection:
            for one in counts:
                ledger.record(connection, one)

    def class_counts(self, table: str) -> Sequence[ClassCounts]:
        """Every anonymised table that was published from a source's table, oldest first."""
        with self._database.reading() as connection:
            return ledger.records(connection, table)

    def record_plan_approval(
        self, release: str, policy_sha256: str, fields: Sequence[str], by: str, reason: str = ""
    ) -> None:
        """Keep that a plan was approved, for exactly these fields."""
        with self._database.writing() as connection:
            now = self._clock()
            releases.approve(
                connection,
                now,
                release=release,
                policy_sha256=policy_sha256,
                fields=fields,
                by=by,
                reason=reason,
            )
            detail: dict[str, Any] = {"policy_sha256": policy_sha256, "fields": len(set(fields))}
            if reason:
                detail["reason"] = reason
            audit.append(
                connection, now, action="plan.approve", subject=release, by=by, detail=detail
            )

    def record_plan_refusal(self, release: str, plan_sha256: str, reason: str, by: str) -> None:
        """Keep that a plan was refused; it stays so until it is another."""
        with self._database.writing() as connection:
            now = self._clock()
            plans.refuse(
                connection, now, release=release, plan_sha256=plan_sha256, reason=reason, by=by
            )
            detail = {"policy_sha256": plan_sha256, "reason": reason}
            audit.append(
                connection, now, action="plan.refuse", subject=release, by=by, detail=detail
            )

    def refusals(self, release: str) -> Sequence[PlanRefusal]:
        """Every refusal of a release, oldest first."""
        with self._database.reading() as connection:
            return plans.refusals(connection, release)

    def keep_plan(
        self, release: str, plan_sha256: str, content: Mapping[str, Any], *, by: str = ""
    ) -> None:
        """Keep the present plan of a release, for the officer to read."""
        with self._database.writing() as connection:
            plans.keep(
                connection,
                self._clock(),
                release=release,
                plan_sha256=plan_sha256,
                content=content,
                by=by,
            )

    def kept_plan(self, release: str, plan_sha256: str | None = None) -> KeptPlan | None:
        """The plan that was made last, or the one of that hash; None when none was kept."""
        with self._database.reading() as connection:
            if plan_sha256 is None:
                return plans.last(connection, release)
            return plans.of(connection, release, plan_sha256)

    def approvals(self, release: str) -> Sequence[PlanApproval]:
        """Every approval of a release, oldest first."""
        with self._database.reading() as connection:
            return releases.approvals(connection, release)

    def approved_fields(self, release: str) -> frozenset[str] | None:
        """The fields of the last approval; None when the release was never approved."""
        given = self.approvals(release)
        return given[-1].fields if given else None

    # ------------------------------------------------------------------ accounts

    @property
    def accounts(self) -> Accounts:
        """Who may use the review application."""
        return Accounts(self._database, self._clock)

    # ------------------------------------------------------------------ processing activities

    def activities(self) -> Sequence[SavedActivity]:
        """The processing activities that hold, in the order in which they were first saved."""
        with self._database.reading() as connection:
            return activities.current(connection)

    def activity(self, key: str) -> SavedActivity | None:
        """One activity as it holds; None where there is none, or it was removed."""
        with self._database.reading() as connection:
            return activities.one(connection, key)

    def activity_history(self, key: str) -> Sequence[SavedActivity]:
        """Every version of an activity, oldest first, also of a removed one."""
        with self._database.reading() as connection:
            return activities.history(connection, key)

    def save_activity(self, activity: Activity, *, version: int, by: str) -> SavedActivity:
        """Keep a new version of an activity. It stays, whatever later scans find.

        Args:
            activity: as filled in.
            version: the version it was made from; 0 for a new one.
            by: who saves it.

        Raises:
            ActivityError: somebody saved another version meanwhile (SLADD-920, 921).
        """
        with self._database.writing() as connection:
            now = self._clock()
            saved, changed = activities.save(connection, now, activity, version=version, by=by)
            detail = {"version": saved.version, "name": activity.name, "changed": list(changed)}
            audit.append(
                connection, now, action="activity.save", subject=activity.id, by=by, detail=detail
            )
            return saved

    def remove_activity(self, key: str, *, version: int, by: str) -> None:
        """Take an activity out of the record; its versions stay on file.

        Raises:
            ActivityError: there is none, or somebody saved another version meanwhile.
        """
        with self._database.writing() as connection:
            now = self._clock()
            gone = activities.remove(connection, now, key, version=version, by=by)
            detail = {"version": gone.version, "name": gone.activity.name}
            audit.append(
                connection, now, action="activity.remove", subject=key, by=by, detail=detail
            )

    # ------------------------------------------------------------------ telling

    @property
    def outbox(self) -> Outbox:
        """What is to be told, and to whom it was."""
        return Outbox(self._database, self._clock)

    # ------------------------------------------------------------------ audit trail

    def audit(
        self, action: str, subject: str, by: str, detail: Mapping[str, Any] | None = None
    ) -> AuditEntry:
        """Add an entry to the audit trail. Names and counts only."""
        with self._database.writing() as connection:
            return audit.append(
                connection, self._clock(), action=action, subject=subject, by=by, detail=detail
            )

    def audit_entries(self, *, after: int = 0) -> Sequence[AuditEntry]:
        """The audit trail, oldest first, from the entry behind number `after`."""
        with self._database.reading() as connection:
            return audit.entries(connection, after=after)

    def audit_head(self) -> tuple[int, str]:
        """Number and hash of the last entry, to be kept where the catalog's writers are not."""
        with self._database.reading() as connection:
            return audit.head(connection)

    def audit_page(
        self,
        *,
        action: str = "",
        by: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        skip: int = 0,
        most: int = 50,
    ) -> tuple[int, Sequence[AuditEntry]]:
        """How many entries fit, and a page of them, newest first."""
        with self._database.reading() as connection:
            return audit.page(
                connection, action=action, by=by, since=since, until=until, skip=skip, most=most
            )

    def audit_known(self) -> tuple[Sequence[str], Sequence[str]]:
        """Every action and every person of the trail."""
        with self._database.reading() as connection:
            return audit.known(connection)

    def verify_audit(
        self, *, heads: Mapping[int, str] | None = None, last: int | None = None
    ) -> list[str]:
        """What is wrong with the audit trail, in words; empty when it is whole.

        Args:
            heads: number → hash of entries that were exported and must still be there.
            last: look at no more than this many of the last entries.
        """
        with self._database.reading() as connection:
            return audit.verify(connection, heads=heads, last=last)
