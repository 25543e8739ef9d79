"""Child processes that read documents: reused, and replaced when a document ends or hangs one."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Any, Self

from sladd.errors import SourceError
from sladd.sources.documents import limits
from sladd.sources.files.entry import FileEntry

_LENGTH = struct.Struct(">I")
_START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from sladd.sources.documents.child import main; main(int(sys.argv[2]))"
)
_SPOOL_BYTES = 1 << 20

Row = dict[str, Any]


class Gone(Exception):
    """The child has ended, or was ended. `what` is a key of `troubles.WORDS`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Child:
    """One process. It is asked for one document at a time.

    Args:
        stall_s: seconds without a word after which it is taken to hang.
    """

    def __init__(self, *, stall_s: float = limits.STALL_S) -> None:
        self._stall_s = stall_s
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        path = [os.path.abspath(place) for place in sys.path]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-I", "-B", "-X", "utf8", "-c", _START, json.dumps(path),
                 str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},  # passwords of sources stand in the environment
                cwd="/",
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # Ctrl-C is for the parent, which ends its children
            )  # fmt: skip
        self._channel.settimeout(stall_s)

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def read(self, stream: IO[bytes], name: str, size: int) -> Iterator[list[Row]]:
        """Rows of a document, some at a time.

        Args:
            stream: an open file of the operating system.
            name: of the file, without folders.
            size: bytes.

        Raises:
            Gone: the child ended, hung or said too much; it is of no use any more.
        """
        request = json.dumps({"name": name[-1_000:], "size": size}).encode()
        allowed = 2 * (limits.MAX_CPU_S + limits.CPU_S_PER_MB * (size >> 20))
        end = time.monotonic() + allowed
        try:
            socket.send_fds(self._channel, [request], [stream.fileno()])
            while True:
                (length,) = _LENGTH.unpack(self._bytes(_LENGTH.size))
                if length > limits.MAX_FRAME_BYTES:
                    raise Gone("killed")
                frame = json.loads(self._bytes(length))
                yield frame["rows"]
                if frame.get("done"):
                    return
                if time.monotonic() > end:
                    raise Gone("slow")
        except TimeoutError:
            self.kill()
            raise Gone("slow") from None
        except Gone:
            self.kill()
            raise
        except (OSError, ValueError, KeyError, TypeError):
            raise Gone(self._why()) from None

    def _bytes(self, count: int) -> bytes:
        held = bytearray()
        while len(held) < count:
            got = self._channel.recv(count - len(held))
            if not got:
                raise Gone(self._why())
            held += got
        return bytes(held)

    def _why(self) -> str:
        """How it ended."""
        self.kill(grace_s=1.0)
        code = self._process.returncode
        return "slow" if code == -signal.SIGXCPU else "killed"

    def kill(self, grace_s: float = 0.0) -> None:
        """End it now, or when it has not ended by itself for `grace_s` seconds."""
        if grace_s:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace_s)
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._channel.close()


class Pool:
    """A few children, started when they are needed.

    Args:
        size: processes at most.
        stall_s: see `Child`.
    """

    def __init__(self, size: int = 2, *, stall_s: float = limits.STALL_S) -> None:
        self.size = size
        self._stall_s = stall_s
        self._idle: queue.SimpleQueue[Child] = queue.SimpleQueue()
        self._all: set[Child] = set()
        self._lock = threading.Lock()
        self._free = threading.Semaphore(size)

    def __repr__(self) -> str:
        return f"<Pool of {self.size} readers>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, file: FileEntry) -> Iterator[list[Row]]:
        """Rows of a file, some at a time; the last may be a trouble.

        Raises:
            SourceError: the file is gone or may not be read (SLADD-242).
        """
        name = file.relative.rsplit("/", 1)[-1]
        with _as_file(file) as stream, self._free:
            child = self._taken()
            whole = False
            try:
                yield from child.read(stream, name, file.size)
                whole = True
            except Gone as gone:
                yield [{"trouble": gone.what}]
            finally:
                # Also when the caller stops half-way: what the child still says is not for the next.
                if whole:
                    self._idle.put(child)
                else:
                    self._ended(child)

    def _taken(self) -> Child:
        while True:
            try:
                child = self._idle.get_nowait()
            except queue.Empty:
                child = Child(stall_s=self._stall_s)
                with self._lock:
                    self._all.add(child)
                return child
            if child._process.poll() is None:  # noqa: SLF001 - the class beside
                return child
            self._ended(child)

    def _ended(self, child: Child) -> None:
        child.kill()
        with self._lock:
            self._all.discard(child)

    def close(self) -> None:
        """End every child."""
        with self._lock:
            children, self._all = list(self._all), set()
            self._idle = queue.SimpleQueue()
        for child in children:
            child.kill()


def _as_file(file: FileEntry) -> IO[bytes]:
    """The file as the operating system knows it; from elsewhere, a copy without a name.

    Raises:
        SourceError: it is gone, may not be read, or is no file (SLADD-242).
    """
    from sladd.sources.files.entry import unreadable

    if is_local(file):
        try:
            # Opening a pipe would wait for its writer.
            handle = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise unreadable(file, error) from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise SourceError(
                "is no regular file", code=264, where=file.shown, mend="take it out of the pattern"
            )
        return os.fdopen(handle, "rb")
    copy: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        with file.open() as stream:
            while chunk := stream.read(_SPOOL_BYTES):
                copy.write(chunk)
        copy.seek(0)
    except SourceError:
        copy.close()
        raise
    except Exception as error:
        copy.close()
        raise unreadable(file, error) from None
    return copy


def is_local(file: FileEntry) -> bool:
    """Whether the operating system itself can open it."""
    protocol = file.fs.protocol
    return "file" in (protocol if isinstance(protocol, tuple) else (protocol,))
