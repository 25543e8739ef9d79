"""Logging in and out."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from sladd.review.access import Anyone, Reading, cookies, passphrases
from sladd.review.access.refusal import local_path
from sladd.review.context import Visit

router = APIRouter()


@router.get("/login")
def ask(request: Request, visit: Anyone, back: str = "") -> Response:
    """Ask for name and passphrase."""
    if visit.signed_in:
        return RedirectResponse(local_path(back) or visit.desk.home, status_code=303)
    return page(request, visit, back=back)


@router.post("/login")
def log_in(
    request: Request,
    visit: Anyone,
    name: Annotated[str, Form(max_length=200)] = "",
    passphrase: Annotated[str, Form(max_length=2000)] = "",
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Begin a session, under a new token."""
    accounts = visit.desk.catalog.accounts
    address = request.client.host if request.client else ""
    wait = accounts.attempt(name, address)
    if wait is not None:
        minutes = max(1, math.ceil(wait.total_seconds() / 60))
        return page(
            request,
            visit,
            back=back,
            name=name,
            fault=visit.language.counted("login.wait", minutes),
            status=429,
        )
    kept = accounts.passphrase_hash(name)
    if not passphrases.fits(passphrase, kept):
        accounts.failed(name)
        return page(
            request,
            visit,
            back=back,
            name=name,
            fault=visit.language.say("login.wrong"),
            status=403,
        )
    accounts.succeeded(name, address)
    if kept is not None and passphrases.is_old(kept):
        accounts.keep_hash(name, passphrases.hashed(passphrase))
    return signed_in(request, visit, name, local_path(back) or visit.desk.home)


@router.post("/logout")
def log_out(request: Request, visit: Reading) -> Response:
    """End the session."""
    visit.desk.catalog.accounts.end_session(visit.token)
    answer = RedirectResponse("/login", status_code=303)
    cookies.drop(answer, request, "session")
    return answer


def signed_in(request: Request, visit: Visit, name: str, to: str) -> Response:
    """A new session for somebody who has shown who they are; the old token ends."""
    accounts = visit.desk.catalog.accounts
    if visit.token:
        accounts.end_session(visit.token)
    answer = RedirectResponse(to, status_code=303)
    cookies.put(answer, request, "session", accounts.begin_session(name))
    cookies.drop(answer, request, "door")
    return answer


def page(
    request: Request,
    visit: Visit,
    *,
    back: str,
    name: str = "",
    fault: str = "",
    status: int = 200,
) -> Response:
    """The form, with what was wrong with it."""
    answer = visit.page(
        "login.html",
        status=status,
        back=local_path(back) or "",
        name=name,
        fault=fault,
    )
    cookies.put(answer, request, "door", request.state.door)
    return answer
