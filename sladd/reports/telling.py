"""What the report says, in words that no format changes: sentences, labels, reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from sladd.model import Category
from sladd.reports import bounds
from sladd.reports.documents import SHOWN
from sladd.reports.facts import Discovery, FieldFacts, TableFacts, certain
from sladd.reports.graph import LinkFacts
from sladd.reports.persons import Persons
from sladd.reports.words import evidence_text
from sladd.writing import Language, in_a_sentence

_CATEGORIES = 4  # named in a sentence


@dataclass(frozen=True, slots=True)
class Told:
    """A highlight with what goes into its sentences.

    Attributes:
        topic: key of the sentences, `top.<topic>`.
        what: which of its sentences says what was found.
        places: addresses to name.
        facts: the other facts, written out.
    """

    topic: str
    what: str
    places: tuple[str, ...]
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """A piece of evidence in words, and whether it speaks against the finding."""

    text: str
    against: bool


def lead(data: Discovery, lang: Language) -> str:
    """The first sentence of the report."""
    if data.ended is None:
        return lang.say("page.never")
    if not data.figures.fields and data.missed:
        return lang.say("page.lead_unread")
    return lang.say(
        "page.lead" if data.figures.personal else "page.lead_none",
        fields=lang.count("fields", data.figures.fields),
        tables=lang.count("tables", data.figures.tables),
        sources=lang.count("sources", data.figures.sources),
        personal=lang.count("fields", data.figures.personal),
    )


_IN_TEXTS = {
    "national_id": ("national_id",), "special": ("art9", "art10"), "credential": ("credential",),
}  # fmt: skip
"""Key figure → legal classes that it counts in columns of their own and in free text alike."""

FIGURES = (
    "fields", "personal", "national_id", "special", "credential", "text", "persons", "undecided",
)  # fmt: skip
"""The key figures, in their order."""


def figure_note(name: str, data: Discovery, lang: Language) -> str:
    """What stands beside a key figure: what it counts, so that it adds up with the others."""
    f = data.figures
    match name:
        case "fields":
            return lang.say("figure.fields_note", tables=lang.count("tables", f.tables))
        case "personal":
            share = lang.percent(f.personal / f.fields) if f.fields else ""
            return lang.say("figure.personal_note", share=share, direct=f.direct) if share else ""
        case "persons":
            return persons_note(data, lang)
        case "undecided":
            return waiting_note(data, lang)
        case "text":
            note = lang.say("figure.text_note")
            return note if f.texts == f.text else lang.say("figure.text_of", n=f.texts, note=note)
        case _:
            note = lang.say(f"figure.{name}_note")
            inside = data.in_texts(*_IN_TEXTS[name])
            return f"{note}; {lang.count('in_texts', inside)}" if inside else note


def persons_note(data: Discovery, lang: Language) -> str:
    """How the persons were estimated."""
    f = data.figures
    return persons_told(Persons(f.persons, f.person_tables, f.loose_rows), lang)


def persons_told(persons: Persons, lang: Language) -> str:
    """How persons were estimated, in a phrase."""
    if not persons.tables:
        return lang.say("figure.persons_none")
    tables = lang.count("tables", persons.tables)
    if persons.loose_rows:
        return lang.say(
            "figure.persons_loose", tables=tables, rows=lang.count("rows", persons.loose_rows)
        )
    return lang.say("figure.persons_note", tables=tables)


def documents_note(data: Discovery, lang: Language) -> str:
    """How many documents were read, and how many of them hold personal data."""
    whole = sum(not each.scan.trouble and not each.scan.unread for each in data.documents)
    note = lang.say(
        "documents.note",
        n=lang.number(whole),
        holding=lang.number(sum(each.total > 0 for each in data.documents)),
        missed=lang.number(len(data.documents) - whole),
    )
    rest = len(data.documents) - SHOWN
    return f"{note} {lang.say('documents.rest', n=lang.number(SHOWN))}" if rest > 0 else note


def waiting_note(data: Discovery, lang: Language) -> str:
    """How much of what needs a decision has none."""
    f = data.figures
    if f.undecided == f.to_decide and not f.reopened:
        return lang.say("figure.undecided_all") if f.undecided else ""
    note = lang.say("figure.undecided_note", all=f.to_decide)
    return f"{note}; {lang.say('figure.reopened_note', n=f.reopened)}" if f.reopened else note


def highlight_facts(data: Discovery, lang: Language) -> list[Told]:
    """The things that matter most, ready for their sentences."""
    told = []
    for item in data.highlights:
        noun = "tables" if item.topic == "headless" else "fields"
        named = [in_a_sentence(text) for text in labels(item.categories[:_CATEGORIES], lang)]
        what = "what"
        if item.topic == "text" and not item.categories:
            what = "what_plain"
        if item.checked is not None:
            what = "what_checked"
        told.append(
            Told(
                item.topic,
                what,
                item.places,
                {
                    noun: _opening(lang.count(noun, item.count), f"top.{item.topic}.title", lang),
                    "categories": lang.list(named),
                    "share": lang.percent(item.checked or 0.0),
                },
            )
        )
    return told


def _opening(count: str, key: str, lang: Language) -> str:
    """A count, with a capital where the title begins with it."""
    return count[:1].upper() + count[1:] if lang.texts[key].startswith("{") else count


def label(category: Category | None, lang: Language) -> str:
    """What a category is called; a dash for none."""
    return lang.label(category) if category else "–"


def labels(categories: Sequence[Category], lang: Language) -> list[str]:
    """What some categories are called."""
    return [lang.label(category) for category in categories]


def reasons(field: FieldFacts, lang: Language) -> list[Reason]:
    """The evidence in words; the same sentence once."""
    about = lang.label(field.category) if field.category else ""
    code = cast("Literal['nb', 'en']", lang.code)
    told = {
        evidence_text(item, code, about=about): Reason("", item.weight < 0)
        for item in field.evidence
    }
    return [Reason(text, reason.against) for text, reason in told.items()]


def rivals(field: FieldFacts, lang: Language) -> str:
    """What else the field might have been, in a few words; "" where nothing came near."""
    told = [
        (in_a_sentence(lang.label(category)), confidence) for category, confidence in field.rivals
    ]
    return "; ".join(
        lang.say("explain.rival", label=name, confidence=lang.percent(certain(confidence)))
        if confidence
        else lang.say("explain.rival_barred", label=name)
        for name, confidence in told
    )


def link_reasons(link: LinkFacts, lang: Language) -> list[Reason]:
    """Why a link is known: its evidence, or what was decided, in words."""
    code = cast("Literal['nb', 'en']", lang.code)
    return [Reason(evidence_text(term, code), term.weight < 0) for term in link.evidence]


def link_goal(link: LinkFacts, lang: Language) -> str:
    """What a link leads to, with the words for a number that is held inside another."""
    return f"{lang.say('graph.embedded')} {link.end}" if link.kind == "embedded" else link.end


def verdict_text(field: FieldFacts, lang: Language) -> str:
    """What was decided, in a few words."""
    match field.state:
        case "changed" if field.category:
            return lang.say("verdict.changed", category=in_a_sentence(lang.label(field.category)))
        case "confirmed" | "rejected" | "reopened" as said:
            return lang.say(f"verdict.{said}")
        case _:
            return lang.say("verdict.none" if field.kind != "linked" else "verdict.linked")


def shortened(address: str, source: str) -> str:
    """An address within its source."""
    return address.removeprefix(f"{source}/")


def path_text(table: TableFacts, lang: Language) -> str:
    """How a table leads to a person; "" where nothing is to say."""
    if not table.person_path:
        told = any(field.kind in {"direct", "national_id"} for field in table.fields)
        return lang.say("table.no_path") if told else ""
    if table.root:
        return lang.say("table.about")
    source = table.address.split("/", 1)[0]
    return lang.say(
        "table.path", path=" → ".join(shortened(step, source) for step in table.person_path)
    )


def share_read(table: TableFacts, lang: Language) -> str:
    """The share of a table's rows that was looked at."""
    if table.complete:
        return lang.percent(1.0)
    if not table.total:
        return lang.say("coverage.unknown")
    return lang.percent(min(1.0, table.rows / table.total))


def upper_bound(table: TableFacts) -> float | None:
    """The bound for fields without findings; only rows drawn at random one by one give one."""
    if table.drawn != "random_rows" or table.rows <= 0:
        return None
    return bounds.upper_bound(table.rows)
