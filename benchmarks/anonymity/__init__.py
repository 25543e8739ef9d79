"""The anonymity search and the gate's measures of risk: time, nodes looked at, loss."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.anonymity import adult, peer, shop
from benchmarks.measure import cpu_seconds, in_turns, peak_bytes
from benchmarks.result import FULL_ROWS, Goal, Measure
from sladd.gate import risk
from transforms.anonymity import (
    Answer,
    Distance,
    Diversity,
    Problem,
    Sensitive,
    generalised,
    search,
)
from transforms.anonymity.checks import Checker
from transforms.hierarchies import Hierarchy

KS = (2, 5, 11, 100)
SUPPRESSION = (0.0, 0.05)
ROUNDS = 2
SMALL_ROUNDS = 8  # a search of some hundredths of a second is at the mercy of its neighbours
SEARCH = Goal(3.0, on="value", fixed=0.5, why="codes and classes of the hierarchies' values")
RISK = Goal(1.0, on="value", fixed=0.5, why="starting DuckDB, and a statement per combination")
MEMORY = Goal(2.0, on="value", exact=True)
EVERY = Goal(1.0, on="value", kind="at least", exact=True)
FASTER = Goal(100.0, on="value", kind="at least")
NO_WORSE = Goal(1.0, exact=True)
PUBLISHED_SECONDS = 64.5  # anjana 1.2.3 on 30,000 × 6, k=5, measured on this class of machine


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Both tables with every k and suppression, anjana on the small one, risk on the large one."""
    customers = shop.table(rows)
    measures, answers = _searches(customers, shop.hierarchies(), shop.SENSITIVE, SEARCH)
    made = generalised(customers, answers[5, 0.05], keep=(shop.SENSITIVE,))
    # The shop's own two: the written release, and the table that nobody generalised.
    measures += _risks(made, folder / "made.parquet", "written with k=5, 5 % left out", RISK)
    measures += _risks(customers, folder / "raw.parquet", "as it was", None)
    persons = adult.table()
    more, found = _searches(persons, adult.hierarchies(), adult.SENSITIVE, None)
    measures += more
    measures += _with_l_and_t(persons)
    if rows >= FULL_ROWS:
        for share in SUPPRESSION:
            measures += _beside_anjana(persons, found[5, share], folder)
    optimal = [answer.optimal for answer in (*answers.values(), *found.values())]
    share = sum(optimal) / len(optimal)
    return (
        *measures,
        Measure("searches that ended with the best of all nodes", share, "of 1", goal=EVERY),
        Measure("memory at the peak", peak_bytes() / 1e9, "GB", goal=MEMORY),
    )


def _problem(
    table: pa.Table, hierarchies: Mapping[str, Hierarchy], sensitive: str, k: int, share: float
) -> Problem:
    columns = tuple(name for name in table.column_names if name != sensitive)
    return Problem(columns, k, hierarchies, max_suppression=share)


def _searches(
    table: pa.Table, hierarchies: Mapping[str, Hierarchy], sensitive: str, goal: Goal | None
) -> tuple[list[Measure], dict[tuple[int, float], Answer]]:
    measures, answers = [], {}
    for k in KS:
        for share in SUPPRESSION:
            problem = _problem(table, hierarchies, sensitive, k, share)
            answer, seconds = _timed(table, problem)
            answers[k, share] = answer
            shape = f"{table.num_rows:,} × {len(problem.columns)}"
            what = f"{shape}, k={k}, {share:.0%} left out at most: coding and search"
            measures.append(Measure(what, seconds, "s CPU", goal=goal, notes=_notes(answer)))
    return measures, answers


def _timed(table: pa.Table, problem: Problem) -> tuple[Answer, float]:
    found: list[Answer] = []
    rounds = ROUNDS if table.num_rows > adult.ROWS else SMALL_ROUNDS
    (seconds,) = in_turns(rounds, lambda: cpu_seconds(lambda: found.append(search(table, problem))))
    return found[-1], seconds


def _notes(answer: Answer) -> tuple[str, ...]:
    return (
        (
            f"loss {answer.loss:.4f} · {answer.nodes_checked} of {answer.nodes:,} nodes looked at · "
            f"{answer.rows_suppressed:,} rows left out · smallest class {answer.smallest:,} · "
            f"{'optimal' if answer.optimal else answer.reason} · {answer.seconds:.1f} s wall"
        ),
    )


def _with_l_and_t(table: pa.Table) -> list[Measure]:
    columns = tuple(name for name in table.column_names if name != adult.SENSITIVE)
    protected = Sensitive(adult.SENSITIVE, Diversity.ENTROPY, distance=Distance.EQUAL)
    problem = Problem(
        columns, 5, adult.hierarchies(), {}, 1.5, 0.3, max_suppression=0.05, sensitive=(protected,)
    )
    answer, seconds = _timed(table, problem)
    what = f"{table.num_rows:,} × {len(columns)}, k=5, entropy l=1.5, t=0.3, 5 % left out at most"
    return [Measure(what, seconds, "s CPU", notes=_notes(answer))]


def _risks(table: pa.Table, path: Path, how: str, goal: Goal | None) -> list[Measure]:
    pq.write_table(table, path)
    columns = tuple(name for name in table.column_names if name != shop.SENSITIVE)
    found = []
    (seconds,) = in_turns(
        ROUNDS,
        lambda: cpu_seconds(lambda: found.append(risk(path, columns, sensitive=(shop.SENSITIVE,)))),
    )
    told = found[-1]
    note = (
        f"k {told.k} · {told.classes:,} classes · {told.uniques:,} uniques · marketer "
        f"{told.prosecutor_mean:.4f} · l {told.spread[0].l_distinct} · t {told.spread[0].t_equal:.2f} · "
        f"{len(told.rare)} subsets with rare combinations"
    )
    what = f"every measure of risk of {table.num_rows:,} rows, {how}"
    return [Measure(what, seconds, "s CPU", goal=goal, notes=(note,))]


def _beside_anjana(table: pa.Table, ours: Answer, folder: Path) -> list[Measure]:
    _, seconds = _timed(table, ours.problem)
    share = ours.problem.max_suppression
    what = f"Adult's shape, k=5, {share:.0%} left out at most: times faster than anjana"
    theirs = peer.anjana(table, Checker.of(table, ours.problem), folder)
    if theirs is None:
        note = f"{peer.NOT_RUN}; against {PUBLISHED_SECONDS} s, measured on 30,000 × 6"
        return [Measure(what, PUBLISHED_SECONDS / seconds, "times", goal=FASTER, notes=(note,))]
    note = f"anjana {theirs.version}: {theirs.rows_suppressed:,} rows left out"
    return [
        Measure(what, theirs.seconds / seconds, "times", goal=FASTER, notes=(note,)),
        Measure("the same: search", seconds, "s CPU", theirs.seconds, "anjana"),
        Measure("the same: loss", ours.loss, "of 1", theirs.loss, "anjana", NO_WORSE),
    ]
