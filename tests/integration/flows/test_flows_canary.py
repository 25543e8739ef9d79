"""DESIGN §8.1 under Prefect: no personal value in its database, storage, logs or output.

Both flows run with canaries in values and names, through a deployment-like process that logs
everything, and on the paths that fail. Then all that Prefect keeps is searched.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.flows.project import eventually
from tests.integration.test_canary import (
    CONFIG,
    EMAIL,
    FNR,
    SECRET,
    leaks,
    placed,
    project,  # noqa: F401 - a fixture
)

pytestmark = pytest.mark.prefect

DRIVER = """
import json, sys
from flows.discover import discover_flow, scan_table
from flows.publish import publish_flow, transform_partition
from prefect import flow
from sladd.errors import SourceError
from sladd.model import Partition, Table, TableRef
from sladd.pipeline.jobs import Job

given = json.load(sys.stdin)
said = []

def run(name, flow, **parameters):
    state = flow(**parameters, return_state=True)
    said.append([name, state.type.value, str(state.message)])

def foreign(_item):
    try:
        raise KeyError(given["fnr"])
    except KeyError as cause:
        raise ValueError("cannot read " + given["email"]) from cause

def own(_item):
    try:
        raise ValueError(given["email"])
    except ValueError as cause:
        raise SourceError("the table cannot be read", code=219) from cause

ref = TableRef("shop", "customers")
@flow(persist_result=False)
def dying():
    futures = [scan_table.submit(work, Job(Table(ref, ()))) for work in (foreign, own)]
    futures += [transform_partition.submit(work, Partition(ref, 0, {})) for work in (foreign, own)]
    for future in futures:
        future.wait()

run("discover", discover_flow, options={"full": True})
run("discover again", discover_flow)
run("publish", publish_flow, release="analytics")
run("publish vaulted", publish_flow, release="vaulted")
for name, path in given["bad"].items():
    run("discover: " + name, discover_flow, config=path, sources=["shop"])
    run("publish: " + name, publish_flow, config=path, release="analytics")
run("dying", dying)
json.dump(said, sys.stdout)
"""


BY_HAND = ["--debug", "--config", "bad3.yaml", "publish", "analytics", "--prefect"]


@pytest.fixture(scope="module")
def outcome(server, project) -> dict[str, tuple[str, str]]:  # noqa: F811
    """How every run ended: type of state and message. Under `output`: all that was printed."""
    import duckdb

    from sladd.keyring import create_key_file

    key = re.findall(r"file: (\S+)}", (project / "sladd.yaml").read_text("utf-8"))[0]
    create_key_file(Path(key))
    with duckdb.connect(str(project / "shop.duckdb")) as db:
        db.execute(f"CREATE TABLE customers AS SELECT '{EMAIL}' AS epost FROM range(50)")
        # DuckDB's error quotes the value that it cannot cast.
        db.execute("CREATE VIEW wrong AS SELECT CAST(epost AS INTEGER) AS n FROM customers")
    bad = {
        "wrong password": CONFIG.replace(
            "sqlite:///shop.db", f"postgresql+psycopg://r:{SECRET}@127.0.0.1:1/shop"
        ),
        "no such database": CONFIG.replace("shop.db", "missing.db"),
        "a view that fails": CONFIG.replace(
            "sqlite:///shop.db", "duckdb:///shop.duckdb\n    views: true"
        ),
        "where with a value": CONFIG.replace(
            "    to: releases",
            f'    where: {{shop/customers: "epost = {EMAIL!r} oops"}}\n    to: releases',
        ),
    }
    paths = {}
    for number, (name, text) in enumerate(bad.items()):
        (project / f"bad{number}.yaml").write_text(placed(text, key), "utf-8")
        paths[name] = f"bad{number}.yaml"
    loud = {"PREFECT_LOGGING_LEVEL": "DEBUG", "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "DEBUG"}
    environment = os.environ | server.environment
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        cwd=project,
        env=environment | loud,
        input=json.dumps({"bad": paths, "email": EMAIL, "fnr": FNR}),
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said = {name: (kind, text) for name, kind, text in json.loads(done.stdout.splitlines()[-1])}
    by_hand = subprocess.run(
        [sys.executable, "-c", "from sladd.cli import main; main()", *BY_HAND],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
    )
    said["command line"] = (str(by_hand.returncode), by_hand.stdout + by_hand.stderr)
    return said | {"output": ("", done.stdout + done.stderr)}


def kept(home: Path) -> dict[str, bytes]:
    """All that Prefect keeps: its database as text, and every file as it is."""
    with sqlite3.connect(home / "prefect.db", timeout=30) as database:
        dump = "\n".join(database.iterdump()).encode()
    files = {str(p.relative_to(home)): p.read_bytes() for p in home.rglob("*") if p.is_file()}
    return files | {"the database": dump}


@pytest.mark.timeout(600)
def test_the_runs_ended_as_they_should(outcome):
    """A search after runs that stopped early would prove nothing."""
    kinds = {name: kind for name, (kind, _) in outcome.items()}
    for name in (
        "discover",
        "discover again",
        "publish",
        "publish vaulted",
        "discover: a view that fails",
        "dying",
    ):
        assert kinds[name] == "COMPLETED", outcome[name]
    for name in (
        "discover: wrong password",
        "discover: no such database",
        "publish: no such database",
        "publish: where with a value",
    ):
        assert kinds[name] == "FAILED", outcome[name]
        assert "SLADD-" in outcome[name][1]
    assert kinds["command line"] == "3", outcome["command line"]


def test_no_state_and_no_output_says_a_value(outcome):
    """Messages of states, Prefect's log at its loudest, and the command line with --debug."""
    assert "Beginning flow run" in outcome["output"][1]
    found = {name: leaks(text.encode()) for name, (_, text) in outcome.items()}
    assert not {name: hits for name, hits in found.items() if hits}


def test_nothing_that_prefect_keeps_holds_a_value(outcome, server):
    """Parameters, names, states, logs, events, artifacts, results and the server's own log."""

    def complete() -> bool:
        dump = kept(server.home)["the database"]
        return all(word in dump for word in (b"SLADD-999", b"SLADD-219", b"publish-shop/notes-0"))

    # What must be there shows that the search sees states, logs and names of runs.
    assert eventually(complete)
    everything = kept(server.home) | {"the server's log": server.log.read_bytes()}
    found = {name: leaks(data) for name, data in everything.items()}
    assert not {name: hits for name, hits in found.items() if hits}


def test_only_errors_of_our_own_are_kept_as_results(outcome, server):
    """Prefect pickles what a failing flow raised whatever its settings: our line, no cause."""
    stored = [path.read_bytes() for path in (server.home / "storage").rglob("*") if path.is_file()]
    assert stored
    for data in map(base64.b64decode, stored):
        assert b"sladd.errors" in data
        assert b"_rebuild" in data
        assert leaks(data) == []


def test_what_prefect_keeps_is_closed_to_others(outcome, server):
    """The server runs with umask 077, as the guide says."""
    assert [p for p in server.home.rglob("prefect.db*") if p.stat().st_mode & 0o077] == []
