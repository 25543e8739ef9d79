"""Columns of structs, lists and maps in a release, place by place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.release import ReleaseColumn

Rows = npt.NDArray[np.int64]
Path = tuple[str, ...]
ITEM, ANY, KEY = "[]", "*", "$key"


def is_nested(column: ReleaseColumn) -> bool:
    """Whether a column with parts holds them as Parquet has them, not as JSON text."""
    return column.parts is not None and column.type.startswith(("struct<", "list<", "map<"))


def type_name(kind: pa.DataType) -> str:
    """A type as manifests spell it: a file's reader adds the column's name to that of a map."""
    return str(_unnamed(kind))


def _unnamed(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_map(kind):
        return pa.map_(_unnamed(kind.key_type), _unnamed(kind.item_type))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_unnamed(field.type)) for field in kind])
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_unnamed(kind.value_type)))
    return kind


def path(name: str) -> Path:
    """The steps of a place by its name: `[].sku`, `by_mail.*.$key`."""
    steps = name.replace("[]", ".[]").split(".")
    return tuple(step for step in steps if step)


def places(array: pa.Array, rows: Rows, at: Path = ()) -> Iterator[tuple[Path, pa.Array, Rows]]:
    """The values at each place, and the row of each.

    Args:
        array: shape (n,), of any type.
        rows: shape (n,), the row of each value.
        at: the place of the array itself.

    Returns:
        Path, leaf values of shape (m,) and their rows, of shape (m,), for every place.
    """
    kind = array.type
    if pa.types.is_map(kind):
        offsets = np.asarray(array.offsets, np.int64)
        mine = np.repeat(rows, np.diff(offsets))
        start, length = int(offsets[0]), int(offsets[-1] - offsets[0])
        yield (*at, ANY, KEY), array.keys.slice(start, length), mine
        yield from places(array.items.slice(start, length), mine, (*at, ANY))
    elif (
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    ):
        parents = np.asarray(pc.list_parent_indices(array), np.int64)
        yield from places(pc.list_flatten(array), rows[parents], (*at, ITEM))
    elif pa.types.is_struct(kind):
        for number, child in enumerate(array.flatten()):
            yield from places(child, rows, (*at, kind.field(number).name))
    else:
        yield at, array, rows


def strays(column: ReleaseColumn, array: pa.Array) -> int:
    """Values at places that the manifest does not know."""
    known = {path(part.name) for part in column.parts or ()}
    return sum(
        len(leaf) - leaf.null_count for at, leaf, _ in places(array, _all(array)) if at not in known
    )


def odd(array: pa.Array, forms: dict[Path, str]) -> int:
    """Values that do not have the form of their place, a pattern in RE2."""
    found = 0
    for at, leaf, _ in places(array, _all(array)):
        if shape := forms.get(at):
            texts = leaf.cast(pa.string()).drop_null()
            fits = pc.match_substring_regex(texts, rf"\A(?:{shape})?\z")
            found += len(texts) - (pc.sum(fits).as_py() or 0)
    return found


def split(column: ReleaseColumn, values: pa.ChunkedArray) -> list[pa.Array]:
    """A column for each part: one value a row where no row has more, else lists."""
    array = values.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    found = {at: (leaf, rows) for at, leaf, rows in places(array, _all(array))}
    return [
        _column(*found[at], len(array))
        if (at := path(part.name)) in found
        else pa.nulls(len(array))
        for part in column.parts or ()
    ]


def _column(leaf: pa.Array, rows: Rows, count: int) -> pa.Array:
    given = np.asarray(leaf.is_valid())
    values, rows = leaf.drop_null(), rows[given]
    ends = np.searchsorted(rows, np.arange(count), side="right")
    lengths = np.diff(ends, prepend=0)
    if len(lengths) == 0 or lengths.max() <= 1:
        return values.take(pa.array(np.maximum(ends - 1, 0), mask=lengths == 0))
    offsets = np.append(0, ends).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _all(array: pa.Array) -> Rows:
    return np.arange(len(array), dtype=np.int64)
