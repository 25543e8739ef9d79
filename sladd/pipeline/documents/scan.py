"""Scan a table of documents: each read to its end, its findings counted, its fields judged.

The columns are judged like those of any table, from rows drawn over all documents. What is
counted in a document is every span in it, and every value of a column that is personal.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sladd.model import DocumentScan, FieldScan, How, Sample, Table, TableScan
from sladd.pipeline.documents.fields import completed, merged
from sladd.pipeline.documents.finder import Finder
from sladd.pipeline.documents.reading import NAMES, Counted, read
from sladd.sources.documents.draw import Draw
from sladd.sources.documents.table import OWN, TEXTS, document_id
from sladd.sources.files.entry import FileEntry

if TYPE_CHECKING:
    from detectors.columns import ScanOptions
    from detectors.registry import Detectors
    from sladd.sources.documents.source import DocumentsSource


DRAWN_ROWS = 20_000


"""Rows by which the columns are judged; findings of documents are counted over all rows."""


def scan_documents(
    table: Table,
    source: DocumentsSource,
    *,
    detectors: Detectors,
    options: ScanOptions,
    most: int,
    known: TableScan | None,
) -> TableScan:
    """Say what the documents of a table hold.

    Args:
        table: of the source.
        source: of documents.
        detectors: the recognisers of this run.
        options: languages, budgets, the span finder.
        most: documents to read; 0 reads all.
        known: the last scan under the same rules; documents that have not changed since are not
            read again. None reads everything.

    Returns:
        One `FieldScan` for each column that some document fills.
    """
    from detectors.columns import scan_table

    found = source.collection(table)
    kept = _kept(found.files, known)
    files = [file for file in found.files if document_id(file.relative) not in kept]
    whole = not most or len(files) <= most
    if not whole:
        chosen = random.Random(str(table.ref)).sample(range(len(files)), most)  # noqa: S311
        files = [files[place] for place in sorted(chosen)]
    draw = Draw(DRAWN_ROWS)
    finder = Finder(options.text_spans)
    closed = list(read(source.read(found, files), draw, finder))
    drawn = "block_sample" if not whole else "all" if draw.complete else "random_rows"
    sample = _sample(table, draw, drawn)
    scan = scan_table(sample, detectors=detectors, options=options)
    fields = tuple(completed(each, finder) for each in scan.fields)
    if known is not None and kept:
        fields = merged(known, fields)
        drawn = known.drawn if known.drawn != "all" else drawn
    documents = {each.document.id: _counted(each, fields) for each in closed} | kept
    order = [document_id(file.relative) for file in found.files]
    rows = sum(each.rows for each in documents.values())
    # Of documents that were not read, the rows are estimated by those that were.
    estimate = rows if whole else round(rows * len(found.files) / max(1, len(documents)))
    return TableScan(
        table=replace(
            table,
            # What no document fills is no field: it comes when the first one does.
            fields=tuple(
                f for f in table.fields if str(f.ref) in {str(s.field.ref) for s in fields}
            ),
            rows=estimate,
            rows_exact=whole,
        ),
        fields=fields,
        rows=rows if drawn != "random_rows" else sample.rows,
        drawn=drawn,
        documents=tuple(documents[each] for each in order if each in documents),
    )


def _kept(files: Sequence[FileEntry], known: TableScan | None) -> dict[str, DocumentScan]:
    """Documents that were read to their end and have not changed since."""
    before = {each.id: each for each in known.documents} if known is not None else {}
    return {
        name: before[name]
        for file in files
        if (name := document_id(file.relative)) in before
        and before[name].stamp == file.stamp
        and not before[name].trouble
    }


def _sample(table: Table, draw: Draw, drawn: str) -> Sample:
    """The rows drawn, without columns that no document fills."""
    data = draw.table()
    filled = [
        place for place, column in enumerate(data.columns) if column.null_count < data.num_rows
    ]
    fields = [table.fields[place] for place in filled]
    return Sample(table, data.select(filled), fields, drawn=drawn, rows_total=draw.rows)


def _counted(closed: Counted, fields: Sequence[FieldScan]) -> DocumentScan:
    """The counts of a document with the values of its columns."""
    found = Counter(closed.document.found)
    for each in fields:
        name = each.field.ref.column
        finding = each.finding
        if name in OWN or name in TEXTS or name == "file_name" or finding.how is not How.IS:
            continue
        counts = closed.new_names if name in NAMES else closed.columns
        found[finding.category] += counts.get(name, 0)
    return replace(closed.document, found={k: v for k, v in sorted(found.items()) if v})
