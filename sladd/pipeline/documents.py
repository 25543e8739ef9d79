"""Scan a table of documents: each read to its end, its findings counted, its fields judged.

The columns are judged like those of any table, from rows drawn over all documents. What is
counted in a document is every span in it, and every value of a column that is personal.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sladd.model import (
    DocumentScan,
    FieldScan,
    Finding,
    How,
    Sample,
    SpanFinder,
    Table,
    TableScan,
)
from sladd.sources.documents.draw import Draw
from sladd.sources.documents.table import OWN, SCHEMA, TEXTS, document_id
from sladd.sources.files.entry import FileEntry

if TYPE_CHECKING:
    from detectors.columns import ScanOptions
    from detectors.registry import Detectors
    from sladd.sources.documents.source import Document, DocumentsSource

DRAWN_ROWS = 20_000
"""Rows by which the columns are judged; findings of documents are counted over all rows."""

BATCH_TEXTS = 256  # texts handed to the finder at once, as in `redact_text`
TOGETHER = 64  # documents of which the texts are held while they wait for the finder
SURE = 0.5  # a span of a lower score counts from the second different one, as in columns
_EMAIL = "user.contact.email"
NAMES = ("from_name", "to_name", "author")
_REMEMBERED = 20_000  # short texts, such as addresses, of which the spans are kept
_SHORT = 200  # characters

Found = Counter[str]


@dataclass(slots=True)
class _Open:
    """What was seen in one document so far. Holds values until it is closed."""

    document: DocumentScan
    spans: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    columns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __repr__(self) -> str:
        return f"<document with {len(self.spans)} categories>"


@dataclass(frozen=True, slots=True)
class _Closed:
    """The same in counts: by category, and by column for those that are judged later."""

    document: DocumentScan
    columns: Mapping[str, int]
    new_names: Mapping[str, int]  # values of name columns that the texts do not hold


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
    finder = _Finder(options.text_spans)
    closed = list(_read(source.read(found, files), draw, finder))
    drawn = "block_sample" if not whole else "all" if draw.complete else "random_rows"
    sample = _sample(table, draw, drawn)
    scan = scan_table(sample, detectors=detectors, options=options)
    fields = tuple(_completed(each, finder) for each in scan.fields)
    if known is not None and kept:
        fields = _merged(known, fields)
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


class _Finder:
    """Spans in texts; remembers the answers for short ones. Counts texts by column."""

    def __init__(self, find: SpanFinder | None) -> None:
        self._find = find
        self._known: dict[str, tuple[tuple[str, str, float], ...]] = {}
        self._waiting: list[tuple[str, str, _Open]] = []
        self.texts: dict[str, Found] = defaultdict(Counter)  # column → category → texts
        self.read: Found = Counter()  # column → texts

    def __repr__(self) -> str:
        return f"<_Finder of {sum(self.read.values())} texts>"

    def look(self, column: str, texts: Sequence[str], into: _Open) -> None:
        """Find spans in some texts of one document, at the latest at the next `flush`."""
        if self._find is None:
            return
        self._waiting += [(column, text, into) for text in texts]
        if len(self._waiting) >= BATCH_TEXTS:
            self.flush()

    def flush(self) -> None:
        """Answer what waits: a finder is fastest with many texts at once."""
        waiting, self._waiting = self._waiting, []
        asked = list(dict.fromkeys(text for _, text, _ in waiting if text not in self._known))
        for start in range(0, len(asked), BATCH_TEXTS):
            some = asked[start : start + BATCH_TEXTS]
            assert self._find is not None  # noqa: S101 - nothing waits without a finder
            for text, spans in zip(some, self._find(some), strict=True):
                self._known[text] = tuple(
                    (s.category, text[s.start : s.end].casefold(), s.score)
                    for s in spans
                    if s.category
                )
        for column, text, into in waiting:
            seen = self._known[text]
            self.read[column] += 1
            for category, piece, score in seen:
                into.spans[category][piece] = max(score, into.spans[category].get(piece, 0.0))
            self.texts[column].update({category for category, _, score in seen if score >= SURE})
        for text in asked:
            if len(text) > _SHORT or len(self._known) > _REMEMBERED:
                self._known.pop(text, None)


def _read(documents: Iterable[Document], draw: Draw, finder: _Finder) -> Iterator[_Closed]:
    """Read documents; the texts of some go to the finder together."""
    opened: list[_Open] = []
    for document in documents:
        opened.append(_read_one(document, draw, finder))
        if len(opened) == TOGETHER:
            finder.flush()
            yield from map(_closed, opened)
            opened.clear()
    finder.flush()
    yield from map(_closed, opened)


def _read_one(document: Document, draw: Draw, finder: _Finder) -> _Open:
    scan = DocumentScan(
        id=document_id(document.file.relative),
        shown=document.file.shown,
        format="",
        stamp=document.file.stamp,
        rows=0,
    )
    seen = _Open(scan)
    for batch in document.batches:
        draw.add(batch)
        for name in TEXTS:
            texts = batch.column(name).drop_null().to_pylist()
            if texts:
                finder.look(name, texts, seen)
        names = batch.column("file_name").drop_null().to_pylist()
        if names:
            finder.look("file_name", [_as_words(name) for name in names], seen)
        for name in SCHEMA.names:
            if name not in OWN and name not in TEXTS:
                values = batch.column(name).drop_null().to_pylist()
                seen.columns[name].update(str(value).casefold() for value in values)
    seen.document = replace(
        scan,
        format=document.format,
        rows=document.rows,
        unread=document.unread,
        trouble=document.trouble,
    )
    return seen


def _closed(seen: _Open) -> _Closed:
    """The counts; what was seen is forgotten with it."""
    found = {
        category: len(held)
        for category, pieces in sorted(seen.spans.items())
        if (held := _sure(pieces))
    }
    written = set(seen.spans.get("user.name", ()))
    return _Closed(
        replace(seen.document, found=found),
        columns={name: len(values) for name, values in seen.columns.items() if values},
        new_names={name: len(seen.columns[name] - written) for name in NAMES},
    )


def _as_words(name: str) -> str:
    """A file name as a text: `Kari_Nordmann_cv.pdf` → `Kari Nordmann cv`."""
    stem = name.rpartition(".")[0] or name
    return stem.replace("_", " ")


def _sure(pieces: Mapping[str, float]) -> Sequence[str]:
    """Different values that count: those of a sure span; unsure ones when there are several."""
    return list(pieces) if len(pieces) > 1 else [p for p, score in pieces.items() if score >= SURE]


def _sample(table: Table, draw: Draw, drawn: str) -> Sample:
    """The rows drawn, without columns that no document fills."""
    data = draw.table()
    filled = [
        place for place, column in enumerate(data.columns) if column.null_count < data.num_rows
    ]
    fields = [table.fields[place] for place in filled]
    return Sample(table, data.select(filled), fields, drawn=drawn, rows_total=draw.rows)


def _completed(each: FieldScan, finder: _Finder) -> FieldScan:
    """A field with what stands in any of its texts, not only in those drawn."""
    name = each.field.ref.column
    if name in OWN:
        # Digests, words of a list of ours and numbers say nothing, whatever they look like.
        nothing = Finding(each.finding.field, How.NONE, "", "", 0.0)
        return replace(each, finding=nothing, few_values=name == "part")
    if name in {"from", "to"} and each.finding.how is not How.IS:
        return replace(each, finding=_address(each.finding, finder, name))
    if name not in {"subject", "request", "text"} or not finder.read[name]:
        return each
    finding = each.finding
    inside = {category for category, texts in finder.texts[name].items() if texts}
    told = {finding.category, *finding.also}
    if finding.how is How.NONE and inside:
        return replace(each, finding=_contains(finding, finder, name))
    if finding.how is How.CONTAINS and inside - told:
        also = tuple(sorted((set(finding.also) | inside) - {finding.category}))
        return replace(each, finding=replace(finding, also=also))
    return each


def _address(finding: Finding, finder: _Finder, name: str) -> Finding:
    """A header of addresses is that, also where it has too few values for statistics."""
    from detectors.columns.weighing import Candidate

    matched, read = finder.texts[name][_EMAIL], finder.read[name]
    if not read or matched < read / 2:
        return finding
    candidate = Candidate(_EMAIL, "EMAIL_ADDRESS")
    candidate.add("pattern", 4.5, matched=matched, distinct=read, chance=0.01)
    candidate.add("header", 2.0, token=name)
    return replace(
        finding,
        how=How.IS,
        type=candidate.type,
        category=candidate.category,
        confidence=candidate.confidence,
        evidence=tuple(candidate.evidence),
        also=(),
    )


def _contains(finding: Finding, finder: _Finder, name: str) -> Finding:
    """The finding for texts in which spans were found, weighed as the column scanner does."""
    from detectors.columns.weighing import Candidate

    candidate = Candidate("user.content.private", "FREE_TEXT", How.CONTAINS)
    read = finder.read[name]
    candidate.add("text", 1.3, distinct=read)
    for category, texts in sorted(finder.texts[name].items()):
        candidate.add("text", 3.0, category=category, texts=texts, read=read, score=SURE)
    return Finding(
        field=finding.field,
        how=How.CONTAINS,
        type=candidate.type,
        category=candidate.category,
        confidence=candidate.confidence,
        evidence=tuple(candidate.evidence),
        also=tuple(sorted(finder.texts[name])),
    )


def _merged(known: TableScan, fields: Sequence[FieldScan]) -> tuple[FieldScan, ...]:
    """What was known, and what the new documents add; only a full scan takes anything back."""
    fresh = {str(each.field.ref): each for each in fields}
    merged = []
    for before in known.fields:
        now = fresh.pop(str(before.field.ref), None)
        merged.append(before if now is None else _both(before, now))
    return (*merged, *fresh.values())


def _both(before: FieldScan, now: FieldScan) -> FieldScan:
    one, other = before.finding, now.finding
    total = replace(
        before,
        rows=before.rows + now.rows,
        nulls=before.nulls + now.nulls,
        distinct=None,
        few_values=before.few_values and now.few_values,
        written_as=before.written_as if before.written_as is now.written_as else None,
    )
    if one.how is How.NONE:
        return replace(total, finding=other)
    told = {one.category, *one.also}
    more = {other.category, *other.also} - told - {""}
    if other.how is How.CONTAINS and more:
        return replace(total, finding=replace(one, also=tuple(sorted({*one.also, *more}))))
    return total


def _counted(closed: _Closed, fields: Sequence[FieldScan]) -> DocumentScan:
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
