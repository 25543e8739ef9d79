"""Roles and hierarchies of an anonymised release: proposed, used, and refused in the plan."""

from __future__ import annotations

import json

import pyarrow.compute as pc
import pytest

from tests.anonymous import (
    PLACES,
    ROLES,
    classes,
    configuration,
    copied,
    read,
)


def test_a_diversity_that_nothing_has_is_refused(tmp_path, anonymised_shop):
    """More different values than the column has cannot be in every class."""
    project = copied(anonymised_shop, tmp_path)
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
    tmp_path, anonymised_shop, roles, tables, rules, code
):
    """Each refusal is one line, before anything is read."""
    project = copied(anonymised_shop, tmp_path)
    project.configure(configuration(roles=roles, tables=tables, rules=rules))
    project.run("plan", "open").one_line(1, code)


def test_a_table_too_small_for_k_is_refused(tmp_path, anonymised_shop):
    """Fewer persons than k can hide nobody."""
    project = copied(anonymised_shop, tmp_path)
    project.configure(configuration(guarantee="{k: 1000}"))
    project.run("publish", "open").one_line(1, 382, "about 600 persons")


def test_columns_without_a_decision_stay_out_and_are_named(tmp_path, anonymised_shop):
    """The plan says what is proposed; nothing undecided leaves."""
    project = copied(anonymised_shop, tmp_path)
    project.configure(configuration(roles={"customers.kjonn": "quasi"}, tables={}))
    told = json.loads(project.run("plan", "open", "--json").out)
    by_field = {row["field"]: row for row in told["fields"]}
    assert by_field["shop/customers.postnr"]["reason"] == "role_undecided"
    assert by_field["shop/customers.postnr"]["output"] == ""
    assert "quasi is proposed" in by_field["shop/customers.postnr"]["reason_text"]
    assert by_field["shop/customers.kjonn"]["role"] == "quasi"
    assert by_field["shop/customers.epost"]["role"] == "direct"
    assert by_field["shop/orders.customer_id"]["role"] == "key"


def test_proposed_roles_can_be_pasted(tmp_path, anonymised_shop):
    """The YAML that `sladd roles` prints is a configuration that plans and publishes."""
    project = copied(anonymised_shop, tmp_path)
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


def test_roles_of_a_pseudonymised_release_are_refused(tmp_path, anonymised_shop):
    """The command says which kind has roles."""
    project = copied(anonymised_shop, tmp_path)
    project.configure(
        configuration(roles={}, tables={}).replace("kind: anonymised", "kind: pseudonymised")
    )
    project.run("roles", "open").one_line(2, 182, "kind: anonymised")


def test_a_users_hierarchy_and_weights_are_used(tmp_path, anonymised_shop):
    """A hierarchy made of prefixes is named in the plan and in the levels."""
    project = copied(anonymised_shop, tmp_path)
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


def test_a_hierarchy_of_the_users_own_is_used_and_hashed(tmp_path, anonymised_shop):
    """Its classes stand in the release; other classes are another policy."""
    project = copied(anonymised_shop, tmp_path)
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


def test_an_unknown_hierarchy_is_refused_in_the_plan(tmp_path, anonymised_shop):
    """The nearest name is offered."""
    project = copied(anonymised_shop, tmp_path)
    project.configure(
        configuration(guarantee="{k: 5, hierarchies: {shop/customers.postnr: plaze}}")
    )
    project.run("plan", "open").one_line(1, 385, "did you mean place?")


def test_a_release_without_a_column_is_refused(tmp_path, anonymised_shop):
    """Nobody has decided anything: nothing is anonymised_shop, and the way out is named."""
    project = copied(anonymised_shop, tmp_path)
    project.configure(configuration(roles={}, tables={}))
    before = project.versions("open")
    project.run("publish", "open").one_line(1, 384, "sladd roles open")
    assert project.versions("open") == before
