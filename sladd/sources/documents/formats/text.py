"""Plain text and Markdown, in any encoding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from sladd.sources.documents.encoding import lines
from sladd.sources.documents.piece import Piece, pieces

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading


def fits(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whatever is text and no other format knows."""
    return True


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """The text in pieces."""
    yield from pieces("body", lines(stream, reading.head))
