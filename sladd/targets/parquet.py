"""From parts to the Parquet files of a table: sorted, bucketed, the same bytes every time."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from sladd.errors import TransformError
from sladd.release import ReleaseFile
from sladd.release.paths import table_folder
from sladd.targets.columns import canonical_schema, convert, misfits
from sladd.targets.files import ROW_GROUP_ROWS, TableFiles
from sladd.targets.order import Words, sort_rows
from sladd.targets.parts import read_part
from sladd.targets.spill import BUCKET, sorted_batches

SPILL = ".sort"
BUCKET_ROWS = 2_000_000  # above that many rows a table is cut; a file then opens in one go
MAX_BUCKETS = 256
MEMORY_BYTES = 240_000_000  # of Arrow data held at once; the process needs about three times that


@dataclass(frozen=True, slots=True)
class FinishedTable:
    """What stands on disk for one table.

    Attributes:
        files: in the order of their names, with rows and hashes.
        schema: physical types of the columns.
        nulls: of each column.
        nulls_of: the same for each file.
        kept_as_text: columns whose strings could not be cast without loss.
    """

    name: str
    rows: int
    files: tuple[ReleaseFile, ...]
    schema: pa.Schema
    nulls: Mapping[str, int] = field(default_factory=dict)
    nulls_of: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    kept_as_text: tuple[str, ...] = ()


def bucket_count(rows: int) -> int:
    """Files of a table: a power of two that depends on its rows alone."""
    buckets = 1
    while rows > buckets * BUCKET_ROWS and buckets < MAX_BUCKETS:
        buckets *= 2
    return buckets


def write_table(
    folder: Path,
    name: str,
    parts: Sequence[Path],
    schema: pa.Schema,
    *,
    key_columns: Sequence[str] = (),
    casts: Mapping[str, pa.DataType] | None = None,
    buckets: int | None = None,
    memory_bytes: int = MEMORY_BYTES,
    only: frozenset[int] | None = None,
) -> FinishedTable:
    """Write a table's files below `folder`.

    Args:
        folder: of the release.
        name: of the table.
        parts: files of `parts.write_part`; their order does not matter.
        schema: of the parts.
        key_columns: sorted by first; the first of them, a pseudonym, decides the bucket.
        casts: types for columns of strings; a column that would lose something stays text.
        buckets: files; from the number of rows when not given.
        memory_bytes: more Arrow data than this is sorted on disk.
        only: buckets that are written; needs `key_columns` and `buckets`, and rows in one of them.

    Raises:
        TransformError: a column of `key_columns` or `casts` is missing (SLADD-342).
    """
    casts = dict(casts or {})
    _check_names(name, schema, [*key_columns, *casts])
    text = misfits(_rows_of(parts), casts) if casts else set()
    target = canonical_schema(schema, {c: t for c, t in casts.items() if c not in text})
    names = [*key_columns, *(n for n in schema.names if n not in set(key_columns))]
    sort_schema = pa.schema([target.field(n) for n in names])

    batches: Iterator[pa.RecordBatch] = (_physical(batch, sort_schema) for batch in _rows_of(parts))
    if only is not None and buckets is not None:
        batches = _in_buckets(batches, buckets, only)
    held, all_held = _hold(batches, 0 if _nested(target) else memory_bytes)
    with TableFiles(folder / table_folder(name), target) as files:
        if all_held:
            _in_memory(files, held, sort_schema, buckets, key_columns)
        else:
            if buckets is None:
                buckets = bucket_count(sum(batch.num_rows for batch in _rows_of(parts)))
            count = buckets if key_columns else 1
            _on_disk(files, chain(held, batches), sort_schema, count, folder / SPILL, memory_bytes)
    return FinishedTable(
        name=name,
        rows=sum(f.rows or 0 for f in files.done),
        files=tuple(
            ReleaseFile(path=f"{table_folder(name)}/{f.path}", sha256=f.sha256, rows=f.rows)
            for f in files.done
        ),
        schema=target,
        nulls=dict(files.nulls),
        nulls_of={f"{table_folder(name)}/{file}": n for file, n in files.nulls_of.items()},
        kept_as_text=tuple(sorted(text)),
    )


def _rows_of(parts: Iterable[Path]) -> Iterator[pa.RecordBatch]:
    for part in parts:
        yield from read_part(part)


def _in_buckets(
    batches: Iterator[pa.RecordBatch], count: int, only: frozenset[int]
) -> Iterator[pa.RecordBatch]:
    wanted = np.array(sorted(only), dtype=np.uint64)
    for batch in batches:
        yield batch.filter(pa.array(np.isin(bucket_of(batch.column(0), count), wanted)))


def _physical(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for target in schema:
        column = convert(pa.chunked_array([batch.column(target.name)]), target.type)
        columns.append(column.chunk(0) if column.num_chunks else pa.array([], column.type))
    return pa.RecordBatch.from_arrays(columns, names=schema.names)


def _hold(
    batches: Iterator[pa.RecordBatch], memory_bytes: int
) -> tuple[list[pa.RecordBatch], bool]:
    """As many batches as may be held, and whether that is all of them."""
    held: list[pa.RecordBatch] = []
    seen: set[int] = set()
    size = 0
    for batch in batches:
        held.append(batch)
        for column in batch.columns:
            if not pa.types.is_dictionary(column.type):
                size += column.nbytes
                continue
            size += column.indices.nbytes
            body = column.dictionary.buffers()[-1]  # shared by batches of one part
            if body is not None and body.address not in seen:
                seen.add(body.address)
                size += column.dictionary.nbytes
        if size > memory_bytes:
            return held, False
    return held, memory_bytes > 0


def _nested(schema: pa.Schema) -> bool:
    # numpy has no order for lists and structs; DuckDB has, so it sorts these at any size.
    return any(pa.types.is_nested(f.type) for f in schema)


def _in_memory(
    files: TableFiles,
    held: list[pa.RecordBatch],
    schema: pa.Schema,
    buckets: int | None,
    key_columns: Sequence[str],
) -> None:
    columns = [_one_chunk([batch.column(i) for batch in held], f) for i, f in enumerate(schema)]
    held.clear()
    table = pa.table(columns, names=schema.names)
    count = (buckets or bucket_count(table.num_rows)) if key_columns else 1
    bucket = bucket_of(columns[0], count) if count > 1 else None
    order = sort_rows(table, bucket)
    ends = np.bincount(bucket, minlength=count).cumsum() if bucket is not None else [len(order)]
    start = 0
    for number, end in enumerate(ends):
        for at in range(start, int(end), ROW_GROUP_ROWS):
            rows = pa.array(order[at : min(at + ROW_GROUP_ROWS, int(end))])
            taken = [_plain(column.take(rows)) for column in columns]
            files.add(number, pa.RecordBatch.from_arrays(taken, schema=schema))
        start = int(end)


def _one_chunk(chunks: list[pa.Array], target: pa.Field) -> pa.Array:
    if not chunks:
        return pa.array([], target.type)
    if not all(pa.types.is_dictionary(chunk.type) for chunk in chunks):
        chunks = [_plain(chunk) for chunk in chunks]
    column = pa.chunked_array(chunks)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    combined = column.combine_chunks()
    return combined.chunk(0) if isinstance(combined, pa.ChunkedArray) else combined


def _plain(array: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        return array.dictionary.take(array.indices)
    return array


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


def _on_disk(
    files: TableFiles,
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
    count: int,
    folder: Path,
    memory_bytes: int,
) -> None:
    with_bucket = pa.schema([pa.field(BUCKET, pa.uint16()), *schema])

    def numbered() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            buckets = bucket_of(batch.column(0), count).astype(np.uint16)
            columns = [pa.array(buckets), *(_plain(column) for column in batch.columns)]
            yield pa.RecordBatch.from_arrays(columns, schema=with_bucket)

    ordered = sorted_batches(
        numbered(), with_bucket, folder=folder, memory_bytes=memory_bytes, batch_rows=65_536
    )
    for batch in ordered:
        bucket, rows = np.asarray(batch.column(0)), batch.select(schema.names)
        # The bucket changes in few batches: cut there.
        cuts = [0, *(np.flatnonzero(np.diff(bucket)) + 1).tolist(), len(bucket)]
        for start, end in pairwise(cuts):
            if end > start:
                files.add(int(bucket[start]), rows.slice(start, end - start))
    shutil.rmtree(folder, ignore_errors=True)


def _check_names(table: str, schema: pa.Schema, wanted: Sequence[str]) -> None:
    missing = [name for name in wanted if name not in schema.names]
    folded = [name.casefold() for name in schema.names]
    if missing or not folded:
        what = f"the rows have no column '{missing[0]}'" if missing else "no column is left"
        raise TransformError(what, code=342, where=table, mend="sladd plan")
    if len(set(folded)) < len(folded):
        twice = next(n for n in schema.names if folded.count(n.casefold()) > 1)
        raise TransformError(
            f"two columns are called '{twice}' (DuckDB does not tell upper from lower case)",
            code=343,
            where=table,
            mend="rename or drop one of them",
        )
