"""Keys of rows, compared as strings: two sources may store one key with different types."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

KeySets = dict[str, pa.Array]  # field address → keys that are left out, as strings


def texts(column: pa.Array) -> pa.Array:
    """Each key as it is spelt, shape (n,); nulls stay."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(pa.string())


def folded(column: pa.Array) -> pa.Array:
    """Texts as e-mail addresses are told apart: no case, no blanks around them."""
    return pc.utf8_lower(pc.utf8_trim_whitespace(column))


def strings(column: pa.Array) -> pa.Array:
    """The keys of a column as texts, without nulls."""
    return pc.drop_null(texts(column))


def among(column: pa.Array, keys: pa.Array) -> pa.Array:
    """Which rows of a column hold one of the keys, shape (n,); null is none."""
    return pc.is_in(texts(column), value_set=keys, skip_nulls=True)


def distinct(chunks: Sequence[pa.Array]) -> pa.Array:
    """Each key of all chunks once."""
    return pc.unique(pa.chunked_array(chunks, pa.string()).combine_chunks())


def union(former: pa.Array | None, added: pa.Array) -> pa.Array:
    """The keys of both, each once."""
    return added if former is None else distinct([former, added])
