"""What a release says beside its cells: names, comments, metadata, statistics, documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sladd.gate.statements import open_memory, text_of
from sladd.release import Manifest, dumps
from sladd.release.paths import DATABASE, DICTIONARY, MANIFEST, REPORT


def beside(folder: Path, manifest: Manifest) -> Iterator[tuple[str, pa.Array]]:
    """Where something stands that is no cell, and the texts there.

    Args:
        folder: of the release.
        manifest: of the release.
    """
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*"))]
    yield "file names", _array(names)
    for table in manifest.tables:
        for file in table.files:
            yield file.path, _array(_of_parquet(folder / file.path))
    if (folder / DATABASE).is_file():
        yield DATABASE, _array(_of_database(folder / DATABASE))
    yield MANIFEST, _array(dumps(_without_rules(manifest)).decode().splitlines())
    for name in (DICTIONARY, REPORT):
        if (folder / name).is_file():
            yield name, _lines(folder / name)


def _without_rules(manifest: Manifest) -> Manifest:
    """The manifest without the patterns of its fakes, which are ours and name reserved ranges."""
    tables = tuple(
        table.model_copy(
            update={
                "columns": tuple(
                    column.model_copy(update={"pattern": "", "pieces": ""})
                    for column in table.columns
                )
            }
        )
        for table in manifest.tables
    )
    return manifest.model_copy(update={"tables": tables})


def documents(folder: Path, manifest: Manifest) -> Iterator[tuple[str, pa.Array]]:
    """The texts of documents, one file each, that a release of documents may have."""
    for file in manifest.files:
        path = folder / file.path
        if path.suffix == ".txt" and path.is_file():
            yield file.path, _lines(path)


def _lines(path: Path) -> pa.Array:
    return _array(path.read_text(encoding="utf-8", errors="replace").splitlines())


def _of_parquet(path: Path) -> Iterator[str]:
    """Names, key-value metadata and statistics of a file."""
    with pq.ParquetFile(path) as opened:
        schema, metadata = opened.schema_arrow, opened.metadata
    for key, value in (metadata.metadata or {}).items():
        yield from (_text(key), _text(value))
    yield _text(metadata.created_by)
    for field in schema:
        yield field.name
        for key, value in (field.metadata or {}).items():
            yield from (_text(key), _text(value))


def statistics(path: Path) -> Iterator[tuple[int, str, Any, Any]]:
    """Row group, column, least and greatest value as the file's footer states them."""
    with pq.ParquetFile(path) as opened:
        metadata = opened.metadata
    for group in range(metadata.num_row_groups):
        for number in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(number)
            stated = chunk.statistics
            if stated is not None and stated.has_min_max:
                # Python has no date before year 1 or after 9999; Parquet has.
                with suppress(OverflowError, ValueError):
                    yield group, chunk.path_in_schema, stated.min, stated.max


def _of_database(path: Path) -> Iterator[str]:
    """Names and comments of everything in the database."""
    with open_memory(str(path.parent)) as connection:
        connection.execute(f"ATTACH {text_of(str(path))} AS release (READ_ONLY)")
        for listing, columns in (
            ("duckdb_tables", "table_name, comment, sql"),
            ("duckdb_columns", "column_name, comment"),
            ("duckdb_views", "view_name, comment, sql"),
            ("duckdb_schemas", "schema_name, comment"),
            ("duckdb_types", "type_name, comment"),
            ("duckdb_indexes", "index_name, comment, sql"),
            ("duckdb_databases", "comment"),
        ):
            asked = f"SELECT {columns} FROM {listing}() WHERE database_name = 'release'"
            for row in connection.execute(asked).fetchall():
                yield from (str(cell) for cell in row if cell)
        connection.execute("DETACH release")


def _text(value: bytes | str | None) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value or ""


def _array(texts: Any) -> pa.Array:
    return pa.array(list(texts), pa.string())
