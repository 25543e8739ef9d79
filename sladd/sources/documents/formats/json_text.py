"""JSON and JSON lines: each value under its path, which is context."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from sladd.sources.documents.budget import whole
from sladd.sources.documents.encoding import cleaned, decode, encoding_of, lines
from sladd.sources.documents.piece import Piece, Unreadable, pieces

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

_LINES = (".jsonl", ".ndjson")


def fits(head: bytes, name: str) -> bool:
    """The extension and a bracket; without the extension, a beginning that only JSON has."""
    text = decode(head).lstrip("\ufeff \t\r\n")
    if not text.startswith(("{", "[")):
        return False
    if name.lower().endswith((".json", ".geojson", *_LINES)):
        return True
    rest = text[1:].lstrip()
    return rest.startswith(("{", "[{")) if text[0] == "[" else rest.startswith('"')


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """Lines such as `orders[].customer.email: …`."""
    if reading.name.lower().endswith(_LINES):
        yield from pieces("body", _each_line(stream, reading.head))
        return
    text = decode(whole(stream), encoding_of(reading.head))
    try:
        value = json.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise Unreadable("depth") from None
    except ValueError:
        # Several values one below the other are JSON lines under another name; the rest is text.
        stream.seek(0)
        yield from pieces("body", _each_line(stream, reading.head))
        return
    yield from pieces("body", _values(value))


def _each_line(stream: BinaryIO, head: bytes) -> Iterator[str]:
    for line in lines(stream, head):
        try:
            value = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError):
            yield line
            continue
        yield from _values(value)


def _values(value: Any) -> Iterator[str]:
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        path, item = stack.pop()
        if isinstance(item, dict):
            inner = [(f"{path}.{key}" if path else str(key), v) for key, v in item.items()]
            stack.extend(reversed(inner))
        elif isinstance(item, list):
            stack.extend((f"{path}[]", v) for v in reversed(item))
        elif item is not None and item != "":
            text = str(item) if isinstance(item, str | int | float) else ""
            yield cleaned(f"{path}: {text}" if path else text)
        elif path:
            yield cleaned(path)
