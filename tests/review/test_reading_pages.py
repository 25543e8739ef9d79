"""Overview, data map and search: what they show of a scanned project, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from sladd.catalog import Chosen
from sladd.catalog.records import ScanId, ScanRecord
from sladd.catalog.worklist import Decisions
from sladd.model import Decision, How
from sladd.pipeline.bind import bind
from sladd.reports.discovery import gather
from sladd.reports.language import language
from sladd.review.app import make_app
from sladd.review.context import SIGNED_IN, Role
from sladd.review.pages.overview import view
from sladd.review.pages.trend import Today, trend_of
from sladd.review.wording import languages_in
from tests.review.conftest import Browser

PAGES = ("/", "/inbox", "/inbox?state=all", "/map", "/search", "/search?q=kunde")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["nb", "en"])
def test_every_page_opens_for_everybody_who_is_logged_in(client, path, lang) -> None:
    """In both languages and for every role; nobody sees a page without logging in."""
    for role in SIGNED_IN:
        browser = client(role)
        browser.headers["accept-language"] = lang
        answer = browser.get(path)
        assert answer.status_code == 200, answer.text[:500]
        assert f'<html lang="{lang}"' in answer.text
    assert client(Role.NOBODY).get(path).status_code == 303


def test_the_trend_has_a_point_for_each_day_of_scans() -> None:
    """Sources scanned one after another are one state of the whole, not growth."""
    begun = datetime(2026, 3, 1, 7, tzinfo=UTC)
    moments = (begun, begun + timedelta(minutes=5), begun + timedelta(days=7))
    scans = [
        ScanRecord(ScanId(n), source, at, at, "ola", 1, 1, "finished")
        for n, (source, at) in enumerate(zip(("shop", "mail", "shop"), moments, strict=True), 1)
    ]
    decided = [begun + timedelta(days=1)] * 3
    found = {1: 10, 2: 4, 3: 12}
    decisions = Decisions(taken=decided, dismissed=decided[:1])
    today = Today(date(2026, 3, 9), 13, 4)
    points = trend_of(scans, found, decisions, today, language("nb"))
    assert [(p.when, p.sources, p.found, p.decided) for p in points] == [
        ("1.\u00a0mars 2026", "shop, mail", 14, 0),
        ("8.\u00a0mars 2026", "shop", 15, 3),
        ("9.\u00a0mars 2026", "", 13, 4),
    ]


def test_the_trend_ends_with_the_number_of_the_overview(client, bound) -> None:
    """What was rejected counts in neither, and a scan of today is told with what was decided since."""
    listed = bound.catalog.worklist.chosen(Chosen())
    bound.catalog.verdicts.decide(listed[0].address, Decision.REJECTED, by="kari", reason="code")
    desk = client(Role.DPO).app.state.desk
    shown = view(desk, desk.languages["nb"])
    assert shown.trend[-1].found == sum(shown.totals) == int(shown.figures[1].value)
    assert shown.trend[-1].decided == shown.decided == 1


def test_no_table_tells_of_more_persons_than_those_it_leads_to(client, bound) -> None:
    """Orders have more numbers than there are customers behind them."""
    tables = {each.address: each for each in bound.catalog.worklist.tables()}
    linked = [each for each in tables.values() if each.role == "linked"]
    assert linked
    for each in linked:
        path = bound.catalog.fields.of(each.key)[0].person_path
        for step in path[1:]:
            passed = tables.get(step.rpartition(".")[0])
            assert passed is None or each.persons <= passed.persons


def test_what_waits_beside_findings_stands_on_the_overview(client) -> None:
    """The officer sees plans to approve, gaps and suggestions; others see whom it waits for."""
    page = client(Role.DPO).get("/").text
    assert "Waits for you" in page
    assert "suggested activit" in page
    assert 'href="/gaps"' in page
    assert "Waits for the data protection officer" in client(Role.READER).get("/").text


@pytest.mark.parametrize("words", ["epost", "e-post", "E_POST", "e post"])
def test_a_search_is_not_told_apart_by_hyphens(client, words) -> None:
    """Officers write e-post and columns are called epost."""
    page = client(Role.READER).get("/search", params={"q": words}).text
    assert "E-mail address" in page


def test_times_are_those_of_the_reader(app) -> None:
    """In winter Norway is one hour ahead of UTC, in summer two; a day begins there at midnight."""
    words = app.state.desk.languages["nb"]
    assert (
        words.moment(datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
        == "1.\u00a0februar 2026 kl.\u00a000.30"
    )
    assert words.moment(datetime(2026, 7, 1, 10, 5, tzinfo=UTC)).endswith("kl.\u00a012.05")
    assert words.day(datetime(2026, 1, 31, 23, 30, tzinfo=UTC)) == "1.\u00a0februar 2026"
    assert languages_in("XX")["nb"].moment(datetime(2026, 1, 1, tzinfo=UTC)).endswith("UTC")


@pytest.mark.parametrize("path", ["/no-such-page", "/releases/no-such-release"])
def test_who_is_logged_in_keeps_the_menu_when_something_goes_wrong(client, path) -> None:
    """So that there is a way on; a visitor sees none."""
    answer = client(Role.READER).get(path)
    assert answer.status_code == 404
    assert 'class="menu"' in answer.text
    assert 'class="menu"' not in client().get("/no-such-page").text


@pytest.mark.parametrize("path", ["/", "/inbox", "/map", "/activities", "/gaps", "/search?q=zzz"])
def test_before_the_first_scan_no_page_says_that_all_is_well(tmp_path, path) -> None:
    """What is not known is not in order."""
    (tmp_path / "sladd.yaml").write_text("sources: {}\n", "utf-8")
    bound = bind(tmp_path / "sladd.yaml")
    bound.catalog.accounts.add("kari", "dpo", by="test")
    with Browser(make_app(bound), bound.catalog.accounts.begin_session("kari")) as browser:
        page = browser.get(path).text
    assert "Nothing has been scanned yet" in page
    for well in ("Well done", "No findings", "No gap was", "belongs to an activity", "Nothing is"):
        assert well not in page


def test_the_desk_and_the_report_count_the_same(client, bound) -> None:
    """Also when one finding was rejected, and a column in which nothing was found."""
    listed = bound.catalog.worklist.chosen(Chosen())
    tables = bound.catalog.worklist.tables()
    empty = next(f for table in tables for f in table.columns if f.how is How.NONE)
    for field in (listed[0], empty):
        bound.catalog.verdicts.decide(field.address, Decision.REJECTED, by="kari", reason="code")
    figures = gather(bound.catalog, bound.taxonomy, bound.config).figures
    desk = client(Role.DPO).app.state.desk
    shown = view(desk, desk.languages["en"])
    told = (figures.undecided, figures.to_decide, figures.reopened)
    assert (shown.waiting, shown.to_decide, shown.reopened) == told
    assert shown.to_decide == len(listed)
    assert shown.figures[2].value == f"≈ {figures.persons}"


def test_the_overview_opens_without_the_privacy_notice(project) -> None:
    """Its file may be moved; the page of the gaps says so, and what waits is counted again after."""
    path = project / "sladd.yaml"
    whole = path.read_text("utf-8")
    path.write_text(f"{whole}\nprivacy_notice: {{file: missing.md}}\n", "utf-8")
    bound = bind(path)
    bound.catalog.accounts.add("kari", "dpo", by="test")
    with Browser(make_app(bound, path), bound.catalog.accounts.begin_session("kari")) as browser:
        page = browser.get("/")
        assert page.status_code == 200
        assert "suggested activit" not in page.text
        path.write_text(whole, "utf-8")
        assert "suggested activit" in browser.get("/").text
