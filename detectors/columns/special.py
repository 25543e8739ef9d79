"""Quasi-identifiers and special categories that lists of words tell: one signal for each.

A list speaks for a column by its own weight only where several different values stand in it and
neither the table nor the name speaks of things. What the lists cannot tell apart (`norsk` is a
language and a nationality, `egg` an allergen and a food) they say only under a name that does.

Products are left alone: a table of them is never a finding, and neither is a product's name in
someone's order, though it may reveal (CJEU C-21/23). The purchase history is personal as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from detectors.columns.header_match import HeaderMatch
from detectors.columns.health_codes import code_weights
from detectors.columns.profile import Profile
from detectors.columns.tables import IMPERSONAL
from detectors.columns.weighing import Candidate
from detectors.columns.word_lists import JOB, READ, list_weights, plain
from detectors.special_words import cells
from sladd.model import StorageType

HEALTH = "user.health_and_medical"
BELIEF = "user.demographic.religious_belief"
SPECIAL = (
    HEALTH, "user.biometric", "user.criminal_history", "user.demographic.religious_belief",
    "user.demographic.political_opinion", "user.demographic.trade_union",
    "user.demographic.race_ethnicity", "user.demographic.sexual_orientation",
)  # fmt: skip
"""Categories of GDPR art. 9 and 10, by prefix."""

_LISTED = (*SPECIAL, "user.demographic", JOB, "user.education", "user.contact.address.country")
_NAMED_SURE = 3.0  # a name of this weight says what the column is, if not this list's
_PAY = ("user.financial.salary", "user.financial.income")
_FEWEST_AMOUNTS = 5  # different numbers, below which nothing can be said of where they lie
# A judgement: flags and grades end at ten, pay by the hour in euros or kroner does not, and no
# year's pay in kroner is higher.
_LOWEST, _HIGHEST = 10.0, 50e6
_AMOUNT = regex.compile(r"\s*(-?\d[\d\s\u00a0]*(?:[.,]\d+)?)\s*(?:kr|nok|,-)?\s*", regex.IGNORECASE)


def add_special(
    candidates: list[Candidate],
    headers: Sequence[HeaderMatch],
    column: Profile,
    kind: str,
    *,
    texts: bool,
) -> None:
    """Let the lists of words and codes speak for a column.

    Args:
        candidates: so far; grows.
        headers: what its name says.
        column: its values.
        kind: of the table (`tables.csv`).
        texts: it reads as free text, whose words are found one by one.
    """
    named = {c.category for c in candidates if any(
        e.signal == "header" and e.weight > 0 for e in c.evidence)}  # fmt: skip
    _mute(candidates, kind)
    _amounts(candidates, column)
    if column.type is not StorageType.STRING or not len(column.values):
        return
    if texts or any(not c.barred and c.rank < 1000 for c in candidates):
        return  # sentences, or values that a rule explains
    surely = any(m.category and m.weight >= _NAMED_SURE for m in headers)
    if surely and not any(category.startswith(_LISTED) for category in named):
        return
    signals = {
        category: ("gazetteer", weight)
        for weights in list_weights(column, named, kind)
        for category, weight in weights.items()
        if weight
    }
    for signal, weight in code_weights(column, named=HEALTH in named).items():
        if weight > signals.get(HEALTH, ("", 0.0))[1]:
            signals[HEALTH] = (signal, weight)
    thing = next((m for m in headers if not m.category), None)
    for category, (signal, weight) in sorted(signals.items()):
        own = [c for c in candidates if c.category == category]
        if not own:
            if surely or kind in IMPERSONAL or kind == "organisation":
                continue
            own = [Candidate(category, "")]
            candidates.extend(own)
            if thing is not None:
                own[0].add("header", -thing.weight, token=thing.token)
        for candidate in own:
            if category == HEALTH and signal == "gazetteer" and _also_belief(column):
                candidate.also = (BELIEF,)
            candidate.add(
                signal, round(weight, 2), distinct=len(column.values),
                **{"codes" if signal == "pattern" else "lexicon": category},
            )  # fmt: skip


def _also_belief(column: Profile) -> bool:
    """Whether some of the diets tell of a faith: halal, kosher."""
    book = cells(("person",))
    return any(BELIEF in book.categories(plain(cell)) for cell in column.drawn(READ))


def _amounts(candidates: Sequence[Candidate], column: Profile) -> None:
    """Pay under its own name: numbers that can be pay by the hour or more, or flags and grades."""
    named = [c for c in candidates if c.category in _PAY]
    if not named or len(column.values) < _FEWEST_AMOUNTS:
        return
    found = [_AMOUNT.fullmatch(cell) for cell in column.drawn(READ)]
    numbers = sorted(
        float(regex.sub(r"[\s\u00a0]", "", m[1]).replace(",", ".")) for m in found if m
    )
    if len(numbers) < 0.8 * len(found):
        return
    middle = numbers[len(numbers) // 2]
    low = numbers[-1] <= _LOWEST
    if low or _LOWEST < middle < _HIGHEST:
        for candidate in named:
            candidate.add("amounts", -1.0 if low else 0.5, distinct=len(column.values))


def _mute(candidates: Sequence[Candidate], kind: str) -> None:
    """A company, a shop or a warehouse has a position, and no illness."""
    if kind != "organisation":
        return
    for candidate in candidates:
        if candidate.category.startswith((*SPECIAL, "user.location.precise")):
            candidate.add("context", -4.0, table=kind)
