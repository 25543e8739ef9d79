"""The data map: sources, tables and fields, and the keys that lead from them to persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Query
from fastapi.responses import Response
from markupsafe import Markup

from sladd.catalog import TableStanding
from sladd.model import LinkState
from sladd.reports.graph import GraphFacts, LinkFacts, OverlapFacts, overlap_sentence
from sladd.reports.language import language
from sladd.reports.telling import link_goal
from sladd.review.access import Reading
from sladd.review.access.refusal import Refused
from sladd.review.context import Desk
from sladd.review.pages.persongraph import Known, PersonGraph, drawn, facts
from sladd.review.pages.rows import Row, page_of, query_of, row_of, table_link
from sladd.writing import Language

router = APIRouter()

SIZE = 50
"""Tables, or links, on a page."""

_graph = PersonGraph()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One table as the list shows it."""

    name: str
    source: str
    link: str
    role: str
    rows: str
    persons: str
    fields: int
    personal: int
    waiting: int
    waiting_link: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source with its tables counted."""

    name: str
    tables: int
    fields: int
    personal: int
    waiting: int
    link: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link in words."""

    start: str
    end: str
    state: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The person graph, drawn and told; `states` and `roles` are its legend."""

    picture: Markup
    states: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    links: tuple[LinkRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class MapView:
    """What the page of all sources shows."""

    source: str
    personal: bool
    sources: tuple[SourceRow, ...]
    tables: tuple[TableRow, ...]
    total: int
    page: int
    pages: int
    earlier: str
    later: str
    graph: Drawn
    overlaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """What the page of one table shows. `path` is "" where its rows are persons themselves."""

    table: TableRow
    address: str
    source_link: str
    path: str
    seen: str
    entity: str
    fields: tuple[Row, ...]
    graph: Drawn
    overlaps: tuple[str, ...]


@router.get("/map")
def show(
    visit: Reading,
    source: Annotated[str, Query(max_length=500)] = "",
    personal: Annotated[str, Query(max_length=5)] = "",
    page: Annotated[int, Query(ge=0, le=1_000_000)] = 1,
) -> Response:
    """Show sources and tables."""
    shown = view(visit.desk, visit.language, source, personal=bool(personal), page=page)
    return visit.page("map.html", view=shown)


@router.get("/map/{source}/{table:path}")
def show_table(visit: Reading, source: str, table: str) -> Response:
    """Show one table with its fields."""
    shown = table_view(visit.desk, visit.language, f"{source}/{table}")
    if shown is None:
        raise Refused(404, "error.missing")
    return visit.page("table.html", view=shown)


def view(
    desk: Desk, lang: Language, source: str = "", *, personal: bool = False, page: int = 1
) -> MapView:
    """Collect what the page of all sources shows.

    Args:
        desk: of the project.
        lang: of the words.
        source: only tables of this one.
        personal: only tables with personal data.
        page: of the tables, from 1.
    """
    known, tables = _graph.known(desk.catalog), desk.catalog.worklist.tables()
    own = [t for t in tables if not source or t.source == source]
    listed = [t for t in own if t.personal or not personal]
    number, pages = page_of(page, len(listed), SIZE)

    def link(to: int) -> str:
        return f"/map?{query_of(source=source, personal='1' if personal else '', page=to)}"

    names = dict.fromkeys([*desk.config.sources, *sorted({t.source for t in tables})])
    return MapView(
        source=source,
        personal=personal,
        sources=tuple(_source(name, [t for t in tables if t.source == name]) for name in names),
        tables=tuple(_row(t, lang) for t in listed[(number - 1) * SIZE : number * SIZE]),
        total=len(listed),
        page=number,
        pages=pages,
        earlier=link(number - 1) if number > 1 else "",
        later=link(number + 1) if number < pages else "",
        graph=_drawn(facts(known, own), lang),
        overlaps=_overlaps(desk, known, lang, ""),
    )


def table_view(desk: Desk, lang: Language, address: str) -> TableView | None:
    """Collect what the page of one table shows; None when there is no such table."""
    tables = desk.catalog.worklist.tables()
    # Some servers and proxies unquote a path twice.
    twice = {address, unquote(address)}
    exact = [t for t in tables if t.address == address]
    this = next(iter(exact or [t for t in tables if unquote(t.address) in twice]), None)
    if this is None:
        return None
    words, known = language(lang.code), _graph.known(desk.catalog)
    fields = desk.catalog.fields.of(this.key)
    first = fields[0] if fields else None
    steps = [known.called.address(step) for step in first.person_path] if first else []
    path = "" if this.role == "person" else words.say("table.no_path")
    if len(steps) > 1:
        own = f"{this.source}/"
        path = words.say("table.path", path=" → ".join(s.removeprefix(own) for s in steps))
    return TableView(
        table=_row(this, lang),
        address=this.address,
        source_link=f"/map?{query_of(source=this.source)}",
        path=path,
        seen=lang.day(this.first_seen),
        entity=known.called.address(first.entity) if first and first.entity else "",
        fields=tuple(row_of(each, desk.bound.taxonomy, lang) for each in this.columns),
        graph=_drawn(facts(known, tables, around=this.address), lang),
        overlaps=_overlaps(desk, known, lang, this.address),
    )


def _source(name: str, tables: list[TableStanding]) -> SourceRow:
    return SourceRow(
        name,
        len(tables),
        sum(t.fields for t in tables),
        sum(t.personal for t in tables),
        sum(t.waiting for t in tables),
        f"/map?{query_of(source=name)}",
    )


def _row(table: TableStanding, lang: Language) -> TableRow:
    rows = table.total if table.total is not None else table.rows
    role = table.role or ("loose" if table.personal else "other")
    return TableRow(
        name=table.shown,
        source=table.source,
        link=table_link(table.address),
        role=lang.say(f"map.role_{role}"),
        rows=lang.number(rows),
        persons=lang.number(table.persons) if table.role else "–",
        fields=table.fields,
        personal=table.personal,
        waiting=table.waiting,
        waiting_link=f"/inbox?{query_of(table=table.key)}",
    )


def _drawn(graph: GraphFacts, lang: Language) -> Drawn:
    words = language(lang.code)
    there = {node.role for node in graph.nodes}
    used = {link.state for link in graph.links}
    states = (LinkState.DECLARED, LinkState.CONFIRMED, LinkState.SUGGESTED)
    roles = ("person", "linked", "maybe", "loose")
    return Drawn(
        picture=drawn(graph, lang),
        states=tuple((s.value, words.say(f"graph.legend_{s.value}")) for s in states if s in used),
        roles=tuple((r, words.say(f"graph.role_{r}")) for r in roles if r in there),
        links=tuple(_link(link, words) for link in graph.links[:SIZE]),
        more=max(0, len(graph.links) - SIZE),
    )


def _link(link: LinkFacts, words: Language) -> LinkRow:
    return LinkRow(link.start, link_goal(link, words), words.say(f"graph.state_{link.state.value}"))


def _overlaps(desk: Desk, known: Known, lang: Language, table: str) -> tuple[str, ...]:
    """Which tables hold the same persons, in sentences; of one table where it is named."""
    words = language(lang.code)
    return tuple(
        overlap_sentence(
            OverlapFacts(each, known.called.address(each.field), known.called.address(each.other)),
            desk.bound.taxonomy,
            words,
        )
        for each in known.overlaps
        if not table or each.field.startswith(f"{table}.") or each.other.startswith(f"{table}.")
    )[:SIZE]
