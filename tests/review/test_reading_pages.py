"""Overview, data map and search: what they show of a scanned project, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sladd.catalog.records import ScanId, ScanRecord
from sladd.reports.language import language
from sladd.review.context import SIGNED_IN, Role
from sladd.review.pages.trend import trend_of

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
    points = trend_of(scans, found, decided, language("nb"))
    assert [(p.when, p.sources, p.found, p.decided) for p in points] == [
        ("1.\u00a0mars 2026", "shop, mail", 14, 0),
        ("8.\u00a0mars 2026", "shop", 16, 3),
    ]
