"""`--prefect` on the command line: with an embedded server of its own, and with a running one."""

from __future__ import annotations

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


def test_publish_as_a_flow_by_configuration(prefect, tmp_path):
    """`runner: prefect` stands for `--prefect` on both commands."""
    config = make_project(tmp_path / "runner")
    config.write_text(config.read_text("utf-8") + "runner: prefect\n", "utf-8")
    first = sladd("discover", "--json", folder=config.parent, **prefect.environment)
    assert first.returncode == 0, first.stderr
    done = sladd("publish", "analytics", folder=config.parent, **prefect.environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("published analytics ")
    from sladd.pipeline.bind import bind

    (release,) = bind(config).catalog.releases()
    assert {scan.by for scan in bind(config).catalog.scans()} == {"prefect"}
    assert release.name == "analytics"


def test_a_flow_that_fails_is_one_line(prefect, tmp_path):
    """No trace of Prefect's before our own line; the exit code is that of the error."""
    config = make_project(tmp_path / "fails")
    (config.parent / "shop.db").unlink()
    done = sladd("discover", "shop", "--prefect", folder=config.parent, **prefect.environment)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("SLADD-205: there is no such database file")
