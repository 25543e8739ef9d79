"""Access logs of Apache and nginx, common and combined: one row for each request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote_plus

from sladd.sources.documents.encoding import decode, lines
from sladd.sources.documents.piece import Piece, pieces

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

# Source: https://httpd.apache.org/docs/2.4/logs.html (combined log format; a virtual host may
# stand in front) and nginx's `combined`, which is the same.
_LINE = re.compile(
    r'(?:[\w.-]+:\d+ )?(?P<ip>[\w.:%-]+) (?P<ident>\S+) (?P<user>"[^"]*"|\S.*?) '
    r"\[(?P<at>\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4})\] "
    r'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}|-) (?:\d+|-)'
    r'(?: "(?P<referer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?(?P<rest>.*)'
)


def fits(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Most of the first lines are requests."""
    first = [line for line in decode(head).split("\n")[:20] if line.strip()]
    if len(first) > 1:
        first = first[:-1]  # the head may end in the middle of it
    return bool(first) and sum(bool(_LINE.match(line)) for line in first) > len(first) / 2


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """Requests as fields, with percent signs decoded; other lines as text."""
    for line in lines(stream, reading.head):
        found = _LINE.match(line)
        if found is None:
            yield from pieces("body", [line])
            continue
        fields = {
            "ip": found["ip"],
            "user": "" if found["user"] == "-" else found["user"].strip('"'),
            "request": unquote_plus(found["request"]),
            "user_agent": "" if found["agent"] in {None, "-"} else found["agent"],
            "date": _date(found["at"]),
        }
        text = [unquote_plus(found["referer"] or ""), found["rest"].strip()]
        told = "\n".join(t for t in text if t and t != "-")
        yield Piece("request", told[:4000], {k: v for k, v in fields.items() if v})


def _date(text: str) -> str:
    try:
        at = datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z")
    except ValueError:
        return ""
    return at.astimezone(UTC).isoformat()
