"""Every route with every role, and with every way to forge a form.

Who may use a route is declared in `roles/<page>.toml`: `anyone`, `reading` (whoever is logged in)
or `deciding` (the data protection officer). A route without a declaration fails.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from starlette.routing import Mount

from sladd.review.access.guard import HEADERS
from sladd.review.access.tokens import form_token
from sladd.review.app import make_app
from sladd.review.context import Role
from sladd.review.pages import ROUTERS
from sladd.review.wording import languages

SIGNED_IN = (Role.READER, Role.ANALYST, Role.ENGINEER, Role.DPO)
MAY = {"anyone": (Role.NOBODY, *SIGNED_IN), "reading": SIGNED_IN, "deciding": (Role.DPO,)}
DECLARED = {
    route: who
    for file in sorted(Path(__file__).with_name("roles").glob("*.toml"))
    for route, who in tomllib.loads(file.read_text("utf-8")).items()
}
ROUTES = sorted(
    f"{method} {route.path_format}"
    for router in ROUTERS
    for route in router.routes
    for method in route.methods
)
UNSAFE = [route for route in ROUTES if not route.startswith(("GET ", "HEAD "))]
SAY = languages()["en"].say
NO_ROLE, SIGNED_OUT = SAY("error.role"), SAY("error.signed_out")


def ask(browser, route: str, **fields):
    """Ask for a route, its path parameters filled in."""
    method, path = route.split(" ")
    path = re.sub(r"\{[^}]+\}", "nothing", path)
    if method == "GET":
        return browser.get(path)
    return browser.fill(path, follow=False, **fields)


def test_every_route_of_the_application_says_who_may_use_it(bound):
    """A new route without a declared expectation fails here."""
    app = make_app(bound)
    known = {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    mounted = [route.path for route in app.routes if isinstance(route, Mount)]
    assert known == set(ROUTES) == set(DECLARED)
    assert mounted == ["/static"]
    assert set(DECLARED.values()) <= set(MAY)


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_lets_in_whom_it_is_for_and_nobody_else(route, client):
    """Reading is for whoever is logged in, deciding for the officer."""
    for role in Role:
        answer = ask(client(role), route)
        assert answer.status_code < 500, role
        if role in MAY[DECLARED[route]]:
            assert NO_ROLE not in answer.text, role
            assert SIGNED_OUT not in answer.text, role
            assert not answer.headers.get("location", "").startswith("/login?"), role
        elif role is not Role.NOBODY:
            assert (answer.status_code, NO_ROLE in answer.text) == (403, True), role
        elif route.startswith("GET"):
            assert (answer.status_code, answer.headers["location"][:7]) == (303, "/login?")
        else:
            assert (answer.status_code, SIGNED_OUT in answer.text) == (403, True)


@pytest.mark.parametrize("route", UNSAFE)
def test_a_form_that_is_not_ours_changes_nothing(route, client, bound):
    """Another site can make a browser send a form, but not with this session's token."""
    browser = client(Role.DPO)
    other = client(Role.DPO, "ola")
    good, here = form_token(browser.token), str(browser.base_url)
    attacks = {
        "missing": ({}, here),
        "empty": ({"csrf": ""}, here),
        "forged": ({"csrf": good[:-1] + ("B" if good.endswith("A") else "A")}, here),
        "of another session": ({"csrf": form_token(other.token)}, here),
        "other site": ({"csrf": good}, "https://evil.example"),
        "no origin": ({"csrf": good}, None),
    }
    before = bound.catalog.audit.head()
    path = re.sub(r"\{[^}]+\}", "nothing", route.split(" ")[1])
    for attack, (fields, origin) in attacks.items():
        answer = browser.post(path, data=fields, headers={"origin": origin} if origin else {})
        said = SAY("error.form") if origin == here else SAY("error.origin")
        assert answer.status_code == 403, attack
        assert said in answer.text.replace("&#39;", "'"), attack
        assert bound.catalog.audit.head() == before, attack
        assert browser.get("/audit").status_code == 200, attack


@pytest.mark.parametrize(
    "path", ["/login", "/audit", "/nowhere", "/static/desk.css", "/static/none", "/first/x"]
)
def test_every_answer_carries_the_security_headers(path, client):
    """Pages, redirects, files and errors alike."""
    answer = client().get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    stored = "no-cache" if path.startswith("/static/") else "no-store"
    assert answer.headers["cache-control"] == stored
    assert "'unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("route", [route for route in ROUTES if route.startswith("GET ")])
def test_no_page_needs_what_the_policy_forbids(route, client):
    """No inline style or script, no event attribute, nothing from elsewhere."""
    page = ask(client(Role.DPO), route).text
    assert not re.search(r"<style|<script(?![^>]* src=\"/static/)|\son[a-z]+=|\sstyle=", page)
    assert not re.search(r"(?:src|href|action)=\"(?!/|#|\?)", page)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/....//app.py",
        "/static/%2e%2e%2f%2e%2e%2fconfig.py", "/static/%00", "/static//etc/passwd",
        "/downloads/..%2f..%2fsladd.yaml", "/downloads/%2e%2e/sladd.yaml",
        "/downloads/..%5c..%5csladd.yaml", "/downloads/%2fetc%2fpasswd",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_what_is_served(path, client):
    """A path that climbs finds nothing."""
    answer = client(Role.DPO).get(path)
    assert answer.status_code in {400, 404}
    assert "sources:" not in answer.text
    assert "root:" not in answer.text
    assert "import" not in answer.text
