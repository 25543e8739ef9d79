"""Anonymised releases from the shell: roles, persons, search, gate."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from sladd.release import read_manifest
from tests.anonymous import (
    PERSONS,
    ROLES,
    TABLES,
    classes,
    configuration,
    copied,
    planted,
    read,
    rows,
)
from tests.commands import Project
from tests.services import Server


def test_persons_and_added_up_facts_are_published_and_verified(anonymised_shop):
    """Both tables keep k on their files, and the release is checked from these alone."""
    customers, orders = read(anonymised_shop, "customers"), read(anonymised_shop, "orders")
    assert min(classes(customers, "postnr", "fdato", "kjonn").values()) >= 5
    assert min(classes(orders, "id_count").values()) >= 5
    assert set(customers.column_names) == {"postnr", "fdato", "kjonn", "poeng"}
    assert set(orders.column_names) == {"id_count", "belop_sum"}
    assert PERSONS * 0.95 <= customers.num_rows <= PERSONS
    checked = anonymised_shop.run("verify", "open")
    assert checked.code == 0, checked.out
    assert "passes anonymity tests (k=" in checked.out
    assert "anonymisation candidate: treat as personal data" in checked.out


def test_facts_are_added_up_for_each_person(anonymised_shop):
    """Counts and sums of the release are those of the source, less what was left out."""
    import contextlib
    import sqlite3

    with contextlib.closing(sqlite3.connect(anonymised_shop / "shop.db")) as db:
        found = db.execute(
            "SELECT count(*), sum(belop) FROM orders GROUP BY customer_id"
        ).fetchall()
    wanted = Counter(round(float(total), 2) for _, total in found)
    got = Counter(
        round(v, 2) for v in read(anonymised_shop, "orders").column("belop_sum").to_pylist()
    )
    assert not got - wanted
    assert sum(got.values()) >= 0.95 * len(found)


def test_the_manifest_tells_what_was_asked_and_reached(anonymised_shop):
    """k, loss, levels, suppression and whether it is the optimum stand in the manifest."""
    manifest = read_manifest(anonymised_shop / "releases" / "open")
    told = manifest.risk["anonymity"]
    assert told["guarantee"]["k"] == 5
    customers = told["tables"]["customers"]
    assert customers["k"] >= 5
    assert customers["optimal"] is True
    assert 0 < customers["loss"] < 1
    assert set(customers["levels"]) == {"postnr", "fdato", "kjonn"}
    assert customers["persons"] == PERSONS
    assert customers["rows_suppressed"] == PERSONS - read(anonymised_shop, "customers").num_rows
    assert {c.role for t in manifest.tables for c in t.columns} == {"quasi", "sensitive"}


def test_nothing_joins_two_tables(anonymised_shop):
    """No key goes out, so the manifest has no foreign key and no column is keyed."""
    manifest = read_manifest(anonymised_shop / "releases" / "open")
    assert not manifest.foreign_keys
    assert not any(c.key_type or c.alphabet for t in manifest.tables for c in t.columns)
    assert not any(t.primary_key or t.unique_keys for t in manifest.tables)


def test_the_same_source_gives_the_same_bytes(anonymised_shop, tmp_path):
    """Neither search nor aggregation depends on anything but the data."""
    again = copied(anonymised_shop, tmp_path)
    assert again.run("publish", "open").code == 0
    for table in ("customers", "orders"):
        first = read_manifest(anonymised_shop / "releases" / "open").table(table).files
        second = read_manifest(again / "releases" / "open").table(table).files
        assert [f.sha256 for f in first] == [f.sha256 for f in second]


def _with_null(table: pa.Table) -> pa.Table:
    """One person whose sex is not known."""
    kept = table.column("kjonn").to_pylist()
    place = table.column_names.index("kjonn")
    return table.set_column(place, "kjonn", pa.array([None, *kept[1:]], pa.string()))


def test_a_person_alone_through_a_null_is_found(anonymised_shop, tmp_path):
    """NULL is a value: the one row that has it is a class of one, and verify says no."""
    project = copied(anonymised_shop, tmp_path)
    planted(project, "customers", _with_null)
    checked = project.run("verify", "open")
    assert checked.code == 1
    line = next(t for t in checked.out.splitlines() if t.startswith("FAIL anonymity"))
    assert "k is 1 and 5 was promised" in line
    assert "kjonn" in line
    assert "the smallest change that passes: leave out the" in line


def test_an_incremental_publish_is_made_anew(tmp_path, anonymised_shop):
    """Every row decides the levels, so nothing is taken over, and the outcome says why."""
    project = copied(anonymised_shop, tmp_path)
    done = project.run("publish", "open", "--incremental", "--json")
    assert done.code == 0, done.err
    assert "made anew" in json.loads(done.out)["reused"]["notes"][0]


def test_diversity_and_closeness_are_reached_and_checked(tmp_path, anonymised_shop):
    """Both thresholds of the guarantee hold in the file, by the gate's own count."""
    project = copied(anonymised_shop, tmp_path)
    project.configure(
        configuration(
            roles=ROLES, tables={}, guarantee="{k: 5, l: 4, t: 0.4, max_suppression: 0.05}"
        )
    )
    done = project.run("publish", "open")
    assert done.code == 0, done.err
    told = read_manifest(project / "releases" / "open").risk["anonymity"]["tables"]["customers"]
    assert told["spread"]["poeng"]["l_distinct"] >= 4
    assert told["spread"]["poeng"]["t_equal"] <= 0.4 + 1e-9
    checked = project.run("verify", "open")
    assert "ok   diversity customers.poeng: l is" in checked.out
    assert "ok   closeness customers.poeng: t is" in checked.out


def test_a_table_too_large_for_memory_is_refused(tmp_path, anonymised_shop, monkeypatch):
    """The bound is told, and what makes the table smaller."""
    from sladd.pipeline.anonymity import reading

    project = copied(anonymised_shop, tmp_path)
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000)
    project.run("publish", "open").one_line(1, 378, "where:")


def test_an_anonymised_release_of_postgresql(postgresql: Server, tmp_path: Path):
    """The same shop in PostgreSQL is searched, published and verified."""
    url = postgresql.new_database()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in (*TABLES, *rows()):
            connection.exec_driver_sql(statement)
    engine.dispose()
    folder = tmp_path / "shop"
    folder.mkdir()
    project = Project(folder)
    project.configure(configuration(schema="public.", database=url))
    assert project.run("keys", "init", str(tmp_path / "keys" / "main.key")).code == 0
    assert project.run("discover").code == 0
    done = project.run("publish", "open")
    assert done.code == 0, done.err
    assert min(classes(read(project, "customers"), "postnr", "fdato", "kjonn").values()) >= 5
    assert project.run("verify", "open").code == 0
