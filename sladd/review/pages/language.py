"""Choosing the language."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from sladd.review.access import Anyone, cookies
from sladd.review.access.refusal import local_path

router = APIRouter()


@router.post("/language")
def choose(
    request: Request,
    visit: Anyone,
    language: Annotated[Literal["nb", "en"], Form()],
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Remember the language, and go back to the page."""
    answer = RedirectResponse(local_path(back) or visit.desk.home, status_code=303)
    cookies.choose(answer, request, "language", language)
    return answer
