"""Positions of persons: latitude and longitude beside each other, WKT points, pairs in a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from detectors.columns.judgement import Judged
from detectors.columns.profile import Profile
from detectors.columns.tables import IMPERSONAL
from detectors.columns.weighing import Candidate
from sladd.model import StorageType

PRECISE = "user.location.precise"
# Degrees. Norway with Svalbard and Jan Mayen, and its waters (Kartverket: 57°57' to 80°50' N,
# 9°5' W to 33°37' E); Jan Mayen's people are few and its longitudes are everyone else's too.
_NORTH, _EAST = (57.5, 81.0), (3.0, 34.0)
_WORLD = ((-90.0, 90.0), (-180.0, 180.0))
_FEWEST = 8  # different values
_READ = 500
_DECIMAL = regex.compile(r"\s*[-+]?\d{1,3}[.,](\d+)\s*°?\s*")
_POINT = regex.compile(
    r"\s*(?:SRID=\d+;)?POINT ?Z?\s*\(\s*-?\d{1,3}\.\d+\s+-?\d{1,3}\.\d+.*\)\s*", regex.IGNORECASE
)
_PAIR = regex.compile(r"\s*\(?\s*([-+]?\d{1,3}\.\d{2,})\s*[,; ]\s*([-+]?\d{1,3}\.\d{2,})\s*\)?\s*")


@dataclass(frozen=True)
class _Degrees:
    """The values of a column as degrees: their range, and how finely they are written."""

    low: float
    high: float
    fine: float  # share with three decimals or more: about 100 m

    def within(self, box: tuple[float, float]) -> bool:
        return box[0] <= self.low and self.high <= box[1]


def add_positions(columns: Sequence[Judged], kind: str) -> None:
    """Let columns that are written as degrees speak for a position.

    Args:
        columns: of one table, in their order.
        kind: of the table; shops, warehouses and products have positions that are nobody's.
    """
    if kind in IMPERSONAL or kind == "organisation":
        return
    degrees = [_degrees(judged.profile) for judged in columns]
    for left, right in zip(range(len(columns)), range(1, len(columns)), strict=False):
        for north, east in ((left, right), (right, left)):
            if _pair(degrees[north], degrees[east], columns[north], columns[east]):
                break
    for judged in columns:
        _one_cell(judged)


def _degrees(column: Profile) -> _Degrees | None:
    if column.type not in {StorageType.FLOAT, StorageType.DECIMAL, StorageType.STRING}:
        return None
    if column.integers or len(column.values) < 1:
        return None
    cells = column.drawn(_READ)
    found = [_DECIMAL.fullmatch(cell) for cell in cells]
    if any(match is None for match in found):
        return None
    numbers = [float(cell.replace(",", ".").replace("°", "")) for cell in cells]
    fine = sum(len(match[1]) >= 3 for match in found if match) / len(cells)
    return _Degrees(min(numbers), max(numbers), fine)


def _pair(north: _Degrees | None, east: _Degrees | None, first: Judged, second: Judged) -> bool:
    """Whether two neighbours are latitude and longitude; says so where they are."""
    if north is None or east is None or min(north.fine, east.fine) < 0.8:
        return False
    named = [_named(judged) for judged in (first, second)]
    if all(named):
        if not (north.within(_WORLD[0]) and east.within(_WORLD[1])):
            return False
        weight = 1.8
    else:
        few = min(len(first.profile.values), len(second.profile.values)) < _FEWEST
        if few or not (north.within(_NORTH) and east.within(_EAST)) or any(
            match.weight >= 3 for judged in (first, second) for match in judged.headers
        ):  # fmt: skip
            return False
        weight = 4.2
    for judged in (first, second):
        own = [c for c in judged.candidates if c.category == PRECISE]
        if not own:
            own = [Candidate(PRECISE, "")]
            judged.candidates.extend(own)
        for candidate in own:
            if not any(e.signal == "position" for e in candidate.evidence):
                candidate.add("position", weight, beside=True, distinct=len(judged.profile.values))
    return True


def _named(judged: Judged) -> bool:
    return any(match.category == PRECISE for match in judged.headers)


def _one_cell(judged: Judged) -> None:
    """A point or a pair in each cell."""
    column = judged.profile
    if column.type is not StorageType.STRING or not len(column.values):
        return
    cells = column.drawn(_READ)
    named = _named(judged)
    points = sum(_POINT.fullmatch(cell) is not None for cell in cells) / len(cells)
    pairs = [match for match in map(_PAIR.fullmatch, cells) if match]
    inside = sum(
        _NORTH[0] <= float(m[1]) <= _NORTH[1] and _EAST[0] <= float(m[2]) <= _EAST[1] for m in pairs
    )
    share = max(points, (len(pairs) if named else inside) / len(cells))
    if share < 0.8 or (not named and len(cells) < _FEWEST):
        return
    own = [c for c in judged.candidates if c.category == PRECISE]
    if not own:
        own = [Candidate(PRECISE, "")]
        judged.candidates.extend(own)
    for candidate in own:
        candidate.add(
            "position", 1.8 if named else 4.2, share=round(share, 3), distinct=len(column.values)
        )
