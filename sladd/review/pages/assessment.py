"""The officer's assessment of an anonymised release, filled in and signed in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import yaml
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from sladd.errors import GateError, SladdError
from sladd.pipeline.assess import sign_assessment
from sladd.pipeline.bind import Bound
from sladd.pipeline.standings import assessment, papers, standing
from sladd.release import Assessment, Manifest, loads, sha256_of
from sladd.release.assessment import LONGEST_REVIEW
from sladd.review.access import Deciding, Reading
from sladd.review.access.reasons import reason_fault
from sladd.review.access.refusal import Refused
from sladd.review.context import Visit
from sladd.review.pages.release_measures import MeasuresView, measures_view
from sladd.review.pages.releases import Line, line_of

router = APIRouter()

TEXTS = ("position", "controller_keeps", "singling_out", "linkability", "inference")
"""Free texts of the form; they are kept and shown, so none may name anybody."""
MODELS = ("public", "named_recipients", "secure_environment")
CONCLUSIONS = ("anonymised", "not_anonymised")
FIELDS = (
    "assessed_by", "assessed_on", "review_by", "recipients", "release_model", "conclusion", *TEXTS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """What the page shows.

    Attributes:
        line: the release, as in the list.
        manifest_sha256: of the version that stands, which the form is of.
        measures: of it.
        signed: the assessment that lies beside it.
        values: of the form, by field.
        latest: last day that a review may be put off to.
    """

    line: Line
    manifest_sha256: str
    measures: MeasuresView
    signed: Assessment | None
    values: Mapping[str, str]
    latest: date


def assessment_view(
    bound: Bound, name: str, visit: Visit, given: Mapping[str, str] | None = None
) -> AssessmentView:
    """The page of one release's assessment.

    Raises:
        Refused: there is no anonymised version that passed its gate.
    """
    found = papers(bound, name)
    manifest = loads(found.manifest) if found else None
    if found is None or manifest is None or not _can_be_assessed(manifest):
        raise Refused(404, "error.missing")
    signed = assessment(found)
    today = datetime.now(UTC).date()
    return AssessmentView(
        line=line_of(standing(bound, name), visit.language),
        manifest_sha256=sha256_of(found.manifest),
        measures=measures_view(manifest, visit.language),
        signed=signed,
        values=given or _first(manifest, visit, today),
        latest=today + LONGEST_REVIEW,
    )


def _can_be_assessed(manifest: Manifest) -> bool:
    return manifest.kind == "anonymised" and manifest.gate is not None and manifest.gate.passed


def _first(manifest: Manifest, visit: Visit, today: date) -> dict[str, str]:
    """What a form begins with: what is known already, and nothing of the judgement."""
    return {
        **dict.fromkeys(FIELDS, ""),
        "assessed_by": visit.account.name,
        "assessed_on": today.isoformat(),
        "review_by": (today + timedelta(days=365)).isoformat(),
        "recipients": "\n".join(manifest.recipients),
    }


@router.get("/releases/{name}/assessment")
def show(visit: Reading, name: str) -> Response:
    """The assessment that is signed, and a form for the officer."""
    return _page(visit, name)


@router.post("/releases/{name}/assessment")
async def take(visit: Deciding, name: str, request: Request) -> Response:
    """Check the form, sign it, and put it beside the version."""
    form = await request.form()
    given = {field: str(form.get(field, ""))[:4000].strip() for field in FIELDS}
    shown = str(form.get("manifest_sha256", ""))[:64]
    return _take(visit, name, given, shown)


def _take(visit: Visit, name: str, given: dict[str, str], shown: str) -> Response:
    bound = visit.desk.bound
    if name not in bound.config.releases:
        raise Refused(404, "error.missing")
    found = papers(bound, name)
    if found is None or not _can_be_assessed(loads(found.manifest)):
        raise Refused(404, "error.missing")
    if shown != sha256_of(found.manifest):
        alert = visit.language.say("assessment.another_version")
        return _page(visit, name, given, status=409, alert=alert)
    given["assessed_by"] = visit.account.name
    faults = _faults(visit, given)
    if faults:
        alert = visit.language.say("assessment.incomplete")
        return _page(visit, name, given, status=400, alert=alert, faults=faults)
    try:
        after = sign_assessment(
            bound, name, written(loads(found.manifest), shown, given), by=visit.account.name
        )
    except GateError as fault:
        return _page(visit, name, given, status=409, alert=str(fault))
    except SladdError as fault:
        return _page(visit, name, given, status=503, alert=str(fault))
    visit.say("assessment.signed_now" if after.anonymised else "assessment.signed_not", name=name)
    return RedirectResponse(f"/releases/{name}", status_code=303)


def _faults(visit: Visit, given: Mapping[str, str]) -> dict[str, str]:
    """Field → what is wrong with it."""
    say = visit.language.say
    faults: dict[str, str] = {}
    for field in ("recipients", *TEXTS):
        if not given[field]:
            faults[field] = say("assessment.missing")
        elif fault := reason_fault(visit, given[field]):
            faults[field] = fault
    if given["release_model"] not in MODELS:
        faults["release_model"] = say("assessment.choose")
    if given["conclusion"] not in CONCLUSIONS:
        faults["conclusion"] = say("assessment.choose")
    days = {field: _date(given[field]) for field in ("assessed_on", "review_by")}
    faults |= {field: say("assessment.date") for field, found in days.items() if found is None}
    made, review = days["assessed_on"], days["review_by"]
    today = datetime.now(UTC).date()
    if made is not None and made > today:
        faults["assessed_on"] = say("assessment.future")
    if made and review and not made < review <= made + LONGEST_REVIEW:
        faults["review_by"] = say("assessment.review_within")
    return faults


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def written(manifest: Manifest, sha256: str, given: Mapping[str, str]) -> bytes:
    """The form as the file that `sladd assess` writes and signs.

    Args:
        manifest: of the version.
        sha256: of the manifest's bytes.
        given: the fields of the form.
    """
    content: dict[str, Any] = {
        "format": 1,
        "release": manifest.release,
        "version": manifest.version,
        "manifest_sha256": sha256,
        "assessed_by": given["assessed_by"],
        "position": given["position"],
        "assessed_on": date.fromisoformat(given["assessed_on"]),
        "review_by": date.fromisoformat(given["review_by"]),
        "recipients": [line.strip() for line in given["recipients"].splitlines() if line.strip()],
        "release_model": given["release_model"],
        "controller_keeps": given["controller_keeps"],
        "singling_out": given["singling_out"],
        "linkability": given["linkability"],
        "inference": given["inference"],
        "conclusion": given["conclusion"],
    }
    head = (
        f"# Assessment of the anonymised release {manifest.release}, version {manifest.version}.\n"
    )
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return (head + text).encode()


def _page(
    visit: Visit,
    name: str,
    given: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    alert: str = "",
    faults: Mapping[str, str] | None = None,
) -> Response:
    if name not in visit.desk.config.releases:
        raise Refused(404, "error.missing")
    view = assessment_view(visit.desk.bound, name, visit, given)
    return visit.page(
        "assessment.html",
        status=status,
        view=view,
        alert=alert,
        faults=faults or {},
        models=[(each, visit.language.say(f"assessment.model_{each}")) for each in MODELS],
        conclusions=[
            (each, visit.language.say(f"assessment.conclusion_{each}")) for each in CONCLUSIONS
        ],
    )
