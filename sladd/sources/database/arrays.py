"""Arrays of arrays, from the JSON text in which a database keeps their shape."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import accumulate, chain
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# What is written otherwise (infinity, 44 BC, the year 10000, 24:00) no calendar or clock has.
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[^B]*)$"
_TIME = r"^(?:[01][0-9]|2[0-3]):"


def is_array_of_arrays(kind: pa.DataType) -> bool:
    """Whether the elements of a list are lists."""
    return bool(pa.types.is_list(kind) and pa.types.is_list(kind.value_type))


def array_of(leaf: pa.DataType, dimensions: int) -> pa.DataType:
    """The type of an array of so many dimensions."""
    return leaf if not dimensions else pa.list_(array_of(leaf, dimensions - 1))


def arrays_from_json(texts: pa.Array, kind: pa.ListType) -> tuple[pa.Array, int]:
    """Arrays by their texts: `[["1", null], ["3", "4"]]`.

    Args:
        texts: shape (n,), JSON of nested arrays, every leaf as the text the database writes.
        kind: list of lists of a scalar.

    Returns:
        Shape (n,), of `kind`, and how many leaves are NULL because no calendar or number has
        them.

    Raises:
        pa.ArrowInvalid: an array has other dimensions than `kind`, or a leaf is no such value.
    """
    return _nested([None if t is None else json.loads(t) for t in texts.to_pylist()], kind)


def _nested(values: Sequence[Any], kind: pa.DataType) -> tuple[pa.Array, int]:
    if not pa.types.is_list(kind):
        if any(isinstance(value, list) for value in values):
            raise pa.ArrowInvalid("an array of more dimensions")
        texts = pa.array(values, pa.string())
        leaves = _leaves(texts, kind)
        return leaves, leaves.null_count - texts.null_count
    if not all(value is None or isinstance(value, list) for value in values):
        raise pa.ArrowInvalid("an array of fewer dimensions")
    ends = accumulate((len(value or ()) for value in values), initial=0)
    inside = list(chain.from_iterable(value or () for value in values))
    inner, lost = _nested(inside, kind.value_type)
    offsets = pa.array(list(ends), pa.int32())
    missing = pa.array([value is None for value in values], pa.bool_())
    return pa.ListArray.from_arrays(offsets, inner, kind, mask=missing), lost


def _leaves(texts: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        return texts
    if pa.types.is_binary(kind):
        raw = [
            None if t is None else bytes.fromhex(t.removeprefix("\\x")) for t in texts.to_pylist()
        ]
        return pa.array(raw, kind)
    if pa.types.is_boolean(kind):
        true = pc.is_in(texts, pa.array(["t", "true"]))
        return pc.if_else(texts.is_valid(), true, pa.scalar(None, kind))
    if pa.types.is_time(kind):
        day = _known(texts, _TIME)
        return (
            pc.binary_join_element_wise("1970-01-01 ", day, "").cast(pa.timestamp("us")).cast(kind)
        )
    if pa.types.is_temporal(kind):
        texts = _known(texts, _DATE)
    if pa.types.is_decimal(kind):
        texts = _known(texts, r"^-?[0-9.]+$")  # PostgreSQL's NaN and infinity are no numbers
    return texts.cast(kind)


def _known(texts: pa.Array, pattern: str) -> pa.Array:
    fits = pc.match_substring_regex(texts, pattern)
    return pc.if_else(fits, texts, pa.scalar(None, texts.type))
