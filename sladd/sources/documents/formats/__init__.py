"""The formats, in the order in which they are asked whether a document is theirs.

To read a further format, write its module and add its line. A module has

- `fits(head, name)`: whether the content, by its first bytes, is of this format. The name is
  asked only where contents cannot tell; a wrong extension misleads nobody.
- `read(stream, reading)`: the document as pieces and troubles, some at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO, Protocol

from sladd.sources.documents.formats import (
    access_log,
    archive,
    gzipped,
    json_text,
    mail,
    mailbox,
    opendocument,
    pdf,
    text,
    unknown,
    webpage,
    word,
    xml_text,
)
from sladd.sources.documents.piece import Piece, Trouble

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

FORMATS: tuple[tuple[str, ModuleType], ...] = (
    ("pdf", pdf),
    ("docx", word),
    ("odt", opendocument),
    ("zip", archive),
    ("gzip", gzipped),
    ("unknown", unknown),  # what is none of the above and no text; the rest are texts
    ("mbox", mailbox),
    ("mail", mail),
    ("html", webpage),
    ("xml", xml_text),
    ("json", json_text),
    ("log", access_log),
    ("text", text),
)


class Format(Protocol):
    """What a module of this folder offers."""

    def fits(self, head: bytes, name: str) -> bool:
        """Whether the document is of this format."""

    def read(self, stream: BinaryIO, reading: Reading) -> Iterator[Piece | Trouble]:
        """Its text, in order.

        Raises:
            Unreadable: it cannot be read, or no further.
        """
