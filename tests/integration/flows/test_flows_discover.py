"""`discover_flow` against a real server: same findings, one task a table, counts and events."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.integration.flows.project import events, eventually, found, make_project, task_runs

pytestmark = pytest.mark.prefect


def test_the_flow_stores_what_the_command_line_stores(prefect, tmp_path):
    """Two threads and an engine change no finding and no piece of evidence."""
    from flows.discover import discover_flow
    from sladd.pipeline.bind import bind
    from sladd.pipeline.discover import discover

    by_flow = make_project(tmp_path / "flow")
    by_hand = make_project(tmp_path / "hand")
    outcome = discover_flow(config=str(by_flow))
    discover(bind(by_hand))
    stored = found(by_flow)
    assert stored == found(by_hand)
    assert {row["category"] for row in stored} >= {"user.contact.email"}
    assert [(each["source"], each["scanned"]) for each in outcome] == [("shop", 2), ("exports", 1)]


def test_one_task_a_table_named_by_its_address(prefect, tmp_path):
    """Who looks at a run sees which tables it read, and which had not changed."""
    from flows.discover import discover_flow

    config = make_project(tmp_path / "tasks")
    names = {"scan-shop/customers", "scan-shop/orders", "scan-exports/visits"}
    for expected in ("Scanned", "Unchanged"):
        state = discover_flow(config=str(config), return_state=True)
        runs = eventually(lambda: len(task_runs(state)) == 3 and task_runs(state))  # noqa: B023
        assert runs == dict.fromkeys(names, expected)


def test_a_table_that_fails_is_not_scanned_and_the_flow_completes(prefect, tmp_path):
    """One view that no one can read stops neither its source nor the flow."""
    import duckdb

    from flows.discover import discover_flow
    from sladd.pipeline.bind import bind

    config = make_project(tmp_path / "fails", shop="broken")
    with duckdb.connect(str(tmp_path / "fails" / "shop.duckdb")) as db:
        db.execute("CREATE TABLE customers AS SELECT 'ola@example.no' AS epost FROM range(50)")
        db.execute("CREATE VIEW wrong AS SELECT CAST(epost AS INTEGER) AS number FROM customers")
    text = config.read_text("utf-8").replace("sqlite:///shop.db", "duckdb:///shop.duckdb")
    config.write_text(text.replace("shop.duckdb\n", "shop.duckdb\n    views: true\n"), "utf-8")
    state = discover_flow(config=str(config), sources=["broken"], return_state=True)
    assert state.is_completed()
    (said,) = state.result()
    assert [(m["where"], m["code"]) for m in said["missed"]] == [("broken/wrong", 212)]
    assert [line.where for line in bind(config).catalog.scans.not_scanned()] == ["broken/wrong"]
    runs = eventually(lambda: len(task_runs(state)) == 2 and task_runs(state))
    assert runs == {"scan-broken/customers": "Scanned", "scan-broken/wrong": "NotScanned"}


def test_a_source_that_cannot_be_read_fails_the_run_and_keeps_the_others(prefect, tmp_path):
    """Who watches runs sees it without an automation; what the others hold is stored."""
    from flows.discover import discover_flow, run_discover

    config = make_project(tmp_path / "half", shop="away")
    (tmp_path / "half" / "shop.db").unlink()
    state = discover_flow(config=str(config), return_state=True)
    assert (state.is_failed(), state.name) == (True, "NotScanned")
    assert state.message == "1 of 2 sources could not be read: away"
    said = state.result(raise_on_failure=False)
    assert [(each["source"], each["scanned"]) for each in said] == [("away", 0), ("exports", 1)]
    again = run_discover(str(config), [], full=False, sample_rows=None)
    assert [(each["source"], each["unchanged"]) for each in again] == [("away", 0), ("exports", 1)]


def test_the_artifact_holds_counts_only(prefect, tmp_path):
    """An artifact is kept for ever and copied into events: a source and numbers, no more."""
    from prefect.artifacts import Artifact

    from flows.discover import discover_flow

    discover_flow(config=str(make_project(tmp_path / "counts", shop="counted")))
    artifact = Artifact.get("sladd-source-counted")
    assert artifact is not None
    (row,) = json.loads(artifact.data)
    assert row.pop("source") == "counted"
    assert row["personal"] >= 1
    assert row["scanned"] == 2
    assert all(isinstance(value, int | float) for value in row.values())


def test_a_first_scan_is_one_digest_and_a_later_one_an_event_per_new_field(prefect, tmp_path):
    """The officer is told what is new, not two hundred things on the first day."""
    from flows.discover import EVENT_DIGEST, EVENT_NEW, discover_flow

    config = make_project(tmp_path / "events", shop="told")
    discover_flow(config=str(config), sources=["told"])
    digests = eventually(lambda: events(EVENT_DIGEST, "sladd.source.told"))
    assert [where for where, _ in digests] == ["sladd.source.told"]
    assert digests[0][1]["personal"] >= 1
    with sqlite3.connect(config.parent / "shop.db") as db:
        db.execute("ALTER TABLE orders ADD COLUMN kontakt_epost TEXT")
        db.execute("ALTER TABLE orders ADD COLUMN farge TEXT")
        db.execute("UPDATE orders SET kontakt_epost = 'o' || id || '@example.org', farge = 'blue'")
    discover_flow(config=str(config), sources=["told"])
    discover_flow(config=str(config), sources=["told"])
    told = eventually(lambda: events(EVENT_NEW, "sladd.field.told"))
    mail = [line for line in told if line[0].endswith("kontakt_epost")]
    assert mail == [
        (
            "sladd.field.told/orders.kontakt_epost",
            {"category": "user.contact.email", "how": "is"},
        )
    ]
    assert len({where for where, _ in told}) == len(told)
    assert all("/orders." in where for where, _ in told)
    assert len(events(EVENT_DIGEST, "sladd.source.told")) == 1


def test_a_source_that_failed_before_still_gets_its_digest(prefect, tmp_path):
    """A scan that could not read the source has told nobody anything."""
    from flows.discover import EVENT_DIGEST, EVENT_NEW, discover_flow

    config = make_project(tmp_path / "late", shop="late")
    database = config.parent / "shop.db"
    database.rename(config.parent / "away.db")
    state = discover_flow(config=str(config), sources=["late"], return_state=True)
    assert state.is_failed()
    assert state.message is not None
    assert "SLADD-2" in state.message
    assert "\n" not in state.message
    (config.parent / "away.db").rename(database)
    discover_flow(config=str(config), sources=["late"])
    assert len(eventually(lambda: events(EVENT_DIGEST, "sladd.source.late"))) == 1
    assert events(EVENT_NEW, "sladd.field.late") == []


def test_an_unknown_source_ends_in_one_line(prefect, tmp_path):
    """The state's message is the error of sladd, with the name that was meant."""
    from flows.discover import discover_flow

    config = make_project(tmp_path / "unknown")
    state = discover_flow(config=str(config), sources=["shopp"], return_state=True)
    assert state.is_failed()
    assert state.message is not None
    assert state.message.endswith(
        "SLADD-130: there is no source 'shopp' · sladd.yaml, sources · did you mean 'shop'?"
    )
    assert "\n" not in state.message


def test_a_password_comes_from_a_secret_block(prefect, tmp_path, monkeypatch):
    """`${FLOWS_DATABASE}` reads the block `flows-database`; the environment has no such name."""
    from prefect.blocks.system import Secret

    from flows.discover import discover_flow

    monkeypatch.delenv("FLOWS_DATABASE", raising=False)
    Secret(value="shop.db").save("flows-database", overwrite=True)
    config: Path = make_project(tmp_path / "secret")
    text = config.read_text("utf-8").replace("sqlite:///shop.db", "sqlite:///${FLOWS_DATABASE}")
    config.write_text(text, "utf-8")
    (outcome,) = discover_flow(config=str(config), sources=["shop"])
    assert outcome["scanned"] == 2
    config.write_text(text.replace("FLOWS_DATABASE", "FLOWS_NOWHERE"), "utf-8")
    state = discover_flow(config=str(config), sources=["shop"], return_state=True)
    assert "SLADD-105: the environment has no variable FLOWS_NOWHERE" in str(state.message)
