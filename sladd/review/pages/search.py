"""Search over sources, tables, columns and categories, by the names that may be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from sladd.catalog import TableStanding
from sladd.catalog.worklist import bare
from sladd.model import How
from sladd.review.access import Reading
from sladd.review.context import Desk
from sladd.review.pages.rows import Row, page_of, query_of, row_of, table_link
from sladd.writing import Language

router = APIRouter()

SIZE = 50
"""Columns on a page."""

MOST = 20
"""Tables, or categories, that are listed."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A source, table or category."""

    name: str
    note: str
    link: str


@dataclass(frozen=True, slots=True)
class SearchView:
    """What the page shows."""

    words: str
    sources: tuple[Hit, ...]
    tables: tuple[Hit, ...]
    more_tables: int
    categories: tuple[Hit, ...]
    columns: tuple[Row, ...]
    total: int
    page: int
    pages: int
    earlier: str
    later: str

    @property
    def any(self) -> bool:
        """Whether anything was found."""
        return bool(self.sources or self.tables or self.categories or self.total)


@router.get("/search")
def show(
    visit: Reading,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=0, le=1_000_000)] = 1,
) -> Response:
    """Show what is called so."""
    return visit.page("search.html", view=view(visit.desk, visit.language, q, page))


def view(desk: Desk, lang: Language, words: str, page: int = 1) -> SearchView:
    """Collect what is called so.

    Args:
        desk: of the project.
        lang: of the words.
        words: to look for, in any case.
        page: of the columns, from 1.
    """
    wanted = " ".join(words.split())
    if not wanted:
        return SearchView("", (), (), 0, (), (), 0, 1, 1, "", "")
    folded = bare(wanted)
    catalog = desk.catalog
    tables = catalog.worklist.tables()
    found = catalog.worklist.search(wanted)
    total = len(found)
    number, pages = page_of(page, total, SIZE)
    sources = dict.fromkeys([*desk.config.sources, *sorted({t.source for t in tables})])
    named = [t for t in tables if folded in bare(f"{t.source}/{t.shown}")]

    def link(to: int) -> str:
        return f"/search?{query_of(q=wanted, page=to)}"

    return SearchView(
        words=wanted,
        sources=tuple(
            Hit(name, "", f"/map?{query_of(source=name)}")
            for name in sources
            if folded in bare(name)
        ),
        tables=tuple(
            Hit(
                f"{t.source}/{t.shown}",
                lang.say("search.personal", personal=t.personal, fields=t.fields),
                table_link(t.address),
            )
            for t in named[:MOST]
        ),
        more_tables=max(0, len(named) - MOST),
        categories=_categories(desk, lang, folded, _held(tables)),
        columns=tuple(
            row_of(each, desk.bound.taxonomy, lang)
            for each in found[(number - 1) * SIZE : number * SIZE]
        ),
        total=total,
        page=number,
        pages=pages,
        earlier=link(number - 1) if number > 1 else "",
        later=link(number + 1) if number < pages else "",
    )


def _held(tables: Sequence[TableStanding]) -> Counter[str]:
    """How many fields hold each category, as decided on."""
    return Counter(f.category for table in tables for f in table.columns if f.how is not How.NONE)


def _categories(
    desk: Desk, lang: Language, folded: str, held: Mapping[str, int]
) -> tuple[Hit, ...]:
    """Categories by their names in any language, or by their key."""
    found = [
        Hit(
            lang.label(each),
            lang.counted("search.in_fields", held.get(each.key, 0)),
            f"/inbox?{query_of(category=each.key, state='all')}",
        )
        for each in desk.bound.taxonomy
        if any(
            folded in bare(name) for name in (each.label_nb, each.label_nn, each.label_en, each.key)
        )
    ]
    return tuple(sorted(found, key=lambda hit: hit.name.casefold())[:MOST])
