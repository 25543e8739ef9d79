"""A full scan of a Parquet file with the deterministic rules, against reading that file.

Every row is read and every distinct value is screened; texts are sampled as configured.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from benchmarks import data, project
from benchmarks.measure import cpu_seconds, in_turns, rounds_for
from benchmarks.result import Goal, Measure

GOAL = Goal(
    3.0,
    fixed=1.2,
    why="200 texts go through Presidio, 1,000 values a column through the exact recognisers and "
    "the column's own permutation, whatever the number of rows",
)


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Seconds of processor time for one scan."""
    from sladd.pipeline.discover import discover

    file = data.write(folder, rows)
    settings = {"sources": {"shop": {"files": str(file)}}}
    bound = project.ready(project.make(folder / "project", settings))
    floor, scan = in_turns(
        rounds_for(rows),
        lambda: cpu_seconds(lambda: pq.read_table(file)),
        lambda: cpu_seconds(lambda: discover(bound, full=True)),
    )
    return (
        Measure(
            what=f"scan of {rows:,} × 14 in full",
            value=scan,
            unit="s CPU",
            floor=floor,
            floor_is="reading the file",
            goal=GOAL,
        ),
    )
