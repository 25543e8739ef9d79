"""Texts of databases that let any bytes stand in them: SQLite, and PostgreSQL in SQL_ASCII."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_ODD_BYTES = "cp1252"  # what Windows wrote in Norwegian before it wrote UTF-8


def list_of_texts(array: pa.ListArray) -> pa.ListArray:
    """The same lists, with texts that are UTF-8."""
    if _is_text(array.values):
        return array
    values = pa.chunked_array([array.values.view(pa.binary())]).combine_chunks()
    raw = pa.ListArray.from_arrays(array.offsets, values).to_pylist()
    there = array.is_valid().to_pylist()
    texts = [
        [None if v is None else decoded(v) for v in each] if valid else None
        for each, valid in zip(raw, there, strict=True)
    ]
    return pa.array(texts, array.type)


def as_text(array: pa.Array) -> pa.Array:
    """Any array as texts."""
    if pa.types.is_binary(array.type):
        return _decoded(array)
    if not pa.types.is_string(array.type):
        return pc.cast(array, pa.string())
    # SQLite and SQL_ASCII let any bytes stand in a text.
    return array if _is_text(array) else _decoded(array.view(pa.binary()))


def _is_text(array: pa.Array) -> bool:
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _decoded(array: pa.Array) -> pa.Array:
    return pa.array([None if v is None else decoded(v) for v in array.to_pylist()], pa.string())


def decoded(raw: bytes) -> str:
    """Bytes as text: UTF-8, or else what they most likely are."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode(_ODD_BYTES, "replace")


def holds_texts(kind: pa.DataType) -> bool:
    """Whether a type is one of texts, or of lists of them."""
    return bool(
        pa.types.is_string(kind) or (pa.types.is_list(kind) and holds_texts(kind.value_type))
    )


def odd_bytes(array: pa.Array) -> int:
    """How many values of a column of texts, or of bytes that are to be texts, are not UTF-8."""
    if pa.types.is_list(array.type):
        return odd_bytes(array.values)
    if pa.types.is_string(array.type):
        if _is_text(array):
            return 0
        array = array.view(pa.binary())
    if not pa.types.is_binary(array.type):
        return 0
    return sum(v is not None and not _is_utf8(v) for v in array.to_pylist())


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
