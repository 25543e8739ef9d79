"""The measurements of one discovery: within each source while it is open, then between them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing

from detectors.keys import Salt, keys_version
from sladd.catalog.links import EVERYWHERE
from sladd.errors import SladdError
from sladd.model import (
    Link,
    LinkKind,
    LinkState,
    NotScanned,
    Overlap,
    Progress,
    Snapshot,
    Source,
    TableScan,
)
from sladd.pipeline.bind import Bound
from sladd.pipeline.links.applied import declared_links
from sladd.pipeline.links.decided import decided_links
from sladd.pipeline.links.measure import across_sources, within_source
from sladd.pipeline.links.overlaps import overlaps, pairs, person_columns
from sladd.pipeline.links.reading import Budget


def measure_source(
    bound: Bound, source: Source, scans: Sequence[TableScan], tell: Progress
) -> tuple[tuple[Link, ...], list[NotScanned]]:
    """The suggested links of one source, from values unless nothing has changed since.

    Returns:
        The links, and what could not be measured. A source whose keys cannot be read keeps
        what was suggested before.
    """
    name = source.name
    if not bound.config.detection.links or not scans:
        return (), []
    decided = decided_links(bound)
    seen = _fingerprint(bound, scans, decided)
    catalog = bound.catalog
    if seen and catalog.links.fingerprint(name) == seen:
        return _suggested(bound, name), []
    tell(f"{name}: keys between tables", 0, None)
    try:
        with source.snapshot() as snapshot:
            found = within_source(
                scans,
                snapshot,
                salt=Salt(),
                budget=Budget(bound.config.detection.link_seconds),
                rejected=[link.name for link in decided],
                known=_declared(bound),
            )
    except SladdError as error:
        return _suggested(bound, name), [_missed(name, error.what, error.code)]
    except Exception as fault:
        # A driver's message could quote a value: only its type is told.
        return _suggested(bound, name), [_missed(name, f"stopped with {type(fault).__name__}", 292)]
    catalog.links.record(name, found, fingerprint=seen)
    return found, []


def measure_everywhere(
    bound: Bound, tell: Progress, *, skip: Sequence[str] = ()
) -> list[NotScanned]:
    """Links from one source to another, and persons that two tables share; both are stored.

    Args:
        bound: the configuration, with a catalog in which the sources are scanned.
        tell: progress.
        skip: sources that cannot be read now.

    Returns:
        What could not be measured.
    """
    if not bound.config.detection.links:
        return []
    names = [name for name in bound.config.sources if name not in skip]
    scans = [scan for scan in bound.catalog.tables.all() if scan.table.ref.source in names]
    decided = decided_links(bound)
    seen = _fingerprint(bound, scans, decided)
    if seen and bound.catalog.links.fingerprint(EVERYWHERE) == seen:
        return []
    links = [link for link in bound.catalog.links.all() if link.state is not LinkState.REJECTED]
    columns = person_columns(scans)
    persons = pairs(columns, scans, links, bound.config.entities)
    several = len({scan.table.ref.source for scan in scans}) > 1
    found: tuple[Link, ...] = ()
    shared: tuple[Overlap, ...] = ()
    missed: list[NotScanned] = []
    if several or persons:
        tell("links between sources", 0, None)
        salt, budget = Salt(), Budget(bound.config.detection.link_seconds)
        with ExitStack() as stack:
            snapshots, missed = _snapshots(bound, names, stack)
            there = [scan for scan in scans if scan.table.ref.source in snapshots]
            if len(snapshots) > 1:
                found = across_sources(
                    there,
                    snapshots,
                    salt=salt,
                    budget=budget,
                    rejected=[link.name for link in decided],
                    known=_declared(bound),
                    taken=[
                        link.start
                        for link in links
                        if link.table.source == link.target.source and link.kind is LinkKind.KEY
                    ],
                )
                persons = pairs(columns, scans, [*links, *found], bound.config.entities)
            shared = overlaps(persons, snapshots, salt=salt, budget=budget)
    bound.catalog.links.record(EVERYWHERE, found, fingerprint="" if missed else seen)
    bound.catalog.links.record_overlaps(shared)
    return missed


def _snapshots(
    bound: Bound, names: Sequence[str], stack: ExitStack
) -> tuple[dict[str, Snapshot], list[NotScanned]]:
    """One snapshot of each source that can be opened."""
    found: dict[str, Snapshot] = {}
    missed: list[NotScanned] = []
    for name in names:
        try:
            source = stack.enter_context(closing(bound.open_source(name)))
            source.tables()
            found[name] = stack.enter_context(source.snapshot())
        except SladdError as error:
            missed.append(_missed(name, error.what, error.code))
    return found, missed


def _suggested(bound: Bound, source: str) -> tuple[Link, ...]:
    return tuple(
        link
        for link in bound.catalog.links.all()
        if link.state is LinkState.SUGGESTED and {link.table.source, link.target.source} == {source}
    )


def _declared(bound: Bound) -> Iterator[str]:
    for members in bound.config.entities.values():
        yield from members


def _fingerprint(bound: Bound, scans: Sequence[TableScan], decided: Sequence[Link]) -> str:
    """Of all that a measurement looks at; "" where a source does not tell of changes."""
    tables = sorted((str(scan.table.ref), scan.table.fingerprint) for scan in scans)
    if not all(mark for _, mark in tables):
        return ""
    looked_at = [
        keys_version(),
        bound.ruleset,
        tables,
        sorted((link.name, link.state.value) for link in decided),
        sorted((k, sorted(v)) for k, v in bound.config.entities.items()),
        sorted(link.name for link in declared_links([scan.table for scan in scans])),
    ]
    return hashlib.sha256(json.dumps(looked_at).encode()).hexdigest()[:32]


def _missed(name: str, reason: str, code: int) -> NotScanned:
    return NotScanned(
        where=f"{name} · keys between tables",
        reason=f"not measured: {reason} · sladd discover {name}",
        code=code,
    )
