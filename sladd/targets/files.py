"""The Parquet files of one table, written so that equal rows give equal bytes."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from sladd.release import ReleaseFile

ROW_GROUP_ROWS = 131_072  # 128 Ki: DuckDB reads row groups in parallel, 122,880 is its own size


class TableFiles:
    """The files of one table, written bucket after bucket in row groups of one size."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self.done: list[ReleaseFile] = []
        self.nulls = dict.fromkeys(schema.names, 0)
        self.nulls_of: dict[str, dict[str, int]] = {}  # file → column
        self._folder, self._schema = folder, schema
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
            if self._writer is None:  # a table without rows still has its columns
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
        if not self._waiting or self._writer is None:
            return
        # One chunk a column: where pages end must not tell how the rows arrived.
        table = pa.Table.from_batches(self._waiting).select(self._schema.names).combine_chunks()
        for name, column in zip(table.column_names, table.columns, strict=True):
            self.nulls[name] += column.null_count
            self.nulls_of[self._path().name][name] += column.null_count
        self._writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
        self._rows += table.num_rows
        self._waiting = []

    def _path(self) -> Path:
        return self._folder / f"part-{self._bucket:02d}.parquet"

    def _open(self, bucket: int) -> None:
        self._bucket, self._rows = bucket, 0
        self.nulls_of[self._path().name] = dict.fromkeys(self._schema.names, 0)
        self._writer = pq.ParquetWriter(
            self._path(),
            self._schema,
            compression="zstd",
            compression_level=1,
            store_schema=False,  # Arrow's copy of the schema would be foreign metadata
            version="2.6",
        )

    def _close(self) -> None:
        if self._writer is None:
            return
        self._flush()
        self._writer.close()
        self._writer = None
        with self._path().open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.done.append(ReleaseFile(path=self._path().name, sha256=digest, rows=self._rows))
