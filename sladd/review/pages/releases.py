"""Releases: what is published and what waits; plan, changes, risk and decision of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from sladd.catalog import KeptPlan
from sladd.config import ReleaseConfig
from sladd.errors import PlanError, SladdError
from sladd.pipeline import approval
from sladd.pipeline.bind import Bound
from sladd.pipeline.standings import manifest_of, standing, standings
from sladd.reports.standing import ReleaseStanding
from sladd.review.access import Deciding, Reading
from sladd.review.access.reasons import reason_fault
from sladd.review.access.refusal import Refused
from sladd.review.context import Visit
from sladd.review.pages.release_measures import MeasuresView, measures_view
from sladd.review.pages.release_plan import (
    Differences,
    PlanView,
    differences,
    lifetime,
    plan_view,
)
from sladd.writing import Language

router = APIRouter()

VERSIONS = 10  # earlier ones that a page lists


@dataclass(frozen=True, slots=True)
class Line:
    """One release in the list. `plan` and `gate` are keys of texts."""

    name: str
    kind: str
    version: str
    published: str
    state: str
    label: str
    anonymised: bool
    plan: str
    gate: str
    checks: int
    review: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One published version."""

    version: str
    when: str
    by: str
    stands: bool
    same_plan: bool


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """Everything that the page of one release shows.

    Attributes:
        line: as in the list.
        release: its terms.
        kept: the plan that was made last; None before there is one.
        plan: it in words.
        decided: what was decided about it.
        decided_on: on which day, in words.
        made_on: when the plan was made, in words.
        outdated: why it may not be the present one, in words; "" where it is.
        otherwise: what differs from the plan before.
        measures: of the version that stands.
        versions: newest first.
        lifetime: how long a version may be used, in words; "" for no end.
        fault: why the version cannot be read.
    """

    line: Line
    release: ReleaseConfig
    kept: KeptPlan | None
    plan: PlanView | None
    decided: approval.Decided
    decided_on: str
    made_on: str
    outdated: str
    otherwise: Differences
    measures: MeasuresView | None
    versions: tuple[Version, ...]
    lifetime: str
    fault: str


def line_of(one: ReleaseStanding, lang: Language) -> Line:
    """A release as the list shows it."""
    gate = {True: "passed", False: "failed", None: "none"}[one.gate_passed]
    plan = (one.plan or "waiting") if one.asked else "not_asked"
    return Line(
        name=one.name,
        kind=one.kind,
        version=one.version,
        published=lang.day(one.published) if one.published else "",
        state=one.state,
        label=one.label(lang.code),
        anonymised=one.anonymised,
        plan=plan,
        gate=gate,
        checks=one.checks,
        review=lang.day(one.review_by) if one.review_by else "",
        waits=one.waits,
    )


def release_view(
    bound: Bound, name: str, table: str, lang: Language, *, whole: bool = False
) -> ReleaseView:
    """The page of one release, from its kept plan and its manifest: no source, no key.

    Args:
        bound: the configuration.
        name: of the release.
        table: of the plan, to be shown alone; "" for all.
        lang: of the reader.
        whole: whether every table of the plan is shown unfolded.
    """
    catalog = bound.catalog
    kept = catalog.plans.kept(name)
    one = standing(bound, name)
    manifest = manifest_of(bound, name)
    held = approval.decided(bound, name, kept.plan_sha256) if kept else approval.Decided("waiting")
    otherwise = _since(bound, kept, lang) if kept else Differences("", "")
    published = [record for record in catalog.releases.all() if record.release == name]
    return ReleaseView(
        line=line_of(one, lang),
        release=bound.config.releases[name],
        kept=kept,
        plan=plan_view(kept, table, lang, otherwise.places, whole=whole) if kept else None,
        decided=held,
        decided_on=lang.day(held.at) if held.at else "",
        made_on=lang.day(kept.at) if kept else "",
        outdated=_outdated(bound, kept, lang) if kept else "",
        otherwise=otherwise,
        measures=measures_view(manifest, lang) if manifest else None,
        versions=tuple(
            Version(
                version=record.version,
                when=lang.day(record.recorded),
                by=record.by,
                stands=record.version == one.version,
                same_plan=bool(kept) and record.summary.get("plan_sha256") == kept.plan_sha256
                if kept
                else False,
            )
            for record in reversed(published[-VERSIONS:])
        ),
        lifetime=lifetime(bound.config.releases[name].expires or "", lang),
        fault=one.fault,
    )


def _outdated(bound: Bound, kept: KeptPlan, lang: Language) -> str:
    return lang.list(
        [lang.say(f"releases.outdated_{why}") for why in approval.outdated(bound, kept)]
    )


def _since(bound: Bound, kept: KeptPlan, lang: Language) -> Differences:
    """The plan held against the one approved last, or else the one published last."""
    catalog, name = bound.catalog, kept.release
    earlier: list[tuple[datetime, str, str]] = [
        (each.at, "approved", each.policy_sha256) for each in catalog.plans.approvals(name)
    ]
    if not earlier:
        earlier = [
            (record.recorded, "published", str(record.summary.get("plan_sha256", "")))
            for record in catalog.releases.all()
            if record.release == name
        ]
    for at, basis, sha256 in reversed(earlier):
        if former := catalog.plans.kept(name, sha256):
            return differences(former, kept, basis, lang.day(at), lang)
    return Differences("", "")


@router.get("/releases")
def show_all(visit: Reading) -> Response:
    """Every release of the configuration; those that wait for the officer first."""
    lines = [line_of(one, visit.language) for one in standings(visit.desk.bound)]
    return visit.page("releases.html", lines=sorted(lines, key=lambda line: not line.waits))


@router.get("/releases/{name}")
def show(visit: Reading, name: str, table: str = "", whole: bool = False) -> Response:
    """One release."""
    return page(visit, name, table=table, whole=whole)


@router.post("/releases/{name}/plan")
def make_anew(visit: Deciding, name: str) -> Response:
    """Make the plan as things are now: reads the catalog, no source and no key."""
    _known(visit, name)
    try:
        before = visit.desk.catalog.plans.kept(name)
        after = approval.propose(visit.desk.bound, name)
    except SladdError as fault:
        return page(visit, name, status=409, alert=str(fault))
    same = before is not None and before.plan_sha256 == after.plan_sha256
    visit.say("releases.plan_same" if same else "releases.plan_made", name=name)
    return RedirectResponse(f"/releases/{name}#plan", status_code=303)


@router.post("/releases/{name}/decision")
def decide(
    visit: Deciding,
    name: str,
    decision: Annotated[str, Form(max_length=20)] = "",
    plan: Annotated[str, Form(max_length=64)] = "",
    reason: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Approve or refuse the plan that the officer has read."""
    _known(visit, name)
    if decision not in {"approve", "refuse"}:
        raise Refused(400, "error.request")
    fault = reason_fault(visit, reason)
    if fault:
        return page(visit, name, status=400, fault=fault, reason=reason)
    act = approval.approve if decision == "approve" else approval.refuse
    try:
        # The whole hash is asked for: an empty one would fit any plan.
        act(
            visit.desk.bound,
            name,
            by=visit.account.name,
            reason=reason.strip(),
            expected=plan.ljust(64, "-"),
        )
    except PlanError as told:
        key = {930: "releases.changed_meanwhile", 933: "releases.two_persons"}.get(told.code)
        alert = visit.language.say(key) if key else str(told)
        return page(visit, name, status=409, alert=alert, reason=reason)
    visit.say(f"releases.said_{decision}", name=name)
    return RedirectResponse(f"/releases/{name}", status_code=303)


def _known(visit: Visit, name: str) -> None:
    if name not in visit.desk.config.releases:
        raise Refused(404, "error.missing")


def page(
    visit: Visit,
    name: str,
    *,
    table: str = "",
    whole: bool = False,
    status: int = 200,
    alert: str = "",
    fault: str = "",
    reason: str = "",
) -> Response:
    """The page of a release, perhaps with what went wrong."""
    _known(visit, name)
    view = release_view(visit.desk.bound, name, table, visit.language, whole=whole)
    return visit.page(
        "release.html", status=status, view=view, alert=alert, fault=fault, reason=reason
    )
