"""Publish a release: plan → transform → gate → atomic switch.

Either the new version stands complete and checked, or the old one still does. What was
interrupted is begun again: the snapshot it read is gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sladd.errors import GateError, PlanError, SladdError, raise_all
from sladd.model import (
    Check,
    FieldRef,
    GateResult,
    NotScanned,
    Partition,
    Plan,
    Progress,
    Receipt,
    Source,
    StorageType,
    Table,
)
from sladd.pipeline.approval import require_approval
from sladd.pipeline.bind import Bound
from sladd.pipeline.discover import silent
from sladd.pipeline.drafting import draft
from sladd.pipeline.earlier import EARLIER, told_of
from sladd.pipeline.empties import empty_checks
from sladd.pipeline.incremental import open_reuse
from sladd.pipeline.integrity import join_checks
from sladd.pipeline.leaks import LeakTest
from sladd.pipeline.links import apply_links, decided_links
from sladd.pipeline.making import Making, Mapper, PartWork
from sladd.pipeline.planning import make_plan
from sladd.pipeline.vault import vault_of
from sladd.release import GateAnswer, GateRecord
from sladd.release.paths import MANIFEST

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from sladd.config import ReleaseConfig
    from sladd.release import Manifest, Store
    from sladd.targets.directory import Staging
    from sladd.targets.schemas import SchemaTarget


@dataclass(frozen=True, slots=True)
class Published:
    """A version that stands."""

    manifest: Manifest
    path: Path | str  # of the version: a folder, or a URL in an object store
    result: GateResult
    reused: Mapping[str, Any] = field(default_factory=dict)  # by an incremental publish
    warnings: Sequence[str] = ()  # what the gate did not refuse and somebody should know

    def summary(self) -> dict[str, Any]:
        """Names and counts, fit for JSON and artifacts."""
        reached = self.manifest.risk.get("anonymity", {}).get("tables", {})
        return {
            "release": self.manifest.release,
            "version": self.manifest.version,
            "kind": self.manifest.kind,
            "label": self.manifest.label,
            "tables": len(self.manifest.tables),
            "rows": sum(table.rows_out for table in self.manifest.tables),
            "checks": len(self.result.checks),
            "path": str(self.path),
            **({"reused": dict(self.reused)} if self.reused else {}),
            **({"anonymity": dict(reached)} if reached else {}),
            **({"warnings": list(self.warnings)} if self.warnings else {}),
        }


def in_order(work: PartWork, partitions: Sequence[Partition]) -> Iterator[Receipt]:
    """Work the partitions one after another, in this process."""
    return map(work, partitions)


def publish(
    bound: Bound,
    name: str,
    *,
    by: str = "sladd",
    tell: Progress = silent,
    mapper: Mapper = in_order,
    now: datetime | None = None,
    incremental: bool = False,
) -> Published:
    """Make a new version of a release and switch to it.

    Args:
        bound: the configuration.
        name: of the release.
        by: who publishes, for the audit trail.
        tell: progress.
        mapper: maps the work over the partitions of one table; an engine brings its own.
        now: the clock; default: the real one.
        incremental: read only what changed since the version that stands; the outcome is the same.

    Raises:
        PlanError: the plan has faults, or the schema changed since the scan; or the officer has
            not approved the plan (SLADD-931…933).
        SourceError: a source or the target failed; nothing was switched.
        KeyringError: the key cannot be used.
        GateError: a check said no; nothing was switched.
    """
    from sladd import gate
    from sladd.pipeline.assurance import measure_release
    from sladd.release import version_id
    from sladd.targets.directory import Staging

    at = now or datetime.now(UTC)
    made = make_plan(bound, name, now=at)
    release = bound.config.releases[name]
    asked = require_approval(bound, made, by=by)
    master = bound.keyring.master(release.key)
    target = bound.config.folder_of(name)
    with ExitStack() as stack:
        schema = stack.enter_context(_schema(name, release, made)) if release.schema_ else None
        store = _store(name, release) if release.in_store else None
        staging = stack.enter_context(Staging.begin(target, version_id(at)))
        stack.enter_context(_cleared_when_interrupted(staging))
        sources = {n: stack.enter_context(closing(bound.open_source(n))) for n in release.from_}
        tables = apply_links(_tables(made, sources), decided_links(bound))
        snapshots = {n: stack.enter_context(s.snapshot()) for n, s in sources.items()}
        reuse, standing, reason = None, None, ""
        if incremental and made.kind == "anonymised":
            reason = "every row decides how coarse an anonymised release is, so it is made anew"
        elif incremental:
            reuse, standing, reason = open_reuse(
                bound, made, release, master, version=staging.version, store=store
            )
            if reuse is not None:
                stack.callback(reuse.clear)
        work = Making(bound, made, release, master, staging, tables, snapshots, reuse, standing, at)
        work.vault = stack.enter_context(vault_of(bound, name))
        work.leaks = leaks = stack.enter_context(LeakTest(work))
        work.transform(tell, mapper)
        tell("gate", 0, None)
        work.measures = measure_release(work)
        drafted = draft(work, at).model_copy(update={"files": work.texts()})
        manifest = gate.with_orphans(staging.path, drafted)
        if release.csv:
            manifest = staging.write_csv(manifest)
        manifest = staging.write_documents(manifest)
        signing = bound.keyring.signing_key(release.key)
        checked = _gate(work, leaks, manifest, signing)
        manifest = manifest.model_copy(update={"gate": record(checked)})
        if schema is not None:
            tell("database", 0, None)
            schema.load(staging.path, manifest)
        path: Path | str
        if store is not None:
            from sladd.targets.store import publish_to

            tell("upload", 0, None)
            path = publish_to(
                store, staging, manifest, key=signing, keep_versions=release.keep_versions
            )
        else:
            path = staging.publish(manifest, key=signing, keep_versions=release.keep_versions)
            if schema is not None:
                signed = (path / MANIFEST).read_bytes()
                schema.switch(signed, keep_old=release.keep_versions > 1)
        if reuse is not None:
            reuse.commit(manifest)
        less = _less_than_the_source(made, [*snapshots.values(), *sources.values()])
    reused = (reuse.summary() if reuse else {"notes": [reason]}) if incremental else {}
    summary = {
        "version": manifest.version,
        "policy_sha256": made.policy_sha256,
        "plan_sha256": asked.plan_sha256,
    }
    bound.catalog.releases.record(name, manifest.version, summary, by=by)
    if work.measures is not None:
        bound.catalog.releases.record_class_counts(work.measures.counts)
    told = work.measures.told() if work.measures is not None else ()
    return Published(manifest, path, checked, reused, (*told, *less))


def _less_than_the_source(made: Plan, readers: Sequence[object]) -> tuple[str, ...]:
    """What readers left out of rows that they read: a line each, of what the release has."""
    kept = {str(f.field) for table in made.tables for f in table.fields if f.output}
    lines: dict[str, None] = {}
    for reader in readers:
        said: Sequence[NotScanned] = getattr(reader, "warnings", ())
        for line in said:
            column = line.code == 220
            if column and line.where not in kept:
                continue
            mend = (
                "read the table through a view that says what they mean"
                if column
                else "mend the file or export it again, then sladd discover and publish"
            )
            lines[f"SLADD-{line.code}: {line.reason} · {line.where} · {mend}"] = None
    return tuple(lines)


def _schema(name: str, release: ReleaseConfig, made: Plan) -> SchemaTarget:
    """The schema that a release goes into, found to be free to be replaced.

    Raises:
        ConfigError: its address is of no use (SLADD-138).
        SourceError: it cannot be used (SLADD-285), something hangs on it (SLADD-288), or a name
            does not fit (SLADD-293).
    """
    from sladd.targets.schemas import open_schema
    from sladd.targets.schemas.faults import depended_on, too_long

    where = f"sladd.yaml, releases.{name}"
    schema = open_schema(release.to, release.schema_ or "", where=where)
    names = [n for t in made.tables for n in (t.output, *(f.column for f in t.fields)) if n]
    if long := schema.too_long(names):
        raise too_long(schema.shown, list(long))
    # Asked before hours of work, and again before the switch.
    if hanging := schema.obstacles():
        raise depended_on(schema.shown, list(hanging))
    return schema


def _store(name: str, release: ReleaseConfig) -> Store:
    """The object store that a release goes into, found to be one that can be asked.

    Raises:
        ConfigError: its address is of no use (SLADD-157, 158).
        SourceError: it cannot be used (SLADD-291), or holds other things (SLADD-283).
    """
    from sladd.release import Store
    from sladd.targets.store import refuse_foreign

    store = Store(release.to, where=f"sladd.yaml, releases.{name}")
    refuse_foreign(store)
    return store


@contextmanager
def _cleared_when_interrupted(staging: Staging) -> Iterator[None]:
    """Remove what was staged on Ctrl-C: nothing takes it up again, and it is personal data."""
    try:
        yield
    except KeyboardInterrupt:
        staging.abort()
        raise


# Types whose values are no texts: a scan that found nothing in them says nothing of texts.
_CLOSED = frozenset((
    StorageType.INTEGER, StorageType.DECIMAL, StorageType.FLOAT, StorageType.BOOLEAN,
    StorageType.DATE, StorageType.TIMESTAMP, StorageType.TIME,
))  # fmt: skip


def _opened(field_: FieldRef, now: StorageType) -> bool:
    """Whether a column of numbers or dates holds texts by now.

    Of what lies in a list the source tells that it is a list, as it did before.
    """
    return now not in _CLOSED and not (field_.path and now is StorageType.LIST)


def _tables(made: Plan, sources: Mapping[str, Source]) -> list[Table]:
    """The tables of the plan as they are now.

    Raises:
        PlanError: one has gone, or lost a column, since the scan (SLADD-331), or a column of
            numbers or dates has become one that can hold anything (SLADD-348).
        SourceError: a source could not be listed.
    """
    found = {str(table.ref): table for source in sources.values() for table in source.tables()}
    errors: list[SladdError] = []
    for planned in made.tables:
        address = str(planned.table)
        table = found.get(address)
        mend = f"sladd discover {planned.table.source}"
        if table is None:
            errors.append(
                PlanError("the table has gone since the scan", code=331, where=address, mend=mend)
            )
            continue
        columns = {f.ref: f.type for f in table.fields}
        gone = [f.field for f in planned.fields if f.output and f.field not in columns]
        errors += [
            PlanError("the column has gone since the scan", code=331, where=str(f), mend=mend)
            for f in gone
        ]
        errors += [
            PlanError(
                f"the column was {f.type} when it was scanned and is {columns[f.field]} now",
                code=348,
                where=str(f.field),
                mend=mend,
            )
            for f in planned.fields
            if f.output and f.type in _CLOSED and _opened(f.field, columns.get(f.field, f.type))
        ]
    raise_all(errors)
    return list(found.values())


def _gate(
    work: Making, leaks: LeakTest, manifest: Manifest, signing: Ed25519PrivateKey
) -> GateResult:
    """Check what was written, before anyone can see it.

    Raises:
        GateError: a check said no (SLADD-650), or together with an earlier release this one
            singles somebody out (SLADD-651).
    """
    from sladd import gate
    from sladd.gate.release_files import NEEDS_SOURCE
    from sladd.pipeline.verify import rescanner

    work.staging.write_manifest(manifest, signing)
    own = [*join_checks(work.counts, work.joins), *empty_checks(work.keeping())]
    if work.measures is not None:
        own += work.measures.judged(work.release.promised.earlier)
    result = gate.files(work.staging.path, rescan=rescanner(), now=work.at, measured=work.measured)
    against = leaks.result(manifest)
    # What only the source can answer was asked of it.
    left = [question for question in result.not_checked if question != NEEDS_SOURCE]
    checked = GateResult((*own, *result.checks, *against.checks), (*left, *against.not_checked))
    faults = [_refusal(c) for c in checked.checks if not c.passed and c.name != EARLIER]
    raise_all([*faults, *_with_earlier(checked)])
    return checked


def _with_earlier(checked: GateResult) -> Iterator[GateError]:
    """One refusal for each table that gives somebody away together with earlier releases."""
    for table, told in told_of(EARLIER, checked.checks).items():
        yield GateError(
            f"an earlier release and this one may single persons out together: {told}",
            code=651,
            where=table,
            mend="publish a fixed population (where:) or at the levels of that release, or wait "
            "until more persons have come and gone; guarantee: {earlier: warn} where nobody can "
            "have both",
        )


def _refusal(check: Check) -> GateError:
    where = check.column or check.name
    what, _, change = check.detail.partition("; the smallest change that passes: ")
    return GateError(
        f"the gate says no: {check.name}: {what}",
        code=650,
        where=where,
        mend=change
        or "sladd plan shows what each column goes through; give the column another rule",
    )


def record(result: GateResult) -> GateRecord:
    """The gate's answers as the manifest keeps them."""
    return GateRecord(
        passed=result.passed,
        checks=tuple(
            GateAnswer(name=c.name, passed=c.passed, detail=c.detail, column=c.column)
            for c in result.checks
        ),
        not_checked=result.not_checked,
    )
