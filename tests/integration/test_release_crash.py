"""A publish that dies, at any step, leaves the old version or the new one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sladd import gate
from sladd.release import current_version
from sladd.targets import Staging, unfinished
from tests.unit.release import builder

BUILDER = Path(__file__).parents[1] / "unit" / "release"
ROOT = Path(__file__).parents[2]
OLD, NEW, NEXT = (f"2026112{n}T101112Z-ab12" for n in range(2, 5))
STEPS = ["manifest", "sync", "rename", "switch", "clear", "unlock"]

DIE_AT_STEP = """
import os, sys
from pathlib import Path
import builder
to, version, step = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
builder.publish(to, version, keep_versions=1, step=lambda s: os._exit(9) if s == step else None)
"""

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import builder
from sladd.errors import SladdError
to, version, limit = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    builder.publish(to, version)
except SladdError as error:
    print(error)
    sys.exit(error.exit_code)
"""


def child(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(BUILDER), str(ROOT), *sys.path])
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A release of one version, made once; copy it before changing anything."""
    to = tmp_path_factory.mktemp("published") / "r"
    builder.publish(to, OLD)
    return to


@pytest.fixture
def to(published, tmp_path):
    """A release of one's own."""
    return Path(shutil.copytree(published, tmp_path / "r", symlinks=True))


@pytest.mark.parametrize("step", STEPS)
def test_death_at_any_step_leaves_old_or_new(to, step):
    """`os._exit` runs no handler, as a kill does not; the next publish goes through."""
    died = child(DIE_AT_STEP, str(to), NEW, step)
    assert died.returncode == 9, died.stderr
    switched = step in {"clear", "unlock"}
    assert current_version(to) == f"v={NEW if switched else OLD}"
    assert gate.files(to, rescan=None).passed
    builder.publish(to, NEXT, keep_versions=1)
    assert current_version(to) == f"v={NEXT}"
    assert not list(to.glob(".staging-*"))
    assert [entry.name for entry in to.glob("v=*")] == [f"v={NEXT}"]


def test_lock_of_a_dead_process_is_free(tmp_path):
    """The system frees the lock; no file has to be deleted by hand."""
    to = tmp_path / "r"
    child(DIE_AT_STEP, str(to), OLD, "manifest")
    assert list(unfinished(to)) == [OLD]
    with Staging.begin(to, NEW):
        assert [entry.name for entry in to.glob(".staging-*")] == [f".staging-{NEW}"]


@pytest.mark.parametrize("limit", [100, 1000, 20_000, 200_000])
def test_full_disk_is_one_line_and_harms_nothing(to, limit):
    """At whatever file the disk is full: one line, staging gone, the old version whole."""
    full = child(FULL_DISK, str(to), NEW, str(limit))
    assert full.returncode == 3, full.stderr
    assert full.stdout.startswith("SLADD-281")
    assert full.stdout.count("\n") == 1
    assert full.stderr == ""
    assert current_version(to) == f"v={OLD}"
    assert not list(to.glob(".staging-*"))
    assert gate.files(to, rescan=None).passed


@pytest.fixture
def small_disk(tmp_path):
    mount = tmp_path / "disk"
    mount.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting a small disk needs root")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=17m", "tmpfs", str(mount)])
    if made.returncode:
        pytest.skip("this system does not let us mount")
    yield mount
    subprocess.run(["umount", str(mount)], check=True)


def test_disk_that_fills_up_is_one_line(small_disk):
    """The same on a real file system without room."""
    to = small_disk / "r"
    builder.publish(to, OLD)
    free = shutil.disk_usage(small_disk).free
    (small_disk / "ballast").write_bytes(b"x" * (free - 100_000))
    # The rough check would refuse at once: let it pass, so that the writing itself fails.
    code = "import sladd.targets.directory as d; d._MIN_FREE_BYTES = 0\n" + FULL_DISK
    full = child(code, str(to), NEW, "0")
    assert full.stdout.startswith("SLADD-281"), full.stdout + full.stderr
    assert current_version(to) == f"v={OLD}"
    assert not list(to.glob(".staging-*"))
