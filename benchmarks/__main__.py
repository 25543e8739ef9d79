"""`python -m benchmarks [NAME…] --rows N [--write]`: exit 1 when a goal is missed."""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import NAMES, machine, page
from benchmarks.measure import peak_bytes
from benchmarks.result import FULL_ROWS, Result

HERE = Path(__file__).parent
RESULTS = HERE / "results"
FEWEST_ROWS = 1_000


def main() -> int:
    """Run the benchmarks one after another, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--rows", type=int, default=FULL_ROWS, help="default: %(default)s")
    parser.add_argument("--write", action="store_true", help="store results and README.md")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))} · {', '.join(NAMES)}")
    if not FEWEST_ROWS <= chosen.rows <= FULL_ROWS:
        parser.error(f"--rows must be {FEWEST_ROWS:,} to {FULL_ROWS:,}")
    if chosen.child:
        measured = run(chosen.names[0], chosen.rows)
        chosen.child.write_text(json.dumps(measured.as_json()))
        return 0
    results, failed = [], []
    for name in chosen.names or NAMES:
        result = in_child(name, chosen.rows)
        if result is None:
            failed.append(name)
            continue
        results.append(result)
        word = "ok" if result.ok else "MISSED"
        print(f"{name}: {word}, {result.seconds:.0f} s", file=sys.stderr, flush=True)
        if chosen.write:
            store(result)
    print(page.terminal(results))
    for name in failed:
        print(f"{name}: did not finish; the error stands above")
    return 0 if not failed and all(result.ok for result in results) else 1


def run(name: str, rows: int) -> Result:
    """Run one benchmark in this process, in a folder that is removed afterwards."""
    module = importlib.import_module(f"benchmarks.{name}")
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measures = module.run(rows, Path(folder))
        told = Path(folder) / "details.json"  # plain data for a benchmark's own page
        details = json.loads(told.read_text(encoding="utf-8")) if told.exists() else {}
    return Result(name, rows, measures, time.perf_counter() - begun, peak_bytes(), details)


def in_child(name: str, rows: int) -> Result | None:
    """Run one benchmark where its memory is its own; None when it died."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        said = Path(folder) / "result.json"
        command = [sys.executable, "-m", "benchmarks", name, "--rows", str(rows)]
        subprocess.run([*command, "--child", str(said)], check=False)
        return Result.from_json(json.loads(said.read_text())) if said.exists() else None


def store(result: Result) -> None:
    """Write `results/<name>.json` and the page over all results."""
    RESULTS.mkdir(exist_ok=True)
    about = {"machine": machine.describe(), "result": result.as_json()}
    text = json.dumps(about, indent=2, ensure_ascii=False) + "\n"
    (RESULTS / f"{result.name}.json").write_text(text, encoding="utf-8")
    runs = []
    for name in NAMES:
        file = RESULTS / f"{name}.json"
        if file.exists():
            stored = json.loads(file.read_text(encoding="utf-8"))
            runs.append((Result.from_json(stored["result"]), stored["machine"]))
    (HERE / "README.md").write_text(page.markdown(runs), encoding="utf-8")
    module = importlib.import_module(f"benchmarks.{result.name}")
    pages = module.pages(result) if hasattr(module, "pages") else {}
    for path, content in pages.items():
        (HERE.parent / path).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
