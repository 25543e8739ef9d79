"""`sladd query`: SQL over a release, locked down before the first word of it is read."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sladd.errors import GateError
from sladd.gate.tables import view
from sladd.release import Manifest, at_hand, read_manifest
from sladd.release.paths import DATABASE

if TYPE_CHECKING:
    import duckdb

_MEMORY = "1GB"
_LITERAL = re.compile(r"'.*'|'.*$")  # from the first to the last: a literal may hold quotes
_NO_TABLE = re.compile(r"Table with name (.+?) does not exist")
_NEAR = 3  # tables that a message names
_IN_THE_DATA = (  # DuckDB's word for the fault, ours, and the way out
    ("Conversion", "a value cannot be cast to that type", "TRY_CAST gives NULL instead"),
    ("Out of Range", "a number is too large for its type", "cast to DOUBLE or HUGEINT first"),
    ("Out of Memory", f"it needs more than {_MEMORY} of memory", "filter or aggregate earlier"),
)


def query(
    path: Path | str, sql: str, *, timeout_s: float = 60, max_rows: int = 1_000_000
) -> pa.Table:
    """Run one SELECT over a release.

    Args:
        path: as in `release.at_hand`.
        sql: one statement that reads.
        timeout_s: it is stopped after that.
        max_rows: more rows than that are an error, so that nobody takes a part for the whole.

    Raises:
        GateError: no release (SLADD-600), not one SELECT or not allowed (SLADD-610), stopped
            (SLADD-611), too many rows (SLADD-612), a fault in the statement (SLADD-613).
    """
    with at_hand(path, only={DATABASE}) as found:
        manifest = read_manifest(found)
        with _open(found.resolve(), manifest) as connection:
            return _run(connection, manifest, sql, timeout_s, max_rows)


def _run(
    connection: duckdb.DuckDBPyConnection,
    manifest: Manifest,
    sql: str,
    timeout_s: float,
    max_rows: int,
) -> pa.Table:
    import duckdb

    _refuse_all_but_select(connection, sql)
    late = threading.Event()

    def stop() -> None:
        late.set()
        connection.interrupt()

    timer = threading.Timer(timeout_s, stop)
    timer.daemon = True
    timer.start()
    try:
        return _fetch(connection, sql, max_rows)
    except (duckdb.Error, pa.ArrowException, OSError) as fault:
        if late.is_set():
            raise GateError(
                f"the query was stopped after {timeout_s:g} seconds",
                code=611,
                mend="narrow it with WHERE, or --timeout",
            ) from None
        raise _explained(fault, [table.name for table in manifest.tables]) from None
    finally:
        timer.cancel()


def _open(folder: Path, manifest: Manifest) -> duckdb.DuckDBPyConnection:
    import duckdb

    database = folder / DATABASE
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        "threads": 2,
        "temp_directory": "",  # it would stand inside the release
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
        "allow_persistent_secrets": False,
        "python_enable_replacements": False,  # a variable of our process is no table
    }
    try:
        if database.is_file():
            connection = duckdb.connect(str(database), read_only=True, config=config)
        else:
            connection = duckdb.connect(":memory:", config=config)
            # Tables, not views: reading files is forbidden once the lock is on.
            for table in manifest.tables:
                view(connection, folder, table, as_table=True)
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except (duckdb.Error, pa.ArrowException, OSError):
        raise GateError(
            "the release cannot be opened",
            code=613,
            where=DATABASE,
            mend="sladd verify",
        ) from None
    return connection


def _refuse_all_but_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    import duckdb

    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as fault:
        raise _explained(fault) from None
    kinds = [statement.type for statement in statements]
    if kinds not in ([duckdb.StatementType.SELECT], [duckdb.StatementType.EXPLAIN]):
        raise GateError(
            "a query is one SELECT: it reads the release and nothing else",
            code=610,
            mend='sladd query RELEASE "SELECT …"; --output writes the answer to a file',
        )


def _fetch(connection: duckdb.DuckDBPyConnection, sql: str, max_rows: int) -> pa.Table:
    relation, reader = connection.sql(sql), None
    batches, rows = [], 0
    try:
        reader = relation.to_arrow_reader(min(max_rows + 1, 65_536))
        schema = reader.schema
        for batch in reader:
            batches.append(batch)
            rows += batch.num_rows
            if rows > max_rows:
                raise GateError(
                    f"the answer has more than {max_rows} rows",
                    code=612,
                    mend="add LIMIT, aggregate, or raise --max-rows",
                )
        return pa.Table.from_batches(batches, schema=schema)
    finally:
        # An error keeps this frame alive. What stays open in it holds the database, and the
        # next connection to the same file would wait for it without end.
        if reader is not None:
            reader.close()
        del reader, relation


def _explained(fault: Exception, tables: Sequence[str] = ()) -> GateError:
    """One line. A fault in the statement quotes the statement; one in the data would quote that.

    Args:
        fault: of DuckDB or Arrow.
        tables: of the release, for who mistook a name.
    """
    import duckdb

    text = next((line.strip() for line in str(fault).splitlines() if line.strip()), "")
    kind, _, rest = text.partition(": ")
    if isinstance(fault, duckdb.PermissionException) or "disabled" in rest:
        return GateError(
            "a query reads the release and nothing else: no files, settings or extensions",
            code=610,
            mend="load other data in your own DuckDB and attach the release there",
        )
    if isinstance(fault, duckdb.CatalogException | duckdb.BinderException | duckdb.ParserException):
        shown = _LITERAL.sub("…", rest)[:300]
        return GateError(f"the query failed: {shown}", code=613, mend=_mend(rest, tables))
    for word, said, mend in _IN_THE_DATA:
        if kind.startswith(word):
            return GateError(f"the query failed: {said}", code=613, mend=mend)
    return GateError(
        f"the query failed while it ran ({type(fault).__name__})", code=613, mend="mend the SQL"
    )


def _mend(said: str, tables: Sequence[str]) -> str:
    """What helps whoever named something that there is not."""
    if said.startswith("Referenced column"):
        return "DESCRIBE lists the columns of a table: sladd query RELEASE 'DESCRIBE TABLE'"
    named = _NO_TABLE.match(said)
    if named is None:
        return "mend the SQL"
    asked = named[1].strip('"').casefold()
    near = [name for name in tables if asked in name.casefold()]
    near = near or get_close_matches(asked, tables, _NEAR)
    if not near:
        return "list the tables: sladd query RELEASE 'SHOW TABLES'"
    shown = [name if name.isidentifier() else f'"{name}"' for name in near[:_NEAR]]
    return f"it has {', '.join(shown)}; all of them: sladd query RELEASE 'SHOW TABLES'"
