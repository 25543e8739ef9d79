"""ODT, ODS and ODP: text, headers and footers, notes, authors.

Source: OpenDocument 1.3 Part 3, §5 and §6 (paragraphs and their content).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from sladd.sources.documents.encoding import cleaned
from sladd.sources.documents.formats.office import (
    embedded,
    package,
    part,
    property_pieces,
    safely,
)
from sladd.sources.documents.formats.xml_text import attribute, events
from sladd.sources.documents.piece import Piece, Trouble, Unreadable, pieces

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

_MIMETYPE = b"mimetypeapplication/vnd.oasis.opendocument."
_SPACES = {"tab": "\t", "line-break": "\n", "s": " ", "p": "\n", "h": "\n"}
_PARAGRAPHS = frozenset({"p", "h"})


def fits(head: bytes, name: str) -> bool:  # noqa: ARG001
    """The type stands first in the archive, uncompressed (Part 2, §3.3)."""
    return head.startswith(b"PK\x03\x04") and _MIMETYPE in head[:128]


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece | Trouble]:
    """Properties, text, headers and footers, then what is embedded."""
    with package(stream) as archive:
        names = archive.namelist()
        if "META-INF/manifest.xml" in names and _encrypted(archive, reading):
            raise Unreadable("encrypted")
        yield from safely(_package(archive, names, reading))


def _package(archive: Any, names: list[str], reading: Reading) -> Iterator[Piece | Trouble]:
    if "meta.xml" in names:
        yield from property_pieces(part(archive, "meta.xml", reading))
    yield from pieces("body", _paragraphs(part(archive, "content.xml", reading)))
    if "styles.xml" in names:
        yield from pieces("margin", _paragraphs(part(archive, "styles.xml", reading)))
    yield from embedded(archive, ("Pictures/", "Object"), reading)


def _encrypted(archive: Any, reading: Reading) -> bool:
    manifest = part(archive, "META-INF/manifest.xml", reading)
    return any(name == "encryption-data" for kind, name, _ in events(manifest) if kind == "start")


def _paragraphs(stream: BinaryIO) -> Iterator[str]:
    """Paragraphs, with spans, notes and links in the order of the text."""
    held: list[str] = []
    depth = 0  # of paragraphs: a note is a paragraph inside another
    for kind, name, attributes in events(stream):
        if kind == "text" and depth:
            held.append(name)
        elif kind == "start":
            depth += name in _PARAGRAPHS
            target = attribute(attributes, "href")
            if target.lower().startswith(("mailto:", "tel:")):
                held.append(f" {target.partition(':')[2]} ")
        elif kind == "end":
            held.append(_SPACES.get(name, ""))
            depth -= name in _PARAGRAPHS
            if not depth:
                yield from (line for t in "".join(held).split("\n") if (line := cleaned(t).strip()))
                held = []
