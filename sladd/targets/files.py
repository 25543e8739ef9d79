"""The Parquet files of one table, written so that equal rows give equal bytes."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sladd.release import ReleaseFile
from sladd.targets.repeats import is_small, plain, repeated

ROW_GROUP_ROWS = 131_072  # 128 Ki: DuckDB reads row groups in parallel, 122,880 is its own size
_OFTEN = 4  # rows a value, at least, where a dictionary of numbers is worth its making


class TableFiles:
    """The files of one table, written bucket after bucket in row groups of one size."""

    def __init__(self, folder: Path, schema: pa.Schema, first: str = "") -> None:
        """Begin with no file.

        Args:
            folder: of the table.
            schema: of the files.
            first: column that rows are sorted by before all others.
        """
        self.done: list[ReleaseFile] = []
        self.nulls = dict.fromkeys(schema.names, 0)
        self.nulls_of: dict[str, dict[str, int]] = {}  # file → column
        self._folder, self._schema, self._first = folder, schema, first
        self._writer: pq.ParquetWriter | None = None
        self._bucket = -1
        self._rows = 0
        self._waiting: list[pa.RecordBatch] = []

    def __enter__(self) -> Self:
        if self._folder.exists():  # left by a run that was interrupted
            shutil.rmtree(self._folder)
        self._folder.mkdir(mode=0o700, parents=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            if self._bucket < 0:  # a table without rows still has its columns
                self._open(0)
            self._close()
        elif self._writer is not None:
            with suppress(OSError):
                self._writer.close()

    def add(self, bucket: int, batch: pa.RecordBatch) -> None:
        """Append rows, whatever their number; buckets come in ascending order."""
        if bucket != self._bucket:
            self._close()
            self._open(bucket)
        while batch.num_rows:
            room = ROW_GROUP_ROWS - self._waiting_rows()
            self._waiting.append(batch.slice(0, room))
            batch = batch.slice(min(room, batch.num_rows))
            if self._waiting_rows() == ROW_GROUP_ROWS:
                self._flush()

    def _waiting_rows(self) -> int:
        return sum(batch.num_rows for batch in self._waiting)

    def _flush(self) -> None:
        if not self._waiting:
            return
        columns = []
        for field in self._schema:
            # One chunk a column: where pages end must not tell how the rows arrived.
            chunks = [batch.column(field.name) for batch in self._waiting]
            column = self._one(field, chunks)
            self.nulls[field.name] += column.null_count
            self.nulls_of[self._path().name][field.name] += column.null_count
            columns.append(column)
        self._rows += sum(batch.num_rows for batch in self._waiting)
        self._waiting = []
        table = pa.table(columns, names=self._schema.names)
        if self._writer is None:
            repeating = [n for n in table.schema.names if _repeats(table.column(n))]
            self._writer = self._written(table.schema, repeating)
        self._writer.write_table(table, row_group_size=ROW_GROUP_ROWS)

    def _one(self, field: pa.Field, chunks: list[pa.Array]) -> pa.Array:
        """A column as it is written; the first row group of a file says which are dictionaries."""
        form = self._writer.schema.field(field.name).type if self._writer is not None else None
        if pa.types.is_string(field.type) and (form is None or pa.types.is_dictionary(form)):
            values = repeated(chunks)
            return values if form is not None or is_small(values) else plain(values)
        return pa.concat_arrays([plain(chunk) for chunk in chunks])

    def _path(self) -> Path:
        return self._folder / f"part-{self._bucket:02d}.parquet"

    def _open(self, bucket: int) -> None:
        self._bucket, self._rows = bucket, 0
        self.nulls_of[self._path().name] = dict.fromkeys(self._schema.names, 0)

    def _written(self, schema: pa.Schema, repeating: list[str]) -> pq.ParquetWriter:
        """A writer. Of texts that rows are not sorted by, the least and greatest help nobody."""
        told = [f.name for f in self._schema if f.name == self._first or not _is_text(f.type)]
        # Parquet addresses what is nested by its leaves.
        nested = any(pa.types.is_nested(f.type) for f in self._schema)
        return pq.ParquetWriter(
            self._path(),
            schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=nested or repeating or False,
            write_statistics=nested or told or False,
            store_schema=False,  # Arrow's copy of the schema would be foreign metadata
            version="2.6",
        )

    def _close(self) -> None:
        if self._bucket < 0:
            return
        self._flush()
        writer = self._writer or self._written(self._schema, [])
        writer.close()
        self._writer = None
        with self._path().open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.done.append(ReleaseFile(path=self._path().name, sha256=digest, rows=self._rows))


def _repeats(column: pa.ChunkedArray) -> bool:
    """Whether Parquet is to make a dictionary.

    Where few values repeat, a million numbers took up to 3.5 times as long with one, and a third
    more bytes (measured).
    """
    if pa.types.is_dictionary(column.type) or pa.types.is_nested(column.type):
        return True
    if _is_text(column.type):
        return False  # one was looked for already
    return bool(pc.count_distinct(column, mode="all").as_py() * _OFTEN <= len(column))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_dictionary(kind))
