"""Parquet files of the version that stands, taken over into the next one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sladd.errors import SladdError
from sladd.pipeline.incremental.state import FileState
from sladd.pipeline.incremental.table import intact
from sladd.release import ReleaseFile
from sladd.targets.parquet import FinishedTable

if TYPE_CHECKING:
    from sladd.pipeline.incremental.reuse import Fetch


def fetched(fetch: Fetch, files: Sequence[FileState], folder: Path) -> bool:
    """Get files of the version that stands; False when one is not what it was.

    Args:
        fetch: gets one.
        files: that are wanted.
        folder: where they are put, under their names in the release.
    """
    for file in files:
        goal = folder / file.path
        goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(OSError, SladdError):
            fetch(file.path, goal)
        if not intact(goal, file.sha256):
            return False
    return True


def joined(
    name: str,
    taken: Sequence[FileState],
    *,
    held: Path,
    release: Path,
    schema: pa.Schema,
    written: FinishedTable | None,
) -> FinishedTable:
    """The table from files taken over and files written anew.

    Args:
        name: of the table.
        taken: files that were fetched into `held`.
        held: where they are.
        release: folder of the new version.
        schema: of all of them.
        written: the others; None when there are none.
    """
    fresh = []
    for file in written.files if written else ():
        # A bucket that lost its last row has no file.
        if file.rows:
            fresh.append(file)
        else:
            (release / file.path).unlink()
    for old in taken:
        goal = release / old.path
        goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (held / old.path).replace(goal)
    files = [*fresh, *(ReleaseFile(path=f.path, sha256=f.sha256, rows=f.rows) for f in taken)]
    nulls_of = {f.path: f.nulls for f in taken} | (dict(written.nulls_of) if written else {})
    files.sort(key=lambda file: (len(file.path), file.path))
    return FinishedTable(
        name=name,
        rows=sum(f.rows or 0 for f in files),
        files=tuple(files),
        schema=schema,
        nulls={c: sum(nulls_of[f.path].get(c, 0) for f in files) for c in schema.names},
        nulls_of={f.path: nulls_of[f.path] for f in files},
    )
