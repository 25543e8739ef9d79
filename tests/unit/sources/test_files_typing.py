"""Text columns become numbers and dates only where nothing is lost."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sladd.model import StorageType
from sladd.sources.files.typing import LosslessCast, TypeGuess


def cast_of(values: pa.Array) -> LosslessCast | None:
    """What a whole column can be cast to; None: it stays text."""
    guess = TypeGuess()
    guess.update(values)
    return guess.cast()


@pytest.mark.parametrize(
    ("values", "stored", "cast"),
    [
        (["1", "-20", "0", None], StorageType.INTEGER, [1, -20, 0, None]),
        (["1.50", "-2.25"], StorageType.DECIMAL, [Decimal("1.50"), Decimal("-2.25")]),
        (["1,50", "1234,25"], StorageType.DECIMAL, [Decimal("1.50"), Decimal("1234.25")]),
        (["10", "10.5"], StorageType.DECIMAL, [Decimal("10.0"), Decimal("10.5")]),
        (["2026-01-31", None], StorageType.DATE, [date(2026, 1, 31), None]),
        (["31.01.2026"], StorageType.DATE, [date(2026, 1, 31)]),
        (["2026-01-31 12:30:05"], StorageType.TIMESTAMP, [datetime(2026, 1, 31, 12, 30, 5)]),
        (["2026-01-31T12:30"], StorageType.TIMESTAMP, [datetime(2026, 1, 31, 12, 30)]),
        (["31.01.2026 12:30"], StorageType.TIMESTAMP, [datetime(2026, 1, 31, 12, 30)]),
        (
            ["2026-01-31T12:30:00+01:00", "2026-01-31T12:30:00Z"],
            StorageType.TIMESTAMP,
            [
                datetime(2026, 1, 31, 11, 30, tzinfo=UTC),
                datetime(2026, 1, 31, 12, 30, tzinfo=UTC),
            ],
        ),
        (["true", "false", None], StorageType.BOOLEAN, [True, False, None]),
        (["TRUE", "FALSE"], StorageType.BOOLEAN, [True, False]),
    ],
)
def test_columns_written_one_way_get_their_type(values, stored, cast):
    """The cast gives the values that were written, and NULL where nothing was."""
    array = pa.array(values, pa.string())
    found = cast_of(array)
    assert found is not None
    assert found.storage is stored
    assert found(array).to_pylist() == cast


@pytest.mark.parametrize(
    "values",
    [
        ["0150", "6002"],  # postcodes
        ["01019012345"],
        ["+4791234567"],
        ["1", "1.0 "],
        ["1", "x"],
        ["-0"],
        ["1.5", "1.50"],  # two spellings of one number: versions
        ["1.5", "1,5"],
        ["1,234", "2,500"],  # perhaps thousands
        ["1 234,50"],
        ["1e5"],
        ["9" * 19],
        ["30.02.2026"],
        ["2026-02-30"],
        ["2026-01-01", "01.01.2026"],
        ["2026-01-01 10:00", "2026-01-01 10:00Z"],
        ["true", "FALSE"],
        ["ja", "nei"],
        ["1", ""],
        ["1\n"],
        ["NaN"],
        [None, None],
        [],
    ],
)
def test_anything_else_stays_text(values):
    """A second spelling, a leading zero or an odd value keeps the column text."""
    assert cast_of(pa.array(values, pa.string())) is None


def test_batches_and_merged_guesses_agree_with_the_whole():
    """The order and the cut of batches play no part, and guesses cross processes."""
    first, second = pa.array(["1.5", None]), pa.array(["12.25", "3.75"])
    whole = TypeGuess()
    whole.update(pa.chunked_array([first, second]))
    one, two = TypeGuess(), TypeGuess()
    one.update(first)
    two.update(second)
    merged = pickle.loads(pickle.dumps(one)).merge(pickle.loads(pickle.dumps(two)))
    assert merged == whole == two.merge(one)
    cast = merged.cast()
    assert cast is not None
    assert cast.type == pa.decimal128(4, 2)
    assert pickle.loads(pickle.dumps(cast))(second).to_pylist() == [
        Decimal("12.25"),
        Decimal("3.75"),
    ]


def test_a_guess_holds_no_value():
    """What is pickled between processes is forms and counts."""
    guess = TypeGuess()
    guess.update(pa.array(["kari@example.no", "1234567"]))
    assert b"kari" not in pickle.dumps(guess)
    assert "1234567" not in repr(guess)


def test_a_cast_refuses_a_value_that_came_later_and_does_not_show_it():
    """A file that changed after the scan is an error without the value."""
    cast = cast_of(pa.array(["1", "2"]))
    assert cast is not None
    with pytest.raises(ValueError, match="integer") as error:
        cast(pa.array(["hemmelig"]))
    assert "hemmelig" not in str(error.value)


@example(["0", "-0", "0.1"])
@example(["-0,0", "0,1"])
@example(["-0.10", "-0.05"])
@given(st.lists(st.one_of(st.none(), st.from_regex(r"\A-?[0-9]{1,4}([.,][0-9]{1,3})?\Z"))))
def test_equal_numbers_never_come_from_different_texts(values):
    """Whatever is cast, distinct texts stay distinct values."""
    array = pa.array(values, pa.string())
    cast = cast_of(array)
    if cast is not None:
        assert len(set(cast(array).to_pylist())) == len(set(values))
