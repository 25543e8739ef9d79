"""The page for management: what the catalog and the releases say today."""

from __future__ import annotations

from datetime import UTC, datetime

from sladd.pipeline.bind import Bound
from sladd.pipeline.standings import standings
from sladd.reports.changes import gather_changes
from sladd.reports.discovery import gather
from sladd.reports.summary import summarise, summary_html


def summary_page(bound: Bound, language: str, *, since: str | None = None) -> bytes:
    """One page of A4 as HTML.

    Args:
        bound: the project.
        language: nb or en.
        since: number of a scan, or a date, from which changes count; the last scan by default.

    Raises:
        ConfigError: there is no such scan, or no such language (SLADD-151, 935, 936).
    """
    data = summarise(
        gather(bound.catalog, bound.taxonomy, bound.config),
        gather_changes(bound.catalog, bound.taxonomy, bound.config, since=since),
        standings(bound),
        today=datetime.now(UTC).date(),
    )
    return summary_html(data, language)
