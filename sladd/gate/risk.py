"""How well a written table hides its persons, measured from the file alone.

One pass groups the rows by their quasi-identifiers; everything else is counted on the groups.
NULL is a value: two persons whose postcode is missing are alike, one alone is unique.

An attacker is taken to know that a person is in the table (the prosecutor of the literature). One
who knows only that the person is among those from whom it was drawn (the journalist) finds them
with no greater chance; how much smaller it is depends on persons who are not in the table, so it
is not said.

Source: Dankar and El Emam 2010, A Method for Evaluating Marketer Re-identification Risk;
El Emam 2013, Guide to the De-Identification of Personal Health Information, ch. 16.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from sladd.errors import GateError
from sladd.gate.spread import Spread, spread_of
from sladd.gate.statements import name_of, open_memory, rows_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LARGEST_SUBSET = 3
PERSONS = name_of("", "persons")  # starts with a unit separator, which no column's name holds
_ROWS = name_of("", "rows")
_BIGGEST = 2**63


@dataclass(frozen=True, slots=True)
class Rare:
    """Combinations of some quasi-identifiers that few persons share.

    Attributes:
        columns: one to three of the quasi-identifiers.
        uniques: combinations of one person.
        persons: in combinations below the threshold.
    """

    columns: tuple[str, ...]
    uniques: int
    persons: int


@dataclass(frozen=True, slots=True)
class Risk:
    """What an attacker can do with a table. Counts and shares, no values.

    Attributes:
        rows: of the table.
        persons: rows, or persons where a column says who a row is about; one of several classes
            counts in each.
        classes: groups of equal quasi-identifiers.
        k: persons of the smallest.
        uniques: classes of one person.
        threshold: a class below it is rare.
        persons_below: in rare classes.
        prosecutor_highest: the greatest chance of finding a person who is known to be in the table.
        prosecutor_mean: the mean chance, and the share of all persons that somebody who guesses
            for each row finds (the marketer's risk).
        rare: subsets of the quasi-identifiers with rare combinations, the most persons first.
        spread: how sensitive values are spread over the classes, by column.
    """

    rows: int
    persons: int
    classes: int
    k: int
    uniques: int
    threshold: int
    persons_below: int
    prosecutor_highest: float
    prosecutor_mean: float
    rare: tuple[Rare, ...]
    spread: tuple[Spread, ...]


def risk(
    path: Path | str | pa.Table,
    columns: Sequence[str],
    *,
    sensitive: Sequence[str] = (),
    person: str | None = None,
    threshold: int = 11,
) -> Risk:
    """Measure a table.

    Args:
        path: a Parquet file, a pattern of several, or a table in memory.
        columns: the quasi-identifiers.
        sensitive: columns whose spread over the classes is measured.
        person: column that says who a row is about; None where each row is a person.
        threshold: persons of a class that is not rare.

    Raises:
        GateError: the file cannot be read, or lacks a column (SLADD-620).
        ValueError: no columns.
    """
    if not columns:
        raise ValueError("quasi-identifiers are needed")
    import duckdb

    with tempfile.TemporaryDirectory(prefix="sladd-risk-") as spill, open_memory(spill) as opened:
        try:
            return _measure(
                opened,
                rows_of(opened, path),
                columns,
                sensitive,
                person,
                threshold,
            )
        except (duckdb.Error, OSError):
            raise GateError(
                "the risk of a table cannot be measured: it cannot be read or lacks a column",
                code=620,
                where=Path(path).name if isinstance(path, Path | str) else "",
                mend="sladd verify",
            ) from None


def _measure(
    opened: duckdb.DuckDBPyConnection,
    source: str,
    columns: Sequence[str],
    sensitive: Sequence[str],
    person: str | None,
    threshold: int,
) -> Risk:
    who = name_of(person) if person else ""
    source, coded = _coded(opened, source, columns, (*sensitive, *filter(None, (person,))))
    names = [name for name, _ in coded]
    by = ", ".join(names)
    opened.execute(
        f"CREATE TEMP TABLE classes AS SELECT {by}, {_persons(who)} AS {PERSONS}, "
        f"count(*) AS {_ROWS} FROM {source} GROUP BY {by}"
    )
    found = opened.execute(
        f"SELECT coalesce(sum({_ROWS}), 0)::BIGINT, coalesce(sum({PERSONS}), 0)::BIGINT, "
        f"count(*), coalesce(min({PERSONS}), 0), count(*) FILTER ({PERSONS} = 1), "
        f"coalesce(sum({PERSONS}) FILTER ({PERSONS} < {int(threshold)}), 0)::BIGINT FROM classes"
    ).fetchone()
    rows, persons, classes, k, uniques, below = found or (0, 0, 0, 0, 0, 0)
    # Every combination of fewer columns is a union of classes, and no smaller than one of them.
    rare = (
        ()
        if k >= threshold
        else _rare(opened, source, dict(zip(columns, coded, strict=True)), who, threshold)
    )
    return Risk(
        rows=rows,
        persons=persons,
        classes=classes,
        k=k,
        uniques=uniques,
        threshold=threshold,
        persons_below=below,
        prosecutor_highest=1 / k if k else 0.0,
        prosecutor_mean=classes / persons if persons else 0.0,
        rare=rare,
        spread=tuple(spread_of(opened, source, names, column, who) for column in sensitive),
    )


def _coded(
    opened: duckdb.DuckDBPyConnection,
    source: str,
    columns: Sequence[str],
    kept: Sequence[str],
) -> tuple[str, list[tuple[str, int]]]:
    """A table with a number for each value of the columns, and the others as they are.

    Groups over several columns are then groups over one number.

    Returns:
        The table's name, and of each column the quoted name of its numbers and how many there are.
    """
    coded, parts, joins = [], [], []
    for place, column in enumerate(columns):
        code, values = name_of("", str(place)), name_of("", "values", str(place))
        opened.execute(
            f"CREATE TEMP TABLE {values} AS SELECT {name_of(column)} AS value, "
            f"row_number() OVER () - 1 AS {code} FROM "
            f"(SELECT DISTINCT {name_of(column)} FROM {source})"
        )
        counted = opened.execute(f"SELECT count(*) FROM {values}").fetchone()
        coded.append((code, counted[0] if counted else 0))
        # The product of three of these fits the group's number, whatever their size.
        parts.append(f"{values}.{code}::INTEGER AS {code}")
        joins.append(
            f"JOIN {values} ON {values}.value IS NOT DISTINCT FROM given.{name_of(column)}"
        )
    parts += [f"given.{name_of(column)}" for column in dict.fromkeys(kept)]
    table = name_of("", "coded")
    opened.execute(
        f"CREATE TEMP TABLE {table} AS SELECT {', '.join(parts)} "
        f"FROM {source} AS given {' '.join(joins)}"
    )
    return table, coded


def _together(coded: Sequence[tuple[str, int]]) -> str:
    """One number for a combination of values: mixed radix."""
    number, *rest = (f"{name}::HUGEINT" for name, _ in coded)
    if math.prod(size for _, size in coded) < _BIGGEST:
        number, *rest = (f"{name}::BIGINT" for name, _ in coded)
    for name, (_, size) in zip(rest, coded[1:], strict=True):
        number = f"({number}) * {size} + {name}"
    return number


def _persons(who: str) -> str:
    """How many persons a group has: rows, or those that a column tells apart."""
    # count(DISTINCT) skips NULL; rows of no known person are of one person at the least.
    return f"count(DISTINCT {who}) + max(({who} IS NULL)::INT)" if who else "count(*)"


def _rare(
    opened: duckdb.DuckDBPyConnection,
    source: str,
    coded: Mapping[str, tuple[str, int]],
    who: str,
    threshold: int,
) -> tuple[Rare, ...]:
    """Subsets of the quasi-identifiers with combinations below the threshold."""
    found = []
    for size in range(1, min(LARGEST_SUBSET, len(coded)) + 1):
        for subset in combinations(coded, size):
            by = _together([coded[column] for column in subset])
            # Groups of rows can be added up from the classes, groups of persons cannot.
            groups = (
                f"SELECT {_persons(who)} AS {PERSONS} FROM {source} GROUP BY {by}"
                if who
                else f"SELECT sum({PERSONS}) AS {PERSONS} FROM classes GROUP BY {by}"
            )
            answer = opened.execute(
                f"SELECT count(*) FILTER ({PERSONS} = 1), "
                f"coalesce(sum({PERSONS}), 0)::BIGINT FROM ({groups}) "
                f"WHERE {PERSONS} < {int(threshold)}"
            ).fetchone()
            uniques, persons = answer or (0, 0)
            if persons:
                found.append(Rare(subset, uniques, persons))
    return tuple(sorted(found, key=lambda one: (-one.persons, len(one.columns), one.columns)))
