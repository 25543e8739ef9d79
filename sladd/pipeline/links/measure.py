"""Measure which columns are keys of which: within a source, and from one source to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from detectors.keys import (
    Candidate,
    KeyColumn,
    Salt,
    Sketch,
    candidates,
    composite_links,
    infer,
    key_columns,
)
from sladd.model import Field, Link, Snapshot, Table, TableScan
from sladd.pipeline.links.numbers import numbers_inside
from sladd.pipeline.links.reading import Budget, rows_of, sketches

Wanted = dict[str, tuple[Table, list[Field]]]


def within_source(
    scans: Sequence[TableScan],
    snapshot: Snapshot,
    *,
    salt: Salt,
    budget: Budget,
    rejected: Iterable[str] = (),
    known: Iterable[str] = (),
) -> tuple[Link, ...]:
    """The keys between tables of one source that nothing declares.

    Args:
        scans: every table of the source, as just scanned.
        snapshot: of the source.
        salt: of the run; the digests of keys are made under it.
        budget: how far to read.
        rejected: names of links that are not suggested: a person said no, or yes already.
        known: addresses of columns whose entity `sladd.yaml` declares.
    """
    no, declared = frozenset(rejected), frozenset(known)
    tables = {str(scan.table.ref): scan.table for scan in scans}
    columns = key_columns(scans)
    pairs = _news(candidates(columns), declared)
    wanted = _wanted((c for pair in pairs for c in (pair.column, pair.target)), tables)
    read = sketches(snapshot, wanted, salt, budget)
    links = infer(pairs, read, keep=lambda link: link.name not in no)

    def whole(table: Table, names: tuple[str, ...]) -> pa.Table | None:
        got = rows_of(snapshot, table, names)
        return got[0] if got is not None and got[1] else None

    composite = composite_links(list(tables.values()), columns, whole, salt, single=links)
    found = (*links, *(link for link in composite if link.name not in no))
    inside = numbers_inside(scans, found, snapshot)
    return (*found, *(link for link in inside if link.name not in no))


def across_sources(
    scans: Sequence[TableScan],
    snapshots: Mapping[str, Snapshot],
    *,
    salt: Salt,
    budget: Budget,
    rejected: Iterable[str] = (),
    known: Iterable[str] = (),
    taken: Iterable[str] = (),
) -> tuple[Link, ...]:
    """Keys that lead from a table of one source to one of another, by name and values.

    Args:
        scans: of all sources.
        snapshots: source → its snapshot.
        salt: of the run.
        budget: how far to read.
        rejected: names of links that are not suggested: a person said no, or yes already.
        known: addresses of columns whose entity is declared in `sladd.yaml`.
        taken: addresses of columns that lead somewhere within their own source.
    """
    no, declared, leading = frozenset(rejected), frozenset(known), frozenset(taken)
    tables = {str(scan.table.ref): scan.table for scan in scans}
    pairs = _news(candidates(key_columns(scans), across=True), declared)
    pairs = [pair for pair in pairs if pair.column.address not in leading]
    wanted = _wanted((c for pair in pairs for c in (pair.column, pair.target)), tables)
    read: dict[str, Sketch] = {}
    for name, snapshot in snapshots.items():
        own = {a: w for a, w in wanted.items() if w[0].ref.source == name}
        read |= sketches(snapshot, own, salt, budget)
    # Without values on both sides, a name in another source says too little.
    pairs = [p for p in pairs if {p.column.address, p.target.address} <= set(read)]
    pairs = [p for p in pairs if read[p.column.address].filled and read[p.target.address].filled]
    return infer(pairs, read, keep=lambda link: link.name not in no)


def _news(pairs: Iterable[Candidate], declared: frozenset[str]) -> list[Candidate]:
    """Pairs that the configuration does not speak of."""
    return [p for p in pairs if not {p.column.address, p.target.address} <= declared]


def _wanted(columns: Iterable[KeyColumn], tables: Mapping[str, Table]) -> Wanted:
    fields: dict[str, dict[str, Field]] = defaultdict(dict)
    for column in columns:
        fields[str(column.table)][column.column] = column.field
    return {address: (tables[address], list(found.values())) for address, found in fields.items()}
