"""What Word and OpenDocument share: a ZIP of XML, read within bounds, text in its order."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO, cast

from sladd.sources.documents.budget import whole
from sladd.sources.documents.encoding import cleaned
from sladd.sources.documents.formats.archive import ENCRYPTED, opened
from sladd.sources.documents.formats.xml_text import events
from sladd.sources.documents.piece import Piece, Trouble, Unreadable, pieces

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)
# Name of a property, in both formats → "author", or what it is called.
_AUTHORS = frozenset({"creator", "lastModifiedBy", "initial-creator", "printed-by", "Manager"})
_TITLES = frozenset({"title", "subject", "description", "keywords", "keyword"})
_OTHER = frozenset({"Company", "HyperlinkBase", "user-defined", "lpwstr"})


def package(stream: BinaryIO) -> zipfile.ZipFile:
    """The archive of an office document.

    Raises:
        Unreadable: it is damaged, too large, or encrypted.
    """
    archive = opened(cast("BinaryIO", io.BytesIO(whole(stream))))
    if any(member.flag_bits & ENCRYPTED for member in archive.infolist()):
        raise Unreadable("encrypted")
    return archive


def part(archive: zipfile.ZipFile, name: str, reading: Reading) -> BinaryIO:
    """One file of the package, on the budget.

    Raises:
        Unreadable: it is damaged.
    """
    reading.budget.enter()
    try:
        return reading.counted(cast("BinaryIO", archive.open(name)))
    except (*_FAULTS, RuntimeError) as error:
        raise Unreadable("damaged", type(error).__name__) from None


def safely(found: Iterator[Piece | Trouble]) -> Iterator[Piece | Trouble]:
    """The same; a package that turns out to be damaged is unreadable.

    Raises:
        Unreadable: it is.
    """
    try:
        yield from found
    except (*_FAULTS, KeyError) as error:
        raise Unreadable("damaged", type(error).__name__) from None


def property_pieces(stream: BinaryIO) -> Iterator[Piece]:
    """Who wrote the document and what it is called."""
    authors: dict[str, None] = {}
    titles: list[str] = []
    other: list[str] = []
    held = ""
    for kind, name, _ in events(stream):
        held = held + name if kind == "text" else held if kind == "end" else ""
        text = cleaned(held.strip())
        if kind != "end" or not text:
            continue
        held = ""
        if name in _AUTHORS:
            authors[text] = None
        elif name in _TITLES:
            titles.append(text)
        elif name in _OTHER:
            other.append(text)
    yield from author_pieces(authors)
    yield from pieces("title", titles)
    yield from pieces("properties", other)


def author_pieces(authors: Mapping[str, None]) -> Iterator[Piece]:
    """A row for each author."""
    for name in authors:
        yield Piece("properties", fields={"author": name})


def embedded(
    archive: zipfile.ZipFile, folders: tuple[str, ...], reading: Reading
) -> Iterator[Piece | Trouble]:
    """Pictures and documents inside the package."""
    for member in archive.infolist():
        if member.filename.startswith(folders) and not member.is_dir():
            with archive.open(member) as unpacked:
                inner = reading.counted(cast("BinaryIO", unpacked))
                yield from reading.inside(inner, member.filename, attached=True)
