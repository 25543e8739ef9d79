"""Structs, lists and maps of JSONL and Parquet files leave in the shape that they had."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from sladd import gate, taxonomy
from sladd.errors import ConfigError, SladdError
from sladd.gate.json_parts import check_parts
from sladd.gate.rescan import check_rescan
from sladd.keyring import create_key_file
from sladd.pipeline.bind import Bound, bind
from sladd.pipeline.discover import discover
from sladd.pipeline.planning import make_plan, notes
from sladd.pipeline.publish import Published, publish
from sladd.pipeline.reveal import reveal
from sladd.pipeline.verify import rescanner
from sladd.release import read_manifest

PERSONS, ORDERS = 40, 240
FIRST = dt.date(2024, 1, 1)
RULES: dict[str, dict[str, Any]] = {
    "id": {"transform": "keep"},
    "kunde": {"transform": "pseudonym"},
    "ordered": {"transform": "shift_dates"},
    "user.email": {"transform": "pseudonym"},
    "user.born": {"transform": "truncate_date", "to": "year"},
    "items[].sku": {"transform": "keep"},
    "items[].price": {"transform": "round", "to": 10},
    "items[].sent": {"transform": "shift_dates"},
    "items[].tags[]": {"transform": "keep"},
    "seen_by.*.$key": {"transform": "pseudonym"},
    "seen_by.*.times": {"transform": "keep"},
}


def _mail(number: int) -> str:
    return f"kunde{number % PERSONS}@example.no"


def _item(order: int, place: int) -> dict[str, Any] | None:
    if (order + place) % 5 == 4:
        return None
    return {
        "sku": f"S{place}",
        "price": 101.0 + place,
        "sent": FIRST + dt.timedelta(days=order + place),
        "note": f"Ring {_mail(order)} først" if place else None,
        "tags": None if place == 2 else ["a", "b"][:place],
    }


def _order(number: int) -> dict[str, Any]:
    user = {"email": _mail(number), "born": dt.date(1950 + number % PERSONS, 3, 1)}
    if number % 7 == 1:
        user = {"email": None, "born": None}
    items = [_item(number, place) for place in range(number % 4)]
    return {
        "id": number,
        "kunde": f"kunde-{number % PERSONS}",
        "ordered": FIRST + dt.timedelta(days=number),
        "user": None if number % 7 == 0 else user,
        "items": None if number % 11 == 0 else items,
        "seen_by": {_mail(n): {"times": n} for n in range(number % 3)},
    }


def _jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    lines = [json.dumps(row, default=str, ensure_ascii=False) for row in rows]
    path.with_suffix(".jsonl").write_text("\n".join(lines), encoding="utf-8")


ITEM = pa.struct(
    [
        ("sku", pa.string()),
        ("price", pa.float64()),
        ("sent", pa.date32()),
        ("note", pa.string()),
        ("tags", pa.list_(pa.string())),
    ]
)
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("kunde", pa.string()),
        ("ordered", pa.date32()),
        ("user", pa.struct([("email", pa.string()), ("born", pa.date32())])),
        ("items", pa.list_(ITEM)),
        ("seen_by", pa.map_(pa.string(), pa.struct([("times", pa.int64())]))),
    ]
)


def _parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    maps = [{**row, "seen_by": [*row["seen_by"].items()]} for row in rows]
    table = pa.Table.from_pylist(maps, schema=SCHEMA)
    pq.write_table(table, path.with_suffix(".parquet"), row_group_size=100)


WRITERS = {"jsonl": _jsonl, "parquet": _parquet}


def _bound(folder: Path, rules: dict[str, dict[str, Any]], **terms: Any) -> Bound:
    key = folder / "keys" / "main.key"
    create_key_file(key)
    project = folder / "project"
    project.mkdir()
    settings = {
        "catalog": "sqlite:///catalog.db",
        "keys": {"main": {"file": str(key)}},
        "sources": {
            "shop": {"files": str(folder / "data" / "*"), "person": {"orders": "kunde"}},
        },
        "entities": {"customer": ["shop/orders.kunde"]},
        "releases": {
            "r": {
                "domain": "d",
                "from": ["shop"],
                "to": "out",
                "nested": "structs",
                "rules": [{"field": f"shop/orders.{path}", **r} for path, r in rules.items()],
                **terms,
            }
        },
    }
    path = project / "sladd.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    bound = bind(path)
    discover(bound)
    return bound


def _shop(folder: Path, form: str, rules: dict[str, dict[str, Any]] = RULES, **terms: Any) -> Bound:
    (folder / "data").mkdir()
    WRITERS[form](folder / "data" / "orders", [_order(n) for n in range(ORDERS)])
    return _bound(folder, rules, **terms)


@pytest.fixture(scope="module", params=["jsonl", "parquet"])
def shop(request, tmp_path_factory) -> tuple[Bound, Published]:
    """The same orders in both formats."""
    bound = _shop(tmp_path_factory.mktemp(request.param), request.param, csv=True)
    return bound, publish(bound, "r")


def _rows(release: Published) -> list[dict[str, Any]]:
    table = pq.read_table(release.path / "orders")
    return sorted(table.to_pylist(maps_as_pydicts="strict"), key=lambda row: row["id"])


def test_every_column_has_its_shape_again(shop):
    """NULL, an object of NULLs, an empty list and a NULL element are four things."""
    rows = _rows(shop[1])
    assert len(rows) == ORDERS
    for row, order in zip(rows, map(_order, range(ORDERS)), strict=True):
        assert (row["user"] is None) == (order["user"] is None)
        if order["user"] is not None:
            assert row["user"].keys() == {"email", "born"}
            assert (row["user"]["email"] is None) == (order["user"]["email"] is None)
        assert (row["items"] is None) == (order["items"] is None)
        pairs = zip(row["items"] or [], order["items"] or [], strict=True)
        for item, was in pairs:
            assert (item is None) == (was is None)
            if was is not None:
                assert item.keys() == {"sku", "price", "sent", "tags"}
                assert (item["sku"], item["tags"]) == (was["sku"], was["tags"])
                assert item["price"] == 100
        assert [seen["times"] for seen in row["seen_by"].values()] == [
            seen["times"] for seen in order["seen_by"].values()
        ]


def test_types_are_those_of_the_file(shop):
    """Dates that JSON has as text become dates where all of them are rewritten as such."""
    schema = pq.read_schema(next((shop[1].path / "orders").glob("*.parquet")))
    assert pa.types.is_struct(schema.field("user").type)
    assert pa.types.is_map(schema.field("seen_by").type)
    item = schema.field("items").type.value_type
    assert item.field("price").type == pa.float64()
    assert item.field("tags").type.value_type == pa.string()
    assert schema.field("user").type.field("born").type == pa.date32()


def test_dates_in_lists_move_with_the_person(shop):
    """The days from an order to each of its parcels stay."""
    checked = 0
    for row in _rows(shop[1]):
        ordered = dt.date.fromisoformat(str(row["ordered"]))
        for place, item in enumerate(row["items"] or []):
            if item is not None:
                sent = dt.date.fromisoformat(str(item["sent"]))
                assert (sent - ordered).days == place
                checked += sent != FIRST + dt.timedelta(days=row["id"] + place)
    assert checked > ORDERS // 2


def test_no_value_of_a_person_is_left(shop):
    """In no file of the release."""
    for path in shop[1].path.rglob("*"):
        if path.is_file():
            assert b"example.no" not in path.read_bytes()
    keys = {key for row in _rows(shop[1]) for key in row["seen_by"]}
    emails = {row["user"]["email"] for row in _rows(shop[1]) if row["user"]}
    assert len(keys) == 2
    assert keys <= emails


def test_manifest_dictionary_csv_and_database_know_the_places(shop):
    """The same names in each."""
    manifest = read_manifest(shop[1].path)
    columns = {c.name: c for c in manifest.table("orders").columns}
    assert [*columns] == ["id", "kunde", "ordered", "user", "items", "seen_by"]
    parts = {p.name: (p.transform, p.type) for p in columns["items"].parts or ()}
    assert parts["[].price"] == ("round", "double")
    assert parts["[].tags[]"] == ("keep", "string")
    assert "[].note" not in parts
    text = (shop[1].path / "dictionary.csv").read_text("utf-8-sig")
    said = {row["column"]: row for row in csv.DictReader(text.splitlines())}
    assert said["items[].price"]["transform"] == "round"
    assert said["seen_by.*.$key"]["transform"] == "pseudonym"
    written = (shop[1].path / "csv" / "orders.csv").read_text("utf-8-sig")
    cell = list(csv.DictReader(written.splitlines()))[2]
    assert isinstance(json.loads(cell["seen_by"]), dict)
    with duckdb.connect(str(shop[1].path / "analytics.duckdb"), read_only=True) as database:
        [(count,)] = database.execute(
            "SELECT count(*) FROM (SELECT unnest(items) item FROM orders) WHERE item.price = 100"
        ).fetchall()
    assert count == sum(i is not None for n in range(ORDERS) for i in _order(n)["items"] or [])


def test_the_gate_passes_and_a_later_check_agrees(shop):
    """From the files alone."""
    names = {check.name for check in shop[1].result.checks}
    assert {"nested values", "pseudonyms in nested values", "re-scan", "leaks"} <= names
    assert gate.files(shop[1].path, rescan=rescanner()).passed


def test_the_gate_finds_what_does_not_belong_in_a_place(shop, tmp_path):
    """A place that the manifest does not know, and a pseudonym that is none."""
    table = read_manifest(shop[1].path).tables[0]
    file = table.files[0].model_copy(update={"path": "t.parquet"})
    table = table.model_copy(update={"files": (file,)})
    written = pq.read_table(shop[1].path / "orders")

    def failed(user: list[dict[str, Any]]) -> set[tuple[str, str]]:
        other = written.slice(0, 1).set_column(3, "user", pa.array(user))
        pq.write_table(other, tmp_path / "t.parquet")
        return {(c.name, c.column) for c in check_parts(tmp_path, table) if not c.passed}

    assert failed([{"email": None}]) == set()
    assert failed([{"phone": "+4791000000"}]) == {("nested values", "orders.user")}
    assert failed([{"email": "kari@example.no"}]) == {
        ("pseudonyms in nested values", "orders.user")
    }


def test_an_address_at_a_place_that_should_have_none_is_found(shop, tmp_path):
    """The recognisers read every place as a column of its own."""
    table = read_manifest(shop[1].path).tables[0]
    written = pq.read_table(shop[1].path / "orders")
    items = [[{"sku": f"{_mail(n)}", "price": 1.0}] for n in range(len(written))]
    pq.write_table(written.set_column(4, "items", pa.array(items)), tmp_path / "t.parquet")
    file = table.files[0].model_copy(update={"path": "t.parquet"})
    table = table.model_copy(update={"files": (file,)})
    checks = list(check_rescan(tmp_path, table, rescanner(), taxonomy.load()))
    assert [(c.passed, c.column) for c in checks] == [(False, "orders.items[].sku")]


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_an_original_in_another_place_stops_the_publish(form, tmp_path):
    """The leak test names the place, and no value stands in what it says."""
    rules = {**RULES, "items[].note": {"transform": "keep"}}
    with pytest.raises(SladdError) as caught:
        publish(_shop(tmp_path, form, rules), "r")
    told = repr(caught.value) + str(caught.value)
    assert "leak: " in told
    assert "orders.items[].note" in told
    assert "example.no" not in told
    assert not list((tmp_path / "project").rglob("*.parquet"))


def test_pseudonyms_in_places_are_led_back(shop):
    """Those of objects and those that are keys of maps, from the source."""
    row = next(row for row in _rows(shop[1]) if row["user"] and row["user"]["email"])
    key = next(key for row in _rows(shop[1]) for key in row["seen_by"])
    found = reveal(shop[0], "r", [row["user"]["email"], key])
    values = {each.pseudonym: each.value for each in found.found}
    assert values[row["user"]["email"]] == _mail(row["id"])
    assert values[key] in {_mail(0), _mail(1)}
    assert _mail(row["id"]) not in repr(found)


def test_values_under_keys_that_stay_out_stay_out_too(tmp_path):
    """Nobody could tell them apart; the plan says why."""
    rules = {path: rule for path, rule in RULES.items() if path != "seen_by.*.$key"}
    rules["seen_by.*.$key"] = {"transform": "drop"}
    bound = _shop(tmp_path, "parquet", rules)
    dropped = {
        str(f.field): f.reason for f in make_plan(bound, "r").tables[0].fields if not f.output
    }
    assert dropped["shop/orders.seen_by.*.times"] == "no_key"
    assert "seen_by" not in pq.read_table(publish(bound, "r").path / "orders").column_names


def test_files_of_one_table_may_lack_a_place(tmp_path):
    """It is NULL there, and the rest keeps its shape."""
    (tmp_path / "data").mkdir()
    _jsonl(tmp_path / "data" / "orders_1", [_order(n) for n in range(ORDERS // 2)])
    rest = [_order(n) for n in range(ORDERS // 2, ORDERS)]
    for row in rest:
        row.pop("user")
        row["items"] = row["items"] and [i and {"sku": i["sku"]} for i in row["items"]]
    _jsonl(tmp_path / "data" / "orders_2", rest)
    rows = _rows(publish(_bound(tmp_path, RULES), "r"))
    assert len(rows) == ORDERS
    for number, row in enumerate(rows):
        order = _order(number)
        assert [i and i["sku"] for i in row["items"] or []] == [
            i and i["sku"] for i in order["items"] or []
        ]
        if number >= ORDERS // 2:
            assert row["user"] is None
            assert all(i is None or i["price"] is None for i in row["items"] or [])


def test_rows_are_chosen_as_ever(tmp_path):
    """A condition may name a nested place by its path."""
    bound = _shop(tmp_path, "parquet", where={"shop/orders": "id < 50 AND \"user.email\" <> ''"})
    rows = _rows(publish(bound, "r"))
    given = [n for n in range(50) if (_order(n)["user"] or {}).get("email")]
    assert [row["id"] for row in rows] == given
    assert all(row["user"]["email"] for row in rows)


def test_an_incremental_publish_gives_the_same_files(tmp_path):
    """A file more, and the release is that of a full publish."""
    rules = {path: r for path, r in RULES.items() if r["transform"] != "shift_dates"}
    (tmp_path / "data").mkdir()
    _parquet(tmp_path / "data" / "orders_1", [_order(n) for n in range(50)])
    _parquet(tmp_path / "data" / "orders_2", [_order(n) for n in range(50, 100)])
    bound = _bound(tmp_path, rules)
    publish(bound, "r", incremental=True)
    _parquet(tmp_path / "data" / "orders_3", [_order(n) for n in range(100, ORDERS)])
    more = publish(bound, "r", incremental=True)
    assert more.reused["partitions"] == 2
    files = {f.path: f.sha256 for f in more.manifest.tables[0].files}
    whole = publish(bound, "r")
    assert {f.path: f.sha256 for f in whole.manifest.tables[0].files} == files


def test_places_whose_names_could_be_mistaken_stay_columns(tmp_path):
    """A key with a dot in it; the plan says so."""
    (tmp_path / "data").mkdir()
    rows = [
        {"kunde": f"kunde-{n % PERSONS}", "a": {"b.c": n % 3, "d": n % 5}} for n in range(ORDERS)
    ]
    _jsonl(tmp_path / "data" / "orders", rows)
    bound = _bound(tmp_path, {})
    made = make_plan(bound, "r")
    assert not any(f.within for f in made.tables[0].fields)
    assert any(
        "shop/orders.a" in note and "columns of their own" in note for note in notes(bound, made)
    )


def test_columns_are_what_nested_values_become_unless_asked(tmp_path):
    """As before: `user_email`, `items_sku`."""
    release = publish(_shop(tmp_path, "parquet", nested="columns"), "r")
    names = pq.read_table(release.path / "orders").column_names
    assert {"user_email", "items_sku", "seen_by_any_times"} <= {*names}


def test_an_anonymised_release_has_no_structs(tmp_path):
    """Classes are made of columns."""
    with pytest.raises(ConfigError, match="nested: structs"):
        _shop(tmp_path, "parquet", {}, kind="anonymised")
