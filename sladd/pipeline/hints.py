"""Columns that go out as they are and tell what a quasi-identifier was before it was made coarser.

A delivery zone beside a postcode that was given up: whoever knows the postcode knows the zone, and
the classes are those of the zones. Whether others know such a column is no question of its role.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sladd.model import Check
from sladd.pipeline.utility.combined import combined
from transforms.anonymity.coding import coded

TELLS = "columns that tell another"
"""Name of the check."""
_SURE = 0.9  # share of the rows whose finer value is told: a rule with exceptions is one, too
_LIKELY = 0.5  # share that the class alone tells; from there on little is left to be told

Integers = npt.NDArray[np.int64]


def tells(
    table: str, before: pa.Table, after: pa.Table, columns: Sequence[str], k: int
) -> Iterator[Check]:
    """Ask of each column whether it tells a quasi-identifier, and then how small classes are.

    Only values that k rows or more share are asked: a value of its own tells everything of its
    row, and nothing that anybody could know of another.

    Args:
        table: its name.
        before: published rows as the source has them.
        after: the same rows, the quasi-identifiers generalised.
        columns: of `before`, that go out as they are.
        k: fewest rows of a class.
    """
    finer = {name: _codes(before, name) for name in after.column_names}
    classes = {name: _codes(after, name) for name in after.column_names}
    whole = combined(list(classes.values()), after.num_rows)
    for column in columns:
        values = _codes(before, column)
        shared = np.bincount(values, minlength=1)[values] >= k
        if 2 * int(shared.sum()) < len(values):
            continue
        told = [
            name
            for name, fine in finer.items()
            if _guessed(fine[shared], [classes[name][shared]]) < _LIKELY
            and _guessed(fine[shared], [classes[name][shared], values[shared]]) >= _SURE
        ]
        if told:
            yield _check(f"{table}.{column}", told, combined([whole, values], len(values)), k)


def _check(where: str, told: Sequence[str], classes: Integers, k: int) -> Check:
    _, sizes = np.unique(classes, return_counts=True)
    rows = int(sizes[sizes < k].sum())
    names = ", ".join(told)
    if not rows:
        return Check(TELLS, True, f"it tells {names}, and every class still has {k} rows", where)
    return Check(
        TELLS,
        False,
        f"it tells what {names} was before it was made coarser, and with it {rows} persons stand in "
        f"{int((sizes < k).sum())} classes below {k}; the smallest change that passes: role: quasi, "
        "or role: direct (it stays out)",
        where,
    )


def _guessed(fine: Integers, known: Sequence[Integers]) -> float:
    """Share of the rows whose finer value is the commonest among those with what is known."""
    if not len(fine):
        return 1.0
    keys = combined(list(known), len(fine))
    pairs, counts = np.unique(combined([keys, fine], len(fine)), return_counts=True)
    groups = np.unique(pairs // (int(fine.max()) + 1), return_inverse=True)[1]
    most = np.zeros(int(groups.max()) + 1, np.int64)
    np.maximum.at(most, groups, counts)
    return float(most.sum() / len(fine))


def _codes(table: pa.Table, column: str) -> Integers:
    return coded(table.column(column)).codes.astype(np.int64)
