"""Postcodes and towns that no register here knows, told by the street they stand beside.

Street, postcode and town are written in this order, or with the postcode last, the world over
(UPU S42). Four to six digits are anything by themselves; between a street and a word that comes
again in other rows they are where it lies.
"""

from __future__ import annotations

from collections.abc import Sequence

from detectors.columns.judgement import Judged
from detectors.columns.spelling import words
from detectors.columns.weighing import Candidate
from sladd.model import StorageType

_STREET = "user.contact.address.street"
_CODE = "user.contact.address.postal_code"
_TOWN = "user.contact.address.city"
_NEAR = 3  # columns behind a street in which they stand
_CODES = r"^\s*(?:[A-Z]{1,3}-)?[0-9]{3,5}(?: ?[0-9]{2})?\s*$"
_WIDE = r"^\s*(?:[A-Z]{1,3}-)?[0-9]{4}"
_YEARS = r"^\s*(?:19|20)[0-9]{2}\s*$"
_TOWNS = r"^\s*\p{Lu}[\pL\pM.'’/-]+(?:[ -][\pL\pM.'’()/-]+){0,3}\s*$"
_MOSTLY = 0.8  # share of the values
_FEWEST = 5  # different values
_VARIED = 0.04  # different values among the cells, fewer than which are kinds of something
_REGION = "user.location.imprecise"
_PARTS = frozenset({"state", "province", "region", "county", "district", "zone", "prefecture", "canton", "bundesland", "kanton", "lan",
                    "fylke", "landskap", "departement", "provins", "landsdel", "prov", "gewest"})  # fmt: skip
_REGIONS = r"^\s*\p{Lu}[\pL\pM.'’ -]{1,30}\s*$"  # a name, or the two letters that stand for one
_FEWEST_REGIONS = 3  # different regions
_NAMED, _SAID, _NEXT = 2.0, 0.5, 1.5  # log-odds of the word, of the form, and of where it stands
_VALUES, _BESIDE = 1.5, 2.5  # log-odds of the form, and of where it stands


def add_beside(columns: Sequence[Judged]) -> None:
    """Let a street tell what the digits and the words behind it are.

    Args:
        columns: of one table in their order, judged; only those that nothing explains gain by it.
    """
    for at, street in enumerate(columns):
        if street.accepted != _STREET or street.field.ref.path:
            continue
        near = [c for c in columns[at + 1 : at + 1 + _NEAR] if not c.field.ref.path]
        code = next((c for c in near if c.accepted == _CODE or (_open(c) and _is_code(c))), None)
        if code is None:
            continue
        place = columns.index(code)
        around = (*columns[place + 1 : place + 2], *columns[max(at, place - 1) : place])
        town = next((c for c in around if c is not street and _open(c) and _is_town(c)), None)
        if town is None and not any(c.accepted == _TOWN for c in around):
            continue
        for found, category in ((code, _CODE), (town, _TOWN)):
            if found is not None and not found.accepted:
                _tell(found, category)


def add_regions(columns: Sequence[Judged]) -> None:
    """Let an address tell which state or province of a country stands beside it.

    Args:
        columns: of one table, judged; only those that nothing explains gain by it.
    """
    whole = [judged for judged in columns if not judged.field.ref.path]
    for at, judged in enumerate(whole):
        near = {each.accepted for each in whole[max(0, at - _NEAR) : at + 1 + _NEAR]}
        if not near & {_STREET, _CODE, _TOWN}:
            continue  # the state of an order
        column = judged.profile
        parts = words(judged.field.ref.column)
        if judged.accepted or not parts or parts[-1] not in _PARTS:
            continue
        if column.type is not StorageType.STRING or len(column.values) < _FEWEST_REGIONS:
            continue
        if (share := column.share(_REGIONS)) < _MOSTLY:
            continue
        region = Candidate(_REGION, "")
        region.add("header", _NAMED, token=parts[-1])
        region.add("pattern", _SAID, share=round(share, 3), distinct=len(column.values))
        region.add("neighbour", _NEXT, category=_TOWN, neighbours=1)
        judged.candidates.append(region)


def _open(judged: Judged) -> bool:
    """Whether neither the values nor a name say what a column is."""
    named = any(match.weight >= 1.0 for match in judged.headers)
    return not judged.accepted and not named and len(judged.profile.values) >= _FEWEST


def _is_code(judged: Judged) -> bool:
    column = judged.profile
    return (
        column.share(_CODES) >= _MOSTLY and column.share(_WIDE) >= _MOSTLY / 2
        and column.share(_YEARS) < _MOSTLY and _various(judged)
    )  # fmt: skip


def _is_town(judged: Judged) -> bool:
    column = judged.profile
    return (
        column.type is StorageType.STRING and column.share(_TOWNS) >= _MOSTLY and _various(judged)
    )


def _various(judged: Judged) -> bool:
    column = judged.profile
    return column.distinct >= _VARIED * max(1, column.rows - column.nulls)


def _tell(judged: Judged, category: str) -> None:
    found = next((c for c in judged.candidates if c.category == category), None)
    if found is None:
        found = Candidate(category, "")
        judged.candidates.append(found)
    found.barred = False
    share = judged.profile.share(_CODES if category == _CODE else _TOWNS)
    held = sum(
        e.weight for e in found.evidence if e.signal in {"pattern", "permutation", "gazetteer"}
    )
    found.add(
        "pattern", _VALUES - min(held, 0.0), share=round(share, 3), distinct=judged.profile.distinct
    )
    found.add("neighbour", _BESIDE, category=_STREET, neighbours=1)
