"""Bytes as text: byte order marks, UTF-8, UTF-16 without a mark, and Windows-1252 for the rest."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK_BYTES = 1 << 16
_LONGEST_LINE = 1_000_000  # characters; minified JSON and HTML have none
_UNASSIGNED = b"\x81\x8d\x8f\x90\x9d"  # in Windows-1252
# C0 controls that texts do not hold; tab, line feed, form feed, return and escape they do.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """An error handler: what is no UTF-8 is taken as Windows-1252, byte by byte."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    text = "".join(
        bytes([byte]).decode("latin-1" if byte in _UNASSIGNED else "cp1252") for byte in bad
    )
    return text, error.end


codecs.register_error("sladd.windows-1252", _as_windows_1252)


def encoding_of(head: bytes) -> str:
    """The encoding that the first bytes tell; "" when they are no text.

    >>> encoding_of("blåbær".encode()), encoding_of("ø".encode("utf-16"))
    ('utf-8', 'utf-16')
    >>> encoding_of(bytes(range(32)))
    ''
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if not head:
        return "utf-8"
    even, odd = head[0::2], head[1::2]
    # In UTF-16 of Latin letters every other byte is zero.
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if len(zeros) >= 4 and zeros.count(0) > 0.6 * len(zeros) and others.count(0) == 0:
            return name
    # A stray NUL does not make a text binary, many controls do.
    return "utf-8" if len(_CONTROL.findall(head)) <= max(2, len(head) // 100) else ""


def decode(data: bytes, declared: str | None = None) -> str:
    r"""Text of bytes, never failing; `declared` is believed when it fits.

    >>> decode("Ærlig".encode("cp1252")), decode(b"\xc3\xb8", "us-ascii")
    ('Ærlig', 'ø')
    """
    if declared:
        try:
            return cleaned(data.decode(declared))
        except (LookupError, ValueError):
            pass
    name = encoding_of(data[:_CHUNK_BYTES]) or "utf-8"
    errors = "sladd.windows-1252" if name.startswith("utf-8") else "replace"
    return cleaned(data.decode(name, errors))


def decoded(stream: BinaryIO, head: bytes) -> Iterator[str]:
    """Text of a stream, some at a time; `head` is what its beginning looks like."""
    name = encoding_of(head) or "utf-8"
    errors = "sladd.windows-1252" if name.startswith("utf-8") else "replace"
    decoder = codecs.getincrementaldecoder(name)(errors)
    while chunk := stream.read(_CHUNK_BYTES):
        yield cleaned(decoder.decode(chunk))
    yield cleaned(decoder.decode(b"", final=True))


def lines(stream: BinaryIO, head: bytes) -> Iterator[str]:
    """Lines of a stream without their ends; one of more than a million characters is cut."""
    held: list[str] = []
    size = 0
    for text in decoded(stream, head):
        held.append(text)
        size += len(text)
        if "\n" in text:
            *whole, rest = "".join(held).replace("\r\n", "\n").split("\n")
            yield from whole
            held, size = [rest], len(rest)
        elif size > _LONGEST_LINE:
            yield "".join(held)
            held, size = [], 0
    if any(held):
        yield "".join(held)


def cleaned(text: str) -> str:
    """Without NUL and lone surrogates, which neither JSON nor Arrow can carry."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")
