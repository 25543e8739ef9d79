"""The search finds the node that loses least, and says so only when it has shown it."""

from __future__ import annotations

import datetime as dt
import random
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sladd.errors import PlanError
from tests.unit.anonymity.exhaustive import best_loss
from transforms.anonymity import (
    Budget,
    Distance,
    Diversity,
    Problem,
    Sensitive,
    Setting,
    frontier,
    generalised,
    search,
)
from transforms.hierarchies import TableHierarchy, bands_of, ordered, prefix

ILLS = TableHierarchy(
    "ills",
    ("value", "organ"),
    (("flu", "lung"), ("cough", "lung"), ("ulcer", "stomach"), ("colic", "stomach")),
)
HIERARCHIES = {
    "post": prefix("post", [2, 1]),
    "age": bands_of("age", [5, 20]),
    "size": ordered("size", ["S", "M", "L", "XL"], [2]),
}
ROW = st.fixed_dictionaries(
    {
        "post": st.sampled_from(["011", "012", "021", "311", None]),
        "age": st.one_of(st.none(), st.integers(20, 44)),
        "size": st.sampled_from(["S", "M", "L", "XL", None]),
        "ill": st.sampled_from(["flu", "cough", "ulcer", "colic", None]),
        "pay": st.sampled_from([1, 2, 3, 9]),
        "who": st.integers(1, 6),
    }
)
TYPES = pa.schema(
    [
        ("post", pa.string()),
        ("age", pa.int64()),
        ("size", pa.string()),
        ("ill", pa.string()),
        ("pay", pa.int64()),
        ("who", pa.int64()),
    ]
)
SENSITIVE = st.one_of(
    st.builds(Sensitive, st.just("ill"), st.sampled_from(Diversity), st.sampled_from([1.0, 2.0])),
    st.builds(
        Sensitive,
        st.just("pay"),
        st.sampled_from(Diversity),
        distance=st.just(Distance.ORDERED),
    ),
    st.just(Sensitive("ill", distance=Distance.HIERARCHICAL, hierarchy=ILLS)),
)
PROBLEM = st.builds(
    Problem,
    columns=st.sampled_from([("post",), ("post", "age"), ("size", "post", "age")]),
    k=st.integers(1, 6),
    hierarchies=st.just(HIERARCHIES),
    weights=st.sampled_from([{}, {"post": 3.0, "age": 0.5}]),
    max_suppression=st.sampled_from([0.0, 0.05, 0.2, 0.6]),
    person=st.sampled_from([None, None, "who"]),
)


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=TYPES)


def _agree(rows: list[dict[str, Any]], problem: Problem) -> None:
    expected = best_loss(rows, problem)
    if expected is None:
        with pytest.raises(PlanError) as error:
            search(_table(rows), problem)
        assert error.value.code == 352
        return
    found = search(_table(rows), problem)
    assert found.optimal
    assert found.loss == pytest.approx(expected, abs=1e-9)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROW, min_size=1, max_size=40), PROBLEM)
def test_k_and_suppression_equal_a_plain_search(
    rows: list[dict[str, Any]], problem: Problem
) -> None:
    """Over every node, with weights, nulls and several rows of a person, nothing loses less."""
    _agree(rows, problem)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(ROW, min_size=4, max_size=40),
    PROBLEM,
    SENSITIVE,
    st.sampled_from([None, 1.5, 2.0, 3.0]),
    st.sampled_from([None, 0.2, 0.4, 0.7]),
)
def test_l_and_t_equal_a_plain_search(
    rows: list[dict[str, Any]],
    problem: Problem,
    sensitive: Sensitive,
    least: float | None,
    most: float | None,
) -> None:
    """The same with every measure of diversity and of distance, under suppression."""
    asked = Problem(
        problem.columns,
        min(problem.k, 3),
        problem.hierarchies,
        problem.weights,
        least if sensitive.diversity is not Diversity.RECURSIVE or least != 1.5 else 2.0,
        most,
        problem.max_suppression,
        (sensitive,),
        problem.person,
    )
    _agree(rows, asked)


@settings(deadline=None, max_examples=50)
@given(st.lists(ROW, min_size=2, max_size=30), PROBLEM, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(
    rows: list[dict[str, Any]], problem: Problem, draw: Any
) -> None:
    """The same rows in another order have the same answer."""
    shuffled = draw.sample(rows, len(rows))
    try:
        first = search(_table(rows), problem)
    except PlanError:
        return
    second = search(_table(shuffled), problem)
    assert (first.node, first.loss, first.rows_suppressed) == (
        second.node,
        second.loss,
        second.rows_suppressed,
    )


@settings(deadline=None, max_examples=50)
@given(st.lists(ROW, min_size=6, max_size=40), PROBLEM)
def test_written_table_keeps_what_was_promised(
    rows: list[dict[str, Any]], problem: Problem
) -> None:
    """Counted anew in the written table, every class has k rows or persons."""
    table = _table(rows)
    try:
        answer = search(table, problem)
    except PlanError:
        return
    written = generalised(table, answer, keep=("who",))
    assert written.num_rows == answer.rows - answer.rows_suppressed
    classes: dict[tuple[Any, ...], list[Any]] = {}
    for row in written.to_pylist():
        classes.setdefault(tuple(row[name] for name in problem.columns), []).append(row["who"])
    sizes = [len(set(who)) if problem.person else len(who) for who in classes.values()]
    assert len(sizes) == answer.classes
    assert min(sizes) == answer.smallest >= problem.k


def _shop() -> pa.Table:
    draw = random.Random(3)
    ages = [int(draw.triangular(20, 60, 25)) for _ in range(200)]
    posts = [f"{int(draw.triangular(0, 400, 20)):03d}" for _ in range(200)]
    return pa.table({"post": posts, "age": ages, "note": ["x"] * 200})


def _asked(**more: Any) -> Problem:
    return Problem(("post", "age"), 5, HIERARCHIES, **more)


def test_table_goes_out_without_row_number_or_other_columns() -> None:
    """Only quasi-identifiers and what is named leave, in the table's order."""
    table = _shop()
    answer = search(table, _asked(max_suppression=0.1))
    assert generalised(table, answer).column_names == ["post", "age"]
    assert generalised(table, answer, keep=("note",)).column_names == ["post", "age", "note"]


def test_rows_left_out_can_stay_as_stars() -> None:
    """With `starred` no row is missing, and those left out read * in every quasi-identifier."""
    table = _shop()
    answer = search(table, _asked(max_suppression=0.1))
    assert answer.rows_suppressed
    rows = generalised(table, answer, starred=True).to_pylist()
    stars = sum(set(row.values()) == {"*"} for row in rows)
    assert (len(rows), stars) == (200, answer.rows_suppressed)


def test_budget_is_told() -> None:
    """A search that was stopped does not call its answer optimal."""
    full = search(_shop(), _asked())
    assert full.nodes_checked > 2
    cut = search(_shop(), _asked(), Budget(nodes=2))
    assert not cut.optimal
    assert cut.reason == "best found: stopped after 2 nodes"
    assert cut.loss >= full.loss


def test_many_columns_are_searched_by_a_heuristic_that_says_so() -> None:
    """With 13 columns the thresholds hold, and nothing is claimed about the loss."""
    columns = {f"c{n}": [row * (n + 3) % 11 for row in range(300)] for n in range(13)}
    table = pa.table(columns)
    ladder = bands_of("n", [3, 6])
    answer = search(table, Problem(tuple(columns), 5, dict.fromkeys(columns, ladder)))
    assert not answer.optimal
    assert "more than 12 quasi-identifiers" in answer.reason
    assert answer.smallest >= 5
    assert answer.loss < 1


def test_what_all_persons_of_a_class_have_in_common_is_no_secret() -> None:
    """Everybody of a class bought a mug, and something else besides: l = 2 is not met by that."""
    rows = [("012", n, bought) for n in range(4) for bought in ("mug", f"pen {n}")]
    others = [("311", n, bought) for n in range(4, 8) for bought in (f"mug {n}", f"pen {n}")]
    post, who, bought = zip(*rows, *others, strict=True)
    table = pa.table({"post": post, "who": who, "bought": bought})
    problem = Problem(("post",), 4, l=2, sensitive=(Sensitive("bought"),), person="who")
    assert search(table, problem).labels == {"post": "*"}
    alone = search(table, replace(problem, l=1))
    assert alone.labels == {"post": "value"}


def test_heuristic_is_seldom_far_from_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a lattice that can be exhausted, the heuristic meets the thresholds and loses no less."""
    best = search(_shop(), _asked())
    monkeypatch.setattr("transforms.anonymity.solver.MOST_NODES", 1)
    found = search(_shop(), _asked())
    assert found.reason.startswith("heuristic search")
    assert best.loss - 1e-9 <= found.loss < 1


def test_keys_beyond_64_bits_are_told_apart() -> None:
    """Twelve columns of a thousand values have more tuples than an integer can number."""
    columns = {f"c{n}": [(row // 2) * (2 * n + 1) % 1009 for row in range(2000)] for n in range(12)}
    answer = search(pa.table(columns), Problem(tuple(columns), 2))
    assert answer.optimal
    assert (answer.loss, answer.smallest, answer.classes) == (0.0, 2, 1000)


def test_hierarchy_that_is_not_nested_is_refused() -> None:
    """Two values of one class in two coarser classes are an error, told without a value."""
    torn = TableHierarchy("torn", ("value", "a", "b"), (("S", "x", "1"), ("M", "x", "2")))
    with pytest.raises(PlanError, match="SLADD-351") as error:
        search(pa.table({"size": ["S", "M"]}), Problem(("size",), 2, {"size": torn}))
    assert "'S'" not in str(error.value)


@pytest.mark.parametrize(
    ("problem", "word"),
    [
        (Problem((), 2), "no quasi-identifier"),
        (Problem(("nowhere",), 2), "nowhere"),
        (Problem(("post", "post"), 2), "two roles"),
        (Problem(("post",), 0), "k is at least 1"),
        (Problem(("post",), 2, weights={"post": 0.0}), "weights"),
        (Problem(("post",), 2, l=2), "sensitive"),
        (
            Problem(
                ("post",),
                2,
                t=0.2,
                sensitive=(Sensitive("age", distance=Distance("hierarchical")),),
            ),
            "needs a hierarchy",
        ),
    ],
)
def test_problem_that_cannot_be_searched_is_refused(problem: Problem, word: str) -> None:
    """What is wrong is said before anything is searched."""
    with pytest.raises(PlanError, match=word):
        search(_shop(), problem)


@pytest.mark.parametrize(
    ("values", "word"),
    [(pa.array([[1], [2]]), "lists and structures"), (pa.array([], pa.string()), "no rows")],
)
def test_table_that_cannot_be_searched_is_refused(values: pa.Array, word: str) -> None:
    """Nested values have no place in a hierarchy, and nobody cannot be hidden."""
    with pytest.raises(PlanError, match=word):
        search(pa.table({"post": values}), Problem(("post",), 2))


@pytest.mark.parametrize(
    "values",
    [
        pa.array([True, False, None, True]),
        pa.array([dt.time(1), None, dt.time(1), dt.time(2)]),
        pa.array([dt.datetime(2026, 1, 1), None] * 2, pa.timestamp("us", "UTC")),
        pa.array([Decimal("1.50"), None] * 2),
        pa.array([float("nan"), float("nan"), 1.0, 1.0]),
        pa.array(["a", None] * 2).dictionary_encode(),
        pa.array(["a", None] * 2, pa.large_string()),
        pa.array([b"a", None] * 2),
        pa.nulls(4),
    ],
    ids=lambda values: str(values.type),
)
def test_any_type_of_single_values_is_searched(values: pa.Array) -> None:
    """Whatever is kept as it is keeps its type and its nulls."""
    table = pa.table({"x": values})
    answer = search(table, Problem(("x",), 2, max_suppression=0.5))
    written = generalised(table, answer)
    assert written.num_rows >= 2
    if answer.levels["x"] == 0 and not answer.rows_suppressed:
        kept = [str(value) for value in written.column("x").to_pylist()]
        assert kept == [str(value) for value in values.to_pylist()]


def test_nothing_meets_a_k_above_the_table() -> None:
    """Fewer persons than k cannot be hidden among each other."""
    with pytest.raises(PlanError, match="no generalisation of 200 rows meets k=201"):
        search(_shop(), Problem(("post",), 201, HIERARCHIES))


def test_frontier_loses_more_for_less_risk() -> None:
    """For each setting the best answer; a larger k never loses less."""
    settings_ = [Setting(k, 0.05) for k in (2, 5, 20, 300)]
    found = list(frontier(_shop(), _asked(), settings_))
    assert [one.problem.k for one in found] == [2, 5, 20]
    losses = [one.loss for one in found]
    assert losses == sorted(losses)
    assert [search(_shop(), one.problem).loss for one in found] == losses


def test_answer_shows_no_values() -> None:
    """Neither the answer nor its problem prints a cell."""
    answer = search(_shop(), _asked())
    shown = re.sub(r"\d+\.\d+(e-?\d+)?", "", repr(answer))  # losses are sums, not cells
    assert "013" not in shown
    assert answer.highest_risk == 1 / answer.smallest


def test_example_of_the_documentation_runs() -> None:
    """What anonymity-search.md shows does what it says."""
    page = Path(__file__).parents[3] / "docs" / "anonymity-search.md"
    (source,) = re.findall(
        r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    made: dict[str, Any] = {}
    exec(source, made)
    assert made["written"].num_rows == made["answer"].rows - made["answer"].rows_suppressed
