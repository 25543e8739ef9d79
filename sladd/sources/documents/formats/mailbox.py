"""MBOX: mails one after another, each a document of its own. Read as a stream, of any size.

Source: RFC 4155; `>From` lines are unquoted as mboxrd does.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from sladd.sources.documents import limits
from sladd.sources.documents.formats.mail import message_pieces, parsed
from sladd.sources.documents.piece import Piece, Trouble

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

_START = re.compile(rb"From \S+.*\r?\n(?:[!-9;-~]+:|>From )")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def fits(head: bytes, name: str) -> bool:  # noqa: ARG001
    """A `From ` line, and a header below it."""
    return bool(_START.match(head))


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece | Trouble]:
    """Mail after mail."""
    for number, data in enumerate(_messages(stream)):
        if data is None:
            yield Trouble("large", inside=True)
            continue
        unit = "/".join(filter(None, (reading.unit, str(number))))
        inner = replace(reading, unit=unit, depth=reading.depth + 1)
        try:
            for found in message_pieces(parsed(io.BytesIO(data)), inner):
                yield found if isinstance(found, Trouble) else inner.marked(found)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            # The parser of the standard library fails on some broken mails; the next one may do.
            yield Trouble("damaged", inside=True, detail=type(error).__name__)


def _messages(stream: BinaryIO) -> Iterator[bytes | None]:
    """The bytes of each mail; None for one that is too large to be held."""
    held: list[bytes] = []
    size = 0
    begun = False
    blank = True
    for line in iter(lambda: stream.readline(1 << 20), b""):
        if blank and line.startswith(b"From "):
            if begun:
                yield _joined(held, size)
            held, size, begun = [], 0, True
        elif size <= limits.MAX_WHOLE_BYTES:
            held.append(line)
            size += len(line)
        blank = line in {b"\n", b"\r\n"}
    if begun:
        yield _joined(held, size)


def _joined(held: list[bytes], size: int) -> bytes | None:
    if size > limits.MAX_WHOLE_BYTES:
        return None
    return _QUOTED.sub(rb"\1", b"".join(held))
