"""A publish that would let an original out publishes nothing, and says which column it was."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from sladd.errors import GateError, ManyErrors
from sladd.keyring import create_key_file
from sladd.model import Decision
from sladd.pipeline.bind import Bound, bind
from sladd.pipeline.discover import discover
from sladd.pipeline.publish import publish

SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, full_name TEXT, email TEXT, mobil TEXT,
  restricted INTEGER);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id),
  status TEXT, ref TEXT, amount INTEGER);
"""
GIVEN = ("Thixa", "Qorin", "Zuleik", "Vambo", "Kroxi", "Ylva", "Brage", "Sunniva")
FAMILY = ("Xyzzyr", "Plugho", "Wobbern", "Frotzen", "Grueti", "Zorkel", "Nymark", "Vassend")
PERSONS = [
    (n, f"{g} {f}", f"{g}.{f}@example.no".lower(), f"+47 4{n * 7_654_321 % 10**7:07d}")
    for n, (g, f) in enumerate([(g, f) for g in GIVEN for f in FAMILY], 1)
]


def shop(path: Path, *, ref: dict[int, str] | None = None, out: int = 0) -> None:
    """A shop whose orders refer to nothing personal, but where `ref` says otherwise."""
    with sqlite3.connect(path) as db:
        db.executescript(SCHEMA)
        for number, name, email, mobile in PERSONS:
            row = (number, name, email, mobile, int(number == out))
            db.execute("INSERT INTO customers VALUES (?,?,?,?,?)", row)
        for n in range(400):
            text = (ref or {}).get(n, f"kampanje {n % 7}")
            row = (
                5_000 + n * 3,
                n % len(PERSONS) + 1,
                ("sendt", "levert")[n % 2],
                text,
                n * 31 % 900,
            )  # type: ignore[assignment]
            db.execute("INSERT INTO orders VALUES (?,?,?,?,?)", row)


def bound(folder: Path, **release: Any) -> Bound:
    """A project that keeps `orders.ref` by a rule of its own."""
    key = folder / "keys" / "main.key"
    create_key_file(key)
    (folder / "project").mkdir()
    settings = {
        "catalog": "sqlite:///catalog.db",
        "keys": {"main": {"file": str(key)}},
        "sources": {"shop": {"database": f"sqlite:///{folder / 'shop.db'}"}},
        "releases": {
            "analytics": {
                "domain": "d",
                "from": ["shop"],
                "to": "out",
                "rules": [{"field": "shop/orders.ref", "transform": "keep"}],
                **release,
            }
        },
    }
    path = folder / "project" / "sladd.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    made = bind(path)
    discover(made)
    made.catalog.verdicts.decide(
        "shop/orders.ref", Decision.REJECTED, category="", reason="tested", by="officer"
    )
    return made


def refused(made: Bound) -> str:
    """What the gate says; nothing was published."""
    with pytest.raises((GateError, ManyErrors)) as fault:
        publish(made, "analytics")
    target = made.config.folder_of("analytics")
    assert [p.name for p in target.iterdir() if not p.name.startswith(".")] == []
    assert not [*target.rglob("*.parquet"), *target.rglob("*.arrow")]
    text = str(fault.value)
    assert not any(value in text for person in PERSONS for value in person[1:])
    return text


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def test_a_clean_release_says_what_was_looked_for(folder):
    """In the manifest, where `sladd verify` cannot ask again."""
    shop(folder / "shop.db")
    made = publish(bound(folder), "analytics")
    assert made.manifest.gate is not None
    found = {c.name: c for c in made.manifest.gate.checks}
    assert "fields were looked for" in found["leaks"].detail
    assert {"beside the cells", "unsalted hashes", "order of rows", "file statistics"} <= set(found)
    assert not any("is left in the output" in q for q in made.manifest.gate.not_checked)


@pytest.mark.parametrize("what", [1, 2, 3])
def test_an_original_in_a_kept_column_publishes_nothing(folder, what):
    """Name, e-mail address and telephone of another customer, in one cell of 400."""
    shop(folder / "shop.db", ref={17: f"gjelder {PERSONS[40][what]}"})
    said = refused(bound(folder))
    assert "orders.ref" in said
    assert "give shop/orders.ref redact_text, or drop it" in said


def test_an_original_of_a_dropped_column_is_looked_for(folder):
    """It is read for the gate alone."""
    shop(folder / "shop.db", ref={17: PERSONS[3][2]})
    rules = [
        {"field": "shop/orders.ref", "transform": "keep"},
        {"field": "shop/customers.email", "transform": "drop"},
    ]
    assert "shop/customers.email" in refused(bound(folder, rules=rules))


def test_an_original_of_a_table_that_stays_out_is_looked_for(folder):
    """Its columns are all dropped."""
    shop(folder / "shop.db", ref={17: PERSONS[3][2]})
    columns = ("id", "full_name", "email", "mobil", "restricted")
    rules = [
        {"field": "shop/orders.ref", "transform": "keep"},
        *({"field": f"shop/customers.{c}", "transform": "drop"} for c in columns),
    ]
    assert "shop/customers.email" in refused(bound(folder, rules=rules))


def test_an_original_of_a_person_who_stays_out_is_looked_for(folder):
    """Whoever objected may not be named in the order of another."""
    shop(folder / "shop.db", ref={17: PERSONS[8][2]}, out=9)
    more = {
        "leave_out": ["restricted"],
        "leave_out_columns": {"restricted": ["shop/customers.restricted"]},
    }
    assert "shop/customers.email" in refused(bound(folder, **more))


def test_unsalted_hashes_of_originals_publish_nothing(folder):
    """The source is read once more for them, from the same snapshot."""
    hashes = {n: hashlib.md5(p[2].encode()).hexdigest() for n, p in enumerate(PERSONS)}
    shop(folder / "shop.db", ref=hashes)
    said = refused(bound(folder))
    assert "unsalted hash" in said
    assert "MD5" in said


def test_the_own_telephone_number_without_country_code_is_found(folder):
    """The pseudonym of the customer joins the order with the customer's number."""
    number = PERSONS[17][3].removeprefix("+47 ")
    shop(folder / "shop.db", ref={17: f"ring {number}"})
    assert "rows of the same person" in refused(bound(folder))


def test_rows_that_an_incremental_publish_took_over_are_read_for_the_gate(folder):
    """The customers are as they were; one order names one of them now."""
    shop(folder / "shop.db")
    made = bound(folder)
    publish(made, "analytics", incremental=True)
    again = publish(made, "analytics", incremental=True)
    assert again.reused["partitions"] == again.reused["of_partitions"] == 2
    assert all(c.passed for c in again.result.checks)
    text = f"ring {PERSONS[17][3].removeprefix('+47 ')}"
    with sqlite3.connect(folder / "shop.db") as db:
        db.execute("UPDATE orders SET ref = ? WHERE id = ?", (text, 5_000 + 17 * 3))
    with pytest.raises(GateError, match="rows of the same person"):
        publish(made, "analytics", incremental=True)


def test_releases_of_two_domains_share_no_surrogate(folder):
    """Asked of every release of the project that stands."""
    shop(folder / "shop.db")
    made = bound(folder)
    publish(made, "analytics")
    path = folder / "project" / "sladd.yaml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["releases"]["marketing"] = {"domain": "m", "from": ["shop"], "to": "out2"}
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    second = publish(bind(path), "marketing")
    asked = [c for c in second.result.checks if c.name == "surrogates in two releases"]
    assert [(c.passed, c.detail) for c in asked] == [(True, "none is in the release analytics")]
    assert isinstance(second.path, Path)
    assert pq.read_table(second.path / "customers").num_rows == len(PERSONS)
