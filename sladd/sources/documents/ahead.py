"""Several documents read at a time, handed on in their order."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from sladd.errors import SladdError, SourceError
from sladd.sources.documents.pool import Pool, Row
from sladd.sources.files.entry import FileEntry

_WAITING = 8  # lots of rows of one document that may wait to be taken
_AHEAD = 2  # documents that wait behind those being read
_Queue = queue.Queue["list[Row] | SladdError | None"]


def read_files(
    pool: Pool, files: Sequence[FileEntry]
) -> Iterator[tuple[FileEntry, Iterator[list[Row]]]]:
    """Each file with its rows. Take them all before the next file.

    Args:
        pool: of readers.
        files: in the order wanted.

    Yields:
        File and rows; these raise `SourceError` when the file cannot be opened.
    """
    stop = threading.Event()
    todo = deque(files)
    underway: deque[tuple[FileEntry, _Queue]] = deque()
    with ThreadPoolExecutor(pool.size, thread_name_prefix="documents") as threads:
        try:
            while todo or underway:
                while todo and len(underway) < pool.size + _AHEAD:
                    file = todo.popleft()
                    waiting: _Queue = queue.Queue(_WAITING)
                    underway.append((file, waiting))
                    threads.submit(_work, pool, file, waiting, stop)
                file, waiting = underway.popleft()
                yield file, _taken(waiting)
        finally:
            stop.set()


def _work(pool: Pool, file: FileEntry, waiting: _Queue, stop: threading.Event) -> None:
    try:
        with closing(pool.read(file)) as found:  # type: ignore[type-var]
            for rows in found:
                if not _put(waiting, rows, stop):
                    return
    except SladdError as error:
        _put(waiting, error, stop)
    except Exception as error:
        # A thread that died silently would leave its reader waiting for ever.
        what = f"reading stopped with {type(error).__name__}"
        told = SourceError(what, code=265, where=file.shown, mend="look at the document yourself")
        _put(waiting, told, stop)
    finally:
        _put(waiting, None, stop)


def _put(waiting: _Queue, item: list[Row] | SladdError | None, stop: threading.Event) -> bool:
    while not stop.is_set():
        try:
            waiting.put(item, timeout=0.2)
        except queue.Full:
            continue
        return True
    return False


def _taken(waiting: _Queue) -> Iterator[list[Row]]:
    while (item := waiting.get()) is not None:
        if isinstance(item, SladdError):
            raise item
        yield item
