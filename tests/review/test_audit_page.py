"""The page of the audit trail."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing

import pytest

from sladd.catalog import open_catalog
from sladd.model import Decision
from sladd.review.context import Role

FIELD = "shop/customers.epost"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def decided(bound):
    """A decision in the trail."""
    bound.catalog.verdicts.decide(FIELD, Decision.CONFIRMED, reason="sett i skjemaet", by="ola")
    return bound


def test_it_says_who_decided_what_in_both_languages(client, decided):
    """In words, with the category as it is called."""
    browser = client(Role.READER)
    page = browser.get("/audit").text
    assert "Decided a finding" in page
    assert "decision: confirmed" in page
    assert "category: E-mail address" in page
    browser.headers["accept-language"] = "nb-NO,nb;q=0.9"
    page = browser.get("/audit").text
    assert "Avgjorde funn" in page
    assert "avgjørelse: bekreftet" in page


def test_it_is_filtered_by_action_person_and_date(client, decided):
    """Each alone and together."""
    browser = client(Role.READER)
    today = dt.datetime.now(dt.UTC).date()

    def count(query: str) -> int:
        return browser.get(f"/audit?{query}").text.count('<tr id="e')

    everything = len(decided.catalog.audit.entries())
    assert count("") == everything
    assert count("action=decide") == 1
    assert count("action=scan") == 4
    assert count("person=ola") == 1
    assert count("person=ola&action=scan.begin") == 0
    assert count(f"since={today}&until={today}") == everything
    assert count(f"until={today - dt.timedelta(days=1)}") == 0
    assert count("action=%25") == 0


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=99999999999999", "page=٣", "since=x"]
)
def test_a_query_that_is_none_is_no_fault(client, query):
    """Links are edited by hand."""
    assert client(Role.READER).get(f"/audit?{query}").status_code == 200


def test_it_turns_its_pages(client, bound):
    """Newest first, fifty a page, the filter kept."""
    for n in range(70):
        bound.catalog.audit.append("assess", f"release {n}", by="ola & co", detail={})
    browser = client(Role.READER)
    first = browser.get("/audit?person=ola+%26+co").text
    assert "release 69" in first
    assert "release 19<" not in first
    assert 'href="/audit?person=ola+%26+co&amp;page=2"' in first
    second = browser.get("/audit?person=ola+%26+co&page=2").text
    assert "release 19<" in second
    assert "Page 2 of 2" in second


def test_a_trail_that_was_altered_is_told(client, bound, project):
    """What somebody did behind the catalog's back stands at the top of the page."""
    browser = client(Role.READER)
    assert "The chain is whole" in browser.get("/audit").text
    with closing(sqlite3.connect(project / ".sladd" / "catalog.db")) as raw, raw:
        raw.execute("DROP TRIGGER sladd_audit_no_update")
        raw.execute("UPDATE sladd_audit SET actor = 'someone else' WHERE number = 2")
    page = browser.get("/audit").text
    assert "The chain is broken" in page
    assert "entry 2 was altered" in page


def test_of_a_long_trail_the_last_part_is_checked_and_all_on_request(client, bound, monkeypatch):
    """The page stays quick; the whole chain is one link away."""
    monkeypatch.setattr("sladd.review.pages.audit.CHECKED", 2)
    browser = client(Role.READER)
    entries = len(bound.catalog.audit.entries())
    assert f"the last 2 of {entries} entries" in browser.get("/audit").text
    assert f"all {entries} entries were checked" in browser.get("/audit?check=all").text


def test_the_last_part_is_checked_against_what_is_before_it(bound, project):
    """A cut in the middle is seen where the checked part begins."""
    catalog = bound.catalog
    assert catalog.audit.verify(last=2) == []
    with closing(sqlite3.connect(project / ".sladd" / "catalog.db")) as raw, raw:
        raw.execute("DROP TRIGGER sladd_audit_no_delete")
        raw.execute("DELETE FROM sladd_audit WHERE number = 3")
    assert catalog.audit.verify(last=2) != []


def test_names_in_the_trail_are_text_and_no_markup(client, bound):
    """A script in the name of a table, a person or an action is shown as it is written."""
    bound.catalog.audit.append(
        SCRIPT, f"shop/{SCRIPT}.\u202etxt", by=SCRIPT, detail={SCRIPT: SCRIPT}
    )
    page = client(Role.READER).get("/audit").text
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page


def test_a_name_that_is_personal_is_masked_in_the_trail(client, tmp_path):
    """As everywhere: a column that is called like a person is shown by its mask."""
    from sladd.pipeline.bind import bind
    from sladd.review.app import make_app
    from tests.commands import Project
    from tests.review.conftest import Browser

    project = Project(tmp_path / "named")
    (tmp_path / "named").mkdir(exist_ok=True)
    address = "ola.nordmann@example.no"
    project.sql(
        f'CREATE TABLE t (id INTEGER PRIMARY KEY, "{address}" TEXT)',
        "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
    )
    (project.folder / "sladd.yaml").write_text(
        "sources:\n  shop:\n    database: sqlite:///shop.db\n"
    )
    project.run("discover")
    bound = bind(project.folder / "sladd.yaml")
    raw = next(f.address for f in bound.catalog.fields.all() if f.ref.column != "id")
    bound.catalog.verdicts.decide(raw, Decision.REJECTED, reason="navnet på kolonnen", by="ola")
    bound.catalog.accounts.add("kari", "dpo", by="test")
    browser = Browser(make_app(bound), bound.catalog.accounts.begin_session("kari"))
    page = browser.get("/audit").text
    bound.catalog.close()
    assert "Decided a finding" in page
    assert "nordmann" not in page


def test_two_pages_of_one_moment_show_one_trail(postgresql_catalog):
    """The same on PostgreSQL: filter, count, chain."""
    catalog = postgresql_catalog
    for n in range(3):
        catalog.audit.append("decide", f"shop/t.c{n}", by="kari", detail={"decision": "confirmed"})
    count, entries = catalog.audit.page(action="decide", by="kari", most=2)
    assert (count, [e.number for e in entries]) == (3, [3, 2])
    assert catalog.audit.verify() == []
    assert catalog.audit.verify(heads={1: entries[-1].previous, 3: entries[0].hash}) == []
    assert catalog.audit.verify(heads={2: "0" * 64}) == ["entry 2 is not the one that was exported"]


def test_accounts_and_sessions_are_the_same_on_postgresql(postgresql_catalog):
    """First login, session, failures and removal."""
    accounts = postgresql_catalog.accounts
    token = accounts.add("Kari", "dpo", by="test")
    assert accounts.invited(token) == "Kari"
    assert accounts.accept(token, "hash") == "Kari"
    assert accounts.accept(token, "hash") is None
    session = accounts.begin_session("kari")
    assert accounts.session(session).role == "dpo"
    tried = [accounts.attempt("kari", "192.0.2.1") for _ in range(4)]
    assert [wait is None for wait in tried] == [True, True, True, False]
    accounts.remove("kari", by="test")
    assert accounts.session(session) is None
    assert postgresql_catalog.audit.verify() == []


@pytest.fixture
def postgresql_catalog(postgresql, tmp_path):
    """An empty catalog on a server."""
    with open_catalog(postgresql.new_database(), root=tmp_path) as opened:
        yield opened
