"""Texts that name the person of their own row: what neither rules nor a model would know.

`Ring Thi før levering` names somebody when the column beside it says who Thi is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from detectors.columns.encoded import first_rows
from detectors.columns.judgement import Judged
from detectors.columns.texts import ROWS_MOST, of_the_row
from detectors.columns.weighing import Candidate, candidate_for
from sladd.model import How, KnownFinder, StorageType

_PAGE = r"^https?://\S+$"
_MOSTLY = 0.8  # share of the rows: one in ten may be spoilt
_LEAST = 3  # letters of a user name that an address holds by no chance
_DIFFERENT = 5  # user names
_FIRM = "organization.name"
_SPACED = r"\pL \pL"  # words side by side
_TEXT = "user.content.private"
_SOUGHT = ("user.name", "user.contact.email", "user.contact.phone_number")


def add_own_values(
    columns: Sequence[Judged],
    data: Mapping[str, pa.Array | pa.ChunkedArray],
    finder: KnownFinder | None,
) -> None:
    """Let names, addresses and telephones of a row speak for the texts that hold them.

    Args:
        columns: the judged ones.
        data: their values by `str(ref)`, row by row.
        finder: finds known values in a text; None looks for none.
    """
    if finder is None:
        return
    beside = [
        (judged.accepted, first_rows(data[str(judged.field.ref)], ROWS_MOST))
        for judged in columns
        if judged.accepted.startswith(_SOUGHT)
        and judged.profile.type is StorageType.STRING
        and not judged.texts
        and str(judged.field.ref) in data
    ]
    if not beside:
        return
    for judged in columns:
        address = str(judged.field.ref)
        candidate = next((c for c in judged.candidates if c.category == _TEXT), None)
        if not judged.texts or candidate is None or address not in data:
            continue
        known = {item.category for item in judged.inside}
        sought = [
            (category, cells)
            for category, cells in beside
            if not any(f"{category}.".startswith(f"{each}.") for each in known)
        ]
        texts = first_rows(data[address], ROWS_MOST) if sought else ()
        for item in of_the_row(texts, sought, finder):
            judged.inside.append(item)
            candidate.add(
                "text", 3.0, category=item.category, texts=item.texts, read=item.read,
                score=item.score,
            )  # fmt: skip


def add_own_names(
    columns: Sequence[Judged], data: Mapping[str, pa.Array | pa.ChunkedArray]
) -> None:
    """Let cells that hold the given and the family name of their own row be names of persons.

    Args:
        columns: the judged ones.
        data: their values by `str(ref)`, row by row.
    """
    held = [j for j in columns if str(j.field.ref) in data and j.profile.type is StorageType.STRING]
    parts = [[j for j in held if j.accepted == f"user.name.{part}"] for part in ("first", "last")]
    if not all(parts):
        return
    given, family = (first_rows(data[str(found[0].field.ref)], ROWS_MOST) for found in parts)
    for judged in held:
        if judged.accepted not in {"", _FIRM}:
            continue
        if judged.profile.share(_SPACED) < _MOSTLY:
            _add_own_folders(judged, data, given, family)
            continue
        cells = first_rows(data[str(judged.field.ref)], ROWS_MOST)
        rows = [
            (cell.casefold(), first.casefold(), last.casefold())
            for cell, first, last in zip(cells, given, family, strict=False)
            if cell and first and last and min(len(first), len(last)) > 1
        ]
        if (share := _own(rows)) is None:
            continue
        candidate = candidate_for(judged.candidates, "user.name")
        candidate.barred = False
        for other in judged.candidates:
            if other.category == _FIRM:
                other.add("pattern", -6.0, share=share, reason="own_names")
        candidate.add("agreement", 8.0, agree=share, pairs=len(rows), **{"with": "user.name.last"})


def _add_own_folders(
    judged: Judged,
    data: Mapping[str, pa.Array | pa.ChunkedArray],
    given: Sequence[str | None],
    family: Sequence[str | None],
) -> None:
    """Let names of folders and files hold a person's name: `MoeKari1001`, `moe_kari.pdf`."""
    cells = first_rows(data[str(judged.field.ref)], ROWS_MOST)
    rows = [
        (cell, first, last)
        for cell, first, last in (
            map(_letters, row) for row in zip(cells, given, family, strict=False)
        )
        if min(map(len, (cell, first, last))) >= _LEAST
    ]
    if (share := _own(rows)) is None:
        return
    candidate = Candidate("user.name", "", How.CONTAINS)
    candidate.add("agreement", 6.0, agree=share, pairs=len(rows), **{"with": "user.name.last"})
    judged.candidates.append(candidate)


def _own(rows: Sequence[tuple[str, str, str]]) -> float | None:
    """Share 0-1 of cells that hold both names of their row; None where few or the same ones do."""
    own = [cell for cell, first, last in rows if first in cell and last in cell]
    if len(set(own)) < _DIFFERENT or len(own) < _MOSTLY * len(rows):
        return None
    return round(len(own) / len(rows), 3)


def _letters(cell: str | None) -> str:
    return "".join(filter(str.isalpha, (cell or "").casefold()))


def add_own_pages(
    columns: Sequence[Judged], data: Mapping[str, pa.Array | pa.ChunkedArray]
) -> None:
    """Let addresses on the web that hold the user name of their own row be that person's.

    Args:
        columns: the judged ones.
        data: their values by `str(ref)`, row by row.
    """
    held = [j for j in columns if str(j.field.ref) in data and j.profile.type is StorageType.STRING]
    names = [j for j in held if j.accepted == "user.account.username"]
    pages = [j for j in held if names and not j.accepted and j.profile.share(_PAGE) >= _MOSTLY]
    for judged in pages:
        cells = first_rows(data[str(judged.field.ref)], ROWS_MOST)
        for named in names:
            pairs = [
                (cell, name)
                for cell, name in zip(
                    cells, first_rows(data[str(named.field.ref)], ROWS_MOST), strict=False
                )
                if cell and name and len(name) >= _LEAST
            ]
            own = sum(name.casefold() in cell.casefold() for cell, name in pairs)
            if len({name for _, name in pairs}) >= _DIFFERENT and own >= _MOSTLY * len(pairs):
                candidate = Candidate("user.contact.url", "URL")
                candidate.add("pattern", 5.0, share=round(own / len(pairs), 3), reason="user_name")
                judged.candidates.append(candidate)
                break
