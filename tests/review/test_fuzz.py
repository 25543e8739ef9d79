"""Any request at all: no route answers with a server error."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from sladd.review.access.tokens import form_token
from sladd.review.context import Role
from sladd.review.pages import ROUTERS

METHODS = sorted(
    f"{method} {route.path_format}"
    for router in ROUTERS
    for route in router.routes
    for method in route.methods
)
EXAMPLES = 8  # of each route, in each run; others in the next


@pytest.mark.parametrize("route", METHODS)
def test_no_request_makes_a_server_error(route, app, bound, client):
    """Paths, queries and forms as schemathesis makes them up, sent by a logged-in officer."""
    method, path = route.split(" ")
    browser = client(Role.DPO)
    schema = schemathesis.openapi.from_dict(app.openapi())
    operation = schema[path][method]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case) -> None:
        token = bound.catalog.accounts.begin_session("kari")
        browser.cookies.set("sladd_session", token)
        target = path
        for name, value in case.path_parameters.items():
            target = target.replace(f"{{{name}}}", str(value))
        query = {name: value for name, value in (case.query or {}).items() if value is not None}
        form = case.body if isinstance(case.body, dict) else {}
        data = {**{name: str(value) for name, value in form.items()}, "csrf": form_token(token)}
        headers = {"origin": "http://127.0.0.1:8400"}
        answer = browser.request(
            method, target, params=query, data=data if method != "GET" else None, headers=headers
        )
        assert answer.status_code < 500
        assert "Traceback" not in answer.text

    send()
