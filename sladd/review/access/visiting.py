"""Who asks, and whether they may: the dependency of every route."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match

from sladd.catalog.accounts import AccountError
from sladd.review.access import cookies
from sladd.review.access.proxy import vouched
from sladd.review.access.refusal import Refused, ToLogin, Unsent
from sladd.review.access.tokens import belongs, form_token
from sladd.review.context import NOBODY, SIGNED_IN, Account, Desk, Role, Visit
from sladd.review.wording import chosen_language

SAFE = frozenset({"GET", "HEAD"})


def visited(*roles: Role) -> Callable[[Request], Awaitable[Visit]]:
    """A dependency: the visit of somebody with one of these roles; of anyone logged in for none.

    Every method that changes something must carry the session's form token, and come from a page
    of this application.
    """
    wanted = roles or SIGNED_IN

    async def dependency(request: Request) -> Visit:
        visit = await run_in_threadpool(visit_of, request)
        request.state.visit = visit  # an error page keeps its menu
        if not visit.signed_in:
            if request.method in SAFE:
                query = f"?{request.url.query}" if request.url.query else ""
                raise ToLogin(f"{request.url.path}{query}")
            raise await _unsent(request, "error.signed_out")
        try:
            await _from_our_form(request, visit.token)
        except Refused as fault:
            # The session may have been another when the page was opened.
            raise await _unsent(request, fault.key) from None
        if not visit.allowed(*wanted):
            raise Refused(403, "error.role")
        request.state.behind = True  # what is written there is no passphrase
        return visit

    dependency.roles = wanted  # type: ignore[attr-defined]  # read by the tests of every route
    return dependency


async def anyone(request: Request) -> Visit:
    """A dependency: the visit of anybody, logged in or not."""
    visit = await run_in_threadpool(visit_of, request)
    await _from_our_form(request, visit.token or request.state.door)
    return visit


def visit_of(request: Request) -> Visit:
    """Who asks, by the session's cookie or by what a trusted proxy says."""
    desk: Desk = request.app.state.desk
    account, token, said = NOBODY, "", None
    door = request.cookies.get(cookies.name("door", request)) or secrets.token_urlsafe(32)
    request.state.door = door
    proxied = vouched(request, request.app.state.proxy)
    if proxied is not None:
        token = proxied.token
        try:
            session = desk.catalog.accounts.vouched_session(token, proxied.name, proxied.role)
        except AccountError:
            raise Refused(403, "error.role") from None
        account, said = Account(session.name, Role(session.role)), session.said
    elif given := request.cookies.get(cookies.name("session", request)):
        found = desk.catalog.accounts.session(given)
        if found is not None:
            account, token, said = Account(found.name, Role(found.role)), given, found.said
    return Visit(
        desk=desk,
        account=account,
        language=desk.languages[
            chosen_language(
                request.cookies.get("sladd_language"), request.headers.get("accept-language", "")
            )
        ],
        theme=_theme(request.cookies.get("sladd_theme")),
        csrf=form_token(token or door),
        path=request.url.path,
        token=token,
        said=said,
    )


def _theme(cookie: str | None) -> str:
    return cookie if cookie in {"light", "dark"} else "auto"


async def _unsent(request: Request, key: str) -> Refused:
    """The refusal of a form without its session, with what was written in one of our own pages.

    Another site must not be able to show its words here.
    """
    return Unsent(key, *await written(request)) if _from_here(request) else Refused(403, key)


async def written(request: Request) -> tuple[tuple[str, ...], str]:
    """What somebody wrote in a form of ours that was not carried out, and the path of its page."""
    form = await request.form(max_files=0)
    # Codes and choices are the page's own; a person writes words.
    words = (value.strip() for _, value in form.multi_items() if isinstance(value, str))
    back = urlsplit(request.headers.get("referer", "")).path
    # A form that was answered with itself may stand at an address that nobody can open.
    while back and not _opens(request, back):
        back = back.rpartition("/")[0]
    return tuple(text for text in words if len(text.split()) > 1), back


def _opens(request: Request, path: str) -> bool:
    """Whether there is a page at that path."""
    scope = {**request.scope, "method": "GET", "path": path}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes)


def _from_here(request: Request) -> bool:
    origin = request.headers.get("origin", "")
    return origin.partition("://")[2] == request.headers.get("host", "")


async def _from_our_form(request: Request, token: str) -> None:
    """Refuse what another site makes a browser send.

    Raises:
        Refused: the request came from elsewhere, or without the session's token.
    """
    if request.method in SAFE:
        return
    if not _from_here(request):
        raise Refused(403, "error.origin")
    form = await request.form(max_files=0)
    given = form.get("csrf")
    if not isinstance(given, str) or not belongs(given, token):
        raise Refused(403, "error.form")
