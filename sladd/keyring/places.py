"""Where a key must not lie: beside data or code that travels, or where others can swap it.

The same holds for what leads back to persons otherwise: a vault, a translation table.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from sladd.errors import KeyringError


def check_place(path: Path, targets: Sequence[Path], *, what: str = "key") -> None:
    """Refuse a key that would travel with data or code.

    Args:
        path: of the key; it need not exist yet.
        targets: directories that receive releases.
        what: is kept there, in a word.

    Raises:
        KeyringError: inside a target (SLADD-405) or a git work tree (SLADD-406).
    """
    # Both ways to the file count: as it is written, and where its links lead.
    for spelled in {Path(os.path.abspath(path)), path.resolve()}:
        for target in targets:
            if spelled.is_relative_to(target.resolve()):
                raise KeyringError(
                    f"the {what} lies inside a release",
                    code=405,
                    where=str(path),
                    mend=_elsewhere(path, what),
                )
        for parent in spelled.parents:
            if (parent / ".git").exists():
                raise KeyringError(
                    f"the {what} lies inside a git work tree",
                    code=406,
                    where=str(path),
                    mend=_elsewhere(path, what),
                )


def _elsewhere(path: Path, what: str) -> str:
    if what == "key":
        return f"mv {path} ~/.config/sladd/keys/"
    return "choose a folder outside of it, such as ~/.config/sladd/"


def check_directory(path: Path, *, what: str = "key") -> None:
    """Refuse a directory in which others could swap the file for theirs.

    Raises:
        KeyringError: others can write there (SLADD-407).
    """
    if os.name != "posix":
        return
    directory = path.resolve().parent
    for number, parent in enumerate((directory, *directory.parents)):
        mode = parent.stat().st_mode
        # Further up, the sticky bit (as on /tmp) keeps others from renaming what is not theirs.
        shared = mode & 0o022 if number == 0 else mode & 0o002 and not mode & stat.S_ISVTX
        if shared:
            raise KeyringError(
                f"others can write in the directory of the {what}",
                code=407,
                where=str(parent),
                mend=f"chmod go-w {parent}",
            )


def check_options(
    options: Mapping[str, str], *, root: Path, targets: Sequence[Path], stores: Sequence[str]
) -> None:
    """Refuse a provider whose options lead into the store or the folder that releases go to.

    Args:
        options: of the provider.
        root: where relative paths start.
        targets: directories that receive releases.
        stores: URLs of object stores that receive releases.

    Raises:
        KeyringError: the same bucket (SLADD-419), or a file in an unsafe place (405, 406, 407).
    """
    buckets = {bucket for store in stores if (bucket := _bucket(store))}
    for name, value in options.items():
        if (_bucket(value) or value.strip("/").split("/", 1)[0]) in buckets:
            raise KeyringError(
                f"the option '{name}' names an object store that releases go to, too",
                code=419,
                where="sladd.yaml, keys",
                mend="keep the key in a store of its own, with other permissions",
            )
        given = Path(value.removeprefix("file://")).expanduser()
        path = given if given.is_absolute() else root / given
        # `projects/x/secrets/y` is a name in most systems: only what is there is a file.
        if "://" not in value.removeprefix("file://") and value and path.is_file():
            check_place(path, targets)
            check_directory(path)


def _bucket(text: str) -> str:
    """The bucket of an object store's URL; "" for what is no such URL."""
    scheme, there, rest = text.partition("://")
    return rest.split("/", 1)[0].rpartition("@")[2] if there and scheme != "file" else ""
