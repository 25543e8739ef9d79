"""The news: what the last scan of each source saw otherwise than the one before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sladd.catalog import Catalog, Drift, ScanRecord
from sladd.reports.names import Names, names_of
from sladd.review.pages.rows import field_link, key_of
from sladd.writing import Language

NEWS = 8
"""Fields that are named of each kind of news; the rest is counted."""


@dataclass(frozen=True, slots=True)
class News:
    """One kind of change in a source."""

    name: str
    count: int
    fields: tuple[tuple[str, str], ...]  # name and link


@dataclass(frozen=True, slots=True)
class SourceNews:
    """What the last scan of a source saw otherwise than the one before."""

    source: str
    when: str
    first: bool
    news: tuple[News, ...]


def news_of(
    catalog: Catalog,
    scans: Sequence[ScanRecord],
    sources: Sequence[str],
    lang: Language,
    words: Language,
) -> tuple[SourceNews, ...]:
    """What is new in each source that was scanned.

    Args:
        catalog: holds the drift of each source's last scan.
        scans: of the catalog.
        sources: in the order in which they are told.
        lang: writes the moments.
        words: names the kinds of change.
    """
    ended: dict[str, list[ScanRecord]] = defaultdict(list)
    for scan in scans:
        if scan.finished is not None:
            ended[scan.source].append(scan)
    called = names_of(catalog.fields.masked())
    told = []
    for source in sources:
        own = ended[source]
        if not own:
            continue
        last = max(own, key=lambda scan: (scan.finished, scan.id))
        when = lang.moment(last.finished) if last.finished else ""
        # Of a first scan everything is new: nothing of it need be read.
        drift = catalog.scans.last_drift(source) if len(own) > 1 else None
        changes = _changes(drift, called, words) if drift is not None else ()
        told.append(SourceNews(source, when, len(own) == 1, changes))
    return tuple(told)


def _changes(drift: Drift, called: Names, words: Language) -> tuple[News, ...]:
    new = set(drift.new_findings)
    gone = set(drift.gone)
    listed = (
        ("reopened", drift.reopened),
        ("new_findings", drift.new_findings),
        ("new", tuple(field for field in drift.new if field not in new)),
        ("changed", tuple(change.field for change in drift.changed if change.field not in new)),
        ("gone_findings", tuple(field for field in drift.gone_findings if field not in gone)),
        ("gone", drift.gone),
    )
    return tuple(
        News(
            words.say(f"changes.{name}"),
            len(fields),
            tuple(
                (
                    called.address(field),
                    "" if name.startswith("gone") else field_link(key_of(field)),
                )
                for field in fields[:NEWS]
            ),
        )
        for name, fields in listed
        if fields
    )
