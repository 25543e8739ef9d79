"""WP216's three tests, answered with numbers from written files alone.

*Singling out*: does anyone stand alone? *Linkability*: do rows find their person's rows in another
table or release? *Inference*: do the quasi-identifiers tell more of a sensitive column than the
table as a whole?

Source: Article 29 Working Party, Opinion 05/2014 on Anonymisation Techniques (WP216), §2.2.2.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sladd.errors import GateError
from sladd.gate.inference import inferred
from sladd.gate.measured import Measured
from sladd.gate.statements import name_of, open_memory, rows_of
from sladd.model import Check
from sladd.release.wp216 import (
    Attack,
    Inference,
    Linkability,
    SinglingOut,
    SizeBand,
    Thresholds,
    Wp216,
)

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_SIZES = ((1, 1), (2, 4), (5, 10), (11, 19), (20, 49), (50, 99), (100, 999), (1000, None))
"""Bands of class sizes; 5 and 11 are thresholds in use (Datatilsynet 2015; EMA policy 0070)."""
_N, _M = name_of("", "n"), name_of("", "m")


@dataclass(frozen=True, slots=True)
class Written:
    """A written table and what its columns are to the tests.

    Attributes:
        table: its name.
        path: a Parquet file, a pattern of several, or the table in memory.
        quasi: the quasi-identifiers.
        sensitive: what nobody must learn of a person.
        release: "" for a table of the release that is tested.
        version: of that release.
        exact: columns whose values are those of the source. Against a table of another release
            that names some, these are joined over and no others: a class and a value are not alike.
        person: column that says who a row is about, where a person may have several rows; then
            persons are counted, and one with several values of a column once for each.
    """

    table: str
    path: str | pa.Table = field(compare=False)
    quasi: tuple[str, ...]
    sensitive: tuple[str, ...] = ()
    release: str = ""
    version: str = ""
    person: str | None = None
    exact: tuple[str, ...] = ()

    @property
    def count(self) -> str:
        """How many persons some rows are about, as SQL."""
        return f"count(DISTINCT {name_of(self.person)})" if self.person else "count(*)"


def three_tests(
    tables: Sequence[Written],
    thresholds: Thresholds,
    *,
    others: Sequence[Written] = (),
    attacks: Sequence[Attack] = (),
    measured: Measured | None = None,
) -> Wp216:
    """Ask the three questions of every table.

    Args:
        tables: of the release.
        thresholds: what the answers are held against.
        others: tables of other releases of this installation.
        attacks: of `nearest`, where the source is at hand.
        measured: what is known of the files already.

    Raises:
        GateError: a table cannot be read or lacks a column (SLADD-620, SLADD-621).
    """
    import duckdb

    known = measured or Measured()
    with tempfile.TemporaryDirectory(prefix="sladd-wp216-") as spill, open_memory(spill) as opened:
        try:
            return Wp216(
                thresholds=thresholds,
                singling_out=tuple(_alone(opened, one, thresholds.k, known) for one in tables),
                linkability=tuple(_links(opened, tables, others, thresholds.k)),
                attacks=tuple(attacks),
                inference=tuple(
                    known.once(
                        one.path,
                        ("inference", one, column, thresholds),
                        partial(_inferred, opened, one, column, thresholds),
                    )
                    for one in tables
                    for column in one.sensitive
                ),
            )
        except (duckdb.Error, OSError):
            raise GateError(
                "a table cannot be put to the three tests: it cannot be read or lacks a column",
                code=621,
                where=", ".join(one.table for one in tables),
                mend="sladd verify",
            ) from None


def answers_as_checks(answers: Wp216) -> Iterator[Check]:
    """The answers as the gate gives them: one check a table and test."""
    k, t = answers.thresholds.k, answers.thresholds.t
    limit = f" (t = {t:g})" if t < 1 else ""
    for one in answers.singling_out:
        detail = (
            f"smallest class {one.k} persons, {one.uniques} alone, "
            f"{one.persons_below} in classes below {k}"
        )
        yield Check("singling out", one.passed, detail, one.table)
    for link in answers.linkability:
        other = f"{link.other_release} {link.other_table}".strip()
        detail = (
            f"with {other} over {', '.join(link.all_columns)}: {link.few} persons linked with a "
            f"chance above 1 in {k}, {link.alone} pairs of rows alone"
        )
        yield Check("linkability", link.passed, detail, link.table)
    for attack in answers.attacks:
        if attack.passed is not None:
            detail = f"{attack.hits:g} of {attack.persons} persons found by their nearest row"
            yield Check("linkability", attack.passed, detail, attack.table)
    for guess in answers.inference:
        detail = (
            f"{guess.guessed:.1%} guessed right by class, {guess.base:.1%} without; "
            f"at worst {guess.worst:.2f} above the table's share{limit}"
        )
        if guess.passed is not None:
            yield Check("inference", guess.passed, detail, f"{guess.table}.{guess.column}")
    if answers.singling_out and not answers.inference:
        yield Check("inference", True, "no sensitive column")


def _each_once(opened: duckdb.DuckDBPyConnection, one: Written, column: str) -> str:
    """Rows of which a person has one for each value of a column."""
    if one.person is None:
        return rows_of(opened, one.path)
    names = ", ".join(name_of(c) for c in (*one.quasi, column, one.person))
    return f"(SELECT DISTINCT {names} FROM {rows_of(opened, one.path)})"


def _inferred(
    opened: duckdb.DuckDBPyConnection, one: Written, column: str, thresholds: Thresholds
) -> Inference:
    return inferred(
        opened, one.table, _each_once(opened, one, column), one.quasi, column, thresholds
    )


def _alone(opened: duckdb.DuckDBPyConnection, one: Written, k: int, known: Measured) -> SinglingOut:
    measured = known.risk(one.path, one.quasi, threshold=k, person=one.person)
    return SinglingOut(
        table=one.table,
        columns=one.quasi,
        several=one.person is not None,
        persons=measured.persons,
        classes=measured.classes,
        k=measured.k,
        uniques=measured.uniques,
        persons_below=measured.persons_below,
        highest=round(measured.prosecutor_highest, 4),
        mean=round(measured.prosecutor_mean, 4),
        sizes=known.once(one.path, ("sizes", one), lambda: tuple(_bands(opened, one))),
        passed=measured.k >= k or measured.persons == 0,
    )


def _bands(opened: duckdb.DuckDBPyConnection, one: Written) -> Iterator[SizeBand]:
    by = ", ".join(name_of(column) for column in one.quasi)
    band = " ".join(
        f"WHEN {_N} <= {most} THEN {place}"
        for place, (_, most) in enumerate(_SIZES)
        if most is not None
    )
    found = opened.execute(
        f"SELECT CASE {band} ELSE {len(_SIZES) - 1} END AS band, count(*), sum({_N})::BIGINT "
        f"FROM (SELECT {one.count} AS {_N} FROM {rows_of(opened, one.path)} GROUP BY {by}) GROUP BY band "
        "ORDER BY band"
    ).fetchall()
    for place, classes, persons in found:
        least, most = _SIZES[place]
        yield SizeBand(least=least, most=most, classes=classes, persons=persons)


def _links(
    opened: duckdb.DuckDBPyConnection,
    tables: Sequence[Written],
    others: Sequence[Written],
    k: int,
) -> Iterator[Linkability]:
    """Every table against those after it and against every other release."""
    for place, one in enumerate(tables):
        for other in (*tables[place + 1 :], *others):
            if other.release and other.exact:
                shared = every = tuple(c for c in one.exact if c in other.exact)
            else:
                shared = tuple(c for c in one.quasi if c in other.quasi)
                known = {*other.quasi, *other.sensitive}
                every = tuple(c for c in (*one.quasi, *one.sensitive) if c in known)
            if every:
                yield _link(opened, one, other, shared, every, k)


def _link(
    opened: duckdb.DuckDBPyConnection,
    one: Written,
    other: Written,
    shared: tuple[str, ...],
    every: tuple[str, ...],
    k: int,
) -> Linkability:
    matched, few, highest = 0, 0, 0.0
    persons = _number(opened, f"SELECT {one.count} FROM {rows_of(opened, one.path)}")
    if shared:
        # A link between a class of n and one of m is right with a chance of 1 in the larger.
        found = opened.execute(
            f"SELECT coalesce(sum({_N}), 0)::BIGINT, coalesce(sum({_N}) FILTER "
            f"(greatest({_N}, {_M}) < {k}), 0)::BIGINT, coalesce(1 / min(greatest({_N}, {_M})), 0) "
            f"FROM ({_joined(opened, one, other, shared)})"
        ).fetchone()
        matched, few, highest = found or (0, 0, 0.0)
    alone = _number(
        opened,
        f"SELECT count(*) FROM ({_joined(opened, one, other, every)}) WHERE {_N} = 1 AND {_M} = 1",
    )
    return Linkability(
        table=one.table,
        other_release=other.release,
        other_version=other.version,
        other_table=other.table,
        columns=shared,
        all_columns=every,
        persons=persons,
        matched=matched,
        few=few,
        highest=round(float(highest), 4),
        alone=alone,
        passed=few == 0 and alone == 0,
    )


def _joined(
    opened: duckdb.DuckDBPyConnection, one: Written, other: Written, columns: Sequence[str]
) -> str:
    """Classes that both have, with the rows of each. NULL is a value; types may differ."""
    names = [name_of(column) for column in columns]
    as_text = ", ".join(f"{name}::VARCHAR AS {name}" for name in names)
    sides = [
        f"(SELECT {as_text}, {side.count} AS {count} FROM {rows_of(opened, side.path)} GROUP BY ALL)"
        for side, count in ((one, _N), (other, _M))
    ]
    on = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in names)
    return f"SELECT {_N}, {_M} FROM {sides[0]} a JOIN {sides[1]} b ON {on}"


def _number(opened: duckdb.DuckDBPyConnection, sql: str) -> int:
    found = opened.execute(sql).fetchone()
    return int(found[0]) if found else 0


def folder_pattern(folder: Path) -> str:
    """All Parquet files of a folder, as DuckDB reads patterns."""
    escaped = "".join(f"[{c}]" if c in "[*?" else c for c in str(folder))
    return f"{escaped}/*.parquet"
