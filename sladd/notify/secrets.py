"""Passwords and secrets of channels: read where they are used, and never shown."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sladd.errors import NotifyError

_MOST_BYTES = 4096


class Secret:
    """A text that no representation, log or error shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "<Secret>"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")

    def reveal(self) -> str:
        """The text."""
        return self._text


def read_secret(file: Path | None, variable: str | None, *, where: str) -> Secret | None:
    """The secret of a channel; None where it names neither file nor variable.

    Args:
        file: with mode 0600; its first line counts.
        variable: of the environment.
        where: the channel, for errors.

    Raises:
        NotifyError: the file is missing, open to others, or empty (SLADD-941), or there is no
            such variable (SLADD-942).
    """
    if variable is not None:
        text = os.environ.get(variable, "")
        if not text:
            raise NotifyError(
                f"the environment has no variable {variable}",
                code=942,
                where=where,
                mend=f"export {variable}=…",
            )
        return Secret(text)
    return None if file is None else Secret(_first_line(file, where))


def _first_line(file: Path, where: str) -> str:
    try:
        with file.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            if os.name == "posix" and mode & 0o077:
                raise _unusable(f"is open to others (mode {mode:04o})", where, f"chmod 600 {file}")
            text = opened.read(_MOST_BYTES).decode().split("\n", 1)[0].strip()
    except (OSError, UnicodeDecodeError):
        raise _unusable("cannot be read", where, f"write it to {file}, mode 0600") from None
    if not text:
        raise _unusable("is empty", where, f"write it to {file}, mode 0600")
    return text


def _unusable(why: str, where: str, mend: str) -> NotifyError:
    return NotifyError(f"the file with the secret {why}", code=941, where=where, mend=mend)
