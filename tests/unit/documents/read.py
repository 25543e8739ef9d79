"""Documents read in this process, as rows of plain data."""

from __future__ import annotations

import io
from typing import Any

from sladd.sources.documents.budget import Budget
from sladd.sources.documents.piece import Trouble, Unreadable
from sladd.sources.documents.reading import Reading, format_of, read


def rows(data: bytes, name: str = "a.txt") -> list[dict[str, Any]]:
    """Every piece and trouble of a document."""
    found: list[dict[str, Any]] = []
    try:
        for each in read(io.BytesIO(data), Reading(name, Budget(len(data)))):
            if isinstance(each, Trouble):
                found.append({"trouble": each.what, "inside": each.inside, "detail": each.detail})
            else:
                found.append({"part": each.part, **each.fields, "text": each.text} | (
                    {"unit": each.unit} if each.unit else {}
                ))  # fmt: skip
    except Unreadable as error:
        found.append({"trouble": error.what, "inside": False, "detail": error.detail})
    return found


def texts(data: bytes, name: str = "a.txt", part: str | None = None) -> list[str]:
    """The texts of a document, of one kind of part."""
    return [
        row["text"]
        for row in rows(data, name)
        if row.get("text") and (part is None or row["part"] == part)
    ]


def kind(data: bytes, name: str = "a.txt") -> str:
    """The format that the content tells."""
    return format_of(data[:16_384], name)


def troubles(data: bytes, name: str = "a.txt") -> list[str]:
    """What could not be read."""
    return [row["trouble"] for row in rows(data, name) if "trouble" in row]
