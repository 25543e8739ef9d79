"""Anonymised releases from the shell: roles, persons, search, gate."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from sladd.release import read_manifest
from tests.anonymous import (
    ORDER_ROLES,
    PERSONS,
    PLACES,
    ROLES,
    TABLES,
    build,
    configuration,
    copied,
    planted,
    rows,
)
from tests.commands import Project
from tests.services import Server


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Project:
    """A shop with a published anonymised release; nobody changes it."""
    project = build(tmp_path_factory.mktemp("anonymised") / "shop")
    done = project.run("publish", "open")
    assert done.code == 0, done.err
    return project


def read(project: Project, table: str) -> pa.Table:
    """A published table."""
    folder = (project.folder / "releases" / "open" / "latest").resolve()
    (file,) = read_manifest(folder).table(table).files
    return pq.read_table(folder / file.path)


def classes(table: pa.Table, *columns: str) -> Counter[tuple[object, ...]]:
    """Rows by what stands in some columns."""
    return Counter(zip(*(table.column(name).to_pylist() for name in columns), strict=True))


def test_persons_and_added_up_facts_are_published_and_verified(published):
    """Both tables keep k on their files, and the release is checked from these alone."""
    customers, orders = read(published, "customers"), read(published, "orders")
    assert min(classes(customers, "postnr", "fdato", "kjonn").values()) >= 5
    assert min(classes(orders, "id_count").values()) >= 5
    assert set(customers.column_names) == {"postnr", "fdato", "kjonn", "poeng"}
    assert set(orders.column_names) == {"id_count", "belop_sum"}
    assert PERSONS * 0.95 <= customers.num_rows <= PERSONS
    checked = published.run("verify", "open")
    assert checked.code == 0, checked.out
    assert "passes anonymity tests (k=" in checked.out
    assert "anonymisation candidate: treat as personal data" in checked.out


def test_facts_are_added_up_for_each_person(published):
    """Counts and sums of the release are those of the source, less what was left out."""
    import contextlib
    import sqlite3

    with contextlib.closing(sqlite3.connect(published / "shop.db")) as db:
        found = db.execute(
            "SELECT count(*), sum(belop) FROM orders GROUP BY customer_id"
        ).fetchall()
    wanted = Counter(round(float(total), 2) for _, total in found)
    got = Counter(round(v, 2) for v in read(published, "orders").column("belop_sum").to_pylist())
    assert not got - wanted
    assert sum(got.values()) >= 0.95 * len(found)


def test_the_manifest_tells_what_was_asked_and_reached(published):
    """k, loss, levels, suppression and whether it is the optimum stand in the manifest."""
    manifest = read_manifest(published / "releases" / "open")
    told = manifest.risk["anonymity"]
    assert told["guarantee"]["k"] == 5
    customers = told["tables"]["customers"]
    assert customers["k"] >= 5
    assert customers["optimal"] is True
    assert 0 < customers["loss"] < 1
    assert set(customers["levels"]) == {"postnr", "fdato", "kjonn"}
    assert customers["persons"] == PERSONS
    assert customers["rows_suppressed"] == PERSONS - read(published, "customers").num_rows
    assert {c.role for t in manifest.tables for c in t.columns} == {"quasi", "sensitive"}


def test_nothing_joins_two_tables(published):
    """No key goes out, so the manifest has no foreign key and no column is keyed."""
    manifest = read_manifest(published / "releases" / "open")
    assert not manifest.foreign_keys
    assert not any(c.key_type or c.alphabet for t in manifest.tables for c in t.columns)
    assert not any(t.primary_key or t.unique_keys for t in manifest.tables)


def test_the_same_source_gives_the_same_bytes(published, tmp_path):
    """Neither search nor aggregation depends on anything but the data."""
    again = copied(published, tmp_path)
    assert again.run("publish", "open").code == 0
    for table in ("customers", "orders"):
        first = read_manifest(published / "releases" / "open").table(table).files
        second = read_manifest(again / "releases" / "open").table(table).files
        assert [f.sha256 for f in first] == [f.sha256 for f in second]


def _with_null(table: pa.Table) -> pa.Table:
    """One person whose sex is not known."""
    kept = table.column("kjonn").to_pylist()
    place = table.column_names.index("kjonn")
    return table.set_column(place, "kjonn", pa.array([None, *kept[1:]], pa.string()))


def test_a_person_alone_through_a_null_is_found(published, tmp_path):
    """NULL is a value: the one row that has it is a class of one, and verify says no."""
    project = copied(published, tmp_path)
    planted(project, "customers", _with_null)
    checked = project.run("verify", "open")
    assert checked.code == 1
    line = next(t for t in checked.out.splitlines() if t.startswith("FAIL anonymity"))
    assert "k is 1 and 5 was promised" in line
    assert "kjonn" in line
    assert "the smallest change that passes: leave out the" in line


def test_a_rare_product_is_refused_at_publish(tmp_path, published):
    """A column said to tell nothing has no value that fewer than k rows share."""
    project = copied(published, tmp_path)
    project.sql("UPDATE orders SET vare = 'gullpokal med gravering' WHERE id = 7")
    project.configure(
        configuration(
            roles={"orders.vare": "insensitive"},
            tables={"orders": "{per_person: {bound: 1}}"},
        )
    )
    # The one row may be drawn away; all of that person's rows are made the rare one.
    project.sql(
        "UPDATE orders SET vare = 'gullpokal med gravering' WHERE customer_id ="
        " (SELECT customer_id FROM orders WHERE id = 7)"
    )
    assert project.run("discover", "--full").code == 0
    before = project.versions("open")
    done = project.run("publish", "open")
    done.one_line(1, 650, "rare values", "orders.vare", "role: quasi")
    assert project.versions("open") == before


def test_a_rare_product_as_quasi_identifier_is_joined_with_others(tmp_path, published):
    """The same column with the right role passes: its rare values become one."""
    project = copied(published, tmp_path)
    project.sql("UPDATE orders SET vare = 'gullpokal' WHERE customer_id < 4")
    project.configure(
        configuration(
            roles={"orders.vare": "quasi"},
            tables={"orders": "{per_person: {bound: 1}}"},
            guarantee="{k: 5, max_suppression: 0.05, earlier: warn}",
        )
    )
    assert project.run("discover", "--full").code == 0
    done = project.run("publish", "open")
    assert done.code == 0, done.err
    found = classes(read(project, "orders"), "vare")
    assert min(found.values()) >= 5
    assert ("gullpokal",) not in found


def test_a_table_with_several_rows_a_person_is_counted_in_persons(tmp_path, published):
    """Without aggregation the classes hold k persons each, not k rows."""
    project = copied(published, tmp_path)
    project.configure(
        configuration(roles={"orders.vare": "quasi", "orders.dag": "quasi"}, tables={})
    )
    done = project.run("publish", "open")
    assert done.code == 0, done.err
    told = read_manifest(project / "releases" / "open").risk["anonymity"]["tables"]["orders"]
    assert told["several_rows_a_person"] is True
    assert told["k"] >= 5
    checked = project.run("verify", "open")
    assert checked.code == 0
    assert "persons of orders: several rows are of one person" in checked.out


def test_rows_of_one_person_do_not_hide_each_other(tmp_path, published):
    """`unit: row` is a claim: where a key says whose the rows are, it is held against them."""
    project = copied(published, tmp_path)
    roles = {"orders.vare": "quasi", "orders.belop": "sensitive"}
    project.configure(configuration(roles=roles, tables={"orders": "{unit: row}"}))
    project.run("publish", "open").one_line(1, 387, "the 1800 rows are of", "shop/orders")


def test_persons_who_are_registered_twice_are_told_in_the_plan(tmp_path, published):
    """Half of the e-mail addresses stand in two rows, and the key counts both."""
    project = copied(published, tmp_path)
    project.sql("UPDATE customers SET epost = 'kunde' || (id / 2) || '@example.no'")
    assert "different values" not in project.run("plan", "open").err
    assert project.run("discover").code == 0
    told = project.run("plan", "open").err
    assert "shop/customers.epost has 301 different values in 600 rows" in told


def test_a_value_of_many_rows_and_one_person_leads_to_that_person(tmp_path, published):
    """What says nothing of anybody is counted in persons, too."""
    project = copied(published, tmp_path)
    project.sql("UPDATE orders SET vare = 'gullpokal', customer_id = 7 WHERE id <= 12")
    roles = {"orders.dag": "quasi", "orders.vare": "insensitive"}
    project.configure(configuration(roles=roles, tables={}))
    project.run("publish", "open").one_line(1, 650, "shared by 1 persons", "orders.vare")


def test_bounded_rows_are_at_most_so_many_a_person(tmp_path, published):
    """`bound: 1` leaves one row of each person."""
    project = copied(published, tmp_path)
    project.configure(
        configuration(roles={"orders.vare": "quasi"}, tables={"orders": "{per_person: {bound: 1}}"})
    )
    assert project.run("publish", "open").code == 0
    told = read_manifest(project / "releases" / "open").risk["anonymity"]["tables"]["orders"]
    assert told["rows"] == told["persons"]


def test_rows_of_nobody_known_stay_out_and_are_counted(tmp_path, published):
    """A guest's order cannot be counted as a person, so it does not leave."""
    project = copied(published, tmp_path)
    project.sql("UPDATE orders SET customer_id = NULL WHERE id <= 20")
    assert project.run("publish", "open").code == 0
    manifest = read_manifest(project / "releases" / "open")
    assert manifest.risk["anonymity"]["tables"]["orders"]["rows_without_person"] == 20
    assert [(left.table, left.rows) for left in manifest.left_out] == [("orders", 20)]


def test_an_incremental_publish_is_made_anew(tmp_path, published):
    """Every row decides the levels, so nothing is taken over, and the outcome says why."""
    project = copied(published, tmp_path)
    done = project.run("publish", "open", "--incremental", "--json")
    assert done.code == 0, done.err
    assert "made anew" in json.loads(done.out)["reused"]["notes"][0]


def test_diversity_and_closeness_are_reached_and_checked(tmp_path, published):
    """Both thresholds of the guarantee hold in the file, by the gate's own count."""
    project = copied(published, tmp_path)
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


def test_a_diversity_that_nothing_has_is_refused(tmp_path, published):
    """More different values than the column has cannot be in every class."""
    project = copied(published, tmp_path)
    project.configure(configuration(roles=ROLES, tables={}, guarantee="{k: 5, l: 40}"))
    project.run("publish", "open").one_line(
        1,
        352,
        "l=40: poeng has 9 different values in all · shop/customers.poeng · guarantee: {l: 9}, "
        "or roles: {shop/customers.poeng: direct}",
    )


REFUSED = [
    pytest.param({"customers.navn": "quasi"}, {}, "", 372, id="a name"),
    pytest.param({"customers.id": "quasi"}, {}, "", 371, id="a key"),
    pytest.param({"customers.nvn": "quasi"}, {}, "", 370, id="an unknown column"),
    pytest.param(
        ROLES,
        {},
        "[{field: shop/customers.epost, transform: pseudonym}]",
        375,
        id="a shared pseudonym",
    ),
    pytest.param(
        {"orders.vare": "insensitive", "orders.dag": "quasi"},
        {"orders": "{unit: nobody}"},
        "",
        374,
        id="a quasi-identifier of nobody",
    ),
    pytest.param(
        {"customers.postnr": "insensitive", "customers.fdato": "insensitive"},
        {"customers": "{unit: nobody}"},
        "",
        386,
        id="persons who are nobody",
    ),
]


@pytest.mark.parametrize(("roles", "tables", "rules", "code"), REFUSED)
def test_what_cannot_be_anonymous_is_refused_in_the_plan(
    tmp_path, published, roles, tables, rules, code
):
    """Each refusal is one line, before anything is read."""
    project = copied(published, tmp_path)
    project.configure(configuration(roles=roles, tables=tables, rules=rules))
    project.run("plan", "open").one_line(1, code)


def test_facts_that_differ_between_a_persons_rows_are_refused(tmp_path, published):
    """What is neither added up nor the same in all rows says nothing of the person."""
    project = copied(published, tmp_path)
    roles = {**ORDER_ROLES, "orders.vare": "quasi"}
    project.configure(configuration(roles=roles))
    project.run("publish", "open").one_line(1, 379, "orders.vare", "aggregate")


def test_a_table_too_small_for_k_is_refused(tmp_path, published):
    """Fewer persons than k can hide nobody."""
    project = copied(published, tmp_path)
    project.configure(configuration(guarantee="{k: 1000}"))
    project.run("publish", "open").one_line(1, 382, "about 600 persons")


def test_a_table_too_large_for_memory_is_refused(tmp_path, published, monkeypatch):
    """The bound is told, and what makes the table smaller."""
    from sladd.pipeline.anonymity import reading

    project = copied(published, tmp_path)
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000)
    project.run("publish", "open").one_line(1, 378, "where:")


def test_diversity_among_persons_with_several_rows_is_checked(tmp_path, published):
    """Counted in different persons at publish, and told by the manifest afterwards."""
    project = copied(published, tmp_path)
    project.configure(
        configuration(
            roles={"orders.vare": "sensitive", "orders.dag": "quasi"},
            tables={},
            guarantee="{k: 5, l: 3}",
        )
    )
    done = project.run("publish", "open")
    assert done.code == 0, done.err
    assert "ok   diversity orders.vare: l is" in project.run("verify", "open").out


def test_columns_without_a_decision_stay_out_and_are_named(tmp_path, published):
    """The plan says what is proposed; nothing undecided leaves."""
    project = copied(published, tmp_path)
    project.configure(configuration(roles={"customers.kjonn": "quasi"}, tables={}))
    told = json.loads(project.run("plan", "open", "--json").out)
    by_field = {row["field"]: row for row in told["fields"]}
    assert by_field["shop/customers.postnr"]["reason"] == "role_undecided"
    assert by_field["shop/customers.postnr"]["output"] == ""
    assert "quasi is proposed" in by_field["shop/customers.postnr"]["reason_text"]
    assert by_field["shop/customers.kjonn"]["role"] == "quasi"
    assert by_field["shop/customers.epost"]["role"] == "direct"
    assert by_field["shop/orders.customer_id"]["role"] == "key"


def test_proposed_roles_can_be_pasted(tmp_path, published):
    """The YAML that `sladd roles` prints is a configuration that plans and publishes."""
    project = copied(published, tmp_path)
    project.configure(configuration(roles={}, tables={}))
    block = project.run("roles", "open", "--format", "yaml").out
    assert "shop/customers.postnr: quasi  # proposed:" in block
    indented = "".join(f"    {line}\n" for line in block.splitlines())
    config = configuration(roles={}, tables={}).replace(
        "    guarantee:", f"{indented}    guarantee:"
    )
    project.configure(config)
    done = project.run("publish", "open")
    assert done.code == 0, done.err
    assert min(classes(read(project, "customers"), "postnr", "fdato", "kjonn").values()) >= 5


def test_roles_of_a_pseudonymised_release_are_refused(tmp_path, published):
    """The command says which kind has roles."""
    project = copied(published, tmp_path)
    project.configure(
        configuration(roles={}, tables={}).replace("kind: anonymised", "kind: pseudonymised")
    )
    project.run("roles", "open").one_line(2, 182, "kind: anonymised")


def test_a_users_hierarchy_and_weights_are_used(tmp_path, published):
    """A hierarchy made of prefixes is named in the plan and in the levels."""
    project = copied(published, tmp_path)
    project.configure(
        configuration(
            roles=ROLES,
            tables={},
            guarantee="{k: 5, hierarchies: {shop/customers.postnr: {prefix: [3, 2, 1]}},"
            " weights: {shop/customers.postnr: 4}}",
        )
    )
    assert "prefix" in project.run("plan", "open").out
    done = project.run("publish", "open")
    assert done.code == 0, done.err
    values = pc.unique(read(project, "customers").column("postnr")).to_pylist()
    assert all(v.endswith("*") or v in {"0150", "0151"} or len(v) == 4 for v in values)


def test_a_hierarchy_of_the_users_own_is_used_and_hashed(tmp_path, published):
    """Its classes stand in the release; other classes are another policy."""
    project = copied(published, tmp_path)
    (project / "steder.csv").write_text(
        "".join(f"{code};{'øst' if code < '5' else 'vest'};alle\n" for code in PLACES), "utf-8"
    )
    project.configure(
        "hierarchies:\n  landet: {file: steder.csv}\n"
        + configuration(
            roles={"customers.postnr": "quasi", "customers.poeng": "quasi"},
            tables={},
            guarantee="{k: 25, max_suppression: 0, earlier: warn, weights: {shop/customers.poeng: 9},"
            " hierarchies: {shop/customers.postnr: landet, shop/customers.poeng: none}}",
        )
    )
    first = json.loads(project.run("plan", "open", "--json").out)["policy_sha256"]
    done = project.run("publish", "open")
    assert done.code == 0, done.err
    assert set(read(project, "customers").column("postnr").to_pylist()) <= {"øst", "vest", "alle"}
    text = (project / "steder.csv").read_text("utf-8").replace("vest", "sør")
    (project / "steder.csv").write_text(text, "utf-8")
    assert json.loads(project.run("plan", "open", "--json").out)["policy_sha256"] != first


def test_an_unknown_hierarchy_is_refused_in_the_plan(tmp_path, published):
    """The nearest name is offered."""
    project = copied(published, tmp_path)
    project.configure(
        configuration(guarantee="{k: 5, hierarchies: {shop/customers.postnr: plaze}}")
    )
    project.run("plan", "open").one_line(1, 385, "did you mean place?")


def test_a_release_without_a_column_is_refused(tmp_path, published):
    """Nobody has decided anything: nothing is published, and the way out is named."""
    project = copied(published, tmp_path)
    project.configure(configuration(roles={}, tables={}))
    before = project.versions("open")
    project.run("publish", "open").one_line(1, 384, "sladd roles open")
    assert project.versions("open") == before


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
