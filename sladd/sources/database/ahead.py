"""Reading the next batches while the last one is worked on.

A server stops sending when nobody reads; the transforms of one batch take about as long as the
server needs for the next.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator
from queue import SimpleQueue
from typing import TypeVar

Batch = TypeVar("Batch")

DEPTH = 2  # batches that wait: one to go on with, one for a batch that took longer than others
SPARE_BYTES = 32_000_000  # more of them wait as long as all together are smaller: the first batch
# of a table takes several times as long as the others, which know most of its values


class _Room:
    """What may wait at once."""

    def __init__(self, depth: int, spare: int) -> None:
        self._depth, self._spare = depth, spare
        self._sizes: deque[int] = deque()
        self._changed = threading.Condition()
        self._open = True

    def wait(self) -> bool:
        """Until another batch may be read; False when none is wanted any more."""
        with self._changed:
            self._changed.wait_for(self._enough)
            return self._open

    def _enough(self) -> bool:
        few = len(self._sizes) < self._depth or sum(self._sizes) < self._spare
        return few or not self._open

    def put(self, size: int) -> None:
        """A batch waits."""
        with self._changed:
            self._sizes.append(size)

    def take(self) -> None:
        """The batch that waited longest is handed over."""
        with self._changed:
            self._sizes.popleft()
            self._changed.notify_all()

    def close(self) -> None:
        """No batch is wanted any more."""
        with self._changed:
            self._open = False
            self._changed.notify_all()


def read_ahead(
    opened: Callable[[], Generator[Batch]], depth: int = DEPTH, spare: int = SPARE_BYTES
) -> Generator[Batch]:
    """Hand over what a generator gives; a thread of its own opens, reads and closes it.

    Closing this one early stops the thread after the batch that it is reading, and waits for it:
    what it read from is free afterwards.

    Args:
        opened: called in the thread.
        depth: batches read and not yet handed over.
        spare: bytes up to which more of them wait; what has no `nbytes` counts as more.

    Raises:
        BaseException: what the generator raised, where its next batch would have come.
    """
    room = _Room(depth, spare)
    ready: SimpleQueue[tuple[Batch] | BaseException | None] = SimpleQueue()

    def read() -> None:
        last: BaseException | None = None
        try:
            batches = opened()
            try:
                while room.wait():
                    batch = next(batches)
                    room.put(getattr(batch, "nbytes", spare))
                    ready.put((batch,))
                    del batch
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
            room.take()
            yield found[0]
            del found
        if found is not None:
            raise found
    finally:
        room.close()
        if thread is not threading.current_thread():  # nobody closed it: the collector did
            thread.join()
