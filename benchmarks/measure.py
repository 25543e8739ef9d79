"""Seconds of processor time, in turns with a floor, and peak memory."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def cpu_seconds(work: Callable[[], object]) -> float:
    """Processor time of all threads of this process while `work` runs."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


@contextmanager
def spent_in(holder: type, *names: str) -> Iterator[list[float]]:
    """Processor seconds of each call of some methods of a class, while the context is open."""
    spent: list[float] = []
    own = {name: getattr(holder, name) for name in names}

    def timed(method: Callable[..., Any]) -> Callable[..., Any]:
        def within(*given: Any) -> Any:
            begun = time.process_time()
            try:
                return method(*given)
            finally:
                spent.append(time.process_time() - begun)

        return within

    for name, method in own.items():
        setattr(holder, name, timed(method))
    try:
        yield spent
    finally:
        for name, method in own.items():
            setattr(holder, name, method)


def rounds_for(rows: int) -> int:
    """How often to measure: small runs are noisy, large ones are long."""
    return 5 if rows <= 100_000 else 3


def in_turns(rounds: int, *jobs: Callable[[], float]) -> tuple[float, ...]:
    """Measure jobs in turns, so that all meet the same machine.

    Args:
        rounds: a first one, which warms up, is extra and not counted.
        jobs: each says itself how many seconds count.

    Returns:
        The median of each.
    """
    times = [[job() for job in jobs] for _ in range(rounds + 1)][1:]
    return tuple(map(statistics.median, zip(*times, strict=True)))


def peak_bytes() -> int:
    """Most memory that this process has held at once."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike ru_maxrss it does not remember the process that forked this one.
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(lines["VmHWM"].split()[0]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
