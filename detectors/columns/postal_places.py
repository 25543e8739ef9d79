"""Postcodes told by the place of the register that stands beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from detectors.columns.encoded import coded
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
            left, right = (data[str(each.field.ref)] for each in (judged, town))
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


def _agreement(
    codes: pa.Array | pa.ChunkedArray, towns: pa.Array | pa.ChunkedArray
) -> tuple[float, int]:
    """Share 0-1 of the distinct pairs that the register knows, and how many there were.

    Both are 0 where it cannot be half of them: then no more is asked.
    """
    (left, numbers), (right, names) = coded(codes), coded(towns)
    if numbers.null_count or names.null_count:
        return 0.0, 0  # no text
    padded = pc.utf8_lpad(pc.utf8_trim_whitespace(numbers), 4, "0")
    at = pc.index_in(padded, value_set=pa.array(postcodes(), pa.string()))
    place = at.fill_null(-1).to_numpy(zero_copy_only=False)
    both = (left >= 0) & (right >= 0)
    keys = (left * len(names) + right)[both]
    listed = keys[place[left[both]] >= 0]
    code, town = np.divmod(pc.unique(pa.array(listed)).to_numpy(), max(1, len(names)))
    spelled, which = np.unique(town, return_inverse=True)
    called = [name_key(name.strip()) for name in names.take(pa.array(spelled)).to_pylist()]
    known = sum(
        _places()[there] == called[spelling]
        for there, spelling in zip(place[code].tolist(), which.tolist(), strict=True)
    )
    if not known or 2 * known < np.count_nonzero(np.bincount(left[both])):
        return 0.0, 0  # each number has a pair of its own at least
    pairs = pc.count_distinct(pa.array(keys)).as_py()
    return known / pairs, pairs


@cache
def _places() -> tuple[str, ...]:
    """The places of the register in its order, as they are looked up."""
    return tuple(map(name_key, postcodes().values()))
