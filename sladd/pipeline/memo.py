"""Values that were transformed before are not transformed again.

A customer stands in every batch of the orders. A transform that looks at one value at a time
and always says the same is asked once per distinct value, up to a bounded number of them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LIMIT = 200_000  # distinct values held for one column: some 20 MB
DISTINCT_SHARE = 0.5  # of a batch, above which remembering costs more than it saves
_KINDS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer)


class Memo:
    """Remembers inputs and outputs of one column. Holds values: never printed or pickled."""

    def __init__(self, work: Callable[[pa.Array], pa.Array]) -> None:
        self._work = work
        self._known: pa.Array | None = None
        self._made: pa.Array | None = None
        self._last: tuple[pa.Array, pa.Array] | None = None
        # Decided by the first batch with rows: every batch of a column leaves with one type.
        self._remembers: bool | None = None

    def __repr__(self) -> str:
        return "<Memo>"

    def __call__(self, values: pa.Array) -> pa.Array:
        """The transformed values, shape (n,); a dictionary of strings where values repeat."""
        if self._remembers is False or len(values) == 0:
            return self._work(values)
        kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
        if not any(test(kind) for test in _KINDS):
            self._remembers = False
            return self._work(values)
        given = used_alone(values)
        if self._remembers is None:
            self._remembers = len(given.dictionary) <= DISTINCT_SHARE * len(values)
            if not self._remembers:
                return self._work(values)
        made = self._all(given.dictionary)
        if not pa.types.is_string(made.type):
            self._remembers = False
            return made.take(given.indices)
        if made.null_count:  # what did not parse: no null may stand in a dictionary
            return made.take(given.indices).dictionary_encode()
        return pa.DictionaryArray.from_arrays(given.indices, made)

    def _all(self, distinct: pa.Array) -> pa.Array:
        # Batches of one row group of a file share their dictionary.
        if self._last is None or not self._last[0].equals(distinct):
            self._last = (distinct, self._looked_up(distinct))
        return self._last[1]

    def _looked_up(self, distinct: pa.Array) -> pa.Array:
        if self._known is None or self._made is None:
            self._known, self._made = distinct, self._work(distinct)
            return self._made
        places = pc.index_in(distinct, value_set=self._known)
        fresh = distinct.filter(pc.is_null(places))
        if len(fresh):
            if len(self._known) + len(fresh) > LIMIT:
                return self._all_of(distinct)
            made = self._work(fresh)
            # Each fresh value stands behind the known ones, in the order it came.
            behind = pc.cumulative_sum(pc.is_null(places).cast(pa.int32()))
            behind = pc.add(behind, pa.scalar(len(self._known) - 1, pa.int32()))
            places = pc.coalesce(places, behind)
            self._known = pa.concat_arrays([self._known, fresh])
            self._made = pa.concat_arrays([self._made, made])
        return self._made.take(places)

    def _all_of(self, distinct: pa.Array) -> pa.Array:
        """Begin again with these values."""
        self._known, self._made = distinct, self._work(distinct)
        return self._made


def used_alone(values: pa.Array) -> pa.DictionaryArray:
    """A column as a dictionary of nothing but the values that its rows have.

    A dictionary of a source, or of rows that were filtered, also holds others: nothing of
    those may be counted, refused or written.
    """
    if not pa.types.is_dictionary(values.type):
        return values.dictionary_encode()
    entries, indices = values.dictionary, values.indices
    if entries.null_count:
        return values.dictionary_decode().dictionary_encode()
    places = indices.drop_null().to_numpy(zero_copy_only=False)
    used = np.bincount(places, minlength=len(entries)) > 0
    if used.all():
        return values
    moved = pa.array(np.cumsum(used, dtype=np.int32) - 1)
    kept = entries.filter(pa.array(used))
    return pa.DictionaryArray.from_arrays(moved.take(indices), kept)
