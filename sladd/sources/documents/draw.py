"""Rows drawn from a stream of unknown length: the same ones whatever their order."""

from __future__ import annotations

import hashlib

import pyarrow as pa

from sladd.sources.documents.table import SCHEMA


class Draw:
    """Keeps the `most` rows whose digests are the smallest; 0 keeps all. Holds values."""

    def __init__(self, most: int, *, seed: int = 0) -> None:
        self._most = most
        self._seed = str(seed).encode()
        self._held: list[pa.RecordBatch] = []
        self._marks: list[bytes] = []
        self._limit = b"\xff" * 9
        self.rows = 0

    def __repr__(self) -> str:
        return f"<Draw of {len(self._marks)} from {self.rows} rows>"

    def add(self, batch: pa.RecordBatch) -> None:
        """Look at some rows."""
        self.rows += batch.num_rows
        if not self._most:
            self._held.append(batch)
            return
        marks = [
            hashlib.blake2b(f"{name}/{place}".encode(), digest_size=8, key=self._seed).digest()
            for name, place in zip(
                batch.column("document").to_pylist(),
                batch.column("ordinal").to_pylist(),
                strict=True,
            )
        ]
        wanted = [place for place, mark in enumerate(marks) if mark < self._limit]
        if not wanted:
            return
        self._held.append(batch.take(pa.array(wanted)))
        self._marks += [marks[place] for place in wanted]
        if len(self._marks) > 2 * self._most:
            self._thin()

    def _thin(self) -> None:
        ranked = sorted(range(len(self._marks)), key=self._marks.__getitem__)[: self._most]
        kept = sorted(ranked)
        table = pa.Table.from_batches(self._held, SCHEMA).take(pa.array(kept, pa.int64()))
        self._held = table.combine_chunks().to_batches()
        self._marks = [self._marks[place] for place in kept]
        if len(kept) == self._most:
            self._limit = max(self._marks)

    def table(self) -> pa.Table:
        """Shape (rows kept, columns), in the order in which they came."""
        if self._most and len(self._marks) > self._most:
            self._thin()
        return pa.Table.from_batches(self._held, SCHEMA)

    @property
    def complete(self) -> bool:
        """Whether every row was kept."""
        return not self._most or self.rows <= self._most
