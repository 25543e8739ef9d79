"""The application's cookies: seen by no script, sent to no other site."""

from __future__ import annotations

from typing import Literal

from fastapi import Request, Response

YEAR_S = 365 * 24 * 3600


def name(kind: Literal["session", "door"], request: Request) -> str:
    """What the cookie is called; over https a name that no other host may set.

    Source: RFC 6265bis §4.1.3.2, the `__Host-` prefix.
    """
    return f"__Host-sladd_{kind}" if secure(request) else f"sladd_{kind}"


def secure(request: Request) -> bool:
    """Whether the browser came over https; a trusted proxy says what it came over."""
    return bool(request.scope.get("scheme") == "https")


def put(response: Response, request: Request, kind: Literal["session", "door"], token: str) -> None:
    """Give the browser a token, until it is closed or the session ends."""
    response.set_cookie(
        name(kind, request), token, httponly=True, samesite="strict", secure=secure(request)
    )


def choose(response: Response, request: Request, what: str, choice: str) -> None:
    """Remember a choice that is no secret for a year."""
    response.set_cookie(
        f"sladd_{what}",
        choice,
        max_age=YEAR_S,
        httponly=True,
        samesite="strict",
        secure=secure(request),
    )


def drop(response: Response, request: Request, kind: Literal["session", "door"]) -> None:
    """Take a token from the browser."""
    response.delete_cookie(
        name(kind, request), httponly=True, samesite="strict", secure=secure(request)
    )
