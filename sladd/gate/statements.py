"""The gate's own quoting of SQL, and its own connection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_MEMORY = "400MB"
_LESS_MB, _MOST_MB = (96, 192, 384, 768, 1536), 3072  # in turn: a wide table needs more


def name_of(*parts: str) -> str:
    """An SQL identifier; several parts become one name that none of them gives alone."""
    return '"' + "\x1f".join(parts).replace('"', '""') + '"'


def text_of(value: str) -> str:
    """An SQL string."""
    return "'" + value.replace("'", "''") + "'"


def rows_of(opened: duckdb.DuckDBPyConnection, table: Path | str | pa.Table) -> str:
    """The rows of a table, as SQL.

    Args:
        opened: a connection.
        table: a Parquet file, a pattern of several, or a table in memory, which is not written
            anywhere to be read.
    """
    if isinstance(table, Path | str):
        return f"read_parquet({text_of(str(table))}, hive_partitioning = false)"
    opened.execute("SELECT 1").fetchall()  # nothing is registered beside a result half read
    opened.register(f"given\x1f{id(table)}", table)
    return name_of("given", str(id(table)))


def open_memory(spill: str) -> duckdb.DuckDBPyConnection:
    """A connection that loads no extension and sees no variable of the process.

    Args:
        spill: folder for what does not fit in memory; never inside the release.
    """
    import duckdb

    return duckdb.connect(
        ":memory:",
        config={
            "memory_limit": _MEMORY,
            "threads": 2,
            "temp_directory": spill,
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
        },
    )


def in_less_memory(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """The one row of a query that reads everything once, so that nothing is gained by keeping it.

    A row group of a wide table has to be held; only then more memory is used.
    """
    import duckdb

    try:
        for megabytes in _LESS_MB:
            connection.execute(f"SET memory_limit = '{megabytes}MB'")
            try:
                return connection.execute(sql).fetchone()
            except duckdb.OutOfMemoryException:
                continue
        connection.execute(f"SET memory_limit = '{_MOST_MB}MB'")
        return connection.execute(sql).fetchone()
    finally:
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
