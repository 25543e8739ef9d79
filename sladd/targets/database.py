"""`analytics.duckdb`: tables with comments in one file that opens anywhere."""

from __future__ import annotations

import shutil
from pathlib import Path

from sladd.release import Manifest, ReleaseTable
from sladd.release.paths import DATABASE
from sladd.targets.words import column_comment

_MEMORY_MB, _MOST_MB = (192, 384, 768, 1536), 3072  # in turn: a wide table needs more
_SPILL = ".database"


def build_database(folder: Path, manifest: Manifest) -> Path:
    """Load the Parquet files of a release into a DuckDB database beside them.

    Args:
        folder: of the release.
        manifest: its tables, files and comments.
    """
    import duckdb

    for megabytes in _MEMORY_MB:
        try:
            return _built(folder, manifest, megabytes)
        except (duckdb.OutOfMemoryException, duckdb.FatalException):  # the latter in a checkpoint
            continue
    return _built(folder, manifest, _MOST_MB)


def _built(folder: Path, manifest: Manifest, megabytes: int) -> Path:
    import duckdb

    path, spill = folder / DATABASE, folder / _SPILL
    path.unlink(missing_ok=True)  # left by a run that was interrupted
    spill.mkdir(mode=0o700, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{megabytes}MB",
        "temp_directory": str(spill),
        # Two cut the rows into more groups: a file half as large again, for half the time more.
        "threads": 1,
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
    }
    try:
        with duckdb.connect(str(path), config=config) as connection:
            for table in manifest.tables:
                files = [unglobbed(folder / file.path) for file in table.files]
                # The files are a parameter; the names can only be quoted.
                connection.execute(
                    f"CREATE TABLE {quoted(table.name)} AS"
                    " SELECT * FROM read_parquet(?, hive_partitioning = false)",
                    [files],
                )
                for statement in _comments(manifest, table):
                    connection.execute(statement)
            connection.execute("CHECKPOINT")
    finally:
        shutil.rmtree(spill, ignore_errors=True)
    return path


def _comments(manifest: Manifest, table: ReleaseTable) -> list[str]:
    name = quoted(table.name)
    said = f"{manifest.label}. {table.comment}".strip()
    return [
        f"COMMENT ON TABLE {name} IS {literal(said)}",
        *(
            f"COMMENT ON COLUMN {name}.{quoted(column.name)} IS {literal(column_comment(column))}"
            for column in table.columns
        ),
    ]


def quoted(identifier: str) -> str:
    """An SQL identifier, whatever it is made of."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string; DuckDB knows no backslash escapes in it."""
    return "'" + text.replace("'", "''").replace("\x00", "") + "'"


def unglobbed(path: Path) -> str:
    """A path that DuckDB does not take for a pattern."""
    return "".join(f"[{c}]" if c in "[*?" else c for c in str(path))
