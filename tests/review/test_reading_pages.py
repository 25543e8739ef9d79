"""Overview, data map and search: what they show of a scanned project, in both languages."""

from __future__ import annotations

import pytest

from sladd.review.context import SIGNED_IN, Role

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
