"""Policy gaps: what was found against what the notice, the record and the law say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from sladd.reports.record.facts import RecordOutline
from sladd.reports.record.gaps import UNMENTIONED, gaps
from sladd.reports.record.telling import SHOWN, ToldGap, language, lead, told
from sladd.review.access import Reading
from sladd.review.recorded import outline_of
from sladd.taxonomy import Taxonomy
from sladd.writing import Language

router = APIRouter()
_OWN = "/gaps"


@dataclass(frozen=True, slots=True)
class ShownGap:
    """One gap with the places to show, and those that are folded away."""

    told: ToldGap
    places: tuple[str, ...]
    rest: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class GapsView:
    """What the page shows.

    Attributes:
        lead: how many gaps there are.
        grave: those that break a rule, but for the next.
        unmentioned: categories that the notice does not mention: label, and where.
        other: those that should be looked at.
        notice: whether there is a notice to compare with.
    """

    lead: str
    grave: tuple[ShownGap, ...]
    unmentioned: tuple[tuple[str, ShownGap], ...]
    other: tuple[ShownGap, ...]
    notice: bool


def gaps_view(
    record: RecordOutline, taxonomy: Taxonomy, lang: Language, paths: Collection[str]
) -> GapsView:
    """The gaps, those that break a rule apart from the others.

    Args:
        record: what `gather` collected.
        taxonomy: for what covers what.
        lang: texts of the record, in the visitor's language.
        paths: routes that there are; a link to another is left out.
    """
    found = gaps(record, taxonomy)
    shown = [_shown(told(gap, lang), paths) for gap in found]
    return GapsView(
        lead=lead(found, lang),
        grave=tuple(e for e in shown if e.told.grave and e.told.kind != UNMENTIONED),
        unmentioned=tuple(
            (lang.label(gap.categories[0]), each)
            for gap, each in zip(found, shown, strict=True)
            if gap.kind == UNMENTIONED
        ),
        other=tuple(each for each in shown if not each.told.grave),
        notice=record.notice is not None,
    )


def _shown(gap: ToldGap, paths: Collection[str]) -> ShownGap:
    there = gap.link in paths or gap.link.startswith("/activities/")
    return ShownGap(
        gap, gap.places[:SHOWN], gap.places[SHOWN:], gap.link if there and gap.link != _OWN else ""
    )


@router.get("/gaps")
def show(visit: Reading) -> Response:
    """Show the gaps."""
    desk = visit.desk
    view = gaps_view(
        outline_of(desk), desk.bound.taxonomy, language(visit.language.code), desk.paths
    )
    return visit.page("gaps.html", view=view)
