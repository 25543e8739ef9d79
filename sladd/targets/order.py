"""Putting rows in the order of their own values, in memory.

The order is total over all columns: strings and binary by bytes, NaN after every number, NULL
last. Rows that tie are equal in every column, so no order of the source can survive, and an
unstable sort is as good as a stable one.

How: every column becomes unsigned integers of the same order, as many columns as fit are packed
into one 64-bit word, and each further word is looked at only for rows that still tie. Measured
on 1M rows, two to five times faster than `pyarrow.compute.sort_indices` over several columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Words = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
_SIGN = np.uint64(1 << 63)
_PROBE = 65_536
_FIRST_BITS = 8  # 256 groups; numpy sorts up to 16 bits by radix, ten times faster than more


@dataclass(frozen=True, slots=True)
class _Key:
    """Unsigned integers in the order of a column's values."""

    words: Words
    bits: int
    exact: bool = True  # False: a prefix, ties need another look


def sort_rows(table: pa.Table, leading: Words | None = None) -> Rows:
    """Row numbers in output order.

    Args:
        table: one chunk a column; types as `columns.canonical_type` gives them, strings also as
            dictionaries. No nested types.
        leading: shape (rows,), sorted by before the first column (the bucket).
    """
    sorter = _Sorter(table.num_rows)
    if leading is not None:
        sorter.add(_rebase(leading))
    for column in table.columns:
        if sorter.done:
            break
        values = _single(column)
        if pa.types.is_dictionary(values.type) and sorter.settles(values.indices):
            continue
        rows = sorter.tied_rows
        few = len(rows) * 4 < table.num_rows
        if few:
            values = values.take(pa.array(rows))
        if values.null_count:
            nulls = _Key(np.asarray(values.is_null()).astype(np.uint64), 1)
            sorter.add(_spread(nulls, rows, table.num_rows) if few else nulls)
        for key in _keys(values):
            sorter.add(_spread(key, rows, table.num_rows) if few else key)
            if not key.exact:
                sorter.flush()
                sorter.add_whole(_single(column))
        sorter.begin()
    sorter.flush()
    return sorter.order


def has_words(kind: pa.DataType) -> bool:
    """Whether `first_words` knows the type."""
    t = pa.types
    kind = kind.value_type if t.is_dictionary(kind) else kind
    return not t.is_nested(kind) and not t.is_decimal(kind)


def first_words(values: pa.Array) -> Words:
    """A number for each value, never smaller for a value that is sorted behind.

    Args:
        values: shape (n,), of a type that `has_words`; what stands for NULL means nothing.
    """
    if pa.types.is_dictionary(values.type):
        values = values.dictionary.take(values.indices)
    if pa.types.is_string(values.type) or pa.types.is_binary(values.type):
        return _prefixes(values)
    return _integers(values)


def _single(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        return array.chunk(0) if array.num_chunks else pa.array([], column.type)
    return array


def _spread(key: _Key, rows: Rows, total: int) -> _Key:
    """A key that was made for some rows only, addressed by row number again."""
    words = np.zeros(total, dtype=np.uint64)
    words[rows] = key.words
    return _Key(words, key.bits, key.exact)


class _Sorter:
    """An order that is refined word by word until no rows tie."""

    def __init__(self, rows: int) -> None:
        self.order: Rows = np.arange(rows, dtype=np.int64)
        self._tied: Rows = self.order.copy()  # positions whose row ties with a neighbour
        self._group = np.zeros(rows, dtype=np.uint64)  # of each tied position, ascending
        self._group_bits = 0
        self._rows: Rows | None = self._tied  # of the tied positions, once asked for
        self._packed: Words | None = None  # by position in `_tied`
        self._bits = 0

    @property
    def done(self) -> bool:
        return not len(self._tied)

    @property
    def tied_rows(self) -> Rows:
        if self._rows is None:
            self._rows = self.order[self._tied]
        return self._rows

    def begin(self) -> None:
        """Sort by the first columns alone: others often say nothing new of the same person."""
        if not self._group_bits and self._bits >= _FIRST_BITS:
            self.flush()

    def settles(self, codes: pa.Array) -> bool:
        """Whether equal rows so far are equal in this column too: it cannot change the order.

        Args:
            codes: shape (rows,), equal only where values are; NULL is a value.
        """
        if not self._group_bits or self._packed is not None:
            return False
        numbers = np.asarray(codes.fill_null(-1))[self.tied_rows]
        same = self._group[1:] == self._group[:-1]
        return not np.any(same & (numbers[1:] != numbers[:-1]))

    def add(self, key: _Key) -> None:
        """Pack one more column; sort first when it does not fit into the word any more."""
        if self._packed is not None and self._group_bits + self._bits + key.bits > 64:
            self.flush()
        if key.bits == 0 or self.done:
            return
        words, bits = key.words[self.tied_rows], key.bits
        if not key.exact and self._group_bits + bits > 64:
            # A shorter prefix is a prefix too, and leaves room for the group.
            words, bits = words >> np.uint64(self._group_bits), bits - self._group_bits
        if self._packed is None:
            self._packed, self._bits = words, bits
        else:
            self._packed = (self._packed << np.uint64(bits)) | words
            self._bits += bits

    def add_whole(self, values: pa.Array) -> None:
        """Tell apart the rows that still tie by the whole of their strings."""
        if self.done:
            return
        tied = values.take(pa.array(self.tied_rows))
        ranks = np.asarray(pc.rank(tied, tiebreaker="dense")).astype(np.uint64)
        self._packed, self._bits = ranks, int(ranks.max()).bit_length()

    def flush(self) -> None:
        """Sort the tied rows by the packed word and see which of them still tie."""
        words, bits, group = self._packed, self._bits, self._group
        if words is None:
            return
        self._packed, self._bits = None, 0
        fits = self._group_bits + bits <= 64
        if fits:
            words = words | (group << np.uint64(bits))
            by = _order_of(words, self._group_bits + bits)
        else:
            by = np.lexsort((words, group))
        words = words[by]
        self.order[self._tied] = self.tied_rows[by]
        # A row ties when it equals its neighbour in this word and stood in the same group.
        same = words[1:] == words[:-1]
        if not fits:
            group = group[by]
            same &= group[1:] == group[:-1]
        ties = np.zeros(len(words), dtype=bool)
        ties[1:] |= same
        ties[:-1] |= same
        starts = np.ones(len(words), dtype=bool)
        starts[1:] = ~same
        self._tied, self._rows = self._tied[ties], None
        self._group = np.cumsum(starts[ties], dtype=np.uint64)
        self._group_bits = int(self._group[-1]).bit_length() if len(self._group) else 0


def _order_of(words: Words, bits: int) -> Rows:
    """Positions in ascending order of words of so many bits."""
    if bits <= 16:
        by: Rows = np.argsort(words.astype(np.uint16), kind="stable")
        return by
    room = len(words).bit_length()
    if bits + room > 64:
        return np.argsort(words)
    # With its position in the lower bits a word is sorted as a value, twice as fast.
    packed = (words << np.uint64(room)) | np.arange(len(words), dtype=np.uint64)
    packed.sort()
    return (packed & np.uint64((1 << room) - 1)).view(np.int64)


def _keys(values: pa.Array) -> Iterator[_Key]:
    """One key, or two for a decimal; NULL counts as 0 here, its own flag came before."""
    kind, t = values.type, pa.types
    if t.is_dictionary(kind):
        yield _ranks(values)
    elif t.is_string(kind) or t.is_binary(kind):
        probe = values.slice(0, _PROBE)
        if len(probe) and pc.count_distinct(probe, mode="all").as_py() * 2 < len(probe):
            yield _ranks(values.dictionary_encode())
        else:
            yield _Key(_prefixes(values), 64, exact=False)
    elif t.is_decimal(kind):
        halves = np.frombuffer(values.buffers()[1], dtype=np.uint64)
        halves = halves[2 * values.offset : 2 * (values.offset + len(values))].reshape(-1, 2)
        for half in (halves[:, 1] ^ _SIGN, halves[:, 0]):
            yield _rebase(_without_nulls(half.copy(), values))
    else:
        yield _rebase(_without_nulls(_integers(values), values))


def _integers(values: pa.Array) -> Words:
    kind, t = values.type, pa.types
    if t.is_boolean(kind):
        return np.asarray(values.fill_null(False)).astype(np.uint64)
    if t.is_floating(kind):
        floats = np.asarray(values.cast(pa.float64()).fill_null(0.0))
        floats = np.where(np.isnan(floats), np.float64("nan"), floats)
        raw = floats.view(np.uint64)
        negative = (raw & _SIGN) != 0
        # Bits of a negative number grow as it shrinks: all are turned; else only the sign is.
        turned: Words = np.where(negative & ~np.isnan(floats), ~raw, raw | _SIGN)
        return turned
    if t.is_date32(kind) or t.is_time32(kind):
        values = values.cast(pa.int32())
    elif t.is_timestamp(kind) or t.is_time64(kind):
        values = values.cast(pa.int64())
    numbers = np.asarray(values.fill_null(0))
    if numbers.dtype == np.uint64:
        return numbers.copy()
    return numbers.astype(np.int64).view(np.uint64) ^ _SIGN


def _without_nulls(words: Words, values: pa.Array) -> Words:
    if values.null_count:
        nulls = np.asarray(values.is_null())
        # The smallest value, not 0: it must not widen the range that gets packed.
        words[nulls] = words[~nulls].min() if not nulls.all() else 0
    return words


def _rebase(words: Words) -> _Key:
    if not len(words):
        return _Key(words, 0)
    low = words.min()
    return _Key(words - low, int(words.max() - low).bit_length())


def _ranks(values: pa.DictionaryArray) -> _Key:
    """Rank of each value among the dictionary's entries; equal entries share a rank."""
    entries = values.dictionary
    if not len(entries):
        return _Key(np.zeros(len(values), dtype=np.uint64), 0)
    order = sort_rows(pa.table([entries], names=["entry"]))
    ordered = entries.take(pa.array(order))
    steps = np.zeros(len(entries), dtype=np.uint64)
    steps[1:] = np.asarray(pc.not_equal(ordered[1:], ordered[:-1])).astype(np.uint64)
    ranks = np.empty(len(entries), dtype=np.uint64)
    ranks[order] = np.cumsum(steps, dtype=np.uint64)
    words = ranks[np.asarray(values.indices.fill_null(0)).astype(np.int64)]
    if values.indices.null_count:
        words[np.asarray(values.indices.is_null())] = 0
    return _Key(words, int(ranks.max()).bit_length())


def _prefixes(values: pa.Array) -> Words:
    """First eight bytes of each string as a big-endian number."""
    offsets = np.frombuffer(values.buffers()[1], dtype=np.int32)
    offsets = offsets[values.offset : values.offset + len(values) + 1].astype(np.int64)
    body = values.buffers()[2]
    data = np.frombuffer(body, dtype=np.uint8) if body is not None else np.zeros(0, np.uint8)
    # Eight bytes of padding, so that the last string has something to read behind it.
    data = np.concatenate([data[: offsets[-1]], np.zeros(8, np.uint8)])
    starts, lengths = offsets[:-1], np.diff(offsets)
    words = np.zeros(len(values), dtype=np.uint64)
    for place in range(8):
        byte = data[starts + place].astype(np.uint64)
        byte[lengths <= place] = 0
        words = (words << np.uint64(8)) | byte
    if values.null_count:
        words[np.asarray(values.is_null())] = 0
    return words
