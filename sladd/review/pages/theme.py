"""Choosing light or dark."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from sladd.review.access import Anyone, cookies
from sladd.review.access.refusal import local_path

router = APIRouter()


@router.post("/theme")
def choose(
    request: Request,
    visit: Anyone,
    theme: Annotated[Literal["auto", "light", "dark"], Form()],
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Remember the colours, and go back to the page."""
    answer = RedirectResponse(local_path(back) or visit.desk.home, status_code=303)
    cookies.choose(answer, request, "theme", theme)
    return answer
