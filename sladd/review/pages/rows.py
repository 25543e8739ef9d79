"""A field as lists show it: plain words and links, from what the catalog says of it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from sladd.catalog import Standing
from sladd.catalog.payload import digest
from sladd.model import How
from sladd.reports.facts import CONFIDENCE
from sladd.reports.language import language
from sladd.taxonomy import Taxonomy
from sladd.writing import Language

BADGES = {
    "undecided": "warn", "reopened": "danger", "confirmed": "good", "changed": "good",
    "rejected": "plain",
}  # fmt: skip
"""State → look of its badge."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field.

    Attributes:
        name: of the column, as it may be seen.
        what: label of the category; "" where nothing is found.
        state: in words; "" where nothing is to decide. look: of its badge.
        link: to the page where it is decided; "" where nothing was found.
    """

    key: str
    name: str
    source: str
    table: str
    table_link: str
    what: str
    how: str
    sure: str
    state: str
    look: str
    by: str
    persons: int
    verdict: int
    fingerprint: str
    link: str


def row_of(field: Standing, taxonomy: Taxonomy, lang: Language, query: str = "") -> Row:
    """The row of a field.

    Args:
        field: of the catalog.
        taxonomy: for labels.
        lang: of the words.
        query: of the list that it stands in, kept in its link.
    """
    words = language(lang.code)
    category = taxonomy.categories.get(field.category)
    held = field.how is not How.NONE
    return Row(
        key=field.key,
        name=field.shown,
        source=field.source,
        table=field.table,
        table_link=table_link(field.table_address),
        what=(words.label(category) if category else field.category) if held else "",
        how=words.say(f"how.{field.how.value}") if held else "",
        sure=sureness(field.confidence, words) if held else "",
        state=state_word(field.state, lang),
        look=BADGES.get(field.state, ""),
        by=field.by,
        persons=field.persons,
        verdict=field.verdict,
        fingerprint=field.fingerprint,
        link=field_link(field.key, query) if held or field.state else "",
    )


def sureness(confidence: float, words: Language) -> str:
    """A confidence 0-1 in a word."""
    return words.say(
        f"confidence.{next(word for least, word in CONFIDENCE if confidence >= least)}"
    )


def state_word(state: str, lang: Language) -> str:
    """How a field stands, in a word; "" where nothing is to decide."""
    return lang.say(f"inbox.state_{state}") if state else ""


def table_link(address: str) -> str:
    """The page of a table. Its address is quoted once more, since servers unquote once."""
    source, _, table = address.partition("/")
    return f"/map/{quote(source, safe='')}/{quote(table, safe='')}"


def field_link(key: str, query: str = "") -> str:
    """The page where a field is decided."""
    return f"/inbox?{query}{'&' if query else ''}at={key}"


def key_of(address: str) -> str:
    """Key of the field or table of that address."""
    return digest(address)


def query_of(**wanted: str | int) -> str:
    """A query of what is not empty."""
    return urlencode({name: each for name, each in wanted.items() if each})


def page_of(number: int, items: int, size: int) -> tuple[int, int]:
    """The page that there is nearest to the one asked for, and how many there are."""
    pages = max(1, -(-items // size))
    return min(max(number, 1), pages), pages
