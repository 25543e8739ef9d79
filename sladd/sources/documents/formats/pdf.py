"""PDF: the text layer page by page, forms, notes and properties. A scanned page is not readable."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from sladd.sources.documents import limits
from sladd.sources.documents.budget import whole
from sladd.sources.documents.encoding import cleaned
from sladd.sources.documents.piece import Piece, Trouble, Unreadable, pieces

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

# pypdf answers a broken file with many kinds of error beside its own.
_FAULTS = (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OSError,
           NotImplementedError, RecursionError, ZeroDivisionError, OverflowError)  # fmt: skip


def fits(head: bytes, name: str) -> bool:  # noqa: ARG001
    """The header, which readers accept anywhere in the first 1,024 bytes."""
    return b"%PDF-" in head[:1024]


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece | Trouble]:
    """Properties, then page after page, then forms and attached files."""
    document = _opened(whole(stream))
    yield from _properties(document)
    yield from _pages(document)
    yield from _forms(document)
    yield from _attached(document, reading)


def _opened(data: bytes) -> Any:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        document = PdfReader(io.BytesIO(data), strict=False)
        # Without a password for reading, only printing or copying is forbidden: the text is open.
        if document.is_encrypted and not document.decrypt(""):
            raise Unreadable("encrypted")
        many = len(document.pages)
    except Unreadable:
        raise
    except (PyPdfError, *_FAULTS) as error:
        raise Unreadable("damaged", type(error).__name__) from None
    if many > limits.MAX_PAGES:
        raise Unreadable("large")
    return document


def _pages(document: Any) -> Iterator[Piece | Trouble]:
    from pypdf.errors import PyPdfError

    for number in range(len(document.pages)):
        try:
            page = document.pages[number]
            text = cleaned(page.extract_text() or "")
            if not text.strip() and _pictures(page.get("/Resources")):
                yield Trouble("scanned", inside=True)
            notes = list(_notes(page))
        except (PyPdfError, *_FAULTS) as error:
            yield Trouble("page", inside=True, detail=type(error).__name__)
            continue
        yield from pieces("page", text.split("\n"))
        yield from pieces("comment", notes)


def _pictures(resources: Any, depth: int = 0) -> bool:
    """Whether a page shows an image, also inside a form."""
    if resources is None or depth > 3:
        return False
    objects = resources.get_object().get("/XObject")
    held: Any = objects.get_object() if objects else {}
    for reference in held.values():
        found = reference.get_object()
        if found.get("/Subtype") == "/Image":
            return True
        if found.get("/Subtype") == "/Form" and _pictures(found.get("/Resources"), depth + 1):
            return True
    return False


def _notes(page: Any) -> Iterator[str]:
    """Notes with their authors, and links to mail addresses and telephones."""
    for reference in page.get("/Annots") or ():
        note = reference.get_object()
        said = [note.get("/T"), note.get("/Contents")]
        action = note.get("/A")
        uri = action.get_object().get("/URI") if action is not None else None
        if uri is not None and str(uri).lower().startswith(("mailto:", "tel:")):
            said.append(str(uri).partition(":")[2])
        if note.get("/Subtype") == "/Widget":
            continue  # read with the form
        yield from (cleaned(str(text)) for text in said if text)


def _properties(document: Any) -> Iterator[Piece]:
    from pypdf.errors import PyPdfError

    try:
        told = dict(document.metadata or {})
        values = {key: cleaned(str(value)).strip() for key, value in told.items()}
    except (PyPdfError, *_FAULTS):
        return
    if values.get("/Author"):
        yield Piece("properties", fields={"author": values["/Author"]})
    named = ("/Title", "/Subject", "/Keywords")
    yield from pieces("title", [values[key] for key in named if values.get(key)])
    known = {"/Author", "/Producer", "/Creator", "/CreationDate", "/ModDate", "/Trapped", *named}
    yield from pieces(
        "properties", [f"{k[1:]}: {v}" for k, v in values.items() if k not in known and v]
    )


def _forms(document: Any) -> Iterator[Piece | Trouble]:
    from pypdf.errors import PyPdfError

    try:
        fields = document.get_fields() or {}
        said = [
            f"{name}: {value}"
            for name, field in fields.items()
            if (value := field.get("/V")) and not str(value).startswith("/")
        ]
    except (PyPdfError, *_FAULTS) as error:
        yield Trouble("page", inside=True, detail=type(error).__name__)
        return
    yield from pieces("form", map(cleaned, said))


def _attached(document: Any, reading: Reading) -> Iterator[Piece | Trouble]:
    from pypdf.errors import PyPdfError

    try:
        files = [(name, data) for name, many in document.attachments.items() for data in many]
    except (PyPdfError, *_FAULTS) as error:
        yield Trouble("page", inside=True, detail=type(error).__name__)
        return
    for name, data in files:
        reading.budget.unpack(len(data))
        yield from reading.inside(io.BytesIO(data), cleaned(str(name)), attached=True)
