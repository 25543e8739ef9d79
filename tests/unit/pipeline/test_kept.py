"""Columns that are kept leave as they came, in fewer bytes."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladd.pipeline.kept import Kept

TEXTS = st.lists(st.one_of(st.none(), st.sampled_from(["", "a", "b", "æ"])), max_size=40)


def kept() -> Kept:
    return Kept(lambda values: values)


def texts(array: pa.Array) -> list[str | None]:
    return (array.dictionary_decode() if pa.types.is_dictionary(array.type) else array).to_pylist()


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_values_and_nulls_stay(batches):
    """Whatever the batches hold, and a column leaves with one type once it has rows."""
    column = kept()
    made = [column(pa.array(batch, pa.string())) for batch in batches]
    assert [texts(one) for one in made] == batches
    assert len({one.type for one in made if len(one)}) <= 1


def test_texts_that_repeat_become_a_dictionary():
    """A city stands once a batch; addresses of e-mail stay as they are."""
    cities, mails = kept(), kept()
    assert pa.types.is_dictionary(cities(pa.array(["Bergen", "Oslo"] * 50)).type)
    assert pa.types.is_string(mails(pa.array([f"{n}@example.no" for n in range(100)])).type)


@pytest.mark.parametrize("values", [pa.array([1, 1, 1]), pa.array([b"a", b"a", b"a"])])
def test_other_types_stay_as_they_are(values):
    """Only texts take less room in a dictionary."""
    assert kept()(values).type == values.type


def test_what_was_left_out_does_not_leave_with_a_dictionary():
    """A dictionary of the source also knows the values of rows that were filtered."""
    column = pa.array(["hemmelig", "Oslo", "Oslo"]).dictionary_encode().slice(1)
    assert kept()(column).dictionary.to_pylist() == ["Oslo"]
