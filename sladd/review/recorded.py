"""What the pages of the record show: collected once for each state of the catalog."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from sladd.catalog import Catalog, State
from sladd.reports import discovery
from sladd.reports.facts import Discovery, Outline
from sladd.reports.record.facts import Record, RecordOutline
from sladd.reports.record.gathering import gather, gather_narrowly
from sladd.reports.record.outline import Told, gather_outline
from sladd.review.context import Desk

_known: WeakKeyDictionary[Catalog, tuple[State, Discovery]] = WeakKeyDictionary()
_outlined: WeakKeyDictionary[Catalog, tuple[State, Outline, Told]] = WeakKeyDictionary()


def discovery_of(desk: Desk) -> Discovery:
    """All that is known of the sources now, for the files: seconds over 20,000 fields."""
    catalog = desk.catalog
    state = catalog.fields.state()
    known = _known.get(catalog)
    if known is None or known[0] != state:
        known = (state, discovery.gather(catalog, desk.bound.taxonomy, desk.config))
        _known[catalog] = known
    return known[1]


def record_of(desk: Desk) -> Record:
    """What is filled in beside all that is known now."""
    return gather(desk.catalog, desk.bound.taxonomy, desk.config, discovery_of(desk))


def outline_of(desk: Desk) -> RecordOutline:
    """What is filled in beside what the pages need to know; a decision makes it anew at once."""
    catalog, taxonomy = desk.catalog, desk.bound.taxonomy
    state = catalog.fields.state()
    known = _outlined.get(catalog)
    if known is None or known[0] != state:
        same_scan = known is not None and known[0].scan == state.scan
        told = known[2] if known is not None and same_scan else Told(catalog.fields.telling())
        known = (state, gather_outline(catalog, taxonomy, desk.config, told), told)
        _outlined[catalog] = known
    return gather_narrowly(catalog, taxonomy, desk.config, known[1])
