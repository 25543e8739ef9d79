"""The memory of a release of N rows and of ten times as many: it is bounded, not by the table.

Each publish runs in a process of its own, as a user would start it, and says at its end how
much memory it has held at once.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import data, project
from benchmarks.memory import sladd
from benchmarks.result import Goal, Measure

TIMES = 10
FLAT = Goal(1.25)  # ten times the rows; what differs is the way the rows are put in order


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Gigabytes at the peak of `sladd publish`."""
    small, _ = _peak(folder / "one", rows, 1)
    large, seconds = _peak(folder / "ten", rows, TIMES)
    return (
        Measure(
            what=f"sladd publish: {TIMES * rows:,} rows",
            value=large / 1e9,
            unit="GB",
            floor=small / 1e9,
            floor_is=f"{rows:,} rows",
            goal=FLAT,
            notes=(f"{seconds:.0f} s wall",),
        ),
    )


def _peak(folder: Path, rows: int, files: int) -> tuple[float, float]:
    """Peak bytes and seconds of one release of so many files of so many rows."""
    folder.mkdir()
    table = data.table(rows, telling=False)
    for number in range(files):
        # A file alone is a table of its own name: it has to be the same, for the same rules.
        name = f"orders_{number}" if files > 1 else "orders"
        pq.write_table(_others(table, number), folder / f"{name}.parquet", row_group_size=122_880)
    rules = [
        {
            "field": f"shop/orders.{name}",
            "transform": "pseudonym" if name in data.PERSONAL and name != "fnr" else "keep",
        }
        for name in table.column_names
        if name != "fnr"
    ]
    settings = {
        "sources": {"shop": {"files": str(folder / "orders*.parquet")}},
        "releases": {
            "bench": {"domain": "benchmark", "from": ["shop"], "rules": rules, "to": "release"}
        },
    }
    del table
    config = project.make(folder / "project", settings)
    sladd(config, "discover")
    told = sladd(config, "publish", "bench")
    return told["peak_bytes"], told["wall_s"]


def _others(table: pa.Table, number: int) -> pa.Table:
    """The same orders of other persons, so that distinct values grow with the rows."""
    at = table.column_names.index
    keys = pc.add(table["customer_id"], number * 10_000_000)
    mails = pc.binary_join_element_wise(f"{number}", table["email"], ".")
    table = table.set_column(at("customer_id"), "customer_id", keys)
    return table.set_column(at("email"), "email", mails)
