"""Documents read to their end: what was seen in each, and then only its counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sladd.model import DocumentScan
from sladd.pipeline.documents.finder import SURE, Finder, Seen
from sladd.sources.documents.draw import Draw
from sladd.sources.documents.table import OWN, SCHEMA, TEXTS, document_id

if TYPE_CHECKING:
    from sladd.sources.documents.source import Document

TOGETHER = 64  # documents of which the texts are held while they wait for the finder
NAMES = ("from_name", "to_name", "author")


@dataclass(frozen=True, slots=True)
class Counted:
    """What was seen in one document, in counts: by category, and by column for those judged later."""

    document: DocumentScan
    columns: Mapping[str, int]
    new_names: Mapping[str, int]  # values of name columns that the texts do not hold


def read(documents: Iterable[Document], draw: Draw, finder: Finder) -> Iterator[Counted]:
    """Read documents; the texts of some go to the finder together."""
    opened: list[Seen] = []
    for document in documents:
        opened.append(_read_one(document, draw, finder))
        if len(opened) == TOGETHER:
            finder.flush()
            yield from map(_closed, opened)
            opened.clear()
    finder.flush()
    yield from map(_closed, opened)


def _read_one(document: Document, draw: Draw, finder: Finder) -> Seen:
    scan = DocumentScan(
        id=document_id(document.file.relative),
        shown=document.file.shown,
        format="",
        stamp=document.file.stamp,
        rows=0,
    )
    seen = Seen(scan)
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


def _closed(seen: Seen) -> Counted:
    """The counts; what was seen is forgotten with it."""
    found = {
        category: len(held)
        for category, pieces in sorted(seen.spans.items())
        if (held := _sure(pieces))
    }
    written = set(seen.spans.get("user.name", ()))
    return Counted(
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
