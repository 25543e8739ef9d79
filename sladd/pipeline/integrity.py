"""Keys counted before and after: what was unique stays unique, what joined still joins.

Distinct keys are held as Arrow arrays while a release is made, some 8-40 bytes each: the
only thing a publish keeps that grows with a table. They are never written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import Check, FieldPlan, ForeignKey, Table, TablePlan

MERGE_ROWS = 2_000_000  # raw keys gathered before they are made distinct


@dataclass(frozen=True, slots=True)
class Join:
    """A foreign key of which both ends are in the release."""

    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    source_columns: tuple[str, ...]
    source_target_columns: tuple[str, ...]


class KeyCounts:
    """Distinct keys of columns, before and after. Holds values: never printed or pickled."""

    def __init__(self) -> None:
        self._before: dict[tuple[str, str], _Distinct] = {}
        self._after: dict[tuple[str, str], _Distinct] = {}

    def add(self, table: str, column: str, before: pa.Array, after: pa.Array) -> None:
        """Take the keys of one batch."""
        self._before.setdefault((table, column), _Distinct()).add(before)
        self._after.setdefault((table, column), _Distinct()).add(after)

    def distinct(self, table: str, column: str) -> tuple[int, int]:
        """Distinct keys before and after."""
        key = (table, column)
        return len(self._before[key].keys()), len(self._after[key].keys())

    def orphans(self, join: Join) -> tuple[int, int]:
        """Distinct keys without a partner, before and after; of single-column joins."""
        child, parent = (join.table, join.columns[0]), (join.target, join.target_columns[0])
        return (
            _missing(self._before[child], self._before[parent]),
            _missing(self._after[child], self._after[parent]),
        )

    def has(self, table: str, column: str) -> bool:
        """Whether that column was counted."""
        return (table, column) in self._before

    def __repr__(self) -> str:
        return f"<KeyCounts of {len(self._before)} columns>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("KeyCounts hold keys and are never serialised")


class _Distinct:
    """A growing set of values."""

    def __init__(self) -> None:
        self._known: pa.Array | None = None
        self._fresh: list[pa.Array] = []
        self._rows = 0

    def add(self, values: pa.Array) -> None:
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        if pa.types.is_dictionary(values.type):
            values = values.dictionary_decode()
        self._fresh.append(values.cast(pa.string()))
        self._rows += len(values)
        if self._rows > MERGE_ROWS:
            self._merge()

    def keys(self) -> pa.Array:
        self._merge()
        return self._known

    def _merge(self) -> None:
        parts = [*([self._known] if self._known is not None else []), *self._fresh]
        merged = pc.unique(pa.chunked_array(parts, pa.string()))
        self._known = pc.drop_null(merged)
        self._fresh, self._rows = [], 0


def _missing(child: _Distinct, parent: _Distinct) -> int:
    found = pc.is_in(child.keys(), value_set=parent.keys())
    return len(found) - int(pc.sum(found).as_py() or 0)


def joins(tables: Sequence[Table], plans: Sequence[TablePlan]) -> list[Join]:
    """The foreign keys that survive into the release: both ends keyed alike and kept."""
    by_ref = {str(p.table): p for p in plans}
    found: list[Join] = []
    for table in tables:
        plan = by_ref.get(str(table.ref))
        for foreign in table.foreign_keys:
            goal = by_ref.get(str(foreign.target))
            if plan is None or goal is None:
                continue
            join = _join(foreign, plan, goal)
            if join is not None:
                found.append(join)
    return found


def _join(foreign: ForeignKey, plan: TablePlan, goal: TablePlan) -> Join | None:
    here = [_kept(plan, column) for column in foreign.columns]
    there = [_kept(goal, column) for column in foreign.target_columns]
    pairs = list(zip(here, there, strict=False))
    if any(a is None or b is None or _unlike(a, b) for a, b in pairs):
        return None
    return Join(
        plan.output,
        tuple(a.output for a in here if a),
        goal.output,
        tuple(b.output for b in there if b),
        foreign.columns,
        foreign.target_columns,
    )


def _kept(plan: TablePlan, column: str) -> FieldPlan | None:
    return next((f for f in plan.fields if f.field.column == column and f.output), None)


def _unlike(one: FieldPlan, other: FieldPlan) -> bool:
    return (one.transform, one.key_type) != (other.transform, other.key_type)


def integrity_checks(
    counts: KeyCounts, unique: Mapping[str, Sequence[str]], found: Sequence[Join]
) -> list[Check]:
    """The before and after of every counted key.

    Args:
        counts: what was counted.
        unique: table → its unique single columns, by their names in the release.
        found: the joins of the release.
    """
    checks = []
    for table, columns in sorted(unique.items()):
        for column in columns:
            if counts.has(table, column):
                before, after = counts.distinct(table, column)
                detail = f"{before} distinct keys before, {after} after"
                checks.append(
                    Check("keys stay distinct", before == after, detail, f"{table}.{column}")
                )
    for join in found:
        name = f"{join.table}.{join.columns[0]} → {join.target}.{join.target_columns[0]}"
        if len(join.columns) == 1 and counts.has(join.table, join.columns[0]):
            before, after = counts.orphans(join)
            detail = f"{before} keys without a partner before, {after} after"
            checks.append(Check("joins survive", before == after, detail, name))
    return checks
