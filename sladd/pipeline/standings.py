"""How the releases of the configuration stand, from their manifests and the catalog alone."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from sladd.errors import GateError, SladdError
from sladd.pipeline.approval import decided
from sladd.pipeline.bind import Bound
from sladd.release import (
    Assessment,
    Manifest,
    Papers,
    current_label,
    loads,
    loads_assessment,
    papers_of,
)
from sladd.reports.standing import ReleaseStanding


def standings(bound: Bound, *, now: datetime | None = None) -> tuple[ReleaseStanding, ...]:
    """Every release, in the order of the configuration. Opens no source and no key."""
    return tuple(standing(bound, name, now=now) for name in bound.config.releases)


def standing(bound: Bound, name: str, *, now: datetime | None = None) -> ReleaseStanding:
    """How one release of the configuration stands."""
    release = bound.config.releases[name]
    kept = bound.catalog.plans.kept(name)
    plan = decided(bound, name, kept.plan_sha256).state if kept else ""
    asked = release.approval or ""
    try:
        found = papers(bound, name)
        manifest = loads(found.manifest) if found else None
    except SladdError as fault:
        return ReleaseStanding(
            name, release.kind, "unreadable", asked=asked, plan=plan, fault=str(fault)
        )
    if found is None or manifest is None:
        return ReleaseStanding(name, release.kind, "never", asked=asked, plan=plan)
    at = now or datetime.now(UTC)
    called = current_label(found, at.date())
    said = assessment(found)
    over = manifest.expires is not None and manifest.expires <= at
    return ReleaseStanding(
        name=name,
        kind=manifest.kind,
        state="expired" if over else "published",
        version=manifest.version,
        published=manifest.created,
        rows=sum(table.rows_out for table in manifest.tables),
        label_nb=called.nb,
        label_en=called.en,
        anonymised=called.anonymised,
        gate_passed=manifest.gate.passed if manifest.gate else None,
        checks=len(manifest.gate.checks) if manifest.gate else 0,
        review_by=said.review_by if said and not called.fault else None,
        expires=manifest.expires.date() if manifest.expires else None,
        asked=asked,
        plan=plan,
    )


def papers(bound: Bound, name: str) -> Papers | None:
    """The papers of the version that stands; None before there is one.

    Raises:
        GateError: they cannot be read.
        SourceError: the object store cannot be used.
    """
    try:
        return papers_of(bound.config.place_of(name))
    except GateError as fault:
        if fault.code == 600:
            return None
        raise
    except OSError:
        return None


def manifest_of(bound: Bound, name: str) -> Manifest | None:
    """The manifest of the version that stands; None where there is none that can be read."""
    with suppress(SladdError):
        found = papers(bound, name)
        return loads(found.manifest) if found else None
    return None


def assessment(found: Papers) -> Assessment | None:
    """The officer's assessment beside a version; None where there is none that can be read."""
    if found.assessment is None:
        return None
    with suppress(GateError):
        return loads_assessment(found.assessment)
    return None
