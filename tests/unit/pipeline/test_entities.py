"""Entities and person paths over declared keys and configuration."""

import pytest

from sladd.errors import ConfigError
from sladd.model import Field, FieldRef, ForeignKey, StorageType, Table, TableRef
from sladd.pipeline.entities import entities, person_paths


def table(name, columns, *, key=(), foreign=(), schema=None, source="shop"):
    ref = TableRef(source, name, schema)
    return Table(
        ref,
        tuple(Field(FieldRef(ref, c), StorageType.INTEGER) for c in columns.split()),
        primary_key=tuple(key),
        foreign_keys=tuple(
            ForeignKey((c,), TableRef(source, t, schema), (tc,)) for c, t, tc in foreign
        ),
    )


SHOP = [
    table("customers", "id email", key=["id"]),
    table(
        "addresses",
        "id customer_id street",
        key=["id"],
        foreign=[("customer_id", "customers", "id")],
    ),
    table("orders", "id customer_id", key=["id"], foreign=[("customer_id", "customers", "id")]),
    table("lines", "order_id no", key=["order_id", "no"], foreign=[("order_id", "orders", "id")]),
    table(
        "profiles", "customer_id", key=["customer_id"], foreign=[("customer_id", "customers", "id")]
    ),
    table("products", "id name", key=["id"]),
    table("sessions", "sid customer"),
]
REFS = {t.ref.name: t.ref for t in SHOP}


def by_name(found):
    return {e.name: set(e.members) for e in found}


def test_a_key_takes_the_name_of_the_end_of_its_chain():
    """A primary key that is a foreign key belongs to the table it points at."""
    found = by_name(entities(SHOP, {}))
    assert found["shop/customers.id"] == {
        "shop/customers.id",
        "shop/addresses.customer_id",
        "shop/orders.customer_id",
        "shop/profiles.customer_id",
    }
    assert found["shop/orders.id"] == {"shop/orders.id", "shop/lines.order_id"}
    assert found["shop/products.id"] == {"shop/products.id"}


@pytest.mark.parametrize("schema", ["public", "main", None])
def test_the_default_schema_is_no_part_of_the_name(schema):
    """A shop moved to another database keeps its pseudonyms."""
    tables = [table("customers", "id", key=["id"], schema=schema)]
    assert [e.name for e in entities(tables, {})] == ["shop/customers.id"]


def test_sources_share_an_entity_only_by_declaration():
    """Equal names in two sources are two entities until `entities:` joins them."""
    tables = [*SHOP, table("kunder", "kundenr", source="exports")]
    apart = by_name(entities(tables, {}))
    assert "exports/kunder.kundenr" not in set().union(*apart.values())
    joined = by_name(
        entities(tables, {"customer": ["shop/customers.id", "exports/kunder.kundenr"]})
    )
    assert {"shop/orders.customer_id", "exports/kunder.kundenr"} <= joined["customer"]


def test_a_cycle_of_keys_ends():
    """Employees whose manager is an employee, and two tables that point at each other."""
    cyclic = [
        table("staff", "id boss", key=["id"], foreign=[("boss", "staff", "id")]),
        table("a", "id b_id", key=["id"], foreign=[("id", "b", "id")]),
        table("b", "id", key=["id"], foreign=[("id", "a", "id")]),
    ]
    found = by_name(entities(cyclic, {}))
    assert found["shop/staff.id"] == {"shop/staff.id", "shop/staff.boss"}
    assert found["shop/a.id"] == {"shop/a.id", "shop/b.id"}


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"customer": ["shop/customers.idd"]}, 120),
        ({"a": ["shop/customers.id"], "b": ["shop/customers.id"]}, 121),
    ],
)
def test_a_wrong_declaration_is_refused(declared, code):
    """A field that does not exist, or is declared twice."""
    with pytest.raises(ConfigError) as fault:
        entities(SHOP, declared)
    assert fault.value.code == code


def test_the_way_to_the_person_follows_the_keys():
    """Order lines reach the customer through their order; products reach nobody."""
    paths = person_paths(SHOP, {REFS["customers"], REFS["addresses"]}, {})
    assert paths["shop/customers"] == ("shop/customers.id",)
    assert paths["shop/addresses"] == ("shop/addresses.customer_id", "shop/customers.id")
    assert paths["shop/lines"] == (
        "shop/lines.order_id",
        "shop/orders.customer_id",
        "shop/customers.id",
    )
    assert "shop/products" not in paths
    assert "shop/sessions" not in paths


@pytest.mark.parametrize("spelled", ["customer", "customer -> customers.id"])
def test_configuration_says_the_way_where_no_key_does(spelled):
    """`person:` names the column; its goal follows from the name or is written out."""
    paths = person_paths(SHOP, {REFS["customers"]}, {"shop/sessions": spelled})
    assert paths["shop/sessions"] == ("shop/sessions.customer", "shop/customers.id")


@pytest.mark.parametrize(
    ("configured", "code"),
    [({"shop/session": "customer"}, 122), ({"shop/sessions": "costumer"}, 123)],
)
def test_a_wrong_way_is_refused(configured, code):
    """An unknown table or column names its nearest neighbour."""
    with pytest.raises(ConfigError) as fault:
        person_paths(SHOP, {REFS["customers"]}, configured)
    assert fault.value.code == code
    assert "did you mean" in fault.value.mend


def test_a_declared_entity_says_what_a_column_points_at():
    """A file's customer number leads to the file of customers, or is the person's own key."""
    kunder = table("kunder", "kundenr navn", source="exports")
    ordre = table("ordre", "kunde belop", source="exports")
    declared = {"customer": ["shop/customers.id", "exports/kunder.kundenr", "exports/ordre.kunde"]}
    configured = {"exports/kunder": "kundenr", "exports/ordre": "kunde"}
    paths = person_paths([kunder, ordre], {kunder.ref}, configured, declared)
    assert paths["exports/kunder"] == ("exports/kunder.kundenr",)
    assert paths["exports/ordre"] == ("exports/ordre.kunde", "exports/kunder.kundenr")


def test_a_way_that_cannot_be_told_is_asked_for():
    """Two persons it could mean: the message shows how to write it."""
    tables = [*SHOP, table("staff", "id", key=["id"])]
    persons = {REFS["customers"], tables[-1].ref}
    with pytest.raises(ConfigError, match=r"SLADD-124.*'sid -> table.column'"):
        person_paths(tables, persons, {"shop/sessions": "sid"})
