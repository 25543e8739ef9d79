"""What waits for the officer: beside findings also plans, gaps and the record."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sladd.catalog import Catalog
from sladd.config import Config
from sladd.errors import ConfigError
from sladd.pipeline import approval
from sladd.reports.record.gaps import gaps
from sladd.reports.record.notice import read_notice
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


@dataclass(frozen=True, slots=True)
class _Counts:
    """How much of the record waits, as of what the catalog and the configuration said then."""

    config: Config
    as_of: tuple[object, ...]
    gaps: int
    lacking: int
    suggested: int


_known: WeakKeyDictionary[Catalog, _Counts] = WeakKeyDictionary()


def _record(desk: Desk, lang: Language) -> list[Wait]:
    """Gaps that break a rule, and activities that are not filled in.

    Nothing where the privacy notice cannot be read: the page of the gaps says so.
    """
    try:
        counts = _counts(desk, lang)
    except ConfigError:
        return []
    told = (
        ("gaps", counts.gaps, "/gaps"),
        ("lacking", counts.lacking, "/activities"),
        ("suggested", counts.suggested, "/activities#suggested"),
    )
    return [Wait(lang.counted(f"overview.waits_{key}", n), link) for key, n, link in told if n]


def _counts(desk: Desk, lang: Language) -> _Counts:
    """Counted once for each state: the gaps of 20,000 fields take a tenth of a second."""
    catalog, taxonomy, config = desk.catalog, desk.bound.taxonomy, desk.config
    saved = tuple((each.activity.id, each.version) for each in catalog.activities.all())
    as_of = (catalog.fields.state(), saved, read_notice(config, taxonomy))
    known = _known.get(catalog)
    if known is not None and known.config is config and known.as_of == as_of:
        return known
    record = outline_of(desk)
    taken = [each.activity.id for each in record.activities]
    known = _Counts(
        config,
        as_of,
        gaps=sum(gap.grave for gap in gaps(record, taxonomy)),
        lacking=sum(bool(each.missing) for each in record.activities),
        suggested=len(suggest(record.discovery, taken, language(lang.code), record.subjects)),
    )
    _known[catalog] = known
    return known
