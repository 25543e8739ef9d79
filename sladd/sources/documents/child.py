"""The child process: reads documents it is handed as open files, under limits it cannot raise.

It is started with an empty environment and no file but its socket, sees no path, may write no
file, and ends with its parent. One request is a line of JSON with an open file beside it; the
answer is frames of JSON, each with its length in front.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import struct
import sys
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

from sladd.sources.documents import limits
from sladd.sources.documents.budget import Budget
from sladd.sources.documents.piece import Piece, Trouble, Unreadable
from sladd.sources.documents.reading import Reading, format_of, read

LENGTH = struct.Struct(">I")
_FRAME_CHARACTERS = 64_000
_FLUSH_S = 1.0


def main(number: int) -> None:
    """Serve requests on the socket with that file number until it is closed."""
    import sladd.sources.documents.formats  # noqa: F401 - before limits forbid new files

    _bound()
    with socket.socket(fileno=number) as channel:
        while True:
            request, files, _, _ = socket.recv_fds(channel, 65_536, 1)
            if not request or not files:
                return
            with os.fdopen(files[0], "rb") as stream:
                _answer(channel, stream, json.loads(request))


def _bound() -> None:
    """Give up what no reader needs. The processor time is bounded anew for each document."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.MAX_MEMORY_BYTES, limits.MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    os.chdir("/")
    sys.setrecursionlimit(1_000)


def _bound_time(size: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    more = limits.MAX_CPU_S + limits.CPU_S_PER_MB * (size >> 20)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + more
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _answer(channel: socket.socket, stream: BinaryIO, request: dict[str, Any]) -> None:
    name, size = str(request["name"]), int(request["size"])
    _bound_time(size)
    held: list[dict[str, Any]] = []
    characters = total = 0
    since = time.monotonic()
    for row in _rows(stream, name, size):
        held.append(row)
        many = sum(len(value) for value in row.values() if isinstance(value, str))
        characters += many
        total += many
        if total > limits.MAX_TEXT_CHARACTERS:
            held.append({"trouble": "length"})
            break
        if characters > _FRAME_CHARACTERS or time.monotonic() - since > _FLUSH_S:
            _send(channel, {"rows": held})
            held, characters, since = [], 0, time.monotonic()
    _send(channel, {"rows": held, "done": True})


def _rows(stream: BinaryIO, name: str, size: int) -> Iterator[dict[str, Any]]:
    """What the document holds, as plain data. Any failure is a trouble: no text of it leaves."""
    try:
        head = stream.read(16 << 10)
        stream.seek(0)
        yield {"format": format_of(head, name) if head else "empty"}
        for found in read(stream, Reading(name, Budget(size))):
            yield _plain(found)
    except Unreadable as error:
        yield {"trouble": error.what, "detail": error.detail}
    except MemoryError:
        yield {"trouble": "memory"}
    except RecursionError:
        yield {"trouble": "depth"}
    except Exception as error:
        yield {"trouble": "damaged", "detail": type(error).__name__}


def _plain(found: Piece | Trouble) -> dict[str, Any]:
    if isinstance(found, Trouble):
        return {"trouble": found.what, "inside": found.inside, "detail": found.detail}
    row: dict[str, Any] = {"part": found.part, **found.fields}
    if found.text:
        row["text"] = found.text
    if found.unit:
        row["unit"] = found.unit
    return row


def _send(channel: socket.socket, frame: dict[str, Any]) -> None:
    data = json.dumps(frame, ensure_ascii=True).encode("ascii")
    channel.sendall(LENGTH.pack(len(data)) + data)
