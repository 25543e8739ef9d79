"""The same fact of the same persons in two tables of a release, whatever it is called in each.

A balance that goes out as it is in one table, and under another name in a second one, joins their
rows: each table keeps its promise, and both together do not. Names are no help to find it; inside
a publish it is known whose rows are whose, so the attack is made and its hits are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import Check
from transforms.anonymity.coding import coded
from transforms.anonymity.precision import as_numbers

JOINED = "linkability"
"""Name of the check: one of the three tests of WP216."""


@dataclass(frozen=True, slots=True, repr=False)
class Published:
    """The rows of a table that go out, and whose they are. Holds values.

    Attributes:
        name: of the table.
        columns: that go out as they are, each of shape (rows,).
        persons: shape (rows,), tokens.
    """

    name: str
    columns: Mapping[str, pa.ChunkedArray]
    persons: pa.Array


def copies(tables: Sequence[Published], k: int) -> Iterator[Check]:
    """Join any two tables over any two columns, by values that one row of each has.

    Args:
        tables: of one release.
        k: such pairs may be right in one of k cases; fewer than k pairs are no pattern.
    """
    alone = {
        (one.name, column): _alone(values)
        for one in tables
        for column, values in one.columns.items()
    }
    for one, other in combinations(tables, 2):
        for left in one.columns:
            for right in other.columns:
                rows = _pairs(alone[one.name, left], alone[other.name, right])
                if rows is None or len(rows[0]) < k:
                    continue
                mine, theirs = one.persons.take(rows[0]), other.persons.take(rows[1])
                hits = pc.sum(pc.equal(mine, theirs)).as_py() or 0
                if hits * k > len(rows[0]):
                    yield Check(
                        JOINED,
                        False,
                        f"{left} stands in {other.name} too, as {right}: of {len(rows[0])} values "
                        f"that one row of each has, {hits} lead to the same person; the smallest "
                        "change that passes: role: direct for one of them, or a rule that rounds it",
                        f"{one.name}.{left}",
                    )


_Alone = tuple[npt.NDArray[np.float64] | npt.NDArray[np.str_], npt.NDArray[np.int64]]


def _alone(values: pa.ChunkedArray) -> _Alone:
    """Values that one row has, ascending, and the row of each."""
    found = coded(values)
    rows = np.flatnonzero((found.counts == 1)[found.codes])
    single = found.values.take(pa.array(found.codes[rows]))
    known = single.is_valid().to_numpy(zero_copy_only=False)
    rows, single = rows[known], single.filter(pa.array(known))
    numbers = as_numbers(single)
    if numbers is None:
        return np.array(single.cast(pa.string()).to_pylist(), np.str_), rows
    return numbers, rows


def _pairs(one: _Alone, other: _Alone) -> tuple[pa.Array, pa.Array] | None:
    """The rows of either side that have a value in common; None where they cannot."""
    if one[0].dtype.kind != other[0].dtype.kind:
        return None
    _, left, right = np.intersect1d(one[0], other[0], return_indices=True)
    return pa.array(one[1][left]), pa.array(other[1][right])
