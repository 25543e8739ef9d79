"""The application put together: desk, guard, pages, answers to what goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from sladd.catalog.faults import BUSY
from sladd.errors import SladdError
from sladd.pipeline.bind import Bound
from sladd.review.access.guard import Guard
from sladd.review.access.proxy import read_proxy
from sladd.review.access.refusal import Refused, ToLogin, Unsent, local_path
from sladd.review.access.visiting import visit_of, written
from sladd.review.context import NOBODY, Desk, Visit
from sladd.review.following import Following
from sladd.review.pages import ROUTERS
from sladd.review.wording import chosen_language, languages_in, templates

MENU = (
    ("/", "overview"),
    ("/inbox", "inbox"),
    ("/map", "map"),
    ("/activities", "activities"),
    ("/releases", "releases"),
    ("/gaps", "gaps"),
    ("/downloads", "downloads"),
    ("/audit", "audit"),
)
"""Pages of the navigation; one without a route is left out."""

PATIENCE_S = 5
"""How long a decision waits for another writer. Pages that only read wait for nobody.

Most scans write what they found in less (20,000 fields take seconds); after ten seconds a person
has begun to do something else (Nielsen 1993, Usability Engineering, ch. 5).
"""

_STATUS = {404: "error.missing", 405: "error.method", 400: "error.request"}


def make_app(bound: Bound, path: Path | None = None) -> FastAPI:
    """The application over one project.

    Args:
        bound: the configuration.
        path: of its file, which is read again when it changes; None to stay with `bound`.

    Raises:
        SladdError: the catalog or the secret of the proxy cannot be used.
    """
    paths = frozenset(
        str(getattr(route, "path", "")) for router in ROUTERS for route in router.routes
    )
    menu = tuple(entry for entry in MENU if entry[0] in paths)
    desk = Desk(Following(bound, path), templates(), languages_in(bound.config.region), menu, paths)
    proxy = read_proxy(bound.config)
    desk.open_catalog().wait_at_most(PATIENCE_S)

    @asynccontextmanager
    async def open_while_it_runs(_app: FastAPI) -> AsyncIterator[None]:
        yield
        desk.catalog.close()

    app = FastAPI(
        title="sladd review",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=open_while_it_runs,
    )
    app.state.desk = desk
    app.state.proxy = proxy
    for router in ROUTERS:
        app.include_router(router)
    static = files("sladd.review").joinpath("static")
    app.mount("/static", StaticFiles(directory=str(static)), name="static")
    app.add_middleware(Guard, hosts=bound.config.review.hosts, proxy=proxy, error_page=error_page)
    app.add_exception_handler(ToLogin, _to_login)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Unsent, _unsent)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(SladdError, _told)
    return app


def error_page(request: Request, status: int, key: str, /, **facts: str | int) -> Response:
    """A page that says what went wrong and where to go on; it reads nothing from the catalog."""
    return _error_page(request, status, key, facts)


def _error_page(
    request: Request,
    status: int,
    key: str,
    facts: Mapping[str, str | int],
    typed: Sequence[str] = (),
    link: tuple[str, str] | None = None,
) -> Response:
    """As `error_page`, with what the visitor had written, and address and text of a link."""
    visit = _visit_so_far(request)
    return visit.page(
        "error.html",
        status=status,
        code=status,
        told=visit.language.say(key, **facts),
        typed=typed,
        link=link,
    )


def _visit_so_far(request: Request) -> Visit:
    """Who asked, as far as it was found out before something went wrong: nothing is read here."""
    visit: Visit | None = getattr(request.state, "visit", None)
    if visit is not None and visit.signed_in:
        path = visit.path if request.method == "GET" else visit.desk.home
        return replace(visit, path=path, said=None)
    desk: Desk = request.app.state.desk
    language = desk.languages[
        chosen_language(
            request.cookies.get("sladd_language"), request.headers.get("accept-language", "")
        )
    ]
    theme = request.cookies.get("sladd_theme", "auto")
    return Visit(
        desk, NOBODY, language, theme if theme in {"light", "dark"} else "auto", "", "/error"
    )


async def _to_login(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, ToLogin)  # noqa: S101 - registered for this kind
    return RedirectResponse(f"/login?back={quote(fault.back, safe='')}", status_code=303)


async def _refused(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Refused)  # noqa: S101 - registered for this kind
    return error_page(request, fault.status, fault.key, **fault.facts)


async def _unsent(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Unsent)  # noqa: S101 - registered for this kind
    back = local_path(fault.back) or "/"
    link = (f"/login?back={quote(back, safe='')}", "error.login")
    if fault.key != "error.signed_out":
        link = (back, "error.again")
    return _error_page(request, fault.status, fault.key, {}, fault.typed, link)


async def _http_error(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)  # noqa: S101 - registered for this kind
    if getattr(request.state, "visit", None) is None:
        with suppress(SladdError, Refused):  # an address without a page asked for nobody
            request.state.visit = await run_in_threadpool(visit_of, request)
    return error_page(request, fault.status_code, _STATUS.get(fault.status_code, "error.request"))


async def _malformed(request: Request, _fault: Exception) -> Response:
    return error_page(request, 400, "error.request")


async def _told(request: Request, fault: Exception) -> Response:
    """An error of ours tells no values, so the page may tell it."""
    assert isinstance(fault, SladdError)  # noqa: S101 - registered for this kind
    if fault.code == BUSY:
        typed: Sequence[str] = ()
        back = request.url.path
        if request.method == "POST" and getattr(request.state, "behind", False):
            typed, back = await written(request)
        link = (local_path(back) or "/", "error.again")
        key = "error.busy" if request.method == "POST" else "error.busy_reading"
        return _error_page(request, 503, key, {}, typed, link)
    status = 409 if fault.exit_code == 1 else 400 if fault.exit_code == 2 else 503
    return error_page(request, status, "error.told", what=str(fault))
