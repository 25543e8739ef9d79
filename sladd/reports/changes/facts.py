"""What came, went and was decided between two scans; in no language yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

import sladd
from sladd.catalog import Catalog, CatalogField, Drift, ScanRecord, Tagged
from sladd.config import Config
from sladd.errors import ConfigError
from sladd.model import Category, How, Verdict
from sladd.reports.names import names
from sladd.taxonomy import Taxonomy

KINDS = ("new", "reopened", "category", "confidence", "vanished")
"""Kinds of change, in the order in which they matter to an officer."""


@dataclass(frozen=True, slots=True)
class Held:
    """What was found in a field at a time: a category, and how the field holds it."""

    category: Category | None
    how: How


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that is not as it was.

    Attributes:
        field: its address, as it may be shown.
        source: its source.
        kind: one of `KINDS`.
        before: what was found; None for nothing.
        after: what is found now; None for nothing.
        sure_before: confidence 0-1 before, where that is what changed.
        sure_after: the same now.
        gone: whether the field itself is no longer there.
        verdict: the decision that holds.
    """

    field: str
    source: str
    kind: str
    before: Held | None
    after: Held | None
    sure_before: float | None = None
    sure_after: float | None = None
    gone: bool = False
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A field that was decided about since."""

    field: str
    source: str
    verdict: Verdict
    category: Category | None


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """What is compared of a source. `begun` is None where it was scanned for the first time."""

    source: str
    begun: datetime | None
    ended: datetime
    scans: int
    fields: int
    personal: int
    came: int  # fields that are new and hold nothing
    went: int  # fields that are gone and held nothing


@dataclass(frozen=True, slots=True)
class Changes:
    """All that a change report tells."""

    organisation: str
    version: str
    spans: tuple[SourceSpan, ...]
    fields: tuple[FieldChange, ...]
    decisions: tuple[Decision, ...]
    waiting: int  # of the changed fields, those that nobody has decided about

    @property
    def counts(self) -> Mapping[str, int]:
        """Kind of change → fields."""
        return {kind: sum(c.kind == kind for c in self.fields) for kind in KINDS}

    @property
    def any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.fields or self.decisions or any(s.came or s.went for s in self.spans))

    @property
    def begun(self) -> datetime | None:
        """The earliest scan that is compared with."""
        return min((s.begun for s in self.spans if s.begun), default=None)

    @property
    def ended(self) -> datetime | None:
        """The latest scan."""
        return max((s.ended for s in self.spans), default=None)

    def of(self, kind: str) -> tuple[FieldChange, ...]:
        """The fields that changed in that way."""
        return tuple(change for change in self.fields if change.kind == kind)


@dataclass(frozen=True, slots=True)
class _Span:
    base: ScanRecord | None
    scans: tuple[ScanRecord, ...]  # finished after the base, in order


def gather_changes(
    catalog: Catalog, taxonomy: Taxonomy, config: Config, *, since: str | None = None
) -> Changes:
    """Compare what is known now with an earlier scan of each source.

    Args:
        catalog: of the sources.
        taxonomy: for what categories mean.
        config: names the organisation.
        since: number of a scan, or a date (`2026-11-01`): the sources as they were before that
            day. Default: the scan before the last one of each source.

    Raises:
        ConfigError: it is neither (SLADD-935), or no such scan was finished (SLADD-936).
    """
    known = catalog.fields.all(gone=True)
    called = names(known)
    by_address = {field.address: field for field in known}
    spans: list[SourceSpan] = []
    changed: list[FieldChange] = []
    decisions: list[Decision] = []
    for source, span in _spans(catalog, since).items():
        own = [field for field in known if field.ref.source == source]
        found, came, went = _changed(catalog.scans.drifts(source), span, by_address, taxonomy)
        first = span.base is None
        begun = None if first or span.base is None else span.base.finished
        ended = span.scans[-1].finished if span.scans else begun
        if ended is None:
            continue
        spans.append(
            SourceSpan(
                source=source,
                begun=begun,
                ended=ended,
                scans=len(span.scans),
                fields=sum(not field.gone for field in own),
                personal=sum(_holds(field, taxonomy) and not field.gone for field in own),
                came=0 if first else came,
                went=0 if first else went,
            )
        )
        # Of a source that was never scanned before everything is new; the discovery report has it.
        changed += [] if first else found
        decisions += [
            Decision(field.address, source, verdict, taxonomy.categories.get(verdict.category))
            for field in own
            if (verdict := field.verdict) is not None and (begun is None or verdict.at > begun)
        ]
    shown = tuple(
        replace(change, field=called.address(change.field))
        for kind in KINDS
        for change in changed
        if change.kind == kind
    )
    told = sorted(decisions, key=lambda each: each.verdict.at, reverse=True)
    return Changes(
        organisation=config.organisation,
        version=sladd.__version__,
        spans=tuple(spans),
        fields=shown,
        decisions=tuple(
            Decision(called.address(d.field), d.source, d.verdict, d.category) for d in told
        ),
        waiting=sum(
            c.kind in {"new", "category", "reopened"}
            and c.after is not None
            and c.after.how is not How.LINKED
            and (c.verdict is None or c.verdict.reopened)
            for c in shown
        ),
    )


def _holds(field: CatalogField, taxonomy: Taxonomy) -> bool:
    held = field.effective
    category = taxonomy.categories.get(held.category)
    return held.how is not How.NONE and (category is None or category.personal)


def _spans(catalog: Catalog, since: str | None) -> dict[str, _Span]:
    finished: dict[str, list[ScanRecord]] = {}
    for scan in catalog.scans.all():
        if scan.finished is not None:
            finished.setdefault(scan.source, []).append(scan)
    every = [scan for scans in finished.values() for scan in scans]
    until = None if since is None else _moment(since, every)
    spans: dict[str, _Span] = {}
    for source, scans in finished.items():
        ordered = sorted(scans, key=lambda scan: (scan.finished or scan.started, scan.id))
        if until is None:
            place = len(ordered) - 2
        else:
            place = sum((scan.finished or scan.started) <= until for scan in ordered) - 1
        base = ordered[place] if place >= 0 else None
        spans[source] = _Span(base, tuple(ordered[place + 1 :]))
    return spans


def _moment(since: str, scans: Sequence[ScanRecord]) -> datetime:
    """Until when scans belong to what is compared with."""
    if since.isdecimal() and len(since) < 8:
        for scan in scans:
            if scan.id == int(since) and scan.finished is not None:
                return scan.finished
        finished = sorted(scan.id for scan in scans if scan.finished is not None)
        known = ", ".join(map(str, finished[-5:]))
        raise ConfigError(
            f"there is no finished scan {since}",
            code=936,
            where="--since",
            mend=f"the last ones: {known}" if known else "sladd discover",
        )
    try:
        return datetime.combine(date.fromisoformat(since), time.min, UTC)
    except ValueError:
        raise ConfigError(
            "what to compare with is neither the number of a scan nor a date",
            code=935,
            where="--since",
            mend="--since 2026-11-01, or --since 12",
        ) from None


def _changed(
    drifts: Sequence[Drift],
    span: _Span,
    known: Mapping[str, CatalogField],
    taxonomy: Taxonomy,
) -> tuple[list[FieldChange], int, int]:
    """Fields that differ over the span, and how many came and went without a finding."""
    ids = {scan.id for scan in span.scans}
    first: dict[str, Tagged | None] = {}  # what held at the base; None: the field was not there
    sure: dict[str, tuple[float, float]] = {}
    touched: dict[str, None] = {}
    reopened: set[str] = set()
    for drift in drifts:
        if drift.scan not in ids:
            continue
        for address in drift.new:
            first.setdefault(address, None)
        for change in drift.changed:
            first.setdefault(change.field, change.before)
        for change_of in drift.sureness:
            earlier = sure.get(change_of.field, (change_of.before, 0.0))[0]
            sure[change_of.field] = (earlier, change_of.after)
        touched |= dict.fromkeys([*first, *drift.gone, *sure, *drift.reopened])
        reopened |= set(drift.reopened)
    found: list[FieldChange] = []
    came = went = 0
    for address in touched:
        field = known.get(address)
        if field is None:
            continue
        was_there = not (address in first and first[address] is None)
        before = _held(first[address] if address in first else _tagged(field), taxonomy)
        after = None if field.gone else _held(_tagged(field), taxonomy)
        kind = _kind(before, after, address in sure, open_again=address in reopened)
        if not kind:
            came += not was_there and not field.gone and after is None
            went += was_there and field.gone
            continue
        moved = sure.get(address) if kind == "confidence" else None
        found.append(
            FieldChange(
                field=address,
                source=field.ref.source,
                kind=kind,
                before=before,
                after=after,
                sure_before=moved[0] if moved else None,
                sure_after=moved[1] if moved else None,
                gone=field.gone,
                verdict=field.verdict,
            )
        )
    return found, came, went


def _tagged(field: CatalogField) -> Tagged:
    finding = field.scan.finding
    return Tagged(field.scan.field.type, finding.how, finding.type, finding.category)


def _held(tagged: Tagged | None, taxonomy: Taxonomy) -> Held | None:
    if tagged is None or tagged.how is How.NONE:
        return None
    return Held(taxonomy.categories.get(tagged.category), tagged.how)


def _kind(before: Held | None, after: Held | None, surer: bool, *, open_again: bool) -> str:
    if open_again and after is not None:
        return "reopened"
    if before is None:
        return "new" if after is not None else ""
    if after is None:
        return "vanished"
    if before != after:
        return "category"
    return "confidence" if surer else ""
