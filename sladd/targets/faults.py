"""What the operating system says while a target is written, as one line for a person."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sladd.errors import SourceError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = ("no space left", "disk quota", "file too large", "disk full", "max_temp_directory")


@contextmanager
def target_faults(target: Path) -> Iterator[None]:
    """Turn faults of disk and permission into `SourceError`.

    Raises:
        SourceError: the disk is full (SLADD-281), or it cannot be written (SLADD-282).
    """
    import duckdb

    try:
        yield
    except (OSError, duckdb.Error) as fault:
        text = str(fault).lower()
        if getattr(fault, "errno", None) in _FULL or any(word in text for word in _FULL_WORDS):
            raise full(target) from None
        # Through an Arrow reader DuckDB's own faults arrive as OSError.
        if isinstance(fault, duckdb.OutOfMemoryException) or "out of memory" in text:
            raise SourceError(
                "sorting needs more memory than it may take",
                code=284,
                where=target.name,
                mend="free disk space for its temporary files, or publish fewer columns",
            ) from None
        # The message of a fault may hold a path, and a path a name: only its kind is told.
        kind = errno.errorcode.get(getattr(fault, "errno", None) or 0, type(fault).__name__)
        raise SourceError(
            f"the target cannot be written ({kind})",
            code=282,
            where=target.name,
            mend="check that the folder exists and that you may write in it",
        ) from None


def full(target: Path) -> SourceError:
    """The disk is full: nothing was published, the old version stands."""
    return SourceError(
        "the disk is full; nothing was published and the old version stands",
        code=281,
        where=target.name,
        mend="free space or change `to:` of the release, then sladd publish again",
    )
