"""The search for the levels that lose least and still meet the thresholds.

Every row gets the same level in a column (full-domain generalisation, ISO/IEC 20889 §8.6). Local
recoding would lose less and is not offered: its minimality gives groups away (Cohen 2022,
Attacks on Deidentification's Defenses).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod

import pyarrow as pa

from sladd.errors import PlanError
from transforms.anonymity.answer import Answer, Point, on_frontier
from transforms.anonymity.buckets import Node
from transforms.anonymity.checks import Checker, Verdict
from transforms.anonymity.descent import Spent, descend
from transforms.anonymity.lattice import EPSILON, Lattice
from transforms.anonymity.problem import Problem
from transforms.anonymity.unmet import unmet

MOST_COLUMNS = 12
MOST_NODES = 4_000_000  # about 120 MB of bounds, and 0.1 s to choose the next node


@dataclass(frozen=True, slots=True)
class Budget:
    """When to stop; the answer then is the best found.

    Attributes:
        nodes: to check; the same answer on every machine.
        seconds: to spend; None for no limit.
    """

    nodes: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """Thresholds to try: k, and the share of rows that may be left out."""

    k: int
    max_suppression: float


SETTINGS = tuple(Setting(k, share) for k in (2, 5, 11, 25, 100) for share in (0.0, 0.05))


def search(table: pa.Table, problem: Problem, budget: Budget | None = None) -> Answer:
    """Find the node that loses least.

    Args:
        table: one row per person, or `problem.person` says who a row is about.
        problem: columns, hierarchies and thresholds.
        budget: when to stop; without one the search ends when nothing better is left.

    Raises:
        PlanError: the problem contradicts itself or the table (SLADD-350), a hierarchy is not
            nested (SLADD-351), or nothing meets the thresholds (SLADD-352).
    """
    begun = time.perf_counter()
    return _solve(Checker.of(table, problem), budget or Budget(), begun)


def frontier(
    table: pa.Table,
    problem: Problem,
    settings: Sequence[Setting] = SETTINGS,
    budget: Budget | None = None,
) -> Iterator[Answer]:
    """The best answer for each of some settings, one after another.

    A setting that nothing meets is left out.

    Args:
        table: as for `search`; its columns are coded once.
        problem: of which k and suppression are replaced.
        settings: to try.
        budget: for each of them.

    Raises:
        PlanError: SLADD-350, SLADD-351.
    """
    checker = Checker.of(table, problem)
    for setting in settings:
        begun = time.perf_counter()
        asked = replace(problem, k=setting.k, max_suppression=setting.max_suppression)
        asked.check(table)
        try:
            yield _solve(checker.asked(asked), budget or Budget(), begun)
        except PlanError as error:
            if error.code != 352:
                raise


class _Best:
    """The best node so far and all that were met."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self.node: Node | None = None
        self.verdict = Verdict(small=True, loss=float("inf"))
        self.met: list[Point] = []

    def check(self, node: Node) -> Verdict:
        verdict = self.checker.check(node)
        if verdict.meets:
            self.met.append(_point(self.checker, node, verdict))
            if verdict.loss < self.verdict.loss - EPSILON:
                self.node, self.verdict = node, verdict
        return verdict


def _solve(checker: Checker, budget: Budget, begun: float) -> Answer:
    best = _Best(checker)
    shape = checker.shape
    before = checker.checked

    def spent() -> str:
        if budget.nodes is not None and checker.checked - before >= budget.nodes:
            return f"stopped after {budget.nodes} nodes"
        if budget.seconds is not None and time.perf_counter() - begun > budget.seconds:
            return f"stopped after {budget.seconds:g} seconds"
        return ""

    if len(shape) > MOST_COLUMNS:
        reason = f"heuristic search: more than {MOST_COLUMNS} quasi-identifiers"
    elif prod(shape) > MOST_NODES:
        reason = f"heuristic search: more than {MOST_NODES} combinations of levels"
    else:
        reason = ""
    if reason:
        stopped = descend(checker, best.check, spent)
        reason = f"{reason}; {stopped}" if stopped else reason
    else:
        reason = _exhaust(checker, best, spent)
    if best.node is None:
        raise unmet(checker, reason)
    verdict, node = best.verdict, best.node
    return Answer(
        problem=checker.problem,
        node=node,
        levels={
            one.name: one.numbers[level] for one, level in zip(checker.columns, node, strict=True)
        },
        labels=_point(checker, node, verdict).levels,
        loss=verdict.loss,
        rows=checker.rows.size,
        rows_suppressed=verdict.rows_suppressed,
        classes=verdict.classes,
        smallest=verdict.smallest,
        optimal=not reason,
        reason=reason,
        nodes=prod(shape),
        nodes_checked=checker.checked - before,
        seconds=time.perf_counter() - begun,
        frontier=on_frontier(best.met),
    )


def _exhaust(checker: Checker, best: _Best, spent: Spent) -> str:
    """Check until no open node could lose less; otherwise why not."""
    lattice = Lattice(checker.lost)
    while lattice.open:
        if stopped := spent():
            return f"best found: {stopped}"
        node = lattice.next()
        verdict = best.check(node)
        if verdict.small:
            lattice.settle_finer(node)
            continue
        lattice.settle(node)
        lattice.costs_more(node, verdict.least_excess)
        lattice.settle_above(best.verdict.loss)
    return ""


def _point(checker: Checker, node: Node, verdict: Verdict) -> Point:
    labels = {one.name: one.labels[level] for one, level in zip(checker.columns, node, strict=True)}
    return Point(labels, verdict.loss, verdict.rows_suppressed, verdict.classes, verdict.smallest)
