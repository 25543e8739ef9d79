"""A column of JSON leaves as JSON, each place in it by the rule of its own field."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
import yaml

from sladd import gate, taxonomy
from sladd.gate.json_parts import check_parts
from sladd.gate.rescan import check_rescan
from sladd.keyring import create_key_file
from sladd.pipeline.bind import Bound, bind
from sladd.pipeline.discover import discover
from sladd.pipeline.planning import make_plan, notes
from sladd.pipeline.publish import Published, publish
from sladd.pipeline.reveal import reveal
from sladd.pipeline.verify import rescanner
from sladd.policy import plan_rows
from sladd.release import read_manifest
from tests.services import Server

PERSONS = [f"person{n}" for n in range(40)]
ACTIONS = ("kjøp", "retur", "vis")


def _event(number: int) -> dict[str, Any]:
    mail = f"{PERSONS[number % 40]}@example.no"
    return {
        "user": {
            "email": mail,
            "phones": ["+4791000000", f"+47400000{number % 40:02}"],
            "born": f"19{50 + number % 40}-03-0{1 + number % 9}",
            "comment": f"Hilsen {PERSONS[number % 40]}, ring meg på {mail} i kveld er du grei",
        },
        "action": ACTIONS[number % 3],
        "ms": number % 7,
        "items": [{"sku": f"S{number % 5}", "price": 10.5 * (n + 1)} for n in range(number % 3)],
        "seen_by": {f"{PERSONS[n]}@example.com": {"times": n} for n in range(number % 4)},
        "ip": "192.0.2.77" if number % 2 else None,
    }


EVENTS = [_event(number) for number in range(240)]
RULES = {
    "": {"transform": "json_paths"},
    ".user.email": {"transform": "pseudonym"},
    ".user.phones[]": {"transform": "pseudonym"},
    ".user.born": {"transform": "truncate_date", "to": "year"},
    ".seen_by.*.$key": {"transform": "pseudonym"},
    ".seen_by.*.times": {"transform": "keep"},
    ".ip": {"transform": "generalise", "to": "network"},
}


def _bound(
    folder: Path, source: dict[str, Any], column: str, rules: dict[str, dict[str, Any]]
) -> Bound:
    key = folder / "keys" / "main.key"
    create_key_file(key)
    project = folder / "project"
    project.mkdir()
    settings = {
        "catalog": "sqlite:///catalog.db",
        "keys": {"main": {"file": str(key)}},
        "sources": {"shop": source},
        "releases": {
            "r": {
                "domain": "d",
                "from": ["shop"],
                "to": "out",
                "rules": [{"field": f"{column}{path}", **rule} for path, rule in rules.items()],
            }
        },
    }
    path = project / "sladd.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    bound = bind(path)
    discover(bound)
    return bound


def _sqlite(folder: Path, texts: Sequence[str | None]) -> dict[str, Any]:
    with sqlite3.connect(folder / "shop.db") as db:
        db.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, payload TEXT)")
        db.executemany("INSERT INTO events (payload) VALUES (?)", [(text,) for text in texts])
    return {"database": f"sqlite:///{folder / 'shop.db'}"}


def _payloads(release: Published) -> list[Any]:
    cells = pq.read_table(release.path / "events")["payload"].to_pylist()
    return [None if cell is None else json.loads(cell) for cell in cells]


def _is_right(documents: Sequence[Any]) -> None:
    """Structure kept, values treated, places without a rule gone."""
    assert len(documents) == len(EVENTS)
    text = json.dumps(documents, ensure_ascii=False)
    assert not any(person in text for person in PERSONS)
    assert "example" not in text
    assert "+47" not in text
    for document in documents:
        assert document.keys() == {"user", "action", "ms", "items", "seen_by", "ip"}
        assert document["user"].keys() == {"email", "phones", "born"}
        assert len(document["user"]["phones"]) == 2
        assert document["user"]["born"].endswith("-01-01")
        assert document["ip"] in {None, "192.0.2.0/24"}
        assert all(item.keys() == {"sku", "price"} for item in document["items"])
        assert all(seen.keys() == {"times"} for seen in document["seen_by"].values())
    counted = sorted((d["action"], d["ms"], len(d["items"]), len(d["seen_by"])) for d in documents)
    assert counted == sorted(
        (e["action"], e["ms"], len(e["items"]), len(e["seen_by"])) for e in EVENTS
    )
    assert len({d["user"]["email"] for d in documents}) == 40


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bound, Published]:
    """Events in SQLite, one of them broken and one of them absent."""
    folder = tmp_path_factory.mktemp("sqlite")
    texts = [*(json.dumps(event, ensure_ascii=False) for event in EVENTS), '{"user": ', None]
    bound = _bound(folder, _sqlite(folder, texts), "shop/events.payload", RULES)
    return bound, publish(bound, "r")


def test_each_place_goes_by_its_own_rule(shop):
    """What is broken becomes null, and the rest keeps its structure."""
    documents = _payloads(shop[1])
    assert documents.count(None) == 2
    _is_right([document for document in documents if document is not None])
    assert shop[1].manifest.counts["events.payload: unparsed"] == 1


def test_the_dictionary_lists_the_places(shop):
    """An analyst reads there what stands in the column."""
    text = (shop[1].path / "dictionary.csv").read_text("utf-8-sig")
    rows = {row["column"]: row for row in csv.DictReader(text.splitlines())}
    assert rows["payload.user.email"]["transform"] == "pseudonym"
    assert rows["payload.user.born"]["what_was_done"] == "date cut to its year"
    assert "payload.user.comment" not in rows


def test_pseudonyms_in_json_are_led_back(shop):
    """Of values, of elements and of keys that are data; the source has them nowhere else."""
    document = next(d for d in _payloads(shop[1]) if d and d["seen_by"])
    asked = [document["user"]["email"], document["user"]["phones"][0], *document["seen_by"]]
    found = {each.pseudonym: each.value for each in reveal(shop[0], "r", asked).found}
    assert found.keys() == set(asked)
    assert found[asked[0]].endswith("@example.no")
    assert found[asked[1]].startswith("+47")
    assert all(found[key].endswith("@example.com") for key in document["seen_by"])


def test_texts_within_json_are_redacted(tmp_path):
    """With all that the recognisers find; the rest of the text stays."""
    rules = {"": {"transform": "json_paths"}, ".user.comment": {"transform": "redact_text"}}
    texts = [json.dumps(event) for event in EVENTS]
    bound = _bound(tmp_path, _sqlite(tmp_path, texts), "shop/events.payload", rules)
    comments = [document["user"]["comment"] for document in _payloads(publish(bound, "r"))]
    assert len(comments) == len(EVENTS)
    assert all("ring meg på" in text and "example.no" not in text for text in comments)
    assert any("free_text" in key for key in read_manifest(bound.config.folder_of("r")).risk)


def test_the_plan_tells_of_every_place(shop):
    """Also of those that stay out, and why."""
    rows = {row["field"]: row for row in plan_rows(make_plan(shop[0], "r"))}
    assert rows["shop/events.payload.user.email"]["transform"] == "pseudonym"
    assert rows["shop/events.payload.user.email"]["key_type"] == "email"
    assert rows["shop/events.payload.action"]["transform"] == "keep"
    assert rows["shop/events.payload.user.comment"]["transform"] == "drop"
    dropped = {each.field for each in shop[1].manifest.dropped}
    assert "shop/events.payload.user.comment" in dropped


def test_the_manifest_and_a_later_check_know_the_places(shop):
    """`sladd verify` reads the parts from the manifest."""
    release = shop[1]
    column = next(c for c in read_manifest(release.path).tables[0].columns if c.parts)
    assert {part.name: part.transform for part in column.parts or ()} == {
        "user.email": "pseudonym",
        "user.phones[]": "pseudonym",
        "user.born": "truncate_date",
        "seen_by.*.$key": "pseudonym",
        "seen_by.*.times": "keep",
        "ip": "generalise",
        "action": "keep",
        "ms": "keep",
        "items[].sku": "keep",
        "items[].price": "keep",
    }
    names = {check.name for check in release.result.checks}
    assert {"JSON", "pseudonyms in JSON", "re-scan"} <= names
    assert release.result.passed


def test_the_gate_finds_what_does_not_belong_in_json(shop, tmp_path):
    """A place that the manifest does not know, a pseudonym that is none, an address kept."""
    table = read_manifest(shop[1].path).tables[0]
    file = table.files[0].model_copy(update={"path": "t.parquet"})
    table = table.model_copy(update={"files": (file,)})

    def passed(document: Any) -> list[bool]:
        text = document if isinstance(document, str) else json.dumps(document)
        pq.write_table(pa.table({"id": ["x"], "payload": [text]}), tmp_path / "t.parquet")
        return [check.passed for check in check_parts(tmp_path, table)]

    assert passed({"action": "kjøp", "user": {}}) == [True, True]
    assert passed({"extra": 1}) == [False, True]
    assert passed({"user": {"email": "kari@example.no"}}) == [True, False]
    assert passed("kari@example.no") == [False, True]
    assert passed({"seen_by": {"kari@example.no": {"times": 1}}}) == [True, False]


def test_an_address_at_a_place_that_should_have_none_is_found(shop, tmp_path):
    """The recognisers read every place of the output as a column of its own."""
    table = read_manifest(shop[1].path).tables[0]
    rows = [json.dumps({"action": f"{name}@example.no", "ms": 1}) for name in PERSONS]
    written = pa.table({"id": pa.array(PERSONS), "payload": rows})
    pq.write_table(written, tmp_path / "t.parquet")
    file = table.files[0].model_copy(update={"path": "t.parquet", "rows": len(rows)})
    table = table.model_copy(update={"files": (file,), "rows_out": len(rows)})
    checks = list(check_rescan(tmp_path, table, rescanner(), taxonomy.load()))
    assert [(check.passed, check.column) for check in checks] == [(False, "events.payload.action")]
    assert "user.contact.email" in checks[0].detail


def test_a_rule_within_a_column_that_goes_whole_is_told(tmp_path):
    """It would do nothing; the note says what it takes."""
    rules = {".user.email": {"transform": "pseudonym"}}
    texts = [json.dumps(event) for event in EVENTS]
    bound = _bound(tmp_path, _sqlite(tmp_path, texts), "shop/events.payload", rules)
    told = " ".join(notes(bound, make_plan(bound, "r")))
    assert "transform: json_paths" in told
    planned = make_plan(bound, "r").tables[0].fields
    assert [f.output for f in planned if f.field.column == "payload"] == [""]


@pytest.mark.services
@pytest.mark.parametrize("server", ["postgresql", "mariadb"])
def test_json_columns_of_servers(server, request, tmp_path):
    """Jsonb of PostgreSQL and JSON of MariaDB."""
    running: Server = request.getfixturevalue(server)
    url = running.new_database()
    kind = "jsonb" if server == "postgresql" else "JSON"
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE TABLE events (id INTEGER PRIMARY KEY, payload {kind})"))
        cast = "CAST(:p AS jsonb)" if server == "postgresql" else ":p"
        connection.execute(
            sa.text(f"INSERT INTO events VALUES (:n, {cast})"),
            [
                {"n": n, "p": json.dumps(event, ensure_ascii=False)}
                for n, event in enumerate(EVENTS)
            ],
        )
    schema = "public." if server == "postgresql" else ""
    bound = _bound(tmp_path, {"database": url}, f"shop/{schema}events.payload", RULES)
    release = publish(bound, "r")
    assert release.result.passed
    _is_right(_payloads(release))


def test_json_texts_in_files(tmp_path):
    """A JSONL export whose field holds JSON as text, as logs do."""
    lines = [json.dumps({"payload": json.dumps(event)}) for event in EVENTS]
    (tmp_path / "events.jsonl").write_text("\n".join(lines), encoding="utf-8")
    source = {"files": str(tmp_path / "*.jsonl")}
    bound = _bound(tmp_path, source, "shop/events.payload", RULES)
    release = publish(bound, "r")
    _is_right(_payloads(release))
    assert gate.files(release.path, rescan=None).passed
