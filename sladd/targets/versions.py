"""The versions that lie in a target: which one `latest` names, which are unfinished, which go."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sladd.errors import SladdError, SourceError
from sladd.release import (
    current_version,
    loads,
)
from sladd.release.paths import (
    LATEST,
    LATEST_FILE,
    MANIFEST,
    is_version_folder,
)

STAGING = ".staging-"
RUN = ".run.json"


def unfinished(to: Path) -> Mapping[str, Mapping[str, str]]:
    """Versions that were interrupted, with the `run` they began with; newest last."""
    found: dict[str, Mapping[str, str]] = {}
    for entry in sorted(to.glob(f"{STAGING}*")):
        with suppress(OSError, ValueError):
            run = json.loads((entry / RUN).read_bytes())
            if isinstance(run, dict):
                found[entry.name.removeprefix(STAGING)] = {k: str(v) for k, v in run.items()}
    return found


def refuse_foreign(to: Path) -> None:
    """Stop when the folder is something else than a target: a project, a home directory."""
    entries = {entry.name for entry in to.iterdir() if not entry.name.startswith(".")}
    ours = {name for name in entries if is_version_folder(name)} | {LATEST, LATEST_FILE}
    if entries and not entries & ours:
        raise SourceError(
            "the folder holds other things than releases",
            code=283,
            where=to.name,
            mend="name an empty or a new folder in `to:` of the release",
        )


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def switch(to: Path, folder: str) -> None:
    """Let `latest` name `folder`, in one rename."""
    temporary = to / f".{LATEST}.new"
    remove(temporary)
    try:
        temporary.symlink_to(folder, target_is_directory=True)
    except (OSError, NotImplementedError):
        # FAT, some network shares, Windows without the right: a file says the same.
        temporary.write_text(json.dumps({"format": 1, "version": folder}) + "\n")
        sync(temporary)
        temporary.replace(to / LATEST_FILE)
    else:
        temporary.replace(to / LATEST)
        remove(to / LATEST_FILE)
    sync(to)


def clear(to: Path, release: str, *, keep: int, published: str) -> None:
    """Delete old versions: of this release, readable as such, and never the published one."""
    try:
        current = current_version(to)
    except SladdError:
        return
    ours = []
    for entry in to.iterdir():
        if not is_version_folder(entry.name) or entry.is_symlink() or not entry.is_dir():
            continue
        with suppress(OSError, SladdError):
            if loads((entry / MANIFEST).read_bytes()).release == release:
                ours.append(entry)
    old = sorted(
        (entry for entry in ours if entry.name not in {published, current}),
        key=lambda entry: entry.name,
        reverse=True,
    )
    for entry in old[max(keep, 1) - 1 :]:
        # Without its manifest it is no release any more, even if the deletion is interrupted.
        with suppress(OSError):
            (entry / MANIFEST).unlink()
        remove(entry)


def remove(path: Path) -> None:
    """Take a file, a link or a whole folder away, as far as that can be done."""
    if path.is_symlink() or path.is_file():
        with suppress(OSError):
            path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
