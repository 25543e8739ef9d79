"""Nested values as JSON: any reader takes it, and nothing is another number than before."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sladd.targets.nested_json import json_texts, shortest


def _no_constant(name: str) -> None:
    raise AssertionError(name)


def test_every_value_has_a_form_that_json_knows():
    """Bytes, numbers that are none, decimals, maps, and what lies in them."""
    kind = pa.struct([
        pa.field("f", pa.list_(pa.list_(pa.float32()))), pa.field("b", pa.binary()),
        pa.field("d", pa.decimal128(5, 2)), pa.field("m", pa.map_(pa.string(), pa.float64())),
    ])  # fmt: skip
    row = {
        "f": [[0.1, float("nan")], [float("-inf"), None]], "b": b"\x00\xff",
        "d": Decimal("1.50"), "m": [("å", 0.5)],
    }  # fmt: skip
    whole, missing = json_texts(pa.array([row, None], kind))
    assert missing is None
    assert json.loads(whole, parse_constant=_no_constant) == {
        "f": [[0.1, "NaN"], ["-Infinity", None]], "b": "00ff", "d": "1.50", "m": {"å": 0.5},
    }  # fmt: skip


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_the_shortest_number_is_the_same_one(value):
    """In single precision nothing has changed."""
    assert np.float32(shortest(value)) == np.float32(value)
