"""Numbers that stand inside a KID: of the invoice, the order, the customer of the same row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from detectors.columns.spelling import words
from detectors.keys import embedded, key_columns
from sladd.model import (
    FieldRef,
    FieldScan,
    How,
    Link,
    LinkKind,
    LinkState,
    Snapshot,
    StorageType,
    Table,
    TableRef,
    TableScan,
)
from sladd.pipeline.links.applied import declared_links
from sladd.pipeline.links.reading import rows_of

_ROWS = 20_000  # measured row by row
_MOST_SURE = 0.99  # a number may be another that is written alike
_STEPS = 3  # keys followed from the KID's table: invoice → order → customer
_KID = "user.payment.kid"


@dataclass(frozen=True, slots=True)
class _Reached:
    """A table that the rows of the KID's table lead to, one row each."""

    table: Table
    rows: pa.Table  # its columns, in the order of the KID's rows


def numbers_inside(
    scans: Sequence[TableScan], links: Sequence[Link], snapshot: Snapshot
) -> tuple[Link, ...]:
    """Which numbers each KID column holds, measured row by row.

    Args:
        scans: the tables of one source.
        links: suggested ones; with the declared ones they say which rows belong together.
        snapshot: of the source.
    """
    tables = {str(scan.table.ref): scan.table for scan in scans}
    ways = [*declared_links(list(tables.values())), *links]
    numbers = {
        (str(column.table), column.column)
        for column in key_columns(scans)
        if column.name.tail and not column.few
    }
    found: list[Link] = []
    for scan in scans:
        for field in scan.fields:
            if _is_kid(field):
                found += _inside(scan.table, field, tables, ways, numbers, snapshot)
    return tuple(found)


def _is_kid(field: FieldScan) -> bool:
    if field.field.ref.path or field.field.type not in {StorageType.STRING, StorageType.INTEGER}:
        return False
    finding = field.finding
    named = words(field.field.ref.column)[:1] in (["kid"], ["kidnr"], ["kidnummer"])
    return named or (finding.how is How.IS and finding.category == _KID)


def _inside(
    table: Table,
    field: FieldScan,
    tables: dict[str, Table],
    ways: Sequence[Link],
    numbers: set[tuple[str, str]],
    snapshot: Snapshot,
) -> Iterator[Link]:
    column = field.field.ref.column
    onward = {way.start: way for way in ways if len(way.columns) == 1}
    taken: set[str] = set()
    for reached in _reach(table, column, tables, ways, numbers, snapshot):
        for name in reached.rows.column_names:
            own = reached.table.ref == table.ref and name == column
            if own or (str(reached.table.ref), name) not in numbers:
                continue
            # A column that only points at a number stands for the number it points at.
            goal, goal_column = _at_the_end(reached.table.ref, name, onward)
            if str(FieldRef(goal, goal_column)) in taken:
                continue
            place = embedded(reached.rows["__kid__"], reached.rows[name])
            if place is None:
                continue
            taken.add(str(FieldRef(goal, goal_column)))
            yield Link(
                table.ref,
                (column,),
                goal,
                (goal_column,),
                kind=LinkKind.EMBEDDED,
                state=LinkState.SUGGESTED,
                confidence=round(min(_MOST_SURE, place.found / place.rows * (1 - place.chance)), 4),
                evidence=(place.evidence,),
            )


def _at_the_end(table: TableRef, column: str, onward: Mapping[str, Link]) -> tuple[TableRef, str]:
    seen: set[str] = set()
    while (address := str(FieldRef(table, column))) in onward and address not in seen:
        seen.add(address)
        table, column = onward[address].target, onward[address].target_columns[0]
    return table, column


def _reach(
    table: Table,
    column: str,
    tables: dict[str, Table],
    ways: Sequence[Link],
    numbers: set[tuple[str, str]],
    snapshot: Snapshot,
) -> Iterator[_Reached]:
    """The KID's own table, and those that its keys lead to, row by row."""
    first = _columns(table, ways, numbers, {column})
    got = rows_of(snapshot, table, first, most=_ROWS)
    if got is None:
        return
    rows = got[0].append_column("__kid__", got[0][column])
    here = [_Reached(table, rows)]
    seen = {table.ref}
    for step in range(_STEPS + 1):
        yield from here
        if step == _STEPS:
            return
        onward: list[_Reached] = []
        for reached in here:
            for way in ways:
                goal = tables.get(str(way.target))
                follows = way.table == reached.table.ref and len(way.columns) == 1
                if not follows or goal is None or way.target in seen:
                    continue
                joined = _joined(reached, way, goal, _columns(goal, ways, numbers), snapshot)
                if joined is not None:
                    seen.add(way.target)
                    onward.append(joined)
        here = onward


def _joined(
    reached: _Reached, way: Link, goal: Table, columns: Sequence[str], snapshot: Snapshot
) -> _Reached | None:
    key = way.target_columns[0]
    got = rows_of(snapshot, goal, list(dict.fromkeys([key, *columns])))
    if got is None or way.columns[0] not in reached.rows.column_names:
        return None
    theirs = got[0]
    places = _as_text(reached.rows[way.columns[0]])
    index = pc.index_in(places, value_set=_as_text(theirs[key]).combine_chunks())
    taken = theirs.take(index)
    return _Reached(goal, taken.append_column("__kid__", reached.rows["__kid__"]))


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column.cast(pa.string())


def _columns(
    table: Table, ways: Sequence[Link], numbers: set[tuple[str, str]], more: Collection[str] = ()
) -> list[str]:
    """Numbers, and the keys that lead on."""
    leads = {way.columns[0] for way in ways if way.table == table.ref and len(way.columns) == 1}
    named = {name for address, name in numbers if address == str(table.ref)}
    return [f.ref.column for f in table.fields
            if not f.ref.path and f.ref.column in {*leads, *named, *more}]  # fmt: skip
