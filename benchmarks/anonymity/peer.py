"""anjana, the Python library that searches for k-anonymity, on the same table and hierarchies.

It needs an older pandas than sladd, so it runs in an interpreter of its own: name that in
`SLADD_BENCH_ANJANA` (a virtual environment with `pip install anjana`). Without it the comparison
is left out and says so.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pcsv

from transforms.anonymity.checks import Checker

ASKED = "SLADD_BENCH_ANJANA"
NOT_RUN = f"anjana was not run: name a Python that has it in {ASKED}"
_SCRIPT = Path(__file__).with_name("anjana_run.py")


@dataclass(frozen=True, slots=True)
class Found:
    """What anjana found: processor seconds, loss by our measure, version."""

    seconds: float
    loss: float
    rows_suppressed: int
    version: str


def anjana(table: pa.Table, checker: Checker, folder: Path) -> Found | None:
    """Run it; None where there is none or it finds nothing.

    Args:
        table: as `checker` has it.
        checker: with the same thresholds; it tells the loss of what anjana chose.
        folder: for the files that it reads.
    """
    python = os.environ.get(ASKED)
    if not python:
        return None
    problem = checker.problem
    pcsv.write_csv(table.select(list(problem.columns)), folder / "table.csv")
    for one in checker.columns:
        rungs = [
            one.texts[level].take(pa.array(one.classes[level])).cast(pa.string()).to_pylist()
            for level in range(len(one.texts))
        ]
        with (folder / f"{one.name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(zip(*rungs, strict=True))
    said = folder / "anjana.json"
    command = [python, str(_SCRIPT), str(folder), str(problem.k), str(problem.max_suppression)]
    subprocess.run([*command, str(said)], check=True, stdout=subprocess.DEVNULL)
    found = json.loads(said.read_text(encoding="utf-8"))
    node = tuple(found["levels"][name] for name in problem.columns)
    verdict = checker.check(node)
    if not verdict.meets:
        return None
    return Found(found["seconds"], verdict.loss, table.num_rows - found["rows"], found["version"])
