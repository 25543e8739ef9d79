"""How well a sensitive column of a written table is guessed from its quasi-identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sladd.gate.statements import name_of
from sladd.release.wp216 import Inference, Thresholds

if TYPE_CHECKING:
    import duckdb

_BANDS = 10
_MANY = 20  # values above which a number is guessed by its band
_SEED = 216
_SLACK = 1e-9
_VALUE, _COUNT = name_of("", "value"), name_of("", "count")
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL", "HUGEINT")


def inferred(
    opened: duckdb.DuckDBPyConnection,
    table: str,
    source: str,
    columns: Sequence[str],
    column: str,
    thresholds: Thresholds,
) -> Inference:
    """Guess a column, class by class.

    Args:
        opened: a connection.
        table: its name.
        source: of the rows, as SQL; one row a person.
        columns: the quasi-identifiers.
        column: the sensitive one.
        thresholds: `t` and `l`.
    """
    by = ", ".join(name_of(one) for one in columns)
    value = _guessed_as(opened, source, column)
    opened.execute(
        f"CREATE OR REPLACE TEMP TABLE guessed AS SELECT {by}, {value} AS {_VALUE}, "
        f"count(*) AS {_COUNT} FROM {source} GROUP BY ALL"
    )
    totals = _column(
        opened, f"SELECT sum({_COUNT})::BIGINT FROM guessed GROUP BY {_VALUE} ORDER BY {_VALUE}"
    )
    sizes = _column(opened, f"SELECT sum({_COUNT})::BIGINT FROM guessed GROUP BY {by} ORDER BY ALL")
    found = opened.execute(
        f"""
        WITH shares AS (
            SELECT {_VALUE}, sum({_COUNT}) / sum(sum({_COUNT})) OVER () AS base
            FROM guessed GROUP BY {_VALUE}
        ), classes AS (
            SELECT sum({_COUNT}) AS size, max({_COUNT}) AS most, count(*) AS kinds,
                   list({{'value': {_VALUE}, 'n': {_COUNT}}}) AS members
            FROM guessed GROUP BY {by}
        ), members AS (
            SELECT size, unnest(members, recursive := true) FROM classes
        )
        SELECT (SELECT coalesce(sum(most) / sum(size), 0) FROM classes),
               (SELECT coalesce(sum(size) FILTER (kinds = 1), 0)::BIGINT FROM classes),
               (SELECT coalesce(min(kinds), 0) FROM classes),
               (SELECT coalesce(max(n / size - base), 0) FROM members
                JOIN shares ON members.value IS NOT DISTINCT FROM shares.{_VALUE})
        """
    ).fetchone()
    guessed, certain, least, worst = found or (0.0, 0, 0, 0.0)
    rows = int(totals.sum())
    enough = thresholds.l is None or least >= thresholds.l
    return Inference(
        table=table,
        column=column,
        values=len(totals),
        base=round(float(totals.max(initial=0)) / rows, 4) if rows else 0.0,
        guessed=round(float(guessed), 4),
        control=round(shuffled(totals, sizes), 4),
        certain=int(certain) if len(totals) > 1 else 0,
        worst=round(max(0.0, float(worst)), 4),
        least_values=int(least),
        passed=bool(worst <= thresholds.t + _SLACK and enough) if thresholds.judged else None,
    )


def shuffled(
    totals: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64], *, seed: int = _SEED
) -> float:
    """The share that the commonest value of each class has when values are dealt at random.

    Args:
        totals: shape (values,), rows of each.
        sizes: shape (classes,), rows of each.
        seed: of the deal.
    """
    if not totals.sum():
        return 0.0
    values = np.repeat(np.arange(len(totals)), totals)
    np.random.Generator(np.random.PCG64(seed)).shuffle(values)
    classes = np.repeat(np.arange(len(sizes)), sizes)
    pairs, counts = np.unique(classes * len(totals) + values, return_counts=True)
    most = np.zeros(len(sizes), np.int64)
    np.maximum.at(most, pairs // len(totals), counts)
    return float(most.sum() / totals.sum())


def _guessed_as(opened: duckdb.DuckDBPyConnection, source: str, column: str) -> str:
    """The column, or for numbers with many values the band of each, as SQL."""
    name = name_of(column)
    kind, many = opened.execute(
        f"SELECT any_value(typeof({name})), count(DISTINCT {name}) FROM {source}"
    ).fetchone() or ("", 0)
    number = str(kind).lstrip("U").startswith(_NUMBERS)
    if many <= _MANY or not (number or str(kind).startswith(("DATE", "TIMESTAMP"))):
        return name
    shares = ", ".join(str(n / _BANDS) for n in range(1, _BANDS))
    given = f"{name}::DOUBLE" if number else f"epoch({name})"
    edges = opened.execute(f"SELECT quantile_cont({given}, [{shares}]) FROM {source}").fetchone()
    return " + ".join(f"({given} >= {edge!r})::INT" for edge in (edges or ([],))[0])


def _column(opened: duckdb.DuckDBPyConnection, sql: str) -> npt.NDArray[np.int64]:
    rows = opened.execute(sql).fetchall()
    return np.array([row[0] for row in rows], np.int64)
