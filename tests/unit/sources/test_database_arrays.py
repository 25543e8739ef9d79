"""Arrays of arrays come out of their text with the shape that they have."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladd.sources.database.arrays import array_of, arrays_from_json

_WHOLE = st.none() | st.integers(-(2**63), 2**63 - 1)
_NESTED = st.none() | st.lists(st.lists(_WHOLE, max_size=3), max_size=3)
_LEAVES = [
    (pa.bool_(), ["t", "false", None], [True, False, None], 0),
    (pa.float32(), ["0.1", "NaN", None], None, 0),
    (pa.binary(), ["\\x00ff", None], [b"\x00\xff", None], 0),
    (pa.date32(), ["2024-02-29", "infinity", "0044-03-15 BC"], [date(2024, 2, 29), None, None], 2),
    (pa.time64("us"), ["10:00:00.5", "24:00:00"], None, 1),
    (pa.timestamp("us", "UTC"), ["2024-01-01 09:00:00.5+00", "-infinity"], None, 1),
    (pa.decimal128(5, 2), ["-1.50", "NaN"], None, 1),
]


@given(st.lists(_NESTED, max_size=4))
def test_shape_and_nulls_survive(rows: list[Any]) -> None:
    """A null array, an empty one and a null element stay three things."""

    def as_text(value: Any) -> Any:
        if isinstance(value, list):
            return [as_text(each) for each in value]
        return None if value is None else str(value)

    texts = [None if row is None else json.dumps(as_text(row)) for row in rows]
    made, lost = arrays_from_json(pa.array(texts, pa.string()), array_of(pa.int64(), 2))
    assert made.to_pylist() == rows
    assert lost == 0


@pytest.mark.parametrize(("kind", "texts", "values", "lost"), _LEAVES)
def test_a_leaf_is_read_by_its_type(
    kind: pa.DataType, texts: list[Any], values: list[Any] | None, lost: int
) -> None:
    """What no calendar or number has is NULL and counted."""
    given_ = pa.array([json.dumps([texts])], pa.string())
    made, less = arrays_from_json(given_, array_of(kind, 2))
    assert made.type == array_of(kind, 2)
    assert less == lost
    assert made.flatten().flatten().null_count == lost + texts.count(None)
    if values is not None:
        assert made.to_pylist() == [[values]]


@pytest.mark.parametrize("text", ['["1"]', '[[["1"]]]'])
def test_other_dimensions_are_refused(text: str) -> None:
    """Nothing is flattened, and nothing wrapped."""
    with pytest.raises(pa.ArrowInvalid):
        arrays_from_json(pa.array([text]), array_of(pa.int64(), 2))
