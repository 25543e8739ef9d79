"""Keys counted before and after: what joined still joins.

Distinct keys are held as digests of eight bytes under a key of this run, for the columns of
foreign keys alone: the only thing a publish keeps that grows with a table. That a unique
column stays unique is asked of the written files (`sladd.gate`), where it costs no memory.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import Check, FieldPlan, ForeignKey, Table, TablePlan

_NUMBER = r"^(?:0|-?[1-9][0-9]{0,17})$"
MERGE_ROWS = 1_000_000  # digests gathered before they are made distinct
Digests = npt.NDArray[np.uint64]
Columns = tuple[str, ...]
_ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio (Knuth, TAOCP 6.4)


@dataclass(frozen=True, slots=True)
class Join:
    """A foreign key of which both ends are in the release."""

    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


class KeyCounts:
    """Distinct keys of columns, before and after, as digests. Never printed or pickled.

    Two of a hundred million keys share 64 bits with a probability of one in four thousand:
    a count, not a proof.
    """

    def __init__(self, salt: bytes | None = None) -> None:
        self._salt = salt or secrets.token_bytes(16)
        self._before: dict[tuple[str, Columns], _Distinct] = {}
        self._after: dict[tuple[str, Columns], _Distinct] = {}

    def add(
        self,
        table: str,
        columns: Columns,
        before: Sequence[pa.Array],
        after: Sequence[pa.Array],
    ) -> None:
        """Take the keys of one batch; `before` and `after` have one array a column."""
        for side, values in ((self._before, before), (self._after, after)):
            known = side.setdefault((table, columns), _Distinct())
            if len(values) == 1:
                known.add(self._digests(values[0]), len(values[0]) - values[0].null_count)
            else:
                known.add(*self._together(values))

    def alike(self) -> KeyCounts:
        """Empty ones that give the same digests, for one partition."""
        return KeyCounts(self._salt)

    def dump(self) -> tuple[list[Any], dict[str, Digests]]:
        """What was counted: names and numbers of rows, and the digests by position."""
        names = [
            [table, list(columns), known.rows, self._after[table, columns].rows]
            for (table, columns), known in self._before.items()
        ]
        digests = {}
        for place, (table, columns) in enumerate(self._before):
            digests[f"before{place}"] = self._before[table, columns].keys()
            digests[f"after{place}"] = self._after[table, columns].keys()
        return names, digests

    def merge(self, names: Sequence[Any], digests: Mapping[str, Digests]) -> None:
        """Add what was dumped."""
        for place, (table, columns, before, after) in enumerate(names):
            key = (str(table), tuple(columns))
            self._before.setdefault(key, _Distinct()).add(digests[f"before{place}"], before)
            self._after.setdefault(key, _Distinct()).add(digests[f"after{place}"], after)

    def orphans(self, join: Join) -> tuple[int, int]:
        """Distinct keys without a partner, before and after."""
        child, parent = (join.table, join.columns), (join.target, join.target_columns)
        return (
            _missing(self._before[child], self._before[parent]),
            _missing(self._after[child], self._after[parent]),
        )

    def has(self, join: Join) -> bool:
        """Whether both ends were counted."""
        ends = ((join.table, join.columns), (join.target, join.target_columns))
        return all(end in self._before for end in ends)

    def before(self, table: str, columns: Columns) -> tuple[int, int] | None:
        """Rows with a whole key, and distinct keys, as they were in the source; None: not counted."""
        known = self._before.get((table, columns))
        return None if known is None else (known.rows, len(known.keys()))

    def _together(self, values: Sequence[pa.Array]) -> tuple[Digests, int]:
        """Keys of several columns; one with a NULL in it is none (SQL's MATCH SIMPLE)."""
        whole = np.ones(len(values[0]), bool)
        mixed = np.zeros(len(values[0]), np.uint64)
        for column in values:
            encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
            # A dictionary of a source may name an entry twice, or hold NULL.
            entries = encoded.dictionary
            known = np.array([*(self._one(entries)), 0], np.uint64)
            places = encoded.indices.fill_null(len(entries)).cast(pa.int64())
            whole &= np.asarray(column.is_valid())
            mixed = (mixed ^ known[np.asarray(places)]) * _ODD
            mixed ^= mixed >> np.uint64(29)
        return np.unique(mixed[whole]), int(whole.sum())

    def _one(self, entries: pa.Array) -> Digests:
        """A digest for each entry, in its order."""
        found = np.zeros(len(entries), np.uint64)
        for place, text in enumerate(entries.cast(pa.string()).to_pylist()):
            if text is not None:
                state = hashlib.blake2b(text.encode(), digest_size=8, key=self._salt)
                found[place] = int.from_bytes(state.digest(), "little")
        return found

    def _digests(self, values: pa.Array) -> Digests:
        if pa.types.is_dictionary(values.type):
            values = values.dictionary_decode()
        distinct = pc.drop_null(pc.unique(values))
        if pa.types.is_integer(distinct.type):
            # A number is its own digest; two sides of a join may differ in width.
            numbers = distinct.cast(pa.int64()).to_numpy(zero_copy_only=False)
            return np.asarray(numbers, np.int64).view(np.uint64)
        texts = distinct.cast(pa.string())
        # One side of a join may keep the number as text; its pseudonym is the same.
        spelt = pc.match_substring_regex(texts, _NUMBER)
        plain = texts.filter(spelt).cast(pa.int64()).to_numpy(zero_copy_only=False)
        others = texts.filter(pc.invert(spelt))
        digest = hashlib.blake2b(digest_size=8, key=self._salt)
        found = np.empty(len(others), np.uint64)
        for place, text in enumerate(others.to_pylist()):
            state = digest.copy()
            state.update(text.encode())
            found[place] = int.from_bytes(state.digest(), "little")
        return np.concatenate([np.asarray(plain, np.int64).view(np.uint64), found])

    def __repr__(self) -> str:
        return f"<KeyCounts of {len(self._before)} columns>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("KeyCounts hold keys and are never serialised")


class _Distinct:
    """A growing set of digests."""

    def __init__(self) -> None:
        self._known: Digests = np.empty(0, np.uint64)
        self._fresh: list[Digests] = []
        self._waiting = 0
        self.rows = 0

    def add(self, digests: Digests, rows: int) -> None:
        self.rows += rows
        self._fresh.append(digests)
        self._waiting += len(digests)
        if self._waiting > MERGE_ROWS:
            self._merge()

    def keys(self) -> Digests:
        self._merge()
        return self._known

    def _merge(self) -> None:
        # Sorted by hand: for a million keys numpy's `unique` takes fifteen times as long.
        whole = np.sort(np.concatenate([self._known, *self._fresh]))
        fresh = np.ones(len(whole), bool)
        np.not_equal(whole[1:], whole[:-1], out=fresh[1:])
        self._known = whole[fresh]
        self._fresh, self._waiting = [], 0


def _missing(child: _Distinct, parent: _Distinct) -> int:
    return int(np.count_nonzero(np.isin(child.keys(), parent.keys(), invert=True)))


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
    )


def without_zeros(values: pa.Array) -> pa.Array:
    """Texts of digits as the numbers they are, spelled without zeros before them."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return values
    return pc.replace_substring_regex(values, pattern=r"\A0+([0-9]+)\z", replacement=r"\1")


def _kept(plan: TablePlan, column: str) -> FieldPlan | None:
    return next(
        (f for f in plan.fields if f.field.column == column and f.output and not f.within), None
    )


def _unlike(one: FieldPlan, other: FieldPlan) -> bool:
    return (one.transform, one.key_type) != (other.transform, other.key_type)


def join_checks(counts: KeyCounts, found: Sequence[Join]) -> list[Check]:
    """The before and after of every counted join."""
    checks = []
    for join in found:
        if counts.has(join):
            name = (
                f"{join.table}.{', '.join(join.columns)} → "
                f"{join.target}.{', '.join(join.target_columns)}"
            )
            before, after = counts.orphans(join)
            detail = f"{before} keys without a partner before, {after} after"
            checks.append(Check("joins survive", before == after, detail, name))
    return checks
