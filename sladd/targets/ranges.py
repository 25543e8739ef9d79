"""Rows that do not fit in memory, on disk by ranges of their first column that do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa

from sladd.targets.columns import used_alone
from sladd.targets.order import Rows, Words, first_words, has_words

MAX_RANGES = 256  # files open at once; a range that is still too large is split again
_DRAWN = 256  # rows of a batch that speak for it: 65,536 rows are known to 1/16 of their spread
_NOTHING = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Spilled:
    """Rows of one bucket and one range, in the order they came.

    Attributes:
        bucket: of every row.
        size: bytes of Arrow data when they are held.
    """

    path: Path
    bucket: int
    rows: int
    size: int

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Stream the rows; not mapped, because mapped pages count as this process's memory."""
        with pa.OSFile(str(self.path)) as source, pa.ipc.open_stream(source) as reader:
            yield from reader

    def numbered(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Stream the rows with their bucket."""
        return ((self.bucket, batch) for batch in self.batches())


class Held:
    """How much memory batches take. Batches of one part share their dictionaries."""

    def __init__(self) -> None:
        self.size = 0
        self.rows = 0
        self._seen: set[int] = set()

    def add(self, batch: pa.RecordBatch) -> None:
        """Count a batch that is kept."""
        self.rows += batch.num_rows
        for column in batch.columns:
            if not pa.types.is_dictionary(column.type):
                self.size += column.nbytes
                continue
            self.size += column.indices.nbytes
            body = column.dictionary.buffers()[-1]
            if body is not None and body.address not in self._seen:
                self._seen.add(body.address)
                self.size += column.dictionary.nbytes


def surveyed(batches: Iterable[pa.RecordBatch]) -> tuple[int, Words]:
    """Count rows, and draw words of the first column from some of them, without NULL."""
    rows, found = 0, [_NOTHING]
    for batch in batches:
        column = batch.column(0)
        rows += len(column)
        if not has_words(column.type) or not len(column):
            continue
        places = np.linspace(0, len(column) - 1, min(len(column), _DRAWN)).astype(np.int64)
        values = column.take(pa.array(places)).drop_null()
        if len(values):
            found.append(first_words(values))
    return rows, np.concatenate(found)


def cuts(words: Words, ranges: int) -> Words:
    """Where each range but the first begins, so that about equal numbers of rows fall into each.

    Args:
        words: some of the rows' (`surveyed`).
        ranges: wanted; there are fewer when few words are different.
    """
    if not len(words) or ranges < 2:
        return _NOTHING
    words = np.sort(words)
    above: Words = np.unique(words[np.arange(1, ranges) * len(words) // ranges])
    above = above[above > words[0]]
    if not len(above):  # most rows have the first word: the others are cut off
        above = np.unique(words)[1:2]
    return above


def split(
    batches: Iterable[tuple[int | Words, pa.RecordBatch]],
    schema: pa.Schema,
    starts: Words,
    folder: Path,
) -> list[Spilled]:
    """Write each row to the file of its bucket and its range.

    Args:
        batches: rows, and their bucket or buckets, shape (rows,).
        schema: names of the columns.
        starts: of the ranges (`cuts`).
        folder: new, for the files.

    Returns:
        The files in the order of their rows.
    """
    folder.mkdir(mode=0o700, parents=True)
    width = len(starts) + 2  # before the first start, from each start on, and NULL
    with ExitStack() as stack:
        files: dict[int, _File] = {}
        for bucket, batch in batches:
            number = _range_of(batch.column(0), starts) + np.uint64(width) * np.uint64(bucket)
            order = _stable(number)
            counts = np.bincount(number.astype(np.int64))
            sorted_ = batch.take(pa.array(order))
            ends = np.cumsum(counts)
            for place in np.flatnonzero(counts).tolist():
                piece = sorted_.slice(int(ends[place] - counts[place]), int(counts[place]))
                if place not in files:
                    files[place] = stack.enter_context(_File(folder / f"{place}.arrow"))
                files[place].add(pa.RecordBatch.from_arrays(list(map(_own, piece)), schema.names))
        return [
            Spilled(file.path, place // width, file.held.rows, file.held.size)
            for place, file in sorted(files.items())
        ]


def _range_of(column: pa.Array, starts: Words) -> Words:
    if pa.types.is_dictionary(column.type):
        entries = _range_of(column.dictionary, starts)
        known = np.append(entries, np.uint64(len(starts) + 1))
        return known[np.asarray(column.indices.fill_null(len(entries))).astype(np.int64)]
    numbers = np.zeros(len(column), dtype=np.uint64)
    if len(starts):
        numbers = np.searchsorted(starts, first_words(column), side="right").astype(np.uint64)
    if column.null_count:
        numbers[np.asarray(column.is_null())] = len(starts) + 1
    return numbers


def _stable(number: Words) -> Rows:
    # numpy sorts 16 bits by radix.
    small = number.astype(np.uint16) if number.max(initial=0) < 1 << 16 else number
    order: Rows = np.argsort(small, kind="stable")
    return order


def _own(column: pa.Array) -> pa.Array:
    """A column of a piece with nothing in its dictionary that belongs to others."""
    return used_alone(column) if pa.types.is_dictionary(column.type) else column


class _File:
    """One open file of a range. Not compressed: it is gone a minute later."""

    def __init__(self, path: Path) -> None:
        self.path, self.held = path, Held()
        self._stack = ExitStack()
        self._writer: pa.RecordBatchStreamWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, piece: pa.RecordBatch) -> None:
        if self._writer is None:
            sink = self._stack.enter_context(pa.OSFile(str(self.path), "wb"))
            self._writer = self._stack.enter_context(pa.ipc.new_stream(sink, piece.schema))
        self._writer.write_batch(piece)
        self.held.rows += piece.num_rows
        self.held.size += sum(_bytes(column) for column in piece)


def _bytes(column: pa.Array) -> int:
    if pa.types.is_dictionary(column.type):
        return int(column.indices.nbytes + column.dictionary.nbytes)
    return int(column.nbytes)
