"""Messages: in both languages, without a hole, and safe from the names in them."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladd.catalog import Notice
from sladd.channels import MailConfig
from sladd.notify.mail import letter
from sladd.notify.message import compose

HOSTILE = 'x\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>"\u202e'
CONFIG = MailConfig.model_validate(
    {"host": "localhost", "from": "sladd@example.no", "to": ["ombud@example.no"]}
)


def fields(name: str, count: int = 1) -> dict:
    row = {"field": name, "category": "user.contact.email", "how": "contains"}
    return {"count": count, "fields": [row, {**row, "before": "user.name", "category": ""}]}


def notices(name: str) -> list[Notice]:
    """One of each topic about something of that name."""
    digest = {
        "since": "2026-11-20",
        "until": "2026-11-27",
        "sources": [
            {"source": name, "scanned": "2026-11-26", "fields": 20, "personal": 8, "new": 2,
             "undecided": 3, "reopened": 1, "missed": 1},
            {"source": "empty", "scanned": None, "fields": 0, "personal": 0, "new": 0,
             "undecided": 0, "reopened": 0, "missed": 0},
        ],
        "releases": [{"release": name, "version": "2026-11-25T040000Z", "day": "2026-11-25"}],
        "ending": [{"release": name, "review_by": "2026-12-24", "ended": False}],
    }  # fmt: skip
    reasons = [f"SLADD-650: the gate says no: leak · {name} · give it another rule"]
    refused = {"code": 650, "reasons": reasons, "count": 3}
    ending = {"version": "v", "review_by": "2026-12-24"}
    return [
        Notice("1", "first_scan", name, {"fields": 20, "personal": 8}),
        Notice("2", "new", name, fields(name)),
        Notice("3", "changed", name, fields(name, 60)),
        Notice("4", "reopened", name, fields(name)),
        Notice("5", "refused", name, {**refused, "standing": None}),
        Notice("6", "refused", name, {**refused, "standing": "2026-11-25T040000Z"}),
        Notice("7", "lapsing", name, {**ending, "ended": False}),
        Notice("8", "lapsing", name, {**ending, "ended": True}),
        Notice("9", "digest", "2026-W48", digest),
        Notice("10", "test", name),
    ]


@pytest.mark.parametrize("code", ["nb", "en"])
@pytest.mark.parametrize("number", range(10))
def test_every_notice_is_said_in_words(code, number):
    """No key of a text, no category's key and no brace is left for the reader to guess."""
    notice = notices("shop")[number]
    message = compose(
        [notice], code, organisation="Eksempelbutikken", link="https://sladd.example.no"
    )
    said = message.subject + message.text + message.html.split("</style>")[1]
    assert "user.contact" not in said
    assert "{" not in said
    assert "None" not in said
    assert message.sections[0].text in message.text
    assert "Eksempelbutikken" in message.text
    assert "https://sladd.example.no" in message.html


def test_both_languages_have_the_same_texts():
    """A text that is missing would fail in the middle of a scan."""

    def keys(code: str) -> set[str]:
        raw = tomllib.loads(
            files("sladd.notify").joinpath("texts", f"{code}.toml").read_text("utf-8")
        )
        return {f"{group}.{name}" for group, texts in raw.items() for name in texts}

    assert keys("nb") == keys("en")


@pytest.mark.parametrize("code", ["nb", "en"])
def test_a_hostile_name_stays_a_name(code):
    """It ends no header, runs in no mailbox, and turns no text around."""
    message = compose(notices(HOSTILE), code, organisation=HOSTILE)
    mail = letter(message, CONFIG, delivery="0" * 32, language=code)
    head = bytes(mail).split(b"\r\n\r\n")[0].decode("ascii")
    assert "\nBcc:" not in head
    assert mail["Bcc"] is None
    assert "<script" not in message.html
    assert "&lt;script&gt;" in message.html
    assert "\u202e" not in message.html + message.text
    assert "\nBcc" not in message.text


@given(st.text())
def test_any_name_makes_a_mail_that_can_be_sent(name):
    """Whatever a table is called, the officer hears of it."""
    message = compose(notices(name), "nb")
    raw = bytes(letter(message, CONFIG, delivery="0" * 32, language="nb"))
    assert b"\r\n\r\n" in raw
    assert max(map(len, raw.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 998  # RFC 5322 §2.1.1


def test_a_mail_says_what_it_is():
    """Text first, HTML beside it; no out-of-office answer comes back (RFC 3834)."""
    message = compose([Notice("1", "first_scan", "shop", {"fields": 20, "personal": 8})], "nb")
    mail = letter(message, CONFIG, delivery="ab" * 16, language="nb")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Subject"] == "sladd: shop er skannet for første gang"
    assert mail["Message-ID"] == f"<{'ab' * 16}@example.no>"
    assert mail["Auto-Submitted"] == "auto-generated"
