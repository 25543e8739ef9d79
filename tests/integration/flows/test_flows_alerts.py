"""`python -m flows.alerts`: a new personal field reaches the officer, through a real webhook."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.integration.flows.project import eventually, make_project

pytestmark = pytest.mark.prefect


@pytest.fixture
def inbox() -> Iterator[tuple[str, list[str]]]:
    """A web server that keeps what is posted to it: its address and the messages."""
    messages: list[str] = []

    class Inbox(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            messages.append(json.loads(self.rfile.read(length))["text"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Inbox) as web:
        thread = threading.Thread(target=web.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{web.server_port}/", messages
        web.shutdown()
        thread.join()


def test_each_new_personal_field_is_one_message(prefect, tmp_path, inbox):
    """Made twice, it is still one automation; two new fields are two messages, no digest."""
    from prefect.blocks.notifications import CustomWebhookNotificationBlock

    from flows.alerts import alert
    from flows.discover import discover_flow

    address, messages = inbox
    block = CustomWebhookNotificationBlock(
        name="officer", url=address, json_data={"text": "{{subject}}\n{{body}}"}
    )
    block.save("officer", overwrite=True)
    alert("custom-webhook/officer")
    alert("custom-webhook/officer")
    config = make_project(tmp_path / "alerts", shop="alerted")
    discover_flow(config=str(config), sources=["alerted"])
    with sqlite3.connect(config.parent / "shop.db") as db:
        db.execute("CREATE TABLE contacts (kontakt_epost TEXT, fornavn TEXT)")
        db.executemany(
            "INSERT INTO contacts VALUES (?,?)",
            [(f"nils.hansen{i}@example.org", ["Kari", "Nils"][i % 2]) for i in range(80)],
        )
    discover_flow(config=str(config), sources=["alerted"])
    assert eventually(lambda: len(messages) >= 2)
    assert sorted(message.split(" holds")[0] for message in messages) == [
        "sladd: new personal data\nalerted/contacts.fornavn",
        "sladd: new personal data\nalerted/contacts.kontakt_epost",
    ]
    (mail,) = [message for message in messages if "kontakt_epost" in message]
    assert "user.contact.email (is)" in mail
    assert "nils.hansen" not in "".join(messages)


def test_an_unknown_block_is_one_line(prefect, monkeypatch, capsys):
    """The command says what is missing and how to see what there is."""
    from flows import alerts

    monkeypatch.setattr("sys.argv", ["alerts", "slack-webhook/nobody"])
    assert alerts.main() == 2
    said = capsys.readouterr().err
    assert said.startswith("SLADD-180: the Prefect server has no such notification block")
    assert len(said.splitlines()) == 1
