"""Rounding, buckets and top coding over every kind of number."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from sladd.errors import TransformError
from sladd.model import StorageType
from transforms import Context, Transform, bucket, top_code
from transforms import round as rounding

D = Decimal


def _run(transform: Transform, values: pa.Array, **parameters: object) -> list[object]:
    context = Context(parameters=parameters, storage=StorageType.FLOAT)
    made = transform.apply(values, context)
    assert made.type == values.type
    out: list[object] = made.to_pylist()
    return out


@pytest.mark.parametrize(
    ("values", "to", "wanted"),
    [
        (pa.array([149, 150, 250, None, -7]), 100, [100, 200, 200, None, 0]),
        (pa.array([149, 32_700], pa.int16()), 100, [100, 32_700]),
        (pa.array([1.2, 1.25, None]), 0.5, [1.0, 1.0, None]),
        (pa.array([D("1.50"), D("7030.26")]), 0.5, [D("1.50"), D("7030.50")]),
        (pa.array([D("149.90"), D("150.10")]), 100, [D("100.00"), D("200.00")]),
        (pa.array(["1 249,50", "", "nei", None]), 100, ["1200", None, None, None]),
    ],
)
def test_numbers_are_rounded_in_their_own_type(values, to, wanted):
    """The nearest multiple, halves to the even one; a text that is no number is lost."""
    assert _run(rounding, values, to=to) == wanted


def test_whole_numbers_are_not_rounded_to_fractions():
    """The result would be no whole number."""
    with pytest.raises(TransformError) as caught:
        _run(rounding, pa.array([1]), to=0.5)
    assert caught.value.code == 305


@pytest.mark.parametrize(
    ("values", "parameters", "wanted"),
    [
        (pa.array([99, 100, -1, None]), {"width": 100}, [0, 100, -100, None]),
        (pa.array([1.0, 7.5, -3.0]), {"edges": [0, 5, 10]}, [0.0, 5.0, None]),
        (pa.array([D("7.50"), D("10.00")]), {"edges": [0, 5, 10]}, [D("5.00"), D("10.00")]),
        (pa.array(["8", "x"]), {"width": 5}, ["5", None]),
        (pa.array([float("nan"), 4.0]), {"edges": [0, 5]}, [None, 0.0]),
    ],
)
def test_buckets_are_named_by_their_lower_edge(values, parameters, wanted):
    """What lies below the first edge has no bucket."""
    assert _run(bucket, values, **parameters) == wanted


@pytest.mark.parametrize(
    ("values", "parameters", "wanted"),
    [
        (pa.array([1, 500, None, 9_000]), {"most": 1000}, [1, 500, None, 1000]),
        (pa.array([1.5, 0.1]), {"least": 1, "most": 1.2}, [1.2, 1.0]),
        (pa.array([D("5.00"), D("-5.00")]), {"least": 0}, [D("5.00"), D("0.00")]),
        (pa.array(["12 000", "7"]), {"most": 100}, ["100", "7"]),
    ],
)
def test_what_is_beyond_the_limit_becomes_the_limit(values, parameters, wanted):
    """The largest and the smallest are the easiest to recognise."""
    assert _run(top_code, values, **parameters) == wanted


@pytest.mark.parametrize("transform", [bucket, top_code])
def test_a_transform_without_its_limits_says_which_it_needs(transform):
    """A rule that would do nothing is an error."""
    with pytest.raises(TransformError) as caught:
        _run(transform, pa.array([1]))
    assert caught.value.code == 305
