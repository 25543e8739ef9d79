"""Whatever stands in a document: planned places stay where they are, all others are gone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sladd.model import Needs, StorageType
from transforms import Context, json_paths
from transforms.contract import Beside, Part

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
NAMES = st.sampled_from(["a", "b", "c", "æ", "", "$key", "*", "[]"]) | st.text(max_size=3)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
STEPS = st.sampled_from(["a", "b", "c", "æ", "[]", "*"])
PATHS = st.lists(st.lists(STEPS, min_size=1, max_size=4).map(tuple), max_size=5, unique=True)


def _mark(values: pa.Array, **_: Any) -> pa.Array:
    return pc.if_else(pc.is_valid(values), "X", None)


def _same(values: pa.Array, **_: Any) -> pa.Array:
    return values


def _upper(values: pa.Array, **_: Any) -> pa.Array:
    return pc.utf8_upper(values)


def _run(documents: list[Any], parts: list[Part], counts: Counter[str] | None = None) -> list[Any]:
    texts = pa.array([json.dumps(document) for document in documents], pa.string())
    context = Context({}, StorageType.JSON, parts=tuple(parts), counts=counts or Counter())
    made = json_paths.apply(texts, context).to_pylist()
    return [None if cell is None else json.loads(cell) for cell in made]


def _leaves(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _leaves(child, (*place, f".{key}"))
    elif isinstance(value, list):
        for child in value:
            yield from _leaves(child, (*place, "[]"))
    else:
        yield place, value


@given(st.lists(DOCUMENTS, max_size=4), PATHS)
def test_only_planned_places_come_out(documents, paths):
    """Every value of the output was made by the part of its place; nothing else is there."""
    parts = [Part(path, StorageType.STRING, _mark) for path in paths]
    planned = {tuple(s if s == "[]" else f".{s}" for s in path) for path in paths}
    made = _run(documents, parts)
    for document, out in zip(documents, made, strict=True):
        if not isinstance(document, dict | list):
            assert out is None
            continue
        assert type(out) is type(document)
        for place, value in _leaves(out):
            assert value is None or (value == "X" and place in planned)


@given(st.lists(DOCUMENTS, max_size=4))
def test_what_is_planned_whole_comes_out_whole(documents):
    """With a part for every place, the structure and the texts are those of the input."""
    documents = [d for d in documents if isinstance(d, dict | list)]
    held = {place for d in documents for place, value in _leaves(d) if value is not None}
    # A place that holds a text here and an object there is text, as discovery has it; and names
    # that paths use themselves cannot be told from them.
    assume(not held & {place[:n] for place in held for n in range(len(place))})
    assume(not held & {place for d in documents for place in _holders(d)})
    assume(not {step for place in held for step in place} & {".[]", ".*", ".$key"})
    parts = [
        Part(tuple(step.removeprefix(".") for step in place), StorageType.STRING, _same)
        for place in sorted(held)
    ]
    for document, out in zip(documents, _run(documents, parts), strict=True):
        wanted = [(p, _text(v)) for p, v in _leaves(document) if v is not None]
        assert [(p, v) for p, v in _leaves(out) if v is not None] == wanted


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _holders(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Places of objects and arrays."""
    if isinstance(value, dict | list):
        yield place
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _holders(child, (*place, f".{key}"))
    if isinstance(value, list):
        for child in value:
            yield from _holders(child, (*place, "[]"))


@given(st.lists(DOCUMENTS, min_size=2, max_size=6), PATHS, st.integers(1, 5))
def test_output_does_not_depend_on_batches(documents, paths, cut):
    """Each document is treated by itself."""
    parts = [Part(path, StorageType.STRING, _mark) for path in paths]
    cut = min(cut, len(documents))
    assert _run(documents, parts) == _run(documents[:cut], parts) + _run(documents[cut:], parts)


def test_keys_that_are_data_go_by_their_own_part():
    """New names where they leave; without that part the object comes out empty."""
    documents = [{"by": {"kari": {"n": 1}, "ola": {"n": 2}}}]
    values = Part(("by", "*", "n"), StorageType.INTEGER, _same)
    keys = Part(("by", "*", "$key"), StorageType.STRING, _upper)
    assert _run(documents, [values, keys]) == [{"by": {"KARI": {"n": 1}, "OLA": {"n": 2}}}]
    assert _run(documents, [values]) == [{"by": {}}]
    counts = Counter[str]()
    texts = pa.array([json.dumps(documents[0])])
    same = Part(("by", "*", "$key"), StorageType.STRING, _mark)
    context = Context({}, StorageType.JSON, parts=(values, same), counts=counts)
    assert json_paths.apply(texts, context).to_pylist() == ['{"by":{"X":{"n":1}}}']
    assert counts["unparsed"] == 1


@pytest.mark.parametrize(
    ("storage", "value", "kept"),
    [
        (StorageType.INTEGER, 7, True),
        (StorageType.INTEGER, "kari@example.no", False),
        (StorageType.INTEGER, True, False),
        (StorageType.INTEGER, 1 << 70, False),
        (StorageType.FLOAT, 1, True),
        (StorageType.FLOAT, "1", False),
        (StorageType.FLOAT, {"a": 1}, False),
        (StorageType.BOOLEAN, False, True),
        (StorageType.BOOLEAN, 0, False),
    ],
)
def test_a_value_of_another_type_than_scanned_does_not_leave(storage, value, kept):
    """A place that was numbers when it was judged may hold an address by now."""
    counts = Counter[str]()
    texts = pa.array([json.dumps({"a": value})])
    part = Part(("a",), storage, _same)
    context = Context({}, StorageType.JSON, parts=(part,), counts=counts)
    [made] = json_paths.apply(texts, context).to_pylist()
    assert json.loads(made) == {"a": value if kept else None}
    assert counts["unparsed"] == (0 if kept else 1)


@pytest.mark.parametrize(
    "text", ["", "{", '{"a": NaN}', '"kari@example.no"', "17", "kari@example.no", "[" * 100_000]
)
def test_what_is_no_json_becomes_null_and_is_counted(text):
    """Never passed on as it is."""
    counts = Counter[str]()
    context = Context({}, StorageType.JSON, counts=counts)
    assert json_paths.apply(pa.array([text, None]), context).to_pylist() == [None, None]
    assert counts["unparsed"] == 1


def test_half_characters_do_not_break_the_column():
    r"""`"\ud83d"` is valid JSON and no UTF-8."""
    part = Part(("a",), StorageType.STRING, _same)
    context = Context({}, StorageType.JSON, parts=(part,))
    assert json_paths.apply(pa.array(['{"a": "\\ud83d"}']), context).to_pylist() == ['{"a":"?"}']


def test_a_part_that_needs_the_row_gets_the_row_of_its_document():
    """The second document's comments stand beside the second document's person."""
    seen: list[list[str]] = []

    def apply(values: pa.Array, beside: list[Beside], **_: Any) -> pa.Array:
        seen.append(beside[0].values.to_pylist())
        return values

    part = Part(("c", "[]"), StorageType.STRING, apply, Needs.ROW)
    texts = pa.array(['{"c": ["x"]}', '{"c": ["y", "z"]}', "{}"])
    beside = [Beside("user.name", pa.array(["Kari", "Ola", "Per"]))]
    json_paths.apply(texts, Context({}, StorageType.JSON, parts=(part,)), {Needs.ROW: beside})
    assert seen == [["Kari", "Ola", "Ola"]]
