"""anjana in an interpreter of its own: it needs a pandas that sladd does not run with.

`PYTHON benchmarks/anonymity/anjana_run.py FOLDER K SUPPRESSION OUT.json`: reads `table.csv` and one
`COLUMN.csv` of classes per quasi-identifier, as ARX and anjana write them.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path


def main() -> None:
    """Search once and write seconds, levels and rows left."""
    import pandas as pd
    from anjana.anonymity import k_anonymity_inner

    folder, k, share = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    table = pd.read_csv(folder / "table.csv", dtype=str, keep_default_na=False)
    columns = list(table.columns)
    classes = {
        name: dict(
            pd.read_csv(folder / f"{name}.csv", header=None, dtype=str, keep_default_na=False)
        )
        for name in columns
    }
    begun = time.process_time()
    found, _, levels = k_anonymity_inner(table, [], columns, k, share * 100, classes)
    said = {
        "seconds": time.process_time() - begun,
        "levels": {name: int(level) for name, level in levels.items()},
        "rows": len(found),
        "version": version("anjana"),
    }
    Path(sys.argv[4]).write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    main()
