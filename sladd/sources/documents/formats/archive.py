"""ZIP archives: each member is a document of its own. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from sladd.sources.documents import limits
from sladd.sources.documents.budget import whole
from sladd.sources.documents.piece import Piece, Trouble, Unreadable

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

ENCRYPTED = 0x1  # bit 0 of the general purpose flag (APPNOTE 4.4.4)
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)
# Office documents that hold tables: `files:` reads them as tables.
_TABLES = (b"xl/", b"ppt/")


def fits(head: bytes, name: str) -> bool:  # noqa: ARG001
    """The signature of a member."""
    return head.startswith(b"PK\x03\x04")


def opened(stream: BinaryIO) -> zipfile.ZipFile:
    """The archive, with a bounded number of members.

    Raises:
        Unreadable: it is damaged, or has too many.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except _FAULTS as error:
        raise Unreadable("damaged", type(error).__name__) from None
    if len(archive.infolist()) > limits.MAX_ENTRIES:
        raise Unreadable("entries")
    return archive


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece | Trouble]:
    """Every member, in the order of the archive."""
    if any(mark in reading.head for mark in _TABLES) and b"[Content_Types].xml" in reading.head:
        raise Unreadable("kind", "Excel or PowerPoint")
    # A stream of unpacked bytes cannot go back and forth as an archive needs it.
    held = stream if reading.depth == 0 else cast("BinaryIO", io.BytesIO(whole(stream)))
    with opened(held) as archive:
        for number, member in enumerate(archive.infolist()):
            if member.is_dir():
                continue
            if member.flag_bits & ENCRYPTED:
                yield Trouble("encrypted", inside=True)
                continue
            try:
                with archive.open(member) as unpacked:
                    inner = reading.counted(cast("BinaryIO", unpacked))
                    yield from reading.inside(inner, member.filename, unit=str(number))
            except _FAULTS as error:
                yield Trouble("damaged", inside=True, detail=type(error).__name__)
