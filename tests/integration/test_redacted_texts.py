"""A shop's comments, redacted: what stands in the row or at the customer is taken out too."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from sladd.keyring import create_key_file
from sladd.pipeline.bind import Bound, bind
from sladd.pipeline.discover import discover
from sladd.pipeline.planning import make_plan, notes
from sladd.pipeline.publish import Published, publish

SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, full_name TEXT, email TEXT, note TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id),
  comment TEXT);
"""
# Names that no list knows: only the row or the customer can tell.
PERSONS = [
    (number, f"{given} {family}", f"{given}.{family}{number}@example.no".lower())
    for number, (given, family) in enumerate(
        [(g, f) for g in ("Thixa", "Qorin", "Zuleik", "Vambo", "Kroxi") for f in ("Xyzzyr", "Plugho",
         "Wobbern", "Frotzen", "Grueti", "Zorkel")], 1)
]  # fmt: skip
COMMENTS = (
    "ring {given} før levering, og ikke naboen som sist gang",
    "{family}s pakke skal leveres på døra denne gangen, takk",
    "Vi har snakket om fargen og alt er i orden nå, hilsen oss",
)


def _shop(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.executescript(SCHEMA)
        for number, name, email in PERSONS:
            given, family = name.split()
            note = (
                f"Kunden {given.lower()} vil helst ha svar på e-post, gjerne før helgen nr {number}"
            )
            db.execute("INSERT INTO customers VALUES (?,?,?,?)", (number, name, email, note))
            for n, comment in enumerate(COMMENTS):
                text = comment.format(given=given.lower(), family=family)
                db.execute(
                    "INSERT INTO orders VALUES (?,?,?)", (100 * number + n, number, f"{text} ({n})")
                )


def _bound(folder: Path, how: str) -> Bound:
    key = folder / "keys" / "main.key"
    create_key_file(key)
    project = folder / "project"
    project.mkdir()
    _shop(folder / "shop.db")
    rules = [
        {"field": f"shop/{field}", "transform": "redact_text", "with": how}
        for field in ("customers.note", "orders.comment")
    ]
    release = {
        "kind": "pseudonymised",
        "domain": "d",
        "from": ["shop"],
        "to": "out",
        "rules": rules,
    }
    settings: dict[str, Any] = {
        "catalog": "sqlite:///catalog.db",
        "keys": {"main": {"file": str(key)}},
        "sources": {"shop": {"database": f"sqlite:///{folder / 'shop.db'}"}},
        "releases": {"analytics": release},
    }
    path = project / "sladd.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    bound = bind(path)
    discover(bound)
    return bound


@pytest.fixture(scope="module", params=["label", "pseudonym"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The release with labels, and with pseudonyms."""
    bound = _bound(tmp_path_factory.mktemp(request.param), request.param)
    return request.param, bound, publish(bound, "analytics")


def _table(release: Published, name: str) -> pa.Table:
    return pq.read_table(release.path / name)


def test_discovery_sees_names_that_only_the_row_tells(made):
    """`note` holds the customer's own name, which no list and no rule knows."""
    _, bound, _ = made
    scans = [field for table in bound.catalog.tables.all("shop") for field in table.fields]
    note = next(f.finding for f in scans if str(f.field.ref) == "shop/customers.note")
    assert "user.name" in (note.category, *note.also)


def test_no_name_of_the_customer_is_left(made):
    """In lower case, as a genitive, and over the foreign key."""
    _, _, release = made
    texts = [
        *_table(release, "customers")["note"].to_pylist(),
        *_table(release, "orders")["comment"].to_pylist(),
    ]
    assert len(texts) == 4 * len(PERSONS)
    everything = " ".join(texts).casefold()
    for _, name, email in PERSONS:
        for word in (*name.split(), email):
            assert word.casefold() not in everything
    assert "s pakke skal leveres på døra" in everything
    assert "vi har snakket om fargen og alt er i orden nå" in everything


def test_a_label_is_readable_and_a_pseudonym_one_of_the_domain(made):
    """`<NAVN>s pakke`; the surname alone has the pseudonym of its person's name column."""
    how, _, release = made
    comments = _table(release, "orders")["comment"].to_pylist()
    genitives = [text for text in comments if "pakke" in text]
    if how == "label":
        assert {text.partition(" skal")[0] for text in genitives} == {"<NAVN>s pakke"}
        return
    seen = {text.partition(">s")[0].removeprefix("<NAVN ") for text in genitives}
    assert seen == set(_table(release, "customers")["full_name"].to_pylist())
    assert len(seen) == len(PERSONS)


def test_the_plan_the_manifest_and_the_report_say_what_may_remain(made):
    """Before the data moves, beside it, and for who opens it; never a value."""
    _, bound, release = made
    told = [line for line in notes(bound, make_plan(bound, "analytics")) if "free text" in line]
    assert len(told) == 1
    assert "2 columns" in told[0]
    manifest = json.loads((release.path / "manifest.json").read_text("utf-8"))
    risk = manifest["risk"]["free_text"]
    assert risk["columns"] == ["shop/customers.note", "shop/orders.comment"]
    assert risk["names_by"] in {"rules", "model"}
    assert risk["statement"]["en"] == told[0]
    page = (release.path / "REPORT.html").read_text("utf-8")
    assert "fritekst sladdes" in page
    assert "free text are redacted" in page
