"""The little Markdown that the generated pages need."""

from __future__ import annotations

from collections.abc import Sequence


def head(title: str, intro: str = "") -> str:
    """The start of a page, with the word that it is not to be edited."""
    made = "<!-- Written by `python -m docs.generate` from the code. Do not edit. -->"
    return f"{made}\n\n# {title}\n" + (f"\n{intro.strip()}\n" if intro else "")


def cell(text: object) -> str:
    """Text that can stand in a cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def code(text: object) -> str:
    """Text as code, also within a table; nothing for nothing."""
    plain = str(text).replace("|", "\\|")
    return f"`{plain}`" if plain else ""


def table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table; cells are Markdown already."""
    lines = ["| " + " | ".join(headers) + " |", "|" + "|".join(" --- " for _ in headers) + "|"]
    lines += ["| " + " | ".join(str(c).replace("\n", " ") for c in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
