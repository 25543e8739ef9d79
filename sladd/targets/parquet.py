"""From parts to the Parquet files of a table: sorted, bucketed, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa

from sladd.errors import TransformError
from sladd.release import ReleaseFile
from sladd.release.paths import table_folder
from sladd.targets.columns import canonical_schema, convert, misfits
from sladd.targets.disk import DiskSort
from sladd.targets.files import TableFiles
from sladd.targets.memory import bucket_of, write_sorted
from sladd.targets.parts import read_part
from sladd.targets.ranges import Held, cuts, surveyed

SPILL = ".sort"
BUCKET_ROWS = 2_000_000  # above that many rows a table is cut; a file then opens in one go
MAX_BUCKETS = 256
MEMORY_BYTES = 160_000_000  # of Arrow data held at once; the process needs about three times that


@dataclass(frozen=True, slots=True)
class FinishedTable:
    """What stands on disk for one table.

    Attributes:
        files: in the order of their names, with rows and hashes.
        schema: physical types of the columns.
        nulls: of each column.
        nulls_of: the same for each file.
    """

    name: str
    rows: int
    files: tuple[ReleaseFile, ...]
    schema: pa.Schema
    nulls: Mapping[str, int] = field(default_factory=dict)
    nulls_of: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


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

    # What fits in memory is held whole: mapped, it is not copied first.
    mapped = sum(part.stat().st_size for part in parts) <= memory_bytes
    batches: Iterator[pa.RecordBatch] = (
        _physical(batch, sort_schema) for batch in _rows_of(parts, mapped=mapped)
    )
    if only is not None and buckets is not None:
        batches = _in_buckets(batches, buckets, only)
    held, size = _hold(batches, 0 if _nested(target) else memory_bytes)
    with TableFiles(folder / table_folder(name), target, names[0]) as files:
        if size is None:
            if buckets is None:
                buckets = bucket_count(sum(batch.num_rows for batch in held))
            write_sorted(files, held, sort_schema, buckets if key_columns else 1)
        else:
            first = pa.schema([sort_schema.field(0)])
            rows, words = surveyed(_physical(batch, first) for batch in _rows_of(parts))
            count = (buckets or bucket_count(rows)) if key_columns else 1
            ranges = -(-size.size * rows // max(size.rows, 1)) // max(memory_bytes // 2, 1)
            with DiskSort(files, sort_schema, folder / SPILL, memory_bytes) as disk:
                disk.add(chain(_given_back(held), batches), count, cuts(words, ranges // count + 1))
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
    )


def _rows_of(parts: Iterable[Path], *, mapped: bool = False) -> Iterator[pa.RecordBatch]:
    for part in parts:
        yield from read_part(part, mapped=mapped)


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
) -> tuple[list[pa.RecordBatch], Held | None]:
    """As many batches as may be held; with their size when that is not all of them."""
    held: list[pa.RecordBatch] = []
    size = Held()
    for batch in batches:
        held.append(batch)
        size.add(batch)
        if size.size > memory_bytes:
            return held, size
    return held, None if memory_bytes > 0 else size


def _given_back(held: list[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    held.reverse()
    while held:
        yield held.pop()


def _nested(schema: pa.Schema) -> bool:
    # numpy has no order for lists and structs; DuckDB has, so it sorts these at any size.
    return any(pa.types.is_nested(f.type) for f in schema)


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
