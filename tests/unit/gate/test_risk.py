"""What the gate measures in a written table is what the definitions say."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sladd.errors import GateError
from sladd.gate import risk

COLUMNS = ("post", "age", "sex")
SCHEMA = pa.schema(
    [
        ("post", pa.string()),
        ("age", pa.int64()),
        ("sex", pa.string()),
        ("ill", pa.string()),
        ("pay", pa.int64()),
        ("who", pa.int64()),
    ]
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "post": st.sampled_from(["01*", "02*", "*", "", None]),
            "age": st.sampled_from([20, 30, None]),
            "sex": st.sampled_from(["K", "M", None]),
            "ill": st.sampled_from(["flu", "cough", "colic", "ulcer", None]),
            "pay": st.sampled_from([1, 2, 3, 7, 9, None]),
            "who": st.sampled_from([1, 2, 3, 4, None]),
        }
    ),
    min_size=1,
    max_size=40,
)
Row = dict[str, Any]


def _groups(rows: list[Row], columns: tuple[str, ...]) -> list[list[Row]]:
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in columns)].append(row)
    return list(found.values())


def _size(group: list[Row], person: str | None) -> int:
    return len({row[person] for row in group}) if person else len(group)


def _spread(group: list[Row], column: str, person: str | None) -> Counter[Any]:
    if person:
        return Counter(value for _, value in {(row[person], row[column]) for row in group})
    return Counter(row[column] for row in group)


def _told(rows: list[Row], column: str, person: str | None) -> tuple[float, ...]:
    spreads = [_spread(group, column, person) for group in _groups(rows, COLUMNS)]
    every = sum(spreads, Counter())
    scale = sorted(
        every,
        key=lambda value: (
            (value is None, value or 0) if column == "pay" else (value is None, value or "")
        ),
    )
    entropies, equal, in_order = [], [], []
    for one in spreads:
        shares = [count / one.total() for count in one.values()]
        entropies.append(-sum(share * math.log(share) for share in shares))
        gaps = [one[value] / one.total() - every[value] / every.total() for value in scale]
        equal.append(sum(map(abs, gaps)) / 2)
        moved = list(itertools.accumulate(gaps))
        in_order.append(sum(map(abs, moved)) / max(1, len(scale) - 1))
    least, diverse = min(map(len, spreads)), math.exp(min(entropies))
    if person:  # with several values each, what all of a class have in common is no secret
        sizes = [_size(group, person) for group in _groups(rows, COLUMNS)]
        shares_of = [
            {v: n / size for v, n in s.items()} for s, size in zip(spreads, sizes, strict=True)
        ]
        if any(max(shares.values()) == 1 for shares in shares_of):
            least, diverse = 1, 1.0
        beyond = [n - every[v] / sum(sizes) for shares in shares_of for v, n in shares.items()]
        equal, in_order = [*equal, *beyond], [*in_order, *beyond]
    return least, diverse, max(equal), max(in_order)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("risk") / "table.parquet"


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, st.sampled_from([None, None, "who"]), st.sampled_from([2, 5]))
def test_every_metric_equals_its_definition(
    file: Path, rows: list[Row], person: str | None, threshold: int
) -> None:
    """Counted in plain Python, nulls as values, per row and per person, nothing differs."""
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), file)
    found = risk(
        file,
        COLUMNS,
        sensitive=("ill", "pay"),
        person=person,
        threshold=threshold,
    )
    sizes = [_size(group, person) for group in _groups(rows, COLUMNS)]
    assert (found.rows, found.persons, found.classes) == (len(rows), sum(sizes), len(sizes))
    assert (found.k, found.uniques) == (min(sizes), sizes.count(1))
    assert found.persons_below == sum(size for size in sizes if size < threshold)
    assert found.prosecutor_highest == pytest.approx(1 / min(sizes))
    assert found.prosecutor_mean == pytest.approx(len(sizes) / sum(sizes))
    rare = {}
    for width in (1, 2, 3):
        for subset in itertools.combinations(COLUMNS, width):
            few = [n for g in _groups(rows, subset) if (n := _size(g, person)) < threshold]
            if few:
                rare[subset] = (few.count(1), sum(few))
    assert {one.columns: (one.uniques, one.persons) for one in found.rare} == rare
    for spread in found.spread:
        measured = (spread.l_distinct, spread.l_entropy, spread.t_equal, spread.t_ordered)
        assert measured == pytest.approx(_told(rows, spread.column, person), abs=1e-9)


def test_several_files_are_one_table(tmp_path: Path) -> None:
    """A class may lie in two files: a pattern reads them together."""
    for number in (1, 2):
        pq.write_table(pa.table({"post": ["01*", "02*"]}), tmp_path / f"part-{number}.parquet")
    found = risk(tmp_path / "part-*.parquet", ("post",))
    assert (found.rows, found.k) == (4, 2)


def test_empty_table_has_no_risk(tmp_path: Path) -> None:
    """Nobody is in it, so nobody is found."""
    pq.write_table(pa.table({"post": pa.array([], pa.string())}), tmp_path / "none.parquet")
    found = risk(tmp_path / "none.parquet", ("post",), sensitive=("post",))
    assert (found.rows, found.k, found.prosecutor_highest, found.prosecutor_mean) == (
        0,
        0,
        0.0,
        0.0,
    )


@pytest.mark.parametrize("columns", [("nowhere",), ('"; DROP TABLE x; --',)])
def test_missing_column_is_told_without_values(tmp_path: Path, columns: tuple[str, ...]) -> None:
    """A column that is not there is an error of the gate, whatever its name."""
    pq.write_table(pa.table({"post": ["0150"]}), tmp_path / "table.parquet")
    with pytest.raises(GateError, match=r"SLADD-620.*table\.parquet"):
        risk(tmp_path / "table.parquet", columns)


def test_names_of_columns_are_quoted(tmp_path: Path) -> None:
    """Quotes, spaces and words of SQL in a name are a name."""
    names = ('a "b"', "select", "Alder nå")
    pq.write_table(pa.table({name: ["x", "x", None] for name in names}), tmp_path / "t.parquet")
    assert risk(tmp_path / "t.parquet", names[:2], sensitive=names[2:]).k == 1
