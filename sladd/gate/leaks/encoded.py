"""Columns as distinct texts and the place of each row among them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sladd.gate.leaks.folding import texts
from sladd.gate.leaks.seen import places
from sladd.gate.leaks.words import Places


class Encoded:
    """The columns of one batch as distinct texts, each made once."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch
        self._made: dict[str, pa.DictionaryArray] = {}

    def __getitem__(self, column: str) -> pa.DictionaryArray:
        if column not in self._made:
            self._made[column] = encode(self._batch.column(column))
        return self._made[column]


def encode(values: pa.Array) -> pa.DictionaryArray:
    """Distinct texts and the row's place among them; a dictionary keeps the entries it has."""
    if pa.types.is_integer(values.type):
        values = values.dictionary_encode()  # and spell each number once
    if not pa.types.is_dictionary(values.type):
        return texts(values).dictionary_encode()
    if values.dictionary.null_count:
        return texts(values).dictionary_encode()
    return pa.DictionaryArray.from_arrays(values.indices, texts(values.dictionary))


def flattened(values: pa.Array) -> tuple[pa.Array, Places | None]:
    """The elements of lists and the row of each; other columns as they are."""
    rows: Places | None = None
    while pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        parents = pc.list_parent_indices(values).to_numpy().astype(np.int64)
        rows = parents if rows is None else rows[parents]
        values = pc.list_flatten(values)
    return values, rows


def joined(one: pa.DictionaryArray, other: pa.DictionaryArray) -> pa.DictionaryArray:
    """The distinct pairs of two columns, a blank between them; null where one of them is."""
    size, width = len(one.dictionary), len(other.dictionary)
    left, right = places(one, size), places(other, width)
    given = (left < size) & (right < width)
    pair = pa.array(left * max(width, 1) + right, mask=~given).dictionary_encode()
    both = pair.dictionary.to_numpy()
    left, right = np.divmod(both, max(width, 1))
    spelt = [one.dictionary.take(pa.array(left)), other.dictionary.take(pa.array(right))]
    return pa.DictionaryArray.from_arrays(pair.indices, pc.binary_join_element_wise(*spelt, " "))
