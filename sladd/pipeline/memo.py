"""Values that were transformed before are not transformed again.

A customer stands in every batch of the orders. A transform that looks at one value at a time
and always says the same is asked once per distinct value, up to a bounded number of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sladd.targets.columns import used_alone

LIMIT = 200_000  # distinct values held for one column: some 20 MB
_SPARE = 2  # entries of a dictionary for each that a batch uses, at most
DISTINCT_SHARE = 0.5  # of a batch, above which remembering costs more than it saves
_KINDS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer)


class Memo:
    """Remembers inputs and outputs of one column. Holds values: never printed or pickled.

    Threads that work partitions of one table share it. What is remembered is replaced as a
    whole and never changed: a thread that reads it keeps inputs and outputs that belong
    together, and transforms without waiting for the others.
    """

    def __init__(self, work: Callable[[pa.Array], pa.Array]) -> None:
        self._work = work
        self._remembered: tuple[pa.Array, pa.Array] | None = None  # inputs, outputs
        self._last: tuple[pa.Array, tuple[pa.Array, pa.Array]] | None = None
        # Decided by the first batch with rows: every batch of a column leaves with one type.
        self._remembers: bool | None = None
        self._deciding = threading.Lock()

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
        with self._deciding:
            if self._remembers is None:
                self._remembers = len(given.dictionary) <= DISTINCT_SHARE * len(values)
            remembers = self._remembers
        if not remembers:
            return self._work(values)
        places, outputs = self._all(given.dictionary)
        if not pa.types.is_string(outputs.type):
            self._remembers = False
            return outputs.take(places).take(given.indices)
        if not outputs.null_count and len(outputs) <= _SPARE * len(places):
            # Batches share one dictionary, which then is written and compared once.
            return pa.DictionaryArray.from_arrays(places.take(given.indices), outputs)
        made = outputs.take(places)
        if made.null_count:  # what did not parse: no null may stand in a dictionary
            return made.take(given.indices).dictionary_encode()
        return pa.DictionaryArray.from_arrays(given.indices, made)

    def _all(self, distinct: pa.Array) -> tuple[pa.Array, pa.Array]:
        """Where the output of each distinct value stands, and the outputs."""
        # Batches of one row group of a file share their dictionary.
        last = self._last
        if last is None or not last[0].equals(distinct):
            last = self._last = (distinct, self._looked_up(distinct))
        return last[1]

    def _looked_up(self, distinct: pa.Array) -> tuple[pa.Array, pa.Array]:
        remembered = self._remembered
        if remembered is None:
            return self._begun_with(distinct)
        known, made = remembered
        places = pc.index_in(distinct, value_set=known)
        if places.null_count:
            fresh = distinct.filter(pc.is_null(places))
            if len(known) + len(fresh) > LIMIT:
                return self._begun_with(distinct)
            # Each fresh value stands behind the known ones, in the order it came.
            behind = pc.cumulative_sum(pc.is_null(places).cast(pa.int32()))
            behind = pc.add(behind, pa.scalar(len(known) - 1, pa.int32()))
            places = pc.coalesce(places, behind)
            made = pa.concat_arrays([made, self._work(fresh)])
            # What another thread has added meanwhile is forgotten: asked again, never wrong.
            self._remembered = (pa.concat_arrays([known, fresh]), made)
        return places, made

    def _begun_with(self, distinct: pa.Array) -> tuple[pa.Array, pa.Array]:
        made = self._work(distinct)
        self._remembered = (distinct, made)
        return pa.array(np.arange(len(distinct), dtype=np.int32)), made
