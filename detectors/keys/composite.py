"""Keys of several columns: the line of an order, the price of a product in a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa

from detectors.keys.columns import KeyColumn, compatible
from detectors.keys.naming import relate, same_noun
from detectors.keys.sketch import Digests, Gatherer, Salt, count_in
from detectors.keys.weighing import SUGGESTED, confidence
from sladd.model import Evidence, Link, LinkState, Table

_MOST = 4  # columns of a key
_TRIED = 10  # pairs of columns tried between two tables that declare nothing
Rows = Callable[[Table, tuple[str, ...]], "pa.Table | None"]
"""Reads some columns of a table row by row; None where it cannot be read whole."""


@dataclass(frozen=True, slots=True)
class CompositePair:
    """Columns of one table that may point at those of another."""

    table: Table
    columns: tuple[str, ...]
    target: Table
    target_columns: tuple[str, ...]
    declared: bool


def composite_links(
    tables: Sequence[Table],
    columns: Sequence[KeyColumn],
    read: Rows,
    salt: Salt,
    *,
    single: Sequence[Link] = (),
) -> tuple[Link, ...]:
    """Links of two columns and more within one source.

    Args:
        tables: of the source.
        columns: what `key_columns` found in them.
        read: reads rows.
        salt: of the run.
        single: links of one column that were found; what they say is not said again.
    """
    found = []
    cache: dict[tuple[str, tuple[str, ...]], tuple[Digests, int] | None] = {}

    def keys(table: Table, names: tuple[str, ...]) -> tuple[Digests, int] | None:
        place = (str(table.ref), names)
        if place not in cache:
            rows = read(table, names)
            cache[place] = None if rows is None else tuples(rows, salt)
        return cache[place]

    for pair in _pairs(tables, columns, single):
        theirs = keys(pair.target, pair.target_columns)
        if theirs is None or len(theirs[0]) != theirs[1] or len(theirs[0]) < 2:
            continue
        mine = keys(pair.table, pair.columns)
        if mine is None or len(mine[0]) < 2:
            continue
        link = _weighed(pair, mine, theirs)
        if link.confidence >= SUGGESTED:
            found.append(link)
    return tuple(found)


def tuples(rows: pa.Table, salt: Salt) -> tuple[Digests, int]:
    """Distinct digests of whole rows, sorted, and how many rows have every part."""
    mixed = np.zeros(rows.num_rows, np.uint64)
    whole = np.ones(rows.num_rows, np.bool_)
    for column in rows.columns:
        one = column.combine_chunks()
        digests, valid = row_digests(one, salt)
        whole &= valid
        with np.errstate(over="ignore"):
            mixed = (mixed ^ digests) * np.uint64(0x9E37_79B9_7F4A_7C15)  # Knuth's odd multiplier
            mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed[whole]), int(whole.sum())


def row_digests(column: pa.Array, salt: Salt) -> tuple[Digests, np.typing.NDArray[np.bool_]]:
    """One digest a row, as `Gatherer` makes them, and which rows have one."""
    coded = column.dictionary_encode() if not pa.types.is_dictionary(column.type) else column
    values = coded.dictionary
    made = np.zeros(len(values) + 1, np.uint64)
    valid = np.zeros(len(values) + 1, np.bool_)
    for place in range(len(values)):
        gathered = Gatherer(salt)
        gathered.add(values.slice(place, 1))
        digest = gathered.sketch(complete=True).digests
        if len(digest):
            made[place], valid[place] = digest[0], True
    places = coded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)
    return made[places], valid[places]


def _weighed(pair: CompositePair, mine: tuple[Digests, int], theirs: tuple[Digests, int]) -> Link:
    found = count_in(mine[0], theirs[0])
    share = found / len(mine[0])
    inclusion = 2.5 if share >= 0.995 else 1.0 if share >= 0.95 else -1.0 if share >= 0.8 else -6.0
    terms = (
        Evidence("link_name", 3.4, {"by": "same", "columns": len(pair.columns)}),
        Evidence(
            "link_unique",
            1.0 if pair.declared else 0.6,
            {"declared": pair.declared, "distinct": len(theirs[0])},
        ),
        Evidence(
            "link_inclusion",
            inclusion,
            {"compared": len(mine[0]), "found": found, "whole": True},
        ),
    )
    return Link(
        pair.table.ref,
        pair.columns,
        pair.target.ref,
        pair.target_columns,
        state=LinkState.SUGGESTED,
        confidence=confidence(terms),
        evidence=terms,
    )


def _pairs(
    tables: Sequence[Table], columns: Sequence[KeyColumn], single: Sequence[Link]
) -> Iterator[CompositePair]:
    by_table: dict[str, dict[str, KeyColumn]] = {str(t.ref): {} for t in tables}
    for column in columns:
        if str(column.table) in by_table:
            by_table[str(column.table)][column.column] = column
    known = {(link.start, str(link.target)) for link in single}
    for table in tables:
        for target in tables:
            if table.ref == target.ref or _declared(table, target):
                continue
            mine, theirs = by_table[str(table.ref)], by_table[str(target.ref)]
            yield from _between(table, target, mine, theirs, known)


def _declared(table: Table, target: Table) -> bool:
    return any(key.target == target.ref for key in table.foreign_keys)


def _between(
    table: Table,
    target: Table,
    mine: Mapping[str, KeyColumn],
    theirs: Mapping[str, KeyColumn],
    known: set[tuple[str, str]],
) -> Iterator[CompositePair]:
    wide = [k for k in (target.primary_key, *target.unique_keys) if 2 <= len(k) <= _MOST]
    for key in wide:
        matched = [_match(theirs.get(column), mine.values()) for column in key]
        names = [m for m in matched if m is not None]
        if len(names) == len(key) == len(set(names)):
            yield CompositePair(table, tuple(names), target, key, declared=True)
            return
    if wide or target.primary_key or target.unique_keys:
        return
    shared = []
    for column in theirs.values():
        # A key has a name of a key; one that is unique by itself needs no second.
        if column.seldom or not (column.name.tail or column.noun == column.name.noun):
            continue
        name = _match(column, mine.values())
        if name is not None and (mine[name].address, str(target.ref)) not in known:
            shared.append((name, column.column))
    for pair in list(combinations(shared, 2))[:_TRIED]:
        yield CompositePair(
            table, tuple(p[0] for p in pair), target, tuple(p[1] for p in pair), declared=False
        )


def _match(column: KeyColumn | None, among: Iterable[KeyColumn]) -> str | None:
    """The column that is called like a part of the target's key."""
    if column is None:
        return None
    for other in among:
        if not compatible(other, column):
            continue
        if other.name.folded == column.name.folded and other.name.folded != "id":
            return other.column
        if column.name.generic:
            if relate(other.name, column.noun, column.name, own=False).kind == "exact":
                return other.column
            continue
        tails = bool(other.name.tail) == bool(column.name.tail)
        if tails and same_noun(other.name.noun, column.name.noun):
            return other.column
    return None
