"""The three tests of WP216 on written files, against the same counted naively."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sladd.errors import GateError
from sladd.gate.attack import nearest
from sladd.gate.inference import shuffled
from sladd.gate.wp216 import Written, answers_as_checks, three_tests
from sladd.release.wp216 import Thresholds

QUASI = ("post", "age")
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "post": st.sampled_from(["01*", "02*", None]),
            "age": st.sampled_from([20, 30, None]),
            "ill": st.sampled_from(["flu", "cough", None]),
        }
    ),
    min_size=1,
    max_size=30,
)
SCHEMA = pa.schema([("post", pa.string()), ("age", pa.int64()), ("ill", pa.string())])
quick = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def write(folder: Path, name: str, rows: list[dict] | pa.Table, **more) -> Written:
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows, SCHEMA)
    pq.write_table(table, folder / f"{name}.parquet")
    return Written(name, str(folder / f"{name}.parquet"), QUASI, ("ill",), **more)


def classes(rows, columns=QUASI):
    found = defaultdict(list)
    for row in rows:
        found[tuple(row[c] for c in columns)].append(row)
    return found


@given(ROWS)
@quick
def test_singling_out_counts_classes_and_their_sizes(tmp_path, rows):
    """k, who is alone, and every class in one band of sizes."""
    answers = three_tests([write(tmp_path, "t", rows)], Thresholds(k=3))
    found = answers.singling_out[0]
    sizes = [len(group) for group in classes(rows).values()]
    assert (found.k, found.classes, found.uniques) == (min(sizes), len(sizes), sizes.count(1))
    assert found.persons_below == sum(n for n in sizes if n < 3)
    assert sum(band.persons for band in found.sizes) == len(rows)
    for band in found.sizes:
        here = [n for n in sizes if n >= band.least and (band.most is None or n <= band.most)]
        assert (band.classes, band.persons) == (len(here), sum(here))
    assert answers.passed("singling_out") is (min(sizes) >= 3)


@given(ROWS, ROWS)
@quick
def test_linkability_counts_matched_few_and_alone(tmp_path, rows, others):
    """The join over what two tables share, row against row."""
    other = write(tmp_path, "o", others, release="open", version="v")
    found = three_tests([write(tmp_path, "t", rows)], Thresholds(k=3), others=[other])
    link = found.linkability[0]
    mine, theirs = classes(rows), classes(others)
    both = {key: (len(mine[key]), len(theirs[key])) for key in mine if key in theirs}
    assert link.matched == sum(n for n, _ in both.values())
    assert link.few == sum(n for n, m in both.values() if max(n, m) < 3)
    every = [*QUASI, "ill"]
    one, two = classes(rows, every), classes(others, every)
    assert link.alone == sum(len(one[key]) == len(two.get(key, [])) == 1 for key in one)
    assert link.passed is (link.few == 0 and link.alone == 0)
    assert (link.other_release, link.other_table) == ("open", "o")


@given(ROWS)
@quick
def test_inference_guesses_the_commonest_value_of_each_class(tmp_path, rows):
    """Against a vote counted by hand; null is a value."""
    found = three_tests([write(tmp_path, "t", rows)], Thresholds(t=0.3)).inference[0]
    whole = Counter(row["ill"] for row in rows)
    votes = [Counter(row["ill"] for row in group) for group in classes(rows).values()]
    right = sum(max(vote.values()) for vote in votes)
    worst = max(vote[v] / vote.total() - whole[v] / len(rows) for vote in votes for v in vote)
    assert found.guessed == pytest.approx(right / len(rows), abs=1e-4)
    assert found.base == pytest.approx(max(whole.values()) / len(rows), abs=1e-4)
    assert found.worst == pytest.approx(max(0, worst), abs=1e-4)
    certain = sum(vote.total() for vote in votes if len(vote) == 1)
    assert found.certain == (certain if len(whole) > 1 else 0)
    assert found.least_values == min(len(vote) for vote in votes)
    assert found.passed is bool(worst <= 0.3 + 1e-9)


def test_shuffled_values_are_guessed_worse_than_told_ones(tmp_path):
    """A column that the class tells beats its control; one that it does not tell equals it."""
    draw = np.random.default_rng(1)
    ages = draw.integers(0, 8, 2000)
    table = pa.table(
        {"post": ["x"] * 2000, "age": ages, "ill": np.where(ages % 2 == 0, "flu", "cough")}
    )
    told = three_tests([write(tmp_path, "t", table)], Thresholds()).inference[0]
    assert told.guessed == 1
    assert told.control < 0.6
    assert not told.passed
    loose = table.set_column(2, "ill", pa.array(draw.choice(["flu", "cough"], 2000)))
    untold = three_tests([write(tmp_path, "u", loose)], Thresholds()).inference[0]
    assert abs(untold.guessed - untold.control) < 0.03
    assert untold.passed


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_control_of_one_class_is_the_base_rate(totals):
    """Dealt into one heap, the commonest value keeps its share."""
    counts = np.array(totals)
    assert shuffled(counts, np.array([counts.sum()])) == pytest.approx(max(totals) / sum(totals))


def test_numbers_with_many_values_are_guessed_by_band(tmp_path):
    """No two incomes are equal; ten bands of equal filling make the guess one in ten."""
    table = pa.table({"post": ["x"] * 500, "age": [1] * 500, "ill": pa.array(range(500))})
    found = three_tests([write(tmp_path, "t", table)], Thresholds()).inference[0]
    assert found.values == 10
    assert found.base == pytest.approx(0.1, abs=0.01)


def test_least_different_values_are_asked_for_only_where_l_is(tmp_path):
    """A class of one value fails l = 2 though it lies near the table."""
    rows = [{"post": "a", "age": 1, "ill": "flu"}] * 19 + [{"post": "b", "age": 1, "ill": "flu"}]
    rows.append({"post": "a", "age": 1, "ill": "cough"})
    one = write(tmp_path, "t", rows)
    assert three_tests([one], Thresholds(k=1)).inference[0].passed
    assert not three_tests([one], Thresholds(k=1, l=2)).inference[0].passed


def test_tables_of_one_release_are_joined_too(tmp_path):
    """Two tables, one pair; types may differ, an empty value meets an empty value."""
    rows = [{"post": "a", "age": None, "ill": "flu"}] * 5
    other = pa.table({"post": ["a"] * 2, "age": pa.array([None] * 2, pa.string())})
    pq.write_table(other, tmp_path / "u.parquet")
    second = Written("u", str(tmp_path / "u.parquet"), QUASI)
    link = three_tests([write(tmp_path, "t", rows), second], Thresholds(k=5)).linkability
    assert [(one.table, one.other_table, one.matched, one.few) for one in link] == [
        ("t", "u", 5, 0)
    ]


def test_attack_finds_a_person_alone_and_shares_a_class(tmp_path):
    """Found for certain: one of one; found by luck: one of three; never: who is not there."""
    released = pa.table({"age": ["20–29"] * 3 + ["30–39"], "post": ["1*"] * 4})
    facts = pa.table({"age": ["30–39", "20–29", "20–29"], "post": ["1*"] * 3})
    found = nearest("t", facts, released, known=("age", "post"), truth=[3, 0, -1], k=2)
    assert (found.persons, found.in_release, found.certain) == (3, 2, 1)
    assert found.hits == pytest.approx(1 + 1 / 3, abs=0.01)
    assert found.by_chance == pytest.approx(2 / 4)
    assert found.passed is True
    assert nearest("t", facts, released, known=("age", "post"), truth=[3, 0, -1]).passed is None


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_attack_is_that_of_a_plain_loop(seed):
    """Gower's distance, row by row, nulls and numbers included."""
    draw = np.random.default_rng(seed)
    pay = [None if p < 0 else int(p) for p in draw.integers(-1, 6, 12)]
    town = [None if v == "x" else str(v) for v in draw.choice(["a", "b", "x"], 12)]
    released = pa.table({"pay": pa.array(pay, pa.int64()), "town": pa.array(town, pa.string())})
    noisy = [None if p is None else p + int(draw.integers(-1, 2)) for p in pay]
    facts = pa.table({"pay": pa.array(noisy, pa.int64()), "town": released["town"]})
    numbers = [p for p in [*pay, *noisy] if p is not None]
    span = max(numbers) - min(numbers) if numbers else 0

    def apart(a, b) -> float:
        if None in (a[0], b[0]):
            first = float(a[0] is not b[0])
        else:
            first = abs(a[0] - b[0]) / span if span else 0.0
        return first + (a[1] != b[1])

    hits = 0.0
    for place, person in enumerate(zip(noisy, town, strict=True)):
        distances = [apart(person, row) for row in zip(pay, town, strict=True)]
        near = [i for i, d in enumerate(distances) if d <= min(distances) + 1e-9]
        hits += (place in near) / len(near)
    found = nearest("t", facts, released, known=("pay", "town"), truth=range(12))
    assert found.hits == pytest.approx(hits, abs=0.01)


def test_sample_of_an_attack_is_the_same_for_the_same_seed():
    """Three hundred of a thousand persons, drawn again alike."""
    released = pa.table({"a": [str(i // 5) for i in range(1000)]})
    runs = [
        nearest("t", released, released, known=("a",), truth=range(1000), sample=300, seed=seed)
        for seed in (1, 1)
    ]
    assert runs[0] == runs[1]
    assert (runs[0].persons, runs[0].hits) == (300, 60)


def test_answers_hold_no_value_and_name_what_failed(tmp_path):
    """The manifest gets counts; the gate gets one line a table and test."""
    rows = [{"post": "Kanari", "age": 1, "ill": "Papegøye"}, {"post": "b", "age": 2, "ill": "flu"}]
    answers = three_tests([write(tmp_path, "t", rows)], Thresholds(k=2))
    told = json.dumps(answers.model_dump(mode="json"), ensure_ascii=False)
    checks = list(answers_as_checks(answers))
    for text in (told, *(check.detail for check in checks)):
        assert "Kanari" not in text
        assert "Papegøye" not in text
    failed = [(check.name, check.column) for check in checks if not check.passed]
    assert failed == [("singling out", "t"), ("inference", "t.ill")]
    assert type(answers).model_validate_json(answers.model_dump_json()) == answers


def test_table_that_lacks_a_column_is_one_clear_error(tmp_path):
    """Not a trace, and not a value."""
    one = write(tmp_path, "t", [{"post": "a", "age": 1, "ill": "flu"}])
    gone = Written("t", one.path, ("post", "age"), ("borte",))
    with pytest.raises(GateError) as caught:
        three_tests([gone], Thresholds(k=1))
    assert caught.value.code in {620, 621}


def test_persons_are_counted_where_rows_are_not_persons(tmp_path):
    """Five rows of one person are one person, alone; two values of hers are two guesses."""
    table = pa.table(
        {
            "post": ["a"] * 5 + ["b"] * 2,
            "age": [1] * 7,
            "ill": ["flu"] * 4 + ["cough"] + ["flu"] * 2,
            "who": [1] * 5 + [2, 3],
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    one = Written("t", str(tmp_path / "t.parquet"), QUASI, ("ill",), person="who")
    found = three_tests([one], Thresholds(k=2))
    alone = found.singling_out[0]
    assert (alone.k, alone.uniques, alone.persons, alone.several) == (1, 1, 3, True)
    assert sum(band.persons for band in alone.sizes) == 3
    assert found.inference[0].base == pytest.approx(3 / 4)
