"""How long a person waits for `sladd --help`, against starting Python."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import in_turns
from benchmarks.result import Goal, Measure

RUNS = 5
GOAL = Goal(0.3, on="value")
_HELP = "import sys; sys.argv = ['sladd', '--help']; from sladd.cli import main; main()"


def run(rows: int, folder: Path) -> tuple[Measure, ...]:  # noqa: ARG001 - rows do not matter
    """Median wall time, compiled beforehand as an installed program is."""
    bare, helped = in_turns(RUNS, lambda: _seconds("pass", folder), lambda: _seconds(_HELP, folder))
    return (Measure("sladd --help", helped, "s wall", bare, "python -c pass", GOAL),)


def _seconds(code: str, folder: Path) -> float:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder)
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - begun
