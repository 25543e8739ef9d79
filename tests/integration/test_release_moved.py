"""A release is a folder: it opens wherever it is taken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BUILDER = Path(__file__).parents[1] / "unit" / "release"
ROOT = Path(__file__).parents[2]

PUBLISH = "import sys; from pathlib import Path; import builder; builder.publish(Path(sys.argv[1]))"
OPEN = """
import sys
import duckdb, pandas
from sladd import gate
folder = sys.argv[1]
assert gate.query(folder, "SELECT count(*) AS n FROM orders")["n"].to_pylist() == [100]
assert gate.files(folder, rescan=None).passed
with duckdb.connect(folder + "/analytics.duckdb", read_only=True) as opened:
    joined = "SELECT count(*) FROM orders JOIN customers ON customer_id = customers.id"
    assert opened.execute(joined).fetchone() == (100,)
assert len(pandas.read_parquet(folder + "/orders")) == 100
assert list(pandas.read_csv(folder + "/dictionary.csv").table.unique()) == ["customers", "orders"]
"""


def run(code: str, argument: str, cwd: Path) -> None:
    path = os.pathsep.join([str(BUILDER), str(ROOT), *sys.path])
    subprocess.run(
        [sys.executable, "-c", code, argument],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        check=True,
        timeout=120,
    )


def test_moved_release_opens_from_another_directory(tmp_path):
    """The folder is published, moved to another place under another name, and read there."""
    run(PUBLISH, str(tmp_path / "target"), tmp_path)
    elsewhere = tmp_path / "laptop" / "Nedlastinger æøå"
    elsewhere.mkdir(parents=True)
    version = next((tmp_path / "target").glob("v=*"))
    version.rename(elsewhere / "utgave")
    os.unlink(tmp_path / "target" / "latest")
    run(OPEN, "utgave", elsewhere)
    run(OPEN, str(elsewhere / "utgave"), tmp_path)
