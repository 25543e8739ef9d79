"""One publish at a time in one target."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from sladd.errors import SourceError

LOCK = ".lock"


class Lock:
    """An exclusive lock on a folder. It dies with its process, however that ends."""

    def __init__(self, folder: Path) -> None:
        # O_NOFOLLOW: whoever may write in the folder must not make us open another file.
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self._file = os.open(folder / LOCK, flags, 0o600)
        try:
            # flock belongs to the open file, not to the process: a second publish in a thread
            # of the same process is refused as well.
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise SourceError(
                "another publish to this target is running; nothing was changed",
                code=280,
                where=folder.name,
                mend="wait for it to end, then sladd publish again",
            ) from None
        except BaseException:
            os.close(self._file)
            raise

    def release(self) -> None:
        """Let the next publish in. The file stays: removing it would race with a third one."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
