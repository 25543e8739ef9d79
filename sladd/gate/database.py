"""`analytics.duckdb` against the Parquet files: the same tables, the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sladd.gate.statements import in_less_memory, name_of, text_of
from sladd.model import Check
from sladd.release import Manifest
from sladd.release.paths import DATABASE

if TYPE_CHECKING:
    import duckdb


def check_database(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    manifest: Manifest,
    sources: dict[str, str],
) -> Iterator[Check]:
    """Tables, columns, rows and label of the database.

    Args:
        connection: from `statements.open_memory`.
        folder: of the release.
        manifest: of the release.
        sources: table name → quoted name of the view over its Parquet files.
    """
    if not (folder / DATABASE).is_file():
        yield Check("database", False, f"{DATABASE} is missing")
        return
    connection.execute(f"ATTACH {text_of(str(folder / DATABASE))} AS release (READ_ONLY)")
    try:
        yield _inventory(connection, manifest)
        for table in manifest.tables:
            if table.name in sources:
                yield _same_rows(connection, table.name, sources[table.name])
        yield _labelled(connection, manifest)
    finally:
        connection.execute("DETACH release")


def _inventory(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> Check:
    found = {
        row[0]
        for row in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'release'"
        ).fetchall()
    }
    other = connection.execute(
        "SELECT (SELECT count(*) FROM duckdb_views() WHERE database_name = 'release'"
        " AND NOT internal) + (SELECT count(*) FROM duckdb_functions()"
        " WHERE database_name = 'release' AND NOT internal)"
    ).fetchone()
    wanted = {table.name for table in manifest.tables}
    passed = found == wanted and other == (0,)
    return Check(
        "database",
        passed,
        f"{len(found)} tables"
        if passed
        else f"{len(wanted - found)} tables missing, {len(found - wanted)} too many, or views",
    )


def _same_rows(connection: duckdb.DuckDBPyConnection, table: str, source: str) -> Check:
    """Compare without order: columns and types, then count and the sum of the rows' hashes."""
    mine = f"release.main.{name_of(table)}"
    shapes = [
        [tuple(row[:2]) for row in connection.execute(f"DESCRIBE SELECT * FROM {it}").fetchall()]
        for it in (mine, source)
    ]
    if shapes[0] != shapes[1]:
        return Check("database rows", False, "other columns or types than the files", table)
    columns = ", ".join(name_of(name) for name, _ in shapes[0])
    sums = [
        # A 64-bit hash summed in 128 bits: 2^63 rows fit, and a doubled row shows.
        in_less_memory(connection, f"SELECT count(*), sum(hash({columns})::HUGEINT) FROM {it}")
        for it in (mine, source)
    ]
    same = sums[0] == sums[1]
    return Check(
        "database rows", same, "equal to the files" if same else "other than the files", table
    )


def _labelled(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> Check:
    comments = connection.execute(
        "SELECT coalesce(comment, '') FROM duckdb_tables() WHERE database_name = 'release'"
    ).fetchall()
    bare = sum(manifest.label not in row[0] for row in comments)
    detail = f"{bare} tables do not say what they are" if bare else manifest.label
    return Check("database comments", bare == 0, detail)
