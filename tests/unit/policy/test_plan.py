"""What a plan says of its tables, warns of, and is known by."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sladd.model import Entity, Field, FieldRef, Table, TableRef, TableScan
from sladd.policy import policy_table
from tests.unit.policy.fields import CUSTOMERS, EMAIL, C, S, field, make, table


def test_rules_that_match_nothing_are_warned_of():
    """With the nearest field, and without stopping the plan."""
    rules = [
        {"field": "shop/public.customers.cc", "transform": "drop"},
        {"category": "user.name", "transform": "mask"},
    ]
    warnings = make(table(field()), rules=rules, leave_out=[]).warnings
    assert len(warnings) == 2
    assert f"did you mean {C}?" in warnings[0]
    assert "user.name" in warnings[1]


def test_tables_of_one_name_get_their_source_before_it():
    """Both sources have customers; orders stands alone."""
    refs = [TableRef("shop", "customers"), TableRef("crm", "customers"), TableRef("shop", "orders")]
    made = make(*(table(field("n", S.INTEGER, table=r), ref=r) for r in refs))
    assert [t.output for t in made.tables] == ["shop_customers", "crm_customers", "orders"]


def test_a_table_without_a_column_left_has_no_output():
    """There is nothing to write."""
    assert make(table(field())).tables[0].output == ""


def test_where_and_leave_out_travel_as_data():
    """The pipeline executes them; tables about nobody carry no condition."""
    products = TableRef("shop", "products", "public")
    made = make(
        table(field(kind=S.INTEGER), person_path=("shop/public.customers.id",)),
        table(field(kind=S.INTEGER, table=products), ref=products),
        where={"shop/public.customers": "created_at >= '2024-01-01'"},
        leave_out=["objected", "restricted"],
        leave_out_columns={"objected": ["shop/public.customers.objected"]},
    )
    assert made.tables[0].where == "created_at >= '2024-01-01'"
    assert made.tables[0].leave_out == ("objected:shop/public.customers.objected",)
    assert made.tables[1].leave_out == ()
    assert any("restricted" in warning for warning in made.warnings)


def test_policy_table_knows_what_changed_since_the_scan():
    """A column that is new or has another type now counts as not scanned; a gone one is gone."""
    before = table(field("a", S.INTEGER), field("b", S.INTEGER), field("gone"))
    scans = tuple(f.scan for f in before.fields if f.scan)
    scan = TableScan(before.table, scans, 5_000, "all")
    now = Table(
        CUSTOMERS,
        (
            before.fields[0].field,
            Field(FieldRef(CUSTOMERS, "b"), S.STRING),
            Field(FieldRef(CUSTOMERS, "new"), S.INTEGER),
        ),
    )
    made = make(policy_table(now, scan, {}))
    assert {f.field.column: f.reason for f in made.tables[0].fields} == {
        "a": "no_finding",
        "b": "not_scanned",
        "new": "not_scanned",
    }


def test_the_policy_hash_covers_what_decides_the_output_and_no_more():
    """Domain, key version, date, rules and filters change it; place, purpose and language do not."""
    base = table(field(how="is", category=EMAIL), person_path=("shop/public.customers.id",))

    def digest(**more: Any) -> str:
        return make(base, **more).policy_sha256

    same = {digest(), digest(to="elsewhere"), digest(purpose="x"), digest(language="nb")}
    assert len(same) == 1
    changed = {
        digest(domain="b"),
        digest(key_version=2),
        digest(as_of=dt.date(2026, 1, 2)),
        digest(rules=[{"field": C, "transform": "mask"}]),
        digest(rules=[{"field": C, "transform": "mask", "keep_last": 1}]),
        digest(where={"shop/public.customers": "1=1"}),
        digest(leave_out_columns={"objected": ["shop/public.customers.o"]}),
        digest(entities=(Entity("customer", (C,)),)),
        digest(buckets=4),
    }
    assert len(changed | same) == 10
