"""The measures of what an analyst loses, against the same counted naively."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd.pipeline.utility import Compared, utility_of
from sladd.pipeline.utility.correlations import cramers_v, pearson
from sladd.pipeline.utility.distributions import round_edges, total_variation, wasserstein
from tests.unit.utility.decades import made
from transforms.anonymity import Problem, Sensitive, search
from transforms.hierarchies import equal_width

COUNTS = st.lists(st.integers(1, 50), min_size=2, max_size=8)


def rows(compared: Compared, name: str, *, after: bool) -> list:
    values = (compared.after if after else compared.before)[name].to_pylist()
    return [v for v, out in zip(values, compared.left_out, strict=True) if not (after and out)]


def column(utility, name):
    return next(one for one in utility.columns if one.name == name)


def test_loss_is_that_of_the_search():
    """Table and search agree on the penalty, rows left out counted as lost."""
    draw = np.random.default_rng(5)
    ages = pa.array(draw.integers(18, 90, 500))
    table = pa.table(
        {"a": ages, "b": draw.choice([*"xyz"], 500, p=[0.5, 0.48, 0.02]), "s": [1, 2] * 250}
    )
    bands = equal_width("a", ages, [12, 6, 3])
    problem = Problem(
        ("a", "b"), 11, {"a": bands}, max_suppression=0.05, sensitive=(Sensitive("s"),)
    )
    answer = search(table, problem)
    measured = utility_of(Compared.of("t", table, answer), points=answer.frontier)
    assert answer.rows_suppressed > 0
    assert measured.loss == pytest.approx(answer.loss, abs=1e-4)
    assert measured.persons_after == answer.rows - answer.rows_suppressed
    assert [s.chosen for s in measured.settings].count(True) == 1
    assert next(s for s in measured.settings if s.chosen).smallest == answer.smallest


def test_loss_of_numbers_is_their_interval(compared):
    """The width of a decade over the range of the ages; a row left out is lost wholly."""
    ages = rows(compared, "alder", after=False)
    width = {d: [a for a in ages if a // 10 == d] for d in range(1, 8)}
    span = max(ages) - min(ages)
    lost = [
        1.0 if out else (max(width[a // 10]) - min(width[a // 10])) / span
        for a, out in zip(ages, compared.left_out, strict=True)
    ]
    found = column(utility_of(compared), "alder").loss
    assert found == pytest.approx(sum(lost) / len(lost), abs=1e-4)


def test_total_variation_supposes_equal_values_within_a_class(compared):
    """The release tells the class; an analyst spreads its rows equally over the values."""
    before = Counter(rows(compared, "postnr", after=False))
    after = Counter(rows(compared, "postnr", after=True))
    members = Counter(f"{code[0]}xxx" for code in before)
    guess = {code: after[f"{code[0]}xxx"] / members[f"{code[0]}xxx"] for code in before}
    n, m = sum(before.values()), sum(after.values())
    wanted = sum(abs(before[c] / n - guess[c] / m) for c in before) / 2
    found = column(utility_of(compared), "postnr")
    assert found.total_variation == pytest.approx(wanted, abs=1e-4)
    assert found.wasserstein is None


@given(COUNTS, COUNTS)
@settings(max_examples=60, deadline=None)
def test_wasserstein_is_the_area_between_the_staircases(one, other):
    """Against a sum over a fine grid."""
    size = min(len(one), len(other))
    numbers = np.cumsum(np.arange(1, size + 1)).astype(float)
    a, b = np.array(one[:size], float), np.array(other[:size], float)
    grid = np.arange(numbers[0], numbers[-1])
    area = sum(abs(a[numbers <= x].sum() / a.sum() - b[numbers <= x].sum() / b.sum()) for x in grid)
    assert wasserstein(numbers, a, b) == pytest.approx(area / (numbers[-1] - numbers[0]))


@given(COUNTS)
def test_distance_to_itself_is_none(counts):
    """Nothing lost, nothing told."""
    values = np.array(counts, float)
    assert total_variation(values, values) == 0
    assert wasserstein(np.arange(len(counts), dtype=float), values, values) == 0


def test_correlations_against_a_table_of_counts(compared):
    """Pearson by NumPy, V by the textbook's chi-square over the whole table."""
    found = {c.columns: c for c in utility_of(compared).correlations}
    assert found.keys() == set(combinations(["alder", "postnr", "gruppe", "sum"], 2))
    codes, groups = rows(compared, "postnr", after=True), rows(compared, "gruppe", after=True)
    assert found["postnr", "gruppe"].after == pytest.approx(bergsma(codes, groups), abs=1e-4)
    pairs = [
        (a, s)
        for a, s in zip(
            rows(compared, "alder", after=False), rows(compared, "sum", after=False), strict=True
        )
        if s is not None
    ]
    wanted = np.corrcoef(np.array(pairs, float).T)[0, 1]
    assert found["alder", "sum"].before == pytest.approx(wanted, abs=1e-4)


def bergsma(one: list, other: list) -> float:
    n, a, b, cells = len(one), Counter(one), Counter(other), Counter(zip(one, other, strict=True))
    chi = sum((cells[x, y] - a[x] * b[y] / n) ** 2 / (a[x] * b[y] / n) for x in a for y in b)
    phi = max(0.0, chi / n - (len(a) - 1) * (len(b) - 1) / (n - 1))
    sides = [len(s) - (len(s) - 1) ** 2 / (n - 1) for s in (a, b)]
    return math.sqrt(phi / (min(sides) - 1))


def test_columns_that_do_not_vary_hang_together_with_nothing():
    """No division by nothing, and no NaN that JSON cannot hold."""
    flat = np.full(9, 0.1)
    assert pearson(flat, np.arange(9.0)) == 0
    assert pearson(np.full(9, np.nan), np.arange(9.0)) == 0
    assert cramers_v(np.zeros(9, np.int64), np.arange(9)) == 0


def test_questions_are_answered_without_error_when_nothing_changed(compared):
    """The same table is its own answer."""
    same = Compared(
        "personer",
        compared.before,
        compared.before,
        np.zeros(compared.before.num_rows, bool),
        {"alder": "value", "postnr": "value"},
        (),
        5,
    )
    error = utility_of(same).query_error
    assert (error.median, error.ninetieth) == (0, 0)


def test_questions_are_the_same_for_the_same_seed_and_err_more_the_coarser(compared):
    """A release of one class answers worse than one of decades."""
    fine = utility_of(compared).query_error
    assert fine == utility_of(compared).query_error
    coarse = Compared(
        "personer",
        compared.before,
        compared.after.set_column(0, "alder", pa.array(["*"] * compared.after.num_rows)),
        compared.left_out,
        compared.levels,
        (),
        5,
    )
    assert fine.median < utility_of(coarse).query_error.median
    assert fine != utility_of(compared, seed=1).query_error


@given(st.integers(0, 10_000), st.integers(2, 12))
@settings(max_examples=25, deadline=None)
def test_no_shown_class_or_difference_singles_out(seed, k):
    """Each class, the rest, and what was left out of each, is none or at least k persons."""
    compared = made(rows=250, k=k, seed=seed)
    utility = utility_of(compared)
    n, m = utility.persons_before, utility.persons_after
    for one in utility.columns:
        bars = [*one.shown, *([one.others] if one.others else [])]
        for bar in bars:
            assert min(bar.before, bar.after) >= k
            assert bar.before == bar.after or abs(bar.before - bar.after) >= k
        if bars:
            assert sum(bar.before for bar in bars) == n
            assert sum(bar.after for bar in bars) == m


def test_values_of_few_persons_are_nowhere_in_the_measures(compared):
    """The largest sum is one person's: neither it nor an edge made of it is told."""
    text = json.dumps(utility_of(compared).model_dump(mode="json"), ensure_ascii=False)
    assert not re.search(r"987.?65", text)
    few = {v for v, n in Counter(rows(compared, "postnr", after=False)).items() if n < 5}
    assert few
    assert not [v for v in few if f'"{v}"' in text]


def test_no_class_is_named_where_a_person_may_have_several_rows(compared):
    """Five rows may be one person."""
    several = Compared(
        *(getattr(compared, f) for f in ("name", "before", "after", "left_out", "levels")),
        sensitive=compared.sensitive,
        k=5,
        several=True,
    )
    assert not any(c.shown or c.others for c in utility_of(several).columns)


def test_bands_of_kept_numbers_have_round_edges(compared):
    """The plot of a kept amount shows bands, in their order, open at both ends."""
    found = column(utility_of(compared), "sum")
    assert found.ordered
    assert all("–" in bar.text or bar.text[0] == "<" or bar.text[-1] == "+" for bar in found.shown)
    assert [str(e) for e in round_edges(-3, 17)] == ["-4", "-2", *map(str, range(0, 20, 2))]


def test_compared_holds_values_and_prints_none(compared):
    """Neither the table nor its counts can be printed."""
    for holder in (compared, compared.counts()[0]):
        assert "–" not in repr(holder)
        assert "xxx" not in repr(holder)
