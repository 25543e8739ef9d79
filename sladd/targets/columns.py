"""Types of a release: one physical form for each logical type, so that bytes do not vary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import TransformError

# A float64 holds 15 decimal digits exactly (IEEE 754 binary64).
_FLOAT_DIGITS = 15
_PLAIN_NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"


def canonical_type(given: pa.DataType) -> pa.DataType:
    """The type a column has in the Parquet file.

    Raises:
        TransformError: neither Parquet nor DuckDB can hold it (SLADD-340).
    """
    t = pa.types
    if t.is_dictionary(given):
        return canonical_type(given.value_type)
    if t.is_large_string(given) or t.is_string_view(given) or t.is_null(given):
        return pa.string()
    if t.is_large_binary(given) or t.is_binary_view(given) or t.is_fixed_size_binary(given):
        return pa.binary()
    if t.is_timestamp(given):
        unit = "us" if given.unit in {"s", "ms"} else given.unit
        return pa.timestamp(unit, "UTC" if given.tz else None)
    if t.is_date64(given):
        return pa.date32()
    if t.is_time(given):
        return pa.time64("ns" if given.unit == "ns" else "us")
    if t.is_decimal(given):
        return pa.decimal128(given.precision, given.scale) if given.precision <= 38 else pa.string()
    if t.is_float16(given):
        return pa.float32()
    if t.is_duration(given):
        return pa.int64()
    if t.is_list(given) or t.is_large_list(given) or t.is_fixed_size_list(given):
        # Parquet's own word for the values of a list, so that the type reads back as written.
        return pa.list_(pa.field("element", canonical_type(given.value_type)))
    if t.is_struct(given):
        return pa.struct([pa.field(f.name, canonical_type(f.type)) for f in given])
    if t.is_map(given):
        return pa.map_(canonical_type(given.key_type), canonical_type(given.item_type))
    if t.is_boolean(given) or t.is_integer(given) or t.is_floating(given) or t.is_date32(given):
        return given
    if t.is_string(given) or t.is_binary(given):
        return given
    raise TransformError(
        f"a release cannot hold the type {given}",
        code=340,
        mend="leave the column out with a rule `transform: drop`",
    )


def canonical_schema(schema: pa.Schema, casts: Mapping[str, pa.DataType]) -> pa.Schema:
    """Schema of the Parquet file: no metadata, every column nullable."""
    return pa.schema([pa.field(f.name, canonical_type(casts.get(f.name, f.type))) for f in schema])


def convert(column: pa.ChunkedArray, to: pa.DataType) -> pa.ChunkedArray:
    """Bring a column into its physical form. Dictionaries of strings stay dictionaries.

    Raises:
        TransformError: a value does not fit (SLADD-341); which one is not told.
    """
    try:
        if pa.types.is_dictionary(column.type):
            plain = all(chunk.dictionary.null_count == 0 for chunk in column.chunks)
            if plain and to == pa.string() and pa.types.is_string(column.type.value_type):
                return column
            return pa.chunked_array([_decode(c).cast(to) for c in column.chunks], type=to)
        if column.type != to:
            column = column.cast(to)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise TransformError(
            f"a value does not fit the type {to}",
            code=341,
            mend="leave the column out with a rule `transform: drop`, or change it in the source",
        ) from None
    return _one_zero(column) if pa.types.is_floating(to) else column


def _decode(chunk: pa.DictionaryArray) -> pa.Array:
    return chunk.dictionary.take(chunk.indices)


def _one_zero(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """-0.0 becomes 0.0 and every NaN the same NaN: they sort as equals but differ in bytes."""
    zero, nan = pa.scalar(0.0, column.type), pa.scalar(float("nan"), column.type)
    column = pc.if_else(pc.equal(column, zero), zero, column)
    return pc.if_else(pc.is_nan(column), nan, column)


def fits(values: pa.Array, to: pa.DataType) -> bool:
    """Whether strings can be stored as `to` and be written back as they were.

    A number with a leading zero is a name for something, not a number: it does not fit.
    """
    values = values.drop_null()
    if not len(values):
        return True
    try:
        cast = values.cast(to)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return False
    t = pa.types
    if t.is_integer(to) or t.is_date(to):
        return bool(pc.all(pc.equal(cast.cast(values.type), values)).as_py())
    if t.is_floating(to) or t.is_decimal(to):
        plain = pc.all(pc.match_substring_regex(values, _PLAIN_NUMBER)).as_py()
        longest = pc.max(pc.binary_length(values)).as_py()
        return bool(plain) and (t.is_decimal(to) or longest <= _FLOAT_DIGITS + 1)
    if t.is_boolean(to):
        known = pc.is_in(pc.utf8_lower(values), pa.array(["true", "false"]))
        return bool(pc.all(known).as_py())
    return True


def misfits(batches: Iterable[pa.RecordBatch], casts: Mapping[str, pa.DataType]) -> set[str]:
    """Columns of strings that cannot be cast without loss; they stay text."""
    open_casts = dict(casts)
    found: set[str] = set()
    for batch in batches:
        for name, to in list(open_casts.items()):
            column = batch.column(name)
            if pa.types.is_dictionary(column.type):
                # Entries that no row uses do not matter, but are rare: judge the used ones.
                used = pc.unique(column.indices.drop_null())
                column = column.dictionary.take(used)
            if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
                continue
            if not fits(column, to):
                found.add(name)
                del open_casts[name]
        if not open_casts:
            break
    return found


def used_alone(values: pa.Array) -> pa.DictionaryArray:
    """A column as a dictionary of nothing but the values that its rows have.

    A dictionary of a source, or of rows that were filtered, also holds others: nothing of
    those may be counted, refused or written.
    """
    if not pa.types.is_dictionary(values.type):
        return values.dictionary_encode()
    entries, indices = values.dictionary, values.indices
    if entries.null_count:
        return values.dictionary_decode().dictionary_encode()
    places = indices.drop_null().to_numpy(zero_copy_only=False)
    used = np.bincount(places, minlength=len(entries)) > 0
    if used.all():
        return values
    moved = pa.array(np.cumsum(used, dtype=np.int32) - 1)
    kept = entries.filter(pa.array(used))
    return pa.DictionaryArray.from_arrays(moved.take(indices), kept)
