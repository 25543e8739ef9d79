"""The gate's own quoting of SQL, and its own connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_MEMORY = "400MB"


def name_of(*parts: str) -> str:
    """An SQL identifier; several parts become one name that none of them gives alone."""
    return '"' + "\x1f".join(parts).replace('"', '""') + '"'


def text_of(value: str) -> str:
    """An SQL string."""
    return "'" + value.replace("'", "''") + "'"


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
