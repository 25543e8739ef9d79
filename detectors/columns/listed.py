"""What the lists of names, places and companies say of a column.

A share of hits is held against two spreads of shares: those of columns that are of the category,
and those of columns that are not. Both are beta distributions fitted on the tables of
`benchmarks.calibration`; a share says little where they overlap, however many values there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from detectors.columns.chance import beta_binomial_ratio
from detectors.columns.header_match import HeaderMatch
from detectors.columns.likeness import Likeness
from detectors.columns.named import PERSON_ONLY
from detectors.columns.profile import Profile
from detectors.columns.surroundings import Surroundings
from detectors.columns.weighing import Candidate
from sladd.model import StorageType

_CITY = "user.contact.address.city"
_STREET = "user.contact.address.street"
_COUNTRY = "user.contact.address.country"
_MUNICIPALITY = "user.contact.address.municipality"
_LANGUAGE = "user.demographic.language"
_IN_COUNTRIES = frozenset(
    (_LANGUAGE, "user.demographic.nationality", "user.demographic.country_of_birth")
)
_FIRM = "organization.name"
_NAMES = ("user.name", "user.name.first", "user.name.last")
_MOST, _LEAST = 4.5, -3.0  # log-odds of one list
_FEWEST = 3  # different values from which a column whose name says nothing is judged by lists
_FEW = 20  # and below which values that are seen again and again are codes
_HALF = 0.5
_AGAIN = 5  # times that each of them stands in the table, on average
_SIGNED, _SIGNS = r"^\s*\p{Lu}{2,4}\.?\s*$", 0.5  # the letters that staff sign with
_VAGUELY = 2.0  # weight of a name below which it hardly speaks
_MOSTLY = 0.7  # share of municipalities from which the list speaks for them
_FORMED = 0.85  # share of the values that are written as full names are
_SOME = 0.12  # share of names on the list, from which the form of the others speaks
_CROSSED = 0.15  # share of names whose parts come again
_STAFF_FORMED = 0.4  # the same where all are written as full names are
_STAFF = 0.6  # share of persons from which few values are a staff
_MIXED = 0.12  # share of persons from which a column of companies is about persons as well


@dataclass(frozen=True)
class Listing:
    """How the shares of one list are spread, and what a column without a name must reach.

    Attributes:
        share: of the likeness.
        of: beta parameters of columns that are of the category. other: of columns that are not.
        least: share 0-1 from which a column whose name says nothing is a candidate.
        alone: it is one without neighbours that speak for it.
    """

    share: Callable[[Likeness], float]
    of: tuple[float, float]
    other: tuple[float, float]
    least: float
    alone: bool = True


def _persons(like: Likeness) -> float:
    """Share of persons among the values that are no company's."""
    others = 1.0 - like.company + like.sole
    if others < _MIXED:
        return 0.0
    # Half a name is a part of a hit: one of its words is on no list.
    return min(1.0, (like.full_name + like.sole + 0.4 * like.partly) / others)


LISTS: Mapping[str, Listing] = {
    "user.name": Listing(_persons, (3.5, 0.8), (0.12, 4.0), 0.3),
    "user.name.first": Listing(lambda like: like.given, (8.0, 0.7), (0.15, 5.0), 0.5),
    "user.name.last": Listing(lambda like: like.surname, (8.0, 1.2), (0.2, 4.4), 0.5),
    _CITY: Listing(lambda like: like.place, (7.0, 0.5), (0.1, 5.0), 0.5),
    _FIRM: Listing(lambda like: like.company, (6.0, 1.5), (0.05, 4.0), 0.3),
    _COUNTRY: Listing(lambda like: like.country, (2.0, 0.8), (0.05, 8.0), 0.7, alone=False),
    _STREET: Listing(lambda like: like.street, (2.0, 0.6), (0.05, 2.0), 0.4, alone=False),
}  # fmt: skip
"""The lists, by the category that they speak for."""


def add_likeness(
    candidates: list[Candidate],
    like: Likeness,
    column: Profile,
    around: Surroundings,
    headers: Sequence[HeaderMatch] = (),
) -> None:
    """Let the lists of names and places speak for names, towns, streets and companies.

    Args:
        candidates: of the column; new ones are added.
        like: its likeness.
        column: its values.
        around: what its table is about.
        headers: readings of its name.
    """
    n = like.distinct
    if n == 0 or column.type is not StorageType.STRING:
        return
    weights = {category: _weight(listing, like) for category, listing in LISTS.items()}
    named = {c.category for c in candidates if _header(c) > 0}
    best = max(weights, key=lambda category: weights[category])
    for category, listing in LISTS.items():
        present = [c for c in candidates if c.category == category]
        share = listing.share(like)
        if not present:
            if not _reached(listing, like) or weights[category] <= 0 or category != best:
                continue
            if n < _FEWEST and listing.alone:
                continue
            if category not in _rivals(named, weights, candidates):
                continue
            present = [_unnamed(category, listing, headers)]
            candidates.extend(present)
        for candidate in present:
            _weigh(candidate, category, weights[category], share, like, column)
    _companies(candidates, like, around)
    for candidate in candidates:
        if candidate.category == _MUNICIPALITY:
            _municipalities(candidate, like)


def _weight(listing: Listing, like: Likeness) -> float:
    n = like.distinct
    share = listing.share(like)
    ratio = beta_binomial_ratio(round(share * n), n, listing.of, listing.other)
    if listing is LISTS["user.name"] and like.formed >= _FORMED and share >= _SOME:
        # Most of these names are on no list, as all names of some countries; their form tells.
        ratio = max(ratio, 1.0 + 4.0 * min(share, 0.5) + (1.5 if like.crossed >= _CROSSED else 0.0))
    return min(max(ratio, _LEAST), _MOST)


def _reached(listing: Listing, like: Likeness) -> bool:
    """Whether enough values stand on the list for a column whose name says nothing."""
    share = listing.share(like)
    crossed = listing is LISTS["user.name"] and like.formed >= _FORMED and like.crossed >= _CROSSED
    return share >= (_SOME if crossed else listing.least)


def _header(candidate: Candidate) -> float:
    return max((e.weight for e in candidate.evidence if e.signal == "header"), default=0.0)


def _rivals(
    named: set[str], weights: Mapping[str, float], candidates: Sequence[Candidate]
) -> frozenset[str]:
    """Categories of lists that may be added beside what the column's name says.

    `navn` may hold nothing but given names, or companies; `fornavn` is not doubted so.
    """
    listed = named & set(LISTS)
    if _MUNICIPALITY in named:
        return frozenset()  # towns bear the names of their municipalities
    if named & _IN_COUNTRIES:
        return frozenset(LISTS) - {_COUNTRY}  # these are written with countries and their codes
    if not listed:
        return frozenset(LISTS)
    sure = max(_header(c) for c in candidates if c.category in listed)
    if sure >= PERSON_ONLY or max(weights[category] for category in listed) > 0:
        return frozenset()
    return frozenset(LISTS) - {_STREET, _COUNTRY}


def _unnamed(category: str, listing: Listing, headers: Sequence[HeaderMatch]) -> Candidate:
    """A candidate that only the values speak for, against what the name says."""
    candidate = Candidate(category, "", barred=not listing.alone)
    candidate.add("type", 0.0, list=category.rsplit(".", 1)[-1])
    impersonal = [match for match in headers if not match.category]
    if impersonal:
        candidate.add("header", -impersonal[0].weight, token=impersonal[0].token)
    return candidate


def _weigh(
    candidate: Candidate,
    category: str,
    weight: float,
    share: float,
    like: Likeness,
    column: Profile,
) -> None:
    strong = _header(candidate)
    often = column.repeats > _FEW
    vague = 0 < strong < _VAGUELY and like.distinct <= _FEWEST and often
    # Nobody is called like any of these few: they are parts of a system.
    vague |= 0 < strong < PERSON_ONLY and like.distinct <= _FEWEST + 2 and often and share == 0.0
    vague |= strong > 0 and category in _NAMES and _of_a_system(like, column)
    if strong > 0 and not vague and (like.distinct < 5 or strong >= PERSON_ONLY):
        weight = max(weight, -1.0)  # nicknames and names from afar are on no list
    if category in {_CITY, _STREET, _COUNTRY, _FIRM} and strong > 0:
        weight = max(weight, 0.0 if category == _STREET else -1.0)  # so are towns and farms
    if category == _STREET and candidate.type:
        return  # a rule has told the streets
    listing = LISTS[category]
    chance = listing.other[0] / sum(listing.other)
    if category == _FIRM:
        candidate.add("gazetteer", weight, companies=round(share, 3))
    elif category == _STREET:
        candidate.add("pattern", weight, share=round(share, 3), distinct=like.distinct)
    else:
        candidate.add(
            "gazetteer", weight, share=round(share, 3), distinct=like.distinct,
            chance=round(chance, 3),
        )  # fmt: skip
    if strong > 0 and category in _NAMES and _of_a_system(like, column):
        candidate.add("uniqueness", -2.5, distinct=like.distinct, repeats=round(column.repeats, 1))
    if strong <= 0 and (listing.alone or category == _STREET):
        repeats = round(column.repeats, 1)
        if like.distinct < _FEW and column.repeats > 5:
            # No street is seen so often as the terms of a payment (`Net 30`).
            terms = -8.0 if like.distinct <= _FEWEST + 2 and column.repeats > _FEW else -4.0
            weight = {_CITY: -1.5, _STREET: terms}.get(category, -2.5)
            formed = _STAFF if like.formed < _FORMED else _STAFF_FORMED
            if category == "user.name" and share >= formed and like.distinct > _FEWEST:
                # Those who work here sign again and again; goods are not called so.
                weight = -0.5
            candidate.add("uniqueness", weight, distinct=like.distinct, repeats=repeats)
        elif category in _NAMES and column.repeats < 20:
            candidate.add("uniqueness", 0.5, distinct=like.distinct, repeats=repeats)


def _of_a_system(like: Likeness, column: Profile) -> bool:
    """Whether few values come again and again, and nobody on any list is called like one of them."""
    if not 0 < like.distinct < _FEW or column.repeats <= _AGAIN:
        return False
    listed = like.full_name + like.partly + like.given + like.surname
    return listed == 0.0 and like.formed < _HALF and column.share(_SIGNED) < _SIGNS


def _municipalities(candidate: Candidate, like: Likeness) -> None:
    """`region` and `state` are what their values are; `kommune` is believed."""
    share, n = like.municipality, like.distinct
    if share >= _MOSTLY:
        candidate.add("gazetteer", 3.0, share=round(share, 3), distinct=n, chance=0.1)
    elif _header(candidate) < PERSON_ONLY / 2:
        candidate.add("gazetteer", _LEAST, share=round(share, 3), distinct=n, chance=0.1)


def _companies(candidates: list[Candidate], like: Likeness, around: Surroundings) -> None:
    """A column of names may be one of companies; a mixed one is about persons."""
    persons, firms = like.full_name + like.sole, like.company
    for candidate in list(candidates):
        if candidate.category == "user.name" and firms >= 0.1:
            if persons >= _MIXED:
                facts = {"companies": round(firms, 3), "sole": round(like.sole, 3)}
                candidate.add("gazetteer", 0.0, **facts)
            elif firms >= 0.3 and _header(candidate) < PERSON_ONLY:
                weak = _header(candidate)
                if not any(c.category == _FIRM for c in candidates):
                    twin = Candidate(_FIRM, "")
                    if weak > 0:
                        twin.add("header", weak, token="name")  # noqa: S106  # a lexicon's word
                    twin.add("gazetteer", min(_MOST, 6 * firms), companies=round(firms, 3))
                    candidates.append(twin)
                candidate.add("gazetteer", -2.0, companies=round(firms, 3))
            else:
                candidate.add("gazetteer", 0.0, companies=round(firms, 3))
        elif candidate.category == _FIRM and persons >= _MIXED:
            weight = 0.0 if around.organisation else -2.5
            candidate.add("gazetteer", weight, full_names=round(persons, 3))
