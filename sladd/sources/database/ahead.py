"""Reading the next batches while the last one is worked on.

A server stops sending when nobody reads; the transforms of one batch take about as long as the
server needs for the next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from queue import SimpleQueue
from typing import TypeVar

Batch = TypeVar("Batch")

DEPTH = 2  # batches that wait: one to go on with, one for a batch that took longer than others


def read_ahead(opened: Callable[[], Generator[Batch]], depth: int = DEPTH) -> Generator[Batch]:
    """Hand over what a generator gives; a thread of its own opens, reads and closes it.

    Closing this one early stops the thread after the batch that it is reading, and waits for it:
    what it read from is free afterwards.

    Args:
        opened: called in the thread.
        depth: batches read and not yet handed over.

    Raises:
        BaseException: what the generator raised, where its next batch would have come.
    """
    room = threading.Semaphore(depth)
    stopped = threading.Event()
    ready: SimpleQueue[tuple[Batch] | BaseException | None] = SimpleQueue()

    def read() -> None:
        last: BaseException | None = None
        try:
            batches = opened()
            try:
                while room.acquire() and not stopped.is_set():
                    ready.put((next(batches),))
            except StopIteration:
                pass
            finally:
                batches.close()
        except BaseException as error:  # raised again where batches are used
            last = error
        ready.put(last)

    # A second Ctrl-C does not wait for a server that has stopped answering.
    thread = threading.Thread(target=read, name="sladd-read-ahead", daemon=True)
    thread.start()
    try:
        while isinstance(found := ready.get(), tuple):
            room.release()
            yield found[0]
            del found
        if found is not None:
            raise found
    finally:
        stopped.set()
        room.release()
        if thread is not threading.current_thread():  # nobody closed it: the collector did
            thread.join()
