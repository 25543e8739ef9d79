"""What happens between a scan and a publish, during one, and to the catalog."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Project, ended
from tests.shop import CONFIG, published


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A small shop, scanned and published, that a test may harm."""
    return published(tmp_path / "shop")


def _as_it_was(project: Project, before: list[str]) -> None:
    """Nothing was switched, nothing half-written is left, and the old version is whole."""
    assert project.versions() == before
    project.assert_release_stands()


# ------------------------------------------------------------------ the sources change


def test_a_table_dropped_after_the_scan(project: Project) -> None:
    """It is named, with the command that takes note of it; after that the publish goes through."""
    before = project.versions()
    project.sql("DROP TABLE no_key")
    project.run("publish", "analytics").one_line(1, 331, "shop/no_key", "sladd discover shop")
    _as_it_was(project, before)
    checked = project.run("check")
    assert checked.code == 1
    assert "shop/no_key.farge: gone since the last scan" in checked.out
    found = project.run("discover", "shop")
    assert found.code == 0
    assert "gone: 2" in found.out
    assert project.run("publish", "analytics").code == 0
    gone = project.run("query", "analytics", "SELECT * FROM no_key")
    gone.one_line(1, 613, "no_key")


def test_a_column_of_numbers_that_became_texts_overnight(project: Project) -> None:
    """What was found in numbers says nothing of texts: the column is named, nothing is published."""
    before = project.versions()
    project.sql(
        "ALTER TABLE no_key DROP COLUMN antall",
        "ALTER TABLE no_key ADD COLUMN antall TEXT",
        "UPDATE no_key SET antall = 'canary ' || rowid",
    )
    said = project.run("publish", "analytics")
    said.one_line(1, 348, "shop/no_key.antall", "integer", "sladd discover shop")
    assert "canary" not in said.out + said.err
    _as_it_was(project, before)


def test_a_column_dropped_overnight(project: Project) -> None:
    """The column is named; the table's other columns are not."""
    before = project.versions()
    project.sql("ALTER TABLE no_key DROP COLUMN antall")
    project.run("publish", "analytics").one_line(1, 331, "shop/no_key.antall", "discover shop")
    _as_it_was(project, before)


def test_a_column_added_overnight_stays_out(project: Project) -> None:
    """It was never scanned: the publish goes through without it, and `check` says no."""
    project.sql("ALTER TABLE no_key ADD COLUMN epost TEXT DEFAULT 'kari@example.no'")
    assert project.run("publish", "analytics").code == 0
    project.run("query", "analytics", "SELECT epost FROM no_key").one_line(1, 613, "epost")
    checked = project.run("check")
    assert checked.code == 1
    assert "shop/no_key.epost: new since the last scan" in checked.out


def test_a_column_that_was_only_dates_and_no_longer_is(project: Project) -> None:
    """It was let out because it held dates only: with a text in it the publish stops."""
    before = project.versions()
    project.sql("UPDATE customers SET registrert = 'se notat om Kari' WHERE id = 7")
    done = project.run("publish", "analytics")
    line = done.one_line(1, 332, "shop/customers.registrert", "sladd discover shop --full")
    assert "Kari" not in line
    _as_it_was(project, before)


def test_a_source_that_is_gone(project: Project) -> None:
    """Its file was moved: one line, no empty database in its place."""
    before = project.versions()
    (project / "shop.db").rename(project / "moved.db")
    project.run("publish", "analytics").one_line(3, 205, "shop")
    assert not (project / "shop.db").exists()
    done = project.run("discover")
    done.one_line(3, 205, "not scanned", "shop")
    assert "exports: 0 tables scanned, 1 unchanged" in done.out
    # What was known of the source stays known.
    assert "shop/customers.epost" in project.run("findings").out
    _as_it_was(project, before)


# ------------------------------------------------------------------ while it runs


FILE_LIMIT = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))
"""


def test_a_disk_that_fills_while_publishing(project: Project) -> None:
    """No file may grow beyond a size: one line, the old version whole, and again works."""
    before = project.versions()
    # Bigger than what SQLite appends to the catalog, smaller than the release's database.
    size = max(p.stat().st_size for p in (project / ".sladd").rglob("*") if p.is_file()) + 65536
    database = next((project / "releases/analytics").glob("v=*/analytics.duckdb"))
    assert database.stat().st_size > size, "the limit must be met by the release"
    full = ended(project.start("publish", "analytics", before=FILE_LIMIT.format(size)))
    full.one_line(3, 281, "disk is full", "sladd publish again")
    _as_it_was(project, before)
    assert project.run("publish", "analytics").code == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 18 MB."""
    mount = tmp_path / "disk"
    mount.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting a small disk needs root")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=18m", "tmpfs", str(mount)]).returncode:
        pytest.skip("this system does not let us mount")
    yield mount
    subprocess.run(["umount", str(mount)], check=True)


def test_a_target_on_a_full_disk(project: Project, small_disk: Path) -> None:
    """The release stands on a disk of its own, which something else has filled."""
    project.configure(CONFIG.replace("to: releases", f"to: {small_disk}/releases"))
    (small_disk / "ballast").write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 50_000))
    project.run("publish", "analytics").one_line(3, 281, "disk is full")
    assert not list(small_disk.glob("releases/**/.staging-*"))
    (small_disk / "ballast").unlink()
    assert project.run("publish", "analytics").code == 0


# A process that stops for the test: it says so in a file, and waits until that is deleted.
HOLD = """
import pathlib, time
import {module} as held
real = held.{name}
def waiting(*args, **named):
    flag = pathlib.Path("holding")
    flag.touch()
    end = time.monotonic() + 120
    while flag.exists() and time.monotonic() < end:
        time.sleep(0.02)
    return real(*args, **named)
held.{name} = waiting
"""
IN_PUBLISH = HOLD.format(module="sladd.pipeline.publish", name="_gate")
IN_DISCOVER = HOLD.format(module="sladd.pipeline.discover", name="link_tables")


def _until_held(project: Project, process: subprocess.Popen[str]) -> Path:
    flag = project / "holding"
    end = time.monotonic() + 120
    while not flag.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)
    return flag


def test_two_publishes_at_once(project: Project) -> None:
    """The second is told of the first and changes nothing; the first ends as if alone."""
    before = project.versions()
    first = project.start("publish", "analytics", before=IN_PUBLISH)
    flag = _until_held(project, first)
    second = ended(project.start("publish", "analytics"))
    second.one_line(3, 280, "another publish", "sladd publish again")
    flag.unlink()
    assert ended(first).code == 0
    assert len(project.versions()) == len(before) + 1
    project.assert_release_stands()


@pytest.mark.parametrize(
    ("words", "before", "asked"),
    [
        (("publish", "analytics"), IN_PUBLISH, signal.SIGTERM),
        (("discover", "--full"), IN_DISCOVER, signal.SIGINT),
    ],
)
def test_ctrl_c_and_the_same_again(
    project: Project, words: tuple[str, ...], before: str, asked: signal.Signals
) -> None:
    """One line and exit code 130; then the same command ends as if there had been no first.

    A service manager's stop is as good as Ctrl-C.
    """
    stood = project.versions()
    known = project.run("findings", "--all").out
    process = project.start(*words, before=before)
    flag = _until_held(project, process)
    process.send_signal(asked)
    done = ended(process)
    flag.unlink()
    assert done.code == 130, done
    assert done.lines == ["interrupted; nothing half-written is left, run it again"]
    _as_it_was(project, stood)
    assert project.run("findings", "--all").out == known
    assert project.run(*words).code == 0
    assert project.run("findings", "--all").out == known
    assert len(project.versions()) == len(stood) + (words[0] == "publish")
    project.assert_release_stands()


# ------------------------------------------------------------------ the catalog


def test_a_catalog_that_is_no_database(project: Project) -> None:
    """Every command that needs it says so in one line."""
    catalog = project / ".sladd/catalog.db"
    catalog.write_bytes(b"hemmelig" * 500)
    for words in (("findings",), ("discover",), ("publish", "analytics")):
        line = project.run(*words).one_line(3, 503, "catalog")
        assert "hemmelig" not in line
    project.assert_release_stands()


def test_a_catalog_of_a_newer_sladd(project: Project) -> None:
    """It is not touched: an older sladd could spoil it."""
    catalog = project / ".sladd/catalog.db"
    from sladd.catalog.migrate import VERSION_TABLE

    with contextlib.closing(sqlite3.connect(catalog)) as db, db:
        db.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    before = catalog.read_bytes()
    project.run("findings").one_line(3, 504, "newer sladd")
    assert catalog.read_bytes() == before


def test_a_locked_catalog(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program holds it for longer than we wait."""
    from sladd.catalog import database

    monkeypatch.setattr(database, "WAIT_S", 1)
    catalog = sqlite3.connect(project / ".sladd/catalog.db", isolation_level=None)
    with contextlib.closing(catalog) as db:
        db.execute("BEGIN EXCLUSIVE")
        address = "shop/customers.navn"
        done = project.run("decide", address, "confirm", "--reason", "it is a name")
        db.execute("ROLLBACK")
    done.one_line(3, 505, "catalog", "run the command again")
    assert project.run("decide", address, "confirm", "--reason", "it is a name").code == 0


def test_a_catalog_folder_without_write_access(project: Project) -> None:
    """A folder that is a file: one line with the place."""
    project.configure(
        CONFIG.replace("sources:", "catalog: sqlite:///data/varer.csv/c.db\nsources:", 1)
    )
    done = project.run("findings")
    assert done.code == 3
    (line,) = done.lines
    assert line.startswith("SLADD-50")
