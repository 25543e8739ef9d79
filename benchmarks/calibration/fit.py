"""A logistic regression from the sums of each family of evidence to the truth.

Every candidate of every column is one observation. What is *said* is the best candidate of each
column, by a model that never saw the column's system: folds are over systems, not over tables.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.calibration.kinds import NOT_SCORED
from benchmarks.calibration.schemas import table
from detectors import registry
from detectors.columns import ScanOptions
from detectors.columns.conclusion import finding
from detectors.columns.scan import judge_table
from detectors.columns.weighing import calibration, sums

Numbers = npt.NDArray[np.float64]
FAMILIES = ("value", "name", "structure", "key")
PRIOR = (-3.0, 1.0, 1.0, 1.0, 1.0)
"""Intercept and slopes if the evidence were what it claims to be: natural log-odds."""


@dataclass(frozen=True)
class Choice:
    """One candidate: its category, the sums of its evidence, and whether it is right."""

    category: str
    sums: tuple[float, ...]
    right: bool


@dataclass(frozen=True)
class Column:
    """One column of a table, with its truth and what was found.

    Attributes:
        where: system, table and column, to find it again.
        found: category of the finding as shipped; "" for none.
        stated: its confidence.
        mode, kind, rows: how the column was made.
    """

    where: str
    system: str
    truth: str
    choices: tuple[Choice, ...]
    found: str
    stated: float
    mode: str
    kind: str
    rows: int

    @property
    def fold(self) -> int:
        """A number that all columns of one system share."""
        return zlib.crc32(self.system.encode())


def observe(tables: Sequence[int], seed: int, source: str = "systems.txt") -> Iterator[Column]:
    """Scan tables and hold every candidate against the truth."""
    detectors = registry.build(["nb", "nn", "en"])
    options = ScanOptions()
    for number in tables:
        made = table(number, seed, source)
        for judged in judge_table(made.sample, detectors=detectors, options=options):
            column = judged.field.ref.column
            truth = made.truth[column]
            if truth == NOT_SCORED or judged.field.ref.path:
                continue
            choices = []
            for candidate in judged.candidates:
                if candidate.barred:
                    continue
                total = sums(candidate.evidence, calibration())
                right = candidate.category == truth
                choices.append(Choice(candidate.category, tuple(total[f] for f in FAMILIES), right))
            said = finding(judged)
            yield Column(
                f"{made.system}/{number}/{column}", made.system, truth, tuple(choices),
                said.category, said.confidence if said.category else 0.0,
                made.mode, made.kinds[column], made.sample.rows,
            )  # fmt: skip


def stacked(columns: Sequence[Column]) -> tuple[Numbers, Numbers, npt.NDArray[np.int64]]:
    """Sums and truth of every candidate, and the place of its column."""
    rows = [(c.sums, c.right, at) for at, column in enumerate(columns) for c in column.choices]
    return (
        np.array([r[0] for r in rows]),
        np.array([r[1] for r in rows], dtype=np.float64),
        np.array([r[2] for r in rows]),
    )


def fit(x: Numbers, y: Numbers, ridge: float) -> Numbers:
    """Intercept and slopes, drawn to the prior by the ridge; Newton's method."""
    x = np.column_stack([np.ones(len(x)), x])
    prior = np.array(PRIOR)
    beta = prior.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -35, 35)))
        gradient = x.T @ (y - p) - ridge * (beta - prior)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(prior))
        beta = beta + np.linalg.solve(hessian, gradient)
    return beta


def said(x: Numbers, beta: Numbers) -> Numbers:
    """Confidence of each row of sums."""
    result: Numbers = 1 / (1 + np.exp(-np.clip(beta[0] + x @ beta[1:], -35, 35)))
    return result


def held_out(columns: Sequence[Column], folds: int, ridge: float) -> tuple[Numbers, list[str]]:
    """What would be said of each column by a model that never saw its system.

    Returns:
        The confidence of the best candidate of each column (0 without one), and its category.
    """
    x, y, at = stacked(columns)
    fold = np.array([columns[i].fold % folds for i in at])
    p = np.zeros(len(x))
    for k in range(folds):
        if (fold == k).any():
            p[fold == k] = said(x[fold == k], fit(x[fold != k], y[fold != k], ridge))
    return best(columns, p)


def best(columns: Sequence[Column], p: Numbers) -> tuple[Numbers, list[str]]:
    """The best candidate of each column, by the confidence of each."""
    stated, category, place = np.zeros(len(columns)), [""] * len(columns), 0
    for at, column in enumerate(columns):
        for choice in column.choices:
            if p[place] > stated[at]:
                stated[at], category[at] = p[place], choice.category
            place += 1
    return stated, category


def expected_error(p: Numbers, y: Numbers, bins: int = 10) -> float:
    """Expected calibration error: mean distance of said and true over bins, by their size."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    return float(sum(abs(p[place == b].sum() - y[place == b].sum()) for b in range(bins)) / len(p))
