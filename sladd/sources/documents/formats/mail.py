"""EML: a mail with its headers as fields, its body, and what is attached to it.

Source: RFC 5322 (messages), 2047 and 2231 (letters in headers), 3676 (flowed text).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from typing import TYPE_CHECKING, BinaryIO

from sladd.sources.documents import limits
from sladd.sources.documents.budget import whole
from sladd.sources.documents.encoding import cleaned, decode
from sladd.sources.documents.formats.mail_headers import decoded_words, header_pieces
from sladd.sources.documents.formats.webpage import html_pieces, html_text
from sladd.sources.documents.piece import Piece, Trouble, Unreadable, pieces

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

_HEADER = re.compile(
    rb"^(?:from|to|cc|subject|date|received|return-path|delivered-to|mime-version|message-id|"
    rb"reply-to|x-[\w-]+|dkim-signature|content-type):[ \t]",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(rb"[!-9;-~]+:(?:[ \t]|\r?\n)")
_WORD = re.compile(r"\w+")


def fits(head: bytes, name: str) -> bool:
    """It begins with header fields, at least two of which mails have."""
    start = head.lstrip(b"\xef\xbb\xbf\r\n")
    if not _FIELD.match(start):
        return False
    block = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    wanted = 1 if name.lower().endswith((".eml", ".email", ".mht", ".mhtml")) else 2
    return len({m.group().lower() for m in _HEADER.finditer(block)}) >= wanted


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece | Trouble]:
    """Headers, body, attachments."""
    yield from message_pieces(parsed(io.BytesIO(whole(stream))), reading)


def parsed(stream: BinaryIO) -> Message:
    """The message. The parser takes anything; defects are looked past."""
    from email import message_from_binary_file, policy

    return message_from_binary_file(stream, policy=policy.compat32)


def message_pieces(message: Message, reading: Reading) -> Iterator[Piece | Trouble]:
    """A mail as rows; an attached mail is read the same way.

    Args:
        message: parsed under `policy.compat32`, whose headers never raise.
        reading: where it stands.
    """
    yield from header_pieces(message)
    yield from _parts(message, reading)


def _parts(message: Message, reading: Reading) -> Iterator[Piece | Trouble]:
    kind = message.get_content_type()
    payload = message.get_payload()
    if kind == "message/rfc822" or (kind.startswith("message/") and isinstance(payload, list)):
        for inner in payload if isinstance(payload, list) else ():
            if isinstance(inner, Message):
                yield from _attached_mail(inner, reading)
        return
    if kind == "multipart/alternative" and isinstance(payload, list):
        yield from _alternatives([p for p in payload if isinstance(p, Message)], reading)
        return
    if isinstance(payload, list):
        for inner in payload:
            if isinstance(inner, Message):
                yield from _parts(inner, reading)
        return
    yield from _leaf(message, kind, reading)


def _attached_mail(message: Message, reading: Reading) -> Iterator[Piece | Trouble]:
    reading.budget.enter()
    if reading.depth + 1 > limits.MAX_DEPTH:
        yield Trouble("depth", inside=True)
        return
    inner = replace(reading, depth=reading.depth + 1, attached=True)
    for found in message_pieces(message, inner):
        yield found if isinstance(found, Trouble) else inner.marked(found)


def _alternatives(parts: list[Message], reading: Reading) -> Iterator[Piece | Trouble]:
    """The plain text, and of the HTML beside it only lines with words that it lacks."""
    plain = [p for p in parts if p.get_content_type() == "text/plain"]
    text = "\n".join(_text(p) for p in plain)
    known = set(_WORD.findall(text.casefold()))
    for part in parts:
        if part.get_content_type() == "text/html" and known:
            seen = html_text(_text(part)).split("\n")
            yield from pieces("body", [line for line in seen if not known.issuperset(_words(line))])
            for piece in html_pieces(_text(part)):
                if piece.part in {"link", "comment"}:
                    yield piece
        else:
            yield from _parts(part, reading)


def _words(line: str) -> list[str]:
    return _WORD.findall(line.casefold())


def _leaf(part: Message, kind: str, reading: Reading) -> Iterator[Piece | Trouble]:
    name = file_name(part)
    attached = part.get_content_disposition() == "attachment" or bool(name)
    if kind == "text/plain" and not attached:
        yield from pieces("body", _text(part).split("\n"))
    elif kind == "text/html" and not attached:
        yield from html_pieces(_text(part))
    elif kind == "application/ms-tnef":
        yield Trouble("kind", inside=True, detail="winmail.dat")
    else:
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data:
            yield from reading.inside(io.BytesIO(data), name, attached=True)
        elif data is None:
            raise Unreadable("damaged", "MIME")


def file_name(part: Message) -> str:
    """The name of an attachment, decoded; RFC 2231 and the widespread RFC 2047 in quotes."""
    try:
        return decoded_words(part.get_filename() or "")
    except (LookupError, UnicodeError, ValueError, TypeError):
        return ""


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    try:
        charset = part.get_content_charset()
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        joined = str(part.get_param("delsp", "")).lower() == "yes"
    except (LookupError, UnicodeError, ValueError, TypeError, AttributeError):
        charset, flowed, joined = None, False, False
    text = decode(data, charset) if isinstance(data, bytes) else ""
    text = cleaned(text.replace("\r\n", "\n").replace("\r", "\n"))
    return unflowed(text, joined=joined) if flowed else text


def unflowed(text: str, *, joined: bool = False) -> str:
    r"""Lines that a mail program broke, whole again (RFC 3676 §4.1-4.3).

    Args:
        text: with `\n` at the end of lines.
        joined: `delsp=yes`: the space at the break is no part of the text.

    >>> unflowed("Ring 412 98 \n753 i dag.\n-- \nKari")
    'Ring 412 98 753 i dag.\n-- \nKari'
    """
    made: list[str] = []
    open_depth = -1  # of the quotation that the last line, still open, stands in
    for raw in text.split("\n"):
        bare = raw.lstrip(">")
        depth = len(raw) - len(bare)
        line = bare.removeprefix(" ")  # space-stuffed
        soft = line.endswith(" ") and line != "-- "
        kept = line[:-1] if soft and joined else line
        if open_depth == depth and line != "-- ":
            made[-1] += kept
        else:
            made.append("> " * bool(depth) + kept)
        open_depth = depth if soft else -1
    return "\n".join(made)
