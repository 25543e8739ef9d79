"""Flat columns put together again: structs, lists and maps in the shape that their file had.

The source hands nested values over as flat columns with a path, each of which is transformed like
any other; here they become one column. What was left out is not in it. `user.$there` says where
an object itself is not NULL, so that NULL, an object of NULLs and an empty list stay three things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import FieldPlan
from sladd.sources.json_shape import KEY
from sladd.sources.nested import THERE, column_name

ITEM, ANY = "[]", "*"


@dataclass(slots=True)
class Place:
    """A place in a nested column: a leaf has the name of its flat column."""

    path: tuple[str, ...] = ()
    leaf: str = ""
    below: dict[str, Place] = field(default_factory=dict)

    def leaves(self) -> Iterator[Place]:
        """The leaves at and below it."""
        if self.leaf:
            yield self
        for child in self.below.values():
            yield from child.leaves()

    def objects(self) -> Iterator[Place]:
        """The objects at and below it."""
        if any(step not in {ITEM, ANY, KEY} for step in self.below):
            yield self
        for child in self.below.values():
            yield from child.objects()


@dataclass(frozen=True, slots=True)
class Nested:
    """One column of a release that flat columns become.

    Attributes:
        name: in the release.
        root: its places.
        there: path of an object → column of the source that says where it is not NULL.
    """

    name: str
    root: Place
    there: Mapping[tuple[str, ...], str]


def nested_columns(fields: Sequence[FieldPlan], known: frozenset[str]) -> tuple[Nested, ...]:
    """The nested columns of a table, in the order of their first places.

    Args:
        fields: of the plan.
        known: names of the source's columns, which no other column may have.
    """
    groups: dict[str, list[FieldPlan]] = {}
    for planned in fields:
        if planned.output and planned.within:
            groups.setdefault(planned.within, []).append(planned)
    found = []
    for name, group in groups.items():
        root = Place()
        for planned in group:
            place = root
            for step in planned.field.path:
                place = place.below.setdefault(step, Place((*place.path, step)))
            place.leaf = planned.output
        there = {
            place.path: asked
            for place in root.objects()
            if (asked := column_name(group[0].field.column, (*place.path, THERE))) not in known
        }
        found.append(Nested(name, root, there))
    return tuple(found)


def nest(
    made: pa.RecordBatch,
    read: pa.RecordBatch,
    nested: Sequence[Nested],
    counts: Counter[str] | None = None,
) -> pa.RecordBatch:
    """The columns of a release, nested ones in the stead of their flat places.

    Args:
        made: shape (n, flat columns), as transforms left them.
        read: shape (n, columns of the source), with those that say where objects are.
        nested: from `nested_columns`.
        counts: `COLUMN: unparsed` grows by entries of maps whose key became NULL or another's.
    """
    lost = Counter[str]() if counts is None else counts
    holder = {leaf.leaf: one for one in nested for leaf in one.root.leaves()}
    columns: dict[str, pa.Array] = {}
    for name in made.schema.names:
        one = holder.get(name)
        if one is None:
            columns[name] = made.column(name)
        elif one.name not in columns:
            flat = {leaf.path: made.column(leaf.leaf) for leaf in one.root.leaves()}
            flat |= {(*path, THERE): read.column(asked) for path, asked in one.there.items()}
            columns[one.name] = _Builder(one.name, lost).build(one.root, flat, made.num_rows)
    return pa.RecordBatch.from_arrays([*columns.values()], names=[*columns])


def type_at(kind: pa.DataType, path: Sequence[str]) -> pa.DataType:
    """The type of the values at a place of a nested column.

    Args:
        kind: of the column.
        path: of the place.
    """
    for number, step in enumerate(path):
        if step == ITEM:
            kind = kind.value_type
        elif step == ANY:
            kind = kind.key_type if path[number + 1 :] == (KEY,) else kind.item_type
        elif step != KEY:
            kind = kind.field(step).type
    return kind


Flat = Mapping[tuple[str, ...], pa.Array]


@dataclass(frozen=True, slots=True)
class _Builder:
    name: str
    counts: Counter[str]

    def build(self, place: Place, flat: Flat, rows: int) -> pa.Array:
        """What stands at a place, shape (rows,); `flat` are the columns at and below it."""
        if place.leaf:
            return _plain(flat[place.path])
        if ITEM in place.below:
            offsets, inner, missing = _opened(flat)
            made = self.build(place.below[ITEM], inner, int(offsets[-1].as_py()))
            return pa.ListArray.from_arrays(offsets, made, mask=missing)
        if ANY in place.below:
            return self._map(place.below[ANY], flat)
        children = {
            step: self.build(child, _below(flat, child.path), rows)
            for step, child in place.below.items()
        }
        there = flat.get((*place.path, THERE))
        if there is None:
            valid = _any([child.is_valid() for child in children.values()])
        else:
            valid = pc.fill_null(there, fill_value=False)
        return pa.StructArray.from_arrays(
            [*children.values()], names=[*children], mask=pc.invert(valid)
        )

    def _map(self, entry: Place, flat: Flat) -> pa.Array:
        offsets, inner, missing = _opened(flat)
        entries = int(offsets[-1].as_py())
        keys = _plain(inner[(*entry.path, KEY)])
        if not pa.types.is_string(keys.type):
            keys = keys.cast(pa.string())
        value = Place(
            entry.path, entry.leaf, {s: child for s, child in entry.below.items() if s != KEY}
        )
        rest = {path: array for path, array in inner.items() if path != (*entry.path, KEY)}
        items = (
            self.build(value, rest, entries)
            if value.leaf or value.below
            else pa.nulls(entries, pa.bool_())
        )
        keep = _first_of_each(offsets, keys)
        if keep is not None:
            self.counts[f"{self.name}: unparsed"] += entries - len(keep)
            lengths = _lengths_kept(offsets, keep)
            offsets, keys, items = _offsets(lengths), keys.take(keep), items.take(keep)
        return pa.MapArray.from_arrays(offsets, keys, items, mask=missing)


def _plain(array: pa.Array) -> pa.Array:
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _below(flat: Flat, path: tuple[str, ...]) -> Flat:
    return {p: array for p, array in flat.items() if p[: len(path)] == path}


def _any(masks: Sequence[pa.Array]) -> pa.Array:
    found = masks[0]
    for mask in masks[1:]:
        found = pc.or_(found, mask)
    return found


def _offsets(lengths: pa.Array) -> pa.Array:
    ends = pc.cumulative_sum(lengths.cast(pa.int32()))
    return pa.concat_arrays([pa.array([0], pa.int32()), ends])


def _opened(flat: Flat) -> tuple[pa.Array, Flat, pa.Array]:
    """Lists of one place opened: where each begins, the values one level down, and NULL lists.

    All columns of a list have lists of the same lengths, but for those that a file of the dataset
    does not have: these are NULL throughout, and so are their values.
    """
    lengths = {
        path: pc.fill_null(pc.list_value_length(array), 0).cast(pa.int32())
        for path, array in flat.items()
    }
    longest = pc.max_element_wise(*lengths.values())
    valid = _any([array.is_valid() for array in flat.values()])
    offsets = _offsets(longest)
    inner = {}
    for path, array in flat.items():
        values = array.flatten()
        if not lengths[path].equals(longest):
            values = _spread(values, lengths[path], longest)
        inner[path] = values
    return offsets, inner, pc.invert(valid)


def _spread(values: pa.Array, lengths: pa.Array, longest: pa.Array) -> pa.Array:
    """Values of lists that are empty where others are not, with NULL in their places."""
    whole = pc.equal(lengths, longest)
    mine = values.filter(whole.take(_parents(lengths)))
    here = whole.take(_parents(longest))
    counted = pc.cumulative_sum(here.cast(pa.int64()))
    return mine.take(pc.if_else(here, pc.subtract(counted, 1), None))


def _parents(lengths: pa.Array) -> pa.Array:
    """Which list each value of lists of these lengths stands in."""
    offsets = _offsets(lengths)
    values = pa.nulls(int(offsets[-1].as_py()))
    return pc.list_parent_indices(pa.ListArray.from_arrays(offsets, values))


def _first_of_each(offsets: pa.Array, keys: pa.Array) -> pa.Array | None:
    """Entries of maps that may stay: the first with each key; None for all of them."""
    parents = pc.list_parent_indices(pa.ListArray.from_arrays(offsets, keys))
    table = pa.table(
        {"map": parents, "key": keys, "entry": pa.array(range(len(keys)), pa.int64())}
    ).filter(pc.is_valid(keys))
    first = table.group_by(["map", "key"]).aggregate([("entry", "min")])
    if first.num_rows == len(keys):
        return None
    return pc.take(first["entry_min"], pc.sort_indices(first["entry_min"])).combine_chunks()


def _lengths_kept(offsets: pa.Array, keep: pa.Array) -> pa.Array:
    starts = offsets.to_numpy()
    at = keep.to_numpy()
    counts = at.searchsorted(starts[1:]) - at.searchsorted(starts[:-1])
    return pa.array(counts, pa.int32())
