"""NULL and the empty text, counted before and after: neither becomes the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import Check


@dataclass(slots=True)
class Empties:
    """Cells of one column without a value, and with an empty text. Counts, never values."""

    nulls_before: int = 0
    nulls_after: int = 0
    empty_before: int = 0
    empty_after: int = 0

    def add(self, before: pa.Array, after: pa.Array) -> None:
        """Take one batch of the column."""
        self.nulls_before += _nulls(before)
        self.nulls_after += _nulls(after)
        self.empty_before += _empty(before)
        self.empty_after += _empty(after)

    def merge(self, other: Sequence[int]) -> None:
        """Add what was counted earlier, in the order of the fields."""
        before, after, empty, empty_after = other
        self.nulls_before += before
        self.nulls_after += after
        self.empty_before += empty
        self.empty_after += empty_after

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """In the order of the fields."""
        return (self.nulls_before, self.nulls_after, self.empty_before, self.empty_after)


def empty_checks(counted: Iterable[tuple[str, Empties]]) -> list[Check]:
    """The before and after of columns in which both stay as they are.

    Args:
        counted: address and counts of each column whose transform keeps NULL and ''.
    """
    checks = []
    for address, one in counted:
        nulls = one.nulls_before == one.nulls_after
        empty = one.empty_before == one.empty_after
        if one.nulls_before or one.empty_before or not (nulls and empty):
            detail = (
                f"{one.nulls_before} NULL before, {one.nulls_after} after; "
                f"{one.empty_before} empty before, {one.empty_after} after"
            )
            checks.append(Check("null and empty", nulls and empty, detail, address))
    return checks


def _nulls(values: pa.Array) -> int:
    if pa.types.is_dictionary(values.type) and values.dictionary.null_count:
        return int(pc.sum(pc.is_null(values.dictionary_decode())).as_py() or 0)
    return int(values.null_count)


def _empty(values: pa.Array) -> int:
    kind = values.type
    if pa.types.is_dictionary(kind):
        if not _textual(kind.value_type):
            return 0
        place = pc.index(values.dictionary, pa.scalar("", kind.value_type)).as_py()
        if place < 0:
            return 0
        return int(pc.sum(pc.equal(values.indices, place)).as_py() or 0)
    if not _textual(kind):
        return 0
    return int(pc.sum(pc.equal(pc.binary_length(values), 0)).as_py() or 0)


def _textual(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
