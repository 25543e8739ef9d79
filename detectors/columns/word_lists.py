"""What lists of words say of a column: nationalities, titles, diets, unions and the rest.

Data: `lexicon/special/*.csv`. A list speaks by its own weight only where three different words of
it stand in the column; under a name that says so, every word counts.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import sqrt

import regex

from detectors.columns.profile import Profile
from detectors.special_words import USES, cells

Weights = dict[str, float]
"""Category → log-odds."""

GENDER = "user.demographic.gender"
LANGUAGE = "user.demographic.language"
JOB = "user.job_title"
_COUNTRIES = (
    "user.demographic.nationality", "user.demographic.country_of_birth",
    "user.contact.address.country",
)  # fmt: skip
# Stems of international nonproprietary names, in English and Norwegian spelling. Source: WHO,
# "The use of stems in the selection of international nonproprietary names".
_DRUG = regex.compile(
    r"[\pL-]{2,}(?:olol|[aeio]pril|sartan|dipine?|statine?|prazole?|tidine?|cillin|cycline?|syklin|floxacin|"
    r"floksacin|mycin|mysin|azepam|zolam|oxetine?|oksetin|triptan|gliptine?|gliflozin|glutide?|[lmtzs][io]?mab|"
    r"tinib|ciclovir|[ck]onazole?|setron|parine?|gatran|[xk]s?aban|dronate?|lukast|terole?|tropium|"
    r"caine|kain|fibrate?|semide?|thiazide?|tiazid|formine?|profene?|triptyline?|triptylin)"
)
_DRUG_LETTERS = 7  # `april` is a month
_HEALTH = "user.health_and_medical"
READ = 400
"""Distinct values looked up: the error of a share is below 5 %."""

_SHORT = 48  # characters: a longer value is a text, not a word of a list
_FEWEST = 3  # different words of a list, below which it does not speak unasked
_NEUTRAL = frozenset({
    # Answers that say neither the one nor the other.
    "-", "—", "n/a", "na", "nei", "no", "ja", "yes", "ingen", "ingenting", "none", "nothing",
    "ukjent", "ukjend", "unknown", "annet", "anna", "other", "diverse", "u", "x", "?", "null",
    "usikker", "uoppgitt", "ikke oppgitt", "ikkje oppgitt", "vet ikke", "veit ikkje",
    "not specified", "prefer not to say", "don't know", "ønsker ikke å svare",
})  # fmt: skip
_PARTS = regex.compile(r"[,;/+&|()]|\s(?:og|and|samt)\s")
_GENDERS = (
    frozenset({"m", "k"}), frozenset({"m", "f"}), frozenset({"m", "w"}), frozenset({"f", "m"}),
    frozenset({"mann", "kvinne"}), frozenset({"mann", "kvinna"}), frozenset({"mann", "dame"}),
    frozenset({"male", "female"}), frozenset({"man", "woman"}), frozenset({"gutt", "jente"}),
    frozenset({"boy", "girl"}), frozenset({"männlich", "weiblich"}), frozenset({"mand", "kvinde"}),
    frozenset({"mies", "nainen"}), frozenset({"man", "vrouw"}), frozenset({"poika", "tyttö"}),
    frozenset({"man", "kvinna"}), frozenset({"homme", "femme"}), frozenset({"herr", "frau"}), frozenset({"hr", "fru"}), frozenset({"hr.", "fru"}),
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
    r"chef|innkjøper|bokholder|"  # and of Danish, Swedish and German ones
    r"medarbejder|bogholder|sælger|indkøber|udvikler|arbejder|lærer|rådgiver|mekaniker|sagsbehandler|"
    r"medarbetare|säljare|inköpare|utvecklare|ingenjör|handläggare|rådgivare|lärare|samordnare|arbetare|"
    r"leiter(?:in)?|berater(?:in)?|verkäufer(?:in)?|kaufmann|kauffrau|techniker(?:in)?|"
    r"sachbearbeiter(?:in)?|entwickler(?:in)?|buchhalter(?:in)?|einkäufer(?:in)?|fachkraft|assistentin|"
    # of Finnish and Dutch ones
    r"päällikkö|työntekijä|johtaja|asiantuntija|insinööri|hoitaja|suunnittelija|kehittäjä|myyjä|opettaja|"
    r"kuljettaja|avustaja|sihteeri|assistentti|teknikko|asentaja|kirjanpitäjä|ostaja|konsultti|esimies|neuvoja|graafikko|"
    r"medewerk(?:er|ster)|beheerder|adviseur|verkoper|verkoopster|monteur|chauffeur|leraar|verpleegkundige|"
    r"boekhoud(?:er|ster)|ontwikkelaar|inkoper|directeur|vormgever|bestuurder|"
    r"(?:\b(?:manager|engineer|developer|consultant|officer|director|assistant|specialist|"
    r"analyst|technician|worker|nurse|teacher|driver|clerk|coordinator|representative|"
    r"supervisor|accountant|administrator|executive|architect|agent|planner|recruiter|tester|"
    r"strategist|producer|editor|lead)s?))(?:\s+(?:i{1,3}|iv|[1-4]))?$",
    regex.IGNORECASE,
)


def list_weights(column: Profile, named: set[str], kind: str) -> list[Weights]:
    """Log-odds by category, of each list.

    Args:
        column: of strings.
        named: categories that its name speaks of.
        kind: of the table (`tables.csv`).
    """
    read = [plain(cell) for cell in column.drawn(READ)]
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


def plain(cell: str) -> str:
    """A cell as the lists are written: NFC, case folded, one blank between words."""
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
                of_part = (
                    {*demographic.get(part, ()), *book.categories(part), *_drug(part)}
                    if part
                    else ()
                )
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


def _drug(part: str) -> tuple[str, ...]:
    """Health, where a word is made as the names of medicines are."""
    long = len(part) >= _DRUG_LETTERS
    return (_HEALTH,) if long and _DRUG.fullmatch(part) else ()


def _alone(parts: set[str], category: str, kind: str) -> int:
    """How many of these words count without a name."""
    book, demographic = cells(USES[:3]), _demographic()
    persons = cells(("person",))
    alone = {
        p for p in parts if category in {*demographic.get(p, ()), *book.categories(p), *_drug(p)}
    }
    of_persons = {p for p in parts if category in persons.categories(p)}
    return len(alone | of_persons if kind == "person" else alone - of_persons)


def _unasked(different: int, share: float) -> float:
    """Log-odds of a list without a name: 3 words of a list are rarely an accident, 5 never.

    The rest of the cells may be words that no list has, so half of them take less than half away.
    """
    return (3.4, 3.9, 4.3)[min(different - _FEWEST, 2)] * sqrt(share)


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
        for term in map(plain, row["terms"].split("|")):
            found[term] = found.get(term, frozenset()) | {row["category"]}
    return found


@cache
def _occupations() -> frozenset[str]:
    return frozenset(plain(t) for row in _rows("occupations") for t in row["terms"].split("|"))


@cache
def _countries() -> frozenset[str]:
    """ISO 3166-1 codes and names in nb, nn and en. Source: CLDR."""
    return frozenset(plain(name) for row in _rows("countries") for name in row.values() if name)


@cache
def _language_names() -> frozenset[str]:
    """ISO 639 codes, alone and with a country, and names in nb, nn and en. Source: CLDR."""
    names = {plain(name) for row in _rows("languages") for name in row.values()}
    regions = ("no", "se", "dk", "gb", "us", "de", "fr", "pl", "fi", "es")
    codes = {row["code"] for row in _rows("languages")}
    joined = {f"{code}{sign}{place}" for code in codes for sign in "-_" for place in regions}
    return frozenset(names | joined | {"bokmål", "nynorsk", "samisk", "norsk (bokmål)"})


def _rows(name: str) -> list[dict[str, str]]:
    place = files("detectors.lexicon").joinpath("special", f"{name}.csv")
    with place.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
