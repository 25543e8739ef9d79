"""Keep a column of JSON as JSON, each place in it treated by the rule of its own field.

A place without a rule that lets it out is not in the output, nor is a key that is data unless
its own field (`*.$key`) leaves. A cell that is no JSON object or array becomes null, and so does
a value of another type than the scan saw at its place; both are counted as `unparsed`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from sladd.model import Needs, StorageType, TransformSpec
from transforms import arrays, json_tree
from transforms.contract import Beside, Context, Part, cannot_read

SPEC = TransformSpec(
    name="json_paths",
    accepts=(StorageType.JSON, StorageType.STRING),
    output=StorageType.STRING,
    iso20889="selective application of other techniques",
    summary="Keep a column of JSON as JSON; each place in it goes by the rule of its own field, "
    "and places that no rule lets out are left out.",
    nullable=True,
    by_parts=True,
)

_ROWS = 4_096  # documents held as objects at a time
Given = Mapping[Needs, Any]
"""What parts need beside their values: columns of the same rows, or whose rows they are."""


def apply(values: pa.Array, context: Context, given: Given | None = None) -> pa.Array:
    """JSON text of the same structure, shape (n,); null stays null.

    A place that needs the person is handed the person of the row that its document stands in,
    so all places of one document, and the columns beside it, move together.

    Args:
        values: shape (n,), texts.
        context: with the parts.
        given: what the parts need of their rows: `Sequence[Beside]` for `Needs.ROW`, tokens of
            shape (n,) for `Needs.PERSON`.

    Raises:
        TransformError: the values are no texts (SLADD-301).
    """
    flat = arrays.plain(values)
    if not (pa.types.is_string(flat.type) or pa.types.is_null(flat.type)):
        raise cannot_read(SPEC.name, flat.type)
    tree = json_tree.tree(part.path for part in context.parts)
    pieces = [
        _some(flat.slice(start, _ROWS), context, tree, _sliced(given or {}, start))
        for start in range(0, len(flat), _ROWS)
    ]
    return pa.concat_arrays(pieces) if pieces else pa.array([], pa.string())


def values_at(values: pa.Array, path: tuple[str, ...], storage: StorageType) -> pa.Array:
    """The values at one place of all documents, typed as `apply` hands them to a part.

    Args:
        values: shape (n,), texts of JSON; what is none has no values.
        path: of the place.
        storage: what the scan saw there.
    """
    # Values under keys that are data are taken together with the keys.
    keys = [
        (*path[:at], json_tree.ANY, json_tree.KEY) for at in range(len(path)) if path[at] == "*"
    ]
    paths = list(dict.fromkeys([path, *keys]))
    root = json_tree.tree(paths)
    taken = json_tree.Taken(len(paths))
    for text in arrays.plain(values).to_pylist():
        document = None if text is None else _parse(text)
        if document is not None:
            taken.take(document, root, 0)
    return json_tree.typed(taken.slots[0].values, storage)[0]


def _sliced(given: Given, start: int) -> Given:
    return {needs: _rows_of(what, lambda a: a.slice(start, _ROWS)) for needs, what in given.items()}


def _rows_of(
    what: Sequence[Beside] | pa.Array, choose: Callable[[pa.Array], pa.Array]
) -> Sequence[Beside] | pa.Array:
    if isinstance(what, pa.Array):
        return choose(what)
    return [Beside(beside.category, choose(beside.values)) for beside in what]


def _some(flat: pa.Array, context: Context, tree: json_tree.Node, given: Given) -> pa.Array:
    taken = json_tree.Taken(len(context.parts))
    documents: list[Any] = []
    for row, text in enumerate(flat.to_pylist()):
        document = None if text is None else _parse(text)
        if document is None and text is not None:
            context.counts["unparsed"] += 1
        documents.append(None if document is None else taken.take(document, tree, row))
    for part, slots in zip(context.parts, taken.slots, strict=True):
        if slots.values:
            slots.put_back(_treated(part, slots, context, given))
    context.counts["unparsed"] += taken.settle_keys()
    return pa.array([None if d is None else _ENCODER.encode(d) for d in documents], pa.string())


def _parse(text: str) -> dict[str, Any] | list[Any] | None:
    try:
        found = _DECODER.decode(text)
        if "\\ud" in text or "\\uD" in text:
            found = _whole(found)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _refuse(_: str) -> Any:
    """NaN and Infinity are no JSON (RFC 8259 §6)."""
    raise ValueError


_DECODER = json.JSONDecoder(parse_constant=_refuse)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _whole(value: Any) -> Any:
    r"""Half characters (`"\ud83d"` is valid JSON) replaced, as UTF-8 cannot hold them."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_whole(child) for child in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(child) for key, child in value.items()}
    return value


def _treated(part: Part, slots: json_tree.Slots, context: Context, given: Given) -> list[Any]:
    """What the part's own transform makes of its values, as JSON can hold it."""
    array, lost = json_tree.typed(slots.values, part.storage)
    context.counts["unparsed"] += lost
    if part.needs in given:
        rows = pa.array(slots.rows, pa.int64())
        own = _rows_of(given[part.needs], lambda a: a.take(rows))
        made = part.apply(array, own, counts=context.counts)
    else:
        made = part.apply(array, counts=context.counts)
    return [json_tree.plain(value) for value in made.to_pylist()]
