"""Rows of a table that do not fit in memory: range by range, each of them sorted in memory.

A pseudonym is as likely to begin with one letter as with another, so the ranges of a key come
out alike. Rows that cannot be told apart by the beginning of their first column, and nested
columns, which numpy has no order for, are sorted by DuckDB.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa

from sladd.targets.files import TableFiles
from sladd.targets.memory import bucket_of, write_sorted
from sladd.targets.order import Words, has_words
from sladd.targets.ranges import MAX_RANGES, Spilled, cuts, split, surveyed
from sladd.targets.repeats import plain
from sladd.targets.spill import BUCKET, sorted_batches

Numbered = tuple[int | Words, pa.RecordBatch]
"""Rows, with their bucket or, shape (rows,), their buckets."""


class DiskSort:
    """Puts rows in order with the help of a folder, which is gone afterwards."""

    def __init__(
        self, files: TableFiles, schema: pa.Schema, folder: Path, memory_bytes: int
    ) -> None:
        """Prepare.

        Args:
            files: of the table.
            schema: physical types; sorted by from left to right.
            folder: for what does not fit in memory.
            memory_bytes: of Arrow data that may be held at once.
        """
        self._files, self._schema = files, schema
        self._folder, self._memory_bytes = folder, memory_bytes
        self._splits = 0
        self._in_ranges = has_words(schema.field(0).type) and not any(
            pa.types.is_nested(field.type) for field in schema
        )

    def __enter__(self) -> Self:
        shutil.rmtree(self._folder, ignore_errors=True)  # left by a run that was interrupted
        self._folder.mkdir(mode=0o700)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, batches: Iterable[pa.RecordBatch], count: int, starts: Words) -> None:
        """Write all rows in order.

        Args:
            batches: of the table.
            count: buckets.
            starts: where ranges of the first column begin (`ranges.cuts`).
        """
        numbered = ((bucket_of(batch.column(0), count), batch) for batch in batches)
        if not self._in_ranges:
            self._by_duckdb(numbered)
            return
        for spilled in self._split(numbered, starts[: max(MAX_RANGES // count, 1)]):
            self._write(spilled)

    def _split(self, batches: Iterable[Numbered], starts: Words) -> list[Spilled]:
        self._splits += 1
        return split(batches, self._schema, starts, self._folder / str(self._splits))

    def _write(self, spilled: Spilled) -> None:
        if spilled.size <= self._memory_bytes:
            held = list(spilled.batches())
            spilled.path.unlink()
            write_sorted(self._files, held, self._schema, 1, spilled.bucket)
            pa.default_memory_pool().release_unused()
            return
        _, words = surveyed(spilled.batches())
        wanted = 1 + spilled.size // max(self._memory_bytes // 2, 1)
        starts = cuts(words, min(wanted, MAX_RANGES))
        pieces = self._split(spilled.numbered(), starts) if len(starts) else [spilled]
        if len(pieces) > 1:
            spilled.path.unlink()
            for piece in pieces:
                self._write(piece)
        else:  # the rows begin alike
            self._by_duckdb(spilled.numbered())
            spilled.path.unlink()

    def _by_duckdb(self, batches: Iterable[Numbered]) -> None:
        with_bucket = pa.schema([pa.field(BUCKET, pa.uint16()), *self._schema])

        def numbered() -> Iterator[pa.RecordBatch]:
            for bucket, batch in batches:
                buckets = np.broadcast_to(np.asarray(bucket, np.uint16), batch.num_rows)
                columns = [pa.array(buckets), *(plain(column) for column in batch.columns)]
                yield pa.RecordBatch.from_arrays(columns, schema=with_bucket)

        ordered = sorted_batches(
            numbered(),
            with_bucket,
            folder=self._folder / "duckdb",
            memory_bytes=self._memory_bytes,
            batch_rows=65_536,
        )
        for batch in ordered:
            bucket, rows = np.asarray(batch.column(0)), batch.select(self._schema.names)
            # The bucket changes in few batches: cut there.
            edges = [0, *(np.flatnonzero(np.diff(bucket)) + 1).tolist(), len(bucket)]
            for start, end in pairwise(edges):
                if end > start:
                    self._files.add(int(bucket[start]), rows.slice(start, end - start))
