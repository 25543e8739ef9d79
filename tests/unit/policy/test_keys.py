"""Which fields of a plan share a key, and so join."""

from __future__ import annotations

import pytest

from sladd.model import Entity, KeyRole, TableRef
from sladd.policy import plan_rows
from tests.unit.policy.fields import EMAIL, S, field, make, table


def test_keys_of_one_entity_share_their_key_type():
    """orders.customer_id joins customers.id, and never products.id."""
    orders, products = TableRef("shop", "orders", "public"), TableRef("shop", "products", "public")
    tables = [
        table(field("id", S.INTEGER, role=KeyRole.PRIMARY)),
        table(
            field("id", S.INTEGER, role=KeyRole.PRIMARY, table=orders),
            field("customer_id", S.STRING, role=KeyRole.FOREIGN, table=orders),
            ref=orders,
        ),
        table(field("id", S.INTEGER, role=KeyRole.PRIMARY, table=products), ref=products),
        table(
            field("kundenr", table=TableRef("exports", "kunder")), ref=TableRef("exports", "kunder")
        ),
    ]
    entities = (
        Entity(
            "customer",
            (
                "shop/public.customers.id",
                "shop/public.orders.customer_id",
                "exports/kunder.kundenr",
            ),
        ),
        Entity("shop/orders.id", ("shop/public.orders.id",)),
    )
    made = make(*tables, entities=entities)
    types = {str(f.field): f.key_type for t in made.tables for f in t.fields}
    assert types == {
        "shop/public.customers.id": "customer",
        "shop/public.orders.customer_id": "customer",
        "exports/kunder.kundenr": "customer",
        "shop/public.orders.id": "shop/orders.id",
        "shop/public.products.id": "shop/public.products.id",
    }
    rows = {row["field"]: row for row in plan_rows(made)}
    assert rows["exports/kunder.kundenr"]["reason"] == "key"
    broken = make(
        *tables, entities=entities, rules=[{"field": "exports/kunder.kundenr", "transform": "keep"}]
    )
    assert any("customer" in w and "not join" in w for w in broken.warnings)


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        (EMAIL, "email"),
        ("user.contact.phone_number", "phone"),
        ("user.name.first", "name"),
        ("user.account.username", "username"),
        ("user.device.cookie_id", "user.device.cookie_id"),
        ("user.unique_id", "user.unique_id"),
    ],
)
def test_values_are_keyed_by_their_canonical_type(category, expected):
    """E-mails join e-mails; member numbers do not join order numbers."""
    made = make(table(field(how="is", category=category)))
    assert made.tables[0].fields[0].key_type == expected
