"""The weekly digest: what happened in seven days, and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sladd.catalog import Catalog, Notice
from sladd.config import Config
from sladd.model import How
from sladd.notify.gather import ending_assessments
from sladd.taxonomy import Taxonomy

DAYS = 7


def digest_notice(
    catalog: Catalog, config: Config, taxonomy: Taxonomy, *, now: datetime, again: bool = False
) -> Notice:
    """The digest as of now: names, counts and dates.

    Args:
        catalog: what is known.
        config: sources and releases.
        taxonomy: says which categories are personal.
        now: end of the seven days.
        again: make it a new one, although this week's may have been told.
    """
    since = now - timedelta(days=DAYS)
    week = "{}-W{:02d}".format(*now.isocalendar()[:2])
    suffix = f":{now.isoformat()}" if again else ""
    facts = {
        "since": since.date().isoformat(),
        "until": now.date().isoformat(),
        "sources": [_source(name, catalog, taxonomy, since) for name in config.sources],
        "releases": _releases(catalog, since),
        "ending": [
            {"release": name, "review_by": until.isoformat(), "ended": now.date() > until}
            for name, _, until in ending_assessments(config, now.date())
        ],
    }
    return Notice(f"digest:{week}{suffix}", "digest", week, facts)


def _source(name: str, catalog: Catalog, taxonomy: Taxonomy, since: datetime) -> dict[str, Any]:
    fields = catalog.fields.all(source=name)
    personal = [
        f
        for f in fields
        if f.effective.how is not How.NONE
        and f.effective.category in taxonomy
        and taxonomy[f.effective.category].personal
    ]
    ended = [s.finished for s in catalog.scans.all() if s.source == name and s.finished is not None]
    undecided = [f for f in personal if f.verdict is None and f.effective.how is not How.LINKED]
    reopened = [f for f in fields if f.verdict and f.verdict.reopened]
    return {
        "source": name,
        "scanned": max(ended).date().isoformat() if ended else None,
        "fields": len(fields),
        "personal": len(personal),
        "new": sum(f.first_seen >= since for f in personal),
        "undecided": len(undecided),
        "reopened": len(reopened),
        "missed": len(catalog.scans.not_scanned(name)),
    }


def _releases(catalog: Catalog, since: datetime) -> Sequence[dict[str, Any]]:
    return [
        {
            "release": record.release,
            "version": record.version,
            "day": record.recorded.date().isoformat(),
        }
        for record in catalog.releases.all()
        if record.recorded >= since
    ]
