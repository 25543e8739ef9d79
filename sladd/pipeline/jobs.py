"""One table of a source, read and judged, or taken over unchanged."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import SladdError
from sladd.model import FieldScan, NotScanned, Sample, Source, StorageType, Table, TableScan
from sladd.pipeline.bind import Bound, as_not_scanned
from sladd.pipeline.links import with_decided_links

if TYPE_CHECKING:
    from detectors.columns import ScanOptions
# Text of more digits than that may be a telephone, account or customer number: it is no mere
# number, and waits for a decision like any text.
PLAIN_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Job:
    """One table to read and judge, or to take over unchanged."""

    table: Table
    carried: TableScan | None = None
    known: TableScan | None = None  # of documents, of which some have not changed


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
    from detectors.columns.encoded import encoded_sample

    if job.carried is not None:
        if job.table.kind == "documents":
            return job.carried  # its table has the columns that documents fill
        return replace(job.carried, table=job.table)
    begun = time.monotonic()
    try:
        if job.table.kind == "documents":
            return _scan_documents(job, source, bound, options, rows)
        sample = encoded_sample(source.sample(job.table, rows=rows))
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
