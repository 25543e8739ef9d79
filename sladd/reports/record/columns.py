"""The columns of the record, and what stands in them.

They follow the template that Datatilsynet publishes for controllers: what art. 30(1) requires is
marked, what is useful beside it is not. https://www.datatilsynet.no (Protokoll over
behandlingsaktiviteter)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sladd.model import Category, Persons, Transfer
from sladd.reports.record.facts import ActivityFacts
from sladd.taxonomy import Taxonomy
from sladd.writing import Language, figures

PROFILING = ("user.behavior.profiling", "user.financial.credit_rating")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in texts, whether art. 30(1) requires it, its width in characters."""

    key: str
    required: bool
    width: int


COLUMNS = (
    Column("name", False, 26),
    Column("purpose", True, 40),
    Column("bases", False, 34),
    Column("conditions", False, 30),
    Column("persons", True, 26),
    Column("categories", True, 44),
    Column("special", False, 14),
    Column("national_id", False, 24),
    Column("children", False, 10),
    Column("profiling", False, 12),
    Column("recipients", True, 30),
    Column("transfer", True, 32),
    Column("retention", True, 34),
    Column("measures", True, 44),
    Column("processor", False, 26),
    Column("joint", True, 24),
    Column("systems", False, 40),
    Column("contact", False, 22),
    Column("reviewed", False, 20),
    Column("missing", False, 34),
)


def cells(each: ActivityFacts, taxonomy: Taxonomy, lang: Language) -> Mapping[str, str]:
    """Key of a column → its text, for one activity. Free texts stand as they were written."""
    activity = each.activity
    named = categories(each, taxonomy)
    held = _held(each, named)
    return {
        "name": activity.name,
        "purpose": activity.purpose,
        "bases": _lines([lang.say(f"basis.{b.value}") for b in activity.bases], activity.basis_note),
        "conditions": _lines(
            [lang.say(f"condition.{c.value}") for c in activity.conditions],
            activity.condition_note,
        ),
        "persons": _listed([lang.say(f"persons.{p.value}") for p in activity.persons],
                           activity.other_persons),
        "categories": ", ".join(lang.label(c) for c in named),
        "special": _yes(any(c.legal_class in {"art9", "art10"} for c in held), lang),
        "national_id": _national_id(each, held, lang),
        "children": _yes(
            Persons.CHILD in activity.persons or any(c.legal_class == "child" for c in held), lang
        ),
        "profiling": _yes(any(c.key in PROFILING for c in held), lang),
        "recipients": activity.recipients,
        "transfer": _transfer(each, lang),
        "retention": activity.retention,
        "measures": activity.measures,
        "processor": _lines([activity.processor], _agreement(each, lang)),
        "joint": activity.joint,
        "systems": ", ".join([*each.tables, *(lang.say("record.gone", place=p) for p in each.gone)]),
        "contact": activity.contact,
        "reviewed": lang.say(
            "record.reviewed",
            day=figures.day(each.saved.at.date(), lang.code),
            by=each.saved.by,
            version=each.saved.version,
        ),
        "missing": ", ".join(lang.say(f"part.{part}") for part in each.missing),
    }  # fmt: skip


def categories(each: ActivityFacts, taxonomy: Taxonomy) -> tuple[Category, ...]:
    """The categories that the activity names, those of them that the taxonomy still has."""
    return tuple(taxonomy[key] for key in each.activity.categories if key in taxonomy)


def _held(each: ActivityFacts, named: Sequence[Category]) -> tuple[Category, ...]:
    return (*named, *each.found)


def _yes(answer: bool, lang: Language) -> str:
    return lang.say("record.yes" if answer else "record.no")


def _national_id(each: ActivityFacts, held: Sequence[Category], lang: Language) -> str:
    if not any(c.legal_class == "national_id" for c in held):
        return lang.say("record.no")
    return _lines([lang.say("record.yes")], each.activity.national_id_ground)


def _agreement(each: ActivityFacts, lang: Language) -> str:
    if not each.activity.processor.strip():
        return ""
    agreement = each.activity.agreement
    return lang.say("record.agreement", agreement=agreement) if agreement else ""


def _transfer(each: ActivityFacts, lang: Language) -> str:
    transfer = each.activity.transfer
    if transfer is Transfer.UNKNOWN:
        return ""
    return _lines([lang.say(f"transfer.{transfer.value}")], each.activity.transfer_note)


def _lines(parts: Sequence[str], note: str) -> str:
    return "\n".join(part for part in (*parts, note) if part.strip())


def _listed(parts: Sequence[str], other: str) -> str:
    return ", ".join(part for part in (*parts, other) if part.strip())
