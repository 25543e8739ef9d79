"""`--prefect` on the command line: with an embedded server of its own, and with a running one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.integration.flows.project import make_project

pytestmark = pytest.mark.prefect


def sladd(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-c", "from sladd.cli import main; main()", *words],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | environment,
        capture_output=True,
        text=True,
        timeout=200,
    )


def processes_of(home: Path) -> list[str]:
    """Command lines of what still runs with this home of Prefect."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("PREFECT_HOME") == str(home):
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


@pytest.mark.timeout(240)
def test_without_a_server_it_brings_its_own_and_takes_it_away(tmp_path):
    """The summary and nothing else is printed, and no process is left behind."""
    config = make_project(tmp_path / "alone")
    home = tmp_path / "home"
    done = sladd("discover", "--prefect", folder=config.parent, PREFECT_HOME=str(home))
    assert done.returncode == 0, done.stderr
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        "reading shop, exports",
        "shop",
        "exports",
    ]
    assert "shop: 2 scanned, 0 unchanged, 0 not scanned" in done.stdout
    assert done.stderr == ""
    assert (home / "prefect.db").exists()
    assert processes_of(home) == []


ONE_PROCESS = """
import json, sys
from sladd.cli import main
for words in json.load(sys.stdin):
    sys.argv = ["sladd", *words]
    try:
        main()
    except SystemExit as end:
        print("exit", end.code or 0)
"""


def test_by_configuration_and_when_it_fails(prefect, tmp_path):
    """`runner: prefect` stands for `--prefect`; a failing flow is one line, without a trace."""
    from sladd.pipeline.bind import bind

    config = make_project(tmp_path / "runner")
    config.write_text(config.read_text("utf-8") + "runner: prefect\n", "utf-8")
    missing = config.parent / "missing.yaml"
    missing.write_text(config.read_text("utf-8").replace("shop.db", "missing.db"), "utf-8")
    commands = [["discover"], ["publish", "analytics"], ["-c", str(missing), "discover", "shop"]]
    done = subprocess.run(
        [sys.executable, "-c", ONE_PROCESS],
        cwd=config.parent,
        env=os.environ | prefect.environment,
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        timeout=200,
    )
    lines = done.stdout.splitlines()
    assert any(line.startswith("published analytics ") for line in lines), done.stderr
    assert [line for line in lines if line.startswith("exit")][-1] == "exit 3"
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("SLADD-205: there is no such database file")
    assert len(bind(config).catalog.releases.all()) == 1
    assert {scan.by for scan in bind(config).catalog.scans.all()} == {"prefect"}
