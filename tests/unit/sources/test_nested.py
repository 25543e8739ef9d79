"""Nested values become flat columns with a path, and nothing falls out on the way."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from sladd.model import FieldRef, StorageType, TableRef
from sladd.sources.nested import (
    column_name,
    expand_json,
    explode,
    fields_of,
    flatten,
    path_of,
)


@pytest.mark.parametrize(
    ("values", "kind", "columns"),
    [
        ([{"a": 1}, None, {"a": None}], None, {"v.a": [1, None, None]}),
        ([[1, 2], [], None, [None]], None, {"v[]": [[1, 2], [], None, [None]]}),
        (
            [[{"s": "x", "p": 1}, {"s": "y", "p": None}], None, []],
            None,
            {"v[].p": [[1, None], None, []], "v[].s": [["x", "y"], None, []]},
        ),
        ([[[1], [2, 3]], None], None, {"v[][]": [[[1], [2, 3]], None]}),
        ([{"a": {"b": [{"c": 1}]}}], None, {"v.a.b[].c": [[1]]}),
        (
            [[("k", {"n": 1})], None, []],
            pa.map_(pa.string(), pa.struct([("n", pa.int64())])),
            {"v.*.$key": [["k"], None, []], "v.*.n": [[1], None, []]},
        ),
        ([[1, 2], None], pa.list_(pa.int64(), 2), {"v[]": [[1, 2], None]}),
        ([[1, 2], None], pa.large_list(pa.int64()), {"v[]": [[1, 2], None]}),
    ],
)
@pytest.mark.parametrize("sliced", [False, True])
def test_nesting_becomes_columns(values, kind, columns, sliced):
    """Each kind of nesting, also in a slice of a larger array, gives its leaves by path."""
    array = pa.array([*values[:1], *values] if sliced else values, kind)
    if sliced:
        array = array.slice(1)
    flat, paths = flatten(pa.table({"v": array}))
    assert {n: flat[n].to_pylist() for n in sorted(flat.column_names)} == columns
    assert [column_name(*path) for path in paths] == flat.column_names
    assert [path_of(field) for field in flat.schema] == list(paths)


def test_a_null_struct_hides_what_its_children_hold():
    """Values below a NULL object are NULL, whatever the memory holds."""
    child = pa.array(["hidden", "seen"])
    array = pa.StructArray.from_arrays([child], ["a"], mask=pa.array([True, False]))
    flat, _ = flatten(pa.table({"v": array}))
    assert flat["v.a"].to_pylist() == [None, "seen"]


def test_a_column_called_like_a_path_keeps_its_own_address():
    """`user.email` the column and `user` → `email` the path are two fields."""
    data = pa.table({"user.email": ["a"], "user": [{"email": "b"}]})
    flat, paths = flatten(data)
    assert flat.column_names == ["user.email", "user.email_2"]
    assert paths == (("user.email", ()), ("user", ("email",)))
    refs = [str(f.ref) for f in fields_of(TableRef("s", "t"), flat.schema)]
    assert refs == ["s/t.user%2Eemail", "s/t.user.email"]


def test_flattening_twice_changes_nothing():
    """A flat table is its own flattening, addresses included."""
    once, paths = flatten(pa.table({"v": [{"a": [1]}], "w": [2]}))
    twice, again = flatten(once)
    assert twice.equals(once)
    assert paths == again == (("v", ("a", "[]")), ("w", ()))


@pytest.mark.parametrize(
    ("values", "leaves"),
    [
        ([[1, 2], None, [3]], [1, 2, 3]),
        ([[[1], []], [[2, None]]], [1, 2, None]),
        ([1, None], [1, None]),
    ],
)
def test_explode_gives_all_leaves(values, leaves):
    """Lists of any depth, arrays in chunks, and plain arrays."""
    assert explode(pa.array(values)).to_pylist() == leaves
    assert explode(pa.chunked_array([values, values])).to_pylist() == leaves * 2


def test_fields_name_path_and_type():
    """A field of a list says LIST and the element's own type."""
    flat, _ = flatten(pa.table({"items": [[{"sku": "x"}]]}))
    (field,) = fields_of(TableRef("s", "t"), flat.schema)
    assert field.ref == FieldRef(TableRef("s", "t"), "items", ("[]", "sku"))
    assert str(field.ref) == "s/t.items[].sku"
    assert field.type is StorageType.LIST
    assert "string" in field.native_type


def test_json_text_expands_to_leaves_of_all_rows():
    """Every leaf is reachable by a path; what is not JSON is not lost."""
    values = pa.array(
        [
            json.dumps({"mail": "a@example.no", "tags": ["x", "y"], "n": {"m": 1}}),
            None,
            json.dumps({"mail": "b@example.no", "n": None}),
            "not json",
        ]
    )
    leaves = {path: array.to_pylist() for path, array in expand_json(values).items()}
    assert leaves == {
        ("mail",): ["a@example.no", "b@example.no"],
        ("tags", "[]"): ["x", "y"],
        ("n", "m"): [1, None],
        (): ["not json"],
    }


def test_objects_keyed_by_data_collapse():
    """Keys that are data do not become paths; they are values below `$key`."""
    many = pa.array([json.dumps({f"user{i}": {"age": i}}) for i in range(100)])
    leaves = expand_json(many)
    assert set(leaves) == {("*", "$key"), ("*", "age")}
    assert leaves["*", "age"].to_pylist() == list(range(100))
    mail = pa.array([json.dumps({"by": {"kari@example.no": 3, "ola@example.no": 4}})])
    leaves = expand_json(mail, name_is_personal=lambda key: "@" in key)
    assert {p: a.to_pylist() for p, a in leaves.items()} == {
        ("by", "*", "$key"): ["kari@example.no", "ola@example.no"],
        ("by", "*"): [3, 4],
    }


def test_a_wide_record_with_fixed_keys_does_not_collapse():
    """A hundred columns that every record has are columns."""
    record = json.dumps({f"c{i}": i for i in range(100)})
    assert len(expand_json(pa.array([record] * 20))) == 100


def test_what_lies_too_deep_stays_text():
    """Depth is bounded; the rest is JSON text and still there."""
    deep: object = "bunn@example.no"
    for _ in range(40):
        deep = {"a": deep}
    ((path, leaf),) = expand_json(pa.array([json.dumps(deep)]), max_depth=16).items()
    assert len(path) == 16
    assert "bunn@example.no" in leaf[0].as_py()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2.5], [1.0, 2.5]),
        ([1, "x"], ["1", "x"]),
        ([True, "x"], ["true", "x"]),
        ([{"a": 1}, "x"], ['{"a": 1}', "x"]),
        ([4925000000000001, 1.5], ["4925000000000001", "1.5"]),
        ([4925000000000001 * 10**6, 1], ["4925000000000001000000", "1"]),
        ([12345678901234567, 1.5], ["12345678901234567", "1.5"]),
    ],
)
def test_mixed_types_become_text_when_a_number_would_lose(values, expected):
    """No digit of a long number is lost to a float."""
    array = pa.array([json.dumps({"v": value}) for value in values])
    got = expand_json(array)["v",].to_pylist()
    if values[0] == 4925000000000001:  # below 2^53: a float holds it
        assert [float(v) for v in got] == [float(v) for v in values]
    else:
        assert got == expected
