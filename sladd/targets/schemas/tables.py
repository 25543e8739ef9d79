"""The files of a staged release as the tables of a database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sladd.release import Manifest, ReleaseForeignKey, ReleaseTable, label
from sladd.targets.schemas.faults import no_place

BATCH_ROWS = 50_000


def schema_of(folder: Path, table: ReleaseTable) -> pa.Schema:
    """The columns of a table, by its first file; nullable ones may hold NULL."""
    schema = pa.schema(
        [
            f.with_type(_in_microseconds(f.type))
            for f in pq.read_schema(folder / table.files[0].path)
        ]
    )
    nulls = {column.name: column.nulls for column in table.columns}
    return pa.schema([f.with_nullable(nulls.get(f.name) != 0) for f in schema])


def batches(folder: Path, table: ReleaseTable, shown: str) -> Iterator[pa.RecordBatch]:
    """The rows of a table in the order of its files, times in microseconds.

    Raises:
        SourceError: a time has a part below a microsecond, which no server holds (SLADD-269).
    """
    for file in table.files:
        with pq.ParquetFile(folder / file.path) as opened:
            for batch in opened.iter_batches(batch_size=BATCH_ROWS):
                columns = []
                for name, column in zip(batch.schema.names, batch.columns, strict=True):
                    try:
                        columns.append(column.cast(_in_microseconds(column.type)))
                    except pa.ArrowInvalid:
                        where = f"{table.name}.{name}"
                        raise no_place(shown, where, "parts of a microsecond") from None
                yield pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _in_microseconds(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    return pa.time64("us") if pa.types.is_time64(kind) else kind


def longest(folder: Path, table: ReleaseTable, column: str) -> int:
    """Characters of the longest text of a column; 0 for one that holds no texts."""
    found = 0
    for file in table.files:
        with pq.ParquetFile(folder / file.path) as opened:
            if not pa.types.is_string(opened.schema_arrow.field(column).type):
                return 0
            for batch in opened.iter_batches(batch_size=BATCH_ROWS, columns=[column]):
                found = max(found, pc.max(pc.utf8_length(batch.column(0))).as_py() or 0)
    return found


def indexable(folder: Path, manifest: Manifest, *, most_bytes: int) -> Manifest:
    """The manifest without the keys that no index of the database can hold.

    Args:
        folder: of the staged release.
        manifest: of it.
        most_bytes: that an index entry may have; a character takes up to four (UTF-8).
    """

    def fits(table: ReleaseTable, key: tuple[str, ...]) -> bool:
        return 4 * sum(longest(folder, table, column) for column in key) <= most_bytes

    return manifest.model_copy(
        update={
            "tables": tuple(
                t.model_copy(
                    update={
                        "primary_key": t.primary_key if fits(t, t.primary_key) else (),
                        "unique_keys": tuple(k for k in t.unique_keys if fits(t, k)),
                    }
                )
                for t in manifest.tables
            )
        }
    )


def holding(manifest: Manifest) -> list[ReleaseForeignKey]:
    """Foreign keys that hold for every row, in the column order of the unique key they point at.

    MariaDB wants the columns in the order of its index; the pairs may stand in any.
    """
    keys = {table.name: (table.primary_key, *table.unique_keys) for table in manifest.tables}
    found = []
    for key in manifest.foreign_keys:
        pairs = dict(zip(key.target_columns, key.columns, strict=True))
        whole = next((k for k in keys.get(key.target, ()) if set(k) == set(pairs)), None)
        if whole and not key.orphans:
            mine = tuple(pairs[column] for column in whole)
            found.append(key.model_copy(update={"columns": mine, "target_columns": whole}))
    return found


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
