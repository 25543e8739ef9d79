"""Whose the rows of an anonymised table are: persons with several rows, rare values, nobody."""

from __future__ import annotations

from sladd.release import read_manifest
from tests.anonymous import (
    ORDER_ROLES,
    classes,
    configuration,
    copied,
    read,
)


def test_a_rare_product_is_refused_at_publish(tmp_path, anonymised_shop):
    """A column said to tell nothing has no value that fewer than k rows share."""
    project = copied(anonymised_shop, tmp_path)
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


def test_a_rare_product_as_quasi_identifier_is_joined_with_others(tmp_path, anonymised_shop):
    """The same column with the right role passes: its rare values become one."""
    project = copied(anonymised_shop, tmp_path)
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


def test_a_table_with_several_rows_a_person_is_counted_in_persons(tmp_path, anonymised_shop):
    """Without aggregation the classes hold k persons each, not k rows."""
    project = copied(anonymised_shop, tmp_path)
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


def test_rows_of_one_person_do_not_hide_each_other(tmp_path, anonymised_shop):
    """`unit: row` is a claim: where a key says whose the rows are, it is held against them."""
    project = copied(anonymised_shop, tmp_path)
    roles = {"orders.vare": "quasi", "orders.belop": "sensitive"}
    project.configure(configuration(roles=roles, tables={"orders": "{unit: row}"}))
    project.run("publish", "open").one_line(1, 387, "the 1800 rows are of", "shop/orders")


def test_persons_who_are_registered_twice_are_told_in_the_plan(tmp_path, anonymised_shop):
    """Half of the e-mail addresses stand in two rows, and the key counts both."""
    project = copied(anonymised_shop, tmp_path)
    project.sql("UPDATE customers SET epost = 'kunde' || (id / 2) || '@example.no'")
    assert "different values" not in project.run("plan", "open").err
    assert project.run("discover").code == 0
    told = project.run("plan", "open").err
    assert "shop/customers.epost has 301 different values in 600 rows" in told


def test_a_value_of_many_rows_and_one_person_leads_to_that_person(tmp_path, anonymised_shop):
    """What says nothing of anybody is counted in persons, too."""
    project = copied(anonymised_shop, tmp_path)
    project.sql("UPDATE orders SET vare = 'gullpokal', customer_id = 7 WHERE id <= 12")
    roles = {"orders.dag": "quasi", "orders.vare": "insensitive"}
    project.configure(configuration(roles=roles, tables={}))
    project.run("publish", "open").one_line(1, 650, "shared by 1 persons", "orders.vare")


def test_bounded_rows_are_at_most_so_many_a_person(tmp_path, anonymised_shop):
    """`bound: 1` leaves one row of each person."""
    project = copied(anonymised_shop, tmp_path)
    project.configure(
        configuration(roles={"orders.vare": "quasi"}, tables={"orders": "{per_person: {bound: 1}}"})
    )
    assert project.run("publish", "open").code == 0
    told = read_manifest(project / "releases" / "open").risk["anonymity"]["tables"]["orders"]
    assert told["rows"] == told["persons"]


def test_rows_of_nobody_known_stay_out_and_are_counted(tmp_path, anonymised_shop):
    """A guest's order cannot be counted as a person, so it does not leave."""
    project = copied(anonymised_shop, tmp_path)
    project.sql("UPDATE orders SET customer_id = NULL WHERE id <= 20")
    assert project.run("publish", "open").code == 0
    manifest = read_manifest(project / "releases" / "open")
    assert manifest.risk["anonymity"]["tables"]["orders"]["rows_without_person"] == 20
    assert [(left.table, left.rows) for left in manifest.left_out] == [("orders", 20)]


def test_facts_that_differ_between_a_persons_rows_are_refused(tmp_path, anonymised_shop):
    """What is neither added up nor the same in all rows says nothing of the person."""
    project = copied(anonymised_shop, tmp_path)
    roles = {**ORDER_ROLES, "orders.vare": "quasi"}
    project.configure(configuration(roles=roles))
    project.run("publish", "open").one_line(1, 379, "orders.vare", "aggregate")


def test_diversity_among_persons_with_several_rows_is_checked(tmp_path, anonymised_shop):
    """Counted in different persons at publish, and told by the manifest afterwards."""
    project = copied(anonymised_shop, tmp_path)
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
