"""The shape of JSON records: which keys, which types, which objects are keyed by data.

`learn` looks at records, `arrow_type` turns what it saw into one Arrow type, and
`records_to_array` brings records into it: mixed types become text, objects keyed by data a
list named `*`, and what lies too deep JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

KEY = "$key"
VALUE = "$value"
MAX_DEPTH = 16
# An object with more distinct keys than this, few of them in most records, is keyed by data.
MAX_KEYS = 64
COMMON_SHARE = 0.1
_EXACT_FLOAT = 1 << 53
_INT64 = 1 << 63


@dataclass(slots=True)
class Shape:
    """What was seen at one place. Holds keys, which may be personal, and no values."""

    kinds: set[str] = field(default_factory=set)  # bool, int, bigint, hugeint, float, string
    objects: int = 0
    children: dict[str, Shape] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    item: Shape | None = None
    collapsed: Shape | None = None  # set by `settle`: the one shape of all children

    def __repr__(self) -> str:
        return f"<Shape of {len(self.children)} keys>"


def learn(shape: Shape, value: Any, depth: int = 0) -> None:
    """Add what one value shows. Deeper than any limit nothing more is learnt."""
    if depth > 2 * MAX_DEPTH:
        shape.kinds.add("string")
    elif isinstance(value, dict):
        shape.objects += 1
        for key, child in value.items():
            below = shape.children.get(key)
            if below is None:
                below = shape.children[key] = Shape()
            shape.times[key] = shape.times.get(key, 0) + 1
            learn(below, child, depth + 1)
    elif isinstance(value, list):
        if shape.item is None:
            shape.item = Shape()
        for child in value:
            learn(shape.item, child, depth + 1)
    elif value is not None:
        shape.kinds.add(_kind(value))


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        if abs(value) >= _INT64:
            return "hugeint"
        return "bigint" if abs(value) > _EXACT_FLOAT else "int"
    return "float" if isinstance(value, float) else "string"


def settle(shape: Shape, judge: Callable[[str], bool] | None) -> None:
    """Decide which objects are keyed by data; their children become one."""
    if shape.collapsed is None and _keyed_by_data(shape, judge):
        joined = Shape()
        for child in shape.children.values():
            _join(joined, child)
        shape.collapsed = joined
    if shape.collapsed is not None:
        settle(shape.collapsed, judge)
    else:
        for child in shape.children.values():
            settle(child, judge)
    if shape.item is not None:
        settle(shape.item, judge)


def _keyed_by_data(shape: Shape, judge: Callable[[str], bool] | None) -> bool:
    if judge is not None and any(judge(key) for key in shape.children):
        return True
    if len(shape.children) <= MAX_KEYS:
        return False
    rare = sum(times < COMMON_SHARE * shape.objects for times in shape.times.values())
    # One object with many keys: the keys are data when their values are all alike.
    alike = len({_outline(child) for child in shape.children.values()}) == 1
    return rare > len(shape.children) // 2 or (shape.objects < 10 and alike)


def _outline(shape: Shape) -> tuple[Any, ...]:
    return (frozenset(shape.kinds), shape.item is None, tuple(sorted(shape.children)))


def _join(into: Shape, other: Shape) -> None:
    into.kinds |= other.kinds
    into.objects += other.objects
    for key, child in other.children.items():
        _join(into.children.setdefault(key, Shape()), child)
        into.times[key] = into.times.get(key, 0) + other.times[key]
    if other.item is not None:
        into.item = into.item or Shape()
        _join(into.item, other.item)


def arrow_type(shape: Shape, depth: int = 0, max_depth: int = MAX_DEPTH) -> pa.DataType:
    """The Arrow type that holds everything a settled shape has seen; null for nothing."""
    forms = bool(shape.kinds) + bool(shape.objects) + (shape.item is not None)
    if not forms:
        return pa.null()  # another file of the dataset may know more
    if forms > 1:
        return pa.string()  # text here and an object there
    if shape.kinds:
        return _scalar_type(shape.kinds)
    if depth >= max_depth:
        return pa.string()
    if shape.item is not None:
        return pa.list_(pa.field("item", arrow_type(shape.item, depth + 1, max_depth)))
    if shape.collapsed is not None:
        value = arrow_type(shape.collapsed, depth + 1, max_depth)
        inside = list(value) if pa.types.is_struct(value) else [pa.field(VALUE, value)]
        entry = pa.struct([pa.field(KEY, pa.string()), *inside])
        return pa.list_(pa.field("*", entry))
    if not shape.children:
        return pa.string()  # only {} was seen
    return pa.struct(
        [
            pa.field(key, arrow_type(child, depth + 1, max_depth))
            for key, child in shape.children.items()
        ]
    )


def _scalar_type(kinds: set[str]) -> pa.DataType:
    if kinds == {"bool"}:
        return pa.bool_()
    if kinds <= {"int", "bigint"}:
        return pa.int64()
    # A float holds integers exactly up to 2^53 only: a card number would lose its last digit.
    if kinds <= {"int", "float"}:
        return pa.float64()
    return pa.string()


@dataclass(slots=True)
class Misfits:
    """What did not fit a shape learnt from the first records only."""

    unfit: int = 0
    unseen: int = 0


def conform(value: Any, kind: pa.DataType, misfits: Misfits) -> Any:
    """Bring one parsed value into an Arrow type made by `arrow_type`."""
    if value is None:
        return None
    if pa.types.is_null(kind):
        misfits.unfit += 1
        return None
    if pa.types.is_string(kind):
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if pa.types.is_struct(kind):
        if not isinstance(value, dict):
            misfits.unfit += 1
            return None
        fields = {f.name: f.type for f in kind}
        if not value.keys() <= fields.keys():
            misfits.unseen += 1
        return {name: conform(value.get(name), below, misfits) for name, below in fields.items()}
    if pa.types.is_list(kind):
        if kind.value_field.name == "*" and isinstance(value, dict):
            return [_entry(key, v, kind.value_type, misfits) for key, v in value.items()]
        if isinstance(value, list):
            return [conform(child, kind.value_type, misfits) for child in value]
        misfits.unfit += 1
        return None
    return _scalar(value, kind, misfits)


def _entry(key: str, value: Any, kind: pa.DataType, misfits: Misfits) -> dict[str, Any]:
    names = [f.name for f in kind]
    if isinstance(value, dict) and names != [KEY, VALUE]:
        return {**conform(value, pa.struct(list(kind)[1:]), misfits), KEY: key}
    entry: dict[str, Any] = dict.fromkeys(names)
    entry[KEY] = key
    if VALUE in entry:
        entry[VALUE] = conform(value, kind.field(VALUE).type, misfits)
    elif value is not None:
        misfits.unfit += 1
    return entry


def _scalar(value: Any, kind: pa.DataType, misfits: Misfits) -> Any:
    if pa.types.is_boolean(kind) and isinstance(value, bool):
        return value
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if pa.types.is_floating(kind) and number and abs(value) <= _EXACT_FLOAT:
        return float(value)
    if pa.types.is_floating(kind) and isinstance(value, float):
        return value
    if pa.types.is_integer(kind) and number and isinstance(value, int) and abs(value) < _INT64:
        return value
    misfits.unfit += 1
    return None


def records_to_array(
    records: Sequence[Any],
    shape: Shape,
    *,
    max_depth: int = MAX_DEPTH,
    judge: Callable[[str], bool] | None = None,
) -> pa.Array:
    """Records as one Arrow array of the type that `shape` settles on."""
    settle(shape, judge)
    kind = arrow_type(shape, max_depth=max_depth)
    misfits = Misfits()
    return pa.array([conform(record, kind, misfits) for record in records], kind)


def parse(text: str | bytes) -> Any:
    """Parse JSON into values that UTF-8 can hold.

    Raises:
        ValueError: it is not JSON.
        RecursionError: it is nested deeper than Python goes.
    """
    return repaired(json.loads(text), text)


def repaired(value: Any, text: str | bytes) -> Any:
    r"""A parsed value without half characters; only `text` with `\ud…` can have some."""
    marks = (b"\\ud", b"\\uD") if isinstance(text, bytes) else ("\\ud", "\\uD")
    return without_surrogates(value) if any(mark in text for mark in marks) else value  # type: ignore[operator]


def without_surrogates(value: Any) -> Any:
    r"""Half characters (`"\ud83d"` is valid JSON) replaced, as UTF-8 cannot hold them."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [without_surrogates(child) for child in value]
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(child) for key, child in value.items()}
    return value


def is_plain(shape: Shape, depth: int = 0, max_depth: int = MAX_DEPTH) -> bool:
    """Whether Arrow converts such records by itself: nothing mixed, collapsed or too deep."""
    forms = bool(shape.kinds) + bool(shape.objects) + (shape.item is not None)
    if forms > 1 or shape.collapsed is not None:
        return False
    if shape.kinds:
        return shape.kinds in ({"bool"}, {"string"}, {"int"}, {"int", "bigint"}, {"float"})
    if depth >= max_depth and forms:
        return False
    below = [*shape.children.values(), *([shape.item] if shape.item is not None else [])]
    if shape.objects and not shape.children:
        return False
    return all(is_plain(child, depth + 1, max_depth) for child in below)
