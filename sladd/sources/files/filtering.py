"""`where` over record batches: DuckDB, locked, sees one batch at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from sladd.errors import SourceError

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
# Comments and dollar quotes could hide the rest of the query; a semicolon begins another.
_MARKS = re.compile(r"[()]|--|/\*|;|\$")

_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # no Python variable can be named in the condition
    "threads": "1",
}


def filtered(
    batches: Iterator[pa.RecordBatch], where: str, *, table: str
) -> Iterator[pa.RecordBatch]:
    """Keep the rows for which the condition is true; NULL counts as not true.

    Args:
        batches: with every column that the condition names.
        where: one DuckDB condition, as in `created >= '2024-01-01'`.
        table: address, for the error.

    Raises:
        SourceError: the condition cannot be applied (SLADD-251).
    """
    import duckdb

    if not _is_one_condition(where):
        raise _not_one(table)
    connection = duckdb.connect(":memory:", config=_LOCKED)
    try:
        connection.execute("SET lock_configuration = true")
        for batch in batches:
            kept = batch.filter(_mask(connection, batch, where, table))
            if kept.num_rows:
                yield kept
    finally:
        connection.close()


def _mask(connection: Any, batch: pa.RecordBatch, where: str, table: str) -> pa.Array:
    import duckdb

    # A mask, not `SELECT *`: order and Arrow types of the batch stay as they are.
    query = f"SELECT coalesce(CAST((\n{where}\n) AS BOOLEAN), false) AS keep FROM batch"
    connection.register("batch", pa.Table.from_batches([batch]))
    try:
        mask = connection.sql(query).to_arrow_table().column("keep").combine_chunks()
    except duckdb.Error as error:
        # DuckDB quotes the value that it could not convert.
        raise SourceError(
            f"the condition could not be applied ({type(error).__name__.removesuffix('Exception')})",
            code=251,
            where=table,
            mend="correct it under where: in sladd.yaml; columns of CSV files are text",
        ) from None
    finally:
        connection.unregister("batch")
    if isinstance(mask, pa.ChunkedArray):
        mask = pa.concat_arrays(mask.chunks)
    if len(mask) != batch.num_rows:
        raise _not_one(table)
    return mask


def _is_one_condition(where: str) -> bool:
    """Whether the text stays inside the parentheses that it is put into."""
    bare = _QUOTED.sub("", where)
    depth = 0
    for mark in _MARKS.findall(bare):
        depth += {"(": 1, ")": -1}.get(mark, 0)
        if depth < 0 or mark not in "()":
            return False
    return depth == 0


def _not_one(table: str) -> SourceError:
    return SourceError(
        "the condition is not one condition on a row",
        code=251,
        where=table,
        mend="correct it under where: in sladd.yaml",
    )
