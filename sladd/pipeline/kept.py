"""Values that leave as they are."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pyarrow as pa

from sladd.pipeline.memo import DISTINCT_SHARE
from sladd.targets.columns import used_alone


class Kept:
    """Lets a column through; texts that repeat leave as a dictionary, which is put in order faster.

    Threads that work partitions of one table share it.
    """

    def __init__(self, keep: Callable[[pa.Array], pa.Array]) -> None:
        self._keep = keep
        # Decided by the first batch with rows: every batch of a column leaves with one type.
        self._repeats: bool | None = None
        self._deciding = threading.Lock()

    def __call__(self, values: pa.Array) -> pa.Array:
        """The values, shape (n,), without what stood in a dictionary for rows left out."""
        if pa.types.is_dictionary(values.type):
            return used_alone(values)
        made = self._keep(values)
        if not pa.types.is_string(made.type) or not len(made) or self._repeats is False:
            return made
        encoded = made.dictionary_encode()
        with self._deciding:
            if self._repeats is None:
                self._repeats = len(encoded.dictionary) <= DISTINCT_SHARE * len(made)
            return encoded if self._repeats else made
