"""One command of sladd with what it took: `python -m benchmarks.command OUT.json discover …`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.measure import peak_bytes


def main() -> int:
    """Run the command in this process and write seconds and peak memory to OUT."""
    from sladd.cli import main as sladd

    out = Path(sys.argv[1])
    sys.argv = ["sladd", *sys.argv[2:]]
    begun = time.perf_counter()
    code = 0
    try:
        sladd()
    except SystemExit as end:
        code = int(end.code or 0)
    took = {
        "wall_s": time.perf_counter() - begun,
        "cpu_s": time.process_time(),
        "peak_bytes": peak_bytes(),
    }
    out.write_text(json.dumps(took))
    return code


if __name__ == "__main__":
    raise SystemExit(main())
