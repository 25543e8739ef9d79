"""Flat columns become the structs, lists and maps again that they were."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sladd.model import FieldPlan, FieldRef, How, StorageType, TableRef
from sladd.pipeline.nesting import nest, nested_columns, type_at
from sladd.sources.nested import column_name, flat_batch, path_of, there_field

TABLE = TableRef("files", "t")
SCALARS = st.sampled_from([pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.date32()])
NAMES = st.lists(st.sampled_from(["a", "b", "navn", "æ", "value", "key"]), min_size=1, max_size=3)
TYPES = st.recursive(
    SCALARS,
    lambda inner: (
        st.builds(pa.list_, inner)
        | st.builds(lambda kind: pa.map_(pa.string(), kind), inner)
        | st.builds(
            lambda names, kinds: pa.struct(list(zip(dict.fromkeys(names), kinds, strict=False))),
            NAMES,
            st.lists(inner, min_size=3, max_size=3),
        )
    ),
    max_leaves=5,
).filter(pa.types.is_nested)


def _values(kind: pa.DataType) -> st.SearchStrategy[Any]:
    if pa.types.is_struct(kind):
        found: st.SearchStrategy[Any] = st.fixed_dictionaries(
            {f.name: _values(f.type) for f in kind}
        )
    elif pa.types.is_map(kind):
        inner = _values(kind.item_type)
        found = st.dictionaries(st.text(max_size=3), inner, max_size=3).map(lambda d: [*d.items()])
    elif pa.types.is_list(kind):
        found = st.lists(_values(kind.value_type), max_size=3)
    elif pa.types.is_string(kind):
        found = st.text(max_size=3)
    elif pa.types.is_int64(kind):
        found = st.integers(-9, 9)
    elif pa.types.is_boolean(kind):
        found = st.booleans()
    elif pa.types.is_date(kind):
        found = st.dates()
    else:
        found = st.floats(allow_nan=False)
    return st.none() | found


COLUMNS = TYPES.flatmap(
    lambda kind: st.lists(_values(kind), min_size=1, max_size=6).map(lambda v: pa.array(v, kind))
)


def _plan(schema: pa.Schema) -> list[FieldPlan]:
    """A plan that keeps every place in the column `v`."""
    return [
        FieldPlan(
            FieldRef(TABLE, *path_of(field)), field.name, StorageType.STRING, "keep", {}, "",
            How.NONE, "rule", "", within="v",
        )
        for field in schema
        if there_field(field.name) is None
    ]  # fmt: skip


def _again(array: pa.Array, kept: slice = slice(None)) -> tuple[pa.Array | None, pa.Array]:
    read = flat_batch(pa.record_batch({"v": array}), there=True)
    plan = _plan(read.schema)[kept]
    nested = nested_columns(plan, frozenset(f.output for f in plan))
    made = read.select([f.output for f in plan])
    out = nest(made, read, nested)
    return (out.column("v") if "v" in out.schema.names else None), made


@given(COLUMNS)
def test_what_is_kept_whole_comes_back_as_it_was(array):
    """NULL, an object of NULLs, an empty list, a NULL within a list: each stays what it was."""
    again, _ = _again(array)
    assert again.to_pylist() == array.to_pylist()
    assert again.type.equals(array.type)
    again.validate(full=True)


@given(COLUMNS, st.integers(0, 3))
def test_a_slice_comes_back_as_the_slice(array, start):
    """Batches begin and end anywhere in larger arrays."""
    piece = array.slice(start)
    assert _again(piece)[0].to_pylist() == piece.to_pylist()


@given(COLUMNS)
def test_places_know_their_types(array):
    """The manifest names the type of every place."""
    read = flat_batch(pa.record_batch({"v": array}))
    for planned in _plan(read.schema):
        leaf = read.schema.field(planned.output).type
        while pa.types.is_list(leaf):
            leaf = leaf.value_type
        assert type_at(array.type, planned.field.path) == leaf


KIND = pa.struct(
    [("a", pa.string()), ("b", pa.list_(pa.struct([("c", pa.int64()), ("d", pa.string())])))]
)


@given(st.lists(_values(KIND), min_size=1, max_size=6))
def test_what_is_left_out_is_gone_and_the_rest_keeps_its_shape(rows):
    """A place that no rule lets out has no field, not a field of NULLs."""
    again, _ = _again(pa.array(rows, KIND), slice(1, 2))
    assert again.to_pylist() == [
        row and {"b": row["b"] and [entry and {"c": entry["c"]} for entry in row["b"]]}
        if row is None or row["b"] is None or row["b"]
        else {"b": []}
        for row in rows
    ]


@given(st.lists(_values(KIND), min_size=1, max_size=6))
def test_a_place_that_a_file_does_not_have_is_null_in_every_element(rows):
    """Files of one dataset differ; the lists of the others say how many elements there are."""
    array = pa.array(rows, KIND)
    read = flat_batch(pa.record_batch({"v": array}), there=True)
    plan = _plan(read.schema)
    nested = nested_columns(plan, frozenset(f.output for f in plan))
    columns = {f.output: read.column(f.output) for f in plan}
    lacking = column_name("v", ("b", "[]", "d"))
    columns[lacking] = pa.nulls(len(rows), columns[lacking].type)
    again = nest(pa.record_batch(columns), read, nested).column("v").to_pylist()
    for row, made in zip(rows, again, strict=True):
        if row is not None and row["b"]:
            row["b"] = [e and {**e, "d": None} for e in row["b"]]
        assert made == row


def test_entries_of_maps_whose_new_keys_are_one_are_counted():
    """The first stays; a map has each key once."""
    kind = pa.map_(pa.string(), pa.int64())
    read = flat_batch(pa.record_batch({"v": pa.array([[("k1", 1), ("k2", 2)], [], None], kind)}))
    plan = _plan(read.schema)
    keys = pa.array([["K", "K"], [], None], pa.list_(pa.string()))
    made = read.set_column(0, read.schema.names[0], keys)
    counts = Counter[str]()
    again = nest(made, read, nested_columns(plan, frozenset(read.schema.names)), counts)
    assert again.column("v").to_pylist() == [[("K", 1)], [], None]
    assert counts == {"v: unparsed": 1}
