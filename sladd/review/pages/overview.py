"""The overview: what we hold, where, how sure that is, what is new, and what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from sladd.catalog import ScanRecord, TableStanding, Tally
from sladd.catalog.standing import OPEN
from sladd.model import How, NotScanned
from sladd.reports.discovery import FOUND, NEVER_SCANNED
from sladd.reports.facts import CONFIDENCE, KINDS
from sladd.reports.language import language
from sladd.reports.missed import fault, place
from sladd.reports.persons import Counted, count, tells_of_persons
from sladd.reports.telling import persons_told
from sladd.review.access import Reading
from sladd.review.context import Desk
from sladd.review.pages.matrix import SourceLine, matrix
from sladd.review.pages.news import SourceNews, news_of
from sladd.review.pages.trend import Point, Today, trend_of
from sladd.review.pages.waiting import Wait, waits_of
from sladd.taxonomy import Taxonomy
from sladd.writing import Language

router = APIRouter()

MISSED = 10
"""Places that were not read and are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure."""

    value: str
    name: str
    note: str
    hot: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """Findings of one confidence."""

    name: str
    fields: int
    share: float
    decided: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A place that was not read, why, and what mends it."""

    where: str
    why: str
    mend: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page shows."""

    figures: tuple[Figure, ...]
    kinds: tuple[tuple[str, str], ...]
    sources: tuple[SourceLine, ...]
    totals: tuple[int, ...]
    bands: tuple[Band, ...]
    waiting: int
    reopened: int
    decided: int
    to_decide: int
    share_decided: str
    waits: tuple[Wait, ...]
    news: tuple[SourceNews, ...]
    trend: tuple[Point, ...]
    top: int
    missed: tuple[Missed, ...]
    missed_more: int
    never: bool


@router.get("/")
def show(visit: Reading) -> Response:
    """Show the overview."""
    return visit.page("overview.html", view=view(visit.desk, visit.language))


def view(desk: Desk, lang: Language) -> Overview:
    """Collect what the page shows."""
    catalog, words = desk.catalog, language(lang.code)
    tally = catalog.worklist.tally([least for least, _ in CONFIDENCE])
    tables = catalog.worklist.tables()
    scans = catalog.scans.all()
    missed = [*_unscanned(desk, scans), *catalog.scans.not_scanned()]
    deciding = [t for t in tally if t.state in OPEN or (t.state and t.how in FOUND)]
    to_decide = sum(t.fields for t in deciding)
    waiting = sum(t.fields for t in deciding if t.state in OPEN)
    reopened = sum(t.fields for t in deciding if t.state == "reopened")
    personal = sum(t.fields for t in tally if t.personal)
    today = Today(lang.day_of(datetime.now(UTC)), personal, to_decide - waiting)
    trend = trend_of(
        scans, catalog.worklist.found_after(), catalog.worklist.decisions(), today, lang
    )
    sources = list(dict.fromkeys([*desk.config.sources, *sorted({t.source for t in tables})]))
    lines, totals = matrix(tally, sources, desk.bound.taxonomy)
    return Overview(
        figures=_figures(
            tally,
            tables,
            waiting,
            to_decide,
            reopened,
            desk.bound.taxonomy,
            desk.config.entities,
            lang,
            words,
        ),
        kinds=tuple((kind, words.say(f"kind.{kind}")) for kind in KINDS),
        sources=lines,
        totals=totals,
        bands=bands(tally, words),
        waiting=waiting,
        reopened=reopened,
        decided=to_decide - waiting,
        to_decide=to_decide,
        share_decided=words.percent((to_decide - waiting) / to_decide) if to_decide else "",
        waits=waits_of(desk, lang),
        news=news_of(desk.catalog, scans, sources, lang, words),
        trend=trend,
        top=max((point.found for point in trend), default=0),
        missed=tuple(
            Missed(place(item.where, words), *fault(item, words)) for item in missed[:MISSED]
        ),
        missed_more=max(0, len(missed) - MISSED),
        never=not any(scan.finished for scan in scans),
    )


def bands(tally: Sequence[Tally], words: Language) -> tuple[Band, ...]:
    """Findings by how sure they are, and how many of them a person decided on."""
    found = [t for t in tally if t.how in {How.IS, How.CONTAINS} and t.state]
    every = sum(t.fields for t in found) or 1
    made = []
    for number, (_, word) in enumerate(CONFIDENCE):
        here = [t for t in found if t.sure == number]
        count = sum(t.fields for t in here)
        decided = sum(t.fields for t in here if t.state not in OPEN)
        made.append(Band(words.say(f"confidence.{word}"), count, count / every, decided))
    return tuple(made)


def _figures(
    tally: Sequence[Tally],
    tables: Sequence[TableStanding],
    waiting: int,
    to_decide: int,
    reopened: int,
    taxonomy: Taxonomy,
    entities: Mapping[str, Sequence[str]],
    lang: Language,
    words: Language,
) -> tuple[Figure, ...]:
    personal = sum(t.fields for t in tally if t.personal)
    fields = sum(table.fields for table in tables)
    persons = count([_counted(table) for table in tables], entities)

    def of(*legal: str) -> int:
        return sum(
            t.fields
            for t in tally
            if t.personal
            and t.how is not How.LINKED
            and t.category in taxonomy
            and taxonomy[t.category].legal_class in legal
        )

    note = words.say("figure.undecided_note", all=to_decide)
    if reopened:
        note += f"; {words.say('figure.reopened_note', n=reopened)}"
    national, special, credential = of("national_id"), of("art9", "art10"), of("credential")
    return (
        Figure(words.number(waiting), words.say("figure.undecided"), note, waiting > 0, "/inbox"),
        Figure(
            words.number(personal),
            words.say("figure.personal"),
            lang.say(
                "overview.of_fields", fields=fields, tables=words.count("tables", len(tables))
            ),
        ),
        Figure(
            f"≈ {words.number(persons.count)}" if persons.tables else "–",
            words.say("figure.persons"),
            persons_told(persons, words),
        ),
        Figure(
            words.number(national),
            words.say("figure.national_id"),
            lang.say("overview.whole_fields", law=words.say("figure.national_id_note")),
            national > 0,
        ),
        Figure(
            words.number(special),
            words.say("figure.special"),
            lang.say("overview.whole_fields", law=words.say("figure.special_note")),
            special > 0,
        ),
        Figure(
            words.number(credential),
            words.say("figure.credential"),
            words.say("figure.credential_note"),
            credential > 0,
        ),
    )


def _unscanned(desk: Desk, scans: Sequence[ScanRecord]) -> list[NotScanned]:
    """Sources of which no scan has ended: the zeros of their row say nothing."""
    known = {scan.source for scan in scans if scan.finished is not None}
    return [
        NotScanned(name, "", NEVER_SCANNED) for name in desk.config.sources if name not in known
    ]


def _counted(table: TableStanding) -> Counted:
    names = any(tells_of_persons(each.how, each.category) for each in table.columns)
    rows = table.total if table.total is not None else table.rows
    return Counted(table.address, table.role, rows, table.persons, names)
