"""Distinct strings by number, so that a value that comes again is known by it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sladd.gate.leaks.words import Places


class Numbered:
    """Distinct strings, each with a number in the order they came. Never printed or pickled."""

    def __init__(self) -> None:
        self._known: pa.Array | None = None
        self._last: tuple[pa.Array, Places] | None = None

    def __repr__(self) -> str:
        return f"<Numbered of {len(self)}>"

    def __len__(self) -> int:
        return len(self._known) if self._known is not None else 0

    def since(self, number: int) -> pa.Array:
        """Those that came as this number or later."""
        return self._known.slice(number) if self._known is not None else pa.array([], pa.string())

    def of(self, distinct: pa.Array) -> Places:
        """The number of each, new ones for those that were never asked for."""
        # Batches of one row group of a file share their dictionary.
        if self._last is not None and self._last[0].equals(distinct):
            return self._last[1]
        if self._known is None:
            self._known, numbers = distinct, np.arange(len(distinct))
        else:
            places = pc.index_in(distinct, value_set=self._known)
            numbers = places.fill_null(-1).to_numpy().astype(np.int64)
            fresh = numbers < 0
            if fresh.any():
                numbers[fresh] = np.arange(len(self), len(self) + int(fresh.sum()))
                self._known = pa.concat_arrays([self._known, distinct.filter(pa.array(fresh))])
        self._last = (distinct, numbers)
        return numbers
