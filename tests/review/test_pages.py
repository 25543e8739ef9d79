"""The frame around every page."""

from __future__ import annotations

from string import Formatter

from sladd.review.context import Role
from sladd.review.wording import languages


def test_both_languages_have_the_same_texts():
    """A page never lacks a text in one language."""
    texts = languages()
    assert set(texts["nb"].texts) == set(texts["en"].texts)


def test_both_languages_tell_the_same_facts():
    """A text that names a fact in one language names it in the other."""
    texts = languages()
    for key, text in texts["nb"].texts.items():
        facts = {name for _, name, _, _ in Formatter().parse(text) if name}
        other = {name for _, name, _, _ in Formatter().parse(texts["en"].texts[key]) if name}
        assert facts == other, key


def test_a_visitor_is_led_to_the_login_and_back(client):
    """The page asked for is where one lands after logging in."""
    answer = client().get("/audit?person=kari")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?back=%2Faudit%3Fperson%3Dkari"


def test_somebody_logged_in_sees_the_page_with_its_place_in_the_menu(client):
    """The menu says where one is."""
    page = client(Role.DPO).get("/audit")
    assert page.status_code == 200
    assert '<a href="/audit" aria-current="page">' in page.text
    assert "kari" in page.text


def test_what_was_left_to_be_said_is_said_once(client, bound):
    """A line of the page before stands on the next one and then no more."""
    browser = client(Role.DPO)
    bound.catalog.accounts.say(browser.token, '{"key": "base.save", "facts": {}}')
    assert 'role="status">Save<' in browser.get("/audit").text
    assert 'role="status"' not in browser.get("/audit").text
