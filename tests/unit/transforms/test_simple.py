"""keep, drop, mask, replace and truncate_date, value by value."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from sladd.errors import TransformError
from sladd.model import StorageType
from transforms import Context, drop, keep, mask, replace, truncate_date

S = StorageType


def _context(storage: StorageType = S.STRING, **parameters: Any) -> Context:
    return Context(parameters=parameters, storage=storage, label="Navn")


def test_keep_leaves_no_value_of_a_row_that_was_left_out():
    """A filtered dictionary still holds what was filtered away; a Parquet writer writes it."""
    values = pa.array(["stays", "objected"]).dictionary_encode().filter(pa.array([True, False]))
    assert "objected" in values.dictionary.to_pylist()
    kept = keep.apply(values, _context())
    assert kept.equals(pa.array(["stays"]))


def test_drop_tells_nothing():
    """Nulls of the same type, whoever asks."""
    made = drop.apply(pa.array(["a", "b"]).dictionary_encode(), _context())
    assert made.equals(pa.nulls(2, pa.string()))


@pytest.mark.parametrize(
    ("value", "parameters", "expected"),
    [
        ("Kari", {}, "******"),
        ("Kari Nordmann", {}, "******"),
        ("Kari Nordmann", {"length": 0}, "*" * 13),
        ("Kari Nordmann", {"keep_first": 1, "keep_last": 2}, "K******nn"),
        ("Kari Nordmann", {"keep_first": 1, "length": 0, "character": "•"}, "K" + "•" * 12),
        ("Kari", {"keep_first": 3, "length": 0}, "****"),
        ("Kari", {"keep_first": 1, "keep_last": 1, "length": 0}, "K**i"),
        ("A\u030ase Ås", {"keep_first": 1, "length": 0}, "\u00c5*****"),
        ("", {}, ""),
        ("K", {"keep_first": 1}, "******"),
    ],
)
def test_mask(value, parameters, expected):
    """What is kept never exceeds what is hidden."""
    assert mask.apply(pa.array([value, None]), _context(**parameters)).to_pylist() == [
        expected,
        None,
    ]


def test_replace_by_a_text_or_by_the_label_of_the_category():
    """Null and '' stay what they are."""
    values = pa.array(["a", None, ""])
    assert replace.apply(values, _context(value="x")).to_pylist() == ["x", None, ""]
    assert replace.apply(values, _context()).to_pylist() == ["<NAVN>", None, ""]
    assert replace.apply(pa.array([1, None]), _context(value="x")).to_pylist() == ["x", None]


DAY = dt.date(2024, 5, 17)  # a Friday


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("year", dt.date(2024, 1, 1)),
        ("quarter", dt.date(2024, 4, 1)),
        ("month", dt.date(2024, 5, 1)),
        ("week", dt.date(2024, 5, 13)),
        ("day", DAY),
    ],
)
def test_dates_are_cut_to_their_unit(unit, expected):
    """Dates and times of every resolution; before 1970 too."""
    context = _context(S.DATE, to=unit)
    noon = dt.datetime(2024, 5, 17, 12, 0)
    arrays = [
        pa.array([DAY]),
        pa.array([DAY], pa.date64()),
        *(pa.array([noon], pa.timestamp(u)) for u in ("s", "ms", "us", "ns")),
        pa.array(["17.5.2024"]),
    ]
    for values in arrays:
        assert truncate_date.apply(values, context).to_pylist() == [expected]
    old = truncate_date.apply(pa.array([dt.date(1952, 2, 29)]), _context(S.DATE, to="year"))
    assert old.to_pylist() == [dt.date(1952, 1, 1)]


def test_a_time_with_a_zone_gives_the_day_on_that_zone_s_clock():
    """23:30 UTC on 30 April is 1 May in Oslo."""
    late = pa.array([dt.datetime(2024, 4, 30, 23, 30, tzinfo=dt.UTC)], pa.timestamp("us", "UTC"))
    utc = truncate_date.apply(late, _context(S.TIMESTAMP))
    oslo = truncate_date.apply(late.cast(pa.timestamp("us", "Europe/Oslo")), _context(S.TIMESTAMP))
    assert utc.to_pylist() == [dt.date(2024, 4, 1)]
    assert oslo.to_pylist() == [dt.date(2024, 5, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-17",
        "2024-05-17T10:00:00Z",
        "2024-05-17 10:00:00.123+02:00",
        "20240517",
        "20240517T1000",
        "17.05.2024",
        "17.5.2024 kl. 10.30",
        " 17/05/2024 ",
        "17-05-2024",
        "17. mai 2024",
        "17 May 2024",
        "17. MAI 2024",
    ],
)
def test_dates_as_norwegian_systems_write_them(text):
    """All of these are 17 May 2024."""
    assert truncate_date.apply(pa.array([text]), _context(to="day")).to_pylist() == [DAY]


@pytest.mark.parametrize(
    "text",
    ["", "17.05.24", "2024-13-01", "30.02.2024", "17.05-2024", "17. xyz 2024", "12345678", "Kari"],
)
def test_what_is_no_date_becomes_null_and_is_counted(text):
    """A year of two digits is not guessed."""
    context = _context(to="month")
    assert truncate_date.apply(pa.array([text, None]), context).to_pylist() == [None, None]
    assert context.counts["unparsed"] == 1


def test_a_type_without_dates_is_refused():
    """An integer may be anything."""
    with pytest.raises(TransformError) as caught:
        truncate_date.apply(pa.array([20240517]), _context(S.INTEGER))
    assert caught.value.code == 301
