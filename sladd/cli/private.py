"""New files that only their owner can read, for what leads back to persons."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sladd.errors import SourceError


@contextmanager
def new_private(path: Path) -> Iterator[IO[bytes]]:
    """A file of mode 0600 that was not there before; removed again when writing fails.

    Raises:
        SourceError: it is there already, or cannot be written (SLADD-296).
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        raise SourceError(
            f"the file cannot be written: {fault.strerror}",
            code=296,
            where=str(path),
            mend="name a new file with -o",
        ) from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
