"""Which persons rows are about, and what a plan says where nobody knows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import transforms
from sladd import taxonomy
from sladd.config import ReleaseConfig
from sladd.errors import PlanError
from sladd.model import (
    Entity,
    Field,
    FieldRef,
    FieldScan,
    Finding,
    How,
    Plan,
    SamplePlan,
    StorageType,
    Table,
    TableRef,
    TableScan,
)
from sladd.policy import plan, policy_table

SPECS = {name: transform.SPEC for name, transform in transforms.registry().items()}
PATHS = {
    "shop/customers": ("shop/customers.id",),
    "shop/orders": ("shop/orders.customer", "shop/customers.number"),
    "shop/lines": ("shop/lines.order_id", "crm/orders.customer", "shop/customers.id"),
    "shop/staff": ("shop/staff.id",),
    "shop/goods": (),
}


def _plan(rules: list[dict[str, Any]], *, only: str = "", **terms: Any) -> Plan:
    tables = []
    for address, path in PATHS.items():
        if only and address not in only.split():
            continue
        ref = TableRef("shop", address.partition("/")[2])
        field = Field(FieldRef(ref, "day"), StorageType.DATE)
        scan = FieldScan(field, Finding(field.ref, How.NONE, "", "", 0.0), 5000, 0, 5000, False)
        table = Table(ref, (field,))
        scanned = TableScan(table, (scan,), 5000, "all")
        tables.append(policy_table(table, scanned, {}, person_path=path))
    return plan(
        release="r",
        config=ReleaseConfig.model_validate(
            {"domain": "d", "from": ["shop"], "to": "r", "rules": rules, **terms}
        ),
        tables=tables,
        entities=[Entity("customer", ("shop/customers.id",))],
        specs=SPECS,
        taxonomy=taxonomy.load(),
        as_of=dt.date(2026, 1, 1),
    )


def _shift(table: str, **parameters: Any) -> dict[str, Any]:
    return {"field": f"shop/{table}.day", "transform": "shift_dates", **parameters}


def test_a_path_to_a_second_unique_column_leads_to_the_same_persons():
    """`orders` point at the customers' number, and are keyed for the customers all the same."""
    made = _plan([_shift("customers"), _shift("orders")])
    fields = {str(f.field): f for t in made.tables for f in t.fields}
    assert fields["shop/customers.day"].key_type == "shift_dates:customer"
    assert fields["shop/orders.day"].key_type == "shift_dates:customer"


@pytest.mark.parametrize(("table", "code"), [("goods", 319), ("lines", 326)])
def test_a_table_that_leads_to_nobody_is_refused(table, code):
    """No path at all, or one over a table of a source that the release does not read."""
    with pytest.raises(PlanError) as caught:
        _plan([_shift(table)])
    assert caught.value.code == code
    assert f"shop/{table}.day" in str(caught.value)


def test_dates_shifted_in_two_ways_are_warned_of():
    """Another direction moves the same person otherwise; the time of day does not matter."""
    apart = _plan([_shift("customers"), _shift("orders", direction="past")])
    assert any("shifted in 2 ways" in warning for warning in apart.warnings)
    alike = _plan([_shift("customers"), _shift("orders", time="keep")])
    assert not any("shifted" in warning for warning in alike.warnings)


def test_a_sample_is_of_the_persons_that_are_named_or_the_only_ones():
    """With customers and staff the release has to say of whom."""
    two = "shop/customers shop/orders"
    assert _plan([], only=two, sample={"share": 0.1}).sample == SamplePlan(0.1, "customer")
    assert _plan([], sample={"share": 0.1, "persons": "customer"}).sample == SamplePlan(
        0.1, "customer"
    )
    for only, terms in (
        ("", {"share": 0.1}),
        ("", {"share": 0.1, "persons": "custmer"}),
        ("shop/goods", {"share": 0.1}),
    ):
        with pytest.raises(PlanError) as caught:
            _plan([], only=only, sample=terms)
        assert caught.value.code == 328


def test_a_sample_is_another_policy():
    """The hash of a release without one is what it was; each share has its own."""
    only = "shop/customers"
    hashes = {
        _plan([], only=only, **terms).policy_sha256
        for terms in ({}, {"sample": {"share": 0.1}}, {"sample": {"share": 0.2}})
    }
    assert len(hashes) == 3
