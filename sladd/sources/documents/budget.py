"""What is left to spend on one document, and streams that count what they give."""

from __future__ import annotations

import io
from typing import BinaryIO

from sladd.sources.documents import limits
from sladd.sources.documents.piece import Unreadable


class Budget:
    """Bytes, members and depth of one file, all levels together.

    Args:
        size: of the file as stored; the ratio is taken of it.
    """

    def __init__(self, size: int) -> None:
        self._size = max(1, size)
        self._unpacked = 0
        self._entries = 0

    def unpack(self, count: int) -> None:
        """Take note of unpacked bytes.

        Raises:
            Unreadable: they are too many.
        """
        self._unpacked += count
        if self._unpacked > limits.MAX_UNPACKED_BYTES:
            raise Unreadable("unpacks")
        over = self._unpacked > limits.RATIO_FROM_BYTES
        if over and self._unpacked / self._size > limits.MAX_RATIO:
            raise Unreadable("unpacks")

    def enter(self) -> None:
        """Take note of a member.

        Raises:
            Unreadable: there are too many.
        """
        self._entries += 1
        if self._entries > limits.MAX_ENTRIES:
            raise Unreadable("entries")


class Counted(io.RawIOBase):
    """An unpacked stream that spends the budget as it is read. It can only go back to 0."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget
        self._at = self._furthest = 0

    def readable(self) -> bool:
        """A source of bytes."""
        return True

    def seekable(self) -> bool:
        """To its beginning."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go back to the beginning."""
        if (offset, whence) != (0, 0):
            raise io.UnsupportedOperation
        self._at = 0
        return self._stream.seek(0)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer`."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        if self._at > self._furthest:
            self._budget.unpack(self._at - self._furthest)
            self._furthest = self._at
        return len(data)


def whole(stream: BinaryIO) -> bytes:
    """All bytes, for formats that are read back and forth.

    Raises:
        Unreadable: they are more than can be held.
    """
    data = stream.read(limits.MAX_WHOLE_BYTES + 1)
    if len(data) > limits.MAX_WHOLE_BYTES:
        raise Unreadable("large")
    return data
