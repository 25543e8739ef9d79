"""Every page as a browser shows it: axe finds nothing serious, nothing is asked of elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.desk import PASSPHRASE, Desk, sign_in

LANGUAGES = ("nb", "en")
SHOWN = [("nb", "dark"), ("en", "light")]
if os.environ.get("SLADD_SCREENSHOTS"):  # whoever looks at the pictures wants them all
    SHOWN += [("nb", "light"), ("en", "dark")]
WIDTHS = {"wide": 1200, "phone": 360}
# WCAG 2.2 AA and what axe's makers call best practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def officer(browser: Browser, desk: Desk) -> Iterator[BrowserContext]:
    """A browser in which an officer is logged in."""
    context = browser.new_context(locale="nb-NO", viewport={"width": 1200, "height": 900})
    context.set_default_timeout(60_000)
    page = context.new_page()
    sign_in(page, desk, "looker", "dpo")
    page.close()
    yield context
    context.close()


def _links(page: Page, desk: Desk) -> list[str]:
    """The pages of the navigation, and one of each kind that these lead to."""
    page.goto(desk.address)
    found = [link.get_attribute("href") or "" for link in page.locator("nav.menu a").all()]
    deeper: dict[str, str] = {}
    for path in found:
        page.goto(desk.address + path)
        for link in page.locator("main a[href^='/']").all():
            href = link.get_attribute("href") or ""
            plain = href.partition("?")[0].partition("#")[0]
            kind = "/".join(plain.split("/")[:2]) + f":{plain.count('/')}"
            if plain.startswith("/downloads/") or plain in found:
                continue
            deeper.setdefault(kind, href)
    return [*found, *deeper.values(), "/search?q=epost"]


def _chosen(page: Page, desk: Desk, language: str, theme: str) -> None:
    page.context.add_cookies(
        [
            {"name": "sladd_language", "value": language, "url": desk.address},
            {"name": "sladd_theme", "value": theme, "url": desk.address},
        ]
    )


def _serious(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    return [
        f"{one['id']}: {one['help']} — {one['nodes'][0]['html'][:200]}"
        for one in found.response["violations"]
        if one["impact"] in SERIOUS
    ]


@pytest.mark.parametrize(("language", "theme"), SHOWN)
def test_axe_finds_nothing_serious(officer, desk, language, theme):
    """Neither on the wide page nor on a phone; the phone scrolls up and down only."""
    page = officer.new_page()
    _chosen(page, desk, language, theme)
    wrong: list[str] = []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on(
        "console",
        lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None,
    )
    for path in _links(page, desk):
        for name, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(desk.address + path)
            assert answer is not None
            assert answer.status == 200, path
            if name == "wide":  # what is folded counts, too
                page.evaluate(
                    "for (const lid of document.querySelectorAll('details')) lid.open = true"
                )
            wrong += [f"{path} {name}: {one}" for one in _serious(page)]
            over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if over > 0:
                wrong.append(f"{path} {name}: {over} pixels wider than the window")
            _keep(page, f"{path}-{language}-{theme}-{name}")
    assert not wrong, "\n".join(wrong)
    assert all(url.startswith(desk.address) for url in asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_before_the_login_are_as_good(page, desk, language):
    """The login, a first login, a link that is used up."""
    first = desk.first_login(f"axe-{language}", "reader")
    page.goto(desk.address + "/login")
    _chosen(page, desk, language, "light")
    for path in ("/login", first.removeprefix(desk.address), "/first/nothing"):
        page.goto(desk.address + path)
        assert not _serious(page), path


def test_every_page_works_without_scripts(browser, desk):
    """The navigation is links, the forms are forms."""
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(60_000)
    page = context.new_page()
    sign_in(page, desk, "scriptless", "dpo", PASSPHRASE)
    for path in _links(page, desk):
        answer = page.goto(desk.address + path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.locator("main h1").count() == 1, path
    context.close()


def _keep(page: Page, name: str) -> None:
    """Keep a picture where SLADD_SCREENSHOTS says, for whoever looks at them."""
    folder = os.environ.get("SLADD_SCREENSHOTS")
    if folder:
        safe = "".join(letter if letter.isalnum() or letter == "-" else "_" for letter in name)
        page.screenshot(path=str(Path(folder) / f"{safe.strip('_')[:120]}.png"), full_page=True)
