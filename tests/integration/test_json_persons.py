"""Within JSON, what needs a person is told whose row the document stands in."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from sladd.errors import PlanError, SladdError
from sladd.keyring import create_key_file
from sladd.pipeline.bind import Bound, bind
from sladd.pipeline.discover import discover
from sladd.pipeline.planning import make_plan, notes
from sladd.pipeline.publish import Published, publish

CUSTOMERS, ORDERS = 30, 120
ORDERED = dt.date(2024, 1, 3)
RULES = {
    "shop/orders.ordered": {"transform": "shift_dates"},
    "shop/orders.payload": {"transform": "json_paths"},
    "shop/orders.payload.shipped": {"transform": "shift_dates"},
    "shop/orders.payload.parcels[].sent": {"transform": "shift_dates"},
    "shop/orders.payload.amount": {"transform": "noise", "scale": 5},
    "shop/orders.payload.email": {"transform": "pseudonym"},
    "shop/orders.payload.contact": {"transform": "fake"},
    "shop/customers.email": {"transform": "pseudonym"},
    "shop/customers.name": {"transform": "fake"},
}


def _name(customer: int) -> str:
    return f"{['Kari', 'Ola', 'Per', 'Nina', 'Ida', 'Lars'][customer % 6]} Fjelltun{'abcde'[customer // 6]}"


def _order(number: int) -> dict[str, Any]:
    customer, day = number % CUSTOMERS, ORDERED + dt.timedelta(days=number)
    return {
        "email": f"kunde{customer}@example.no",
        "contact": _name(customer),
        "shipped": (day + dt.timedelta(days=2)).isoformat(),
        "parcels": [{"sent": (day + dt.timedelta(days=n)).isoformat()} for n in range(number % 3)],
        "amount": 100 + customer,
    }


def _bound(folder: Path, rules: dict[str, Any] | None = None) -> Bound:
    with sqlite3.connect(folder / "shop.db") as db:
        db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT)")
        db.execute(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY,"
            " customer_id INTEGER REFERENCES customers (id), ordered TEXT, payload TEXT)"
        )
        db.executemany(
            "INSERT INTO customers VALUES (?, ?, ?)",
            [(n, _name(n), f"kunde{n}@example.no") for n in range(CUSTOMERS)],
        )
        db.executemany(
            "INSERT INTO orders VALUES (?, ?, ?, ?)",
            [
                (
                    n,
                    None if n == ORDERS - 1 else n % CUSTOMERS,
                    (ORDERED + dt.timedelta(days=n)).isoformat(),
                    json.dumps(_order(n), ensure_ascii=False),
                )
                for n in range(ORDERS)
            ],
        )
    create_key_file(folder / "keys" / "main.key")
    project = folder / "project"
    project.mkdir()
    settings = {
        "catalog": "sqlite:///catalog.db",
        "keys": {"main": {"file": str(folder / "keys" / "main.key")}},
        "sources": {"shop": {"database": f"sqlite:///{folder / 'shop.db'}"}},
        "releases": {
            "r": {
                "domain": "d",
                "from": ["shop"],
                "to": "out",
                "rules": [{"field": f, **rule} for f, rule in (rules or RULES).items()],
            }
        },
    }
    (project / "sladd.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    bound = bind(project / "sladd.yaml")
    discover(bound)
    return bound


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bound, Published]:
    """Orders of known customers, and one of nobody."""
    bound = _bound(tmp_path_factory.mktemp("persons"))
    return bound, publish(bound, "r")


def _rows(release: Published) -> list[dict[str, Any]]:
    rows = pq.read_table(release.path / "orders").to_pylist()
    return [{**row, "payload": json.loads(row["payload"])} for row in rows]


def test_dates_in_json_move_with_the_dates_beside_it(shop):
    """The days between an order and what its document says of it stay as they were."""
    checked = 0
    for row in _rows(shop[1]):
        if row["customer_id"] is None:
            continue
        ordered, payload = dt.date.fromisoformat(str(row["ordered"])), row["payload"]
        assert (dt.date.fromisoformat(payload["shipped"]) - ordered).days == 2
        for place, parcel in enumerate(payload["parcels"]):
            assert (dt.date.fromisoformat(parcel["sent"]) - ordered).days == place
            checked += 1
    assert checked == sum(n % 3 for n in range(ORDERS - 1))


def test_every_person_has_one_shift_and_one_noise_in_json(shop):
    """Repeats of a person cannot be averaged, and persons differ."""
    noises: dict[str, set[float]] = {}
    for row in _rows(shop[1]):
        noises.setdefault(row["customer_id"], set()).add(row["payload"]["amount"])
    del noises[None]  # type: ignore[arg-type]
    assert len(noises) == CUSTOMERS
    assert all(len(amounts) == 1 for amounts in noises.values())
    assert len({next(iter(amounts)) for amounts in noises.values()}) > CUSTOMERS // 2


def test_a_document_of_nobody_loses_what_needs_a_person(shop):
    """Null and counted at each place; the rest of the document stays."""
    [row] = [row for row in _rows(shop[1]) if row["customer_id"] is None]
    payload = row["payload"]
    assert (payload["shipped"], payload["amount"]) == (None, None)
    assert [parcel["sent"] for parcel in payload["parcels"]] == [None] * ((ORDERS - 1) % 3)
    assert payload["email"]
    places = 2 + (ORDERS - 1) % 3
    assert shop[1].manifest.counts["orders.payload: no_person"] == places


def test_pseudonyms_and_fakes_in_json_are_those_of_the_person(shop):
    """The same address and the same name as in the customer's own row."""
    customers = pq.read_table(shop[1].path / "customers").to_pylist()
    known = {row["id"]: (row["email"], row["name"]) for row in customers}
    for row in _rows(shop[1]):
        if row["customer_id"] is not None:
            payload = row["payload"]
            assert (payload["email"], payload["contact"]) == known[row["customer_id"]]
    assert not [check for check in shop[1].result.checks if not check.passed]


def test_no_source_value_stands_in_the_release(shop):
    """Neither addresses nor names, in any cell."""
    text = json.dumps(_rows(shop[1]), default=str, ensure_ascii=False)
    assert "example.no" not in text
    assert "Fjelltun" not in text


def test_without_a_way_to_the_person_the_plan_says_so(tmp_path):
    """One error for each place, with what mends it."""
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.execute("CREATE TABLE measured (payload TEXT)")
        db.executemany(
            "INSERT INTO measured VALUES (?)",
            [
                (json.dumps({"at": f"2024-01-{1 + n % 28:02}", "degrees": n % 9}),)
                for n in range(90)
            ],
        )
    rules = {
        "shop/measured.payload": {"transform": "json_paths"},
        "shop/measured.payload.at": {"transform": "shift_dates"},
        "shop/measured.payload.degrees": {"transform": "noise", "scale": 5},
    }
    bound = _bound(tmp_path, rules=rules)
    with pytest.raises(SladdError) as caught:
        make_plan(bound, "r")
    told = str(caught.value)
    assert told.count("no key of measured leads to a person") == 2
    assert "shop/measured.payload.at" in told
    assert "person: {measured: COLUMN}" in told


def test_what_needs_the_key_of_a_row_is_refused_in_json(tmp_path):
    """A document has no row of its own for each value in it."""
    rules = {
        "shop/orders.payload": {"transform": "json_paths"},
        "shop/orders.payload.amount": {"transform": "shuffle"},
    }
    with pytest.raises(PlanError, match="does not work inside JSON") as caught:
        make_plan(_bound(tmp_path, rules=rules), "r")
    assert caught.value.code == 322


def test_shifts_that_differ_between_a_column_and_its_json_are_told(tmp_path):
    """Intervals between them would not stay."""
    rules = {**RULES, "shop/orders.ordered": {"transform": "shift_dates", "max_days": 30}}
    bound = _bound(tmp_path, rules=rules)
    told = Counter(note for note in notes(bound, make_plan(bound, "r")) if "2 ways" in note)
    assert sum(told.values()) == 1
