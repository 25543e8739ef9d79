"""Postcodes told by the place of the register that stands beside them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from detectors.columns.encoded import coded, distinct_pairs
from detectors.columns.gazetteer import key as name_key
from detectors.columns.gazetteer import postcodes
from detectors.columns.judgement import Judged
from detectors.columns.weighing import Candidate
from sladd.model import StorageType

_POSTCODE = "user.contact.address.postal_code"
_CITY = "user.contact.address.city"
_FEWEST = 8  # different numbers
_FIVE = r"^\s*(?:[A-Z]{1,2}-)?[0-9]{4,5}\s*$"
_FIVE_ONLY = r"^\s*(?:[A-Z]{1,2}-)?[0-9]{5}\s*$"
_SOME_FIVE = 0.15  # share from which some are of a country with five
_DIGITS = 5
_TOWNS = 2  # towns with several codes, below which nothing can be compared
_LEAST_PAIRS = 6  # their pairs of code and town
_ALIKE = 0.8  # share; a large town has two beginnings
_COMMON = 0.6  # share of one beginning among all, above which they are counted and not placed
_PAIRS_MOST = 5000
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
    _add_five_digits(columns, towns, data)
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


def _add_five_digits(
    columns: Sequence[Judged],
    towns: Sequence[Judged],
    data: Mapping[str, pa.Array | pa.ChunkedArray],
) -> None:
    """Five digits are postcodes where a town's all begin alike: numbers of customers do not."""
    for judged in columns:
        profile = judged.profile
        if profile.type is not StorageType.STRING or len(profile.values) < _FEWEST:
            continue
        if any(c.category == _POSTCODE and c.confidence > _SURE for c in judged.candidates):
            continue
        if profile.share(_FIVE) < _SURE or profile.share(_FIVE_ONLY) < _SOME_FIVE:
            continue
        for town in towns:
            if not {str(judged.field.ref), str(town.field.ref)} <= set(data):
                continue
            left, right = (data[str(each.field.ref)] for each in (judged, town))
            share, pairs = _begun_alike(left, right) if len(left) == len(right) else (0.0, 0)
            if pairs >= _LEAST_PAIRS and share >= _ALIKE:
                found = next((c for c in judged.candidates if c.category == _POSTCODE), None)
                if found is None:
                    found = Candidate(_POSTCODE, "")
                    judged.candidates.append(found)
                found.barred = False
                facts = {"agree": round(share, 3), "pairs": pairs}
                found.add("pattern", 2.0, share=round(profile.share(_FIVE), 3))
                found.add("neighbour", 3.0, **facts)
                for beside in town.candidates:
                    if beside.category == _CITY:
                        beside.add("neighbour", 3.0, **facts)
                break


def _begun_alike(
    codes: pa.Array | pa.ChunkedArray, towns: pa.Array | pa.ChunkedArray
) -> tuple[float, int]:
    """Share 0-1 of a town's five digits that begin as most of the town's do, and of how many.

    Only towns with several different codes count; (0, 0) where all codes begin alike anyway.
    """
    begun: dict[str, list[str]] = defaultdict(list)
    seen: Counter[str] = Counter()
    pairs = distinct_pairs(codes, towns).slice(0, _PAIRS_MOST)
    for code, town in zip(pairs["a"].to_pylist(), pairs["b"].to_pylist(), strict=True):
        digits = "".join(filter(str.isdigit, code))
        if len(digits) == _DIGITS and town.strip():
            begun[name_key(town.strip())].append(digits[:2])
            seen[digits[:2]] += 1
    several = [each for each in begun.values() if len(each) > 1]
    asked = sum(map(len, several))
    if len(several) < _TOWNS or max(seen.values()) > _COMMON * sum(seen.values()):
        return 0.0, 0
    return sum(Counter(each).most_common(1)[0][1] for each in several) / asked, asked


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
