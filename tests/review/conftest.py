"""The application over a real project: a scanned shop, a catalog of its own, real sessions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sladd.pipeline.bind import Bound, bind
from sladd.review.access.tokens import form_token
from sladd.review.app import make_app
from sladd.review.context import Role
from tests import shop

HOME = "http://127.0.0.1:8400"
LOOPBACK = ("127.0.0.1", 50_000)


class Browser(TestClient):
    """A browser: keeps cookies, sends its origin, follows no redirect unless asked.

    `token` is the session's; `fill` posts a form of the application as a person would.
    """

    def __init__(self, app, token: str = "", *, client=LOOPBACK, home: str = HOME) -> None:
        super().__init__(app, base_url=home, client=client, follow_redirects=False)
        self.token = token
        self.headers["accept-language"] = "en"
        if token:
            self.cookies.set("sladd_session", token)

    def fill(self, path: str, /, *, follow: bool = True, **fields):
        """Post a form with the token of this session."""
        data = {"csrf": form_token(self.token), **fields}
        origin = str(self.base_url).rstrip("/")
        return self.post(path, data=data, headers={"origin": origin}, follow_redirects=follow)


def form_of(page: str) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found.group(1)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A scanned project of one's own."""
    return shop.scanned(tmp_path / "project").folder


@pytest.fixture
def bound(project: Path) -> Bound:
    """The configuration of the project."""
    return bind(project / "sladd.yaml")


@pytest.fixture
def app(bound: Bound):
    """The application."""
    return make_app(bound)


@pytest.fixture
def client(app, bound: Bound) -> Iterator[Callable[..., Browser]]:
    """`client(Role.DPO)`: a browser in which such a person, `kari` by default, is logged in.

    `client()` is one in which nobody is.
    """
    opened: list[Browser] = []

    def open_one(role: Role | str = Role.NOBODY, name: str = "") -> Browser:
        token = ""
        if role != Role.NOBODY:
            accounts = bound.catalog.accounts
            name = name or {"dpo": "kari"}.get(str(role), str(role))
            if name not in {each.name for each in accounts.all()}:
                accounts.add(name, str(role), by="test")
            token = accounts.begin_session(name)
        browser = Browser(app, token)
        opened.append(browser)
        return browser

    yield open_one
    for browser in opened:
        browser.close()
    bound.catalog.close()
