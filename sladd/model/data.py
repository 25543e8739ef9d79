"""Data in motion, and what moves it. `Sample` and record batches alone hold cell values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol, runtime_checkable

import pyarrow as pa

from sladd.model.addresses import TableRef
from sladd.model.schema import Field, NotScanned, Table


class Sample:
    """Rows drawn from a table. Holds cell values, so it can be neither printed nor pickled.

    Attributes:
        table: the table they were drawn from.
        data: shape (rows, columns). Nested values are already flattened to columns whose
            field metadata holds their path (see `sladd.sources.nested`). Text may be a
            dictionary, where the source has it so.
        fields: one for each column of `data`, in its order.
        drawn: how, in one word: `all`, `random_rows`, `block_sample`, `spread_keys`, `first_rows`.
        rows_total: rows of the table as far as known.
    """

    __slots__ = ("data", "drawn", "fields", "rows_total", "table")

    def __init__(
        self,
        table: Table,
        data: pa.Table,
        fields: Sequence[Field],
        *,
        drawn: str,
        rows_total: int | None,
    ) -> None:
        self.table = table
        self.data = data
        self.fields = tuple(fields)
        self.drawn = drawn
        self.rows_total = rows_total

    @property
    def rows(self) -> int:
        """Rows in the sample."""
        return int(self.data.num_rows)

    @property
    def complete(self) -> bool:
        """Whether every row of the table was read."""
        return self.drawn == "all"

    def __repr__(self) -> str:
        return f"<Sample of {self.table.ref}: {self.rows} rows, drawn {self.drawn}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Sample holds personal data and is never serialised")


@dataclass(frozen=True, slots=True)
class Partition:
    """The unit of work: a file, a row-group range, or a key range of a table. No values.

    `spec` is what the source needs to read it again, in another process: file name and row
    groups, or positions in the key order. Key *values* that are data never stand in it.
    """

    table: TableRef
    index: int
    spec: Mapping[str, Any]
    rows: int | None = None


@runtime_checkable
class Snapshot(Protocol):
    """One consistent view of a source, for as long as the publish runs.

    `id` goes into receipts and manifest; `consistency` is `snapshot` or `per table`.
    """

    id: str
    consistency: str

    def partitions(self, table: Table, *, rows: int = 200_000) -> Sequence[Partition]:
        """Cut a table into partitions of about `rows` rows."""

    def batches(
        self,
        partition: Partition,
        *,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        batch_rows: int = 65_536,
        encoded: Collection[str] = (),
    ) -> Iterator[pa.RecordBatch]:
        """Stream a partition. Columns keep the order asked for; NULL stays NULL.

        `where` is SQL of the source's own dialect (databases) or DuckDB (files). Columns of
        text in `encoded` may come as dictionaries, if that is how the source has them.
        """

    def count(self, table: Table, *, where: str | None = None) -> int:
        """Rows, exactly."""


@runtime_checkable
class Source(Protocol):
    """Something that lists tables and fields, samples them and streams them as Arrow."""

    name: str
    kind: str  # "database", "files", "documents"
    dialect: str  # "sqlite", "postgresql", "mysql", "duckdb", …, "files"

    def tables(self) -> Sequence[Table]:
        """Everything the configuration includes. What cannot be read goes to `not_scanned`."""

    @property
    def not_scanned(self) -> Sequence[NotScanned]:
        """What `tables` or `sample` could not read so far."""

    def sample(self, table: Table, *, rows: int, seed: int = 0) -> Sample:
        """Draw about `rows` rows without reading the whole table; 0 reads all."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Open one consistent view."""

    def close(self) -> None:
        """Release connections."""
