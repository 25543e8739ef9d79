"""The Parquet files of a release against what its manifest says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from sladd.gate.places import type_name
from sladd.gate.statements import name_of, text_of
from sladd.model import Check
from sladd.release import KeyIntegrity, Manifest, ReleaseColumn, ReleaseForeignKey, ReleaseTable

if TYPE_CHECKING:
    import duckdb

# Pseudonyms are 128 bits in base32 unless the manifest says otherwise; 96 bits are the least
# (ENISA 2019: below that the birthday bound is in reach of a large register).
_BASE32 = "a-z2-7"
_LEAST_LENGTH = 20
_COLUMNS_AT_ONCE = 200  # counted in one statement


def view(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    table: ReleaseTable,
    *,
    as_table: bool = False,
) -> str:
    """Make a view of a table's files, or a table of the same name; returns its quoted name."""
    name = name_of(table.name) if as_table else name_of("parquet", table.name)
    paths = ", ".join(text_of(no_pattern(str(folder / file.path))) for file in table.files)
    connection.execute(
        f"CREATE {'TABLE' if as_table else 'VIEW'} {name} AS"
        f" SELECT * FROM read_parquet([{paths}], hive_partitioning = false)"
    )
    return name


def check_schema(folder: Path, table: ReleaseTable) -> Iterator[Check]:
    """Types, metadata and rows, from the footers of the files."""
    wanted = [(column.name, column.type) for column in table.columns]
    rows, wrong, dirty = 0, [], []
    for file in table.files:
        with pq.ParquetFile(folder / file.path) as opened:
            schema, metadata = opened.schema_arrow, opened.metadata
            rows += metadata.num_rows
            if [(field.name, type_name(field.type)) for field in schema] != wanted:
                wrong.append(file.path)
            if file.rows is not None and file.rows != metadata.num_rows:
                wrong.append(file.path)
            # Key-value metadata is where pandas and Arrow put names, indexes and schemas.
            if metadata.metadata or any(_foreign(field) for field in schema):
                dirty.append(file.path)
    yield Check(
        "types",
        not wrong,
        f"{wrong[0]} has other columns, types or rows" if wrong else f"{len(wanted)} columns",
        table.name,
    )
    yield Check(
        "file metadata", not dirty, f"{dirty[0]} carries metadata" if dirty else "none", table.name
    )
    yield Check("rows", rows == table.rows_out, f"{rows} of {table.rows_out}", table.name)


def check_values(
    connection: duckdb.DuckDBPyConnection, table: ReleaseTable, source: str
) -> Iterator[Check]:
    """NULLs, keys and the form of pseudonyms."""
    found = _nulls(connection, source, [c.name for c in table.columns if c.nulls is not None])
    for column in table.columns:
        address = f"{table.name}.{column.name}"
        if column.nulls is not None and found[column.name] != column.nulls:
            detail = f"{found[column.name]}, {column.nulls} when written"
            yield Check("nulls", False, detail, address)
        if column.transform == "pseudonym" or column.alphabet:
            yield _pseudonyms(connection, source, column, address)
    if all(column.nulls is not None for column in table.columns):
        yield Check("nulls", True, "counted in every column", table.name)
    for key in (table.primary_key, *table.unique_keys):
        if key:
            yield _unique(connection, table, source, key, primary=key == table.primary_key)


def check_joins(
    connection: duckdb.DuckDBPyConnection, manifest: Manifest, sources: dict[str, str]
) -> Iterator[Check]:
    """Foreign keys find as many partners as when the release was written."""
    for key in manifest.foreign_keys:
        address = f"{key.table}.{', '.join(key.columns)} → {key.target}"
        if key.table not in sources or key.target not in sources:
            yield Check("foreign key", False, "a table of it cannot be read", address)
            continue
        orphans = count_orphans(connection, key, sources)
        yield Check(
            "foreign key",
            orphans == key.orphans,
            f"{orphans} rows without a partner, {key.orphans} when written",
            address,
        )


def count_orphans(
    connection: duckdb.DuckDBPyConnection, key: ReleaseForeignKey, sources: dict[str, str]
) -> int:
    """Rows whose key points at no row."""
    on = " AND ".join(
        f"a.{name_of(mine)} = b.{name_of(theirs)}"
        for mine, theirs in zip(key.columns, key.target_columns, strict=True)
    )
    # SQL's MATCH SIMPLE: a key with a NULL in it points nowhere and is no orphan.
    given = " AND ".join(f"a.{name_of(mine)} IS NOT NULL" for mine in key.columns)
    return _number(
        connection,
        f"SELECT count(*) FROM {sources[key.table]} a ANTI JOIN {sources[key.target]} b"
        f" ON {on} WHERE {given}",
    )


def count_key(
    connection: duckdb.DuckDBPyConnection, key: KeyIntegrity, sources: dict[str, str]
) -> dict[str, int]:
    """Rows with a whole key, different keys, and of a foreign key those without a partner."""
    names = [name_of(column) for column in key.columns]
    given = " AND ".join(f"{name} IS NOT NULL" for name in names)
    keys = f"SELECT DISTINCT {', '.join(names)} FROM {sources[key.table]} WHERE {given}"
    found = {
        "rows_after": _number(
            connection, f"SELECT count(*) FROM {sources[key.table]} WHERE {given}"
        ),
        "distinct_after": _number(connection, f"SELECT count(*) FROM ({keys})"),
    }
    if key.kind == "foreign":
        on = " AND ".join(
            f"a.{name} = b.{name_of(theirs)}"
            for name, theirs in zip(names, key.target_columns, strict=True)
        )
        found["orphans_after"] = _number(
            connection, f"SELECT count(*) FROM ({keys}) a ANTI JOIN {sources[key.target]} b ON {on}"
        )
    return found


def _pseudonyms(
    connection: duckdb.DuckDBPyConnection, source: str, column: ReleaseColumn, address: str
) -> Check:
    name = name_of(column.name)
    pattern = text_of(form(column))
    flags = "" if column.alphabet else ", 'i'"
    # A list holds a pseudonym for each of its elements.
    each = f"unnest({name})" if column.type.startswith("list<") else name
    odd, lengths = connection.execute(
        f"SELECT count(*) FILTER (WHERE NOT regexp_full_match(v::VARCHAR, {pattern}{flags})),"
        f" count(DISTINCT length(v::VARCHAR)) FROM (SELECT {each} AS v FROM {source})"
        " WHERE v::VARCHAR <> ''"
    ).fetchone() or (0, 0)
    varies = bool(column.alphabet) and column.length is None  # ciphertexts grow with their values
    passed = odd == 0 and (lengths <= 1 or varies)
    detail = "one alphabet" if varies else "one alphabet, one length"
    detail = detail if passed else f"{odd} values of another form"
    return Check("pseudonyms", passed, detail, address)


def form(column: ReleaseColumn) -> str:
    """The pattern of what a keyed transform wrote; "" for a column that has none."""
    if column.transform != "pseudonym" and not column.alphabet:
        return ""
    letters = _letters(column.alphabet) if column.alphabet else _BASE32
    own = column.length - len(column.prefix) if column.length else 0
    length = f"{{{own}}}" if column.length else f"{{{_LEAST_LENGTH},}}"
    return f"{re.escape(column.prefix)}[{letters}]{length}"


def _letters(alphabet: str) -> str:
    known = {"base32": "a-z2-7", "BASE32": "A-Z2-7", "hex": "0-9a-f", "digits": "0-9"}
    return known.get(alphabet) or "".join(re.escape(letter) for letter in alphabet)


def _unique(
    connection: duckdb.DuckDBPyConnection,
    table: ReleaseTable,
    source: str,
    key: Sequence[str],
    *,
    primary: bool,
) -> Check:
    names = [name_of(column) for column in key]
    given = " AND ".join(f"{name} IS NOT NULL" for name in names)
    repeated = _number(
        connection,
        f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {given}"
        f" GROUP BY {', '.join(names)} HAVING count(*) > 1)",
    )
    nulls = _number(connection, f"SELECT count(*) FROM {source} WHERE NOT ({given})")
    passed = repeated == 0 and (nulls == 0 or not primary)
    detail = "unique" if passed else f"{repeated} repeated, {nulls} with NULL"
    title = "primary key" if primary else "unique key"
    return Check(title, passed, detail, f"{table.name}.{', '.join(key)}")


def _nulls(
    connection: duckdb.DuckDBPyConnection, source: str, columns: Sequence[str]
) -> dict[str, int]:
    """NULLs of many columns: opening a wide file costs more than counting in it."""
    found: dict[str, int] = {}
    for at in range(0, len(columns), _COLUMNS_AT_ONCE):
        some = columns[at : at + _COLUMNS_AT_ONCE]
        what = ", ".join(f"count(*) - count({name_of(name)})" for name in some)
        row = connection.execute(f"SELECT {what} FROM {source}").fetchone() or ()
        found.update(zip(some, map(int, row), strict=True))
    return found


def _foreign(field: pa.Field) -> bool:
    return bool(set(field.metadata or {}) - {b"PARQUET:field_id"})


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row: tuple[Any, ...] | None = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def no_pattern(path: str) -> str:
    """DuckDB expands patterns; a folder may be called `a[1]`."""
    return "".join(f"[{c}]" if c in "[*?" else c for c in path)
