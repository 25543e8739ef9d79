"""Bytes as readers want them: decompressed within bounds, as UTF-8, without NUL."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from typing import IO

from sladd.errors import SourceError
from sladd.sources.files.entry import FileEntry, unreadable

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
# Text tables compress 3-40 times; a stream of one repeated byte 1,000 (gzip) to 20,000 (zstd).
MAX_RATIO = 300
# Below this a high ratio does no harm: a small file of equal rows is allowed.
RATIO_FROM_BYTES = 64 << 20
MAX_UNPACKED_BYTES = 1 << 40
_CHUNK = 1 << 20


class BoundedStream(io.RawIOBase):
    """A decompressed stream that stops a bomb before it costs time."""

    def __init__(self, file: FileEntry, packed: IO[bytes], unpacked: IO[bytes]) -> None:
        self._file = file
        self._packed = packed
        self._unpacked = unpacked
        self.given = 0

    def readable(self) -> bool:
        """A source of bytes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer`.

        Raises:
            SourceError: the stream is damaged (SLADD-243) or unpacks without bound (245).
        """
        try:
            data = self._unpacked.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _damaged(self._file, error) from None
        except OSError as error:
            raise unreadable(self._file, error) from None
        except Exception as error:  # zstandard has its own error class
            raise _damaged(self._file, error) from None
        buffer[: len(data)] = data
        self.given += len(data)
        if self._packed is not self._unpacked and self.given > RATIO_FROM_BYTES:
            used = max(1, self._packed.tell())
            if self.given > MAX_UNPACKED_BYTES or self.given / used > MAX_RATIO:
                raise SourceError(
                    f"unpacks to more than {MAX_RATIO} times its size",
                    code=245,
                    where=self._file.shown,
                    mend="unpack it yourself if it is meant to be read",
                )
        return len(data)

    def close(self) -> None:
        """Close both streams."""
        if not self.closed:
            self._unpacked.close()
            self._packed.close()
        super().close()


def _damaged(file: FileEntry, error: BaseException) -> SourceError:
    end = isinstance(error, EOFError)
    return SourceError(
        "the compressed file ends too early" if end else "the compressed file is damaged",
        code=243,
        where=file.shown,
        mend="export it again",
    )


def compression_of(head: bytes) -> str:
    """`gzip`, `zstd` or "" by the first bytes."""
    if head.startswith(GZIP_MAGIC):
        return "gzip"
    return "zstd" if head.startswith(ZSTD_MAGIC) else ""


def open_unpacked(file: FileEntry) -> BoundedStream:
    """Open a file, decompressed when its first bytes say it is compressed."""
    packed = file.open()
    try:
        kind = compression_of(packed.read(4))
        packed.seek(0)
    except OSError as error:
        packed.close()
        raise unreadable(file, error) from None
    if kind == "gzip":
        return BoundedStream(file, packed, gzip.GzipFile(fileobj=packed))  # type: ignore[arg-type]
    if kind == "zstd":
        import zstandard

        # 128 MB is the largest window a frame may ask for without --ultra --long.
        unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        return BoundedStream(
            file, packed, unpacker.stream_reader(packed, read_across_frames=True, closefd=False)
        )
    return BoundedStream(file, packed, packed)


def read_head(file: FileEntry, size: int) -> tuple[bytes, bool]:
    """The first `size` unpacked bytes, and whether that is the whole file."""
    with io.BufferedReader(open_unpacked(file), _CHUNK) as stream:
        head = stream.read(size)
        return head, len(head) < size or not stream.read(1)


class Utf8Stream(io.RawIOBase):
    """Any text encoding in, UTF-8 out: byte order mark and NUL removed, `skip` bytes left out.

    A file that begins as UTF-8 and turns out to hold bytes of Windows-1252 later (the first
    æ, ø or å may stand in row 100,000) is read on with those bytes taken as Windows-1252.
    """

    def __init__(
        self, raw: io.RawIOBase, encoding: str, *, skip: int = 0, quote: str | None = None
    ) -> None:
        self._raw = io.BufferedReader(raw, _CHUNK)
        self._utf8 = encoding == "utf-8"
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._pending = b""
        self._skip = skip
        self._ready = b""
        self._first = True
        self._end = False
        self._quote = (quote or "").encode()
        self.nuls = 0
        self.foreign = 0
        self.quotes = 0  # an odd number of them never closes

    def readable(self) -> bool:
        """A source of bytes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer`."""
        while not self._ready and not self._end:
            self._fill()
        data = self._ready[: len(buffer)]
        self._ready = self._ready[len(data) :]
        buffer[: len(data)] = data
        return len(data)

    def _fill(self) -> None:
        chunk = self._raw.read(_CHUNK)
        self._end = not chunk
        text = self._decode(chunk)
        if self._first and text:
            text = text.removeprefix("\ufeff")
            self._first = False
        if "\x00" in text:
            self.nuls += text.count("\x00")
            text = text.replace("\x00", "")
        data = text.encode("utf-8", "replace")
        if self._skip:
            dropped = min(self._skip, len(data))
            self._skip -= dropped
            data = data[dropped:]
        if self._quote:
            self.quotes += data.count(self._quote)
        self._ready = data

    def _decode(self, chunk: bytes) -> str:
        if not self._utf8:
            return self._decoder.decode(chunk, final=not chunk)
        data = memoryview(self._pending + chunk)
        parts: list[str] = []
        while True:
            try:
                text, used = codecs.utf_8_decode(data, "strict", not chunk)
            except UnicodeDecodeError as error:
                parts.append(str(data[: error.start], "utf-8"))
                parts.append(windows_1252(bytes(data[error.start : error.end])))
                self.foreign += error.end - error.start
                data = data[error.end :]
            else:
                self._pending = bytes(data[used:])
                return "".join([*parts, text])

    def close(self) -> None:
        """Close the stream below."""
        if not self.closed:
            self._raw.close()
        super().close()


def windows_1252(data: bytes) -> str:
    """Decode bytes as Windows-1252; its five unassigned bytes as Latin-1."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(
            bytes([byte]).decode("latin-1" if byte in b"\x81\x8d\x8f\x90\x9d" else "cp1252")
            for byte in data
        )
