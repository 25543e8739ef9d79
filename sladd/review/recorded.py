"""What the pages of the record show: collected once for each state of the catalog."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from sladd.catalog import Catalog
from sladd.reports import discovery
from sladd.reports.facts import Discovery
from sladd.reports.record.facts import Record
from sladd.reports.record.gathering import gather
from sladd.review.context import Desk

_known: WeakKeyDictionary[Catalog, tuple[tuple[int, ...], Discovery]] = WeakKeyDictionary()


def discovery_of(desk: Desk) -> Discovery:
    """What is known of the sources now; 20,000 fields are not read anew for each page."""
    catalog = desk.catalog
    state = catalog.state()
    known = _known.get(catalog)
    if known is None or known[0] != state:
        known = (state, discovery.gather(catalog, desk.bound.taxonomy, desk.config))
        _known[catalog] = known
    return known[1]


def record_of(desk: Desk) -> Record:
    """What is filled in beside what is known now."""
    return gather(desk.catalog, desk.bound.taxonomy, desk.config, discovery_of(desk))
