"""One contract for every source: what it says of its tables."""

from __future__ import annotations

import pytest

from sladd.model import Snapshot, Source, StorageType
from tests.conformance.shops import COLUMNS, Shop, table_of


def test_it_is_a_source(shop: Shop) -> None:
    """The ports of the model are kept."""
    assert isinstance(shop.source, Source)
    with shop.source.snapshot() as snapshot:
        assert isinstance(snapshot, Snapshot)
        assert snapshot.consistency in {"snapshot", "per table"}


def test_tables_are_listed_with_their_columns_in_order(shop: Shop) -> None:
    """Every table is there, and a column stands where the source has it."""
    names = {table.ref.name for table in shop.source.tables()}
    assert names == {"customers", "orders", "empty_table", "log"}
    table = table_of(shop)
    assert tuple(field.ref.column for field in table.fields) == COLUMNS
    assert str(table.ref) == f"shop/{shop.schema + '.' if shop.schema else ''}customers"
    assert shop.source.not_scanned == ()


def test_types_are_the_same_in_every_source(shop: Shop) -> None:
    """A coarse type does not depend on who stores it."""
    wanted = {
        "id": StorageType.INTEGER, "name": StorageType.STRING, "born": StorageType.DATE,
        "created_at": StorageType.TIMESTAMP, "balance": StorageType.DECIMAL,
        "active": StorageType.BOOLEAN if shop.booleans else StorageType.INTEGER,
    }  # fmt: skip
    table = table_of(shop)
    assert {name: table.column(name).type for name in wanted} == wanted


def test_keys_are_known(shop: Shop) -> None:
    """Primary and foreign keys arrive, with their targets as addresses."""
    if not shop.keyed:
        pytest.skip("this kind of source has no keys")
    customers, orders = table_of(shop), table_of(shop, "orders")
    assert customers.primary_key == ("id",)
    assert [key.target for key in orders.foreign_keys] == [customers.ref]
    assert orders.foreign_keys[0].target_columns == ("id",)


def test_fingerprints_are_stable(shop: Shop) -> None:
    """Nothing changed, so nothing is scanned again."""
    assert table_of(shop).fingerprint == table_of(shop).fingerprint


def test_nothing_of_a_source_prints_a_secret(shop: Shop) -> None:
    """Neither the source nor its tables show the address."""
    assert "@" not in repr(shop.source)
    assert "password" not in repr(shop.source).lower()
