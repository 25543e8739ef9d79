"""One document being read: which format, how deep, and what is left of the budget."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from sladd.sources.documents import limits
from sladd.sources.documents.budget import Budget, Counted
from sladd.sources.documents.piece import TEXT_PARTS, Piece, Trouble, Unreadable

HEAD_BYTES = 16 << 10


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a reader is.

    Attributes:
        name: the file's own name, without folders.
        budget: of the outermost file.
        depth: 0 for that file.
        head: the first bytes of this document.
        attached: it is part of a mail; its texts are `attachment`.
        unit: see `Piece.unit`.
    """

    name: str
    budget: Budget
    depth: int = 0
    head: bytes = b""
    attached: bool = False
    unit: str = ""

    def __repr__(self) -> str:
        return f"<Reading at depth {self.depth}>"

    def inside(
        self, stream: BinaryIO, name: str, *, unit: str = "", attached: bool = False
    ) -> Iterator[Piece | Trouble]:
        """Read a document that stands inside this one; what it cannot give is a trouble.

        Args:
            stream: seekable to its beginning; unpacked bytes are counted by `counted`.
            name: as the outer document spells it.
            unit: a name for it when it is a document of its own.
            attached: it belongs to the outer document.
        """
        self.budget.enter()
        if self.depth + 1 > limits.MAX_DEPTH:
            yield Trouble("depth", inside=True)
            return
        plain = name.replace("\\", "/").rsplit("/", 1)[-1]
        inner = replace(
            self,
            name=plain,
            depth=self.depth + 1,
            attached=self.attached or attached,
            unit="/".join(filter(None, (self.unit, unit))),
        )
        named = not plain
        try:
            for found in read(stream, inner):
                if not named and isinstance(found, Piece) and "file_name" not in found.fields:
                    named = True
                    yield replace(found, fields={"file_name": plain, **found.fields})
                else:
                    yield found
        except Unreadable as error:
            if error.what in {"unpacks", "entries"}:
                raise  # the budget is that of the outermost file
            yield Trouble(error.what, inside=True, detail=error.detail)
        if not named:
            yield inner.marked(Piece("file name", fields={"file_name": plain}))

    def counted(self, stream: BinaryIO) -> BinaryIO:
        """A stream of unpacked bytes, on the budget."""
        return cast("BinaryIO", io.BufferedReader(Counted(stream, self.budget), 1 << 16))

    def marked(self, piece: Piece) -> Piece:
        """The piece as part of what it stands in."""
        part = "attachment" if self.attached and piece.part in TEXT_PARTS else piece.part
        if part == piece.part and piece.unit == self.unit:
            return piece
        return replace(piece, part=part, unit=piece.unit or self.unit)


def format_of(head: bytes, name: str) -> str:
    """The format that first bytes and name tell."""
    from sladd.sources.documents.formats import FORMATS

    return next((key for key, module in FORMATS if module.fits(head, name)), "unknown")


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece | Trouble]:
    """Read one document, at any depth.

    Args:
        stream: at its beginning, and able to go back there.
        reading: where we are.

    Raises:
        Unreadable: it cannot be read, or no further.
    """
    from sladd.sources.documents.formats import FORMATS

    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if not head:
        return
    known = dict(FORMATS)
    inner = replace(reading, head=head)
    for found in known[format_of(head, reading.name)].read(stream, inner):
        yield found if isinstance(found, Trouble) else inner.marked(found)
