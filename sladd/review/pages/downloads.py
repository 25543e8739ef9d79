"""Downloads: the reports, made from the catalog when they are asked for.

What can be fetched is a fixed list of names; nothing that a visitor sends becomes a path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from sladd.pipeline.summary import summary_page
from sladd.reports import discovery
from sladd.reports.changes import gather_changes, render_changes
from sladd.reports.record.rendering import render, render_assessment
from sladd.review.access import Reading
from sladd.review.context import Desk
from sladd.review.recorded import discovery_of, outline_of, record_of
from sladd.writing import LANGUAGES

router = APIRouter()

_TYPES = {
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
}
_KINDS = {
    "record": ("xlsx", "html", "md", "jsonld"),
    "dpia": ("html", "md"),
    "discovery": ("html", "xlsx", "md", "json"),
    "changes": ("html", "xlsx", "md", "json"),
    "summary": ("html",),
}


@dataclass(frozen=True, slots=True)
class File:
    """One file of the list."""

    kind: str
    language: str
    format: str

    @property
    def name(self) -> str:
        """What it is called in addresses."""
        return f"{self.kind}-{self.language}.{self.format}"


FILES: Mapping[str, File] = {
    file.name: file
    for kind, formats in _KINDS.items()
    for language in LANGUAGES
    for style in formats
    if (file := File(kind, language, style))
}
"""Everything that can be fetched, by name."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A report with its files in the visitor's language, and in the others."""

    kind: str
    files: tuple[File, ...]
    others: tuple[File, ...]


def downloads_view(language: str) -> tuple[Offer, ...]:
    """The reports on offer."""
    return tuple(
        Offer(
            kind,
            tuple(f for f in FILES.values() if f.kind == kind and f.language == language),
            tuple(f for f in FILES.values() if f.kind == kind and f.language != language),
        )
        for kind in _KINDS
    )


@router.get("/downloads")
def show(visit: Reading) -> Response:
    """Show what can be fetched."""
    return visit.page("downloads.html", offers=downloads_view(visit.language.code))


@router.get("/downloads/{name}")
def fetch(name: str, visit: Reading) -> Response:
    """Make a file and send it.

    Raises:
        HTTPException: it is not on the list (404).
    """
    file = FILES.get(name)
    if file is None:
        raise HTTPException(404)
    return Response(
        content_of(file, visit.desk),
        media_type=_TYPES[file.format],
        headers={"content-disposition": f'attachment; filename="{saved_as(file, visit.desk)}"'},
    )


def saved_as(file: File, desk: Desk) -> str:
    """The name under which a browser saves it: what it is, and of which day."""
    lang = desk.languages[file.language]
    today = lang.day_of(datetime.now(UTC)).isoformat()
    return f"{lang.say(f'downloads.file_{file.kind}')}-{today}.{file.format}"


def content_of(file: File, desk: Desk) -> bytes:
    """The file as the catalog stands now."""
    if file.kind == "discovery":
        return discovery.render(discovery_of(desk), file.format, file.language)
    taxonomy = desk.bound.taxonomy
    if file.kind == "summary":
        return summary_page(desk.bound, file.language)
    if file.kind == "changes":
        found = gather_changes(desk.catalog, taxonomy, desk.config)
        return render_changes(found, file.format, file.language)
    if file.kind == "dpia":
        return render_assessment(record_of(desk), taxonomy, file.format, file.language)
    return render(outline_of(desk), taxonomy, file.format, file.language)
