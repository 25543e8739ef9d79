"""From the catalog to notices: what scans found, what was refused, what is about to end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sladd.catalog import Catalog, CatalogField, Change, FinishedScan, Notice
from sladd.config import Config
from sladd.errors import SladdError
from sladd.model import How
from sladd.release.assessment import current_label, loads_assessment, papers_of
from sladd.release.manifest import loads
from sladd.reports.names import Names, names
from sladd.taxonomy import Taxonomy
from sladd.writing.escaping import visible

MOST_FIELDS = 50
"""Fields named in one notice; the rest are counted. A mail with more is not read."""


def gather(
    catalog: Catalog, config: Config, taxonomy: Taxonomy, *, today: date
) -> Sequence[Notice]:
    """Put into the outbox what is new since the last time; the notices that were new.

    Args:
        catalog: read and written.
        config: whose channels and releases count.
        taxonomy: says which categories are personal.
        today: the day that assessments are held against.
    """
    wanted = {name: channel.tell for name, channel in config.notify.channels.items()}
    fresh: list[Notice] = []
    for scan in catalog.outbox.scans():
        found = list(_of_scan(scan, catalog, taxonomy))
        fresh += catalog.outbox.put(found, wanted, upto=scan.ordinal)
    ending = list(_ending(config, today))
    return [*fresh, *(catalog.outbox.put(ending, wanted) if ending else ())]


def refusal(catalog: Catalog, config: Config, release: str, fault: SladdError) -> Sequence[Notice]:
    """Put a refused publish into the outbox; the same refusal is told once until one succeeds."""
    wanted = {name: channel.tell for name, channel in config.notify.channels.items()}
    standing = [r.version for r in catalog.releases.all() if r.release == release]
    parts = getattr(fault, "errors", (fault,))
    known = names(catalog.fields.all())
    reasons = [known.clean(visible(str(part)))[:400] for part in parts]
    seen = hashlib.sha256("\n".join(sorted(reasons)).encode()).hexdigest()[:16]
    notice = Notice(
        key=f"refused:{release}:{standing[-1] if standing else ''}:{seen}",
        topic="refused",
        subject=release,
        facts={
            "code": fault.code,
            "reasons": reasons[:MOST_FIELDS],
            "count": len(reasons),
            "standing": standing[-1] if standing else None,
        },
    )
    return catalog.outbox.put([notice], wanted)


def _of_scan(scan: FinishedScan, catalog: Catalog, taxonomy: Taxonomy) -> Iterator[Notice]:
    fields = catalog.fields.all(source=scan.source, gone=True)
    if scan.first:
        here = [f for f in fields if not f.gone]
        if here:
            personal = sum(_personal(f.effective.category, taxonomy) for f in here)
            facts: dict[str, Any] = {"fields": len(here), "personal": personal}
            yield _notice(scan, "first_scan", facts)
        return
    known, now = names(fields), {field.address: field for field in fields}
    new = [a for a in scan.drift.new_findings if _is_personal(a, now, taxonomy)]
    if new:
        yield _notice(scan, "new", _listed([_field(a, known, now) for a in new]))
    changed = [c for c in scan.drift.changed if _matters(c, scan, taxonomy)]
    if changed:
        yield _notice(scan, "changed", _listed([_change(c, known) for c in changed]))
    if scan.drift.reopened:
        listed = [_field(a, known, now) for a in scan.drift.reopened]
        yield _notice(scan, "reopened", _listed(listed))


def _notice(scan: FinishedScan, topic: str, facts: Mapping[str, Any]) -> Notice:
    return Notice(f"{topic}:{scan.source}:{scan.drift.scan}", topic, scan.source, facts)


def _listed(fields: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"count": len(fields), "fields": list(fields[:MOST_FIELDS])}


def _personal(category: str, taxonomy: Taxonomy) -> bool:
    return category in taxonomy and taxonomy[category].personal


def _is_personal(address: str, now: Mapping[str, CatalogField], taxonomy: Taxonomy) -> bool:
    """Whether a field that a scan found something in is to be told of; an unknown one is."""
    field = now.get(address)
    return field is None or _personal(field.scan.finding.category, taxonomy)


def _matters(change: Change, scan: FinishedScan, taxonomy: Taxonomy) -> bool:
    """Whether a field became other personal data, or none. Another storage type is none of it."""
    before, after = change.before, change.after
    if change.field in scan.drift.new_findings:
        return False
    if (before.how, before.category) == (after.how, after.category):
        return False
    return _personal(before.category, taxonomy) or _personal(after.category, taxonomy)


def _field(address: str, known: Names, now: Mapping[str, CatalogField]) -> dict[str, Any]:
    field = now.get(address)
    return {
        "field": known.address(address),
        "category": field.effective.category if field else "",
        "how": str(field.effective.how.value) if field else "",
    }


def _change(change: Change, known: Names) -> dict[str, Any]:
    after = change.after
    return {
        "field": known.address(change.field),
        "before": change.before.category if change.before.how is not How.NONE else "",
        "category": after.category if after.how is not How.NONE else "",
        "how": str(after.how.value),
    }


def ending_assessments(config: Config, today: date) -> Iterator[tuple[str, str, date]]:
    """Releases called anonymised whose assessment ends soon or has ended: name, version, day."""
    for name, release in config.releases.items():
        if release.kind != "anonymised":
            continue
        try:
            papers = papers_of(config.place_of(name))
            if papers.assessment is None:
                continue
            until = loads_assessment(papers.assessment).review_by
            # A signed one that was good on its last day; a false one has ended nothing.
            if not current_label(papers, min(today, until)).anonymised:
                continue
            version = loads(papers.manifest).version
        except (SladdError, OSError):
            continue  # nothing is published yet, or `sladd verify` says what is wrong with it
        if (until - today).days <= config.notify.remind_days:
            yield name, version, until


def _ending(config: Config, today: date) -> Iterator[Notice]:
    for name, version, until in ending_assessments(config, today):
        ended = today > until
        yield Notice(
            key=f"lapsing:{name}:{version}:{until.isoformat()}:{'ended' if ended else 'soon'}",
            topic="lapsing",
            subject=name,
            facts={"version": version, "review_by": until.isoformat(), "ended": ended},
        )
