"""Columns of invented values: every value must show by rule that it is invented.

The rule of a column stands in the manifest as a pattern in RE2. The gate does not take its word
for what it lets through: a pattern that fits values as persons have them is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from sladd.gate.statements import name_of, text_of
from sladd.model import Check
from sladd.release import ReleaseColumn, ReleaseTable

if TYPE_CHECKING:
    import duckdb

GONE = "…"  # what stands for an invented part of a text while detectors read it

# Values of every kind in the forms that persons have them in; none is one that a fake may have.
REAL = (
    "Kari Nordmann", "KARI", "nordmann", "kari.nordmann@firma.no", "kari@gmail.com",
    "post@example.org", "+47 912 34 567", "91234567", "+4722334455", "01017012345", "41017012345",
    "974760673", "86011117947", "8601.11.17947", "NO9386011117947", "4925000000000004",
    "Storgata 1", "Storgata 1, 0150 Oslo", "Oslo gate 7 B", "Bygg og Anlegg AS", "81.2.69.142",
    "2a02:2121::1", "https://www.firma.no/kari", "kari_nordmann", "kari1970", "1470", "Lørenskog",
)  # fmt: skip


def check_fakes(
    connection: duckdb.DuckDBPyConnection, table: ReleaseTable, source: str
) -> Iterator[Check]:
    """Every value of a column with a pattern matches it, and the pattern fits no real value."""
    for column in table.columns:
        address = f"{table.name}.{column.name}"
        if column.pattern or column.pieces:
            yield _check(connection, column, source, address)
        for part in column.parts or ():  # their values are held against it place by place
            if loose := _loose(connection, part):
                yield Check("fakes", False, loose, f"{table.name}.{column.place(part)}")


def without_fakes(column: ReleaseColumn, values: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values as detectors should see them: what is invented by rule is no finding.

    Args:
        column: with the patterns that its values were held against in every row.
        values: shape (n,).
    """
    if not (column.pattern or column.pieces):
        return values
    if pa.types.is_list(values.type):
        whole = values.combine_chunks()
        inner = without_fakes(column, pa.chunked_array([whole.values])).combine_chunks()
        lists = pa.ListArray.from_arrays(whole.offsets, inner, mask=whole.is_null())
        return pa.chunked_array([lists])
    if not pa.types.is_string(values.type):
        return values
    if column.pattern:
        invented = pc.match_substring_regex(values, rf"^(?:{column.pattern})$")
        values = pc.if_else(pc.fill_null(invented, fill_value=False), None, values)
    if column.pieces:
        # RE2 looks at no neighbours and its word ends are ASCII; twice, for pieces that share one.
        alone = rf"(?i)(^|[^\pL\pN])(?:{column.pieces})([^\pL\pN]|$)"
        for _ in range(2):
            values = pc.replace_substring_regex(values, alone, rf"\1{GONE}\2")
    return values


def _check(
    connection: duckdb.DuckDBPyConnection, column: ReleaseColumn, source: str, address: str
) -> Check:
    for pattern, flags in ((column.pattern, "c"), (column.pieces, "i")):
        if pattern and (loose := _fits(connection, pattern, flags)):
            return Check(
                "fakes", False, f"the rule lets {loose} forms of real values pass", address
            )
    if not column.pattern:
        return Check("fakes", True, "the parts that are invented show it", address)
    name = name_of(column.name)
    # A list holds a fake for each of its elements.
    each = f"unnest({name})" if column.type.startswith("list<") else name
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE NOT regexp_full_match(v::VARCHAR,"
        f" {text_of(column.pattern)}))"
        f" FROM (SELECT DISTINCT {each} AS v FROM {source}) WHERE v::VARCHAR <> ''"
    ).fetchone()
    odd = int(row[0]) if row else 0
    detail = f"{odd} different values do not show that they are invented"
    return Check("fakes", odd == 0, detail if odd else "every value is invented", address)


def _loose(connection: duckdb.DuckDBPyConnection, column: ReleaseColumn) -> str:
    """What is wrong with the rule itself; "" for nothing."""
    for pattern, flags in ((column.pattern, "c"), (column.pieces, "i")):
        if pattern and (fits := _fits(connection, pattern, flags)):
            return f"the rule lets {fits} forms of real values pass"
    return ""


def _fits(connection: duckdb.DuckDBPyConnection, pattern: str, flags: str) -> int:
    """How many of the real forms a pattern fits."""
    values = ", ".join(f"({text_of(value)})" for value in REAL)
    row = connection.execute(
        f"SELECT count(*) FROM (VALUES {values}) real(v)"
        f" WHERE regexp_full_match(v, {text_of(pattern)}, '{flags}')"
    ).fetchone()
    return int(row[0]) if row else 0
