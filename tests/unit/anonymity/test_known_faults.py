"""Faults of anjana 1.2.3 and pycanon 1.3.5 that were reproduced, one test each.

pycanon groups with pandas, which drops nulls; anjana keeps the source's row number, cannot sort
nulls, and generalises the column with most values whatever that loses.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sladd.errors import PlanError
from sladd.gate import Risk, risk
from transforms.anonymity import Diversity, Problem, Sensitive, generalised, search
from transforms.anonymity.checks import Checker
from transforms.hierarchies import bands_of, prefix


def _risk(folder: Path, columns: dict[str, list[Any]], *sensitive: str) -> Risk:
    pq.write_table(pa.table(columns), folder / "table.parquet")
    quasi = tuple(name for name in columns if name not in sensitive)
    return risk(folder / "table.parquet", quasi, sensitive=sensitive)


def test_person_without_a_value_is_alone(tmp_path: Path) -> None:
    """Of six equal values and one null pycanon says k=6; the seventh person is unique."""
    found = _risk(tmp_path, {"post": ["0150"] * 6 + [None]})
    assert (found.k, found.uniques) == (1, 1)


def test_null_among_sensitive_values_is_one_of_them(tmp_path: Path) -> None:
    """A class of one illness and nulls has two values; dropping the nulls would make it one."""
    columns = {"post": ["0150"] * 4, "ill": ["flu", "flu", None, None]}
    assert _risk(tmp_path, columns, "ill").spread[0].l_distinct == 2


def test_column_of_nulls_counts_every_row(tmp_path: Path) -> None:
    """Nobody is dropped where nobody has a value: all are alike."""
    found = _risk(tmp_path, {"post": pa.nulls(5, pa.string())})
    assert (found.rows, found.k, found.classes) == (5, 5, 1)


def test_search_takes_nulls() -> None:
    """A null, at which anjana stops with an error, is a class like any other."""
    table = pa.table({"post": ["0150"] * 3 + [None] * 3, "age": [30, 31, 30, None, None, None]})
    problem = Problem(("post", "age"), 3, {"age": bands_of("age", [5])})
    written = generalised(table, search(table, problem))
    assert written.column("age").to_pylist() == ["30–34"] * 3 + [None] * 3


def test_lone_null_is_not_published_below_k() -> None:
    """A null that only one person has is left out or hidden, never published as it is."""
    table = pa.table({"post": ["0150"] * 6 + [None]})
    with_star = search(table, Problem(("post",), 2))
    assert with_star.labels == {"post": "*"}
    left_out = search(table, Problem(("post",), 2, max_suppression=0.2))
    assert generalised(table, left_out).column("post").to_pylist() == ["0150"] * 6


def test_written_table_does_not_say_which_rows_were_left_out() -> None:
    """The column `index` of anjana is the place in the source, and its gaps show who was left out."""
    table = pa.table({"id": list(range(7)), "post": ["0150", "9990", *["0150"] * 5]})
    answer = search(table, Problem(("post",), 2, max_suppression=0.2))
    written = generalised(table, answer)
    assert answer.rows_suppressed == 1
    assert written.column_names == ["post"]
    assert written.num_rows == 6
    assert b"pandas" not in (written.schema.metadata or {})


def test_column_that_loses_least_is_generalised() -> None:
    """The one with most values, which anjana coarsens until it is gone, was not the cause."""
    ages = [20, 21, 22, 23] * 4
    posts = ["0150"] * 15 + ["0151"]
    table = pa.table({"age": ages, "post": posts})
    problem = Problem(
        ("age", "post"), 4, {"age": bands_of("age", [5, 10]), "post": prefix("post", [3, 2])}
    )
    answer = search(table, problem)
    assert answer.levels == {"age": 0, "post": 1}
    by_most_values = Checker.of(table, problem).check((1, 0))
    assert by_most_values.small


def test_already_anonymous_table_is_left_alone() -> None:
    """Nothing is generalised where nothing has to be."""
    table = pa.table({"post": ["0150"] * 4 + ["9990"] * 4})
    answer = search(table, Problem(("post",), 4, {"post": prefix("post", [2])}))
    assert (answer.loss, answer.rows_suppressed, answer.levels) == (0.0, 0, {"post": 0})


def test_k_that_cannot_be_met_is_an_error() -> None:
    """The empty table that anjana returns with a printed sentence would be published."""
    table = pa.table({"post": ["0150", "9990"]})
    with pytest.raises(PlanError, match=r"SLADD-352.*2 persons in all.*guarantee: \{k: 2\}"):
        search(table, Problem(("post",), 3))


@pytest.mark.parametrize(
    ("diversity", "lower"), [(Diversity.DISTINCT, "l: 3"), (Diversity.ENTROPY, "l: 2")]
)
def test_the_greatest_l_that_can_be_met_is_named(diversity: Diversity, lower: str) -> None:
    """What the line asks for is met when it is done."""
    table = pa.table({"post": ["01"] * 8, "ill": ["flu"] * 4 + ["cough"] * 3 + ["mumps"]})
    protected = (Sensitive("ill", diversity),)
    with pytest.raises(PlanError) as caught:
        search(table, Problem(("post",), 2, l=4, sensitive=protected))
    assert f"guarantee: {{{lower}}}" in caught.value.mend
    asked = Problem(("post",), 2, l=float(lower[-1]), sensitive=protected)
    assert search(table, asked).smallest == 8


def test_several_sensitive_columns_are_all_protected() -> None:
    """A second one would go out unprotected from anjana, which takes one."""
    table = pa.table(
        {
            "post": ["01", "01", "02", "02"],
            "ill": ["flu", "cough", "flu", "cough"],
            "pay": [1, 1, 1, 2],
        }
    )
    protected = (Sensitive("ill"), Sensitive("pay"))
    answer = search(table, Problem(("post",), 2, l=2, sensitive=protected))
    assert answer.labels == {"post": "*"}
