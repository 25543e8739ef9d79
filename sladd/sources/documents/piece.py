"""What a reader of one format hands back: rows of text, and what it could not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from sladd.sources.documents.limits import CHUNK_CHARACTERS

Part = Literal[
    "file name", "header", "cc", "reply-to", "envelope", "headers", "body", "attachment", "title",
    "link", "comment", "script", "page", "form", "properties", "margin", "footnote", "request",
]  # fmt: skip

PARTS: Final = frozenset(get_args(Part))

TEXT_PARTS: Final = frozenset({"body", "page", "title", "link", "comment", "footnote", "margin"})
"""Parts that become `attachment` when the document they stand in is attached to another."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One row: a part of a document with its text, or the fields of a header.

    Attributes:
        part: which part of the document.
        text: at most `CHUNK_CHARACTERS`; "" for a row of fields.
        fields: column → value, of the columns that `table.SCHEMA` has beside.
        unit: the document inside the file (message of an mbox, member of an archive); "" for
            the file itself.
    """

    part: Part
    text: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    unit: str = ""

    def __repr__(self) -> str:
        return f"<Piece {self.part}: {len(self.text)} characters, {len(self.fields)} fields>"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that was not read. `what` is a key of `troubles.WORDS`; nothing here is a value."""

    what: str
    inside: bool = False  # an attachment, member or page; the file itself was read
    detail: str = ""  # a word of ours: a format, an error class


class Unreadable(Exception):
    """A document cannot be read; becomes `Trouble`."""

    def __init__(self, what: str, detail: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.detail = detail


def pieces(part: Part, texts: Iterable[str]) -> Iterator[Piece]:
    """Texts as rows: short ones joined line by line, long ones cut where no word is broken.

    Args:
        part: of all of them.
        texts: lines or blocks, in order, without the line break at their end.
    """
    held: list[str] = []
    size = 0
    for text in texts:
        for line in _cut(text):
            if held and size + len(line) > CHUNK_CHARACTERS:
                yield from _piece(part, held)
                held, size = [], 0
            held.append(line)
            size += len(line) + 1
    yield from _piece(part, held)


def _piece(part: Part, lines: list[str]) -> Iterator[Piece]:
    text = "\n".join(lines).strip()
    if text:
        yield Piece(part, text)


def _cut(text: str) -> Iterator[str]:
    """Pieces of at most `CHUNK_CHARACTERS`, cut after a line, a sentence or a word."""
    start = 0
    while len(text) - start > CHUNK_CHARACTERS:
        window = text[start : start + CHUNK_CHARACTERS]
        least = CHUNK_CHARACTERS // 2
        end = next(
            (
                place + len(mark)
                for mark in ("\n\n", "\n", ". ", " ")
                if (place := window.rfind(mark, least)) >= 0
            ),
            CHUNK_CHARACTERS,
        )
        yield text[start : start + end]
        start += end
    yield text[start:]
