"""HTML: what a reader sees, and what else says something: titles, alternatives, links, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote_plus

from sladd.sources.documents.budget import whole
from sladd.sources.documents.encoding import decode, encoding_of
from sladd.sources.documents.piece import Part, Piece, pieces

if TYPE_CHECKING:
    from sladd.sources.documents.reading import Reading

_TAGS = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w:.-]+)""", re.IGNORECASE)
# Source: HTML Living Standard §15.3.3, elements that are displayed as blocks.
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "title",
    ]
)
_CELLS = frozenset({"td", "th"})
_SPOKEN = ("alt", "title", "aria-label", "placeholder", "value", "content", "summary", "label")
_INLINE = re.compile(r"[^\S\n]+")


def fits(head: bytes, name: str) -> bool:
    """A tag that only HTML has, or the extension and any tag."""
    start = head.replace(b"\x00", b"")[:4096]
    if _TAGS.search(start) and start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        return True
    return name.lower().endswith((".html", ".htm", ".xhtml")) and b"<" in start


def read(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """Title, text, then the rest by kind."""
    data = whole(stream)
    declared = _CHARSET.search(data[:4096])
    name = encoding_of(reading.head)
    if name == "utf-8" and declared:
        name = declared.group(1).decode("ascii", "replace")
    yield from html_pieces(decode(data, name))


def html_pieces(markup: str) -> Iterator[Piece]:
    """The pieces of a page or of the HTML of a mail."""
    kinds: tuple[Part, ...] = ("title", "body", "link", "comment", "script")
    for part, found in zip(kinds, _texts(markup), strict=True):
        yield from pieces(part, found)


def html_text(markup: str) -> str:
    """What a reader sees."""
    return "\n".join(_texts(markup)[1])


def _texts(markup: str) -> tuple[list[str], list[str], list[str], list[str], list[str]]:
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(markup).root
    title: list[str] = []
    links: list[str] = []
    comments: list[str] = []
    scripts: list[str] = []
    shown: list[str] = []
    for node, leaving in _walk(root):
        tag = node.tag or ""
        if leaving:
            shown.append("\n" if tag in _BLOCKS else "")
        elif tag == "-text":
            parent = node.parent.tag if node.parent is not None else ""
            text = node.text(deep=False)
            if parent == "title":
                title.append(text.strip())
            elif parent == "script":
                scripts.append(text.strip())
            elif parent not in {"style", "noscript"}:
                shown.append(text)
        elif tag == "-comment":
            comments.append((node.comment_content or "").strip())
        elif not tag.startswith(("-", "!")):
            if tag in _BLOCKS:
                shown.append("\n")
            elif tag in _CELLS:
                shown.append("\t")
            attributes = node.attributes
            links += _links(attributes.get("href") or attributes.get("action") or "")
            spoken = [attributes.get(key) for key in _SPOKEN]
            shown += [f"\n{text}\n" for text in spoken if (text and " " in text) or _at(text)]
    seen = "".join(shown).replace("\xa0", " ")
    visible = [line for raw in seen.split("\n") if (line := _INLINE.sub(" ", raw).strip())]
    return title, visible, list(dict.fromkeys(links)), comments, scripts


def _walk(root: Any) -> Iterator[tuple[Any, bool]]:
    """Every node as it is entered and left, without recursion: pages may nest without end."""
    node = root
    depth = 0  # comparing nodes would compare all that is in them
    while node is not None:
        yield node, False
        if node.child is not None:
            node = node.child
            depth += 1
            continue
        yield node, True
        while depth and node.next is None:
            node = node.parent
            depth -= 1
            yield node, True
        node = node.next if depth else None


def _at(text: str | None) -> bool:
    return text is not None and ("@" in text or any(c.isdigit() for c in text))


def _links(target: str) -> list[str]:
    """Addresses and numbers in a link, and the words of its query."""
    scheme, _, rest = target.partition(":")
    if scheme.lower() in {"mailto", "tel", "sms", "callto"}:
        return [unquote_plus(rest.replace("+", "%2B"))]
    return [unquote_plus(target)] if "?" in target or "@" in target or "%40" in target else []
