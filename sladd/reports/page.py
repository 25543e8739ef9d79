"""The discovery report as one HTML page that needs nothing from outside and runs offline."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Template
from markupsafe import Markup, escape

from sladd.catalog.standing import OPEN
from sladd.model import NotScanned
from sladd.reports.documents import SHOWN, found_text
from sladd.reports.drawing import svg
from sladd.reports.facts import KINDS, Discovery, FieldFacts, TableFacts, certain
from sladd.reports.graph import LinkFacts, OverlapFacts, overlap_sentence
from sladd.reports.layout import lay_out
from sladd.reports.missed import fault, place
from sladd.reports.rows import row
from sladd.reports.telling import (
    FIGURES,
    Reason,
    Told,
    documents_note,
    figure_note,
    highlight_facts,
    lead,
    link_goal,
    link_reasons,
    path_text,
    share_read,
    shortened,
    upper_bound,
)
from sladd.taxonomy import load
from sladd.writing import Language, figures
from sladd.writing.escaping import breakable, visible
from sladd.writing.style import content_policy, stylesheet
from sladd.writing.templates import templates

_GRAVE = {
    "national_id": {"national_id"}, "special": {"art9", "art10"}, "credential": {"credential"},
}  # fmt: skip
_PLACES = 3  # places named in a sentence before the rest is counted


def html(data: Discovery, lang: Language) -> bytes:
    """The report as UTF-8 HTML."""
    css, script = stylesheet() + _asset("discovery.css"), _asset("discovery.js")
    counts = {kind: sum(s.by_kind[kind] for s in data.sources) for kind in KINDS}
    tables = [table for source in data.sources for table in source.tables]

    def say(key: str, **facts: str | int) -> str:
        return lang.say(key, **facts)

    def named(key: str, fields: Sequence[FieldFacts], **facts: Markup) -> Markup:
        listed = Markup(", ").join(_name(f.name) for f in fields)
        return _sentence(lang, key, fields=listed, **facts)

    def shown_path(field: FieldFacts, source: str) -> Markup:
        steps = field.suggested_path.split(" → ")
        return Markup(" → ").join(_name(shortened(step, source)) for step in steps)

    def listed(places: Sequence[str], most: int, source: str) -> Markup:
        return _listed([shortened(p, source) for p in places], most, lang)

    drawn = lay_out(data.graph)
    text = _template().render(
        data=data,
        t=lang,
        css=Markup(css),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=content_policy(css, script),
        say=say,
        num=lang.number,
        day=lambda at: figures.day(at.date(), lang.code),
        period=figures.period(data.begun, data.ended, lang.code)
        if data.begun and data.ended
        else "",
        lead=lead(data, lang),
        figures=FIGURES,
        note=lambda name: figure_note(name, data, lang),
        mix=_segments(counts),
        kinds=[kind for kind in KINDS if counts[kind]],
        totals=counts,
        highest=max((n for s in data.sources for n in s.by_kind.values()), default=1) or 1,
        top=[_highlight(told, lang) for told in highlight_facts(data, lang)],
        bounded=any(upper_bound(table) is not None for table in tables),
        bound=lambda table: _bound(table, lang),
        share_read=lambda table: share_read(table, lang),
        anchors={table.address: f"t{number}" for number, table in enumerate(tables, 1)},
        fault=lambda item: _fault(item, lang),
        place=lambda item: place(item.where, lang),
        grave=_grave,
        dots={kind: _dot(kind) for kind in (*KINDS, "organisation", "")},
        parts=_parts,
        rows=lambda fields: [row(field, lang) for field in fields],
        certain=lambda share: lang.percent(certain(share)),
        path=lambda table: path_text(table, lang),
        named=named,
        shown_path=shown_path,
        listed=listed,
        width=_width,
        graph=data.graph,
        drawing=svg(data.graph, lang),
        hidden=drawn.hidden if drawn else 0,
        why=lambda link: _why(link, lang),
        goal=lambda link: link_goal(link, lang),
        overlap=lambda each: _overlap(each, lang),
        documents=data.documents[:SHOWN],
        documents_note=documents_note(data, lang),
        found=lambda each: found_text(each, lang),
        glossary=[key for key in lang.texts if key.startswith("glossary.")],
    )
    return text.encode("utf-8")


@cache
def _template() -> Template:
    """The compiled template; compiling it takes longer than rendering."""
    return templates("sladd.reports").get_template("discovery.html.j2")


def _asset(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _dot(kind: str) -> Markup:
    return Markup(
        '<svg class="dot" viewBox="0 0 10 10" aria-hidden="true">'
        '<rect class="k-{}" width="10" height="10" rx="2"/></svg>'
    ).format(kind)


def _parts(table: TableFacts) -> tuple[Any, ...]:
    """What a table's findings are told in: a row each, or only by name; and how many wait."""
    told: list[FieldFacts] = []
    linked: list[FieldFacts] = []
    maybe: list[FieldFacts] = []
    firms: list[FieldFacts] = []
    clean: list[FieldFacts] = []
    for field in table.fields:
        if not field.kind:
            clean.append(field)
        elif field.kind == "organisation":
            firms.append(field)
        elif field.kind != "linked":
            told.append(field)
        elif field.suggested_path:
            maybe.append(field)
        else:
            linked.append(field)
    waiting = sum(field.state in OPEN for field in told)
    return told, linked, maybe, firms, clean, waiting


def _width(share: float) -> str:
    return f"{min(max(share, 0.0), 1.0) * 100:.2f}".rstrip("0").rstrip(".")


def _segments(counts: dict[str, int]) -> list[dict[str, Any]]:
    total = sum(counts.values()) or 1
    parts: list[dict[str, Any]] = []
    before = 0
    for kind, count in counts.items():
        if count:
            parts.append(
                {
                    "kind": kind,
                    "count": count,
                    "x": _width(before / total),
                    "width": _width(count / total),
                }
            )
            before += count
    return parts


def _name(text: str) -> Markup:
    return Markup('<span class="name">{}</span>').format(breakable(text))


def _sentence(lang: Language, key: str, **facts: Markup | str) -> Markup:
    """A text with marked-up facts; everything that is not markup is escaped."""
    return Markup(escape(lang.texts[key])).format(**facts)  # noqa: S704 - escaped right here


def _listed(places: Sequence[str], most: int, lang: Language) -> Markup:
    shown = Markup(", ").join(_name(place) for place in places[:most])
    if len(places) > most:
        shown += Markup(" {}").format(lang.count("more", len(places) - most))
    return shown


def _highlight(told: Told, lang: Language) -> dict[str, Markup]:
    facts: dict[str, Markup | str] = {**told.facts, "where": _listed(told.places, _PLACES, lang)}
    facts["first"] = _listed(told.places[:1], 1, lang)
    return {
        part: _sentence(lang, f"top.{told.topic}.{key}", **facts)
        for part, key in (("title", "title"), ("what", told.what), ("do", "do"))
    }


def _fault(item: NotScanned, lang: Language) -> tuple[str, str]:
    reason, mend = fault(item, lang)
    return visible(reason), visible(mend)


def _grave(table: TableFacts) -> list[str]:
    """Kinds of a table that the law asks most about, also those inside of texts."""
    found = [(f.kind, {c.legal_class for c in f.also}) for f in table.fields if f.personal]
    return [
        kind
        for kind, legal in _GRAVE.items()
        if any(of == kind or inside & legal for of, inside in found)
    ]


def _bound(table: TableFacts, lang: Language) -> str:
    share = upper_bound(table)
    return (
        lang.say("coverage.none")
        if share is None
        else (lang.say("coverage.under", share=lang.percent(share)))
    )


def _why(link: LinkFacts, lang: Language) -> list[Reason]:
    if link.verdict is None:
        return link_reasons(link, lang)
    on = figures.day(link.verdict.at.date(), lang.code)
    said = lang.say("verdict.by", by=visible(link.verdict.by), day=on)
    return [Reason(said, against=False), Reason(visible(link.verdict.reason), against=False)]


def _overlap(each: OverlapFacts, lang: Language) -> str:
    return overlap_sentence(each, load(), lang)
