"""XML: the text of each element under its path, which is context. No DTD, no entities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from sladd.sources.documents.encoding import cleaned
from sladd.sources.documents.piece import Piece, Unreadable, pieces

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

Event = tuple[str, str, Mapping[str, str]]
"""`start` with a tag and its attributes, `end` with a tag, `text` or `comment` with a text."""

_START = re.compile(rb"\s*<[?!A-Za-z_]")
_CHUNK_BYTES = 1 << 16
_NONE: Mapping[str, str] = {}


def fits(head: bytes, name: str) -> bool:
    """A declaration, or the extension and a tag."""
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\x00", b"")
    if text.lstrip().startswith(b"<?xml"):
        return True
    return name.lower().endswith((".xml", ".xsd", ".svg")) and bool(_START.match(text))


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:  # noqa: ARG001
    """Lines such as `order/customer/@email: …`."""
    yield from pieces("body", _lines(stream))


class _Collector:
    """Takes what the parser says, in the order of the document."""

    def __init__(self) -> None:
        self.found: list[Event] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.found.append(("start", _local(tag), attributes))

    def end(self, tag: str) -> None:
        self.found.append(("end", _local(tag), _NONE))

    def data(self, text: str) -> None:
        self.found.append(("text", text, _NONE))

    def comment(self, text: str) -> None:
        self.found.append(("comment", text, _NONE))

    def taken(self) -> list[Event]:
        found, self.found = self.found, []
        return found


def events(stream: BinaryIO) -> Iterator[Event]:
    """What the document says, in its order and without a tree in memory.

    Raises:
        Unreadable: it is no well-formed XML, or has a DTD or entities.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    collector = _Collector()
    parser = DefusedXMLParser(target=collector, forbid_dtd=True)
    try:
        while chunk := stream.read(_CHUNK_BYTES):
            parser.feed(chunk)
            yield from collector.taken()
        parser.close()
    except DefusedXmlException:
        raise Unreadable("dtd") from None
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable("damaged", type(error).__name__) from None
    yield from collector.taken()


def _local(name: str) -> str:
    """A tag or attribute without its namespace."""
    return name.rpartition("}")[2]


def attribute(attributes: Mapping[str, str], name: str) -> str:
    """An attribute by its local name; "" without one."""
    return next((v for k, v in attributes.items() if _local(k) == name), "")


def _lines(stream: BinaryIO) -> Iterator[str]:
    path: list[str] = []
    held: list[str] = []

    def said() -> Iterator[str]:
        text = " ".join("".join(held).split())
        held.clear()
        if text:
            yield cleaned(f"{'/'.join(path)}: {text}")

    for kind, name, attributes in events(stream):
        if kind == "text":
            held.append(name)
            continue
        if kind == "comment":
            if name.strip():
                yield cleaned(name.strip())
            continue
        yield from said()
        if kind == "end":
            path.pop()
            continue
        path.append(name)
        for key, value in attributes.items():
            yield cleaned(f"{'/'.join(path)}/@{_local(key)}: {value}")
