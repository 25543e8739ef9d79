"""An incremental publish gives what a full one gives, and reads only what changed."""

from __future__ import annotations

import json
import stat
import uuid
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sladd.pipeline.making import parts
from sladd.sources.database.snapshot import DatabaseSnapshot
from tests.anonymous import copied
from tests.commands import Project

RELEASE = """\
  NAME:
    domain: test
    from: [shop, exports]
    buckets: 8
    leave_out: [objected]
    leave_out_columns: {objected: [shop/customers.reservert]}
    incremental: {}
    rules: []
    to: releases/NAME
"""
CONFIG = """\
sources:
  shop: {database: "sqlite:///shop.db"}
  exports: {files: "data/*"}
keys:
  main: {file: ../keys/main.key}
releases:
""" + "".join(RELEASE.replace("NAME", name) for name in ("analytics", "whole"))
ROWS = 400
NAME = "Kari Hemmelig-Nordmann"


@pytest.fixture(autouse=True)
def small_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty rows each."""
    monkeypatch.setattr(parts, "PARTITION_ROWS", 50)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop in SQLite and two files, scanned once and copied for each test."""
    made = Project(tmp_path_factory.mktemp("scanned") / "p")
    (made.folder / "data").mkdir(parents=True)
    made.sql(
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, navn TEXT, epost TEXT, poeng INTEGER,"
        " endret INTEGER, reservert INTEGER)",
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, belop INTEGER,"
        " customer_id INTEGER REFERENCES customers(id))",
        "CREATE TABLE ord (navn TEXT, antall INTEGER)",
        "INSERT INTO customers VALUES "
        + ", ".join(
            f"({i}, '{NAME}', 'kunde{i}@example.no', {i % 7}, 1, 0)" for i in range(1, ROWS + 1)
        ),
        "INSERT INTO orders VALUES "
        + ", ".join(f"({i}, {i % 11}, {1 + i % ROWS})" for i in range(1, ROWS + 1)),
        "INSERT INTO ord VALUES " + ", ".join(f"('farge', {i % 3})" for i in range(60)),
    )
    for month in ("01", "02"):
        lines = [f"kunde{i}@example.no;{i * int(month) % 13}" for i in range(1, 60)]
        (made / "data" / f"salg_2026-{month}.csv").write_text("epost;antall\n" + "\n".join(lines))
    made.configure(CONFIG)
    assert made.run("keys", "init", str(made.folder.parent / "keys" / "main.key")).code == 0
    assert made.run("discover").code == 0
    return made


@pytest.fixture
def project(scanned: Project, tmp_path: Path) -> Project:
    """A scanned project of one's own."""
    return copied(scanned, tmp_path)


def publish(project: Project, release: str = "analytics", *options: str) -> dict:
    """Publish; the outcome."""
    done = project.run("publish", release, "--json", *options)
    assert done.code == 0, done.err
    return json.loads(done.out)


def again(project: Project) -> dict:
    """Publish incrementally, hold it against a full publish, and say what was taken over."""
    reused = publish(project, "analytics", "--incremental")["reused"]
    publish(project, "whole")
    assert data(project, "analytics") == data(project, "whole")
    mine, theirs = manifest(project, "analytics"), manifest(project, "whole")
    for part in ("integrity", "foreign_keys", "left_out", "counts", "tables"):
        assert mine[part] == theirs[part], part
    return reused


def data(project: Project, release: str) -> dict[str, bytes]:
    """Every Parquet file of the version that stands."""
    folder = (project / "releases" / release / "latest").resolve()
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


def manifest(project: Project, release: str) -> dict:
    """Of the version that stands."""
    return json.loads((project / "releases" / release / "latest" / "manifest.json").read_text())


def of(project: Project, sql: str) -> None:
    project.sql(sql)


# What happens to the source, one thing after another, and how many of its partitions each reads.
CHANGES: dict[str, dict[str, tuple[str, int]]] = {
    "persons": {
        "nothing": ("SELECT 1", 0),
        "an update": ("UPDATE customers SET poeng = 99 WHERE id = 77", 1),
        "updates in two places": ("UPDATE customers SET poeng = 98 WHERE id IN (77, 277)", 2),
        "a value becomes NULL": ("UPDATE customers SET epost = NULL WHERE id = 3", 1),
        "a value becomes empty": ("UPDATE customers SET epost = '' WHERE id = 4", 1),
        "inserts at the end": ("INSERT INTO customers SELECT id + 400, navn, 'ny' || epost, poeng, 1, 0 FROM customers WHERE id <= 120", 3),
    },
    "orders": {
        "an insert in a gap": ("INSERT INTO orders VALUES (-5, 3, 9)", 1),
        "a foreign key moves": ("UPDATE orders SET customer_id = 5 WHERE id = 399", 1),
        "a key moves": ("UPDATE orders SET id = 399000 WHERE id = 10", 2),
        "deletes": ("DELETE FROM orders WHERE id BETWEEN 60 AND 70", 1),
        "a whole partition goes": ("DELETE FROM orders WHERE id BETWEEN 151 AND 200", 1),
        "a table without a key": ("UPDATE ord SET antall = 7 WHERE rowid = 4", 2),
        "all rows go": ("DELETE FROM orders", 8),
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGES)
def test_result_equals_a_full_publish(project, kind):
    """Byte for byte, whatever changed; and no more is read than has to be.

    Each publish builds on the one before, which has itself taken over what did not change.
    """
    first = publish(project, "analytics", "--incremental")["reused"]
    assert first["partitions"] == 0
    assert "everything is read" in first["notes"][0]
    for change, (statement, partitions) in CHANGES[kind].items():
        of(project, statement)
        reused = again(project)
        read = reused["of_partitions"] - reused["partitions"]
        assert (read > 0, read <= partitions) == (partitions > 0, True), change
        if change == "nothing":
            assert reused["files"] == reused["of_files"] > 10
        elif change in {"an update", "a foreign key moves"}:
            assert reused["of_files"] - reused["files"] <= 2
    assert project.run("verify", "analytics").code == 0


def test_files_are_known_by_their_content(project):
    """A file that was only touched is not read; one that changed, came or went is."""
    publish(project, "analytics", "--incremental")
    old = project / "data" / "salg_2026-01.csv"
    old.write_bytes(old.read_bytes())
    touched = publish(project, "analytics", "--incremental")["reused"]
    assert touched["partitions"] == touched["of_partitions"]
    old.write_text(old.read_text() + "\nny@example.no;5")
    assert (r := again(project))["of_partitions"] - r["partitions"] == 1
    (project / "data" / "salg_2026-03.csv").write_text("epost;antall\nny3@example.no;7")
    again(project)
    old.unlink()
    again(project)


def configure(project: Project, before: str, after: str) -> None:
    text = (project / "sladd.yaml").read_text()
    assert before in text
    project.configure(text.replace(before, after))


def rule(project: Project) -> None:
    configure(project, "rules: []", "rules: [{field: shop/customers.poeng, transform: drop}]")


def new_key(project: Project) -> None:
    done = project.run("keys", "rotate", "main", "--yes")
    if done.code:
        done = project.run("keys", "rotate", "main")
    assert done.code == 0, done.err


def schema(project: Project) -> None:
    of(project, "ALTER TABLE orders ADD COLUMN rabatt INTEGER DEFAULT 0")
    assert project.run("discover").code == 0


def objected(project: Project) -> None:
    of(project, "UPDATE customers SET reservert = 1 WHERE id = 100")


def other_version(project: Project) -> None:
    publish(project)  # not incremental: what was known is of a version that stands no more


def damaged_state(project: Project) -> None:
    (file,) = (project / ".sladd" / "incremental" / "analytics").glob("*/state")
    file.write_bytes(file.read_bytes()[:-1] + b"x")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (rule, "rules, key, settings or version of sladd changed"),
        (new_key, "nothing that this key reads is known"),
        (schema, "rules, key, settings or version of sladd changed"),
        (objected, "other persons are left out"),
        (other_version, "nothing that this key reads is known"),
        (damaged_state, "nothing that this key reads is known"),
    ],
)
def test_whatever_makes_it_impossible_is_said(project, harm: Callable[[Project], None], words):
    """One line, a full publish, and after it the next one is incremental again."""
    publish(project, "analytics", "--incremental")
    harm(project)
    reused = again(project)
    assert reused["partitions"] == 0
    assert words in reused["notes"][0]
    next_one = publish(project, "analytics", "--incremental")["reused"]
    assert next_one["partitions"] == next_one["of_partitions"]


def test_newer_sladd_reads_everything_again(project, monkeypatch):
    """What an older version found in texts, or wrote, is not taken over."""
    publish(project, "analytics", "--incremental")
    monkeypatch.setattr("sladd.__version__", "99.0")
    reused = again(project)
    assert reused["partitions"] == 0
    assert "rules, key, settings or version of sladd changed" in reused["notes"][0]


def test_expired_version_is_not_built_on(project):
    """A version that should be gone lends nothing."""
    configure(project, "    rules: []\n", "    rules: []\n    expires: 1d\n")
    from datetime import UTC, datetime, timedelta

    from sladd.pipeline.bind import bind
    from sladd.pipeline.publish import publish as run

    at = datetime.now(UTC)
    run(bind(project / "sladd.yaml"), "analytics", now=at - timedelta(days=3), incremental=True)
    done = run(bind(project / "sladd.yaml"), "analytics", now=at, incremental=True)
    assert "has expired" in done.reused["notes"][0]


def test_changed_file_of_the_old_version_is_not_taken_over(project):
    """A file that somebody altered is written anew."""
    publish(project, "analytics", "--incremental")
    folder = (project / "releases" / "analytics" / "latest").resolve()
    file = next((folder / "orders").glob("*.parquet"))
    file.write_bytes(file.read_bytes() + b"x")
    again(project)


def test_watermark_reads_keys_and_watermarks_alone(project, monkeypatch):
    """Unchanged ranges are judged by two columns; a change without a new watermark is not seen."""
    configure(project, "incremental: {}", "incremental: {shop/customers: {by: endret}}")
    publish(project, "analytics", "--incremental")
    read: list[tuple[str, tuple[str, ...]]] = []
    whole = DatabaseSnapshot.batches

    def noted(self, partition, *, columns=None, **more):
        read.append((partition.table.name, tuple(columns or ())))
        return whole(self, partition, columns=columns, **more)

    monkeypatch.setattr(DatabaseSnapshot, "batches", noted)
    publish(project, "analytics", "--incremental")
    judged = {columns for table, columns in read if table == "customers"}
    assert judged == {("id", "endret"), ("id", "reservert")}  # the latter: who is left out
    of(project, "UPDATE customers SET poeng = 50, endret = 2 WHERE id = 33")
    of(project, "DELETE FROM customers WHERE id = 400")
    of(project, "DELETE FROM orders WHERE customer_id = 400")
    assert (r := again(project))["of_partitions"] - r["partitions"] <= 3
    of(project, "UPDATE customers SET poeng = 60 WHERE id = 33")
    assert (r := publish(project, "analytics", "--incremental")["reused"])["partitions"] == r["of_partitions"]  # fmt: skip


def test_watermark_that_is_not_there_is_one_line(project):
    """A wrong name of a column is told before anything is read."""
    configure(project, "incremental: {}", "incremental: {shop/customers: {by: endra}}")
    project.run("publish", "analytics", "--incremental").one_line(2, 159, "shop/customers.endra")


def test_state_holds_no_value_and_is_for_us_alone(project):
    """Neither names nor keys nor pseudonyms can be read from it; files have mode 0600."""
    publish(project, "analytics", "--incremental")
    (place,) = (project / ".sladd" / "incremental" / "analytics").iterdir()
    table = pq.read_table((project / "releases" / "analytics" / "latest").resolve() / "customers")
    secret = [NAME, "kunde1@example.no", "shop", *map(str, table.column("id").to_pylist()[:5])]
    files = list(place.iterdir())
    assert len(files) > 10
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        content = file.read_bytes()
        assert not any(text.encode() in content for text in secret)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_failed_publish_leaves_the_state_that_fits(project, monkeypatch):
    """The version that stands keeps its state; the next publish builds on it."""
    publish(project, "analytics", "--incremental")
    of(project, "UPDATE customers SET poeng = 99 WHERE id = 77")
    monkeypatch.setattr("sladd.pipeline.publish._gate", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        from sladd.pipeline.bind import bind
        from sladd.pipeline.publish import publish as run

        run(bind(project / "sladd.yaml"), "analytics", incremental=True)
    monkeypatch.undo()
    monkeypatch.setattr(parts, "PARTITION_ROWS", 50)
    reused = again(project)
    assert reused["of_partitions"] - reused["partitions"] == 1


def test_object_store_lends_its_files(project):
    """What is taken over is fetched from the store, and checked."""
    url = f"memory://bucket-{uuid.uuid4().hex}/a"
    configure(project, "    to: releases/analytics", f"    to: {url}")
    publish(project, "analytics", "--incremental")
    of(project, "UPDATE customers SET poeng = 99 WHERE id = 77")
    reused = publish(project, "analytics", "--incremental")["reused"]
    assert reused["of_files"] - reused["files"] <= 2
    publish(project, "whole")
    from sladd.release import at_hand

    with at_hand(url) as folder:
        found = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}  # fmt: skip
    assert found == data(project, "whole")
