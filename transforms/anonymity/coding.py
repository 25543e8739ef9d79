"""Columns as small integers: a code per distinct value, a class per code and level."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import PlanError
from transforms import arrays
from transforms.anonymity.precision import lost_precision
from transforms.hierarchies import Hierarchy

Codes = npt.NDArray[np.unsignedinteger]
STAR = "*"
"""The class of everything: what a column that is left out whole reads."""


@dataclass(frozen=True)
class Coded:
    """The values of a column as codes; null is a value.

    Attributes:
        codes: shape (rows,), places in `values`.
        values: shape (distinct,), ascending, null last.
        counts: shape (distinct,), rows of each.
    """

    codes: Codes
    values: pa.Array
    counts: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """A quasi-identifier with its hierarchy, as integers.

    Attributes:
        name: of the column.
        coded: its values.
        numbers: of the levels in its hierarchy; one past the last is `*`.
        labels: names of the levels.
        classes: shape (distinct,) for each level: the class of every value.
        texts: shape (classes,) for each level: what a class reads.
        lost: shape (classes,) for each level: 0 for a value that is kept, 1 for one that could
            be any.
    """

    name: str
    coded: Coded
    numbers: tuple[int, ...]
    labels: tuple[str, ...]
    classes: tuple[npt.NDArray[np.int64], ...]
    texts: tuple[pa.Array, ...]
    lost: tuple[npt.NDArray[np.float64], ...]
    _between: dict[tuple[int, int], npt.NDArray[np.int64]] = field(default_factory=dict, repr=False)

    def size(self, level: int) -> int:
        """How many classes a level has."""
        return len(self.texts[level])

    def between(self, fine: int, coarse: int) -> npt.NDArray[np.int64]:
        """Shape (classes of `fine`,): the class at `coarse` of each class at `fine`."""
        found = self._between.get((fine, coarse))
        if found is None:
            found = np.empty(self.size(fine), np.int64)
            found[self.classes[fine]] = self.classes[coarse]
            self._between[fine, coarse] = found
        return found

    def mean_lost(self, level: int) -> float:
        """The mean over all rows of what a level loses."""
        rows = int(self.coded.counts.sum())
        return float(self.coded.counts @ self.lost[level][self.classes[level]]) / rows


def coded(values: pa.ChunkedArray | pa.Array) -> Coded:
    """Codes of a column, the same whatever the order of its rows.

    Args:
        values: shape (rows,), of a type that can be sorted.
    """
    encoded = _encoded(values)
    order = pc.array_sort_indices(encoded.dictionary)
    distinct = encoded.dictionary.take(order)
    size = len(distinct)
    rank = np.full(size + 1, size, np.int64)
    rank[order.to_numpy()] = np.arange(size)
    places = encoded.indices.fill_null(size).to_numpy()
    codes = rank.astype(_smallest(size + 1))[places]
    counts = np.bincount(codes, minlength=size + 1)
    kept = counts > 0  # a dictionary may hold values of rows that were filtered away
    if not kept[:size].all():
        codes = (np.cumsum(kept) - 1).astype(codes.dtype)[codes]
        distinct = distinct.filter(pa.array(kept[:size]))
    if kept[size]:
        distinct = pa.concat_arrays([distinct, pa.nulls(1, distinct.type)])
    return Coded(codes, distinct, counts[kept])


def column(name: str, values: pa.ChunkedArray | pa.Array, hierarchy: Hierarchy | None) -> Column:
    """A quasi-identifier with every level of its hierarchy that joins anything.

    What a hierarchy does not know at one level it does not know at any coarser one.

    Raises:
        PlanError: two values of one class lie in two classes of a coarser level (SLADD-351).
    """
    found = coded(values)
    size = len(found.values)
    numbers, labels = [0], [hierarchy.levels[0] if hierarchy else "value"]
    classes, texts = [np.arange(size)], [found.values]
    for level, label in enumerate(hierarchy.levels if hierarchy else ()):
        if level == 0 or hierarchy is None:
            continue
        made, names = _level(name, hierarchy, level, found.values, (classes[-1], texts[-1]))
        if len(names) == len(texts[-1]):
            continue  # it joins nothing that the finer level tells apart
        numbers.append(level)
        labels.append(label)
        classes.append(made)
        texts.append(names)
    if len(texts[-1]) > 1:
        numbers.append(len(hierarchy.levels) if hierarchy else 1)
        labels.append(STAR)
        classes.append(np.zeros(size, np.int64))
        texts.append(pa.array([STAR]))
    lost = [lost_precision(found.values, each) for each in classes]
    return Column(
        name, found, tuple(numbers), tuple(labels), tuple(classes), tuple(texts), tuple(lost)
    )


def _level(
    name: str,
    hierarchy: Hierarchy,
    level: int,
    values: pa.Array,
    finer: tuple[npt.NDArray[np.int64], pa.Array],
) -> tuple[npt.NDArray[np.int64], pa.Array]:
    made = arrays.plain(hierarchy.generalise(values, level))
    below, names = finer
    unknown = names.is_null().to_numpy(zero_copy_only=False)[below]
    if unknown.any():
        made = pc.if_else(pa.array(unknown), pa.scalar(None, made.type), made)
    result = coded(made)
    classes = result.codes.astype(np.int64)
    above = np.empty(len(names), np.int64)
    above[below] = classes
    torn = int((above[below] != classes).sum())
    if torn:
        raise PlanError(
            f"the hierarchy '{hierarchy.name}' is not nested: {torn} values of one class lie in "
            f"two classes of level {level}",
            code=351,
            where=name,
            mend="every class has one class above it",
        )
    return classes, result.values


def _encoded(values: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    if isinstance(values, pa.ChunkedArray):
        if pa.types.is_dictionary(values.type):
            values = values.unify_dictionaries()
        values = values.combine_chunks()
    if isinstance(values, pa.ChunkedArray):  # Arrow gives chunks back where there are none
        values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], values.type)
    if not pa.types.is_dictionary(values.type):
        return arrays.plain(values).dictionary_encode()
    inner = arrays.plain(values.dictionary).dictionary_encode()
    indices = inner.indices.take(values.indices)
    return pa.DictionaryArray.from_arrays(indices, inner.dictionary)


def _smallest(size: int) -> type[np.unsignedinteger]:
    for kind in (np.uint8, np.uint16):
        if size <= np.iinfo(kind).max:
            return kind
    return np.uint32
