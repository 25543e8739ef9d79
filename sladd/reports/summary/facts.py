"""What the one page tells; in no language yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sladd.model import How
from sladd.reports.changes import Changes
from sladd.reports.facts import CONFIDENCE, KINDS, Discovery
from sladd.reports.standing import ReleaseStanding

MATTERS = 3  # that fit, and that a meeting decides about
SOON = timedelta(days=30)
"""An assessment that ends within it is on the agenda of the next meeting."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to decide: a topic of our own with a release, or a highlight of the report."""

    topic: str
    release: str = ""
    highlight: int | None = None  # its place in `Discovery.highlights`


@dataclass(frozen=True, slots=True)
class Summary:
    """All that the page tells."""

    discovery: Discovery
    changes: Changes
    releases: tuple[ReleaseStanding, ...]
    today: date
    by_kind: Mapping[str, int]
    by_sureness: Mapping[str, int]
    decided: int
    to_decide: int
    tables_in_full: int
    matters: tuple[Matter, ...]

    @property
    def plans_waiting(self) -> int:
        """Plans that nobody has decided about."""
        return sum(each.waits for each in self.releases)

    @property
    def unassessed(self) -> int:
        """Anonymised versions without an assessment that holds."""
        return sum(each.unassessed for each in self.releases)


def summarise(
    discovery: Discovery,
    changes: Changes,
    releases: Sequence[ReleaseStanding],
    *,
    today: date,
) -> Summary:
    """Collect the page.

    Args:
        discovery: what was found.
        changes: since when the reader saw it last.
        releases: how each stands.
        today: the day of the page.
    """
    fields = [f for source in discovery.sources for f in source.fields if f.personal]
    judged = [f for f in fields if f.how is not How.LINKED]
    undecided = discovery.figures.undecided
    return Summary(
        discovery=discovery,
        changes=changes,
        releases=tuple(releases),
        today=today,
        by_kind={kind: sum(f.kind == kind for f in fields) for kind in KINDS},
        by_sureness={word: sum(f.sureness == word for f in judged) for _, word in CONFIDENCE},
        decided=discovery.figures.to_decide - undecided,
        to_decide=discovery.figures.to_decide,
        tables_in_full=sum(t.complete for source in discovery.sources for t in source.tables),
        matters=tuple(_matters(discovery, releases, today)),
    )


def _matters(
    discovery: Discovery, releases: Sequence[ReleaseStanding], today: date
) -> list[Matter]:
    """What a meeting decides about: what blocks or has run out first, then the weightiest."""
    if discovery.ended is None:
        return [Matter("scan")]
    own: list[Matter] = []
    for topic, found in (
        ("expired", [r for r in releases if r.state == "expired"]),
        ("plan", [r for r in releases if r.waits]),
        ("assess", [r for r in releases if r.unassessed]),
        ("review", [r for r in releases if r.review_by and r.review_by - SOON <= today]),
    ):
        own += [Matter(topic, each.name) for each in found[:1]]
    # At least one of three is about what is held, not about what is published.
    kept = own[: MATTERS - 1] if discovery.highlights else own[:MATTERS]
    rest = range(len(discovery.highlights))
    return [*kept, *(Matter("highlight", highlight=n) for n in rest)][:MATTERS]
