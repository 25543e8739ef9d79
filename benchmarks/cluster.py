"""A release made on a Dask cluster: the same bytes as on one process, also when a worker dies.

Scheduler and two workers are processes of their own. On a machine of two cores they share them
with the process that publishes, so the ratio says what a cluster costs, not what it gains.
"""

from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path
from subprocess import Popen

import pyarrow.parquet as pq

from benchmarks import data
from benchmarks.dask_processes import cluster
from benchmarks.publish import scanned
from benchmarks.result import Goal, Measure
from sladd.config import ClusterConfig
from sladd.pipeline.bind import Bound

SAME = Goal(1.0, on="value", kind="at least", exact=True)
FILES = 4  # of the table: at least as many partitions
WORKERS = 2


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Wall seconds of the publish, and whether its data are the same."""
    source = folder / "orders"
    source.mkdir()
    table = data.table(rows)
    size = -(-rows // FILES)
    for number in range(FILES):
        part = table.slice(number * size, size)
        pq.write_table(part, source / f"orders_{number}.parquet", row_group_size=122_880)
    bound = scanned(folder, source / "*.parquet", table.column_names)
    alone, one = _published(bound)
    with cluster(folder, WORKERS) as (address, workers):
        spread = Bound(bound.config.model_copy(update={"runner": ClusterConfig(dask=address)}))
        _published(spread)  # workers import and bind once
        together, two = _published(spread)
        killer = threading.Thread(target=_kill, args=(bound, workers[0]))
        killer.start()
        after, _ = _published(spread)
        killer.join()
        died = workers[0].poll() is not None
    return (
        Measure(f"{rows:,} rows on {WORKERS} workers", two, "s wall", one, "in one process"),
        Measure("its data are the same bytes", float(together == alone), "of 1", goal=SAME),
        Measure(
            "the same after a worker was killed half-way",
            float(died and after == alone),
            "of 1",
            goal=SAME,
        ),
    )


def _published(bound: Bound) -> tuple[dict[str, str], float]:
    """Hashes of the data by file, and wall seconds until the rows stand in order."""
    from contextlib import nullcontext

    from flows.cluster import cluster as connected
    from sladd.pipeline.publish import in_order, publish

    runner = bound.config.runner
    told: dict[str, float] = {}
    begun = time.perf_counter()
    with (
        connected(runner.dask) if isinstance(runner, ClusterConfig) else nullcontext(in_order)
    ) as mapper:
        publish(
            bound,
            "bench",
            mapper=mapper,
            tell=lambda what, *_: told.update({what: time.perf_counter()}),
        )
    folder = bound.config.folder_of("bench") / "latest"
    hashes = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (folder / "").rglob("*.parquet")
    }
    return hashes, told["sorted"] - begun


def _kill(bound: Bound, worker: Popen[bytes]) -> None:
    """Kill a worker as soon as the first part of the release is there."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if any(bound.config.folder_of("bench").glob(".staging-*/.parts/*/*.arrow")):
            break
        time.sleep(0.001)
    worker.kill()
    worker.wait()
