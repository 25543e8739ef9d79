"""Nested values as flat columns with a path, and back to plain arrays of leaves.

`user: {email, phones: [..]}` becomes the columns `user.email` and `user.phones[]`. A list of
objects becomes parallel list columns: `items[].sku`, `items[].price`. Maps, and objects whose
keys are data, become `*`: the values under `by_mail.*.name`, the keys under `by_mail.*.$key`.
Each flat column's Arrow field carries its path as metadata. Where an object itself is NULL is
lost thereby; whoever puts the columns together again asks for `user.$there`, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import Field, FieldRef, StorageType, TableRef
from sladd.sources.json_shape import KEY, VALUE, Shape, learn, parse, records_to_array

PATH_KEY = b"sladd.path"
Path = tuple[str, tuple[str, ...]]
"""Column and path below it, the two parts of a `FieldRef`."""

THERE = "$there"
"""Last step of the path of a column that says where an object is not NULL."""


def column_name(column: str, path: tuple[str, ...] = ()) -> str:
    """The name that a field has as a flat column: `items[].sku`."""
    return column + "".join(part if part == "[]" else f".{part}" for part in path)


def path_of(field: pa.Field) -> Path:
    """Column and path of a flat Arrow field."""
    stored = (field.metadata or {}).get(PATH_KEY)
    if stored is None:
        return field.name, ()
    column, *path = json.loads(stored)
    return column, tuple(path)


def with_paths(schema: pa.Schema) -> pa.Schema:
    """A schema of flat columns, each with its own name as its path."""
    return pa.schema([_field(f.name, (), f.type) for f in schema])


def _field(column: str, path: tuple[str, ...], kind: pa.DataType, name: str = "") -> pa.Field:
    stored = {PATH_KEY: json.dumps([column, *path], ensure_ascii=False).encode()}
    return pa.field(name or column_name(column, path), kind, metadata=stored)


def there_field(name: str) -> pa.Field | None:
    """The field of a column that says where an object is; None for any other name.

    Args:
        name: as `column_name` gives it, `items[].$there`.
    """
    if not name.endswith(f".{THERE}"):
        return None
    kind = pa.bool_()
    for _ in range(name.count("[]") + name.count(".*")):
        kind = pa.list_(kind)
    return pa.field(name, kind)


def flatten(
    data: pa.RecordBatch | pa.Table, *, there: bool = False
) -> tuple[pa.Table, tuple[Path, ...]]:
    """Structs to columns, lists of structs to parallel lists, maps and `*` to keys and values.

    A column that carries a path is flat already and stays as it is.

    Args:
        data: shape (rows, columns), any nesting.
        there: with a column for each object that says where it is not NULL.

    Returns:
        Shape (rows, flat columns) with the path of each in its field's metadata, and the paths.
    """
    table = pa.Table.from_batches([data]) if isinstance(data, pa.RecordBatch) else data
    fields: list[pa.Field] = []
    columns: list[pa.Array] = []
    taken: set[str] = set()
    for field, column in zip(table.schema, table.columns, strict=True):
        if PATH_KEY in (field.metadata or {}):  # flat already
            taken.add(field.name)
            fields.append(field)
            columns.append(column)
            continue
        top = field.name
        for whole, leaf in _leaves(_one_array(column), there=there):
            name, number = column_name(top, whole), 1
            while name in taken:  # a column that is itself called `user.email`
                number += 1
                name = f"{column_name(top, whole)}_{number}"
            taken.add(name)
            fields.append(_field(top, whole, leaf.type, name))
            columns.append(leaf)
    flat = pa.Table.from_arrays(columns, schema=pa.schema(fields))
    return flat, tuple(path_of(f) for f in fields)


def flatten_schema(schema: pa.Schema) -> pa.Schema:
    """The schema that `flatten` gives for data of `schema`."""
    return flatten(schema.empty_table())[0].schema


def flat_batch(batch: pa.RecordBatch, *, there: bool = False) -> pa.RecordBatch:
    """`flatten` for one batch, as one batch."""
    flat = flatten(batch, there=there)[0]
    if not flat.num_columns:
        return batch
    arrays = [_one_array(column) for column in flat.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=flat.schema)


def _one_array(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _leaves(array: pa.Array, *, there: bool = False) -> Iterator[tuple[tuple[str, ...], pa.Array]]:
    kind = array.type
    if isinstance(kind, pa.ExtensionType):
        yield from _leaves(array.storage, there=there)
    elif pa.types.is_struct(kind) and kind.num_fields:
        if there:
            yield (THERE,), array.is_valid()
        # `flatten` of a struct array carries the struct's own nulls into its children.
        for place, child in enumerate(array.flatten()):
            for path, leaf in _leaves(child, there=there):
                name = kind.field(place).name
                yield (path if name == VALUE else (name, *path)), leaf
    elif pa.types.is_map(kind):
        offsets = _compact(array)
        keys = array.keys.slice(_start(array), _length(array))
        items = array.items.slice(_start(array), _length(array))
        yield ("*", KEY), _relist(offsets, keys, array)
        for path, leaf in _leaves(items, there=there):
            yield ("*", *path), _relist(offsets, leaf, array)
    elif _is_list(kind):
        mark = "*" if kind.value_field.name == "*" else "[]"
        variable = _variable(array)
        for path, leaf in _leaves(variable.flatten(), there=there):
            yield (mark, *path), _relist(_compact(variable), leaf, variable)
    else:
        yield (), array


def _is_list(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def _variable(array: pa.Array) -> pa.ListArray:
    """Any list array as one with 32-bit offsets."""
    return array if pa.types.is_list(array.type) else array.cast(pa.list_(array.type.value_field))


def _start(array: pa.Array) -> int:
    return int(array.offsets[0].as_py())


def _length(array: pa.Array) -> int:
    return int(array.offsets[-1].as_py()) - _start(array)


def _compact(array: pa.Array) -> pa.Array:
    """Offsets over the values that are really there: a null list may hide some."""
    lengths = pc.fill_null(pc.list_value_length(array), 0) if _is_list(array.type) else None
    if lengths is None:
        return pc.subtract(array.offsets, array.offsets[0])
    sums = pc.cumulative_sum(lengths.cast(pa.int32()))
    return pa.concat_arrays([pa.array([0], pa.int32()), _one_array(sums)])


def _relist(offsets: pa.Array, values: pa.Array, like: pa.Array) -> pa.Array:
    return pa.ListArray.from_arrays(offsets, values, mask=like.is_null())


def explode(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """All leaf values of a (nested) list array, in order; other arrays come back as they are."""
    values = _one_array(array)
    while _is_list(values.type):
        values = values.flatten()
    return values


# --------------------------------------------------------------------------- fields


_LEAF_TYPES: tuple[tuple[Callable[[pa.DataType], bool], StorageType], ...] = (
    (pa.types.is_boolean, StorageType.BOOLEAN),
    (pa.types.is_integer, StorageType.INTEGER),
    (pa.types.is_floating, StorageType.FLOAT),
    (pa.types.is_decimal, StorageType.DECIMAL),
    (pa.types.is_date, StorageType.DATE),
    (pa.types.is_timestamp, StorageType.TIMESTAMP),
    (pa.types.is_time, StorageType.TIME),
    (pa.types.is_string, StorageType.STRING),
    (pa.types.is_large_string, StorageType.STRING),
    (pa.types.is_string_view, StorageType.STRING),
    (pa.types.is_null, StorageType.STRING),
    (pa.types.is_binary, StorageType.BINARY),
    (pa.types.is_large_binary, StorageType.BINARY),
    (pa.types.is_fixed_size_binary, StorageType.BINARY),
    (_is_list, StorageType.LIST),
)


def storage_type(kind: pa.DataType) -> StorageType:
    """The coarse type of an Arrow type."""
    if pa.types.is_dictionary(kind):
        return storage_type(kind.value_type)
    return next((stored for is_a, stored in _LEAF_TYPES if is_a(kind)), StorageType.OTHER)


def fields_of(table: TableRef, schema: pa.Schema) -> tuple[Field, ...]:
    """One `Field` for each flat column of `schema`."""
    fields = []
    for arrow in schema:
        column, path = path_of(arrow)
        ref = FieldRef(table, column, path)
        fields.append(
            Field(ref, storage_type(arrow.type), arrow.nullable, native_type=str(arrow.type))
        )
    return tuple(fields)


# --------------------------------------------------------------------------- JSON in text


def expand_json(
    values: pa.Array | pa.ChunkedArray,
    *,
    max_depth: int = 16,
    name_is_personal: Callable[[str], bool] | None = None,
) -> dict[tuple[str, ...], pa.Array]:
    """Leaf values of all rows of a column of JSON text, by path.

    Args:
        values: shape (n,), strings; what is not JSON is found under the empty path.
        max_depth: what lies deeper stays JSON text.
        name_is_personal: a key that is personal makes its object collapse to `*`.

    Returns:
        For each path a flat array of all its leaf values; lengths differ.
    """
    texts = _as_strings(_one_array(values)).to_pylist()
    parsed = [None if text is None else _parse(text) for text in texts]
    documents = [p for p in parsed if isinstance(p, dict | list)]
    shape = Shape()
    for document in documents:
        learn(shape, document)
    array = records_to_array(documents, shape, max_depth=max_depth, judge=name_is_personal)
    leaves = {path: explode(leaf) for path, leaf in _leaves(array)} if documents else {}
    leaves = {p: a.cast(pa.string()) if pa.types.is_null(a.type) else a for p, a in leaves.items()}
    rest = [t for t, p in zip(texts, parsed, strict=True) if t is not None and _is_rest(p)]
    if rest:
        leaves[()] = pa.array(rest, pa.string())
    return leaves


def _is_rest(parsed: object) -> bool:
    return not isinstance(parsed, dict | list)


def _as_strings(array: pa.Array) -> pa.Array:
    return array.cast(pa.string())


def _parse(text: str) -> object:
    try:
        return parse(text)
    except (ValueError, RecursionError):
        return text
