"""Persons whom a table of things names in passing: who made a row, and who sees to it.

A report is requested by someone and a vacancy has a recruiter; what else stands in their rows
says nothing of them. Whose a thing is (`owner`, `customer`) is another matter.
"""

from __future__ import annotations

from functools import cache

from detectors.columns import doers
from detectors.columns.composition import composition
from detectors.columns.spelling import joined, words

# Who made a row or changed it, and no more: what was sold or paid by someone is about them.
_MADE = frozenset(
    ("created", "modified", "updated", "changed", "edited", "deleted", "requested", "published", "uploaded", "added", "imported",
     "locked", "approved", "author", "entered", "opprettet", "oppretta", "endret", "endra", "oppdatert", "slettet", "godkjent", "publisert",
     "skapad", "andrad", "uppdaterad", "oprettet", "aendret", "andret", "opdateret", "erstellt", "geandert", "angelegt")
)  # fmt: skip
# Who sees to a thing.
_KEEPERS = frozenset(
    ("recruiter", "manager", "responsible", "coordinator", "supervisor", "approver", "editor", "ansvarlig", "ansvarleg", "leder", "leiar",
     "koordinator", "moteleder", "motelder", "prosjektleder", "forvalter", "vaktmester", "ansvarig", "betreuer", "verantwortlich",
     "instructor", "teacher", "trainer", "speaker", "chair", "chairman", "foredragsholder", "instruktor", "creator", "modifier", "updater")
)  # fmt: skip
_LEAST = 2  # words of what was done by someone


@cache
def in_passing(column: str, kind: str) -> bool:
    """Whether a column names who made a row, or in a table of things who sees to them.

    Args:
        column: its name.
        kind: of its table (`tables.csv`).
    """
    said = [joined([word]) for word in words(column)]
    if kind == "thing" and _KEEPERS & set(said):
        return True
    known = composition()
    return any(
        _MADE & set(said[:end]) and doers.doer(known, said[:end])
        for end in range(_LEAST, len(said) + 1)
    )
