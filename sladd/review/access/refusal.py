"""Answers instead of a page, raised where they become known."""

from __future__ import annotations


class ToLogin(Exception):
    """Somebody has to log in first, and then comes back.

    Args:
        back: path and query of the page that was asked for.
    """

    def __init__(self, back: str) -> None:
        super().__init__("login")
        self.back = back


class Refused(Exception):
    """The request is not carried out.

    Args:
        status: of the answer.
        key: of the text in `texts/*/error.toml` that says why.
        facts: for the text.
    """

    def __init__(self, status: int, key: str, **facts: str | int) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.facts = facts


def local_path(back: str) -> str | None:
    """The path, when it leads to a page of this application; None when it leads elsewhere."""
    local = back.startswith("/") and not back.startswith(("//", "/\\"))
    return back if local and back.isprintable() and "\\" not in back else None
