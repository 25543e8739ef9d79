"""Columns that number the rows of a table: `Code`, `ExternalCode`, `number`, a second `uuid`.

Alone such a name says nothing. In a table of persons, or of orders, a column that gives each row
another value, and whose name is a word for a number and no more, is how someone else finds them.
"""

from __future__ import annotations

from collections.abc import Sequence

from detectors.columns.headers import words
from detectors.columns.judgement import Judged
from detectors.columns.weighing import Candidate
from sladd.model import KeyRole, StorageType

_NUMBERS = frozenset(
    ("code", "kode", "no", "nr", "num", "number", "nummer", "id", "uid", "uuid", "guid",
     "identifier", "identifikator", "reference", "ref", "referanse", "key", "nokkel", "increment")
)  # fmt: skip
_BESIDE = frozenset(
    ("external", "ekstern", "ext", "internal", "intern", "alternative", "alt", "old", "gammel",
     "gammelt", "new", "ny", "nytt", "legacy", "source", "kilde", "remote", "system", "global",
     "own", "eget", "public", "main", "unique", "unik", "entity", "record", "increment",
     "customer", "kunde", "user", "bruker", "brukar", "member", "medlem", "medlems", "person",
     "contact", "kontakt", "employee", "ansatt", "tilsett", "actor", "client", "klient", "student",
     "elev", "patient", "pasient", "lead", "partner", "staff", "profile", "profil", "account")
)  # fmt: skip
"""What may stand beside the word for a number without giving it another subject."""

_TYPES = frozenset((StorageType.STRING, StorageType.INTEGER, StorageType.UUID))
_SHAPE = r"^\s*#?[\pL\d][\pL\d_./:#-]{0,43}\s*$"
_LEAST = 5  # rows below which that all values differ says nothing
_FILLED = 0.5  # share of the rows that must have a value
_TELLS = 3.0  # log-odds, a little under a declared key's


def add_numbers(columns: Sequence[Judged], category: str, kind: str) -> None:
    """Let what numbers every row of a table of persons or orders be their number.

    Args:
        columns: of one such table, with their candidates.
        category: of the numbers of what it holds.
        kind: what that is (`tables.csv`).
    """
    for judged in columns:
        if judged.field.ref.path or judged.field.role is KeyRole.FOREIGN:
            continue
        own = [c for c in judged.candidates if c.category.startswith(category)]
        if judged.accepted not in {"", "user.link_key"} or not _numbers_rows(judged):
            continue
        if not own:
            own = [Candidate(category, "")]
            judged.candidates.extend(own)
        for candidate in own:
            muted = sum(
                e.weight for e in candidate.evidence if e.signal == "header" and e.weight < 0
            )
            candidate.barred = False
            candidate.add("key", _TELLS - muted, role="number", table_kind=kind)


def _numbers_rows(judged: Judged) -> bool:
    column = judged.profile
    filled = column.rows - column.nulls
    if column.type not in _TYPES or filled < _LEAST or filled < _FILLED * column.rows:
        return False
    if column.distinct < filled or column.share(_SHAPE) < 1.0:
        return False
    parts = [part.rstrip("0123456789") or part for part in words(judged.field.ref.column)]
    return bool(parts) and parts[-1] in _NUMBERS and set(parts[:-1]) <= _BESIDE
