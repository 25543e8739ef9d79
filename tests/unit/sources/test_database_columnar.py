"""What a driver hands over, as Arrow: nothing is lost in silence."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from sladd.sources.database.columnar import Lost, fit_batch, rows_to_batch

_US = pa.timestamp("us")
_LAST = datetime(9999, 12, 31, 23, 59, 59, 999_999)
_CURSOR = [
    (pa.date32(), ["0000-00-00", "2024-02-31", date(2024, 2, 29), None], 2),
    (_US, ["0000-01-01 00:00:00", _LAST], 1),
    (pa.time64("us"), [timedelta(hours=25), timedelta(hours=23)], 1),
    (pa.decimal128(10, 2), [Decimal("NaN"), Decimal("Infinity"), Decimal("1.5")], 2),
]


def _dates(days: list[Any]) -> pa.Array:
    given = pa.array(days, pa.list_(pa.int32()))
    return pa.ListArray.from_arrays(
        given.offsets, given.values.view(pa.date32()), mask=given.is_null()
    )


_ARROW = [
    (pa.date32(), pa.array([2**31 - 1, -(2**31), 0, None], pa.int32()).view(pa.date32()), 2),
    (_US, pa.array([2**63 - 1, 0], pa.int64()).view(_US), 1),
    (pa.time64("us"), pa.array([86_400_000_000, 0], pa.int64()).view(pa.time64("us")), 1),
    (pa.decimal128(10, 2), pa.array(["NaN", "-Infinity", "1.50", None]), 2),
    (pa.list_(pa.date32()), _dates([[2**31 - 1, 0], None, []]), 1),
]


def _refused(name: str) -> Exception:
    return AssertionError(name)


@pytest.mark.parametrize(("kind", "values", "lost"), _CURSOR)
def test_a_cursors_value_without_a_place_is_counted(
    kind: pa.DataType, values: list[Any], lost: int
) -> None:
    """It is NULL in the batch; the others stay what they are."""
    counted = Lost()
    schema = pa.schema([("c", kind)])
    batch = rows_to_batch([(value,) for value in values], schema, _refused, counted)
    assert counted == {"c": lost}
    assert batch.column(0).null_count == lost + values.count(None)


@pytest.mark.parametrize(("kind", "given", "lost"), _ARROW)
def test_a_drivers_value_without_a_place_is_counted(
    kind: pa.DataType, given: pa.Array, lost: int
) -> None:
    """The same where the driver writes Arrow itself."""
    counted = Lost()
    batch = pa.RecordBatch.from_arrays([given], ["c"])
    fitted = fit_batch(batch, pa.schema([("c", kind)]), _refused, counted)
    assert counted == {"c": lost}
    assert fitted.column(0).type == kind
    assert fitted.column(0).is_null().to_pylist()[-1] == given.is_null().to_pylist()[-1]


def test_the_last_moment_of_the_calendar_has_a_place() -> None:
    """`valid_to = 9999-12-31 23:59:59.999999` is a date."""
    counted = Lost()
    schema = pa.schema([("c", _US), ("t", pa.time64("us"))])
    given = pa.RecordBatch.from_pylist([{"c": _LAST, "t": time.max}], schema)
    assert fit_batch(given, schema, _refused, counted).to_pylist() == given.to_pylist()
    assert not counted
    assert not counted.recoded


def test_texts_that_are_not_utf8_are_read_and_counted() -> None:
    """A column and a list of texts, of a database that lets any bytes stand in them."""
    raw = pa.array([b"bl\xe5b\xe6r", "blå".encode(), None], pa.binary())
    texts = raw.view(pa.string())
    lists = pa.ListArray.from_arrays(pa.array([0, 2, 3], pa.int32()), texts)
    lost = Lost()
    for given, schema, wanted in (
        (texts, pa.schema([("c", pa.string())]), ["blåbær", "blå", None]),
        (lists, pa.schema([("l", pa.list_(pa.string()))]), [["blåbær", "blå"], [None]]),
    ):
        batch = pa.RecordBatch.from_arrays([given], ["x"])
        assert fit_batch(batch, schema, _refused, lost).column(0).to_pylist() == wanted
    assert lost.recoded == {"c": 1, "l": 1}
    assert not lost
