"""The flows tell: events, a webhook, and an automation that tells again what was not heard."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.integration.flows.project import events, eventually, make_project
from tests.services import free_port

pytestmark = pytest.mark.prefect


@pytest.fixture
def hook() -> Iterator[tuple[str, list[dict]]]:
    """A webhook's receiver: its address and what it got."""
    got: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
        thread = threading.Thread(target=web.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{web.server_port}/", got
        web.shutdown()
        thread.join()


def with_channel(config: Path, url: str, channel: str) -> None:
    text = config.read_text("utf-8").partition("notify:")[0]
    text += f"notify:\n  channels:\n    {channel}:\n      webhook: {{url: '{url}'}}\n"
    config.write_text(text, "utf-8")


def test_a_scan_by_flow_tells_and_says_so_in_an_event(prefect, tmp_path, hook):
    """The event has the channel and a count; the message the rest, and no value."""
    from flows.discover import EVENT_CHANGED, EVENT_REOPENED, discover_flow
    from flows.notify import EVENT_TOLD
    from sladd.catalog import Catalog
    from sladd.model import Decision
    from sladd.pipeline.bind import bind

    url, got = hook
    config = make_project(tmp_path / "telling", shop="telling")
    with_channel(config, url, "flowmail")
    discover_flow(config=str(config), sources=["telling"])
    assert [n["topic"] for n in got[0]["notices"]] == ["first_scan"]
    catalog: Catalog = bind(config).catalog
    field = "telling/customers.fornavn"
    catalog.verdicts.decide(field, Decision.REJECTED, reason="oppdiktet", by="liv")
    with sqlite3.connect(config.parent / "shop.db") as db:
        db.execute("UPDATE customers SET fornavn = 'nils.hansen' || id || '@example.org'")
    discover_flow(config=str(config), sources=["telling"])
    topics = {n["topic"] for n in got[1]["notices"]}
    assert topics == {"changed", "reopened"}
    assert "nils.hansen" not in json.dumps(got)
    told = eventually(
        lambda: len(found := events(EVENT_TOLD, "sladd.channel.flowmail")) == 2 and found
    )
    assert sorted(payload["notices"] for _, payload in told) == [1, 2]
    ((where, payload),) = eventually(lambda: events(EVENT_CHANGED, f"sladd.field.{field}"))
    assert where == f"sladd.field.{field}"
    assert payload["category"] == "user.contact.email"
    assert eventually(lambda: events(EVENT_REOPENED, f"sladd.field.{field}"))


def test_a_refused_publish_is_an_event_and_a_message(prefect, tmp_path, hook):
    """The flow fails as before; who has to know, knows."""
    from flows.publish import EVENT_REFUSED, publish_flow
    from sladd.pipeline.bind import bind
    from sladd.pipeline.discover import discover

    url, got = hook
    config = make_project(tmp_path / "refused")
    text = config.read_text("utf-8").replace("analytics:", "refusedrelease:")
    config.write_text(text, "utf-8")
    with_channel(config, url, "vakt")
    discover(bind(config))
    with sqlite3.connect(config.parent / "shop.db") as db:
        db.execute("DROP TABLE orders")
    state = publish_flow(release="refusedrelease", config=str(config), return_state=True)
    assert state.is_failed()
    (notice,) = [n for sent in got for n in sent["notices"] if n["topic"] == "refused"]
    assert notice["subject"] == "refusedrelease"
    told = eventually(lambda: events(EVENT_REFUSED, "sladd.release.refusedrelease"))
    assert told == [("sladd.release.refusedrelease", {"code": notice["facts"]["code"]})]


def test_what_was_not_heard_is_told_by_a_later_run(prefect, tmp_path, hook):
    """A server that is away fails no flow; `tell` delivers when it is back, and only once."""
    from flows.discover import discover_flow
    from flows.notify import EVENT_UNDELIVERED, digest_flow, tell_flow

    url, got = hook
    config = make_project(tmp_path / "later", shop="later2")
    with_channel(config, f"http://127.0.0.1:{free_port()}/", "vakt")
    state = discover_flow(config=str(config), sources=["later2"], return_state=True)
    assert state.is_completed()
    told = eventually(
        lambda: [e for e in events(EVENT_UNDELIVERED, "sladd.outbox") if e[1].get("vakt") == 947]
    )
    assert told
    with_channel(config, url, "vakt")
    assert tell_flow(config=str(config)) == {"told": 1, "failed": 0}
    assert tell_flow(config=str(config)) == {"told": 0, "failed": 0}
    assert digest_flow(config=str(config)) == {"told": 1, "failed": 0}
    assert digest_flow(config=str(config)) == {"told": 0, "failed": 0}
    assert [[n["topic"] for n in sent["notices"]] for sent in got] == [["first_scan"], ["digest"]]
