"""Hierarchies fitted to a column, by a prefix, an order or frequency are nested as all others."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.hierarchies import (
    Hierarchy,
    by_frequency,
    equal_frequency,
    equal_width,
    ordered,
    prefix,
)

NUMBERS = st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6), st.integers(-50, 50)), min_size=1)
CODES = st.lists(st.one_of(st.none(), st.text("0123é", max_size=4)), min_size=1)


def _nested(hierarchy: Hierarchy, values: pa.Array) -> None:
    levels = [
        hierarchy.generalise(values, level).to_pylist() for level in range(len(hierarchy.levels))
    ]
    for finer, coarser in itertools.pairwise(levels):
        assert len(set(zip(finer, coarser, strict=True))) == len(set(finer))
        assert [v is None for v in finer] == [v is None for v in coarser]
    with pytest.raises(IndexError):
        hierarchy.generalise(values, len(levels))


@given(NUMBERS, st.sampled_from([equal_width, equal_frequency]))
def test_bands_fitted_to_numbers_are_nested(
    numbers: list[Any], fit: Callable[..., Hierarchy]
) -> None:
    """Equal widths and equal fillings, with nulls, ties and one value only."""
    values = pa.array([None if n is None else float(n) for n in numbers], pa.float64())
    if values.null_count == len(values):
        with pytest.raises(ValueError, match="no numbers"):
            fit("n", values, [8, 4, 2])
        return
    _nested(fit("n", values, [8, 4, 2]), values)


@given(CODES)
def test_prefixes_and_frequencies_are_nested(codes: list[str | None]) -> None:
    """Codes of any length, empty ones and letters beyond ASCII."""
    values = pa.array(codes, pa.string())
    _nested(prefix("code", [3, 1]), values)
    _nested(by_frequency("code", values, [2, 3, 5]), values)


def test_equal_filling_follows_the_data() -> None:
    """Half of the rows lie in each of two bands, where equal widths put nearly all into one."""
    values = pa.array([*range(100), 10_000])
    filled = equal_frequency("n", values, [2]).generalise(values, 1).value_counts()
    wide = equal_width("n", values, [2]).generalise(values, 1).value_counts()
    assert sorted(filled.field(1).to_pylist()) == [50, 51]
    assert sorted(wide.field(1).to_pylist()) == [1, 100]


def test_edges_are_no_values_of_persons() -> None:
    """A salary that is a quantile does not stand in a label."""
    pay = [300_001 + 1_237 * n for n in range(200)]
    labels = equal_frequency("pay", pa.array(pay), [4, 2]).generalise(pa.array(pay), 1)
    spelled = {text.strip("<+") for label in labels.to_pylist() for text in label.split("–")}
    assert spelled.isdisjoint({str(value) for value in pay})


def test_neighbours_in_an_order_are_joined() -> None:
    """The last class takes what is left."""
    sizes = ordered("size", ["XS", "S", "M", "L", "XL"], [2, 4])
    made = [
        sizes.generalise(pa.array(["S", "XL", "?", None]), level).to_pylist() for level in (1, 2)
    ]
    assert made == [["XS–S", "XL", None, None], ["XS–L", "XL", None, None]]


def test_rare_values_are_put_together() -> None:
    """What is seen often enough stands for itself."""
    values = pa.array(["a"] * 5 + ["b"] * 2 + ["c"])
    made = by_frequency("x", values, [2, 3])
    assert made.generalise(values, 1).to_pylist() == ["a"] * 5 + ["b"] * 2 + ["(other)"]
    assert made.generalise(values, 2).to_pylist() == ["a"] * 5 + ["(other)"] * 3
    assert "'a'" not in repr(made)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: prefix("x", [1, 2]),
        lambda: prefix("x", []),
        lambda: ordered("x", ["a", "a"], [2]),
        lambda: ordered("x", ["a", "b"], [2, 3]),
        lambda: by_frequency("x", pa.array(["a"]), [3, 2]),
        lambda: equal_width("x", pa.array([1, 2]), [4, 3]),
        lambda: equal_frequency("x", pa.array([1, 2]), [4, 4]),
        lambda: equal_width("x", pa.array([1, 2]), []),
    ],
)
def test_levels_that_are_not_nested_are_refused(wrong: Callable[[], Hierarchy]) -> None:
    """What cannot be a hierarchy is said when it is made."""
    with pytest.raises(ValueError, match=r"multiple|descend|twice|ascend"):
        wrong()
