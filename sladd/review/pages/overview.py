"""The overview: what we hold, where, how sure that is, what is new, and what waits."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from sladd.catalog import Drift, ScanRecord, TableStanding, Tally
from sladd.model import How, NotScanned
from sladd.reports.discovery import FOUND, NEVER_SCANNED, kind_of
from sladd.reports.facts import CONFIDENCE, KINDS
from sladd.reports.language import language
from sladd.reports.missed import fault, place
from sladd.reports.names import Names, names_of
from sladd.reports.persons import Counted, count, tells_of_persons
from sladd.reports.telling import persons_told
from sladd.review.access import Reading
from sladd.review.context import Desk
from sladd.review.pages.rows import field_link, key_of, query_of
from sladd.taxonomy import Taxonomy
from sladd.writing import Language, figures

router = APIRouter()

NEWS = 8
"""Fields that are named of each kind of news; the rest is counted."""

SCANS = 24
"""Days in the trend: half a year of weekly scans."""

OPEN = frozenset({"undecided", "reopened"})
_HEAT = (1, 3, 10, 30, 100)  # fields from which a cell is darker
_WIDE, _HIGH, _LEFT, _TOP = 640.0, 150.0, 8.0, 10.0  # of the drawing of the trend


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure."""

    value: str
    name: str
    note: str
    hot: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Fields of one kind in one source. `heat`: 0 for none to 5."""

    count: int
    heat: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in the map of sources and kinds."""

    name: str
    cells: tuple[Cell, ...]
    personal: int
    waiting: int
    link: str
    waiting_link: str


@dataclass(frozen=True, slots=True)
class Band:
    """Findings of one confidence."""

    name: str
    fields: int
    share: float
    decided: int


@dataclass(frozen=True, slots=True)
class News:
    """One kind of change in a source."""

    name: str
    count: int
    fields: tuple[tuple[str, str], ...]  # name and link


@dataclass(frozen=True, slots=True)
class SourceNews:
    """What the last scan of a source saw otherwise than the one before."""

    source: str
    when: str
    first: bool
    news: tuple[News, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """The whole after a day on which something was scanned."""

    when: str
    sources: str
    found: int
    decided: int
    x: float
    found_y: float
    decided_y: float


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
    news: tuple[SourceNews, ...]
    trend: tuple[Point, ...]
    top: int
    missed: tuple[Missed, ...]
    missed_more: int
    never: bool
    releases: tuple[str, ...]


MISSED = 10
"""Places that were not read and are named; the rest is counted."""


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
    trend = trend_of(scans, catalog.worklist.found_after(), catalog.worklist.decided_at(), lang)
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
        news=_news(desk, scans, sources, lang, words),
        trend=trend,
        top=max((point.found for point in trend), default=0),
        missed=tuple(
            Missed(place(item.where, words), *fault(item, words)) for item in missed[:MISSED]
        ),
        missed_more=max(0, len(missed) - MISSED),
        never=not any(scan.finished for scan in scans),
        releases=tuple(desk.config.releases) if "/releases" in desk.paths else (),
    )


def matrix(
    tally: Sequence[Tally], sources: Sequence[str], taxonomy: Taxonomy
) -> tuple[tuple[SourceLine, ...], tuple[int, ...]]:
    """Personal fields by source and kind, each counted once; and how many of each kind."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    waiting: dict[str, int] = defaultdict(int)
    for each in tally:
        if each.personal:
            kind = kind_of(taxonomy.categories.get(each.category), each.how)
            counts[each.source, kind] += each.fields
        if each.state in OPEN:
            waiting[each.source] += each.fields
    lines = []
    for source in sources:
        cells = tuple(Cell(counts[source, kind], heat(counts[source, kind])) for kind in KINDS)
        lines.append(
            SourceLine(
                source,
                cells,
                sum(cell.count for cell in cells),
                waiting[source],
                f"/map?{query_of(source=source)}",
                f"/inbox?{query_of(source=source)}",
            )
        )
    return tuple(lines), tuple(sum(counts[s, kind] for s in sources) for kind in KINDS)


def heat(count: int) -> int:
    """How dark a cell is: 0 for none, to 5."""
    return sum(count >= least for least in _HEAT)


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


def trend_of(
    scans: Sequence[ScanRecord],
    found: Mapping[int, int],
    decided: Sequence[datetime],
    lang: Language,
) -> tuple[Point, ...]:
    """Findings, and fields that somebody had decided on, after each day with a finished scan.

    The sources of a project are scanned one after another: half of them would look like growth.

    Args:
        scans: of the catalog.
        found: finished scan → fields of its source with a finding.
        decided: when each field was first decided on, oldest first.
        lang: writes the dates.
    """
    ended = sorted((s for s in scans if s.finished is not None), key=lambda s: (s.finished, s.id))
    now: dict[str, int] = {}
    days: dict[date, tuple[list[str], int, int]] = {}
    for scan in ended:
        assert scan.finished is not None  # noqa: S101 - of those that ended
        now[scan.source] = found.get(scan.id, 0)
        whole = sum(now.values())
        sources, _, _ = days.get(scan.finished.date(), ([], 0, 0))
        seen = [*sources, scan.source]
        given = min(whole, bisect_right(decided, scan.finished))
        days[scan.finished.date()] = (seen, whole, given)
    told = list(days.items())[-SCANS:]
    top = max((whole for _, (_, whole, _) in told), default=0) or 1
    step = (_WIDE - 2 * _LEFT) / max(1, len(told) - 1)

    def y(count: int) -> float:
        return round(_TOP + (_HIGH - 2 * _TOP) * (1 - count / top), 1)

    return tuple(
        Point(
            when=figures.day(on, lang.code),
            sources=", ".join(dict.fromkeys(sources)),
            found=whole,
            decided=given,
            x=round(_LEFT + step * place, 1),
            found_y=y(whole),
            decided_y=y(given),
        )
        for place, (on, (sources, whole, given)) in enumerate(told)
    )


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
            lang.say("overview.whole_fields", law=words.say("figure.national_note")),
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


def _news(
    desk: Desk,
    scans: Sequence[ScanRecord],
    sources: Sequence[str],
    lang: Language,
    words: Language,
) -> tuple[SourceNews, ...]:
    ended: dict[str, list[ScanRecord]] = defaultdict(list)
    for scan in scans:
        if scan.finished is not None:
            ended[scan.source].append(scan)
    called = names_of(desk.catalog.fields.masked())
    told = []
    for source in sources:
        own = ended[source]
        if not own:
            continue
        last = max(own, key=lambda scan: (scan.finished, scan.id))
        when = figures.moment(last.finished, lang.code) if last.finished else ""
        # Of a first scan everything is new: nothing of it need be read.
        drift = desk.catalog.scans.last_drift(source) if len(own) > 1 else None
        changes = _changes(drift, called, words) if drift is not None else ()
        told.append(SourceNews(source, when, len(own) == 1, changes))
    return tuple(told)


def _changes(drift: Drift, called: Names, words: Language) -> tuple[News, ...]:
    new = set(drift.new_findings)
    gone = set(drift.gone)
    listed = (
        ("reopened", drift.reopened),
        ("new_findings", drift.new_findings),
        ("new", tuple(field for field in drift.new if field not in new)),
        ("changed", tuple(change.field for change in drift.changed if change.field not in new)),
        ("gone_findings", tuple(field for field in drift.gone_findings if field not in gone)),
        ("gone", drift.gone),
    )
    return tuple(
        News(
            words.say(f"changes.{name}"),
            len(fields),
            tuple(
                (
                    called.address(field),
                    "" if name.startswith("gone") else field_link(key_of(field)),
                )
                for field in fields[:NEWS]
            ),
        )
        for name, fields in listed
        if fields
    )
