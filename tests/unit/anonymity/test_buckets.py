"""Buckets of tuples tell that a node is hopeless, and never that of one which is not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from transforms.anonymity import Problem
from transforms.anonymity.checks import Checker
from transforms.anonymity.tuples import Tuples, classes_of
from transforms.hierarchies import bands_of

COLUMNS = ("a", "b", "c")


def tuples() -> Tuples:
    """Three skewed columns of 6,000 rows: many more classes than the fewest buckets."""
    rng = np.random.default_rng(7)
    columns = {name: rng.zipf(1.4, 6000).clip(max=60 + place) for place, name in enumerate(COLUMNS)}
    ladder = bands_of("n", [5, 20])
    problem = Problem(COLUMNS, 2, dict.fromkeys(COLUMNS, ladder))
    return Checker.of(pa.table(columns), problem).rows


@pytest.mark.parametrize("k", [1, 2, 5, 100])
def test_rows_in_small_buckets_are_rows_of_small_classes(k: int) -> None:
    """At every node at most as many as there are; of rows and of tuples with counts."""
    rows = tuples()
    counted = rows.rolled_up((0, 0, 0))
    told = small = 0
    for node in np.ndindex(3, 3, 3):
        sizes = classes_of(rows, rows.keys(node)).rows
        small += (exact := int(sizes[sizes < k].sum()))
        for each in (rows, counted):
            sure = each.buckets.surely_in_small(node, k, each.counts)
            assert sure <= exact
            told += sure
    assert told >= small  # of the two sets together: half of them are told, or more
