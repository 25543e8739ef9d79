"""The measures of one anonymised table, from counts. What comes out holds no person's value."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sladd.pipeline.utility.compared import ColumnCounts, Compared
from sladd.pipeline.utility.correlations import correlations
from sladd.pipeline.utility.distributions import shown, total_variation, wasserstein
from sladd.pipeline.utility.questions import query_error
from sladd.release.utility import ColumnUtility, Setting, TableUtility
from transforms.anonymity import Point

SEED = 20_140_410  # of the questions: the day of WP216


def utility_of(
    compared: Compared, *, points: Iterable[Point] = (), seed: int = SEED
) -> TableUtility:
    """Measure what a table lost.

    Args:
        compared: the table before and after.
        points: combinations of levels that the search met (`Answer.frontier`), for the plot.
        seed: of the questions.
    """
    counts = compared.counts()
    left_out = compared.left_out
    suppressed = int(np.count_nonzero(left_out))
    columns = tuple(_column(one, compared) for one in counts)
    quasi = [one for one in columns if one.role == "quasi_identifier"]
    weights = np.array([compared.weights.get(one.name, 1.0) for one in quasi])
    loss = float(weights @ np.array([one.loss for one in quasi]) / weights.sum()) if quasi else 0.0
    settings = [
        Setting(loss=round(p.loss, 4), smallest=p.smallest, rows_suppressed=p.rows_suppressed)
        for p in points
    ]
    return TableUtility(
        name=compared.name,
        persons_before=len(left_out),
        persons_after=len(left_out) - suppressed,
        k=compared.k,
        loss=round(loss, 4),
        columns=columns,
        correlations=correlations(counts, left_out),
        query_error=query_error(counts, left_out, seed=seed, k=compared.k),
        settings=_chosen(settings, round(loss, 4)),
    )


def _chosen(settings: list[Setting], loss: float) -> tuple[Setting, ...]:
    """The settings, with the one marked whose loss was published."""
    if not settings:
        return ()
    nearest = min(settings, key=lambda one: (abs(one.loss - loss), -one.smallest))
    return tuple(one.model_copy(update={"chosen": one is nearest}) for one in settings)


def _column(column: ColumnCounts, compared: Compared) -> ColumnUtility:
    rows = len(compared.left_out)
    suppressed = int(np.count_nonzero(compared.left_out))
    lost = float(column.lost @ column.after) + suppressed
    guessed = column.guessed()
    before = column.before.astype(float)
    distance = None
    if column.numbers is not None:
        distance = wasserstein(column.numbers, before, guessed)
    named, others, ordered = ((), None, False) if compared.several else shown(column, compared.k)
    return ColumnUtility(
        name=column.name,
        role="sensitive" if column.role == "sensitive" else "quasi_identifier",
        level=column.level,
        loss=round(lost / rows, 4) if rows else 0.0,
        values_before=len(column.values),
        values_after=int(np.count_nonzero(column.after)),
        total_variation=round(total_variation(before, guessed), 4),
        wasserstein=None if distance is None else round(distance, 4),
        ordered=ordered,
        shown=named,
        others=others,
    )
