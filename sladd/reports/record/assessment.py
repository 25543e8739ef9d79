"""Inputs to a data protection impact assessment: what the scan and the record can say of it.

GDPR art. 35(7) asks for a description, necessity and proportionality, risks and measures. Whether
one is due is judged by the nine criteria of the Article 29 Working Party (WP 248 rev.01, endorsed
by the EDPB), which Datatilsynet uses too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sladd.catalog import ReleaseRecord
from sladd.model import Category, How, Persons
from sladd.reports.facts import FieldFacts
from sladd.reports.language import language as report_language
from sladd.reports.record.columns import PROFILING, cells
from sladd.reports.record.facts import Gap, Record
from sladd.reports.record.markdown import cell
from sladd.reports.record.telling import controller_lines, told
from sladd.reports.telling import persons_note
from sladd.taxonomy import Taxonomy
from sladd.writing import Language, figures
from sladd.writing.escaping import markdown, visible

LARGE = 10_000
"""Persons from which the scan shows a sign of large scale. A choice of ours: no law sets a number,
WP 243 rev.01 section 2.1.3 names what to weigh, and the officer decides."""

_MONITORING = ("user.behavior.browsing_history", "user.location", "user.behavior.search_history")
_SENSITIVE = ("art9", "art10", "national_id", "financial")
_CRITERIA = (
    "evaluation", "automated", "monitoring", "sensitive", "scale", "matching", "vulnerable",
    "technology", "prevents",
)  # fmt: skip
_STAFF = frozenset({"user.unique_id.employee", "user.financial.salary"})
"""Categories that only somebody in employment has: WP 248 rev.01 counts employees as vulnerable."""
_BY_HAND = frozenset({"automated", "technology", "prevents"})
_MOST = 8  # places that a sign names


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the inputs: a heading with paragraphs, a table, or both.

    Attributes:
        level: 2 or 3.
        title: of it.
        paragraphs: in their order.
        head: of the table.
        rows: of the table.
    """

    level: int
    title: str
    paragraphs: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """The inputs in one language."""

    parts: tuple[Part, ...]


def assess(record: Record, found: Sequence[Gap], taxonomy: Taxonomy, lang: Language) -> Assessment:
    """Write the inputs.

    Args:
        record: what `gather` collected.
        found: the gaps.
        taxonomy: for what categories are called.
        lang: of the texts.
    """
    say = lang.say
    return Assessment(
        (
            Part(2, say("dpia.description")),
            _scope(record, lang),
            *_described(record, taxonomy, lang),
            Part(2, say("dpia.necessity")),
            *_necessity(record, taxonomy, lang),
            Part(2, say("dpia.risks")),
            _criteria(record, lang),
            _gaps(found, lang),
            Part(2, say("dpia.measures")),
            *_measures(record, lang),
            Part(2, say("dpia.conclusion"), (say("dpia.conclusion_text"),)),
        )
    )


def _scope(record: Record, lang: Language) -> Part:
    f, report = record.discovery.figures, report_language(lang.code)
    lines = [
        lang.say(
            "dpia.scope_text",
            tables=f.tables,
            fields=f.fields,
            personal=f.personal,
            persons=f"{lang.number(f.persons)} ({persons_note(record.discovery, report)})"
            if f.person_tables
            else persons_note(record.discovery, report),
        )
    ]
    if record.discovery.missed:
        lines.append(lang.say("dpia.scope_missed", n=len(record.discovery.missed)))
    return Part(3, lang.say("dpia.scope"), tuple(lines))


def _described(record: Record, taxonomy: Taxonomy, lang: Language) -> Iterable[Part]:
    if not record.activities:
        yield Part(3, lang.say("record.each"), (lang.say("dpia.activities_none"),))
    for each in record.activities:
        shown = cells(each, taxonomy, lang)
        keys = (
            "purpose",
            "persons",
            "categories",
            "recipients",
            "transfer",
            "processor",
            "systems",
        )
        yield Part(
            3,
            each.activity.name,
            head=("", ""),
            rows=tuple((lang.say(f"column.{key}"), shown[key] or "–") for key in keys),
        )


def _necessity(record: Record, taxonomy: Taxonomy, lang: Language) -> Iterable[Part]:
    shown = [(each, cells(each, taxonomy, lang)) for each in record.activities]
    yield Part(
        3,
        lang.say("dpia.necessity_bases"),
        paragraphs=() if shown else (lang.say("dpia.bases_none"),),
        head=tuple(lang.say(f"column.{key}") for key in ("name", "bases", "retention")),
        rows=tuple(
            (each.activity.name, text["bases"] or "–", text["retention"] or "–")
            for each, text in shown
        ),
    )
    yield Part(
        3,
        lang.say("dpia.necessity_minimal"),
        (
            lang.say(
                "dpia.minimal_text",
                text=record.discovery.figures.text,
                uncovered=sum(len(each.fields) for each in record.uncovered),
            ),
        ),
    )
    yield Part(3, lang.say("dpia.necessity_rights"), (lang.say("dpia.rights_text"),))


def _criteria(record: Record, lang: Language) -> Part:
    signs = {key: _sign(key, record, lang) for key in _CRITERIA}
    met = sum(bool(sign) for sign in signs.values())
    rows = tuple(
        (
            lang.say(f"criterion.{key}"),
            sign or lang.say("dpia.by_hand" if key in _BY_HAND else "dpia.no_sign"),
        )
        for key, sign in signs.items()
    )
    return Part(
        3,
        lang.say("dpia.criteria"),
        (lang.say("dpia.criteria_text", n=met),),
        (lang.say("dpia.criterion"), lang.say("dpia.sign")),
        rows,
    )


def _sign(criterion: str, record: Record, lang: Language) -> str:
    """What of the scan or the record speaks for a criterion; "" for nothing."""
    match criterion:
        case "evaluation":
            return _fields(record, lang, lambda c: c.key in PROFILING)
        case "monitoring":
            return _fields(record, lang, lambda c: c.key.startswith(_MONITORING))
        case "sensitive":
            return _fields(record, lang, lambda c: c.legal_class in _SENSITIVE)
        case "scale":
            persons = record.discovery.figures.persons
            return lang.number(persons) if persons >= LARGE else ""
        case "matching":
            overlaps = record.discovery.graph.overlaps
            return ", ".join(f"{each.field} – {each.other}" for each in overlaps[:_MOST])
        case "vulnerable":
            kinds = [
                lang.say(f"persons.{kind.value}")
                for kind in (Persons.CHILD, Persons.EMPLOYEE, Persons.APPLICANT)
                if any(kind in each.activity.persons for each in record.activities)
            ]
            seen = _fields(record, lang, lambda c: c.legal_class == "child" or c.key in _STAFF)
            return ", ".join(filter(None, (*kinds, seen)))
        case _:
            return ""


def _fields(record: Record, lang: Language, fits: Callable[[Category], bool]) -> str:
    chosen: dict[str, list[FieldFacts]] = {}
    for source in record.discovery.sources:
        for field in source.fields:
            if not field.personal or field.how is How.LINKED:
                continue
            for category in (field.category, *field.also):
                if category is not None and fits(category):
                    chosen.setdefault(lang.label(category), []).append(field)
    shown = []
    for label, fields in sorted(chosen.items()):
        places = ", ".join(field.address for field in fields[:_MOST])
        rest = len(fields) - _MOST
        more = f" {lang.say('gaps.more', n=rest)}" if rest > 0 else ""
        shown.append(f"{label}: {places}{more}")
    return "\n".join(shown)


def _gaps(found: Sequence[Gap], lang: Language) -> Part:
    rows = tuple(
        (each.title, each.why, lang.say("gaps.grave" if each.grave else "gaps.other"))
        for each in (told(gap, lang) for gap in found)
    )
    head = (lang.say("gaps.title"), lang.say("gaps.why"), lang.say("gaps.weight")) if rows else ()
    lines = (lang.say("dpia.assess"),) if rows else (lang.say("gaps.lead_none"),)
    return Part(3, lang.say("dpia.gaps"), lines, head, rows)


def _measures(record: Record, lang: Language) -> Iterable[Part]:
    given = [each.activity for each in record.activities if each.activity.measures]
    yield Part(
        3,
        lang.say("dpia.measures_activities"),
        head=(lang.say("column.name"), lang.say("column.measures")) if given else (),
        rows=tuple((activity.name, activity.measures) for activity in given),
        paragraphs=() if given else (lang.say("dpia.measures_none_given"),),
    )
    newest = {release.release: release for release in record.releases}
    rows = tuple(
        (
            name,
            lang.say(f"dpia.kind_{release.kind}"),
            release.purpose or "–",
            ", ".join(release.recipients) or "–",
            _published(newest.get(name), lang),
        )
        for name, release in record.offered.items()
    )
    keys = ("release", "kind", "purpose", "recipients", "published")
    yield Part(
        3,
        lang.say("dpia.measures_releases"),
        paragraphs=() if rows else (lang.say("dpia.measures_none"),),
        head=tuple(lang.say(f"dpia.{key}") for key in keys) if rows else (),
        rows=rows,
    )


def _published(release: ReleaseRecord | None, lang: Language) -> str:
    if release is None:
        return lang.say("dpia.unpublished")
    return figures.day(release.recorded.date(), lang.code)


def assessment_md(record: Record, assessment: Assessment, lang: Language) -> bytes:
    """The inputs as Markdown."""
    lines = [f"# {lang.say('dpia.title')}", "", f"*{lang.say('dpia.law')}*", ""]
    lines += [f"- **{label}:** {cell(text)}" for label, text in controller_lines(record, lang)]
    lines += ["", lang.say("dpia.note")]
    for part in assessment.parts:
        lines += ["", f"{'#' * part.level} {markdown(part.title)}"]
        for paragraph in part.paragraphs:
            lines += ["", visible(paragraph)]
        if part.rows:
            lines += ["", f"| {' | '.join(part.head)} |", f"|{' --- |' * len(part.head)}"]
            lines += [f"| {' | '.join(cell(text) for text in row)} |" for row in part.rows]
    return ("\n".join(lines) + "\n").encode()
