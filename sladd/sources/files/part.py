"""What inspecting a file yields: parts that are tables, and what went wrong while reading."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa

from sladd.model import NotScanned
from sladd.sources.files.entry import FileEntry
from sladd.sources.files.naming import NameJudge


@dataclass(frozen=True, slots=True)
class Part:
    """One table inside one file: the file itself, or a sheet of it.

    Attributes:
        file: where it is.
        format: key of the reader.
        schema: flattened columns (see `sladd.sources.nested`).
        inner: sheet name as stored; may be personal.
        inner_shown: the same, masked where it is personal.
        rows: an estimate unless `exact`.
        layout: what the reader found out about the file; never a value.
        groups: rows of each independently readable piece, where the format has such.
    """

    file: FileEntry
    format: str
    schema: pa.Schema
    inner: str = ""
    inner_shown: str = ""
    rows: int | None = None
    exact: bool = False
    layout: Any = None
    groups: tuple[int, ...] = ()

    @property
    def where(self) -> str:
        """Masked address for messages."""
        return f"{self.file.shown}:{self.inner_shown}" if self.inner else self.file.shown


@dataclass(slots=True)
class Losses:
    """What a reader left out or changed: counts and row numbers, never cells."""

    counts: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)

    def add(self, kind: str, count: int = 1, row: int | None = None) -> None:
        """Count a loss; the first five row numbers are kept."""
        if count:
            self.counts[kind] = self.counts.get(kind, 0) + count
            seen = self.rows.setdefault(kind, [])
            if row is not None and len(seen) < 5:
                seen.append(row)

    def warnings(self, where: str) -> dict[str, NotScanned]:
        """One line for each kind."""
        return {kind: self._line(where, kind, count) for kind, count in self.counts.items()}

    def _line(self, where: str, kind: str, count: int) -> NotScanned:
        words, code = _WORDS[kind]
        places = self.rows.get(kind)
        at = f" (row {', '.join(map(str, places))}{', …' if count > 5 else ''})" if places else ""
        return NotScanned(where, words.format(n=f"{count:,}".replace(",", " ")) + at, code)


_WORDS = {
    "ragged": ("{n} rows with too few or too many columns were left out", 246),
    "nul": ("{n} NUL bytes were taken out; the file may be damaged", 250),
    "foreign": ("{n} bytes that are not UTF-8 were read as Windows-1252", 252),
    "skipped": ("{n} rows above the table were left out", 246),
    "unclosed": (
        "{n} quotes never close, so that a cell of the last row holds the rest of the file",
        254,
    ),
    "json": ("{n} records that are not valid JSON were left out", 247),
    "unfit": ("{n} values did not fit the type seen in the first records and were left out", 252),
    "unseen": ("{n} records hold keys that the first records did not; these were left out", 252),
}


class Reader(Protocol):
    """What each format module offers; the module itself is the reader."""

    def inspect(self, file: FileEntry, judge: NameJudge, losses: Losses) -> Sequence[Part]:
        """Find the tables of a file, their columns and rows.

        Raises:
            SourceError: the file cannot be read.
        """

    def batches(
        self,
        part: Part,
        losses: Losses,
        *,
        columns: Sequence[str] | None = None,
        groups: tuple[int, int] | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Stream the part in the flattened schema; `columns` may be ignored by a reader."""

    def draw(self, part: Part, losses: Losses, rows: int, rng: random.Random) -> Drawn:
        """About `rows` rows from all over the part, without reading all of it if it is big."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows of one part and how they were drawn."""

    data: pa.Table
    how: str  # all, random_rows, block_sample, first_rows

    def __repr__(self) -> str:
        return f"<Drawn {self.data.num_rows} rows, {self.how}>"


def rebatch(batches: Iterator[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Cut and join batches to `rows` rows each; the last may be shorter."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            piece = batch.slice(start, rows - count)
            held.append(piece)
            count += piece.num_rows
            start += piece.num_rows
            if count == rows:
                yield _joined(held)
                held, count = [], 0
    if held:
        yield _joined(held)


def _joined(held: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    return held[0] if len(held) == 1 else pa.concat_batches(held)


def collect(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> pa.Table:
    """All batches as one table; with the schema even when there are none."""
    return pa.Table.from_batches(list(batches), schema=schema)


def pick(data: pa.Table, rows: int, rng: random.Random) -> pa.Table:
    """`rows` random rows in their order; everything when there are no more."""
    if data.num_rows <= rows:
        return data
    return data.take(pa.array(sorted(rng.sample(range(data.num_rows), rows))))
