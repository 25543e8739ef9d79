"""Quasi-identifiers and special categories that lists of words tell: one signal for each.

A list speaks for a column by its own weight only where several different values stand in it and
neither the table nor the name speaks of things. What the lists cannot tell apart (`norsk` is a
language and a nationality, `egg` an allergen and a food) they say only under a name that does.

Products are left alone: a table of them is never a finding, and neither is a product's name in
someone's order, though it may reveal (CJEU C-21/23). The purchase history is personal as it is.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import regex

from detectors.columns.headers import HeaderMatch
from detectors.columns.health_codes import code_weights
from detectors.columns.profile import Profile
from detectors.columns.tables import IMPERSONAL
from detectors.columns.weighing import Candidate
from detectors.special_words import USES, cells
from sladd.model import StorageType

Weights = dict[str, float]
"""Category → log-odds."""

HEALTH = "user.health_and_medical"
BELIEF = "user.demographic.religious_belief"
GENDER = "user.demographic.gender"
LANGUAGE = "user.demographic.language"
JOB = "user.job_title"
_COUNTRIES = (
    "user.demographic.nationality", "user.demographic.country_of_birth",
    "user.contact.address.country",
)  # fmt: skip
SPECIAL = (
    HEALTH, "user.biometric", "user.criminal_history", "user.demographic.religious_belief",
    "user.demographic.political_opinion", "user.demographic.trade_union",
    "user.demographic.race_ethnicity", "user.demographic.sexual_orientation",
)  # fmt: skip
"""Categories of GDPR art. 9 and 10, by prefix."""

_LISTED = (*SPECIAL, "user.demographic", JOB, "user.education", "user.contact.address.country")
_READ = 400  # distinct values looked up: the error of a share is below 5 %
_SHORT = 48  # characters: a longer value is a text, not a word of a list
_FEWEST = 3  # different words of a list, below which it does not speak unasked
_NAMED_SURE = 3.0  # a name of this weight says what the column is, if not this list's
_PAY = ("user.financial.salary", "user.financial.income")
_FEWEST_AMOUNTS = 5  # different numbers, below which nothing can be said of where they lie
# A judgement: flags and grades end at ten, pay by the hour in euros or kroner does not, and no
# year's pay in kroner is higher.
_LOWEST, _HIGHEST = 10.0, 50e6
_AMOUNT = regex.compile(r"\s*(-?\d[\d\s\u00a0]*(?:[.,]\d+)?)\s*(?:kr|nok|,-)?\s*", regex.IGNORECASE)
_NEUTRAL = frozenset(
    # Answers that say neither the one nor the other.
    "- — n/a na nei no ja yes ingen ingenting none nothing ukjent ukjend unknown annet anna "  # noqa: SIM905
    "other diverse u x ? null ikke oppgitt ikkje oppgitt vet ikke veit ikkje usikker uoppgitt "
    "not specified prefer not to say".split()
) | {"ikke oppgitt", "ikkje oppgitt", "vet ikke", "veit ikkje", "not specified",
     "prefer not to say", "don't know", "ønsker ikke å svare"}  # fmt: skip
_PARTS = regex.compile(r"[,;/+&|()]|\s(?:og|and|samt)\s")
_GENDERS = (
    frozenset({"m", "k"}), frozenset({"m", "f"}), frozenset({"m", "w"}), frozenset({"f", "m"}),
    frozenset({"mann", "kvinne"}), frozenset({"mann", "kvinna"}), frozenset({"mann", "dame"}),
    frozenset({"male", "female"}), frozenset({"man", "woman"}), frozenset({"gutt", "jente"}),
    frozenset({"boy", "girl"}), frozenset({"hr", "fru"}), frozenset({"hr.", "fru"}),
    frozenset({"herr", "fru"}), frozenset({"mr", "mrs"}), frozenset({"mr.", "mrs."}),
    frozenset({"mr", "ms"}), frozenset({"mr.", "ms."}),
)  # fmt: skip
_TITLE = regex.compile(
    # Heads of job titles; a compound ends with its head.
    r"(?:sjef|leder|leiar|ingeniør|konsulent|arbeider|arbeidar|direktør|medarbeider|medarbeidar|"
    r"assistent|mekaniker|mekanikar|tekniker|teknikar|utvikler|utviklar|rådgiver|rådgjevar|"
    r"selger|seljar|lærer|lærar|pleier|pleiar|terapeut|fører|førar|operatør|montør|koordinator|"
    r"sekretær|ansvarlig|ansvarleg|forvalter|forvaltar|arkitekt|analytiker|analytikar|økonom|"
    r"jurist|advokat|inspektør|behandler|handsamar|fullmektig|mester|meister|spesialist|pedagog|"
    r"(?:\b(?:manager|engineer|developer|consultant|officer|director|assistant|specialist|"
    r"analyst|technician|worker|nurse|teacher|driver|clerk|coordinator|representative|"
    r"supervisor|accountant|administrator|executive|architect|agent|planner|recruiter|tester|"
    r"strategist|producer|editor|lead)s?))(?:\s+(?:i{1,3}|iv|[1-4]))?$",
    regex.IGNORECASE,
)


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
        for weights in _weights(column, named, kind)
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
    return any(BELIEF in book.categories(_plain(cell)) for cell in column.drawn(_READ))


def _amounts(candidates: Sequence[Candidate], column: Profile) -> None:
    """Pay under its own name: numbers that can be pay by the hour or more, or flags and grades."""
    named = [c for c in candidates if c.category in _PAY]
    if not named or len(column.values) < _FEWEST_AMOUNTS:
        return
    found = [_AMOUNT.fullmatch(cell) for cell in column.drawn(_READ)]
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


def _weights(column: Profile, named: set[str], kind: str) -> list[Weights]:
    """Log-odds by category, of each list."""
    read = [_plain(cell) for cell in column.drawn(_READ)]
    told = [cell for cell in read if cell and cell not in _NEUTRAL]
    if not told:
        return []
    found = [_words(told, named, kind), _titles(told, named=JOB in named)]
    if any(category in named for category in _COUNTRIES):
        found.append(_of_countries(told, named))
    if kind in {"person", "address"}:  # elsewhere it is the language of a text
        found.append(_languages(told, named=LANGUAGE in named))
    if GENDER not in named:
        found.append(_genders(told, int(column.counts.sum())))
    return found


def _plain(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell).casefold().split())


def _words(told: Sequence[str], named: set[str], kind: str) -> Weights:
    """Of the lists of words in which a cell, or a part of it, stands."""
    hits: Counter[str] = Counter()
    different: dict[str, set[str]] = {}
    book, demographic = cells(), _demographic()
    for cell in told:
        categories: set[str] = set()
        if len(cell) <= _SHORT:
            for part in (cell, *(p.strip() for p in _PARTS.split(cell))):
                of_part = {*demographic.get(part, ()), *book.categories(part)} if part else ()
                for category in of_part:
                    different.setdefault(category, set()).add(part)
                categories.update(of_part)
        hits.update(categories)
    weights: Weights = {}
    for category, count in hits.items():
        share = count / len(told)
        if category in named:
            weights[category] = 2.5 * share
        elif (
            share >= 0.5
            and category != "user.demographic.nationality"  # nor can they tell it from a language
            and (alone := _alone(different[category], category, kind)) >= _FEWEST
        ):  # fmt: skip
            weights[category] = _unasked(alone, share)
    return weights


def _alone(parts: set[str], category: str, kind: str) -> int:
    """How many of these words count without a name."""
    book, demographic = cells(USES[:3]), _demographic()
    persons = cells(("person",))
    alone = {p for p in parts if category in {*demographic.get(p, ()), *book.categories(p)}}
    of_persons = {p for p in parts if category in persons.categories(p)}
    return len(alone | of_persons if kind == "person" else alone - of_persons)


def _unasked(different: int, share: float) -> float:
    """Log-odds of a list without a name: 3 words of a list are rarely an accident, 5 never."""
    return (3.4, 3.9, 4.3)[min(different - _FEWEST, 2)] * share


def _titles(told: Sequence[str], *, named: bool) -> Weights:
    known = _occupations()
    hit = [cell for cell in told if cell in known or (len(cell) <= _SHORT and _TITLE.search(cell))]
    share = len(hit) / len(told)
    if named:
        return {JOB: 1.5 * share}
    # Departments and kinds of customers share words with titles: more of them are asked for.
    enough = share >= 0.6 and len(hit) >= 5
    return {JOB: 4.0 * share} if enough else {}


def _of_countries(told: Sequence[str], named: set[str]) -> Weights:
    known = _countries()
    adjectives = _demographic()
    hits = sum(c in known or "user.demographic.nationality" in adjectives.get(c, ()) for c in told)
    share = hits / len(told)
    weights: Weights = {}
    for category in named.intersection(_COUNTRIES):
        weight = 1.2 * share
        if share < 0.2 and len(told) >= 5 and category != "user.demographic.country_of_birth":
            weight = -1.5  # a city of birth is a place all the same
        weights[category] = weight
    return weights


def _languages(told: Sequence[str], *, named: bool) -> Weights:
    known = _language_names()
    share = sum(cell in known for cell in told) / len(told)
    # `nb` and `nn` are languages and little else; `no`, `en`, `de` are countries and words too.
    norwegian = {"nb", "nn", "nb-no", "nn-no", "nb_no", "nn_no", "bokmål", "nynorsk"} & set(told)
    if named:
        return {LANGUAGE: 1.2 * share}
    enough = share >= 0.9 and len(told) >= 2 and norwegian
    return {LANGUAGE: 3.0} if enough else {}


def _genders(told: Sequence[str], rows: int) -> Weights:
    """Two words that are the two genders, seen often, and nothing else."""
    if rows < 10 or frozenset(told) not in _GENDERS:
        return {}
    return {GENDER: 3.5 if max(map(len, told)) > 1 else 3.2}


@cache
def _demographic() -> Mapping[str, frozenset[str]]:
    """Nationalities, marital statuses, levels of education: word → categories."""
    found: dict[str, frozenset[str]] = {}
    for row in _rows("demographic"):
        for term in map(_plain, row["terms"].split("|")):
            found[term] = found.get(term, frozenset()) | {row["category"]}
    return found


@cache
def _occupations() -> frozenset[str]:
    return frozenset(_plain(t) for row in _rows("occupations") for t in row["terms"].split("|"))


@cache
def _countries() -> frozenset[str]:
    """ISO 3166-1 codes and names in nb, nn and en. Source: CLDR."""
    return frozenset(_plain(name) for row in _rows("countries") for name in row.values() if name)


@cache
def _language_names() -> frozenset[str]:
    """ISO 639 codes, alone and with a country, and names in nb, nn and en. Source: CLDR."""
    names = {_plain(name) for row in _rows("languages") for name in row.values()}
    regions = ("no", "se", "dk", "gb", "us", "de", "fr", "pl", "fi", "es")
    codes = {row["code"] for row in _rows("languages")}
    joined = {f"{code}{sign}{place}" for code in codes for sign in "-_" for place in regions}
    return frozenset(names | joined | {"bokmål", "nynorsk", "samisk", "norsk (bokmål)"})


def _rows(name: str) -> list[dict[str, str]]:
    place = files("detectors.lexicon").joinpath("special", f"{name}.csv")
    with place.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
