"""Links in the catalog: measured, decided, kept for good; and a catalog from before there were."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
import sqlalchemy as sa

from sladd.catalog import Catalog, DecisionError, open_catalog, schema
from sladd.catalog.database import open_database
from sladd.model import (
    Decision,
    Evidence,
    ForeignKey,
    Link,
    LinkKind,
    LinkState,
    Overlap,
    TableRef,
)
from tests.unit.catalog.conftest import URL
from tests.unit.catalog.scanned import EMAIL, field, scan, table

ORDERS, CUSTOMERS = TableRef("shop", "orders"), TableRef("shop", "customers")
LINK = Link(
    ORDERS,
    ("kunde",),
    CUSTOMERS,
    ("nr",),
    confidence=0.91,
    evidence=(Evidence("link_name", 3.2, {"by": "bare"}), Evidence("link_many", 0.4, {"rows": 9})),
)


def tables():
    """Orders that name a customer, and the customers."""
    return (
        table("orders", field("orders", "id"), field("orders", "kunde")),
        table("customers", field("customers", "nr"), field("customers", "epost", EMAIL)),
    )


@pytest.fixture
def shop(catalog: Catalog) -> Catalog:
    """A scanned shop with one suggested link."""
    scan(catalog, *tables())
    catalog.links.record("shop", [LINK], fingerprint="f1")
    return catalog


def test_what_was_measured_comes_back_whole(shop: Catalog) -> None:
    """Evidence and confidence included; the fingerprint says what was looked at."""
    assert list(shop.links.all()) == [LINK]
    assert shop.links.fingerprint("shop") == "f1"
    assert shop.links.fingerprint("other") is None


def test_a_measurement_replaces_the_one_before_it(shop: Catalog) -> None:
    """What is no longer found is no longer suggested."""
    shop.links.record("shop", [], fingerprint="f2")
    assert list(shop.links.all()) == []


def test_decisions_outlive_measurements_and_are_audited(shop: Catalog) -> None:
    """The last one holds; the trail has all of them."""
    shop.links.decide(LINK.start, LINK.end, confirmed=True, reason="ja", by="kari")
    shop.links.record("shop", [], fingerprint="f2")
    scan(shop, *tables())
    (link,) = shop.links.all()
    assert link.state is LinkState.CONFIRMED
    assert link.verdict is not None and (link.verdict.reason, link.verdict.by) == ("ja", "kari")
    assert link.evidence == LINK.evidence
    shop.links.decide(LINK.start, LINK.end, confirmed=False, reason="nei", by="ola")
    assert [each.state for each in shop.links.all()] == [LinkState.REJECTED]
    said = [
        (e.action, e.by, e.detail["decision"]) for e in shop.audit.entries() if "link" in e.action
    ]
    assert said == [("decide.link", "kari", "confirmed"), ("decide.link", "ola", "rejected")]
    assert shop.audit.verify() == []


def test_a_link_nobody_measured_can_be_confirmed(catalog: Catalog) -> None:
    """A person may know more than a measurement."""
    scan(catalog, *tables())
    link = catalog.links.decide("shop/orders.id", LINK.end, confirmed=True, reason="x", by="kari")
    assert (link.columns, link.kind) == (("id",), LinkKind.KEY)


def test_declared_links_are_not_decided_on(catalog: Catalog) -> None:
    """What the source says itself needs no verdict."""
    orders, customers = tables()
    keyed = replace(orders.table, foreign_keys=(ForeignKey(("kunde",), CUSTOMERS, ("nr",)),))
    scan(catalog, replace(orders, table=keyed), customers)
    (link,) = catalog.links.all()
    assert (link.state, link.confidence) == (LinkState.DECLARED, 1.0)
    with pytest.raises(DecisionError) as caught:
        catalog.links.decide(LINK.start, LINK.end, confirmed=False, reason="x", by="kari")
    assert caught.value.code == 521


def test_links_of_columns_that_went_are_not_listed(shop: Catalog) -> None:
    """They come back with the column."""
    shop.links.decide(LINK.start, LINK.end, confirmed=True, reason="ja", by="kari")
    orders, customers = tables()
    scan(shop, customers, seen=("shop/customers",))
    assert list(shop.links.all()) == []
    assert [each.name for each in shop.links.all(gone=True)] == [LINK.name]
    scan(shop, orders, customers)
    assert [each.state for each in shop.links.all()] == [LinkState.CONFIRMED]


def test_overlaps_are_replaced_as_a_whole(catalog: Catalog) -> None:
    """Counts come back as they were stored."""
    found = Overlap("a/x.e", "b/y.e", "user.contact.email", 100, 400, 62, 100, "all")
    catalog.links.record_overlaps([found, replace(found, shared=7)])
    catalog.links.record_overlaps([found])
    assert list(catalog.links.overlaps()) == [found]


def test_faults_in_the_links_of_a_file_are_told_with_their_line(shop: Catalog) -> None:
    """A decision that is none, and a key that nobody knows; nothing is taken."""
    shop.links.decide(LINK.start, LINK.end, confirmed=True, reason="ja", by="kari")
    text = shop.verdicts.export()
    for broken, words in (
        (text.replace("decision: confirmed", "decision: maybe"), "the decision is none"),
        (text.replace("reason: ja", "because: ja"), "unknown key"),
    ):
        with pytest.raises(DecisionError, match=words) as caught:
            shop.verdicts.take_over(broken, "ola")
        assert "verdicts, line" in str(caught.value)


def test_an_unknown_link_in_a_file_is_passed_over(shop: Catalog) -> None:
    """As an unknown field is."""
    text = "format: 1\nverdicts: {}\nlinks:\n  a/b.c -> d/e.f: {decision: confirmed, reason: x}\n"
    assert shop.verdicts.take_over(text, "ola").unknown == ("a/b.c -> d/e.f",)


def test_a_catalog_from_before_links_is_migrated_with_its_data(tmp_path) -> None:
    """Schema 0001 with scans and decisions becomes the newest: nothing is lost, all is filled in."""
    (tmp_path / "new").mkdir()
    with open_catalog(URL, root=tmp_path / "new") as fresh:
        scan(fresh, *tables())
        scan(fresh, *tables()[1:])
        fresh.verdicts.decide("shop/customers.epost", Decision.CONFIRMED, reason="ja", by="kari")
    _as_of_schema_1(tmp_path)
    with open_catalog(URL, root=tmp_path) as new:
        assert [f.address for f in new.fields.all() if f.verdict] == ["shop/customers.epost"]
        assert len(new.tables.all()) == 1
        assert list(new.links.all()) == []
        assert new.audit.verify() == []
    derived = {
        "sladd_field_states": "shown, folded, masked, shape",
        "sladd_table_states": "shown, persons, total, role",
        "sladd_scans": "found",
    }
    for kept, columns in derived.items():
        query = f"SELECT {columns} FROM {kept} ORDER BY id"
        rows = [
            sqlite3.connect(folder / ".sladd/catalog.db").execute(query).fetchall()
            for folder in (tmp_path, tmp_path / "new")
        ]
        assert rows[0] == rows[1]
        assert rows[0]


def _as_of_schema_1(folder) -> None:
    """Copy the catalog of `folder/new` into one of schema 0001, as far as that has its columns."""
    from pathlib import Path

    from alembic import command
    from alembic.config import Config

    database = open_database(URL, root=folder)
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parents[1] / "migrations"))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    database.engine.dispose()
    old = sqlite3.connect(folder / ".sladd/catalog.db")
    old.execute("ATTACH DATABASE ? AS new", [str(folder / "new/.sladd/catalog.db")])
    names = [n for (n,) in old.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
    for name in sorted(names):
        if name not in {"sladd_version", "sqlite_sequence"}:
            now = {row[1] for row in old.execute(f"PRAGMA new.table_info({name})")}
            had = [row[1] for row in old.execute(f"PRAGMA main.table_info({name})")]
            columns = ", ".join(column for column in had if column in now)
            old.execute(f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM new.{name}")
    old.commit()
    old.close()


def test_verdicts_of_links_cannot_be_altered(shop: Catalog, tmp_path) -> None:
    """The database itself refuses."""
    shop.links.decide(LINK.start, LINK.end, confirmed=True, reason="ja", by="kari")
    raw = sqlite3.connect(tmp_path / ".sladd/catalog.db")
    for statement in (
        "UPDATE sladd_link_verdicts SET confirmed = 0",
        "DELETE FROM sladd_link_verdicts",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            raw.execute(statement)
    raw.close()
    assert sa.inspect(open_database(URL, root=tmp_path).engine).has_table("sladd_links")
