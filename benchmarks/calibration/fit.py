"""A logistic regression from the sums of each family of evidence to the truth, and its reliability.

Every candidate of every column is one observation. The reliability is that of what is *said*:
the best candidate of each column, by a model fitted on the other tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.calibration.schemas import table
from detectors import registry
from detectors.columns import ScanOptions
from detectors.columns.scan import judge_table
from detectors.columns.weighing import calibration, sums

Numbers = npt.NDArray[np.float64]
FAMILIES = ("value", "name", "structure")
PRIOR = (-3.0, 1.0, 1.0, 1.0)
"""Intercept and slopes if the evidence were what it claims to be: natural log-odds."""

# Whose number it is says the table's key, not the column.
_KEYS = ("user.link_key", "user.unique_id")


@dataclass(frozen=True)
class Observation:
    """One candidate: where it stands, the sums of its evidence, and whether it is right."""

    table: int
    column: str
    sums: tuple[float, ...]
    right: bool


def observe(tables: Sequence[int], seed: int) -> Iterator[Observation]:
    """Scan tables and hold every candidate against the truth."""
    detectors = registry.build(["nb", "nn", "en"])
    options = ScanOptions()
    for number in tables:
        made = table(number, seed)
        for judged in judge_table(made.sample, detectors=detectors, options=options):
            column = judged.field.ref.column
            for candidate in judged.candidates:
                if candidate.barred or candidate.category.startswith(_KEYS):
                    continue
                total = sums(candidate.evidence, calibration())
                right = candidate.category == made.truth[column]
                yield Observation(number, column, tuple(total[f] for f in FAMILIES), right)


def fit(x: Numbers, y: Numbers, ridge: float) -> Numbers:
    """Intercept and slopes, drawn to the prior by the ridge; Newton's method."""
    x = np.column_stack([np.ones(len(x)), x])
    prior = np.array(PRIOR)
    beta = prior.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        gradient = x.T @ (y - p) - ridge * (beta - prior)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(prior))
        beta = beta + np.linalg.solve(hessian, gradient)
    return beta


def said(x: Numbers, beta: Numbers) -> Numbers:
    """Confidence of each row of sums."""
    result: Numbers = 1 / (1 + np.exp(-(beta[0] + x @ beta[1:])))
    return result


def held_out(seen: Sequence[Observation], folds: int, ridge: float) -> tuple[Numbers, Numbers]:
    """What would be said of each column by a model that never saw its table, and the truth."""
    x = np.array([o.sums for o in seen])
    y = np.array([o.right for o in seen], dtype=np.float64)
    fold = np.array([o.table % folds for o in seen])
    p = np.zeros(len(seen))
    for k in range(folds):
        p[fold == k] = said(x[fold == k], fit(x[fold != k], y[fold != k], ridge))
    best: dict[tuple[int, str], int] = {}
    for at, o in enumerate(seen):
        key = (o.table, o.column)
        if key not in best or p[at] > p[best[key]]:
            best[key] = at
    chosen = list(best.values())
    return p[chosen], y[chosen]


def expected_error(p: Numbers, y: Numbers, bins: int = 10) -> float:
    """Expected calibration error: mean distance of said and true over bins, by their size."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    return float(sum(abs(p[place == b].sum() - y[place == b].sum()) for b in range(bins)) / len(p))
