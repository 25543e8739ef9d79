"""The cells of a release's files, column by column, with every value that a file holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as fresh
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sladd.gate.leaks.folding import texts
from sladd.gate.leaks.words import Places
from sladd.gate.places import Path as Place
from sladd.gate.places import places


@dataclass(frozen=True, slots=True)
class Made:
    """What the plan says of one column of the release.

    Attributes:
        table, column: names in the release.
        field: address of the column it was made from.
        kept: whether its own originals may stand in it.
        replaced: whether none of its own originals may, not even weak ones.
        hidden: whether it consists of pseudonyms, which are checked by alphabet and length.
        redacted: whether it is free text that was redacted, with a stated residual risk.
        remaining: category → the stated share of its mentions that redaction misses.
        mentions: how many pieces of text were redacted.
        decided: whether a rule of the release itself lets it out.
    """

    table: str
    column: str
    field: str = ""
    kept: bool = False
    replaced: bool = False
    hidden: bool = False
    redacted: bool = False
    remaining: Mapping[str, float] = fresh(default_factory=dict)
    mentions: int = 0
    decided: bool = False

    @property
    def address(self) -> str:
        """`table.column`."""
        return f"{self.table}.{self.column}" if self.column else self.table


@dataclass(frozen=True, slots=True)
class Values:
    """The distinct values of a column in one row group.

    Attributes:
        texts: shape (d,), strings; also those that no row has, where the file holds them.
        place: shape (cells,), index into `texts`.
        row: shape (cells,), row of each cell within the group.
        temporal: whether they are moments, in which no number or name can stand.
    """

    texts: pa.Array
    place: Places
    row: Places
    temporal: bool = False


def groups(path: Path, columns: list[str]) -> Iterator[pa.Table]:
    """The row groups of a file; strings keep the dictionaries of the file."""
    with pq.ParquetFile(path) as plain:
        schema = plain.schema_arrow
        strings = [f.name for f in schema if pa.types.is_string(f.type) and f.name in columns]
        wanted = [f.name for f in schema if f.name in columns]
    with pq.ParquetFile(path, read_dictionary=strings) as opened:
        for group in range(opened.num_row_groups):
            yield opened.read_row_group(group, columns=wanted)


def leaves(column: pa.ChunkedArray) -> Iterator[Values]:
    """The values of a column; those inside lists and structs each by themselves."""
    whole = column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column
    yield from (values for _, values in leaves_by_place(whole))


def leaves_by_place(column: pa.ChunkedArray) -> Iterator[tuple[Place, Values]]:
    """The values of a column of structs, lists or maps, with the place that they stand at."""
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    for at, leaf, rows in places(array, np.arange(len(array))):
        if not (pa.types.is_boolean(leaf.type) or pa.types.is_null(leaf.type)):
            yield at, _values(leaf, rows)


def _values(leaf: pa.Array, rows: Places) -> Values:
    encoded = _encoded(leaf)
    indices = encoded.indices
    given = np.flatnonzero(np.asarray(indices.is_valid()))
    place = np.asarray(indices.drop_null(), np.int64)
    temporal = bool(pa.types.is_temporal(leaf.type))
    return Values(texts(encoded.dictionary), place, rows[given], temporal)


def _encoded(array: pa.Array) -> pa.DictionaryArray:
    if pa.types.is_dictionary(array.type):
        return array
    try:
        return array.dictionary_encode()
    except pa.ArrowNotImplementedError:
        return texts(array).dictionary_encode()
