"""What leads to persons although its role says that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sladd.gate.statements import name_of
from sladd.model import Check, Identifiability, Role
from sladd.release import ReleaseColumn, ReleaseTable
from sladd.taxonomy import load

if TYPE_CHECKING:
    import duckdb

_COUNTS = re.compile(
    r"(^|_)(n|no_of|num|number|count|cnt|total_count|antall|antal|ant|tal|tall|personer|persons?|"
    r"people|kunder|customers?|medlemmer|members?|brukere|users?|pasienter|patients?)(_|$)"
)
"""Column names of numbers of persons, in Norwegian and English."""
_AS_THEY_ARE = (Role.INSENSITIVE, Role.SENSITIVE)
_WHOLE = ("int", "uint", "decimal")


def check_unlisted(
    opened: duckdb.DuckDBPyConnection, table: ReleaseTable, source: str, k: int
) -> Iterator[Check]:
    """A column that goes out as it is, of a kind that others know of persons.

    Args:
        opened: a connection.
        table: about persons.
        source: its view.
        k: fewest persons of a class.
    """
    quasi = [column.name for column in table.columns if column.role == Role.QUASI]
    for column in table.columns:
        if column.role not in _AS_THEY_ARE or not _known_of_persons(column):
            continue
        by = ", ".join(name_of(name) for name in (*quasi, column.name))
        small, rows = opened.execute(
            f"SELECT count(*), coalesce(sum(n), 0)::BIGINT FROM (SELECT count(*) AS n FROM {source} "
            f"GROUP BY {by}) WHERE n < {int(k)}"
        ).fetchone() or (0, 0)
        detail = (
            f"it is {column.category}, which others know of a person, and with it {rows} persons "
            f"stand in {small} classes below {k}; the smallest change that passes: role: quasi, or "
            "role: direct (it stays out)"
            if small
            else f"with it every class still has {k} persons or more"
        )
        yield Check("unlisted quasi-identifier", not small, detail, f"{table.name}.{column.name}")


def check_small_counts(
    opened: duckdb.DuckDBPyConnection, table: ReleaseTable, source: str, k: int
) -> Iterator[Check]:
    """Numbers of persons by what others know of them: a cell below k leads to those few.

    Args:
        opened: a connection.
        table: said to be about nobody.
        source: its view.
        k: fewest persons of a cell that is not 0.
    """
    by = [column.name for column in table.columns if _known_of_persons(column)]
    for column in table.columns if by else ():
        if not (_COUNTS.search(column.name.casefold()) and column.type.startswith(_WHOLE)):
            continue
        name = name_of(column.name)
        (small,) = opened.execute(
            f"SELECT count(*) FROM {source} WHERE {name} > 0 AND {name} < {int(k)}"
        ).fetchone() or (0,)
        detail = (
            f"{small} cells by {', '.join(by)} count fewer than {k} persons; the smallest change "
            "that passes: where: leaves such rows out, or role: direct for the column"
            if small
            else f"no cell counts fewer than {k} persons"
        )
        yield Check("small counts", not small, detail, f"{table.name}.{column.name}")


def _known_of_persons(column: ReleaseColumn) -> bool:
    taxonomy = load()
    return column.category in taxonomy and taxonomy[column.category].identifiability in {
        Identifiability.DIRECT,
        Identifiability.QUASI,
    }
