"""gzip around one document."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from sladd.sources.documents.piece import Piece, Trouble, Unreadable

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading


def fits(head: bytes, name: str) -> bool:  # noqa: ARG001
    """RFC 1952: two magic bytes and the method deflate."""
    return head.startswith(b"\x1f\x8b\x08")


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece | Trouble]:
    """What is inside, under the name without `.gz`."""
    with gzip.GzipFile(fileobj=stream) as unpacked:
        name = reading.name[:-3] if reading.name.lower().endswith(".gz") else ""
        inner = reading.counted(cast("BinaryIO", unpacked))
        try:
            yield from reading.inside(inner, name)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Unreadable("damaged", type(error).__name__) from None
