"""The inbox: decisions on what was shown, alike, overtaken, taken back; and hostile names."""

from __future__ import annotations

import re
import sqlite3
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sladd.catalog import Chosen, database
from sladd.catalog.schema import moment_text
from sladd.model import (
    Decision,
    Evidence,
    Field,
    FieldRef,
    FieldScan,
    Finding,
    How,
    StorageType,
    Table,
    TableRef,
    TableScan,
)
from sladd.pipeline.bind import bind
from sladd.review.app import make_app
from sladd.review.context import SIGNED_IN, Role
from sladd.review.pages.rows import table_link
from tests.review.conftest import Browser, form_of

SAID = '{"key": "inbox.undone_many", "facts": {"n": 3}}'
HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","x")',
    "x" * 200,
    "navn\u202egpj.exe",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "../../etc/passwd",
    "a/b?c#d&e%2F",
)


def shown(page: str) -> dict[str, str]:
    """What the form of the page carries of the finding."""
    form = re.search(r'action="/inbox/decide".*?</form>', page, re.DOTALL)
    assert form, "no form to decide by"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.group()))


def decide(browser, page: str, decision: str, **more):
    """Press a button of the form on a page."""
    given = {**shown(page), "decision": decision, **more}
    given.pop("csrf")
    return browser.fill("/inbox/decide", follow=False, **given)


def _waiting(bound, source: str = "") -> list[str]:
    """Keys of what waits, in order."""
    return [each.key for each in bound.catalog.worklist.chosen(Chosen(source=source))]


def test_after_a_decision_the_next_finding_is_shown_and_undo_restores(client, bound) -> None:
    """The verdict is the officer's, the audit trail tells both, and the order stays."""
    browser = client(Role.DPO)
    before = _waiting(bound)
    answer = decide(browser, browser.get("/inbox").text, "confirm", reason="avklart")
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"]).text
    assert shown(page)["key"] == before[1]
    assert _waiting(bound) == before[1:]
    (held,) = bound.catalog.worklist.standing([before[0]])
    assert (held.state, held.by) == ("confirmed", "kari")
    browser.fill("/inbox/undo", first=str(held.verdict), until=str(held.verdict))
    assert _waiting(bound) == before
    actions = [entry.action for entry in bound.catalog.audit.entries()]
    assert actions.count("decide") == 1
    assert actions.count("decide.undo") == 1
    assert bound.catalog.audit.verify() == []


def test_undo_brings_back_the_decision_before(client, bound) -> None:
    """A confirmed field that was rejected by mistake is confirmed again."""
    browser = client(Role.DPO)
    key = _waiting(bound)[0]
    decide(browser, browser.get(f"/inbox?at={key}").text, "confirm")
    decide(browser, browser.get(f"/inbox?at={key}").text, "reject", reason="feil tast")
    (now,) = bound.catalog.worklist.standing([key])
    assert now.state == "rejected"
    browser.fill("/inbox/undo", first=str(now.verdict), until=str(now.verdict))
    assert bound.catalog.worklist.standing([key])[0].state == "confirmed"


def test_two_officers_on_one_finding(client, bound) -> None:
    """The second sees who decided what, nothing of theirs is saved, and they decide again."""
    first, second = client(Role.DPO), client(Role.DPO, "ola")
    page = second.get("/inbox").text
    key = shown(page)["key"]
    decide(first, first.get("/inbox").text, "confirm")
    answer = decide(second, page, "reject", reason="ikke om personer")
    assert answer.status_code == 409
    assert "kari decided on this field" in answer.text
    assert bound.catalog.worklist.standing([key])[0].state == "confirmed"
    again = decide(second, answer.text, "reject", reason="ikke om personer")
    assert again.status_code == 303
    (held,) = bound.catalog.worklist.standing([key])
    assert (held.state, held.by) == ("rejected", "ola")


@pytest.mark.parametrize(
    ("decision", "more", "said"),
    [
        ("reject", {}, "Give a reason"),
        ("change", {"to": "user.no_such"}, "Choose a category"),
        ("change", {}, "Choose a category"),
        ("erase", {}, "Choose confirm"),
        ("reject", {"reason": "se ola.nordmann@example.com"}, "data about a person"),
        ("reject", {"reason": "a" * 501}, "too long"),
    ],
)
def test_what_is_wrong_with_a_decision_is_told(client, bound, decision, more, said) -> None:
    """Nothing is saved, and an identifier is not shown again."""
    browser = client(Role.DPO)
    answer = decide(browser, browser.get("/inbox").text, decision, **more)
    assert answer.status_code == 422
    assert said in answer.text
    assert "ola.nordmann" not in answer.text
    assert not any(field.verdict for field in bound.catalog.fields.all())


def test_only_the_officer_decides(client, bound) -> None:
    """Others see findings, no form, and are refused when they send one all the same."""
    key = _waiting(bound)[0]
    for role in SIGNED_IN:
        if role is Role.DPO:
            continue
        browser = client(role)
        assert "/inbox/decide" not in browser.get("/inbox").text
        for path, form in (
            ("/inbox/decide", {"key": key, "decision": "confirm"}),
            ("/inbox/alike", {"key": key, "decision": "confirm", "field": f"{key}:0:x"}),
            ("/inbox/undo", {"first": "1", "until": "1"}),
        ):
            assert browser.fill(path, follow=False, **form).status_code == 403
    assert not any(field.verdict for field in bound.catalog.fields.all())


def table_of(name: str, *columns: str) -> TableScan:
    """A table of e-mail addresses under these names."""
    ref = TableRef("shop", name)
    fields = []
    for column in columns:
        field = Field(FieldRef(ref, column), StorageType.STRING)
        finding = Finding(
            field.ref, How.IS, "EMAIL_ADDRESS", "user.contact.email", 0.9,
            (Evidence("header", 2.0, {"token": column}),), shapes=("aaa@aaa.aa",),
        )  # fmt: skip
        fields.append(FieldScan(field, finding, rows=100, nulls=0, distinct=90))
    return TableScan(
        Table(ref, tuple(f.field for f in fields), rows=100), tuple(fields), 100, "all"
    )


def scan(catalog, *tables: TableScan) -> None:
    """A finished scan of the shop."""
    number = catalog.scans.begin("shop", ruleset="r", by="test")
    for each in tables:
        catalog.scans.record(number, each)
    catalog.scans.finish(number, seen_tables=[str(each.table.ref) for each in tables])


def test_similar_columns_are_decided_at_once_or_not_at_all(client, bound) -> None:
    """Listed first; when one changed meanwhile none is decided; one undo takes all back."""
    scan(bound.catalog, *(table_of(f"t{n}", "epost", "annet") for n in range(4)))
    browser = client(Role.DPO)
    key = _waiting(bound, "shop")[0]
    page = browser.get(f"/inbox/alike/{key}").text
    ticks = re.findall(r'name="field" id="b\d+" value="([^"]+)"', page)
    assert len(ticks) == 8
    form = {"key": key, "decision": "confirm", "field": ticks}
    decide(browser, browser.get(f"/inbox?at={ticks[3].split(':')[0]}").text, "confirm")
    late = browser.fill("/inbox/alike", follow=False, **form)
    assert late.status_code == 409
    assert len(_waiting(bound, "shop")) == 7
    fresh = browser.get(f"/inbox/alike/{key}").text
    form["field"] = re.findall(r'name="field" id="b\d+" value="([^"]+)"', fresh)
    done = browser.fill("/inbox/alike", follow=False, **form)
    assert done.status_code == 303
    assert len(_waiting(bound, "shop")) == 0
    undo = re.search(r"undo=(\d+)-(\d+)", done.headers["location"])
    assert undo
    assert "/inbox/undo" in browser.get(done.headers["location"]).text
    browser.fill("/inbox/undo", first=undo.group(1), until=undo.group(2))
    assert len(_waiting(bound, "shop")) == 7


def test_what_was_ticked_stays_when_similar_columns_are_not_decided(client, bound) -> None:
    """An officer who forgot the reason does not tick eight boxes again."""
    scan(bound.catalog, *(table_of(f"t{n}", "epost", "annet") for n in range(4)))
    browser = client(Role.DPO)
    key = _waiting(bound, "shop")[0]
    page = browser.get(f"/inbox/alike/{key}").text
    ticks = re.findall(r'name="field" id="b\d+" value="([^"]+)"', page)[:3]
    answer = browser.fill("/inbox/alike", key=key, decision="reject", field=ticks)
    assert answer.status_code == 422
    checked = re.findall(r'name="field" id="b\d+" value="([^"]+)" checked', answer.text)
    assert checked == ticks
    answer = browser.fill(
        "/inbox/alike", key=key, decision="change", field=ticks, reason="firmaets egne adresser"
    )
    assert 'value="firmaets egne adresser"' in answer.text


def test_a_page_is_answered_while_a_scan_writes(project) -> None:
    """Reading waits for nobody, also when the session's last use is to be noted."""
    bound = bind(project / "sladd.yaml")
    accounts = bound.catalog.accounts
    accounts.add("kari", "dpo", by="test")
    token = accounts.begin_session("kari")
    holder = sqlite3.connect(project / ".sladd/catalog.db", isolation_level=None)
    earlier = moment_text(datetime.now(UTC) - timedelta(minutes=10))
    holder.execute("UPDATE sladd_sessions SET seen = ?, said = ?", (earlier, SAID))
    holder.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    with Browser(make_app(bound), token) as browser:
        page = browser.get("/inbox")
    took = time.monotonic() - begun
    holder.execute("ROLLBACK")
    holder.close()
    assert page.status_code == 200
    assert "3 decisions were taken back" in page.text
    assert took < database.WAIT_S / 2


def test_hostile_names_are_only_text(client, bound) -> None:
    """Scripts, formulas, long names and turned text stand escaped on every page, and links work."""
    tables = [table_of(name, *HOSTILE) for name in HOSTILE]
    scan(bound.catalog, *tables)
    browser = client(Role.DPO)
    keys = [each.key for each in bound.catalog.worklist.chosen(Chosen(source="shop", state="all"))]
    paths = ["/", "/map", "/inbox?source=shop", "/search?q=script", "/search?q=%3Cscript%3E"]
    paths += [table_link(str(each.table.ref)) for each in tables]
    paths += [f"/inbox?at={key}" for key in keys[:8]] + [f"/inbox/alike/{keys[0]}"]
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
        assert "\u202e" not in answer.text
        assert ">49<" not in answer.text


def test_missing_fields_and_tables_are_not_found(client) -> None:
    """A made-up key or table is a page that says so, never a fault."""
    browser = client(Role.DPO)
    for path in ("/inbox?at=nothing", "/inbox/alike/nothing", "/map/shop/nothing", "/map/a/b%2Fc"):
        assert browser.get(path).status_code == 404
    assert browser.get("/inbox?page=99999&undo=1-99999999999999999&next=x").status_code == 200
    assert browser.get("/inbox?source=%00&category=%25").status_code == 200


def test_worst_comes_first(bound) -> None:
    """By weight × persons × doubt: many persons before few, unsure before sure."""
    few, many = table_of("few", "epost"), table_of("many", "epost", "sikker")
    many = replace(many, table=replace(many.table, rows=9_000))
    unsure, sure = many.fields
    sure = replace(sure, finding=replace(sure.finding, confidence=0.99))
    scan(bound.catalog, few, replace(many, fields=(sure, unsure)))
    standing = bound.catalog.worklist.chosen(Chosen(source="shop"))
    assert [(each.table, each.shown) for each in standing] == [
        ("many", "epost"),
        ("many", "sikker"),
        ("few", "epost"),
    ]


def test_what_another_process_decides_is_shown_by_the_next_request(client, bound) -> None:
    """The desk keeps what it knows, and still never shows what no longer stands."""
    browser = client(Role.DPO)
    first = _waiting(bound)[0]
    assert browser.get("/inbox").status_code == 200
    with bind(bound.config.root / "sladd.yaml").catalog as other:
        (seen,) = other.worklist.standing([first])
        other.verdicts.decide(seen.address, Decision.REJECTED, reason="test data", by="ola")
        assert f'value="{first}"' not in browser.get("/inbox").text
        assert "ola" in browser.get(f"/inbox?at={first}").text
        scan(other, table_of("fersk", "epost"))
    assert "fersk" in browser.get("/map").text
    assert "fersk" in browser.get("/activities").text


def test_a_decision_while_a_scan_writes_is_told_and_handed_back(project, monkeypatch) -> None:
    """In the officer's language, with the reason that was written; a passphrase is not shown."""
    monkeypatch.setattr(database, "WAIT_S", 0.2)
    bound = bind(project / "sladd.yaml")
    accounts = bound.catalog.accounts
    accounts.add("kari", "dpo", by="test")
    with Browser(make_app(bound), accounts.begin_session("kari")) as browser:
        browser.headers["accept-language"] = "nb"
        page = browser.get("/inbox").text
        door = Browser(browser.app)
        token = form_of(door.get("/login").text)
        holder = sqlite3.connect(project / ".sladd/catalog.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        said = "Avklart med systemeier"
        answer = decide(browser, page, "reject", reason=said)
        words = {"csrf": token, "name": "kari", "passphrase": "en lang setning uten mening"}
        origin = {"origin": str(door.base_url)}
        refused = door.post("/login", data=words, headers=origin)
        holder.execute("ROLLBACK")
        holder.close()
    assert answer.status_code == 503
    assert "Katalogen er opptatt" in answer.text
    assert said in answer.text
    assert refused.status_code == 503
    assert words["passphrase"] not in refused.text
