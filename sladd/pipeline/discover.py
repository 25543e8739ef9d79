"""Scan sources: list, sample what changed, judge its columns, link, and write to the catalog.

A table or source that cannot be read is *not scanned* and the rest goes on. Each table is
one unit of work, so that any engine may map over them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sladd import taxonomy
from sladd.errors import ManyErrors, SladdError, SourceError, raise_all
from sladd.model import NotScanned, Progress, Source, TableScan
from sladd.pipeline.bind import Bound, as_not_scanned
from sladd.pipeline.jobs import Job, plan_jobs, scan_one, scan_options
from sladd.pipeline.relations import link_tables

if TYPE_CHECKING:
    from sladd.catalog import Drift


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
    catalog.scans.record(scan_id, *linked)
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


def outcome(result: SourceResult) -> dict[str, object]:
    """The same, with each thing that could not be read and the reason."""
    missed = [{"where": m.where, "reason": m.reason, "code": m.code} for m in result.not_scanned]
    return summary(result) | {"missed": missed}
