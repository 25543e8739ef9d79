"""The webhook against a real server: signed, tried again, and led nowhere else."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sladd.catalog import Notice
from sladd.channels import WebhookConfig
from sladd.errors import NotifyError
from sladd.notify.message import compose
from sladd.notify.secrets import Secret
from sladd.notify.webhook import body, post, signature

NOTICES = [Notice("1", "first_scan", "bøker", {"fields": 20, "personal": 8})]
DATA = body(NOTICES, compose(NOTICES, "nb"), delivery="d1", organisation="Eksempelbutikken")


@dataclass
class Receiver:
    """What arrived, and what is answered, in turn; 204 when nothing is said."""

    url: str
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    location: str = ""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            one.got.append(({k.lower(): v for k, v in self.headers.items()}, data))
            self.send_response(one.answers.pop(0) if one.answers else 204)
            if one.location:
                self.send_header("Location", one.location)
            self.end_headers()

        def do_GET(self) -> None:  # what a followed redirect would become
            self.do_POST()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
        one = Receiver(f"http://127.0.0.1:{web.server_port}/hook")
        thread = threading.Thread(target=web.serve_forever, daemon=True)
        thread.start()
        yield one
        web.shutdown()
        thread.join()


def send(url: str, secret: str | None = "hunter2", **options) -> None:
    config = WebhookConfig(url=url, timeout_s=options.pop("timeout_s", 5))
    given = None if secret is None else Secret(secret)
    post(DATA, config, given, delivery="d1", where="channel vakt", pauses_s=(0.01, 0.01), **options)


def test_the_signature_covers_time_and_body(receiver):
    """Who holds the secret can check it; a changed body or time does not fit."""
    send(receiver.url)
    ((headers, data),) = receiver.got
    at, _, mac = headers["sladd-signature"].partition(",")
    seconds = at.removeprefix("t=")
    wanted = hmac.new(b"hunter2", f"{seconds}.".encode() + data, hashlib.sha256).hexdigest()
    assert mac == f"v1={wanted}"
    assert signature(Secret("hunter2"), int(seconds) + 1, data) != headers["sladd-signature"]
    told = json.loads(data)
    assert headers["sladd-delivery"] == told["delivery"] == "d1"
    assert told["notices"][0]["subject"] == "bøker"
    assert told["notices"][0]["facts"] == {"fields": 20, "personal": 8}
    assert "8 av 20 felt" in told["text"]


def test_without_a_secret_there_is_no_signature(receiver):
    """A header that anyone could make would only look like one."""
    send(receiver.url, secret=None)
    assert "sladd-signature" not in receiver.got[0][0]


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_passing_fault_is_tried_three_times(receiver, status):
    """With the same delivery, so that the receiver can tell a repetition."""
    receiver.answers = [status, status]
    send(receiver.url)
    assert len(receiver.got) == 3
    assert {headers["sladd-delivery"] for headers, _ in receiver.got} == {"d1"}
    receiver.answers = [status] * 3
    with pytest.raises(NotifyError) as refused:
        send(receiver.url)
    assert refused.value.code == 948
    assert str(status) in refused.value.what
    assert len(receiver.got) == 6


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_a_plain_no_is_not_asked_again(receiver, status):
    """Nothing would be another the second time."""
    receiver.answers = [status]
    with pytest.raises(NotifyError):
        send(receiver.url)
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(receiver, status):
    """What is for one host is not handed to another, nor to another place of the same."""
    receiver.answers = [status]
    receiver.location = receiver.url.replace("127.0.0.1", "localhost") + "/elsewhere"
    with pytest.raises(NotifyError) as refused:
        send(receiver.url)
    assert refused.value.code == 948
    assert "not followed" in refused.value.what
    assert len(receiver.got) == 1


def test_nobody_there_is_one_line_without_the_address():
    """The address may be a password; the channel's name says enough."""
    with pytest.raises(NotifyError) as refused:
        send("http://127.0.0.1:1/t0ken")
    assert refused.value.code == 947
    assert "t0ken" not in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert "channel vakt" in str(refused.value)


def test_a_proxy_is_not_asked_for_this_machine(receiver, monkeypatch):
    """What stays on the machine is not sent around it."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    send(receiver.url)
    assert len(receiver.got) == 1
