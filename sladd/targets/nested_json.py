"""Nested values as JSON text, for targets that hold no lists and structures."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pyarrow as pa


def json_texts(values: pa.Array) -> list[str | None]:
    """Every value as JSON: bytes as hexadecimal digits, NaN and infinity as texts.

    Args:
        values: shape (n,), of a nested type.

    Returns:
        Shape (n,); None where `values` is null.
    """
    kind = values.type
    return [
        None if v is None else json.dumps(_plain(v, kind), ensure_ascii=False, default=str)
        for v in values.to_pylist(maps_as_pydicts="strict")
    ]


def _plain(value: Any, kind: pa.DataType) -> Any:
    """What `json` can write without loss, by the type that the value has in the file."""
    t = pa.types
    if value is None:
        return None
    if t.is_list(kind) or t.is_large_list(kind) or t.is_fixed_size_list(kind):
        return [_plain(each, kind.value_type) for each in value]
    if t.is_struct(kind):
        return {field.name: _plain(value[field.name], field.type) for field in kind}
    if t.is_map(kind):
        return {str(key): _plain(each, kind.item_type) for key, each in value.items()}
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float):
        if not math.isfinite(value):  # RFC 8259 §6 has no such numbers
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return shortest(value) if t.is_float32(kind) else value
    return value


def shortest(value: float) -> float:
    """A number of single precision as the shortest one that is the same in it.

    0.1 is 0.10000000149011612 in double precision, which nobody wrote.
    """
    return float(str(np.float32(value)))
