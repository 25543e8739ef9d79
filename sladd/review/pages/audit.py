"""The audit trail: who did what when, and whether the chain is whole."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from sladd.catalog import AuditEntry
from sladd.review.access import Reading

router = APIRouter()


@dataclass(frozen=True, slots=True)
class AuditView:
    """What the page shows."""

    entries: tuple[AuditEntry, ...]
    problems: tuple[str, ...]


@router.get("/audit")
def show(visit: Reading) -> Response:
    """Show the trail, newest first."""
    catalog = visit.desk.catalog
    view = AuditView(tuple(reversed(catalog.audit_entries())), tuple(catalog.verify_audit()))
    return visit.page("audit.html", view=view)
