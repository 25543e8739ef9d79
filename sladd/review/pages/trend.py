"""The trend: fields with personal data, and decisions, after each day with a scan and today."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sladd.catalog import ScanRecord
from sladd.catalog.worklist import Decisions
from sladd.writing import Language

SCANS = 24
"""Days in the trend: half a year of weekly scans."""

_WIDE, _HIGH, _LEFT, _TOP = 640.0, 150.0, 8.0, 10.0  # of the drawing


@dataclass(frozen=True, slots=True)
class Point:
    """The whole after a day on which something was scanned, or now: then `sources` is ""."""

    when: str
    sources: str
    found: int
    decided: int
    x: float
    found_y: float
    decided_y: float


@dataclass(frozen=True, slots=True)
class Today:
    """What holds now: fields with personal data, and findings that somebody decided on."""

    day: date
    personal: int
    decided: int


def trend_of(
    scans: Sequence[ScanRecord],
    found: Mapping[int, int],
    decisions: Decisions,
    today: Today,
    lang: Language,
) -> tuple[Point, ...]:
    """Fields with personal data, and findings decided on, after each day with a finished scan.

    The sources of a project are scanned one after another: half of them would look like growth.
    The last point is what holds now, and the overview says the same.

    Args:
        scans: of the catalog.
        found: finished scan → fields of its source with personal data, as the scan saw them.
        decisions: when those that hold were taken.
        today: what holds now.
        lang: writes the dates.
    """
    ended = sorted((s for s in scans if s.finished is not None), key=lambda s: (s.finished, s.id))
    now: dict[str, int] = {}
    days: dict[date, tuple[list[str], int, int]] = {}
    for scan in ended:
        assert scan.finished is not None  # noqa: S101 - of those that ended
        now[scan.source] = found.get(scan.id, 0)
        whole = sum(now.values())
        day = lang.day_of(scan.finished)
        sources, _, _ = days.get(day, ([], 0, 0))
        personal = max(0, whole - bisect_right(decisions.dismissed, scan.finished))
        taken = bisect_right(decisions.taken, scan.finished)
        days[day] = ([*sources, scan.source], personal, taken)
    if days:
        sources, _, _ = days.get(today.day, ([], 0, 0))
        days[today.day] = (sources, today.personal, today.decided)
    told = list(days.items())[-SCANS:]
    top = max((max(whole, taken) for _, (_, whole, taken) in told), default=0) or 1
    step = (_WIDE - 2 * _LEFT) / max(1, len(told) - 1)

    def y(count: int) -> float:
        return round(_TOP + (_HIGH - 2 * _TOP) * (1 - count / top), 1)

    return tuple(
        Point(
            when=lang.day(on),
            sources=", ".join(dict.fromkeys(sources)),
            found=whole,
            decided=given,
            x=round(_LEFT + step * place, 1),
            found_y=y(whole),
            decided_y=y(given),
        )
        for place, (on, (sources, whole, given)) in enumerate(told)
    )
