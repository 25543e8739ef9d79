"""Names and places by lookup: how much of a column is written as people and towns are.

Many surnames are places (Berg, Dahl, Moss) and some brands are persons (Kari Traa), so a share
counts, never a hit, and full names need a given name *and* a surname.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import regex

from detectors.columns.profile import Profile

_COMPANY = regex.compile(
    r"(?:^|[ ,])(?:AS|ASA|ANS|DA|ENK|SA|BA|KS|IKS|KF|NUF|FLI|AB|ApS|A/S|GmbH|Ltd|Inc|LLC|Oy|BV|IL)"
    r"[.]?(?:$|[ ,])|[ ]&[ ]|(?i:kommune\b|stiftelse|borettslag|idrettslag|skolekorps|forening"
    r"|\blag\b|\bskole\b|regnskap|eiendom|transport|elektro|bygg\b|sanitetslag)"
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


_LETTERED = regex.compile(r"[\p{L}\p{M}.,'’ -]{2,60}")
_BETWEEN = regex.compile(r"[,\s-]+")


def likeness(column: Profile, *, most: int = 1000) -> Likeness:
    """How a column of strings looks beside the lists of names and places."""
    cells = column.drawn(most)
    if not cells:
        return Likeness(0, 0.0, 0.0, 0.0, 0.0, 0.0)
    given, family, towns = given_names(), surnames(), places()
    full = first_only = last_only = town = company = 0
    for cell in cells:
        plain = cell.strip().lower()
        company += _COMPANY.search(cell) is not None
        if _LETTERED.fullmatch(plain) is None:
            continue
        town += plain in towns
        tokens = [token for token in _BETWEEN.split(plain) if token]
        if not tokens or len(tokens) > 5:
            continue
        first, last = tokens[0], tokens[-1]
        if len(tokens) > 1:
            full += (first in given and last in family) or (first in family and last in given)
        if len(tokens) <= 3:
            first_only += first in given and last in given
            last_only += first in family and last in family
    n = len(cells)
    return Likeness(n, full / n, first_only / n, last_only / n, town / n, company / n)
