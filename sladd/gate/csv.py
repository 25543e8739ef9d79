"""The CSV files of a release against its Parquet files, read the way an analyst reads them.

The gate has its own idea of the mark before formulas, so that it does not share the writer's.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sladd.gate.statements import name_of, text_of
from sladd.model import Check
from sladd.release import ReleaseTable

if TYPE_CHECKING:
    import duckdb

_LONGEST_LINE_BYTES = 64_000_000  # DuckDB's own is 2 MB; a redacted document can be longer
# An apostrophe, then whatever a spreadsheet would begin to calculate with, perhaps after others.
_MARKED = r"^'('*(?:\s*[=+\-@＝＋－＠]|[\t\r\n]))"
_HOT = r"^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])"


def check_csv(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: ReleaseTable, source: str
) -> Iterator[Check]:
    """Rows, values, NULL apart from the empty text, and no cell that a spreadsheet runs.

    Args:
        connection: from `statements.open_memory`.
        folder: of the release.
        table: with a CSV file.
        source: quoted name of the view over its Parquet files.
    """
    if table.csv is None:
        return
    path = folder / table.csv.path
    with path.open("rb") as file:
        bom = file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8
    columns = ", ".join(f"{text_of(c.name)}: 'VARCHAR'" for c in table.columns)
    read = (
        f"read_csv({text_of(str(path))}, columns = {{{columns}}}, auto_detect = false,"
        " header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '',"
        f" allow_quoted_nulls = false, parallel = false, max_line_size = {_LONGEST_LINE_BYTES})"
    )
    pairs = [pair for c in table.columns if (pair := _pair(c.name, c.type))]
    mine, theirs = (", ".join(side) for side in zip(*pairs, strict=True)) if pairs else ("1", "1")
    sums = [
        connection.execute(f"SELECT count(*), sum(hash({what})::HUGEINT) FROM {where}").fetchone()
        for what, where in ((mine, read), (theirs, source))
    ]
    same = bom and sums[0] == sums[1]
    yield Check("csv", same, "equal to the files" if same else "other than the files", table.name)
    texts = [name_of(c.name) for c in table.columns if c.type == "string"]
    if texts:
        hot = " OR ".join(f"regexp_matches({name}, {text_of(_HOT)})" for name in texts)
        found = connection.execute(f"SELECT count(*) FROM {read} WHERE {hot}").fetchone()
        count = int(found[0]) if found else 0
        yield Check(
            "csv formulas",
            count == 0,
            f"{count} rows begin a text like a formula" if count else "none",
            table.name,
        )


def _pair(column: str, kind: str) -> tuple[str, str] | None:
    """The same value read from the CSV and from Parquet; None where only JSON could tell."""
    name = name_of(column)
    if kind == "string":
        return f"regexp_replace({name}, {text_of(_MARKED)}, '\\1')", name
    if kind in {"binary", "large_binary"}:
        return name, f"lower(hex({name}))"
    if kind == "timestamp[ns]":
        return f"epoch_ns(CAST({name} AS TIMESTAMP_NS))", f"epoch_ns({name})"
    if kind == "time64[ns]":
        return f"CAST({name} AS TIME_NS)", name
    if kind.startswith("timestamp"):
        # In microseconds: whatever the time zone of whoever checks.
        return f"epoch_us(CAST(rtrim({name}, 'Z') AS TIMESTAMP))", f"epoch_us({name})"
    if kind.startswith(("list", "struct", "map", "fixed_size_list", "large_list")):
        return None
    cast = f"CAST({name} AS {{}})"
    known = {"bool": "BOOLEAN", "date32[day]": "DATE", "float": "FLOAT", "double": "DOUBLE"}
    if kind in known:
        return cast.format(known[kind]), name
    if kind.startswith(("int", "uint")):
        return cast.format("HUGEINT"), f"{name}::HUGEINT"
    # Decimals and times: as text, since both spell them alike.
    return name, f"{name}::VARCHAR"
