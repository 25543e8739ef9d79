"""Postcodes told by the place of the register that stands beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from detectors.columns.gazetteer import key as name_key
from detectors.columns.gazetteer import postcodes
from detectors.columns.judgement import Judged
from sladd.model import StorageType

_POSTCODE = "user.contact.address.postal_code"
_CITY = "user.contact.address.city"
_SURE = 0.9  # columns that need no more support


def add_places(columns: Sequence[Judged], data: Mapping[str, pa.Array | pa.ChunkedArray]) -> None:
    """Four digits are postcodes where the place of the register stands beside them.

    Half of all four-digit numbers are postcodes, 2024 among them; a place in the same row is
    what tells.

    Args:
        columns: the judged ones.
        data: their values by `str(ref)`, row by row.
    """
    codes = [
        (judged, candidate)
        for judged in columns
        for candidate in judged.candidates
        if candidate.category == _POSTCODE and candidate.type
    ]
    towns = [
        judged
        for judged in columns
        if judged.profile.type is StorageType.STRING
        and any(c.category == _CITY for c in judged.candidates)
    ]
    for judged, candidate in codes:
        for town in towns:
            if not candidate.barred and max(c.confidence for c in town.candidates) > _SURE:
                continue
            if not {str(judged.field.ref), str(town.field.ref)} <= set(data):
                continue
            left, right = (rows_of(data[str(each.field.ref)]) for each in (judged, town))
            if len(left) != len(right):
                continue
            share, pairs = _agreement(left, right)
            if pairs >= 3 and share >= 0.5:
                candidate.barred = False
                facts = {"agree": round(share, 3), "pairs": pairs}
                candidate.add("neighbour", 3.0, **facts)
                for beside in town.candidates:
                    if beside.category == _CITY:
                        beside.add("neighbour", 3.0, **facts)
                break


def _agreement(codes: pa.Array, towns: pa.Array) -> tuple[float, int]:
    """Share 0-1 of the distinct pairs that the register knows, and how many there were."""
    register = postcodes()
    pairs = pa.table({"code": codes.cast(pa.string()), "town": towns.cast(pa.string())})
    grouped = pairs.group_by(["code", "town"]).aggregate([]).drop_null()
    if grouped.num_rows == 0:
        return 0.0, 0
    padded = pc.utf8_lpad(pc.utf8_trim_whitespace(grouped["code"]), 4, "0")
    towns_of = pc.index_in(padded, value_set=pa.array(register, pa.string()))
    expected = pa.array(_places(), pa.string()).take(towns_of.combine_chunks())
    towns = pc.utf8_trim_whitespace(grouped["town"]).combine_chunks().dictionary_encode()
    plain = pa.array([name_key(town) for town in towns.dictionary.to_pylist()], pa.string())
    known = pc.fill_null(pc.equal(expected, plain.take(towns.indices)), fill_value=False)
    return float(pc.mean(known).as_py()), len(known)


@cache
def _places() -> tuple[str, ...]:
    """The places of the register in its order, as they are looked up."""
    return tuple(map(name_key, postcodes().values()))


def rows_of(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column as one array of strings, nulls kept; null where it cannot be text."""
    one = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    try:
        return pc.cast(one, pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.nulls(len(one), pa.string())
