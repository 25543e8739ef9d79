"""Six columns pseudonymised and the rows put in order, against reading and writing them.

The path from the source to the ordered Parquet files has the goal. The whole command, with
database, report, gate and re-scan, is reported beside it.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks import data, project
from benchmarks.measure import cpu_seconds, in_turns, rounds_for
from benchmarks.result import Goal, Measure
from sladd.pipeline.bind import Bound

GOAL = Goal(
    1.5,
    fixed=0.2,
    why="the plan, the catalog, the schema of the source and fsync, whatever the number of rows",
)
TABLE = "shop/orders"
FLOOR = "read and write unchanged"


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Seconds of processor time for one release."""
    file = data.write(folder, rows)
    columns = pq.read_schema(file).names
    bound = scanned(folder, file, columns)
    whole: list[float] = []

    def unchanged() -> None:
        pq.write_table(pq.read_table(file), folder / "unchanged.parquet", compression="zstd")

    def release() -> float:
        path, command = publish_once(bound)
        whole.append(command)
        return path

    floor, path = in_turns(rounds_for(rows), lambda: cpu_seconds(unchanged), release)
    what = f"{rows:,} × {len(columns)}, 6 pseudonymised, in order"
    command = statistics.median(whole[1:])
    return (
        Measure(what, path, "s CPU", floor, FLOOR, GOAL),
        Measure("with database, report, gate and re-scan", command, "s CPU", floor, FLOOR),
    )


def publish_once(bound: Bound) -> tuple[float, float]:
    """Processor seconds until the rows stand in order, and until the release is out."""
    from sladd.pipeline.publish import publish

    told: dict[str, float] = {}
    begun = time.process_time()
    publish(bound, "bench", tell=lambda what, *_: told.update({what: time.process_time()}))
    return told["sorted"] - begun, time.process_time() - begun


def scanned(folder: Path, file: Path, columns: list[str]) -> Bound:
    """A project whose plan keeps all columns: six as pseudonyms, the others as they are."""
    from sladd.model import Decision
    from sladd.pipeline.discover import discover

    rules = [
        {"field": f"{TABLE}.{name}", "transform": "pseudonym" if name in data.PERSONAL else "keep"}
        for name in columns
    ]
    release = {
        "domain": "benchmark",
        "from": ["shop"],
        "rules": rules,
        "keep_versions": 1,
        "to": "release",
    }
    settings = {"sources": {"shop": {"files": str(file)}}, "releases": {"bench": release}}
    bound = project.ready(project.make(folder / "project", settings))
    discover(bound)
    # A national id leaves only by a rule and a verdict, even as a pseudonym.
    bound.catalog.decide(
        f"{TABLE}.fnr", Decision.CONFIRMED, category="", reason="benchmark", by="benchmark"
    )
    return bound
