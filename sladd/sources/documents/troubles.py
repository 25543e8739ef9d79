"""Why a document, or a part of one, was not read: one line each, and its code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from sladd.model import NotScanned

_DETAIL = re.compile(r"[A-Za-z][A-Za-z0-9 ./-]{0,40}")

WORDS: dict[str, tuple[int, str, str]] = {
    # key: code, what is wrong, what mends it
    "kind": (
        256,
        "this kind of document is not read",
        "save it as PDF, DOCX, HTML or text; name tables under files in sladd.yaml",
    ),
    "image": (256, "an image is not read", "look at it, or recognise its text first"),
    "encrypted": (257, "the document is encrypted", "save it without a password"),
    "damaged": (258, "the document is damaged or incomplete", "restore it, or save it again"),
    "page": (258, "a page or form is damaged", "restore the document, or save it again"),
    "scanned": (
        259,
        "a page is a picture without text",
        "recognise its text first, for example with ocrmypdf",
    ),
    "killed": (260, "reading it ended its reader", "look at it yourself; it may be hostile"),
    "slow": (260, "reading it took too long", "look at it yourself, or split it"),
    "memory": (260, "reading it took too much memory", "look at it yourself, or split it"),
    "unpacks": (
        261,
        "it unpacks to far more than its size",
        "unpack it yourself if it is meant to be read",
    ),
    "entries": (261, "it holds too many documents", "unpack it yourself"),
    "depth": (261, "it is nested too deeply", "unpack it yourself"),
    "large": (261, "it is too large to be held in memory", "split it"),
    "length": (261, "its text is too long and was not read to its end", "split it"),
    "dtd": (262, "it declares a document type or entities", "save it without DOCTYPE"),
    "link": (
        263,
        "it is a link that leads out of the folder",
        "name its target under documents in sladd.yaml",
    ),
}


def known_trouble(what: object, detail: object) -> tuple[str, str]:
    """What a child says, as far as it is ours: it reads hostile bytes, and may be lost to them."""
    told = str(detail) if _DETAIL.fullmatch(str(detail)) else ""
    return (what, told) if isinstance(what, str) and what in WORDS else ("killed", "")


def missed(what: str, where: str, detail: str = "") -> NotScanned:
    """The line of the report for a whole document."""
    code, reason, mend = WORDS[what]
    return NotScanned(where, f"{_told(reason, detail)} · {mend}", code)


def missed_inside(table: str, counts: Counter[tuple[str, str]]) -> Iterator[NotScanned]:
    """One line for each kind of part that was not read, over all documents of a table.

    A mailbox has thousands of mails with the same logo: lines for each would hide the rest.
    """
    for (what, detail), many in sorted(counts.items()):
        code, reason, mend = WORDS[what]
        parts = (
            "1 attachment, page or packed file"
            if many == 1
            else f"{many:,} attachments, pages or packed files".replace(",", " ", many >= 1000)
        )
        yield NotScanned(
            f"{table} · parts of documents: {what}{f' ({detail})' if detail else ''}",
            f"{parts}: {_told(reason, detail)} · {mend}",
            code,
        )


def _told(reason: str, detail: str) -> str:
    return f"{reason} ({detail})" if detail else reason
