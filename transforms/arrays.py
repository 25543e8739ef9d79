"""Arrow arrays as transforms need them: plain, as text, per distinct value, inside lists."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import StorageType

PROBE_ROWS = 65_536
DISTINCT_SHARE = 0.8
"""Above it, building the dictionary costs more than it saves (docs: SOURCES.md, performance)."""

_UUID_BYTES = 16


def plain(values: pa.Array) -> pa.Array:
    """The same values without dictionary, extension or view.

    A dictionary also holds the values of rows that were filtered away, and a Parquet writer
    would write them.
    """
    if isinstance(values, pa.ExtensionArray):
        values = values.storage
    kind = values.type
    if pa.types.is_dictionary(kind):
        return plain(values.dictionary_decode())
    if pa.types.is_run_end_encoded(kind):
        return plain(pc.run_end_decode(values))
    if pa.types.is_string_view(kind) or pa.types.is_large_string(kind):
        return values.cast(pa.string())
    if pa.types.is_binary_view(kind) or pa.types.is_large_binary(kind):
        return values.cast(pa.binary())
    return values


def is_list(kind: pa.DataType) -> bool:
    """Whether elements, not the value itself, are what a transform works on."""
    return bool(
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )


def elementwise(values: pa.Array, work: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Apply `work` to the plain values, or to the elements of lists at any depth."""
    if not is_list(values.type):
        return work(plain(values))
    return elementwise_list(values, lambda inner: elementwise(inner, work))


def elementwise_list(values: pa.Array, work: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Apply `work` to the elements of lists, one level down."""
    lengths = pc.fill_null(pc.list_value_length(values), 0).cast(pa.int32())
    ends = pc.cumulative_sum(lengths)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    done = work(values.flatten())
    missing = pc.is_null(values)
    return pa.ListArray.from_arrays(offsets, done, mask=missing if values.null_count else None)


def list_rows(values: pa.Array) -> pa.Array:
    """The row of every element of lists, shape (elements,): of those that `flatten` gives."""
    lengths = pc.fill_null(pc.list_value_length(values), 0).to_numpy(zero_copy_only=False)
    return pa.array(np.repeat(np.arange(len(values)), lengths))


def per_distinct(values: pa.Array, work: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Apply `work` once to each distinct value, unless nearly all are distinct.

    Args:
        values: shape (n,), plain.
        work: a function of single values; it sees no nulls that `values` has not.
    """
    size = len(values)
    if size > PROBE_ROWS:
        # A shorter probe would take a run of new customers for a column of distinct values.
        probe = values.slice(0, PROBE_ROWS)
        if pc.count_distinct(probe).as_py() > DISTINCT_SHARE * PROBE_ROWS:
            return work(values)
    encoded = values.dictionary_encode()
    return work(encoded.dictionary).take(encoded.indices)


def per_text(
    values: pa.Array, work: Callable[[str], str | None], kind: pa.DataType | None = None
) -> pa.Array:
    """Apply a function of one text to every distinct text; nulls stay null."""

    def run(distinct: pa.Array) -> pa.Array:
        texts: Sequence[str | None] = distinct.to_pylist()
        return pa.array([None if t is None else work(t) for t in texts], kind or pa.string())

    return per_distinct(values, run)


def texts(values: pa.Array, storage: StorageType) -> pa.Array:
    """Every scalar as the text by which equal keys are equal, whatever a source stores them as.

    `42`, `42.0` and `"42"` are one key: a CSV has strings where the database has integers.
    """
    values = plain(values)
    kind = values.type
    if pa.types.is_null(kind):
        return pa.nulls(len(values), pa.string())
    if pa.types.is_string(kind):
        return pc.utf8_lower(values) if storage is StorageType.UUID else values
    if pa.types.is_floating(kind):
        whole = pc.and_kleene(pc.equal(values, pc.floor(values)), pc.less(pc.abs(values), 2.0**53))
        safe = pc.if_else(pc.fill_null(whole, fill_value=False), values, 0.0)
        return pc.if_else(
            pc.fill_null(whole, fill_value=False),
            safe.cast(pa.int64()).cast(pa.string()),
            values.cast(pa.string()),
        )
    if pa.types.is_decimal(kind):
        digits = values.cast(pa.string())
        trimmed = pc.replace_substring_regex(digits, r"(\.\d*?)0+$", r"\1")
        return pc.replace_substring_regex(trimmed, r"\.$", "")
    if pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return _hexadecimal(values, storage)
    return values.cast(pa.string())


def _hexadecimal(values: pa.Array, storage: StorageType) -> pa.Array:
    def spell(raw: bytes | None) -> str | None:
        if raw is None:
            return None
        if storage is StorageType.UUID and len(raw) == _UUID_BYTES:
            return str(uuid.UUID(bytes=raw))
        return raw.hex()

    return pa.array([spell(v) for v in values.to_pylist()], pa.string())
