"""Whose a contact point is: a person's, or that of a company that the table is about.

A table's name says it first (`leverandører`). Where it says nothing, the columns do: names of
companies and no person beside them; and a table called `partner` may still be full of persons.
"""

from __future__ import annotations

from collections.abc import Sequence

from detectors.columns.composition import composition
from detectors.columns.judgement import Judged
from detectors.columns.named import OF_ORGANISATION, PERSON_ONLY
from detectors.columns.spelling import folded, joined, words
from detectors.columns.surroundings import Surroundings
from detectors.columns.tables import BEHAVIOUR
from detectors.columns.weighing import Candidate

_FIRM = "organization.name"
_PERSONS = ("user.name", "user.government_id", "user.demographic", "user.account")
_PERSONAL_SHARE = 0.12  # of full names among the companies', from which they are persons too
_ACCOUNT = "user.financial.bank_account"
_TURNED = ("user.contact.phone_number", _ACCOUNT)
_URL = "user.contact.url"
_FRONT_PAGE = r"(?i)^\s*(?:https?://)?(?:www\.)?[\pL\d-]+(?:\.[\pL\d-]+){1,3}/?\s*$"
_MOSTLY = 0.7  # share of the values
_NAME = frozenset({"name", "navn", "namn", "kundenavn", "customername", "kundnamn", "companyname"})
_CONTACTS = ("contact", "kontakt", "att", "ref", "buyer", "person", "mobile", "mobil")
_FEWEST = 8  # different names, below which a share of persons among them says nothing
_OWN = 3  # accounts that a seller has
_SENDERS = frozenset(
    ("sender", "avsender", "absender", "afsender", "avsandare", "shipper", "consignor", "seller", "selger", "merchant", "store", "butikk")
)  # fmt: skip
_POINTS = {
    "user.contact.email": "organization.contact.email",
    "user.contact.phone_number": "organization.contact.phone_number",
    "user.contact.address.street": "organization",
}
_AROUND_THEM = {
    "user.name": _FIRM,
    "user.contact.address.postal_code": "organization",
    "user.contact.address.city": "organization",
}
_OFTEN = 20  # times that each stands in a table, from which it is no customer's


def settle_whose(columns: Sequence[Judged], around: Surroundings) -> None:
    """Give contact points the category of the one they belong to.

    Args:
        columns: of one table, judged and beside each other.
        around: what the table's name says.
    """
    if around.organisation:
        telling = [
            judged
            for judged in columns
            if len(judged.profile.values) >= _FEWEST and not _of_someone(judged)
        ]
        if any(_names_persons(c) for judged in telling for c in judged.candidates):
            _give_back(columns)
        else:
            _turn(columns, tuple(OF_ORGANISATION))
        return
    _own_accounts(columns)
    _own_points(columns, around)
    if any(_holds_firms(c) for judged in columns for c in judged.candidates):
        _own_sites(columns)
    accepted = {judged.accepted for judged in columns if judged.accepted}
    if _of_firms(columns):
        _turn([j for j in columns if not _contact(j)], tuple(OF_ORGANISATION))
        for candidate in (c for judged in columns for c in judged.candidates):
            candidate.barred |= candidate.category == "user.unique_id"
    elif _FIRM in accepted and not any(a.startswith(_PERSONS) for a in accepted):
        for candidate in (c for judged in columns for c in judged.candidates):
            candidate.barred |= candidate.category == "user.workplace"
        _turn(columns, _TURNED if around.kind in BEHAVIOUR else tuple(OF_ORGANISATION))


def _holds_firms(candidate: Candidate) -> bool:
    """Whether some of the names in a column are companies'."""
    return candidate.category == "user.name" and any(
        float(e.facts.get("companies", 0)) >= _PERSONAL_SHARE
        for e in candidate.evidence
        if e.signal == "gazetteer"
    )


def _own_sites(columns: Sequence[Judged]) -> None:
    """The front page of a domain is a company's, where companies stand in the table."""
    for judged in columns:
        if judged.profile.share(_FRONT_PAGE) < _MOSTLY:
            continue
        for candidate in judged.candidates:
            if candidate.category == _URL:
                candidate.personal = candidate.category
                candidate.category = OF_ORGANISATION[_URL]


def _of_firms(columns: Sequence[Judged]) -> bool:
    """Whether each row is a company, by its name, and persons are there as its contacts."""
    named = any(
        judged.accepted == _FIRM
        and folded(judged.field.ref.column) in _NAME
        and len(judged.profile.values) >= _FEWEST
        and judged.profile.repeats < 2
        and not any(_names_persons(c) for c in judged.candidates)
        for judged in columns
    )
    persons = [j for j in columns if j.accepted.startswith(_PERSONS)]
    return named and bool(persons) and all(map(_contact, persons))


def _contact(judged: Judged) -> bool:
    """Whether a column is of someone to turn to at a company."""
    return any(word.startswith(_CONTACTS) for word in words(judged.field.ref.column))


def _of_someone(judged: Judged) -> bool:
    """Whether a column names someone who has to do with a company, and not the company."""
    said = {joined([word]) for word in words(judged.field.ref.column)}
    known = composition()
    return _contact(judged) or bool(said & (known.persons | known.workers | known.by))


def _turn(columns: Sequence[Judged], categories: Sequence[str]) -> None:
    for candidate in (c for judged in columns for c in judged.candidates):
        if candidate.category in categories:
            candidate.personal = candidate.personal or candidate.category
            candidate.category = OF_ORGANISATION[candidate.category]


def _own_accounts(columns: Sequence[Judged]) -> None:
    """The account that every row names is the seller's own."""
    for judged in columns:
        column = judged.profile
        if 0 < len(column.values) <= _OWN and column.repeats >= _OFTEN:
            for candidate in judged.candidates:
                if candidate.category == _ACCOUNT:
                    candidate.category = OF_ORGANISATION[_ACCOUNT]


def _own_points(columns: Sequence[Judged], around: Surroundings) -> None:
    """Where every parcel is sent from, and the one address that all rows name, are a firm's own."""
    turned: set[str] = set()
    for judged in columns:
        if not _few_and_often(judged):
            continue
        said = words(judged.field.ref.column)
        sends = bool(_SENDERS & set(said))
        if not sends and (len(judged.profile.values) > 1 or around.kind in {"web", "person"}):
            continue
        for candidate in judged.candidates:
            if candidate.category in _POINTS:
                candidate.personal = candidate.category
                candidate.category = _POINTS[candidate.category]
                turned |= set(said[:1]) if sends else set()
    for judged in columns:
        said = words(judged.field.ref.column)
        if not turned & set(said) or not _SENDERS & set(said) or not _few_and_often(judged):
            continue
        for candidate in judged.candidates:
            if candidate.category in _AROUND_THEM:
                candidate.personal = candidate.category
                candidate.category = _AROUND_THEM[candidate.category]


def _few_and_often(judged: Judged) -> bool:
    column = judged.profile
    return 0 < len(column.values) <= _OWN and column.repeats >= _OFTEN


def _names_persons(candidate: Candidate) -> bool:
    """Whether the table's own names, not those of its contact persons, are persons'."""
    if candidate.category not in {_FIRM, "user.name"}:
        return False
    strong = max((e.weight for e in candidate.evidence if e.signal == "header"), default=0.0)
    if strong >= PERSON_ONLY or strong <= 0:
        return False
    return any(
        float(e.facts.get("full_names", 0)) >= _PERSONAL_SHARE
        for e in candidate.evidence
        if e.signal == "gazetteer"
    )


def _give_back(columns: Sequence[Judged]) -> None:
    """Take the columns of a table called after companies for persons'."""
    for judged in columns:
        for candidate in judged.candidates:
            if not candidate.personal:
                continue
            if candidate.category != _FIRM or _names_persons(candidate):
                candidate.category = candidate.personal
