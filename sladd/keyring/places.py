"""Where a key must not lie: beside data or code that travels, or where others can swap it."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from sladd.errors import KeyringError


def check_place(path: Path, targets: Sequence[Path]) -> None:
    """Refuse a key that would travel with data or code.

    Args:
        path: of the key; it need not exist yet.
        targets: directories that receive releases.

    Raises:
        KeyringError: inside a target (SLADD-405) or a git work tree (SLADD-406).
    """
    # Both ways to the file count: as it is written, and where its links lead.
    for spelled in {Path(os.path.abspath(path)), path.resolve()}:
        for target in targets:
            if spelled.is_relative_to(target.resolve()):
                raise KeyringError(
                    "the key lies inside a release",
                    code=405,
                    where=str(path),
                    mend=f"mv {path} ~/.config/sladd/keys/",
                )
        for parent in spelled.parents:
            if (parent / ".git").exists():
                raise KeyringError(
                    "the key lies inside a git work tree",
                    code=406,
                    where=str(path),
                    mend=f"mv {path} ~/.config/sladd/keys/",
                )


def check_directory(path: Path) -> None:
    """Refuse a directory in which others could swap the key for theirs."""
    if os.name != "posix":
        return
    directory = path.resolve().parent
    for number, parent in enumerate((directory, *directory.parents)):
        mode = parent.stat().st_mode
        # Further up, the sticky bit (as on /tmp) keeps others from renaming what is not theirs.
        shared = mode & 0o022 if number == 0 else mode & 0o002 and not mode & stat.S_ISVTX
        if shared:
            raise KeyringError(
                "others can write in the directory of the key",
                code=407,
                where=str(parent),
                mend=f"chmod go-w {parent}",
            )
