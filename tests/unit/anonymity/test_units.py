"""Rows become persons: added up or bounded, whatever the order of the rows."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd.errors import PlanError
from sladd.model import FieldPlan, FieldRef, How, StorageType, TablePlan, TableRef
from sladd.pipeline.anonymity.reading import PERSON, Read
from sladd.pipeline.anonymity.units import aggregated, bounded

ORDERS = TableRef("shop", "orders")
Row = tuple[int, float | None, str]
ROWS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.none() | st.decimals(-1000, 1000, places=2).map(float),
        st.sampled_from(["krus", "penn"]),
    ),
    min_size=1,
    max_size=40,
)


def plan(*columns: str) -> TablePlan:
    """A plan in which these columns go out."""
    fields = tuple(
        FieldPlan(FieldRef(ORDERS, c), c, StorageType.FLOAT, "keep", {}, "", How.NONE, "", "")
        for c in columns
    )
    return TablePlan(ORDERS, "orders", fields)


def read(rows: list[Row]) -> Read:
    """A table as it was read."""
    persons, amounts, goods = zip(*rows, strict=True)
    data = pa.table(
        {
            "amount": pa.array(amounts, pa.float64()),
            "goods": pa.array(goods).dictionary_encode(),
            PERSON: pa.array(persons, pa.int64()),
        }
    )
    return Read(data, len(rows), {}, len(set(persons)))


def told(table: pa.Table, *columns: str) -> list[tuple[object, ...]]:
    """The rows, sorted."""
    return sorted(zip(*(table.column(c).to_pylist() for c in columns), strict=True), key=repr)


@given(ROWS, st.randoms(use_true_random=False))
def test_sums_are_of_the_person_and_of_no_order(rows, draw):
    """Exact to the cent, and to the last bit the same for shuffled rows."""
    amounts: dict[int, list[float]] = defaultdict(list)
    for person, amount, _ in rows:
        amounts[person].extend([] if amount is None else [amount])
    found = aggregated(read(rows), plan("amount"), {"amount": "sum"})
    wanted = sorted(
        ((p, round(sum(a), 2)) if a else (p, None) for p, a in amounts.items()), key=repr
    )
    got = told(found.table, PERSON, "amount")
    assert [(p, a if a is None else round(a, 2)) for p, a in got] == wanted
    draw.shuffle(rows)
    again = aggregated(read(rows), plan("amount"), {"amount": "sum"})
    assert told(again.table, PERSON, "amount") == got


@settings(max_examples=25)  # each opens DuckDB twice
@given(ROWS, st.integers(1, 3), st.randoms(use_true_random=False))
def test_bounded_rows_are_of_no_order(rows, most, draw):
    """At most so many of each person, and the same ones for shuffled rows."""
    found = bounded(read(rows), most).table
    columns = (PERSON, "amount", "goods")
    got = told(found, *columns)
    counts: dict[object, int] = defaultdict(int)
    for row in got:
        counts[row[0]] += 1
    assert max(counts.values()) <= most
    assert set(counts) == {person for person, _, _ in rows}
    assert set(got) <= set(rows)
    draw.shuffle(rows)
    assert told(bounded(read(rows), most).table, *columns) == got


def test_constant_columns_come_along():
    """What is the same in all rows of a person is said of the person."""
    rows: list[Row] = [(1, 2.0, "krus"), (1, 3.0, "krus"), (2, 1.0, "penn")]
    found = aggregated(read(rows), plan("amount", "goods"), {"amount": "count"})
    assert told(found.table, PERSON, "amount", "goods") == [(1, 2, "krus"), (2, 1, "penn")]


def test_a_column_that_differs_within_a_person_is_refused():
    """The line has the column and a count, and no value."""
    rows: list[Row] = [(1, 2.0, "krus"), (1, 3.0, "penn")]
    with pytest.raises(PlanError) as fault:
        aggregated(read(rows), plan("amount", "goods"), {"amount": "sum"})
    assert fault.value.code == 379
    assert "penn" not in str(fault.value)


def test_a_text_has_no_sum():
    """The way out names the aggregates that work."""
    with pytest.raises(PlanError) as fault:
        aggregated(read([(1, 2.0, "krus")]), plan("goods"), {"goods": "sum"})
    assert fault.value.code == 380
