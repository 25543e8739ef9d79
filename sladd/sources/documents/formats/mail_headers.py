"""The headers of a mail as rows: who wrote to whom about what, and other lines that name people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from sladd.sources.documents.encoding import cleaned, decode
from sladd.sources.documents.piece import Part, Piece, pieces

# Header → part of its row, and the column its addresses stand in.
_ADDRESSES: tuple[tuple[str, Part, str], ...] = (
    ("from", "header", "from"),
    ("to", "header", "to"),
    ("cc", "cc", "to"),
    ("bcc", "cc", "to"),
    ("reply-to", "reply-to", "from"),
    ("sender", "envelope", "from"),
    ("return-path", "envelope", "from"),
    ("delivered-to", "envelope", "to"),
    ("x-original-to", "envelope", "to"),
)
# Lines that hold addresses of machines or people beside those above. Message-ID and its kin look
# like mail addresses and are none; signatures and content headers say nothing of people.
_TEXTS = (
    "received", "x-originating-ip", "x-sender-ip", "x-forwarded-for", "x-sender", "x-envelope-from",
    "x-envelope-to", "resent-from", "resent-to", "organization", "list-unsubscribe", "comments",
    "keywords", "thread-topic", "disposition-notification-to", "errors-to", "x-php-script",
)  # fmt: skip
_FOLD = re.compile(r"\s*\r?\n\s+")


def header_pieces(message: Message) -> Iterator[Piece]:
    """Rows of addresses, the first with subject and date; then the other lines as text."""
    rows: dict[Part, list[dict[str, str]]] = {}
    for name, part, column in _ADDRESSES:
        found = list(addresses(_values(message, name)))
        place = rows.setdefault(part, [])
        taken = [number for number, row in enumerate(place) if column not in row]
        for shown, address in dict.fromkeys(found):
            # Sender and first recipient share a row; each further recipient has one.
            if taken:
                row = place[taken.pop(0)]
            else:
                row = {}
                place.append(row)
            row[column] = address
            if shown:
                row[f"{column}_name"] = shown
    first = rows["header"] or [{}]
    first[0] |= {
        key: value
        for key, value in (
            ("subject", decoded_words(" ".join(_values(message, "subject")))),
            ("date", _date("".join(_values(message, "date")[:1]))),
        )
        if value
    }
    for part in ("header", "cc", "reply-to", "envelope"):
        for row in first if part == "header" else rows.get(part, []):
            if row:
                yield Piece(part, fields=row)
    said = [f"{n}: {decoded_words(v)}" for n in _TEXTS for v in _values(message, n)]
    yield from pieces("headers", said)


def addresses(values: list[str]) -> Iterator[tuple[str, str]]:
    """Shown name and address of everyone in a header; ("", address) without a name.

    >>> list(addresses(['"Nordmann, Kari" <kari@example.no>, ola@example.no']))
    [('Nordmann, Kari', 'kari@example.no'), ('', 'ola@example.no')]
    """
    for shown, address in getaddresses([v for v in values if v]):
        name = decoded_words(shown).strip().strip("'\"").strip()
        if address or name:
            # A name alone, or an address in the place of the name, is not lost either.
            yield name if name != address else "", address.strip() or name


def decoded_words(text: str) -> str:
    """RFC 2047 words decoded; what cannot be decoded stays as it is.

    >>> decoded_words("=?utf-8?q?=C3=98yvind_=C3=85s?=")
    'Øyvind Ås'
    """
    if "=?" not in text:
        return cleaned(text)
    try:
        found = decode_header(text)
    except (ValueError, LookupError, UnicodeError):
        return cleaned(text)
    return "".join(
        part if isinstance(part, str) else decode(part, charset) for part, charset in found
    )


def _values(message: Message, name: str) -> list[str]:
    """What stands in the headers of a name, unfolded; raw bytes of any encoding become letters."""
    return [_text(str(value)) for key, value in message.raw_items() if key.lower() == name]


def _text(raw: str) -> str:
    try:
        # The parser keeps bytes above 127 as surrogates.
        raw = decode(raw.encode("ascii", "surrogateescape"))
    except UnicodeEncodeError:
        raw = cleaned(raw)
    return _FOLD.sub(" ", raw).strip()


def _date(text: str) -> str:
    """ISO 8601 in UTC; "" for what is no date."""
    try:
        at = parsedate_to_datetime(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
