"""The files of a staged release as the tables of a database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sladd.release import Manifest, ReleaseForeignKey, ReleaseTable, label

BATCH_ROWS = 50_000


def schema_of(folder: Path, table: ReleaseTable) -> pa.Schema:
    """The columns of a table, by its first file; nullable ones may hold NULL."""
    schema = pq.read_schema(folder / table.files[0].path)
    nulls = {column.name: column.nulls for column in table.columns}
    return pa.schema([f.with_nullable(nulls.get(f.name) != 0) for f in schema])


def batches(folder: Path, table: ReleaseTable) -> Iterator[pa.RecordBatch]:
    """The rows of a table in the order of its files; lists and structures as JSON text."""
    for file in table.files:
        with pq.ParquetFile(folder / file.path) as opened:
            yield from opened.iter_batches(batch_size=BATCH_ROWS)


def holding(manifest: Manifest) -> list[ReleaseForeignKey]:
    """Foreign keys that hold for every row, to single-column keys that are unique."""
    keys = {table.name: (table.primary_key, *table.unique_keys) for table in manifest.tables}
    return [
        key
        for key in manifest.foreign_keys
        if not key.orphans and key.target_columns in keys.get(key.target, ())
    ]


def comment_of(manifest: Manifest) -> str:
    """What stands at the schema: the label first, so that nobody mistakes it."""
    until = f", until {manifest.expires:%Y-%m-%d}" if manifest.expires else ""
    return (
        f"{label(manifest.kind, 'nb')} / {label(manifest.kind, 'en')} · {manifest.release}"
        f" {manifest.version}{until} · sladd"
    )


def column_comment(table: ReleaseTable, name: str) -> str:
    """Category and treatment of a column, in a line."""
    for column in table.columns:
        if column.name == name:
            return " · ".join(filter(None, (column.category, column.transform, column.comment)))
    return ""
