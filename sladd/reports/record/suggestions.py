"""Activities that a trading organisation is likely to have, from the tables that were found.

A suggestion is that and no more until a person has saved it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sladd.model import Activity, Basis, Persons, Transfer
from sladd.reports.facts import Outline, TableFacts
from sladd.reports.record.facts import VAGUE, categories_of
from sladd.writing import Language

OWN = "sladd"
"""The activity that running sladd is."""

_WHOLE = 4  # letters up to which a word must stand alone: `hr`, `log`, `cart`


@dataclass(frozen=True, slots=True)
class Template:
    """What is known of a kind of activity.

    Attributes:
        id: its key in texts, and the id of the activity.
        bases: legal bases that are common for it.
        persons: whom it commonly concerns.
        dpv: its purpose in the W3C Data Privacy Vocabulary.
        words: of table names.
        categories: that put a table here whose name says nothing.
    """

    id: str
    bases: tuple[Basis, ...]
    persons: tuple[Persons, ...]
    dpv: str
    words: tuple[str, ...]
    categories: tuple[str, ...]


@cache
def templates() -> tuple[Template, ...]:
    """The kinds of activities, in the order in which they are asked for a table."""
    raw = tomllib.loads(files(__package__).joinpath("suggestions.toml").read_text("utf-8"))
    return tuple(
        Template(
            id=key,
            bases=tuple(map(Basis, entry["bases"])),
            persons=tuple(map(Persons, entry["persons"])),
            dpv=entry["dpv"],
            words=tuple(entry.get("words", ())),
            categories=tuple(entry.get("categories", ())),
        )
        for key, entry in raw.items()
    )


def dpv_purposes() -> Mapping[str, str]:
    """Id of an activity → its purpose in DPV."""
    return {each.id: each.dpv for each in templates()}


def suggest(
    discovery: Outline,
    taken: Collection[str],
    lang: Language,
    subjects: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Activity, ...]:
    """Activities that the record does not have yet.

    Args:
        discovery: what was found.
        taken: ids of the activities that it has.
        lang: in which their texts are written.
        subjects: `data_subjects:` of the configuration, group → addresses of tables.
    """
    held = {table: group for group, tables in (subjects or {}).items() for table in tables}
    homes: dict[str, list[TableFacts]] = {}
    for source in discovery.sources:
        for table in source.tables:
            if table.personal and (home := _home(table)):
                homes.setdefault(home, []).append(table)
    return tuple(
        _activity(template, homes.get(template.id, []), discovery, lang, held)
        for template in templates()
        if template.id not in taken and (template.id in homes or template.id == OWN)
    )


def _home(table: TableFacts) -> str:
    """Id of the kind of activity that a table belongs to; "" where nothing says it."""
    spelled = _folded(table.name)
    words = set(re.split(r"[^a-z0-9]+", spelled))
    for template in templates():
        if any(_named(word, spelled, words) for word in template.words):
            return template.id
    keys = [category.key for category in categories_of(table.fields)]
    for template in templates():
        if any(k == c or k.startswith(f"{c}.") for c in template.categories for k in keys):
            return template.id
    return ""


def _named(word: str, spelled: str, words: Collection[str]) -> bool:
    """Whether a table is named by a word; a short one must stand alone, an English plural too."""
    return bool({word, f"{word}s"} & set(words)) if len(word) <= _WHOLE else word in spelled


def _folded(name: str) -> str:
    """Lower case, æøå as a file name would write them, words apart at every change of case."""
    apart = re.sub(r"(?<=[a-zæøå0-9])(?=[A-ZÆØÅ])", "_", name).lower()
    plain = unicodedata.normalize("NFKD", apart.translate(str.maketrans("æø", "ao")))
    return "".join(c for c in plain if not unicodedata.combining(c))


def _activity(
    template: Template,
    tables: Sequence[TableFacts],
    discovery: Outline,
    lang: Language,
    held: Mapping[str, str],
) -> Activity:
    own = tables
    if template.id == OWN:
        own = [table for source in discovery.sources for table in source.tables]
    every = [field for table in own for field in table.fields]
    text = _Texts(lang, template.id)
    groups = {held[table.address] for table in own if table.address in held}
    return Activity(
        id=template.id,
        name=text("name"),
        purpose=text("purpose"),
        bases=template.bases,
        basis_note=text("basis_note"),
        persons=tuple(kind for kind in Persons if kind in {*template.persons, *groups}),
        other_persons=lang.list(sorted(groups - set(Persons))),
        categories=tuple(c.key for c in categories_of(every) if c.key not in VAGUE),
        recipients=text("recipients"),
        transfer=Transfer.NONE if template.id == OWN else Transfer.UNKNOWN,
        retention=text("retention"),
        measures=text("measures"),
        covers=tuple(table.address for table in tables),
    )


@dataclass(frozen=True, slots=True)
class _Texts:
    lang: Language
    id: str

    def __call__(self, part: str) -> str:
        key = f"suggest.{self.id}.{part}"
        return self.lang.say(key) if self.lang.has(key) else ""
