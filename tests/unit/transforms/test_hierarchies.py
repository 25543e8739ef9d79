"""A coarser level never tells apart what a finer one does not."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladd import places
from sladd.model import StorageType
from transforms import Context
from transforms.generalise import Generalise
from transforms.hierarchies import Hierarchy, TableHierarchy, bands_of, built_in, faults

BUILT_IN = built_in(dt.date(2026, 3, 1))
DEPARTMENTS = TableHierarchy(
    "departments",
    ("value", "division", "whole"),
    (("Lager", "Drift", "Alle"), ("Innkjøp", "Drift", "Alle"), ("Salg", "Marked", "Alle")),
)
MOMENTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2026, 2, 28))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "place": st.sampled_from([*places.postcodes(), "Son", "Herøy", "Bryne", "Ukjent", "7001"]),
    "age": MOMENTS.map(lambda moment: f"{moment:%Y-%m-%d}"),
    "date": MOMENTS.map(lambda moment: f"{moment:%Y-%m-%d}"),
    "time": MOMENTS.map(lambda moment: f"{moment:%Y-%m-%d %H:%M}"),
    "network": st.ip_addresses().map(str),
    "user_agent": st.sampled_from(
        [
            "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0",
            "Mozilla/5.0 (X11; Linux) Firefox/9.0",
            "curl/8.0",
            "Googlebot/2.1",
            "(Macintosh) Safari/604.1",
            "?",
        ]
    ),
}


def _nested(hierarchy: Hierarchy, values: list[Any]) -> None:
    array = pa.array(values)
    rows = [
        hierarchy.generalise(array, level).to_pylist() for level in range(len(hierarchy.levels))
    ]
    assert all(len(row) == len(values) for row in rows)
    for finer, coarser in itertools.pairwise(rows):
        above = defaultdict(set)
        for fine, coarse in zip(finer, coarser, strict=True):
            if fine is not None:
                above[fine].add(coarse)
        assert all(len(classes) == 1 for classes in above.values())


def test_every_hierarchy_that_ships_is_one():
    """Each satisfies the protocol, and each is drawn from below."""
    assert all(isinstance(each, Hierarchy) for each in (*BUILT_IN.values(), DEPARTMENTS))
    assert BUILT_IN.keys() == VALUES.keys()


@pytest.mark.parametrize("name", sorted(BUILT_IN))
@given(data=st.data())
def test_levels_are_nested(name, data):
    """Equal at one level, equal at every coarser one."""
    _nested(BUILT_IN[name], data.draw(st.lists(VALUES[name], min_size=1, max_size=40)))


@given(st.lists(st.decimals(-(10**6), 10**6, places=2).map(str), min_size=1, max_size=40))
def test_bands_are_nested(values):
    """Every band lies within one band of the next level."""
    _nested(bands_of("amount", [50, 100, 1000]), values)


@pytest.mark.parametrize("widths", [[], [0], [10, 15], [10, 10], [100, 10]])
def test_bands_that_would_cut_each_other_are_refused(widths):
    """15 is no multiple of 10."""
    with pytest.raises(ValueError, match="multiple"):
        bands_of("amount", [Decimal(width) for width in widths])


@pytest.mark.parametrize("hierarchy", [*BUILT_IN.values(), DEPARTMENTS])
def test_levels_that_are_none_are_refused(hierarchy):
    """Neither beyond the last nor before the first."""
    for level in (-1, len(hierarchy.levels)):
        with pytest.raises(IndexError):
            hierarchy.generalise(pa.array(["x"]), level)


def test_a_table_knows_its_values_only():
    """White space and composition do not matter; what is not in it is null, never passed on."""
    values = pa.array(["Lager", " Innkjøp ", "Ledelse", None, "Innkjo\u0308p"])
    assert DEPARTMENTS.generalise(values, 1).to_pylist() == ["Drift", "Drift", None, None, None]
    context = Context({"to": "departments", "level": 2}, StorageType.STRING)
    made = Generalise({"departments": DEPARTMENTS}).apply(values, context)
    assert made.to_pylist() == ["Alle", "Alle", None, None, None]
    assert context.counts["unparsed"] == 2


def test_integers_are_looked_up_as_written():
    """A database has the number 10 where the file has the text."""
    table = TableHierarchy("codes", ("value", "group"), (("10", "ti"),))
    assert table.generalise(pa.array([10, 11]), 1).to_pylist() == ["ti", None]


def test_the_digest_is_of_what_the_table_says():
    """The order of rows does not matter; a class that changes does."""
    turned = TableHierarchy("departments", DEPARTMENTS.levels, DEPARTMENTS.rows[::-1])
    other = TableHierarchy("departments", DEPARTMENTS.levels, DEPARTMENTS.rows[:2])
    assert turned.sha256 == DEPARTMENTS.sha256 != other.sha256
    assert "Lager" not in repr(DEPARTMENTS)


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([], [(1, 0)]),
        ([(3, ["a"])], [(3, 0)]),
        ([(1, ["a", "x"]), (2, ["b"])], [(2, 0)]),
        ([(1, ["a", ""])], [(1, 0)]),
        ([(1, ["a", "x"]), (2, ["b", "x"]), (3, ["a", "y"])], [(3, 1)]),
        ([(1, ["a", "x", "1"]), (2, ["b", "x", "2"])], [(2, 1)]),
        ([(1, ["a", "x", "1"]), (2, ["a", "x", "1"])], []),
    ],
)
def test_what_is_no_hierarchy_is_found_by_line(rows, lines):
    """Both lines that contradict each other are named."""
    assert [(fault.line, fault.other) for fault in faults(rows)] == lines
