"""A small project for the flows: a database, a folder of files, and what is asked of a server."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[3]

CONFIG = """
sources:
  {shop}:
    database: sqlite:///shop.db
  {files}:
    files: data/*.csv
keys:
  main: {{file: {key}}}
releases:
  analytics:
    domain: flows
    from: [{shop}, {files}]
    to: releases/analytics
"""


def make_project(folder: Path, *, shop: str = "shop", files: str = "exports") -> Path:
    """Write 120 synthetic customers, their orders, and three daily files.

    Args:
        folder: made; the key lies beside it, as a key inside a project is refused.
        shop: name of the database in sladd.yaml; events of one test are told by it.
        files: name of the folder of files.
    """
    from sladd.keyring import create_key_file

    folder.mkdir(parents=True)
    with sqlite3.connect(folder / "shop.db") as db:
        db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, epost TEXT, fornavn TEXT)")
        db.execute(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES "
            "customers(id), amount REAL)"
        )
        db.executemany(
            "INSERT INTO customers VALUES (?,?,?)",
            [
                (i, f"ola.nordmann{i}@example.no", ["Kari", "Ola", "Nils"][i % 3])
                for i in range(1, 121)
            ],
        )
        db.executemany(
            "INSERT INTO orders VALUES (?,?,?)",
            [(i, 1 + i * 7 % 120, i * 13.5 % 900) for i in range(1, 301)],
        )
    (folder / "data").mkdir()
    for day in (1, 2, 3):
        (folder / "data" / f"visits_2026-01-0{day}.csv").write_text(
            "customer_no;ip;pages\n"
            + "".join(f"{i};192.0.2.{(i * day) % 250};{i * day % 17}\n" for i in range(1, 41)),
            encoding="utf-8",
        )
    key = folder.parent / f"{folder.name}-keys" / "main.key"
    create_key_file(key)
    text = CONFIG.format(shop=shop, files=files, key=key)
    (folder / "sladd.yaml").write_text(text, encoding="utf-8")
    return folder / "sladd.yaml"


def found(config: Path) -> list[dict[str, Any]]:
    """What the catalog of a project knows of every field, evidence included."""
    from sladd.pipeline.bind import bind
    from sladd.reports.findings import finding_rows

    bound = bind(config)
    return finding_rows(bound.catalog.fields.all(), bound.taxonomy, every=True)


Answer = TypeVar("Answer")


def eventually(ask: Callable[[], Answer], *, seconds: float = 120) -> Answer:
    """Ask until the answer is true: task runs and events reach the database a moment later."""
    end = time.monotonic() + seconds
    while not (answer := ask()) and time.monotonic() < end:
        time.sleep(0.3)
    return answer


def task_runs(state: Any) -> dict[str, str]:
    """Name of each task run of the flow run that ended in `state` → name of its last state."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    only = FlowRunFilter(id=FlowRunFilterId(any_=[state.state_details.flow_run_id]))
    with get_client(sync_client=True) as client:
        runs = client.read_task_runs(flow_run_filter=only)
    return {run.name: run.state.name if run.state else "" for run in runs}


def events(name: str, resource: str) -> list[tuple[str, dict[str, Any]]]:
    """Resource and payload of the events of that name, for resources of that prefix."""
    from prefect.client.orchestration import get_client
    from prefect.events.filters import EventFilter, EventNameFilter, EventResourceFilter

    wanted = EventFilter(
        event=EventNameFilter(name=[name]), resource=EventResourceFilter(id_prefix=[resource])
    )
    with get_client(sync_client=True) as client:
        page = client.read_events(filter=wanted, limit=50)
    told = [(str(event.resource.id), dict(event.payload)) for event in page.events]
    return sorted(told, key=str)
