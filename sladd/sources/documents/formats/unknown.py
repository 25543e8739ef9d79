"""What is no text and of no known format: named, so that the report says what was not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from sladd.sources.documents.encoding import encoding_of
from sladd.sources.documents.piece import Piece, Trouble, Unreadable

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

# Source: Gary Kessler's and the Linux `file` project's lists of signatures.
SIGNATURES: tuple[tuple[bytes, int, str, str], ...] = (
    (b"\xff\xd8\xff", 0, "image", "JPEG"),
    (b"\x89PNG\r\n", 0, "image", "PNG"),
    (b"GIF8", 0, "image", "GIF"),
    (b"II*\x00", 0, "image", "TIFF"),
    (b"MM\x00*", 0, "image", "TIFF"),
    (b"BM", 0, "image", "BMP"),
    (b"WEBP", 8, "image", "WebP"),
    (b"ftypheic", 4, "image", "HEIC"),
    (b"ftypavif", 4, "image", "AVIF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "kind", "Office 97-2003 or Outlook"),
    (b"\x78\x9f\x3e\x22", 0, "kind", "winmail.dat"),
    (b"{\\rtf", 0, "kind", "RTF"),
    (b"7z\xbc\xaf\x27\x1c", 0, "kind", "7-Zip"),
    (b"Rar!\x1a\x07", 0, "kind", "RAR"),
    (b"BZh", 0, "kind", "bzip2"),
    (b"\xfd7zXZ\x00", 0, "kind", "xz"),
    (b"\x28\xb5\x2f\xfd", 0, "kind", "Zstandard"),
    (b"ustar", 257, "kind", "tar"),
    (b"SQLite format 3\x00", 0, "kind", "SQLite"),
    (b"PAR1", 0, "kind", "Parquet"),
    (b"PK\x05\x06", 0, "empty", "ZIP"),
    (b"!BDN", 0, "kind", "Outlook PST"),
    (b"ID3", 0, "kind", "audio"),
    (b"ftyp", 4, "kind", "video"),
    (b"OggS", 0, "kind", "audio or video"),
    (b"RIFF", 0, "kind", "audio or video"),
    (b"\x7fELF", 0, "kind", "program"),
    (b"MZ", 0, "kind", "program"),
)


def signature(head: bytes) -> tuple[str, str]:
    """Trouble and name of a known kind; ("", "") for none."""
    for mark, at, what, detail in SIGNATURES:
        # Two letters prove nothing in a text: `BM` and `MZ` may begin a sentence.
        if head[at : at + len(mark)] == mark and (len(mark) > 3 or not encoding_of(head)):
            return what, detail
    return "", ""


def fits(head: bytes, name: str) -> bool:  # noqa: ARG001
    """It has a known signature, or is no text."""
    return bool(signature(head)[0]) or not encoding_of(head)


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece | Trouble]:  # noqa: ARG001
    """Nothing.

    Raises:
        Unreadable: always, but for an archive without members.
    """
    what, detail = signature(reading.head)
    if what == "empty":
        return
    yield from ()
    raise Unreadable(what or "kind", detail or "unknown")
