"""Six columns pseudonymised and the rows put in order, against reading and writing them.

The path from the source to the ordered Parquet files has the goal. The whole command, with
database, report, gate and re-scan, is reported beside it. So is what others need for the same
columns of the same file: `apply(hmac)` in pandas for the pseudonyms alone, and presidio-structured,
which leaves reading, order and writing to its user, for the whole path.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks import data, hashing, presidio, project
from benchmarks.measure import cpu_seconds, in_turns, rounds_for, spent_in
from benchmarks.result import Goal, Measure
from sladd.pipeline.bind import Bound
from sladd.pipeline.memo import Memo

GOAL = Goal(
    1.5,
    fixed=0.2,
    why="the plan, the catalog, the schema of the source and fsync, whatever the number of rows",
)
OVER_PANDAS = Goal(20, on="value", kind="at least", full_only=True)
OVER_PRESIDIO = Goal(100, on="value", kind="at least", full_only=True)
TABLE = "shop/orders"
FLOOR = "read and write unchanged"


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Seconds of processor time for one release."""
    file = data.write(folder, rows, telling=False)
    columns = pq.read_schema(file).names
    bound = scanned(folder, file, columns)
    whole: list[float] = []
    keyed: list[float] = []

    def unchanged() -> None:
        pq.write_table(pq.read_table(file), folder / "unchanged.parquet", compression="zstd")

    def release() -> float:
        with spent_in(Memo, "__call__") as spent:
            path, command = publish_once(bound)
        whole.append(command)
        keyed.append(sum(spent))
        return path

    floor, path = in_turns(rounds_for(rows), lambda: cpu_seconds(unchanged), release)
    what = f"{rows:,} × {len(columns)}, 6 pseudonymised, in order"
    command = statistics.median(whole[1:])
    return (
        Measure(what, path, "s CPU", floor, FLOOR, GOAL),
        Measure("with database, report, gate and re-scan", command, "s CPU", floor, FLOOR),
        *_others(file, rows, path, statistics.median(keyed[1:])),
    )


def _others(file: Path, rows: int, path: float, keyed: float) -> tuple[Measure, ...]:
    """How much faster than others, on the first rows of the same file."""
    pandas = hashing.with_pandas(file, data.PERSONAL, rows)
    theirs = hashing.with_presidio(file, data.PERSONAL, rows)
    few = f"pandas on {min(rows, hashing.PANDAS_ROWS):,} rows, extrapolated to {rows:,}"
    found = [
        Measure(
            "the pseudonyms alone: times faster than pandas .apply(hmac)",
            pandas / keyed,
            "times",
            goal=OVER_PANDAS,
            notes=(f"{keyed:.2f} s and {pandas:.1f} s CPU for {len(data.PERSONAL)} columns", few),
        )
    ]
    if theirs is not None:
        few = f"on {min(rows, hashing.PRESIDIO_ROWS):,} rows, extrapolated to {rows:,}"
        found.append(
            Measure(
                "read, pseudonymised, put in order and written: times faster than presidio-structured",
                theirs / path,
                "times",
                goal=OVER_PRESIDIO,
                notes=(f"presidio-structured {theirs:.0f} s CPU for the same columns, {few}",),
            )
        )
    else:
        found[0] = replace(found[0], notes=(*found[0].notes, f"presidio: {presidio.NOT_RUN}"))
    return tuple(found)


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
    bound.catalog.verdicts.decide(
        f"{TABLE}.fnr", Decision.CONFIRMED, category="", reason="benchmark", by="benchmark"
    )
    return bound
