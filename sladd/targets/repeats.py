"""Strings that repeat within a row group, as the dictionaries that Parquet writes.

Pseudonyms come as dictionaries, so nothing has to be spelt out and looked up again, row by row.
What a dictionary holds, and in which order, follows from the rows alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

MOST_BYTES = 1 << 20  # of a dictionary: Parquet C++'s own limit, above which it writes plain values
_LENGTH_BYTES = 4  # that Parquet puts before each value
_PROBE = 4096  # rows looked at to see whether equal ones are neighbours


def repeated(chunks: Sequence[pa.Array]) -> pa.DictionaryArray:
    """The values of a column of strings, each entry once, in the order in which they come.

    Args:
        chunks: of strings, or of dictionaries of them without NULL among the entries.
    """
    if not all(pa.types.is_dictionary(chunk.type) for chunk in chunks):
        whole = pa.concat_arrays([plain(chunk) for chunk in chunks])
        return whole.dictionary_encode()
    parts = [_by_appearance(chunk) for chunk in chunks]
    if len(parts) == 1:
        return parts[0]
    joined = pa.chunked_array(parts).unify_dictionaries().combine_chunks()
    if isinstance(joined, pa.ChunkedArray):
        joined = joined.chunk(0)
    return joined


def is_small(values: pa.DictionaryArray) -> bool:
    """Whether Parquet keeps a column with these entries as a dictionary."""
    entries = values.dictionary
    size = pc.sum(pc.binary_length(entries), min_count=0).as_py()
    return int(size) + _LENGTH_BYTES * len(entries) < MOST_BYTES


def plain(array: pa.Array) -> pa.Array:
    """The values, without a dictionary."""
    if pa.types.is_dictionary(array.type):
        return array.dictionary.take(array.indices)
    return array


def _by_appearance(values: pa.DictionaryArray) -> pa.DictionaryArray:
    size = len(values.dictionary)
    missing = values.indices.null_count > 0
    indices = values.indices.fill_null(size) if missing else values.indices
    places, lengths = _runs(np.asarray(indices))
    rows = len(places)
    first = np.full(size + 1, rows, np.int32)
    # The last one written is the first row.
    first[places[::-1]] = np.arange(rows - 1, -1, -1, dtype=np.int32)
    used = np.flatnonzero(first[:size] < rows)
    used = used[np.argsort(first[used])]
    moved = np.full(size + 1, -1, np.int32)
    moved[used] = np.arange(len(used), dtype=np.int32)
    # Two entries may be equal: two spellings of one address have the same pseudonym.
    entries = values.dictionary.take(pa.array(used)).dictionary_encode()
    codes = moved[places]
    if len(entries.dictionary) < len(used):
        known = np.append(np.asarray(entries.indices), np.int32(-1)).astype(np.int32)
        codes = known[codes]
    codes = codes if lengths is None else np.repeat(codes, lengths)
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, mask=codes < 0 if missing else None), entries.dictionary
    )


def _runs(
    places: npt.NDArray[np.int32],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64] | None]:
    """Equal neighbours as one, and how many each was; as they are where hardly any are equal.

    Rows in order have the columns of one person in runs.
    """
    probe = places[:_PROBE]
    if not len(probe) or 4 * np.count_nonzero(probe[1:] != probe[:-1]) > len(probe):
        return places, None
    begins = np.append(0, np.flatnonzero(places[1:] != places[:-1]) + 1)
    return places[begins], np.diff(begins, append=len(places))
