"""The first login: a link that works once, and a passphrase that the person sets."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from sladd.review.access import Anyone, cookies, passphrases
from sladd.review.access.refusal import Refused
from sladd.review.context import Visit
from sladd.review.pages.login import signed_in

router = APIRouter()


@router.get("/first/{token}")
def ask(request: Request, visit: Anyone, token: str) -> Response:
    """Ask for a passphrase. Looking does not use the link up: mail scanners look too."""
    return _page(request, visit, _whose(visit, token))


@router.post("/first/{token}")
def begin(
    request: Request,
    visit: Anyone,
    token: str,
    passphrase: Annotated[str, Form(max_length=2000)] = "",
    again: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Keep the passphrase and log in."""
    name = _whose(visit, token)
    fault = _fault(passphrase, again, name)
    if fault:
        return _page(request, visit, name, fault)
    if visit.desk.catalog.accounts.accept(token, passphrases.hashed(passphrase)) is None:
        raise Refused(404, "first.used")
    return signed_in(request, visit, name, visit.desk.home)


def _whose(visit: Visit, token: str) -> str:
    name = visit.desk.catalog.accounts.invited(token)
    if name is None:
        raise Refused(404, "first.used")
    return name


def _fault(passphrase: str, again: str, name: str) -> str:
    if len(passphrase) < passphrases.SHORTEST or len(set(passphrase)) < passphrases.FEWEST_KINDS:
        return "first.short"
    if len(passphrase.encode("utf-8", "replace")) > passphrases.LONGEST:
        return "first.long"
    if passphrase.strip().casefold() == name.casefold():
        return "first.name"
    return "" if passphrase == again else "first.differ"


def _page(request: Request, visit: Visit, name: str, fault: str = "") -> Response:
    answer = visit.page(
        "first.html",
        status=400 if fault else 200,
        name=name,
        shortest=passphrases.SHORTEST,
        fault=visit.language.say(fault, shortest=passphrases.SHORTEST) if fault else "",
    )
    cookies.put(answer, request, "door", request.state.door)
    return answer
