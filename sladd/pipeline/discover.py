"""Scan sources: list, sample what changed, judge its columns, link, and write to the catalog.

A table or source that cannot be read is *not scanned* and the rest goes on. Each table is
one unit of work, so that any engine may map over them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from sladd import taxonomy
from sladd.errors import ManyErrors, SladdError, SourceError, raise_all
from sladd.model import (
    FieldScan,
    Link,
    LinkState,
    NotScanned,
    Progress,
    Sample,
    Source,
    StorageType,
    Table,
    TableRef,
    TableScan,
)
from sladd.pipeline.bind import Bound, as_not_scanned
from sladd.pipeline.entities import entities, entity_of, person_paths
from sladd.pipeline.links import apply_links, decided_links, with_decided_links

if TYPE_CHECKING:
    from detectors.columns import ScanOptions
    from sladd.catalog import Drift

# Text of more digits than that may be a telephone, account or customer number: it is no mere
# number, and waits for a decision like any text.
PLAIN_DIGITS = 6


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What became of one source."""

    source: str
    scanned: int
    unchanged: int
    not_scanned: tuple[NotScanned, ...]
    drift: Drift
    tables: tuple[TableScan, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Job:
    """One table to read and judge, or to take over unchanged."""

    table: Table
    carried: TableScan | None = None
    known: TableScan | None = None  # of documents, of which some have not changed


def silent(what: str, done: int, total: int | None) -> None:
    """A progress callable that says nothing."""


def in_order(
    work: Callable[[Job], TableScan | NotScanned], jobs: Sequence[Job]
) -> Iterator[TableScan | NotScanned]:
    """Work the jobs one after another, in this process."""
    return map(work, jobs)


Mapper = Callable[
    [Callable[[Job], TableScan | NotScanned], Sequence[Job]], Iterator[TableScan | NotScanned]
]


def discover(
    bound: Bound,
    asked: Sequence[str] = (),
    *,
    full: bool = False,
    sample_rows: int | None = None,
    by: str = "sladd",
    tell: Progress = silent,
    mapper: Mapper = in_order,
) -> tuple[SourceResult, ...]:
    """Scan the named sources, or all.

    Args:
        bound: the configuration.
        asked: names of sources; none means all.
        full: read tables again that did not change, and every row of each.
        sample_rows: rows a table; None: `detection.sample_rows`; 0: all.
        by: who scans, for the audit trail.
        tell: progress.
        mapper: maps the work over the jobs; an engine brings its own.

    Raises:
        ConfigError: a source is unknown.
        SourceError: every source failed.
        ManyErrors: the same for several sources.
    """
    from sladd.pipeline.links.run import measure_everywhere

    names = bound.source_names(asked)
    results: list[SourceResult] = []
    failures: list[SladdError] = []
    for name in names:
        begun = time.monotonic()
        try:
            source = bound.open_source(name)
            try:
                results.append(
                    _one_source(bound, source, full, sample_rows, by, tell, mapper, begun)
                )
            finally:
                source.close()
        except (SourceError, ManyErrors) as error:
            failures.append(error)
            results.append(_failed(bound, name, error, by, begun))
    if failures and len(failures) == len(names):
        raise_all(failures)
    failed = [r.source for r in results if any(m.where == r.source for m in r.not_scanned)]
    # A source that nobody asked for is not opened, so nothing can be said between sources.
    every = set(names) == set(bound.config.sources)
    missed = tuple(measure_everywhere(bound, tell, skip=failed)) if every else ()
    if missed:
        results[-1] = replace(results[-1], not_scanned=(*results[-1].not_scanned, *missed))
    return tuple(results)


def plan_jobs(bound: Bound, source: Source, *, full: bool) -> list[Job]:
    """Which tables to read, and which are unchanged since the last scan."""
    jobs = []
    for table in with_decided_links(bound, source.tables()):
        carried = former = None
        if not full and table.fingerprint:
            known = bound.catalog.scans.fingerprint(str(table.ref), bound.ruleset)
            if known == table.fingerprint:
                carried = bound.catalog.tables.one(str(table.ref))
            elif known is not None and table.kind == "documents":
                former = bound.catalog.tables.one(str(table.ref))
        jobs.append(Job(table, carried, former))
    return jobs


def scan_one(
    job: Job,
    source: Source,
    bound: Bound,
    options: ScanOptions,
    *,
    rows: int,
) -> TableScan | NotScanned:
    """Read and judge one table. A fault becomes `NotScanned`, without values."""
    from detectors.columns import scan_table

    if job.carried is not None:
        if job.table.kind == "documents":
            return job.carried  # its table has the columns that documents fill
        return replace(job.carried, table=job.table)
    begun = time.monotonic()
    try:
        if job.table.kind == "documents":
            return _scan_documents(job, source, bound, options, rows)
        sample = source.sample(job.table, rows=rows)
        scan = scan_table(sample, detectors=bound.detectors, options=options)
    except SladdError as error:
        return as_not_scanned(str(job.table.ref), error)
    except Exception as fault:
        # A recogniser or a driver that dies of one table must not end the scan, and its
        # message could quote a value: only its type is told.
        return NotScanned(
            where=str(job.table.ref),
            reason=f"reading stopped with {type(fault).__name__} · sladd discover --debug",
            code=290,
        )
    return replace(scan, fields=_with_written_types(scan, sample), seconds=time.monotonic() - begun)


def _scan_documents(
    job: Job, source: Source, bound: Bound, options: ScanOptions, rows: int
) -> TableScan:
    """Read and judge documents. `rows` of a table are documents here."""
    from sladd.pipeline.documents import scan_documents
    from sladd.sources.documents.source import DocumentsSource

    assert isinstance(source, DocumentsSource)  # noqa: S101 - the kind of its tables says so
    begun = time.monotonic()
    scan = scan_documents(
        job.table, source, detectors=bound.detectors, options=options, most=rows, known=job.known
    )
    return replace(scan, seconds=time.monotonic() - begun)


def _with_written_types(scan: TableScan, sample: Sample) -> tuple[FieldScan, ...]:
    """Say of text columns which hold numbers, dates or yes/no in every row looked at."""
    from sladd.sources.files.typing import TypeGuess

    columns = dict(zip((f.ref for f in sample.fields), sample.data.columns, strict=True))
    fields = []
    for each in scan.fields:
        column = columns.get(each.field.ref)
        if column is None or each.field.type is not StorageType.STRING:
            fields.append(each)
            continue
        guess = TypeGuess()
        guess.update(column)
        kind = guess.result()
        if kind is StorageType.INTEGER and _widest(column) > PLAIN_DIGITS:
            kind = None
        fields.append(replace(each, written_as=kind))
    return tuple(fields)


def _widest(column: pa.ChunkedArray) -> int:
    """Characters of the longest text."""
    return int(pc.max(pc.utf8_length(column.cast(pa.string()))).as_py() or 0)


def scan_options(bound: Bound, source: str) -> ScanOptions:
    """What the column scanner may use for one source."""
    from detectors.columns import ScanOptions
    from sladd.sources.nested import expand_json

    return ScanOptions(
        languages=tuple(bound.config.languages),
        text_rows=bound.config.detection.text_rows,
        text_spans=bound.text_finders.by_rules,
        text_names=bound.find_spans if bound.text_finders.modelled else None,
        text_known=bound.text_finders.known,
        expand_json=expand_json,
        eav=bound.config.sources[source].eav,
        child_age=bound.config.detection.child_age,
    )


def _one_source(
    bound: Bound,
    source: Source,
    full: bool,
    sample_rows: int | None,
    by: str,
    tell: Progress,
    mapper: Mapper,
    begun: float,
) -> SourceResult:
    from sladd.pipeline.links.run import measure_source

    rows = bound.config.detection.sample_rows if sample_rows is None else sample_rows
    rows = 0 if full else rows
    tell(f"{source.name}: listing", 0, None)
    jobs = plan_jobs(bound, source, full=full)
    options = scan_options(bound, source.name)
    scans: list[TableScan] = []
    failed: list[NotScanned] = []
    for done, result in enumerate(
        mapper(lambda job: scan_one(job, source, bound, options, rows=rows), jobs)
    ):
        (scans if isinstance(result, TableScan) else failed).append(result)  # type: ignore[arg-type]
        tell(str(jobs[done].table.ref), done + 1, len(jobs))
    suggested, unmeasured = measure_source(bound, source, scans, tell)
    missed = [*source.not_scanned, *failed, *_left_out(source)]
    failed = list(dict.fromkeys([*missed, *unmeasured]))
    linked = link_tables(bound, scans, suggested)
    catalog = bound.catalog
    scan_id = catalog.scans.begin(source.name, ruleset=bound.ruleset, by=by)
    for scan in linked:
        catalog.scans.record(scan_id, scan)
    catalog.scans.record_not_scanned(scan_id, failed)
    seen = [str(job.table.ref) for job in jobs] + [each.where for each in failed]
    drift = catalog.scans.finish(scan_id, seen_tables=seen)
    unchanged = sum(job.carried is not None for job in jobs)
    return SourceResult(
        source=source.name,
        scanned=len(scans) - unchanged,
        unchanged=unchanged,
        not_scanned=tuple(failed),
        drift=drift,
        tables=tuple(linked),
        seconds=time.monotonic() - begun,
    )


def _left_out(source: Source) -> Iterator[NotScanned]:
    """Rows, records and bytes that a file's reader left out, while it read the rest."""
    said: Sequence[NotScanned] = getattr(source, "warnings", ())
    for line in said:
        yield replace(
            line,
            where=f"{line.where} · rows",
            reason=f"{line.reason} · mend the file or export it again, then sladd discover",
        )


def link_tables(
    bound: Bound, scans: Sequence[TableScan], suggested: Sequence[Link] = ()
) -> list[TableScan]:
    """Add what the tables say of each other: entities, person paths, linked findings.

    Args:
        bound: the configuration.
        scans: of one source.
        suggested: links that nobody confirmed yet. What hangs on one is marked as such, and
            gets no person path, so that no release is built on it.
    """
    from detectors.columns.linked import is_person_table, link, unlinked

    own = {scan.table.ref for scan in scans}
    every = [unlinked(scan) for scan in (*scans, *_led_to(bound, scans))]
    tables = [scan.table for scan in every]
    names = {scan.table.ref.source for scan in every}
    declared = {
        entity: fields
        for entity, fields in bound.config.entities.items()
        if all(field.split("/", 1)[0] in names for field in fields)
    }
    found = entities(tables, declared)
    persons: set[TableRef] = {scan.table.ref for scan in every if is_person_table(scan)}
    configured = {t: c for t, c in bound.person_links().items() if t.split("/", 1)[0] in names}
    paths = person_paths(tables, persons, configured, bound.config.entities)
    maybe = _suggested_paths(tables, persons, configured, bound, suggested)
    return [
        replace(
            scan,
            entity=_own_entity(scan.table, found),
            person_path=paths.get(str(scan.table.ref), ()),
        )
        for scan in link(every, paths, maybe)
        if scan.table.ref in own
    ]


def _led_to(bound: Bound, scans: Sequence[TableScan]) -> list[TableScan]:
    """Tables of other sources that confirmed links of these lead to."""
    here = {scan.table.ref.source for scan in scans}
    if not any(
        link.holds and link.table.source in here and link.target.source not in here
        for link in decided_links(bound)
    ):
        return []
    return [scan for scan in bound.catalog.tables.all() if scan.table.ref.source not in here]


def _suggested_paths(
    tables: Sequence[Table],
    persons: set[TableRef],
    configured: dict[str, str],
    bound: Bound,
    suggested: Sequence[Link],
) -> dict[str, tuple[tuple[str, ...], float]]:
    """The way to a person that tables would have if the suggested links hold, and how sure."""
    if not suggested:
        return {}
    sure = {link.start: link.confidence for link in suggested}
    held = [replace(link, state=LinkState.CONFIRMED) for link in suggested]
    paths = person_paths(apply_links(tables, held), persons, configured, bound.config.entities)
    return {
        table: (path, math.prod(sure.get(step, 1.0) for step in path[:-1]))
        for table, path in paths.items()
        if len(path) > 1
    }


def _own_entity(table: Table, found: Sequence[object]) -> str | None:
    if len(table.primary_key) != 1:
        return None
    return entity_of(table.column(table.primary_key[0]).ref, found)  # type: ignore[arg-type]


def _failed(bound: Bound, name: str, error: SladdError, by: str, begun: float) -> SourceResult:
    """Write down that a source could not be read; what is known of it stays."""
    parts = error.errors if isinstance(error, ManyErrors) else (error,)
    failed = tuple(as_not_scanned(name, _with_place(name, part)) for part in parts)
    scan_id = bound.catalog.scans.begin(name, ruleset=bound.ruleset, by=by)
    bound.catalog.scans.record_not_scanned(scan_id, failed)
    drift = bound.catalog.scans.finish(scan_id, seen_tables=())
    return SourceResult(name, 0, 0, failed, drift, (), time.monotonic() - begun)


def _with_place(name: str, error: SladdError) -> SladdError:
    """The error with the place inside the source, such as its pattern, in its sentence."""
    place = error.where.removeprefix("source ").removeprefix(name).lstrip(",/ ")
    what = f"{error.what}: {place}" if place else error.what
    return SladdError(what, code=error.code, mend=error.mend)


def summary(result: SourceResult) -> dict[str, object]:
    """A source's outcome as plain data: names and counts, fit for JSON and artifacts."""
    fields = [field for table in result.tables for field in table.fields]
    personal = {category.key for category in taxonomy.load() if category.personal}
    return {
        "source": result.source,
        "scanned": result.scanned,
        "unchanged": result.unchanged,
        "not_scanned": len(result.not_scanned),
        "fields": len(fields),
        "personal": sum(field.finding.category in personal for field in fields),
        "new": list(result.drift.new_findings),
        "changed": [change.field for change in result.drift.changed],
        "gone": list(result.drift.gone),
        "reopened": list(result.drift.reopened),
        "seconds": round(result.seconds, 2),
    }
