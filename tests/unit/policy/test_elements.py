"""A transform that knows no lists works on the elements of a file's lists."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pyarrow as pa
import pytest

from sladd.keyring import DerivedKey
from sladd.model import Field, FieldRef, StorageType, TableRef
from sladd.policy.rules import element_type, fits, works_on_elements
from transforms import TRANSFORMS
from transforms.contract import TOKEN, Context, transformed

SPECS = {t.SPEC.name: t for t in TRANSFORMS}


def _field(native: str, kind: StorageType = StorageType.LIST) -> Field:
    return Field(FieldRef(TableRef("s", "t"), "c", ("[]",)), kind, native_type=native)


@pytest.mark.parametrize(
    ("native", "element"),
    [
        (str(pa.list_(pa.string())), StorageType.STRING),
        (str(pa.list_(pa.field("element", pa.int16(), nullable=False))), StorageType.INTEGER),
        (str(pa.list_(pa.list_(pa.date32()))), StorageType.DATE),
        (str(pa.list_(pa.timestamp("us", "UTC"))), StorageType.TIMESTAMP),
        (str(pa.list_(pa.decimal128(9, 2))), StorageType.DECIMAL),
        (str(pa.list_(pa.float64())), StorageType.FLOAT),
        (str(pa.list_(pa.binary())), None),
        ("text[]", None),
        ("list", None),
    ],
)
def test_elements_have_the_type_that_the_file_says(native, element):
    """At any depth; what is not known is not guessed."""
    assert element_type(_field(native)) is element


def test_a_transform_for_numbers_fits_lists_of_numbers_alone():
    """Not lists of texts, nor what needs the key of a row of its own."""
    noise = SPECS["noise"].SPEC
    assert fits(noise, {"scale": 1}, _field("list<item: double>"))
    assert not fits(noise, {"scale": 1}, _field("list<item: binary>"))
    assert not fits(SPECS["shuffle"].SPEC, {}, _field("list<item: double>"))
    assert not works_on_elements(SPECS["pseudonym"].SPEC, {}, _field("list<item: string>"))


def test_elements_move_with_the_person_of_their_row():
    """NULL lists and empty ones stay; elements of nobody become NULL."""
    day = dt.date(2024, 5, 1)
    rows = [[day, None], [], None, [day], [day]]
    lists = pa.array([[dt.date(1990, 1, 1)], *rows], pa.list_(pa.date32())).slice(1)
    persons = pa.array([b"a" * 16, b"a" * 16, b"a" * 16, b"a" * 16, None], TOKEN)
    counts = Counter[str]()
    key = DerivedKey(b"k" * 32, domain="d", type="shift_dates:customer", version=1)
    context = Context({}, StorageType.DATE, key=key, counts=counts)
    made = transformed(SPECS["shift_dates"], lists, context, persons).to_pylist()
    assert made[1:3] == [[], None]
    assert made[0][1] is None
    assert made[0][0] == made[3][0] != day
    assert made[4] == [None]
    assert counts == {"no_person": 1}
