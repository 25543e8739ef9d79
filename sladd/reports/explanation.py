"""Why a field is what the scan says: the evidence sum, term by term, in words or as data.

The parameters of the sum are handed in (`Sum`): the scanner owns them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from sladd.catalog import CatalogField
from sladd.model import Category, Evidence, How
from sladd.reports.facts import CONFIDENCE, two_digits
from sladd.reports.findings import holds, revealed, state
from sladd.reports.language import language
from sladd.reports.names import Names
from sladd.reports.words import evidence_text
from sladd.taxonomy import Taxonomy
from sladd.writing import Language, figures, in_a_sentence

FORMAT = 1
_NOTHING = 0.005  # a term that rounds to 0.00


@dataclass(frozen=True, slots=True)
class Family:
    """The signals of one kind, and what they may say together.

    Attributes:
        name: `value`, `name`, `structure`, `key`.
        terms: its evidence, the strongest first.
        total: sum of their weights. held: the same within floor and ceiling.
        slope: what the held sum is multiplied by.
    """

    name: str
    terms: tuple[Evidence, ...]
    total: float
    held: float
    slope: float


@dataclass(frozen=True, slots=True)
class Sum:
    """A finding's evidence as the scanner adds it up.

    Attributes:
        log_odds: intercept and families. confidence: as a probability 0-1.
        threshold: probability from which a finding is reported.
        strongest: the term without which the confidence falls most; None where none helps.
        without: the confidence then.
        name_most: the most log-odds that a column's name can add.
    """

    intercept: float
    families: tuple[Family, ...]
    log_odds: float
    confidence: float
    threshold: float
    strongest: Evidence | None
    without: float
    name_most: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """One field with the sum of its evidence.

    Attributes:
        shown: its address as it may be shown.
        label_key: taxonomy key that the sum speaks for; of a field without a finding the one
            that came nearest, or "".
        basis: `sum`, or why the stated confidence is another: `linked`, `nested`, `part`,
            `barred`, `empty`.
    """

    field: CatalogField
    shown: str
    label_key: str
    added: Sum
    basis: str


def lines(told: Explanation, taxonomy: Taxonomy, known: Names, lang: str) -> list[str]:
    """The explanation as lines of text.

    Args:
        told: the field and its sum.
        taxonomy: for labels.
        known: masks names that are personal data.
        lang: `nb` or `en`.
    """
    words = language(lang)
    return [
        *_head(told, taxonomy, words),
        *_sum(told, taxonomy, known, words),
        *_rivals(told, taxonomy, words),
        *_decision(told, taxonomy, words),
        *_change(told, taxonomy, known, words),
    ]


def as_data(told: Explanation, taxonomy: Taxonomy, known: Names, lang: str) -> dict[str, Any]:
    """The explanation as plain data (format 1), ready for JSON."""
    category, how = holds(told.field)
    finding, added = told.field.scan.finding, told.added
    say = _teller(taxonomy, known, language(lang), told.label_key)
    return {
        "format": FORMAT,
        "field": told.shown,
        "how": how.value,
        "category": category,
        "nearest": told.label_key if how is How.NONE else "",
        "also": list(finding.also) if how is not How.NONE else [],
        "may_reveal": [k for k in revealed(told.field) if k in taxonomy and taxonomy[k].may_reveal],
        "confidence": finding.confidence,
        "basis": told.basis,
        "intercept": added.intercept,
        "families": [
            {
                "family": family.name,
                "terms": [
                    {"signal": e.signal, "weight": e.weight, "text": say(e)} for e in family.terms
                ],
                "sum": round(family.total, 2),
                "held": round(family.held, 2),
                "slope": family.slope,
                "contribution": round(family.slope * family.held, 3),
            }
            for family in added.families
        ],
        "log_odds": round(added.log_odds, 3),
        "computed": added.confidence,
        "threshold": added.threshold,
        "without_strongest": None
        if added.strongest is None
        else {"signal": added.strongest.signal, "confidence": added.without},
        "rivals": [
            {"category": rival.category, "confidence": rival.confidence} for rival in finding.rivals
        ],
        "rows": told.field.scan.rows,
        "verdict": state(told.field.verdict),
    }


def _teller(taxonomy: Taxonomy, known: Names, words: Language, key: str) -> Any:
    about = _label(taxonomy, words, key) if key in taxonomy else ""
    code = cast("Literal['nb', 'en']", words.code)
    return lambda evidence: evidence_text(known.evidence(evidence), code, about=about)


def _label(taxonomy: Taxonomy, words: Language, key: str) -> str:
    category: Category | None = taxonomy.categories.get(key)
    return words.label(category) if category else key


def _two(value: float, words: Language) -> str:
    """A number with two decimals and its sign, as the language writes it."""
    return _written(f"{value:+.2f}", words)


def _written(text: str, words: Language) -> str:
    text = text.replace("-", "−")
    return text.replace(".", ",") if words.code == "nb" else text


def _sure(confidence: float, words: Language) -> str:
    return _written(two_digits(confidence), words)


def _head(told: Explanation, taxonomy: Taxonomy, words: Language) -> list[str]:
    category, how = holds(told.field)
    label = in_a_sentence(_label(taxonomy, words, category)) + (
        f" ({category})" if category else ""
    )
    first = words.say(f"explain.{how.value}", field=told.shown, label=label)
    confidence = told.field.scan.finding.confidence
    if how is not How.NONE:
        word = next(word for least, word in CONFIDENCE if confidence >= least)
        stated = words.say(
            "explain.stated",
            confidence=_sure(confidence, words),
            sureness=words.say(f"confidence.{word}"),
        )
        first += f", {stated}"
    found = [first]
    held = revealed(told.field)
    inside = [_label(taxonomy, words, key) for key in held[1:]]
    if inside:
        found.append(words.say("explain.also", labels=words.list(list(map(in_a_sentence, inside)))))
    reveal = [k for k in held if k in taxonomy and taxonomy[k].may_reveal]
    if reveal:
        named = [in_a_sentence(_label(taxonomy, words, key)) for key in reveal]
        found.append(words.say("explain.reveal", labels=words.list(named)))
    scan = told.field.scan
    found.append(words.say("explain.rows", rows=scan.rows, values=scan.rows - scan.nulls))
    return found


def _sum(told: Explanation, taxonomy: Taxonomy, known: Names, words: Language) -> list[str]:
    added, found = told.added, [""]
    if told.basis != "sum":
        found += [words.say(f"explain.basis_{told.basis}"), ""]
    if told.basis == "empty":
        return found[:-1]
    say = _teller(taxonomy, known, words, told.label_key)
    for family in added.families:
        if not family.terms:
            continue
        found.append(_line(family.slope * family.held, _family(family, words), words))
        found += [
            _line(term.weight, say(term), words, indent=4)
            for term in family.terms
            if abs(term.weight) >= _NOTHING or term.signal == "children"
        ]
    found.append(_line(added.intercept, words.say("explain.intercept"), words))
    found.append(_line(added.log_odds, words.say("explain.log_odds"), words))
    probability = f"  {_sure(added.confidence, words):>7}  {words.say('explain.confidence')}"
    threshold = words.say("explain.threshold", threshold=_sure(added.threshold, words))
    return [*found, f"{probability}. {threshold}"]


def _family(family: Family, words: Language) -> str:
    name = words.texts.get(f"explain.family_{family.name}", words.say("explain.family_other"))
    total, held = _two(family.total, words), _two(family.held, words)
    cut = abs(family.total - family.held) >= _NOTHING
    inside = (
        words.say("explain.family_held", sum=total, held=held)
        if cut
        else words.say("explain.family_sum", sum=total)
    )
    slope = words.say("explain.times", slope=_written(f"{family.slope:.2f}", words))
    return f"{name}: {inside}, {slope}"


def _line(value: float, text: str, words: Language, *, indent: int = 2) -> str:
    return f"{' ' * indent}{_two(value, words):>7}  {text}"


def _rivals(told: Explanation, taxonomy: Taxonomy, words: Language) -> list[str]:
    rivals = told.field.scan.finding.rivals
    if not rivals:
        return []
    nothing = told.field.scan.finding.how is How.NONE
    heading = words.say("explain.nearest" if nothing else "explain.rivals")
    return ["", f"{heading}:"] + [
        f"  {rival_text(r.confidence, _label(taxonomy, words, r.category), words)}" for r in rivals
    ]


def rival_text(confidence: float, label: str, words: Language) -> str:
    """What else a field might have been, and how likely that was."""
    if confidence == 0:
        return words.say("explain.rival_barred", label=label)
    return words.say("explain.rival", label=label, confidence=_sure(confidence, words))


def _decision(told: Explanation, taxonomy: Taxonomy, words: Language) -> list[str]:
    verdict = told.field.verdict
    if verdict is not None:
        said = words.say(
            f"verdict.{state(verdict)}",
            category=in_a_sentence(_label(taxonomy, words, verdict.category)),
        )
        by = words.say("verdict.by", by=verdict.by, day=figures.day(verdict.at.date(), words.code))
        text = f"{said} {by}" + (f": {verdict.reason}" if verdict.reason else "")
        if verdict.reopened:
            text += f". {words.say('verdict.reopened_note')}"
    else:
        nothing = told.field.scan.finding.how in {How.NONE, How.LINKED}
        text = words.say("explain.nothing" if nothing else "explain.waiting")
    return ["", f"{words.say('explain.verdict')}: {text}"]


def _change(told: Explanation, taxonomy: Taxonomy, known: Names, words: Language) -> list[str]:
    added, scan = told.added, told.field.scan
    found: list[str] = []
    if scan.rows == scan.nulls:
        found.append(words.say("explain.empty"))
    if scan.finding.how is How.NONE and told.basis != "barred":
        lacks = _written(f"{-added.log_odds:.2f}", words)
        if added.log_odds < 0:
            most = _written(f"{added.name_most:.2f}", words)
            found.append(words.say("explain.missing", lacks=lacks, name=most))
    elif told.basis == "sum" and added.strongest is not None:
        sign = _teller(taxonomy, known, words, told.label_key)(added.strongest)
        found.append(
            words.say(
                "explain.without",
                sign=in_a_sentence(sign),
                confidence=_sure(added.without, words),
            )
        )
    found.append(words.say("explain.decide", field=told.shown))
    return ["", f"{words.say('explain.change')}:", *(f"  {line}" for line in found)]


def of_family(
    evidence: Sequence[Evidence], families: Mapping[str, str]
) -> dict[str, tuple[Evidence, ...]]:
    """Evidence by family, the strongest first; what no family knows stands under `other`."""
    found: dict[str, list[Evidence]] = {}
    for item in evidence:
        found.setdefault(families.get(item.signal, "other"), []).append(item)
    return {
        name: tuple(sorted(items, key=lambda e: (-abs(e.weight), e.signal)))
        for name, items in found.items()
    }
