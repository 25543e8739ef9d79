"""Names and places by lookup: how much of a column is written as people and towns are.

Many surnames are places (Berg, Dahl, Moss) and some brands are persons (Kari Traa), so a share
counts, never a hit, and full names need a given name *and* a surname.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from detectors.columns.profile import Profile

_COMPANY = (
    r"(?i)(?:^|[ ,])(?:AS|ASA|ANS|DA|ENK|SA|BA|KS|IKS|KF|NUF|FLI|AB|ApS|A/S|GmbH|Ltd|Inc|LLC|Oy|BV)"
    r"[.]?(?:$|[ ,])|(?i)kommune\b|stiftelse|borettslag|idrettslag|skolekorps|forening|\blag\b|"
    r"\bskole\b|(?i)\bIL\b|[ ]&[ ]|(?i)regnskap|eiendom|transport|elektro|bygg\b|sanitetslag"
)


@dataclass(frozen=True)
class Likeness:
    """Shares 0-1 of the distinct values, and how many there were. No values."""

    distinct: int
    full_name: float
    given: float
    surname: float
    place: float
    company: float


@cache
def given_names() -> frozenset[str]:
    """Given names, lower case. Source: SSB tables 10501 and 10467."""
    return _column("detectors.lexicon", "given_names.csv", "name")


@cache
def surnames() -> frozenset[str]:
    """Surnames, lower case. Source: SSB; Wikidata."""
    return _column("detectors.lexicon", "surnames.csv", "name")


@cache
def postcodes() -> dict[str, str]:
    """Postcode → place, lower case. Source: Posten/Bring."""
    with files("detectors.norway").joinpath("postal_codes.csv").open(encoding="utf-8") as file:
        return {row["postal_code"]: row["place"].lower() for row in csv.DictReader(file)}


@cache
def places() -> frozenset[str]:
    """Norwegian postal places, lower case."""
    return frozenset(postcodes().values())


def _column(package: str, name: str, column: str) -> frozenset[str]:
    with files(package).joinpath(name).open(encoding="utf-8") as file:
        return frozenset(row[column].lower() for row in csv.DictReader(file))


@cache
def _sets() -> tuple[pa.Array, pa.Array, pa.Array]:
    return tuple(
        pa.array(sorted(names), pa.string()) for names in (given_names(), surnames(), places())
    )


def likeness(column: Profile, *, most: int = 1000) -> Likeness:
    """How a column of strings looks beside the lists of names and places."""
    cells = column.drawn(most)
    n = len(cells)
    if n == 0:
        return Likeness(0, 0.0, 0.0, 0.0, 0.0, 0.0)
    values = pa.array(cells, pa.string())
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(values))
    given, surname, place = _sets()
    lettered = np.asarray(pc.match_substring_regex(plain, r"^[\pL\pM.,'’ -]{2,60}$"))
    tokens = pc.utf8_split_whitespace(
        pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, r"[,\s-]+", " "))
    )
    offsets = tokens.offsets.to_numpy()
    flat = tokens.values
    sizes = np.diff(offsets)
    if len(flat) == 0:
        return Likeness(n, 0.0, 0.0, 0.0, 0.0, 0.0)
    bound = len(flat) - 1
    first = flat.take(pa.array(np.minimum(offsets[:-1], bound)))
    last = flat.take(pa.array(np.maximum(offsets[1:] - 1, 0)))
    ends = pa.concat_arrays([first, last])
    in_given = np.asarray(pc.is_in(ends, value_set=given)).reshape(2, n)
    in_surname = np.asarray(pc.is_in(ends, value_set=surname)).reshape(2, n)
    several = lettered & (sizes >= 2) & (sizes <= 5)
    short = lettered & (sizes <= 3)
    full = several & ((in_given[0] & in_surname[1]) | (in_surname[0] & in_given[1]))
    return Likeness(
        distinct=n,
        full_name=float(full.mean()),
        given=float((short & in_given[0] & ((sizes == 1) | in_given[1])).mean()),
        surname=float((short & in_surname[1] & ((sizes == 1) | in_surname[0])).mean()),
        place=float(np.asarray(pc.is_in(plain, value_set=place)).mean()),
        company=float(pc.mean(pc.match_substring_regex(values, _COMPANY)).as_py()),
    )
