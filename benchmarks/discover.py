"""A full scan of a Parquet file with the deterministic rules, against reading that file.

Every row is read and every distinct value is screened; texts are sampled as configured.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from benchmarks import data, project
from benchmarks.measure import cpu_seconds, in_turns, rounds_for
from benchmarks.result import Goal, Measure
from sladd.pipeline.discover import SourceResult

GOAL = Goal(
    3.0,
    fixed=1.2,
    why="200 texts go through Presidio, 1,000 values a column through the exact recognisers and "
    "the column's own permutation, whatever the number of rows",
)


ALL_FOUND = Goal(len(data.TRUTH), on="value", kind="at least", exact=True)


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Seconds of processor time for one scan."""
    from sladd.pipeline.discover import discover

    file = data.write(folder, rows)
    settings = {"sources": {"shop": {"files": str(file)}}}
    bound = project.ready(project.make(folder / "project", settings))
    scans: list[tuple[SourceResult, ...]] = []
    floor, scan = in_turns(
        rounds_for(rows),
        lambda: cpu_seconds(lambda: pq.read_table(file)),
        lambda: cpu_seconds(lambda: scans.append(discover(bound, full=True))),
    )
    # A scan that stopped half-way would be fast.
    fields = [f for table in scans[-1][0].tables for f in table.fields]
    found = {f.field.ref.column: f.finding.category for f in fields}
    missed = [name for name, category in data.TRUTH.items() if found.get(name) != category]
    return (
        Measure(
            what=f"scan of {rows:,} × 14 in full",
            value=scan,
            unit="s CPU",
            floor=floor,
            floor_is="reading the file",
            goal=GOAL,
        ),
        Measure(
            what="columns found as what they are",
            value=float(len(data.TRUTH) - len(missed)),
            unit=f"of {len(data.TRUTH)}",
            goal=ALL_FOUND,
            notes=tuple(f"missed: {name}" for name in missed),
        ),
    )
