"""What the tables of a source say of each other: entities, person paths, linked findings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from sladd.model import Link, LinkState, Table, TableRef, TableScan
from sladd.pipeline.bind import Bound
from sladd.pipeline.entities import entities, entity_of, person_paths
from sladd.pipeline.links import apply_links, decided_links


def link_tables(
    bound: Bound, scans: Sequence[TableScan], suggested: Sequence[Link] = ()
) -> list[TableScan]:
    """Add what the tables say of each other: entities, person paths, linked findings.

    Args:
        bound: the configuration.
        scans: of one source.
        suggested: links that nobody confirmed yet. What hangs on one is marked as such, and
            gets no person path, so that no release is built on it.
    """
    from detectors.columns.linked import is_person_table, link, unlinked

    own = {scan.table.ref for scan in scans}
    every = [unlinked(scan) for scan in (*scans, *_led_to(bound, scans))]
    tables = [scan.table for scan in every]
    names = {scan.table.ref.source for scan in every}
    declared = {
        entity: fields
        for entity, fields in bound.config.entities.items()
        if all(field.split("/", 1)[0] in names for field in fields)
    }
    found = entities(tables, declared)
    persons: set[TableRef] = {scan.table.ref for scan in every if is_person_table(scan)}
    configured = {t: c for t, c in bound.person_links().items() if t.split("/", 1)[0] in names}
    paths = person_paths(tables, persons, configured, bound.config.entities)
    maybe = _suggested_paths(tables, persons, configured, bound, suggested)
    return [
        replace(
            scan,
            entity=_own_entity(scan.table, found),
            person_path=paths.get(str(scan.table.ref), ()),
        )
        for scan in link(every, paths, maybe)
        if scan.table.ref in own
    ]


def _led_to(bound: Bound, scans: Sequence[TableScan]) -> list[TableScan]:
    """Tables of other sources that confirmed links of these lead to."""
    here = {scan.table.ref.source for scan in scans}
    if not any(
        link.holds and link.table.source in here and link.target.source not in here
        for link in decided_links(bound)
    ):
        return []
    return [scan for scan in bound.catalog.tables.all() if scan.table.ref.source not in here]


def _suggested_paths(
    tables: Sequence[Table],
    persons: set[TableRef],
    configured: dict[str, str],
    bound: Bound,
    suggested: Sequence[Link],
) -> dict[str, tuple[tuple[str, ...], float]]:
    """The way to a person that tables would have if the suggested links hold, and how sure."""
    if not suggested:
        return {}
    sure = {link.start: link.confidence for link in suggested}
    held = [replace(link, state=LinkState.CONFIRMED) for link in suggested]
    paths = person_paths(apply_links(tables, held), persons, configured, bound.config.entities)
    return {
        table: (path, math.prod(sure.get(step, 1.0) for step in path[:-1]))
        for table, path in paths.items()
        if len(path) > 1
    }


def _own_entity(table: Table, found: Sequence[object]) -> str | None:
    if len(table.primary_key) != 1:
        return None
    return entity_of(table.column(table.primary_key[0]).ref, found)  # type: ignore[arg-type]
