"""A demo project, the officer's desk served from it, and Debian's Chromium to look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.desk import Desk, run, served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder needs a browser; each worker has a desk of its own."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Debian's package chromium")
        pytest.skip("Debian's package chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's project, scanned and published."""
    del browser  # skipped without one, before anything is made
    folder = tmp_path_factory.mktemp("desk") / "demo"
    folder.mkdir()
    done = run(folder, "demo", ".", "--no-prefect")
    assert done.returncode == 0, done.stderr
    return folder


def demo_project(demo: Path, place: Path) -> Path:
    """A copy of the demo's project, and of the home with its key, that a test may change."""
    return Path(shutil.copytree(demo.parent, place / "home", symlinks=True)) / demo.name


@pytest.fixture(scope="session")
def desk(demo: Path) -> Iterator[Desk]:
    """The desk over the demo's project."""
    with served(demo) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that knows no cookie, and that may ask nobody but the desk."""
    context = browser.new_context(locale="nb-NO", viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    context.close()
