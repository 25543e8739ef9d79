"""The pages of processing activities: what is offered, saved, refused and kept."""

from __future__ import annotations

import re

import pytest

from sladd.model import Activity, Basis, Transfer
from sladd.pipeline.discover import discover
from sladd.reports.record.suggestions import suggest
from sladd.reports.record.telling import language
from sladd.review.context import Role
from sladd.review.pages.activity_form import TEXTS
from sladd.review.recorded import record_of

ORDERS = {
    "version": "0",
    "name": "Kundeforhold",
    "purpose": "Levere bestillinger",
    "bases": "b",
    "persons": ["customer", "contact"],
    "categories": ["user.contact.email"],
    "transfer": "none",
    "recipients": "Transportører",
    "retention": "To år etter siste kjøp",
    "measures": "Tilgangsstyring",
    "contact": "Daglig leder",
    "covers": ["shop/main.customers"],
}


def table_of(bound) -> str:
    """Address of a table with personal data."""
    return next(
        str(t.table.ref) for t in bound.catalog.tables.all() if "customer" in t.table.ref.name
    )


@pytest.fixture
def filled(bound) -> dict:
    """A form as an officer fills it in."""
    return {**ORDERS, "covers": [table_of(bound)]}


def test_a_suggestion_is_not_in_the_record_before_the_officer_saves_it(client, bound, filled):
    """It is shown, opened filled in, saved, and only then stands in the record."""
    officer = client(Role.DPO)
    page = officer.get("/activities").text
    assert 'href="/activities/orders"' in page
    assert bound.catalog.activities.all() == []
    form = officer.get("/activities/orders").text
    assert "Customers and orders" in form
    assert "checked" in form
    after = officer.fill("/activities/orders", **filled)
    assert "is saved in the record" in after.text
    (saved,) = bound.catalog.activities.all()
    assert (saved.activity.id, saved.by, saved.version) == ("orders", "kari", 1)
    assert saved.activity.bases == (Basis.CONTRACT,)
    assert saved.activity.transfer is Transfer.NONE
    assert saved.activity.covers == (table_of(bound),)


def test_what_was_typed_wrong_is_said_beside_the_field_and_nothing_is_lost(client, bound, filled):
    """A missing purpose, an agreement without a processor, an address that no source has."""
    officer = client(Role.DPO)
    wrong = filled | {"purpose": "", "agreement": "2026-01-01", "fields": "shop/main.nowhere"}
    answer = officer.fill("/activities/orders", **wrong)
    assert answer.status_code == 422
    assert "Write the purpose" in answer.text
    assert "no processor" in answer.text
    assert "shop/main.nowhere" in answer.text
    assert "To år etter siste kjøp" in answer.text
    assert bound.catalog.activities.all() == []


def test_an_identifier_in_a_free_text_is_refused_and_not_stored(client, bound, filled):
    """The record is handed to others; a person's address has no place in it."""
    officer = client(Role.DPO)
    answer = officer.fill("/activities/orders", **filled | {"contact": "kari@example.no"})
    assert answer.status_code == 422
    assert "personal data" in answer.text
    assert bound.catalog.activities.all() == []


@pytest.mark.parametrize("code", ["nb", "en"])
def test_every_suggestion_can_be_saved_as_it_stands(client, app, bound, code):
    """What sladd suggests itself is not held to be a person."""
    officer = client(Role.DPO)
    officer.cookies.set("sladd_language", code)
    for activity in suggest(record_of(app.state.desk).discovery, (), language(code)):
        texts = {part: getattr(activity, part) for part in ("name", "purpose", *TEXTS)}
        answer = officer.fill(f"/activities/{activity.id}", version="0", **texts)
        assert answer.status_code == 200, (activity.id, answer.text)
    ids = {each.activity.id for each in bound.catalog.activities.all()}
    assert {"orders", "sladd"} <= ids


def test_the_second_of_two_officers_is_told_and_keeps_what_was_typed(client, bound, filled):
    """Nobody overwrites what they have not seen."""
    officer = client(Role.DPO)
    officer.fill("/activities/orders", **filled)
    bound.catalog.activities.save(
        Activity("orders", "Kundeforhold", purpose="Annet"), version=1, by="vikar"
    )
    answer = officer.fill("/activities/orders", **filled | {"version": "1", "retention": "Ti år"})
    assert answer.status_code == 409
    assert "vikar saved another version" in answer.text
    assert "Ti år" in answer.text
    assert bound.catalog.activities.one("orders").activity.purpose == "Annet"


def test_an_activity_of_ones_own_gets_an_address_from_its_name(client, bound, filled):
    """Two of one name get two addresses."""
    officer = client(Role.DPO)
    for _ in range(2):
        officer.fill("/activities/new", **filled | {"name": "Kundeklubb & bonus på nett"})
    ids = [each.activity.id for each in bound.catalog.activities.all()]
    assert ids == ["kundeklubb-bonus-pa-nett", "kundeklubb-bonus-pa-nett-2"]


def test_an_activity_is_taken_out_of_the_record_and_can_be_saved_again(client, bound, filled):
    """Its versions go on."""
    officer = client(Role.DPO)
    officer.fill("/activities/orders", **filled)
    officer.fill("/activities/orders/remove", version="1")
    assert bound.catalog.activities.all() == []
    form = officer.get("/activities/orders").text
    assert re.search(r'name="version" value="2"', form)
    officer.fill("/activities/orders", **filled | {"version": "2"})
    assert bound.catalog.activities.one("orders").version == 3


def test_who_is_not_the_officer_reads_what_is_saved_and_no_suggestion(client, bound, filled):
    """And changes nothing."""
    client(Role.DPO).fill("/activities/orders", **filled)
    reader = client(Role.READER)
    page = reader.get("/activities")
    assert page.status_code == 200
    assert "/activities/accounting" not in page.text
    told = reader.get("/activities/orders").text
    assert "Levere bestillinger" in told
    assert "<textarea" not in told
    assert reader.get("/activities/sladd").status_code == 404
    assert reader.fill("/activities/orders", **filled).status_code == 403


@pytest.mark.parametrize("key", ["nothing", "..%2f..%2fetc", "A", "x" * 65])
def test_an_address_without_an_activity_is_no_page(client, key):
    """Not found, or malformed; never a fault."""
    assert client(Role.DPO).get(f"/activities/{key}").status_code in {400, 404}


def test_a_script_in_a_name_is_text(client, bound):
    """What somebody saved under another hand is escaped."""
    bound.catalog.activities.save(
        Activity("x", "<script>alert(1)</script>", purpose="<b>x</b>"), version=0, by="x"
    )
    for path in ("/activities", "/activities/x", "/gaps"):
        page = client(Role.DPO).get(path).text
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page


def test_gaps_tell_what_why_and_what_to_do_and_go_when_they_are_mended(client, bound, filled):
    """A saved activity takes its table out of what no activity covers."""
    officer = client(Role.DPO)
    page = officer.get("/gaps").text
    assert "Personal data that no activity covers" in page
    assert "What you can do" in page
    table = table_of(bound)
    assert f'<li class="name">{table}</li>' in page
    officer.fill("/activities/orders", **filled)
    assert f'<li class="name">{table}</li>' not in officer.get("/gaps").text


def test_the_record_is_read_anew_when_a_decision_changed_what_is_known(app, bound):
    """And only then; a login or a look changes nothing."""
    from sladd.model import Decision
    from sladd.review.recorded import discovery_of

    desk = app.state.desk
    first = discovery_of(desk)
    bound.catalog.audit.append("login", "kari", "kari")
    assert discovery_of(desk) is first
    field = next(f.address for f in bound.catalog.fields.all(marked=True))
    bound.catalog.verdicts.decide(field, Decision.REJECTED, reason="tomt felt", by="kari")
    after = discovery_of(desk)
    assert after is not first
    assert after.figures.personal < first.figures.personal


def test_a_field_is_named_as_the_map_shows_it(project, client, bound, filled):
    """Blanks and all; kept as the catalog addresses it, and refused where there is no such field."""
    rows = "".join(f"kari{n}@example.no;{n}\n" for n in range(30))
    (project / "data" / "kjøp.csv").write_text("E-post adresse;Antall kjøp\n" + rows, "utf-8")
    discover(bound, ["exports"])
    officer = client(Role.DPO)
    shown = "exports/kjøp.E-post adresse"
    wrong = officer.fill("/activities/new", **filled, fields=f"{shown}n")
    assert (wrong.status_code, f"No source has {shown}n" in wrong.text) == (422, True)
    officer.fill("/activities/new", **filled, fields=shown)
    (saved,) = bound.catalog.activities.all()
    assert "exports/kjøp.E-post%20adresse" in saved.activity.covers


def test_activities_that_lack_something_are_told_together_and_each_is_a_link(client):
    """Ten of them are no ten cards to read."""
    browser = client(Role.DPO)
    for name in ("Konkurranser", "Arrangementer"):
        assert (
            browser.fill("/activities/new", version="0", name=name, purpose="Moro").status_code
            == 200
        )
    page = browser.get("/gaps").text
    assert "not completely filled in: 2" in page
    for key in ("konkurranser", "arrangementer"):
        assert f'<li><a href="/activities/{key}">' in page
    assert "Open the processing activity<" in page


def test_words_without_end_do_not_widen_the_list(client):
    """The purpose is cut after three lines there; the activity's own page has all of it."""
    browser = client(Role.DPO)
    browser.fill("/activities/new", version="0", name="Lang", purpose="x" * 1999)
    assert 'class="note purpose"' in browser.get("/activities").text
    assert "x" * 1999 in browser.get("/activities/lang").text
