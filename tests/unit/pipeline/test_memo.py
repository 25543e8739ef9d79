"""Remembering repeated values changes speed, and nothing else."""

from __future__ import annotations

import pickle

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladd.pipeline import memo
from sladd.pipeline.integrity import KeyCounts
from sladd.pipeline.memo import Memo

TEXTS = st.lists(
    st.one_of(st.none(), st.sampled_from(["", "a", "b", "æ", "lang tekst"])), max_size=40
)


class Upper:
    """A transform that counts what it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, values: pa.Array) -> pa.Array:
        self.asked += len(values)
        plain = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
        return pc.utf8_upper(plain)


def texts(array: pa.Array) -> list[str | None]:
    return (array.dictionary_decode() if pa.types.is_dictionary(array.type) else array).to_pylist()


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_every_batch_comes_out_as_without_it(batches):
    """Nulls, empty texts, new and known values, in any order of batches."""
    remembered = Memo(Upper())
    for batch in batches:
        values = pa.array(batch, pa.string())
        assert texts(remembered(values)) == texts(pc.utf8_upper(values))


def test_a_value_is_asked_for_once():
    """The customers of the first batch are known in the second."""
    work = Upper()
    remembered = Memo(work)
    for _ in range(4):
        remembered(pa.array([f"k{i % 50}" for i in range(1000)]))
    assert work.asked == 50


def test_distinct_values_go_straight_through():
    """Where nothing repeats nothing is remembered."""
    work = Upper()
    remembered = Memo(work)
    made = remembered(pa.array([f"k{i}" for i in range(1000)]))
    assert pa.types.is_string(made.type)
    assert work.asked == 1000


def test_every_batch_of_a_column_has_one_type():
    """A part has one schema, also when later batches repeat less."""
    remembered = Memo(Upper())
    first = remembered(pa.array(["a"] * 100))
    later = remembered(pa.array([f"k{i}" for i in range(100)]))
    assert first.type == later.type
    assert texts(later) == [f"K{i}" for i in range(100)]


def test_what_is_remembered_is_bounded(monkeypatch):
    """Beyond its limit it begins again, and still says the same."""
    monkeypatch.setattr(memo, "LIMIT", 30)
    remembered = Memo(Upper())
    for start in range(0, 200, 20):
        values = pa.array([f"k{start + i % 20}" for i in range(100)])
        assert texts(remembered(values)) == texts(pc.utf8_upper(values))
        assert len(remembered._known) <= 30


@pytest.mark.parametrize("holder", [Memo(Upper()), KeyCounts()])
def test_what_holds_values_does_not_show_them(holder):
    """Neither printed, nor, for keys, pickled."""
    if isinstance(holder, KeyCounts):
        holder.add("t", ("c",), [pa.array(["hemmelig"])], [pa.array(["x"])])
        with pytest.raises(TypeError):
            pickle.dumps(holder)
    else:
        holder(pa.array(["hemmelig"] * 3))
    assert "hemmelig" not in repr(holder).lower()
