"""Putting rows in the order of their own values when they do not fit in memory (DuckDB)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

BUCKET = "bucket\x00"  # no column of a source can be called that: databases refuse NUL


def sorted_batches(
    batches: Iterator[pa.RecordBatch],
    schema: pa.Schema,
    *,
    folder: Path,
    memory_bytes: int,
    batch_rows: int,
) -> Iterator[pa.RecordBatch]:
    """Stream the rows in the order that `order.sort_rows` defines.

    Args:
        batches: rows with the columns of `schema`, sorted by from left to right.
        schema: physical types (`columns.canonical_schema`).
        folder: where DuckDB may write what does not fit.
        memory_bytes: for DuckDB; Arrow's own buffers come on top.
        batch_rows: rows of each batch handed back, except the last.
    """
    import duckdb

    folder.mkdir(mode=0o700, exist_ok=True)
    # Columns are numbered, so that no name, however hostile, becomes part of a statement.
    numbered = pa.schema([pa.field(f"c{i}", f.type) for i, f in enumerate(schema)])

    def renamed() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield pa.RecordBatch.from_arrays(batch.columns, schema=numbered)

    config: dict[str, str | bool | int | float | list[str]] = {
        # Below that not even its blocks fit.
        "memory_limit": f"{max(memory_bytes // 1_000_000, 192)}MB",
        "temp_directory": str(folder),
        "threads": 2,
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "preserve_insertion_order": True,
    }
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("rows", pa.RecordBatchReader.from_batches(numbered, renamed()))
        keys = ", ".join(f"c{i} ASC NULLS LAST" for i in range(len(schema)))
        relation = connection.sql(f"SELECT * FROM rows ORDER BY {keys}")
        reader: pa.RecordBatchReader = relation.to_arrow_reader(batch_rows)
        for batch in reader:
            columns = [
                column if column.type == field.type else column.cast(field.type)
                for column, field in zip(batch.columns, schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)
