"""What is read is of one moment, and a change of content is seen."""

from __future__ import annotations

import pytest

from sladd.errors import SourceError
from tests.integration.databases.database import Database, line, only

pytestmark = pytest.mark.services


def test_a_table_dropped_after_listing_is_oneline(database: Database) -> None:
    """Sampling and publishing both say that it is gone."""
    database.run("CREATE TABLE customers (id int PRIMARY KEY)")
    source = database.source()
    table = only(source)
    database.run("DROP TABLE customers")
    with pytest.raises(SourceError) as caught:
        source.sample(table, rows=10)
    assert caught.value.code == 208
    line(caught.value, "gone", "customers")
    assert [missed.code for missed in source.not_scanned] == [208]
    with source.snapshot() as snapshot, pytest.raises(SourceError) as caught:
        snapshot.count(table)
    assert caught.value.code == 208


def test_a_snapshot_does_not_see_later_changes(database: Database) -> None:
    """Counts and rows are those of the moment it was opened."""
    database.run("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)")
    source = database.source()
    table = only(source)
    with source.snapshot() as snapshot:
        database.run("INSERT INTO t VALUES (3)")
        (part,) = snapshot.partitions(table)
        assert [b.num_rows for b in snapshot.batches(part)] == [2]
        assert snapshot.count(table) == 2
        assert (snapshot.consistency, bool(snapshot.id)) == ("snapshot", True)
    with source.snapshot() as snapshot:
        assert snapshot.count(table) == 3


def test_a_change_of_content_changes_the_fingerprint(database: Database) -> None:
    """An insert is seen, where the server tells at all."""
    database.run("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)")
    source = database.source()
    before = only(source).fingerprint
    database.run("INSERT INTO t VALUES (2)")
    if "postgresql" in database.url:
        database.run("SELECT pg_stat_force_next_flush()")
    after = only(source).fingerprint
    # MariaDB's time of change has whole seconds: within them nothing is promised.
    assert (before, after) == ("", "") if "mariadb" in database.url else before != after


def test_mariadb_tables_outside_innodb_are_said(my: Database) -> None:
    """A snapshot over MyISAM would be a promise that nobody keeps."""
    my.run("CREATE TABLE t (id int PRIMARY KEY) ENGINE=MyISAM")
    source = my.source()
    source.tables()
    with source.snapshot() as snapshot:
        assert snapshot.consistency == "per table"


@pytest.mark.parametrize("change", ["TRUNCATE t", "ALTER TABLE t ALTER COLUMN v TYPE bigint"])
def test_a_table_emptied_after_the_snapshot_is_not_taken_for_empty(
    pg: Database, change: str
) -> None:
    """PostgreSQL shows no rows there, also to an older snapshot; other tables are read on."""
    pg.run(
        "CREATE TABLE t (id int PRIMARY KEY, v int)", "INSERT INTO t VALUES (1, 1)",
        "CREATE TABLE u (id int PRIMARY KEY)", "INSERT INTO u VALUES (1)",
    )  # fmt: skip
    source = pg.source()
    t, u = source.tables()
    with source.snapshot() as snapshot:
        pg.run(change)
        with pytest.raises(SourceError) as caught:
            for part in snapshot.partitions(t):
                list(snapshot.batches(part, columns=["id"]))
        (batch,) = snapshot.batches(snapshot.partitions(u)[0])
    line(caught.value, "SLADD-278", "emptied or rewritten", "shop/public.t")
    assert batch.num_rows == 1
