"""What several tests only read or copy, made once in a run of however many workers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock


def once(folder: Path, make: Callable[[Path], object]) -> Path:
    """A folder, filled by the first who asks; others wait until it is.

    Args:
        folder: shared by the workers of a run.
        make: fills it.
    """
    done = folder / "made"
    with FileLock(f"{folder}.lock"):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of one who failed
            folder.mkdir(parents=True)
            make(folder)
            done.touch()
    return folder
