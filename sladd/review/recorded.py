"""The record as the pages show it: collected once for each state of the catalog."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from sladd.catalog import Catalog
from sladd.config import Config
from sladd.reports.record.facts import Record
from sladd.reports.record.gathering import gather
from sladd.review.context import Desk

_State = tuple[int, str, float]
_known: WeakKeyDictionary[Catalog, tuple[_State, Record]] = WeakKeyDictionary()


def record_of(desk: Desk) -> Record:
    """What is filled in and known now.

    Every scan, decision and saved activity adds to the audit trail, so an unchanged head means an
    unchanged record; reading 20,000 fields anew for each page would take seconds.
    """
    catalog = desk.catalog
    state = (*catalog.audit_head(), _written(desk.config))
    known = _known.get(catalog)
    if known is not None and known[0] == state:
        return known[1]
    record = gather(catalog, desk.bound.taxonomy, desk.config)
    _known[catalog] = (state, record)
    return record


def _written(config: Config) -> float:
    """When the privacy notice was last written; 0 without a file."""
    notice = config.privacy_notice
    if notice is None or notice.file is None:
        return 0.0
    place = config.path(notice.file)
    return place.stat().st_mtime if place.exists() else 0.0
