"""One file that a pattern matched, and how it is opened."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from typing import IO, Any

from sladd.errors import SourceError

HASH_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file: where it is, what it may be called in public, and a stamp of its state.

    Attributes:
        fs: the fsspec file system.
        path: as the file system spells it; may hold a person's name.
        relative: the same below the folder that the patterns start from.
        shown: `relative` with personal parts masked; the only form that is ever printed.
        folder: the table-forming directory (a Parquet directory) or "".
        size: bytes, compressed.
        stamp: changes when the content may have changed; cheap.
    """

    fs: Any
    path: str
    relative: str
    shown: str
    folder: str
    size: int
    stamp: str

    @property
    def id(self) -> str:
        """A reference that survives process borders and holds no name."""
        return hashlib.sha256(self.relative.encode()).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"<FileEntry {self.shown}>"

    def open(self) -> IO[bytes]:
        """Open the bytes as they are stored.

        Raises:
            SourceError: the file is gone or may not be read (SLADD-242), or is no file (264).
        """
        try:
            self._refuse_pipe()
            opened: IO[bytes] = self.fs.open(self.path, "rb")
        except SourceError:
            raise
        except Exception as error:
            raise unreadable(self, error) from None
        return opened

    def _refuse_pipe(self) -> None:
        """A pipe or a device would be waited for without end."""
        if "file" not in self.fs.protocol:
            return
        mode = os.stat(self.path).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise SourceError(
                "is no regular file", code=264, where=self.shown, mend="take it out of the pattern"
            )

    def sha256(self) -> str:
        """Hash of the stored bytes, in hexadecimal."""
        digest = hashlib.sha256()
        with self.open() as stream:
            try:
                while chunk := stream.read(HASH_CHUNK_BYTES):
                    digest.update(chunk)
            except OSError as error:
                raise unreadable(self, error) from None
        return digest.hexdigest()

    def stamp_now(self) -> str:
        """The stamp of the file as it is at this moment; "" when it is gone."""
        try:
            self.fs.invalidate_cache(self.path)
            return stamp_of(self.fs.info(self.path))
        except Exception:
            return ""


def stamp_of(info: dict[str, Any]) -> str:
    """Size and whatever the file system knows about the last change, as a short hash."""
    seen = [info.get(key) for key in ("size", "mtime", "LastModified", "ETag", "etag", "updated")]
    if not any(value is not None for value in seen[1:]):
        seen.append(info.get("created"))
    return hashlib.sha256(repr([str(value) for value in seen]).encode()).hexdigest()[:16]


def unreadable(file: FileEntry, error: BaseException) -> SourceError:
    """The one line for a file that could not be opened or read; without the cause's text."""
    if isinstance(error, FileNotFoundError):
        return SourceError(
            "the file is gone, or is a link to nothing",
            code=242,
            where=file.shown,
            mend="restore it, or take it out of the pattern",
        )
    if isinstance(error, IsADirectoryError):
        return SourceError(
            "is a directory, not a file",
            code=242,
            where=file.shown,
            mend="add /** to the pattern to read what is inside",
        )
    if isinstance(error, PermissionError):
        return SourceError(
            "the file may not be read",
            code=242,
            where=file.shown,
            mend="give this user permission to read it",
        )
    return SourceError(
        f"the file could not be read ({type(error).__name__})",
        code=242,
        where=file.shown,
        mend="check the file system it lies on",
    )
