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


class Unsent(Refused):
    """A form of ours came after its session had ended.

    Args:
        key: as of `Refused`.
        typed: what the visitor had written in it, to be handed back: nothing of it is kept.
        back: path of the page with the form.
    """

    def __init__(self, key: str, typed: tuple[str, ...], back: str) -> None:
        super().__init__(403, key)
        self.typed = typed
        self.back = back


def local_path(back: str) -> str | None:
    """The path, when it leads to a page of this application; None when it leads elsewhere."""
    local = back.startswith("/") and not back.startswith(("//", "/\\"))
    return back if local and back.isprintable() and "\\" not in back else None
