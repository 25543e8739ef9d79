"""Rows of a table that fit in memory, put in order and into buckets."""

from __future__ import annotations

import zlib

import numpy as np
import pyarrow as pa

from sladd.targets.files import ROW_GROUP_ROWS, TableFiles
from sladd.targets.order import Words, sort_rows
from sladd.targets.repeats import plain


def write_sorted(
    files: TableFiles, held: list[pa.RecordBatch], schema: pa.Schema, count: int, first: int = 0
) -> None:
    """Write rows in order.

    Args:
        files: of the table.
        held: all rows of the buckets; emptied, so that they are not held twice.
        schema: physical types; sorted by from left to right.
        count: buckets that the first column is spread over.
        first: number of the first bucket.
    """
    columns = [_one_chunk([batch.column(i) for batch in held], f) for i, f in enumerate(schema)]
    held.clear()
    table = pa.table(columns, names=schema.names)
    bucket = bucket_of(columns[0], count) if count > 1 else None
    order = sort_rows(table, bucket)
    ends = np.bincount(bucket, minlength=count).cumsum() if bucket is not None else [len(order)]
    start = 0
    for number, end in enumerate(ends):
        for at in range(start, int(end), ROW_GROUP_ROWS):
            rows = pa.array(order[at : min(at + ROW_GROUP_ROWS, int(end))])
            taken = [column.take(rows) for column in columns]
            files.add(first + number, pa.RecordBatch.from_arrays(taken, schema.names))
        start = int(end)


def _one_chunk(chunks: list[pa.Array], target: pa.Field) -> pa.Array:
    if not chunks:
        return pa.array([], target.type)
    if not all(pa.types.is_dictionary(chunk.type) for chunk in chunks):
        chunks = [plain(chunk) for chunk in chunks]
    if pa.types.is_dictionary(chunks[0].type):
        longest = max((chunk.dictionary for chunk in chunks), key=len)
        if all(_begins(longest, chunk.dictionary) for chunk in chunks):
            indices = pa.concat_arrays([chunk.indices for chunk in chunks])
            return pa.DictionaryArray.from_arrays(indices, longest)
    column = pa.chunked_array(chunks)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    combined = column.combine_chunks()
    return combined.chunk(0) if isinstance(combined, pa.ChunkedArray) else combined


def _begins(whole: pa.Array, part: pa.Array) -> bool:
    """Whether an array begins with another one."""
    return bool(part.type == whole.type and part.equals(whole.slice(0, len(part))))


def bucket_of(column: pa.Array, count: int) -> Words:
    """Bucket of each row by its key; equal keys share a bucket in every table."""
    if count == 1:
        return np.zeros(len(column), dtype=np.uint64)
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    entries = encoded.dictionary
    if not pa.types.is_binary(entries.type):
        entries = entries.cast(pa.string()).cast(pa.binary())
    numbers = [zlib.crc32(entry) % count for entry in entries.to_pylist()]
    table = np.array([*numbers, 0], dtype=np.uint64)  # NULL looks up the last one
    buckets: Words = table[np.asarray(encoded.indices.fill_null(len(numbers))).astype(np.int64)]
    return buckets
