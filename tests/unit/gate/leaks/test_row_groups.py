"""Files of many row groups are judged like files of one."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd.gate.leaks import rows
from sladd.gate.leaks.order import in_order
from sladd.gate.leaks.release import Made
from sladd.release import ReleaseColumn

ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.sampled_from("ab")),
        st.one_of(st.none(), st.floats(0, 2, width=16), st.just(float("nan"))),
        st.integers(0, 3),
    ),
    max_size=24,
)


def written(folder, found: list[tuple], size: int):
    path = folder / f"{size}.parquet"
    kinds = (pa.string(), pa.float64(), pa.int64())
    columns = [pa.array([row[n] for row in found], kind) for n, kind in enumerate(kinds)]
    pq.write_table(pa.table(columns, names=["a", "b", "c"]), path, row_group_size=size)
    return path


def key(row: tuple) -> list:
    """NULL last, NaN before it."""
    nan = [isinstance(v, float) and math.isnan(v) for v in row]
    return [(v is None, n, 0 if n else v) for v, n in zip(row, nan, strict=True)]


@settings(max_examples=30, deadline=None)
@given(found=ROWS, ordered=st.booleans())
def test_the_order_of_rows_is_found_group_by_group(found, ordered, tmp_path_factory):
    """Whatever the size of the groups; rows sorted by their columns are in order."""
    folder = tmp_path_factory.mktemp("order")
    found = sorted(found, key=key) if ordered else found
    whole = in_order(written(folder, found, 100))
    assert [in_order(written(folder, found, size)) for size in (1, 2, 5)] == [whole] * 3
    assert whole or not ordered


def test_rows_that_break_the_order_where_two_groups_meet_are_found(tmp_path):
    """Each group by itself is in order."""
    found = [("a", 0.0, n) for n in (3, 4, 5, 0, 1, 2)]
    assert not in_order(written(tmp_path, found, 3))


def told(folder, numbers: pa.Array, check) -> list:
    (folder / "t").mkdir()
    pq.write_table(pa.table({"n": numbers}), folder / "t/part-00.parquet", row_group_size=7)
    column = ReleaseColumn.model_construct(name="n", type=str(numbers.type))
    file = SimpleNamespace(path="t/part-00.parquet")
    table = SimpleNamespace(name="t", files=[file], rows_out=len(numbers))
    return list(check(folder, table, column, Made("t", "n")))


def test_row_numbers_are_counted_over_all_groups(tmp_path):
    """In whatever order, with gaps; one that comes twice is no number of a row."""
    numbers = [(n * 31) % 100 + 1_000 for n in range(90)]
    assert "90 rows are numbered" in told(tmp_path, pa.array(numbers), rows._row_numbers)[0].detail
    (tmp_path / "twice").mkdir()
    assert not told(tmp_path / "twice", pa.array([*numbers[:-1], numbers[0]]), rows._row_numbers)


def test_moments_are_compared_over_all_groups_some_at_a_time(tmp_path, monkeypatch):
    """The same moment in two groups is nobody's own."""
    monkeypatch.setattr(rows, "_MOMENTS", 7)
    moments = [n * 1_000_003 for n in range(1, 31)]
    found = pa.array([*moments, moments[0], 5_000_000], pa.timestamp("us"))
    checks = told(tmp_path, found, lambda *given: rows._moments(*given, strict=False))
    assert [c.detail.split()[0] for c in checks] == ["29"]
