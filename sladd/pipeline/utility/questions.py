"""How far counts from a release are from those of its source: random questions, asked of both.

A question is a conjunction of conditions on some quasi-identifiers: a range of numbers or dates,
or a set of values. The release answers it as an analyst would, who takes the values of a class to
be equally common; rows that were left out are missing from the answer.

Source: LeFevre et al. 2006, Workload-aware Anonymization, §5; the floor under small answers: Xiao
and Tao 2006, Anatomy, §6.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sladd.pipeline.utility.combined import combined
from sladd.pipeline.utility.compared import ColumnCounts, Floats, Integers
from sladd.release.utility import QueryError

QUESTIONS = 200
SELECTED = 0.1  # of the rows that a question asks for, about
FLOOR = 0.01  # of the rows: below that a small miss would be a large share of next to nothing


def query_error(
    columns: Sequence[ColumnCounts],
    left_out: npt.NDArray[np.bool_],
    *,
    seed: int,
    k: int,
    questions: int = QUESTIONS,
) -> QueryError | None:
    """The error over a set of questions; None for a table without rows or quasi-identifiers.

    Args:
        columns: as counts; those with another role than quasi-identifier are not asked about.
        left_out: shape (rows,).
        seed: of the questions.
        k: an answer is held against that many rows at the least.
        questions: how many.
    """
    asked = [one for one in columns if one.role == "quasi_identifier" and len(one.values) > 1]
    if not asked or not len(left_out):
        return None
    draw = np.random.Generator(np.random.PCG64(seed))
    width = min(3, len(asked))
    before, before_counts = _tuples([one.codes for one in asked])
    kept = ~left_out
    after, after_counts = _tuples([one.classes[one.codes[kept]] for one in asked])
    members = [np.bincount(one.classes, minlength=len(one.after)) for one in asked]
    floor = max(k, round(FLOOR * len(left_out)))
    errors = np.empty(questions)
    for number in range(questions):
        chosen = draw.choice(len(asked), width, replace=False)
        left = np.arange(len(before_counts))
        guess = after_counts.astype(float)
        for place in chosen:
            column = asked[place]
            wanted = _condition(column, SELECTED ** (1 / width), draw)
            hit = np.bincount(column.classes, weights=wanted, minlength=len(column.after))
            left = left[(wanted > 0)[before[place][left]]]
            guess *= (hit / members[place])[after[place]]
        truth = int(before_counts[left].sum())
        errors[number] = abs(guess.sum() - truth) / max(truth, floor)
    median, ninetieth = np.quantile(errors, [0.5, 0.9])
    return QueryError(
        questions=questions,
        seed=seed,
        columns=width,
        median=round(float(median), 4),
        ninetieth=round(float(ninetieth), 4),
        floor=floor,
    )


def _condition(column: ColumnCounts, share: float, draw: np.random.Generator) -> Floats:
    """Shape (values,), 1 for a value that is asked for: about that share of the rows."""
    size = len(column.values)
    wanted = np.zeros(size)
    reached = np.cumsum(column.before) / column.before.sum()
    if column.numbers is not None:
        begin = draw.uniform(0, 1 - share)
        start, stop = np.searchsorted(reached, [begin, begin + share])
        wanted[start : stop + 1] = 1.0
        wanted[~np.isfinite(column.numbers)] = 0.0
        return wanted
    order = draw.permutation(size)
    filled = np.cumsum(column.before[order]) / column.before.sum()
    wanted[order[: int(np.searchsorted(filled, share)) + 1]] = 1.0
    return wanted


def _tuples(codes: Sequence[Integers]) -> tuple[list[npt.NDArray[np.int32]], Integers]:
    """Distinct rows of some codes, column by column, and how often each is there."""
    key = combined(codes, len(codes[0]))
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    # Codes are few: narrow ones are gathered several times as fast.
    return [each[first].astype(np.int32) for each in codes], counts
