"""Two anonymised releases of one shop: what both together give away is refused."""

from __future__ import annotations

import json
import shutil

import pytest

from sladd.release import read_manifest
from tests.anonymous import GUARANTEE, ROLES, configuration, copied
from tests.commands import Project

ONE_LEAVES = "DELETE FROM orders WHERE customer_id = 7", "DELETE FROM customers WHERE id = 7"


def settings(guarantee: str = GUARANTEE) -> str:
    """The customers alone."""
    return configuration(roles=ROLES, tables={}, guarantee=guarantee)


@pytest.fixture(scope="module")
def published(tmp_path_factory, anonymous_shop) -> Project:
    """A shop whose customers were published once; nobody changes it."""
    project = copied(anonymous_shop, tmp_path_factory.mktemp("earlier"))
    project.configure(settings())
    done = project.run("publish", "open")
    assert done.code == 0, done.err
    return project


def test_a_removed_person_is_not_given_away_even_under_a_new_key(published, tmp_path):
    """A class is one smaller: nothing is published. Older versions of the key still lead to it."""
    project = copied(published, tmp_path)
    project.sql(*ONE_LEAVES)
    assert project.run("keys", "rotate", "main").code == 0
    before = project.versions("open")
    done = project.run("publish", "open")
    done.one_line(1, 651, "differ by fewer than 5 persons", "customers", "earlier: warn")
    assert project.versions("open") == before


def test_a_policy_may_choose_to_be_told_instead(published, tmp_path):
    """Published with a warning on the terminal, in the outcome and in the manifest."""
    project = copied(published, tmp_path)
    project.sql(*ONE_LEAVES)
    project.configure(settings("{k: 5, max_suppression: 0.05, earlier: warn}"))
    assert "told and not refused" in project.run("plan", "open").err
    done = project.run("publish", "open", "--json")
    assert done.code == 0, done.err
    assert "differ by fewer than 5 persons" in json.loads(done.out)["warnings"][0]
    manifest = read_manifest(project / "releases" / "open")
    assert manifest.risk["earlier"]["compared"][0]["passed"] is False
    assert manifest.risk["anonymity"]["guarantee"]["earlier"] == "warn"


def test_a_release_for_others_is_compared_too(published, tmp_path):
    """Another name, another domain: the same persons, and one of them missing."""
    project = copied(published, tmp_path)
    project.sql(*ONE_LEAVES)
    text = settings()
    other = text[text.index("  open:\n") :].replace("  open:", "  partner:").replace(
        "domain: open", "domain: partner"
    ).replace("releases/open", "releases/partner")  # fmt: skip
    project.configure(text + other)
    project.run("publish", "partner").one_line(1, 651, "open 2", "customers")


def test_a_new_key_is_compared_with_the_version_that_stands(published, tmp_path):
    """Without the old key the classes are read from the files; without these it is refused."""
    project = copied(published, tmp_path)
    (project.folder.parent / "keys" / "main.key").unlink()
    assert project.run("keys", "init", str(tmp_path / "keys" / "main.key")).code == 0
    assert project.run("publish", "open").code == 0
    assert all(one["comparable"] for one in earlier(project))
    shutil.rmtree(project / "releases" / "open")
    done = project.run("publish", "open")
    done.one_line(1, 651, "which cannot be compared: key not at hand")


def earlier(project: Project) -> list[dict[str, object]]:
    """The comparisons of the version that stands."""
    return read_manifest(project / "releases" / "open").risk["earlier"]["compared"]


def test_other_columns_in_a_second_release_are_held_against_the_first(published, tmp_path):
    """Age in one, postcode in the other, the same points in both: few rows fit both."""
    project = copied(published, tmp_path)
    project.sql("UPDATE customers SET poeng = id * 1000")
    given = "{k: 5, max_suppression: 0, earlier: %s, weights: {shop/customers.%s: 99}}"
    project.configure(settings(given % ("warn", "postnr")))
    assert project.run("publish", "open").code == 0
    project.configure(settings(given % ("refuse", "fdato")))
    done = project.run("publish", "open")
    done.one_line(1, 651, "hide among fewer than 5 rows of both")


def test_a_pseudonymised_release_beside_it_is_told(published, tmp_path):
    """Points that nobody shares stand in both: each row leads to a pseudonym, and it is said."""
    project = copied(published, tmp_path)
    project.sql("UPDATE customers SET poeng = id * 1000")
    project.configure(
        settings()
        + """  analytics:
    kind: pseudonymised
    domain: analytics
    from: [shop]
    rules: [{field: shop/customers.poeng, transform: keep}]
    to: releases/analytics
"""
    )
    assert project.run("publish", "analytics").code == 0
    shutil.rmtree(project / "releases" / "open")
    done = project.run("publish", "open", "--json")
    assert done.code == 0, done.err
    (told,) = json.loads(done.out)["warnings"]
    assert "leads from rows of this one to pseudonyms" in told
    assert "with analytics, table customers, over kjonn, poeng" in told
    (link,) = read_manifest(project / "releases" / "open").risk["wp216"]["linkability"]
    assert link["other_release"] == "analytics"
    assert link["alone"] > 500
    assert link["passed"] is False
