"""The trend: findings, and decisions on them, after each day with a finished scan."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sladd.catalog import ScanRecord
from sladd.writing import Language, figures

SCANS = 24
"""Days in the trend: half a year of weekly scans."""

_WIDE, _HIGH, _LEFT, _TOP = 640.0, 150.0, 8.0, 10.0  # of the drawing


@dataclass(frozen=True, slots=True)
class Point:
    """The whole after a day on which something was scanned."""

    when: str
    sources: str
    found: int
    decided: int
    x: float
    found_y: float
    decided_y: float


def trend_of(
    scans: Sequence[ScanRecord],
    found: Mapping[int, int],
    decided: Sequence[datetime],
    lang: Language,
) -> tuple[Point, ...]:
    """Findings, and fields that somebody had decided on, after each day with a finished scan.

    The sources of a project are scanned one after another: half of them would look like growth.

    Args:
        scans: of the catalog.
        found: finished scan → fields of its source with a finding.
        decided: when each field was first decided on, oldest first.
        lang: writes the dates.
    """
    ended = sorted((s for s in scans if s.finished is not None), key=lambda s: (s.finished, s.id))
    now: dict[str, int] = {}
    days: dict[date, tuple[list[str], int, int]] = {}
    for scan in ended:
        assert scan.finished is not None  # noqa: S101 - of those that ended
        now[scan.source] = found.get(scan.id, 0)
        whole = sum(now.values())
        sources, _, _ = days.get(scan.finished.date(), ([], 0, 0))
        seen = [*sources, scan.source]
        given = min(whole, bisect_right(decided, scan.finished))
        days[scan.finished.date()] = (seen, whole, given)
    told = list(days.items())[-SCANS:]
    top = max((whole for _, (_, whole, _) in told), default=0) or 1
    step = (_WIDE - 2 * _LEFT) / max(1, len(told) - 1)

    def y(count: int) -> float:
        return round(_TOP + (_HIGH - 2 * _TOP) * (1 - count / top), 1)

    return tuple(
        Point(
            when=figures.day(on, lang.code),
            sources=", ".join(dict.fromkeys(sources)),
            found=whole,
            decided=given,
            x=round(_LEFT + step * place, 1),
            found_y=y(whole),
            decided_y=y(given),
        )
        for place, (on, (sources, whole, given)) in enumerate(told)
    )
