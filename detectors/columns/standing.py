"""What a table turns out to be once its columns are read, whatever it is called.

A survey, a form or a set of tokens is a thing by its name; where each row has a name and an
address of its own, it is about persons all the same. And what stands in every row alike is
nobody's in particular: the sender's own street, its one telephone.
"""

from __future__ import annotations

from collections.abc import Sequence

from detectors.columns.judgement import Judged

_NAMES = ("user.name", "user.government_id.national")
_REACHED = ("user.contact.email", "user.contact.phone_number", "user.demographic.date_of_birth",
            "user.government_id.national")  # fmt: skip
_OWN = 0.5  # share of the rows with a value of their own
_STREET = "user.contact.address.street"
_ADDRESS = frozenset(
    (_STREET, "user.contact.address", "user.contact.address.postal_code",
     "user.contact.address.city", "user.contact.address.municipality")
)  # fmt: skip
_ALIKE = 30  # rows of one value from which it is nobody's in particular
_AGAINST = -5.0  # log-odds of that, against a name and the right shape


def add_standing(columns: Sequence[Judged]) -> None:
    """Take back what the table's name held against persons.

    Args:
        columns: of one table, judged each for itself.
    """
    before = [(c, c.evidence) for judged in columns for c in judged.candidates]
    for candidate, evidence in before:
        candidate.evidence = [
            e for e in evidence if e.signal != "context" or e.facts.get("table") != "thing"
        ]
    if not _of_persons(columns):
        for candidate, evidence in before:
            candidate.evidence = evidence


def _of_persons(columns: Sequence[Judged]) -> bool:
    """Whether each row names someone and says how to reach them, in columns of their own."""
    own = [
        judged.accepted
        for judged in columns
        if judged.accepted
        and not judged.field.ref.path
        and judged.profile.distinct >= _OWN * max(1, judged.profile.rows - judged.profile.nulls)
        and judged.profile.rows > judged.profile.nulls
    ]
    return any(a.startswith(_NAMES) for a in own) and any(a.startswith(_REACHED) for a in own)


def add_alike(columns: Sequence[Judged]) -> None:
    """Bar an address that stands in every row: it is the sender's own, or the shop's.

    Args:
        columns: of one table, once their neighbours have spoken.
    """
    alike = [
        judged
        for judged in columns
        if len(judged.profile.values) == 1 and judged.profile.repeats >= _ALIKE
    ]
    if not any(judged.accepted == _STREET for judged in alike):
        return
    for judged in alike:
        judged.inside = [each for each in judged.inside if each.category not in _ADDRESS]
        for candidate in judged.candidates:
            if candidate.category in _ADDRESS:
                repeats = round(judged.profile.repeats, 1)
                candidate.add("uniqueness", _AGAINST, distinct=1, repeats=repeats)
                candidate.barred = True
