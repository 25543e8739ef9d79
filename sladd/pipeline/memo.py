"""Values that were transformed before are not transformed again.

A customer stands in every batch of the orders. A transform that looks at one value at a time
and always says the same is asked once per distinct value, up to a bounded number of them.
"""

from __future__ import annotations

from collections.abc import Callable

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
        # A dictionary of a source may repeat an entry, or hold one that no row has.
        plain = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
        given = plain.dictionary_encode()
        if self._remembers is None:
            self._remembers = len(given.dictionary) <= DISTINCT_SHARE * len(values)
            if not self._remembers:
                return self._work(plain)
        made = self._all(given.dictionary)
        if not pa.types.is_string(made.type):
            self._remembers = False
            return made.take(given.indices)
        if made.null_count:  # what did not parse: no null may stand in a dictionary
            return made.take(given.indices).dictionary_encode()
        return pa.DictionaryArray.from_arrays(given.indices, made)

    def _all(self, distinct: pa.Array) -> pa.Array:
        if self._known is None or self._made is None:
            self._known, self._made = distinct, self._work(distinct)
            return self._made
        places = pc.index_in(distinct, value_set=self._known)
        fresh = distinct.filter(pc.is_null(places))
        if len(fresh):
            if len(self._known) + len(fresh) > LIMIT:
                return self._all_of(distinct)
            made = self._work(fresh)
            self._known = pa.concat_arrays([self._known, fresh])
            self._made = pa.concat_arrays([self._made, made])
            places = pc.index_in(distinct, value_set=self._known)
        return self._made.take(places)

    def _all_of(self, distinct: pa.Array) -> pa.Array:
        """Begin again with these values."""
        self._known, self._made = distinct, self._work(distinct)
        return self._made
