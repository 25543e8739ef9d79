"""A plan says what is invented for each field, and refuses fakes that would repeat a key."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import transforms
from sladd import taxonomy
from sladd.config import ReleaseConfig
from sladd.errors import ManyErrors, PlanError
from sladd.model import Field, FieldRef, FieldScan, Finding, How, StorageType, Table, TableRef
from sladd.policy import PolicyField, PolicyTable, plan, plan_rows

SPECS = {name: transform.SPEC for name, transform in transforms.registry().items()}
CUSTOMERS = TableRef("shop", "customers")


def rows(
    category: str, *, unique: str = "", rules: list[dict[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """The plan of one column of a category.

    Args:
        category: of the column.
        unique: how the source promises that it is: `field`, `key` or not at all.
        rules: of the release.
    """
    schema = Field(FieldRef(CUSTOMERS, "c"), StorageType.STRING, unique=unique == "field")
    how = How.IS if category else How.NONE
    scan = FieldScan(schema, Finding(schema.ref, how, "", category, 0.9), 5_000, 0, None)
    keys = (("c",),) if unique == "key" else ()
    table = PolicyTable(
        Table(CUSTOMERS, (schema,), unique_keys=keys), (PolicyField(schema, scan),), rows=5_000
    )
    terms = {"domain": "d", "from": ["shop"], "to": "out"}
    made = plan(
        release="a",
        config=ReleaseConfig.model_validate(
            {**terms, "rules": rules or [{"field": "shop/customers.c", "transform": "fake"}]}
        ),
        tables=[table],
        entities=(),
        specs=SPECS,
        taxonomy=taxonomy.load(),
        as_of=dt.date(2026, 1, 1),
    )
    return plan_rows(made)


def faults(*words: Any, **more: Any) -> list[int]:
    """Codes of what the plan refuses."""
    try:
        rows(*words, **more)
    except ManyErrors as many:
        return [error.code for error in many.errors]
    except PlanError as one:
        return [one.code]
    return []


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("user.name", "name"),
        ("user.name.last", "last_name"),
        ("organization.contact.email", "email"),
        ("user.contact.address.city", "place"),
        ("user.contact.address", "address"),
    ],
)
def test_the_category_says_what_is_invented(category, kind):
    """The plan shows it, so that the release and the gate know it."""
    assert rows(category)[0]["parameters"] == {"kind": kind}


def test_a_rule_may_say_what_is_invented():
    """Also of a column in which nothing was found."""
    own = {"field": "shop/customers.c", "transform": "fake", "kind": "email", "language": "en"}
    for category in ("", "user.name", "user.demographic.gender"):
        parameters = rows(category, rules=[own])[0]["parameters"]
        assert parameters == {"kind": "email", "language": "en"}


@pytest.mark.parametrize(
    "category", ["", "user.demographic.gender", "user.contact.address.country"]
)
def test_what_has_no_kind_is_refused(category):
    """Before any data moves."""
    assert faults(category) == [366]


@pytest.mark.parametrize("unique", ["field", "key"])
@pytest.mark.parametrize(
    ("category", "refused"),
    [
        ("user.name", True),
        ("user.contact.phone_number", True),
        ("user.contact.email", False),
        ("user.account.username", False),
    ],
)
def test_fakes_that_may_repeat_are_refused_where_values_are_unique(category, refused, unique):
    """Those that keep values apart are not; nor is a column that promises nothing."""
    assert faults(category, unique=unique) == ([367] if refused else [])
    assert faults(category) == []


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ("fake", []),
        ({"user.name": "fake", "user.contact": "pseudonym"}, []),
        ("faked", [313]),
        ({"user.name": "faked"}, [313]),
        ({}, [313]),
        ({"user.nam": "fake"}, [318]),
        (["fake"], [313]),
    ],
)
def test_ways_of_writing_spans_are_checked(told, codes):
    """One for all of them, or one for each category."""
    rule = {"field": "shop/customers.c", "transform": "redact_text", "with": told}
    assert faults("user.content.private", rules=[rule]) == codes
