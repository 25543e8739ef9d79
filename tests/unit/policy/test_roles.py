"""What role is proposed for a column, and what a decided role leads to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sladd.model import KeyRole, StorageType
from sladd.policy.roles import propose
from tests.unit.policy.fields import TAXONOMY, field, make, table, verdict

S = StorageType
PATH = ("shop/public.customers.id",)
C = "shop/public.customers.c"
EMAIL, POSTCODE = "user.contact.email", "user.contact.address.postal_code"
CUT = "user.demographic.date_of_birth"


def shaped(distinct: int, **given: Any) -> Any:
    """A field of which the scan counted that many distinct values."""
    one = field(**given)
    return replace(one, scan=replace(one.scan, distinct=distinct))


TABLE = [
    ("a primary key", field(kind=S.INTEGER, role=KeyRole.PRIMARY), "key", "role_key"),
    ("a foreign key", field(kind=S.INTEGER, role=KeyRole.FOREIGN), "key", "role_key"),
    ("an e-mail", field(how="is", category=EMAIL), "direct", "role_direct"),
    ("a postcode", field(how="is", category=POSTCODE), "quasi", "role_quasi"),
    ("an income", field(how="is", category="user.financial.income"), "sensitive", "role_attribute"),
    ("health", field(how="is", category="user.health_and_medical"), "direct", "role_class"),
    ("free text", field(how="contains", category=EMAIL), "direct", "role_text"),
    ("JSON", field(kind=S.JSON), "direct", "role_text"),
    ("an order number", field(how="linked", category="user.link_key"), "key", "role_link"),
    ("a date of an event", shaped(900, kind=S.TIMESTAMP), "quasi", "role_event"),
    ("a number", shaped(4_000, kind=S.DECIMAL), "sensitive", "role_number"),
    ("few values", shaped(4, few=True), "quasi", "role_few"),
    ("yes or no", shaped(2, kind=S.BOOLEAN), "quasi", "role_few"),
    ("unique text", shaped(5_000), "direct", "role_unique"),
    ("any text", shaped(700), "direct", "role_any_text"),
]


@pytest.mark.parametrize(
    ("one", "role", "reason"), [r[1:] for r in TABLE], ids=[r[0] for r in TABLE]
)
def test_proposals_about_persons(one, role, reason):
    """Key, finding, type and values decide, in that order; when in doubt, for the attacker."""
    found = propose(one, table(one, person_path=PATH), TAXONOMY, {})
    assert (found.role, found.reason) == (role, reason)


def test_a_column_that_was_not_scanned_has_no_proposal():
    """Nothing is known of it."""
    one = field(scanned=False)
    assert propose(one, table(one, person_path=PATH), TAXONOMY, {}).role is None


@pytest.mark.parametrize(
    ("one", "role"),
    [
        (shaped(40, kind=S.DECIMAL), "insensitive"),
        (shaped(4, few=True), "insensitive"),
        (shaped(5_000), "direct"),
    ],
)
def test_proposals_about_nobody(one, role):
    """Without a way to a person only unique texts are held back."""
    assert propose(one, table(one), TAXONOMY, {}).role == role


def planned(one: Any, *, path: tuple[str, ...] = PATH, **terms: Any) -> Any:
    """The plan of one field in an anonymised release."""
    made = make(table(one, person_path=path), kind="anonymised", **terms)
    return made.tables[0].fields[0]


def test_without_a_decision_a_column_stays_out():
    """The proposal is named; nothing is done by it."""
    found = planned(field(how="is", category=POSTCODE))
    assert (found.output, found.reason, found.role) == ("", "role_undecided", "")


@pytest.mark.parametrize(
    ("one", "ladder"),
    [
        (field(how="is", category=POSTCODE), "place"),
        (field(how="is", category=CUT), "age"),
        (field(kind=S.DATE), "date"),
        (field(kind=S.INTEGER), "equal_frequency"),
        (field(kind=S.BOOLEAN), "none"),
        (field(), "frequency"),
    ],
)
def test_the_hierarchy_follows_from_category_and_type(one, ladder):
    """Where the configuration names none."""
    found = planned(one, roles={C: "quasi"})
    assert (found.transform, found.parameters) == ("generalise", {"hierarchy": ladder})
    assert found.role == "quasi"


def test_what_the_law_protects_most_stays_out_whatever_the_role():
    """DESIGN: national id, art. 9 and 10 and credentials are dropped."""
    one = field(
        how="is",
        category="user.health_and_medical",
        said=verdict("confirmed", "user.health_and_medical"),
    )
    found = planned(one, roles={C: "sensitive"})
    assert (found.output, found.reason) == ("", "role_class")


def test_a_reopened_decision_stops_the_role_too():
    """New evidence comes before a role that was decided without it."""
    one = field(how="is", category=POSTCODE, said=verdict("confirmed", POSTCODE, reopened=True))
    assert planned(one, roles={C: "quasi"}).reason == "reopened"


def test_a_rule_of_the_release_comes_before_the_search():
    """A rounded number goes out rounded."""
    rules = [{"field": C, "transform": "round", "to": 10}]
    found = planned(field(kind=S.INTEGER), roles={C: "sensitive"}, rules=rules)
    assert (found.transform, found.role) == ("round", "sensitive")


def test_aggregates_are_named_and_keys_may_be_counted():
    """The number of orders goes out; the order's key does not."""
    one = field("id", kind=S.INTEGER, role=KeyRole.PRIMARY)
    found = planned(
        one,
        roles={"shop/public.customers.id": "quasi"},
        tables={"shop/public.customers": {"per_person": {"aggregate": {"id": "count"}}}},
    )
    assert found.output == "id_count"
    assert found.parameters == {"aggregate": "count", "hierarchy": "equal_frequency"}


def test_roles_and_guarantee_are_part_of_the_policy_hash():
    """What decides the output decides the hash; a pseudonymised plan keeps its own."""
    one = field(kind=S.INTEGER)

    def sha(**terms: Any) -> str:
        return make(table(one, person_path=PATH), kind="anonymised", **terms).policy_sha256

    plain = sha(roles={C: "quasi"})
    assert plain == sha(roles={C: "quasi"})
    assert plain != sha(roles={C: "sensitive"})
    assert plain != sha(roles={C: "quasi"}, guarantee={"k": 5})
    assert plain != sha(
        roles={C: "quasi"}, tables={"shop/public.customers": {"per_person": {"bound": 1}}}
    )
