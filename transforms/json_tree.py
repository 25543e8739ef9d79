"""Places in JSON documents: take their values out, and put others in.

Paths are those of a `FieldRef`: keys, `[]` for the elements of an array, `*` for the values of
an object whose keys are data, and `$key` after it for these keys.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sladd.model import StorageType

ITEM, ANY, KEY = "[]", "*", "$key"
_RESERVED = frozenset({ITEM, ANY, KEY})
_INT64 = 1 << 63
_ARROW = {
    StorageType.BOOLEAN: pa.bool_(),
    StorageType.INTEGER: pa.int64(),
    StorageType.FLOAT: pa.float64(),
}


@dataclass(slots=True)
class Node:
    """A place: what is below it, and which of the paths ends here."""

    part: int | None = None
    below: dict[str, Node] = field(default_factory=dict)
    names: bool = False  # whether a key leads further

    def to(self, step: str) -> Node:
        """The place one step below, made where there is none."""
        self.names = self.names or step != ITEM
        return self.below.setdefault(step, Node())


def tree(paths: Iterable[Sequence[str]]) -> Node:
    """The places that paths lead to, numbered in their order."""
    root = Node()
    for number, path in enumerate(paths):
        node = root
        for step in path:
            node = node.to(step)
        node.part = number
    return root


@dataclass(slots=True)
class Slots:
    """All values of one path. Holds values: never printed."""

    values: list[Any] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    places: list[tuple[Any, Any]] = field(default_factory=list)  # container and key or index

    def __repr__(self) -> str:
        return f"<Slots of {len(self.values)} values>"

    def add(self, value: Any, row: int, container: Any, at: Any) -> None:
        """Remember a value of a row, and where another goes in its stead."""
        self.values.append(value)
        self.rows.append(row)
        self.places.append((container, at))

    def put_back(self, made: Sequence[Any]) -> None:
        """Put others in, in the order in which the values were added."""
        for (container, at), value in zip(self.places, made, strict=True):
            container[at] = value


class Taken:
    """New documents in the making, and the values taken for them. Holds values."""

    def __init__(self, parts: int) -> None:
        self.slots = [Slots() for _ in range(parts)]
        # An object whose keys are data: the new object, its keys and its values.
        self._keyed: list[tuple[dict[str, Any], list[Any], list[Any]]] = []

    def __repr__(self) -> str:
        return f"<Taken from {len(self.slots)} places>"

    def take(self, document: Any, root: Node, row: int) -> Any:
        """The structure of a document without values; they wait in `slots`.

        Args:
            document: an object or array.
            root: of the places that come along.
            row: the document's.
        """
        holder: list[Any] = [None]
        if not self._put(document, root, row, holder, 0):
            return [] if isinstance(document, list) else {}
        return holder[0]

    def settle_keys(self) -> int:
        """Name the values of objects whose keys are data by their new keys.

        Returns:
            How many values had to go: two keys became one, or a key became null.
        """
        lost = 0
        for target, keys, values in self._keyed:
            for key, value in zip(keys, values, strict=True):
                name = None if key is None else str(key)
                if name is None or name in target:
                    lost += 1
                else:
                    target[name] = value
        return lost

    def _put(self, value: Any, node: Node, row: int, container: Any, at: Any) -> bool:
        """Put the new value at its place; False when nothing of it comes along."""
        kind = type(value)  # exactly: they come from the parser
        if kind is dict and node.names:
            container[at] = self._object(value, node, row)
        elif kind is list and ITEM in node.below:
            made: list[Any] = [None] * len(value)
            for index, child in enumerate(value):
                self._put(child, node.below[ITEM], row, made, index)
            container[at] = made
        elif value is None:
            container[at] = None
        elif node.part is not None:
            container[at] = None
            self.slots[node.part].add(value, row, container, at)
        else:
            return False
        return True

    def _object(self, value: dict[str, Any], node: Node, row: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        any_ = node.below.get(ANY)
        names = any_.below.get(KEY) if any_ is not None else None
        inside = None if any_ is None else _without_key(any_)
        keys: list[Any] = []
        values: list[Any] = []
        for key, child in value.items():
            below = node.below.get(key) if key not in _RESERVED else None
            if below is not None:
                self._put(child, below, row, made, key)
            elif inside is not None and names is not None and names.part is not None:
                keys.append(None)
                values.append(None)
                self.slots[names.part].add(key, row, keys, len(keys) - 1)
                self._put(child, inside, row, values, len(values) - 1)
        if keys:
            self._keyed.append((made, keys, values))
        return made


def _without_key(node: Node) -> Node:
    below = {step: child for step, child in node.below.items() if step != KEY}
    return Node(node.part, below, names=bool(below.keys() - {ITEM}))


def typed(values: Sequence[Any], storage: StorageType) -> tuple[pa.Array, int]:
    """Values as the scan's type has them, and how many are of another type and so null.

    Text takes everything, as discovery does: what is no text is written as JSON.
    """
    kind = _ARROW.get(storage)
    if kind is None:
        return pa.array([v if isinstance(v, str) else _json(v) for v in values], pa.string()), 0
    kept = [v if _fits(v, storage) else None for v in values]
    if storage is StorageType.FLOAT:
        kept = [None if v is None else float(v) for v in kept]
    return pa.array(kept, kind), sum(v is None for v in kept)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _fits(value: Any, storage: StorageType) -> bool:
    if storage is StorageType.BOOLEAN:
        return isinstance(value, bool)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if storage is StorageType.INTEGER:
        return isinstance(value, int) and abs(value) < _INT64
    return abs(value) < _INT64 if isinstance(value, int) else math.isfinite(value)


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
