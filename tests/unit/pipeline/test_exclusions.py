"""Rows left out take along what points at them, and nothing else."""

from __future__ import annotations

import sqlite3
from datetime import date

import pyarrow as pa
import pytest

from sladd.config import SourceConfig
from sladd.errors import ConfigError
from sladd.model import FieldPlan, FieldRef, How, Plan, StorageType, TablePlan
from sladd.pipeline.entities import entities, person_paths
from sladd.pipeline.exclusions import exclusions, reached
from sladd.pipeline.exclusions.flags import truthy
from sladd.sources import open_source

SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, objected INTEGER);
CREATE TABLE consents (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id),
  withdrawn_at TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id),
  year INTEGER);
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id));
CREATE TABLE products (id INTEGER PRIMARY KEY);
INSERT INTO customers VALUES (1,0),(2,1),(3,0),(4,NULL);
INSERT INTO consents VALUES (1,1,NULL),(2,3,'2026-01-02');
INSERT INTO orders VALUES (10,1,2023),(11,1,2024),(12,2,2024),(13,3,2024),(14,NULL,2024);
INSERT INTO lines VALUES (100,10),(101,11),(102,12),(103,13),(104,14),(105,NULL);
INSERT INTO products VALUES (1),(2);
"""


@pytest.fixture
def shop(tmp_path):
    """A small shop, opened."""
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as db:
        db.executescript(SCHEMA)
    source = open_source("shop", SourceConfig(database=f"sqlite:///{path}"), root=tmp_path)
    yield source
    source.close()


def planned(tables, where=None, declared=None, person=None, mails=()) -> Plan:
    """A plan of all tables in which the customers are the persons."""
    persons = {t.ref for t in tables if t.ref.name == "customers"}
    paths = person_paths(tables, persons, person or {})
    return Plan(
        release="r",
        kind="pseudonymised",
        domain="d",
        key="main",
        as_of=date(2026, 1, 1),
        tables=tuple(
            TablePlan(
                table=t.ref,
                output=t.ref.name,
                fields=tuple(mail(f.ref) for f in t.fields if f.ref.column in mails),
                where=(where or {}).get(t.ref.name),
                person_path=paths.get(str(t.ref), ()),
            )
            for t in tables
        ),
        entities=entities(tables, declared or {}),
    )


def mail(ref: FieldRef) -> FieldPlan:
    """A column of e-mail addresses in a plan."""
    return FieldPlan(
        ref, ref.column, StorageType.STRING, "pseudonym", {}, "user.contact.email", How.IS, "", ""
    )


def left(shop, flags, where=None, declared=None, person=None, mails=()) -> dict[str, list[int]]:
    """Ids of every table's rows that stay."""
    tables = list(shop.tables())
    plan = planned(tables, where, declared, person, mails)
    with shop.snapshot() as snapshot:
        out = exclusions(plan, tables, {"shop": snapshot}, flags)
        stay = {}
        for table in tables:
            condition = (where or {}).get(table.ref.name)
            columns = list(dict.fromkeys(["id", *out.columns(str(table.ref))]))
            ids: list[int] = []
            for partition in snapshot.partitions(table):
                for batch in snapshot.batches(partition, columns=columns, where=condition):
                    ids += out.keep(str(table.ref), batch).column("id").to_pylist()
            stay[table.ref.name] = sorted(ids)
    return stay


def test_nothing_mapped_leaves_everything(shop):
    """Without flags and conditions every row stays."""
    assert left(shop, {})["lines"] == [100, 101, 102, 103, 104, 105]


def test_who_objected_is_left_out_everywhere(shop):
    """Orders and lines of the person go too; rows without a person stay."""
    stay = left(shop, {"objected": ["shop/customers.objected"]})
    assert stay["customers"] == [1, 3, 4]
    assert stay["orders"] == [10, 11, 13, 14]
    assert stay["lines"] == [100, 101, 103, 104, 105]
    assert stay["products"] == [1, 2]


def test_who_objected_is_left_out_of_exports_with_another_number_too(tmp_path):
    """The unique number that an export knows a customer by leads to the same person."""
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as db:
        db.executescript("""
CREATE TABLE customers (id INTEGER PRIMARY KEY, number INTEGER UNIQUE, objected INTEGER);
CREATE TABLE logins (id INTEGER PRIMARY KEY, number INTEGER UNIQUE REFERENCES customers(number));
CREATE TABLE a_export (id INTEGER, number TEXT);
INSERT INTO customers VALUES (1,501,0),(2,502,1),(3,503,0);
INSERT INTO logins VALUES (7,501),(8,502);
INSERT INTO a_export VALUES (21,'501'),(22,'502'),(23,'0502'),(24,'999');
""")
    source = open_source("shop", SourceConfig(database=f"sqlite:///{path}"), root=tmp_path)
    numbers = ["shop/customers.number", "shop/logins.number", "shop/a_export.number"]
    try:
        flags = {"objected": ["shop/customers.objected"]}
        stay = left(source, flags, declared={"customer_number": numbers})
        assert stay == {"customers": [1, 3], "logins": [7], "a_export": [21, 24]}
        # A login that is not taken along takes no customer along.
        stay = left(source, {}, {"logins": "id = 7"}, declared={"customer_number": numbers})
        assert stay == {"customers": [1, 2, 3], "logins": [7], "a_export": [21, 22, 23, 24]}
    finally:
        source.close()


def test_a_flag_in_a_child_table_reaches_the_person(shop):
    """A withdrawn consent leads to its customer, and down to the orders."""
    stay = left(shop, {"consent_withdrawn": ["shop/consents.withdrawn_at"]})
    assert stay["customers"] == [1, 2, 4]
    assert stay["consents"] == [1]
    assert stay["orders"] == [10, 11, 12, 14]


LETTERS = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, objected INTEGER);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id));
CREATE TABLE letters (id INTEGER, email TEXT);
INSERT INTO customers VALUES (1,'kari@epost.example.no',0),(2,'ola@epost.example.no',1);
INSERT INTO orders VALUES (10,1),(11,2);
INSERT INTO letters VALUES (20,'kari@epost.example.no'),(21,'Ola@epost.example.no'),(22,NULL);
"""


def test_tables_without_a_key_to_the_person_are_known_as_not_reached(tmp_path):
    """What is told from keys alone is what happens to the rows; `person:` is such a key."""
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as db:
        db.executescript(LETTERS)
    source = open_source("shop", SourceConfig(database=f"sqlite:///{path}"), root=tmp_path)
    flags = {"objected": ["shop/customers.objected"]}
    said = {"shop/letters": "email -> customers.email"}
    try:
        tables = list(source.tables())
        assert reached(planned(tables), tables, flags) == {"shop/customers", "shop/orders"}
        assert left(source, flags)["letters"] == [20, 21, 22]
        by_mail = planned(tables, person=said)
        assert "shop/letters" in reached(by_mail, tables, flags)
        stay = left(source, flags, person=said, mails=("email",))
        assert stay == {"customers": [1], "orders": [10], "letters": [20, 22]}
    finally:
        source.close()


def test_where_takes_along_children_and_spares_parents(shop):
    """Old orders go with their lines; a customer without orders left stays."""
    stay = left(shop, {}, {"orders": "year >= 2024"})
    assert stay["orders"] == [11, 12, 13, 14]
    assert stay["lines"] == [101, 102, 103, 104, 105]
    assert stay["customers"] == [1, 2, 3, 4]


def test_a_flag_that_does_not_exist_is_refused(shop):
    """A typing error would leave in whom it should leave out."""
    with pytest.raises(ConfigError, match="SLADD-125"):
        left(shop, {"objected": ["shop/customers.objcted"]})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([True, False, None]), [True, False, False]),
        (pa.array([0, 1, 2, None]), [False, True, True, False]),
        (pa.array(["ja", "NEI", "", None, " x "]), [True, False, False, False, True]),
        (pa.array(["2026-01-02", "02.01.2026", "0"]), [True, True, False]),
        (pa.array([date(2026, 1, 2), None]), [True, False]),
        (pa.array([0.0, 1.5]), [False, True]),
    ],
)
def test_a_flag_is_read_as_people_write_it(values, expected):
    """Booleans, numbers, words in Norwegian and English, and dates of withdrawal."""
    assert truthy(values).to_pylist() == expected
