"""What waits for the officer: beside findings also plans, gaps and the record."""

from __future__ import annotations

from dataclasses import dataclass

from sladd.pipeline import approval
from sladd.reports.record.gaps import gaps
from sladd.reports.record.suggestions import suggest
from sladd.reports.record.telling import language
from sladd.review.context import Desk
from sladd.review.recorded import outline_of
from sladd.writing import Language


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits, in a sentence, and the page where it is done."""

    text: str
    link: str


def waits_of(desk: Desk, lang: Language) -> tuple[Wait, ...]:
    """What waits beside findings: from the catalog alone, and no place of a release is read."""
    return (*_plans(desk, lang), *_record(desk, lang))


def _plans(desk: Desk, lang: Language) -> list[Wait]:
    """Plans of releases that nobody publishes before they are approved."""
    found = []
    for name, release in desk.config.releases.items():
        if not release.approval:
            continue
        kept = desk.catalog.plans.kept(name)
        if kept is None:
            key = "overview.waits_no_plan"
        elif approval.decided(desk.bound, name, kept.plan_sha256).state == "waiting":
            key = "overview.waits_plan"
        else:
            continue
        found.append(Wait(lang.say(key, name=name), f"/releases/{name}"))
    return found


def _record(desk: Desk, lang: Language) -> list[Wait]:
    """Gaps that break a rule, and activities that are not filled in."""
    record = outline_of(desk)
    grave = sum(gap.grave for gap in gaps(record, desk.bound.taxonomy))
    lacking = sum(bool(each.missing) for each in record.activities)
    taken = [each.activity.id for each in record.activities]
    suggested = len(suggest(record.discovery, taken, language(lang.code), record.subjects))
    told = (
        ("gaps", grave, "/gaps"),
        ("lacking", lacking, "/activities"),
        ("suggested", suggested, "/activities#suggested"),
    )
    return [Wait(lang.counted(f"overview.waits_{key}", n), link) for key, n, link in told if n]
