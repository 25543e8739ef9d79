"""The one page for management."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sladd.reports.changes import Changes
from sladd.reports.facts import Discovery
from sladd.reports.standing import ReleaseStanding
from sladd.reports.summary import summarise, summary_html

TODAY = date(2026, 11, 27)
NO_CHANGES = Changes("", "0", (), (), (), 0)
MADE = datetime(2026, 11, 20, tzinfo=UTC)


def release(name: str, **given: object) -> ReleaseStanding:
    """A published release."""
    standing = ReleaseStanding(name, "pseudonymised", "published", version="v", published=MADE)
    return replace(standing, **given)


def topics(data: Discovery, *releases: ReleaseStanding) -> list[str]:
    """What is put before the meeting."""
    made = summarise(data, NO_CHANGES, releases, today=TODAY)
    return [matter.topic for matter in made.matters]


def test_three_things_and_one_of_them_is_about_what_is_held(data):
    """What blocks or has run out comes first."""
    told = topics(
        data,
        release("a", asked="required", plan="waiting"),
        release("b", state="expired"),
        release("c", kind="anonymised"),
    )
    assert told == ["expired", "plan", "highlight"]
    assert topics(data) == ["highlight"] * 3


@pytest.mark.parametrize(
    ("given", "topic"),
    [
        ({"review_by": date(2026, 12, 20), "kind": "anonymised", "anonymised": True}, "review"),
        ({"review_by": date(2027, 6, 1), "kind": "anonymised", "anonymised": True}, "highlight"),
        ({"kind": "anonymised"}, "assess"),
        ({"asked": "required", "plan": "refused"}, "highlight"),
        ({"asked": "", "plan": "waiting"}, "highlight"),
    ],
)
def test_a_release_is_on_the_agenda_when_something_is_to_be_decided(data, given, topic):
    """And not otherwise."""
    assert topics(data, release("a", **given))[0] == topic


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_page_is_told_in_both_languages(data, lang):
    """Figures, plots with words, releases, escaped names."""
    releases = [release("<b>ut</b>", label_nb="pseudonymisert", label_en="pseudonymised")]
    made = summarise(data, NO_CHANGES, releases, today=TODAY)
    page = summary_html(made, lang).decode()
    assert f'<html lang="{lang}">' in page
    assert str(data.figures.personal) in page
    assert "&lt;b&gt;ut&lt;/b&gt;" in page
    assert page.count("<desc") >= 2
    assert "alert(1)</script>" not in page


def test_the_kinds_add_up_to_the_fields_with_personal_data(data):
    """No field is counted twice or left out."""
    made = summarise(data, NO_CHANGES, [], today=TODAY)
    assert sum(made.by_kind.values()) == data.figures.personal
