"""The form of a processing activity: what it offers, what was typed, what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import unquote

from starlette.datastructures import FormData

from sladd.catalog import Catalog
from sladd.model import Activity, Basis, Category, Condition, Persons, SavedActivity, Transfer
from sladd.reports.record.facts import VAGUE, RecordOutline
from sladd.reports.record.gathering import facts_of
from sladd.reports.record.telling import language
from sladd.review.access.reasons import reason_fault
from sladd.review.context import Visit

NEW = "new"
"""The address of an activity that has none yet."""

TEXTS = (
    "purpose", "basis_note", "condition_note", "national_id_ground", "other_persons", "recipients",
    "transfer_note", "retention", "measures", "processor", "agreement", "joint", "contact",
)  # fmt: skip
_LONGEST_NAME = 120  # characters: a heading
_LINE = re.compile(r"[\r\n]+")
_Kind = TypeVar("_Kind", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Choice:
    """One box to tick."""

    value: str
    label: str
    chosen: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class ActivityForm:
    """What the form shows.

    Attributes:
        activity: as saved, suggested or typed.
        choices: group → boxes.
        missing: labels of parts that art. 30 asks for and that are empty.
        errors: name of a field → what is wrong with it.
        needs: groups that what was found makes due: `conditions`, `national_id_ground`, …
        fields: single fields that it uses, a line each.
        meanwhile: who saved another version since the form was opened; "" for nobody.
    """

    activity: Activity
    choices: Mapping[str, tuple[Choice, ...]]
    missing: tuple[str, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    fields: str = ""
    meanwhile: str = ""

    @property
    def transfers(self) -> list[tuple[str, str]]:
        """Value and label of each answer to whether data leave the EEA."""
        return [(each.value, each.label) for each in self.choices["transfer"]]


def activity_form(
    activity: Activity, record: RecordOutline, visit: Visit, errors: Mapping[str, str] | None = None
) -> ActivityForm:
    """The form for an activity, with what the scan knows of the tables it uses."""
    lang = language(visit.language.code)
    taxonomy = visit.desk.bound.taxonomy
    facts = facts_of(_as_saved(activity, visit), record.discovery, taxonomy)
    tables = {table.address for _, table in record.personal_tables}
    singles = [each for each in activity.covers if each not in tables]
    legal = {c.legal_class for c in facts.found}
    legal |= {taxonomy[key].legal_class for key in activity.categories if key in taxonomy}
    due = {"conditions": "art9", "condition_note": "art10", "national_id_ground": "national_id"}
    return ActivityForm(
        activity=activity,
        choices={
            "bases": _boxes(Basis, activity.bases, "basis", visit),
            "conditions": _boxes(Condition, activity.conditions, "condition", visit),
            "persons": _boxes(Persons, activity.persons, "persons", visit),
            "transfer": tuple(
                Choice(kind.value, lang.say(f"transfer.{kind.value}"), kind is activity.transfer)
                for kind in Transfer
                if kind is not Transfer.UNKNOWN
            ),
            **_categories(activity, facts.found, visit),
            "covers": tuple(
                Choice(
                    table.address,
                    table.address,
                    table.address in activity.covers,
                    visit.language.say("activities.table_fields", n=table.personal),
                )
                for _, table in record.personal_tables
            ),
        },
        missing=tuple(lang.say(f"part.{part}") for part in facts.missing),
        errors=errors or {},
        needs=frozenset(part for part, kind in due.items() if kind in legal),
        fields="\n".join(singles),
    )


def from_form(key: str, posted: FormData) -> tuple[int, Activity]:
    """The version that the form was made from, and what was typed; unknown choices fall out."""
    given = str(posted.get("version", ""))
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0

    def text(name: str) -> str:
        return str(posted.get(name, "")).replace("\r\n", "\n").strip()

    singles = [line.strip() for line in _LINE.split(text("fields")) if line.strip()]
    covers = [str(each) for each in posted.getlist("covers")]
    return version, Activity(
        id=key,
        name=" ".join(text("name").split()),
        bases=_kinds(Basis, posted, "bases"),
        conditions=_kinds(Condition, posted, "conditions"),
        persons=_kinds(Persons, posted, "persons"),
        categories=tuple(dict.fromkeys(str(each) for each in posted.getlist("categories"))),
        transfer=next(iter(_kinds(Transfer, posted, "transfer")), Transfer.UNKNOWN),
        covers=tuple(dict.fromkeys([*covers, *singles])),
        **{name: text(name) for name in TEXTS},
    )


def addressed(activity: Activity, record: RecordOutline) -> Activity:
    """The activity with its places as the catalog addresses them: a person writes them as shown.

    `exports/kunder.Sist kjøpt` is `exports/kunder.Sist%20kjøpt` there.
    """
    known = set(_addresses(record))
    if known.issuperset(activity.covers):
        return activity
    shown = {unquote(address): address for address in known}
    covers = (each if each in known else shown.get(each, each) for each in activity.covers)
    return replace(activity, covers=tuple(dict.fromkeys(covers)))


def checked(
    activity: Activity,
    posted: FormData,
    record: RecordOutline,
    standing: Activity,
    visit: Visit,
) -> ActivityForm:
    """The form as typed, with what is wrong: nothing when `errors` is empty.

    Args:
        activity: as typed.
        posted: the form.
        record: what `gather` collected.
        standing: what the form showed when it was opened; a text that stood there already, saved
            or suggested, is not read for identifiers again.
        visit: of the officer.
    """
    say = visit.language.say
    errors: dict[str, str] = {}
    if not activity.name:
        errors["name"] = say("activities.name_empty")
    elif len(activity.name) > _LONGEST_NAME:
        errors["name"] = say("activities.name_long", most=_LONGEST_NAME)
    if not activity.purpose:
        errors["purpose"] = say("activities.purpose_empty")
    for name in ("name", *TEXTS):
        if getattr(activity, name) == getattr(standing, name):
            continue
        fault = reason_fault(visit, getattr(activity, name), required=False)
        if fault and name not in errors:
            errors[name] = fault
    if activity.agreement and not activity.processor:
        errors["processor"] = say("activities.processor_empty")
    if not str(posted.get("version", "")).isdigit():
        errors["version"] = say("activities.version_missing")
    unknown = _unknown_places(activity, record, standing)
    if unknown:
        errors["fields"] = say("activities.fields_unknown", place=unknown[0])
    if any(key not in visit.desk.bound.taxonomy for key in activity.categories):
        errors["categories"] = say("activities.categories_unknown")
    return activity_form(activity, record, visit, errors)


def new_id(name: str, taken: Collection[str], catalog: Catalog) -> str:
    """A short id that nothing has or had: from the name, numbered where that is needed.

    >>> re.sub(r"[^a-z0-9]+", "-", "kundeklubb og bonus")
    'kundeklubb-og-bonus'
    """
    plain = unicodedata.normalize("NFKD", name.lower().translate(str.maketrans("æø", "ao")))
    base = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")[:48]
    base = base.strip("-") or "activity"
    number, key = 1, base
    while key in taken or key == NEW or catalog.activities.history(key):
        number += 1
        key = f"{base}-{number}"
    return key


def _as_saved(activity: Activity, visit: Visit) -> SavedActivity:
    """The activity as if it were saved: facts are told of saved ones."""
    from datetime import UTC, datetime

    return SavedActivity(activity, 0, visit.account.name, datetime.now(UTC))


def _kinds(kind: type[_Kind], posted: FormData, name: str) -> tuple[_Kind, ...]:
    given = {str(each) for each in posted.getlist(name)}
    return tuple(each for each in kind if each.value in given)


def _boxes(
    kind: type[StrEnum], chosen: Collection[StrEnum], group: str, visit: Visit
) -> tuple[Choice, ...]:
    lang = language(visit.language.code)
    return tuple(
        Choice(each.value, lang.say(f"{group}.{each.value}"), each in chosen) for each in kind
    )


def _categories(
    activity: Activity, found: Collection[Category], visit: Visit
) -> dict[str, tuple[Choice, ...]]:
    """Boxes of categories: those that were found or named, and all the others."""
    there = {category.key for category in found}
    near: list[Choice] = []
    rest: list[Choice] = []
    for category in visit.desk.bound.taxonomy:
        if not category.personal or category.key in VAGUE:
            continue
        chosen = category.key in activity.categories
        note = visit.language.say("activities.found") if category.key in there else ""
        box = Choice(category.key, visit.language.label(category), chosen, note)
        (near if chosen or note else rest).append(box)
    return {"categories": tuple(near), "more_categories": tuple(rest)}


def _unknown_places(activity: Activity, record: RecordOutline, standing: Activity) -> list[str]:
    """Addresses that no source has, other than those that it used before they went."""
    known = {*_addresses(record), *standing.covers}
    return [each for each in activity.covers if each not in known]


def _addresses(record: RecordOutline) -> Iterator[str]:
    for source in record.discovery.sources:
        for table in source.tables:
            yield table.address
            yield from (each.address for each in table.fields)
