"""DOCX: body with tables, headers and footers, comments, notes, deleted text, authors.

Source: ECMA-376 Part 1 §17 (WordprocessingML).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from sladd.sources.documents.encoding import cleaned
from sladd.sources.documents.formats.office import (
    author_pieces,
    embedded,
    package,
    part,
    property_pieces,
    safely,
)
from sladd.sources.documents.formats.xml_text import attribute, events
from sladd.sources.documents.piece import Part, Piece, Trouble, Unreadable, pieces

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

_PARTS: tuple[tuple[re.Pattern[str], Part], ...] = (
    (re.compile(r"word/(?:document|glossary/document)\d*\.xml"), "body"),
    (re.compile(r"word/(?:header|footer)\d*\.xml"), "margin"),
    (re.compile(r"word/comments\w*\.xml"), "comment"),
    (re.compile(r"word/(?:footnotes|endnotes)\.xml"), "footnote"),
)
_LINKS = re.compile(r"word/_rels/.*\.rels")
_BREAKS = {"p": "\n", "br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
_TEXT = frozenset({"t", "delText", "instrText"})  # what was deleted under review is still there


def fits(head: bytes, name: str) -> bool:
    """A ZIP with Word's folder among the first members, or Word's extension."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    return b"word/" in head or name.lower().endswith((".docx", ".docm", ".dotx"))


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece | Trouble]:
    """Every part that holds text, then what is embedded."""
    with package(stream) as archive:
        names = archive.namelist()
        if not any(_PARTS[0][0].fullmatch(name) for name in names):
            raise Unreadable("damaged", "no word/document.xml")
        yield from safely(_package(archive, names, reading))


def _package(archive: Any, names: list[str], reading: Reading) -> Iterator[Piece | Trouble]:
    for name in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"):
        if name in names:
            yield from property_pieces(part(archive, name, reading))
    authors: dict[str, None] = {}
    for pattern, kind in _PARTS:
        for name in filter(pattern.fullmatch, names):
            yield from pieces(kind, _paragraphs(part(archive, name, reading), authors))
    yield from author_pieces(authors)
    for name in filter(_LINKS.fullmatch, names):
        yield from pieces("link", _targets(part(archive, name, reading)))
    yield from embedded(archive, ("word/embeddings/", "word/media/"), reading)


def _paragraphs(stream: BinaryIO, authors: dict[str, None]) -> Iterator[str]:
    """Lines of text; each cell is one. Authors of changes and comments are noted."""
    held: list[str] = []
    inside = False
    for kind, name, attributes in events(stream):
        if kind == "start":
            inside = name in _TEXT
            author = attribute(attributes, "author")
            if author:
                authors[cleaned(author)] = None
        elif kind == "text":
            if inside:
                held.append(name)
        elif kind == "end":
            inside = False
            held.append(_BREAKS.get(name, ""))
            if name == "p":
                yield from _lines(held)
                held = []
    yield from _lines(held)


def _lines(held: list[str]) -> Iterator[str]:
    for line in cleaned("".join(held)).split("\n"):
        if line.strip():
            yield line.strip()


def _targets(stream: BinaryIO) -> Iterator[str]:
    for _, _, attributes in events(stream):
        target = attributes.get("Target", "")
        if target.lower().startswith(("mailto:", "tel:")):
            yield cleaned(target.partition(":")[2])
