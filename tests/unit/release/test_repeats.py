"""Strings that repeat are written as dictionaries that follow from the rows alone."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from sladd.targets.files import TableFiles
from sladd.targets.repeats import MOST_BYTES, repeated

WORDS = st.lists(st.one_of(st.none(), st.sampled_from(["a", "b", "æ", ""])), max_size=12)


def dictionary(values: list[str | None], entries: list[str]) -> pa.Array:
    """The values by way of a dictionary in another order, with entries twice and unused ones."""
    places = [None if v is None else len(entries) - 1 - entries[::-1].index(v) for v in values]
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(entries))


@given(st.lists(WORDS, min_size=1, max_size=4), st.permutations(["a", "b", "æ", "", "a", "z"]))
def test_entries_stand_once_in_the_order_of_the_rows(chunks, entries):
    """Whatever the rows came as: nothing of a dictionary of the source is left."""
    values = [value for chunk in chunks for value in chunk]
    wanted = list(dict.fromkeys(v for v in values if v is not None))
    plain = [pa.array(chunk, pa.string()) for chunk in chunks]
    encoded = [dictionary(chunk, entries) for chunk in chunks]
    for given_ in (plain, encoded, [plain[0], *encoded[1:]]):
        made = repeated(given_)
        assert made.to_pylist() == values
        assert made.dictionary.to_pylist() == wanted


@given(
    st.lists(st.tuples(st.one_of(st.none(), st.sampled_from(["a", "b", ""])), st.integers(1, 9)))
)
def test_runs_of_equal_rows_are_told_as_single_rows_are(runs):
    """Rows in order have the columns of one person in runs, which are worked as one."""
    values = [value for value, length in runs for _ in range(length)]
    made = repeated([dictionary(values, ["b", "", "a", "z", "b"])])
    assert made.to_pylist() == values
    assert made.dictionary.to_pylist() == list(dict.fromkeys(v for v in values if v is not None))


def test_files_do_not_tell_what_the_rows_came_as(tmp_path):
    """Few values or many: the same bytes from dictionaries and from plain texts."""
    few = pa.array([f"{n % 7}" for n in range(1_000)])
    many = pa.array([f"{n:032d}" * 40 for n in range(1_000)])
    assert many.nbytes > MOST_BYTES
    schema = pa.schema([("few", pa.string()), ("many", pa.string())])
    read = []
    for form in (lambda column: column, lambda column: column.dictionary_encode()):
        with TableFiles(tmp_path / str(len(read)), schema) as files:
            files.add(0, pa.record_batch([form(few), form(many)], schema.names))
        path = tmp_path / str(len(read)) / "part-00.parquet"
        table = pq.read_table(path)
        assert table.schema == schema
        assert table.column("many").combine_chunks() == pa.chunked_array([many]).combine_chunks()
        read.append(path.read_bytes())
    assert read[0] == read[1]
