"""A release of N customers with their orders, out of SQLite, and the memory that it takes.

Generator, scan and release each run in a process of their own, as a user would start them; the
two commands of sladd say at their end how much memory they have held at once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import project
from benchmarks.result import Goal, Measure

GOAL = Goal(1.5, on="value", exact=True)
TABLES = ["customers", "addresses", "orders", "order_lines"]
SEED = 5


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Gigabytes at the peak of each command."""
    _python(
        "-m", "data.samples.generator", "--customers", str(rows), "--seed", str(SEED),
        "--out", str(folder), "--only-database",
    )  # fmt: skip
    release = {"domain": "benchmark", "from": ["shop"], "to": "release"}
    settings = {
        "sources": {"shop": {"database": f"sqlite:///{folder / 'shop.db'}", "include": TABLES}},
        "releases": {"customers": release},
    }
    config = project.make(folder / "project", settings)
    scan = sladd(config, "discover")
    made = sladd(config, "publish", "customers")
    manifest = json.loads((config.parent / "release" / "latest" / "manifest.json").read_text())
    written = sum(table["rows_out"] for table in manifest["tables"])
    return (
        Measure(
            what=f"sladd publish: {rows:,} customers, {written:,} rows in all",
            value=made["peak_bytes"] / 1e9,
            unit="GB",
            goal=GOAL,
            notes=(f"{made['wall_s']:.0f} s wall, {made['cpu_s']:.0f} s CPU",),
        ),
        Measure(
            what="sladd discover of the same tables, sampled",
            value=scan["peak_bytes"] / 1e9,
            unit="GB",
            goal=GOAL,
            notes=(f"{scan['wall_s']:.0f} s wall, {scan['cpu_s']:.0f} s CPU",),
        ),
    )


def sladd(config: Path, *arguments: str) -> dict[str, Any]:
    """What one command took, in a process of its own."""
    said = config.parent / "said.json"
    _python("-m", "benchmarks.command", str(said), "--config", str(config), *arguments)
    measured: dict[str, Any] = json.loads(said.read_text())
    return measured


def _python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
