"""A Dask scheduler and workers as processes of their own, as an operator starts them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and workers of one thread each; all end with the context.

    Args:
        folder: for their scratch files and logs.
        workers: how many.

    Yields:
        The scheduler's address and the processes of the workers.
    """
    address_file = folder / "scheduler.json"
    running: list[subprocess.Popen[bytes]] = []
    try:
        running.append(
            _started(
                folder / "scheduler.log",
                "distributed.cli.dask_scheduler",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--no-dashboard",
                "--scheduler-file",
                str(address_file),
            )
        )
        for number in range(workers):
            running.append(
                _started(
                    folder / f"worker-{number}.log",
                    "distributed.cli.dask_worker",
                    "--scheduler-file",
                    str(address_file),
                    "--nthreads",
                    "1",
                    "--no-nanny",
                    "--no-dashboard",
                    "--local-directory",
                    str(folder / f"worker-{number}"),
                )
            )
        yield _ready(address_file, workers), running[1:]
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def _started(log: Path, module: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", module, *words]
    with log.open("wb") as said:
        return subprocess.Popen(command, stdout=said, stderr=said, env=dict(os.environ))


def _ready(address_file: Path, workers: int) -> str:
    from distributed import Client

    end = time.monotonic() + START_SECONDS
    while not address_file.exists():
        if time.monotonic() > end:
            raise TimeoutError("the scheduler did not start")
        time.sleep(0.1)
    with Client(scheduler_file=str(address_file), set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=START_SECONDS)
        return str(client.scheduler.address)
