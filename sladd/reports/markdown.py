"""The discovery report as Markdown, for a wiki or a merge request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sladd.reports.documents import SHOWN, found_text
from sladd.reports.facts import KINDS, Discovery, TableFacts, certain
from sladd.reports.graph import overlap_sentence
from sladd.reports.missed import fault, place
from sladd.reports.telling import (
    FIGURES,
    documents_note,
    figure_note,
    highlight_facts,
    label,
    labels,
    lead,
    link_goal,
    link_reasons,
    path_text,
    reasons,
    share_read,
    verdict_text,
)
from sladd.taxonomy import load
from sladd.writing import Language, figures
from sladd.writing.escaping import markdown as escaped

_PLACES = 5


def markdown(data: Discovery, lang: Language) -> bytes:
    """The report as UTF-8 Markdown."""
    return ("\n".join(_lines(data, lang)).rstrip() + "\n").encode("utf-8")


def _lines(data: Discovery, lang: Language) -> Iterator[str]:
    title = lang.say("page.title")
    yield f"# {title}: {escaped(data.organisation)}" if data.organisation else f"# {title}"
    yield ""
    if data.begun and data.ended:
        sources = ", ".join(escaped(source.name) for source in data.sources)
        when = figures.period(data.begun, data.ended, lang.code)
        yield f"{lang.say('page.period')} {when}. {lang.say('page.sources')}: {sources}."
        yield ""
    yield f"**{lead(data, lang)}**"
    yield ""
    if data.missed:
        yield from _missed(data, lang)
    if data.ended is None or not data.figures.tables:
        return
    yield from _figures(data, lang)
    yield from _top(data, lang)
    if data.figures.personal:
        yield from _matrix(data, lang)
    yield from _graph(data, lang)
    yield from _coverage(data, lang)
    if data.documents:
        yield from _documents(data, lang)
    yield f"## {lang.say('heading.findings')}"
    yield ""
    yield lang.say("page.values")
    yield ""
    for source in data.sources:
        for table in source.tables:
            yield from _table(f"{escaped(source.name)}/{escaped(table.name)}", table, lang)


def row(cells: Sequence[str]) -> str:
    """A row of a table; the cells are escaped already."""
    return f"| {' | '.join(cells)} |"


def head(lang: Language, *columns: str) -> Iterator[str]:
    """The first two lines of a table, named by `column.<key>`."""
    yield row([lang.say(f"column.{column}") for column in columns])
    yield row(["---"] * len(columns))


def _missed(data: Discovery, lang: Language) -> Iterator[str]:
    yield f"## {lang.say('heading.missed')}"
    yield ""
    yield lang.say("missed.intro")
    yield ""
    yield from head(lang, "where", "reason", "mend")
    for item in data.missed:
        yield row(
            [escaped(place(item.where, lang)), *(escaped(part) for part in fault(item, lang))]
        )
    yield ""


def _documents(data: Discovery, lang: Language) -> Iterator[str]:
    yield f"## {lang.say('heading.documents')}"
    yield ""
    yield documents_note(data, lang)
    yield ""
    yield from head(lang, "document", "sum", "found", "unread")
    for each in data.documents[:SHOWN]:
        found = escaped(found_text(each, lang)) or "–"
        yield row([escaped(each.name), lang.number(each.total), found, str(each.scan.unread)])
    yield ""


def _figures(data: Discovery, lang: Language) -> Iterator[str]:
    f = data.figures
    yield f"## {lang.say('heading.key_figures')}"
    yield ""
    for name in FIGURES:
        note = figure_note(name, data, lang)
        counted = f"- {lang.say(f'figure.{name}')}: **{lang.number(getattr(f, name))}**"
        yield f"{counted} ({note})" if note else counted
    yield ""


def _top(data: Discovery, lang: Language) -> Iterator[str]:
    yield f"## {lang.say('heading.top')}"
    yield ""
    for number, told in enumerate(highlight_facts(data, lang), 1):
        where = ", ".join(escaped(place) for place in told.places[:_PLACES])
        if len(told.places) > _PLACES:
            where += f" {lang.count('more', len(told.places) - _PLACES)}"
        facts = {**told.facts, "where": where, "first": escaped("".join(told.places[:1]))}
        key = f"top.{told.topic}"
        title = lang.say(f"{key}.title", **facts)
        what, do = lang.say(f"{key}.{told.what}", **facts), lang.say(f"{key}.do", **facts)
        yield f"{number}. **{title}.** {what} {escaped(do)}"
    yield ""


def _matrix(data: Discovery, lang: Language) -> Iterator[str]:
    yield f"## {lang.say('heading.matrix')}"
    yield ""
    yield row([lang.say("column.source"), *(lang.say(f"kind.{kind}") for kind in KINDS)])
    yield row(["---", *["---:"] * len(KINDS)])
    for source in data.sources:
        counts = source.by_kind
        yield row([escaped(source.name), *(lang.number(counts[kind]) for kind in KINDS)])
    yield ""


def _graph(data: Discovery, lang: Language) -> Iterator[str]:
    graph = data.graph
    if not graph.links and not graph.overlaps:
        return
    yield f"## {lang.say('heading.graph')}"
    yield ""
    if graph.loose:
        places = ", ".join(escaped(f"{node.source}/{node.name}") for node in graph.loose)
        yield f"{lang.say('graph.loose')} {places}."
        yield ""
    if graph.links:
        yield from head(lang, "from", "to", "state", "why")
        for link in graph.links:
            state = lang.say(f"graph.state_{link.state.value}")
            if link.state == "suggested":
                state += f" {lang.percent(certain(link.confidence))}"
            why = ". ".join(reason.text for reason in link_reasons(link, lang))
            yield row([escaped(link.start), escaped(link_goal(link, lang)), state, escaped(why)])
        yield ""
    if graph.overlaps:
        yield f"### {lang.say('graph.overlaps')}"
        yield ""
        for each in graph.overlaps:
            yield f"- {escaped(overlap_sentence(each, load(), lang))}"
        yield ""


def _coverage(data: Discovery, lang: Language) -> Iterator[str]:
    yield f"## {lang.say('heading.coverage')}"
    yield ""
    yield lang.say("coverage.intro")
    yield ""
    yield from head(lang, "table", "rows", "total", "share", "drawn")
    for source in data.sources:
        for table in source.tables:
            total = (
                lang.say("coverage.unknown") if table.total is None else (lang.number(table.total))
            )
            yield row(
                [
                    f"{escaped(source.name)}/{escaped(table.name)}",
                    lang.number(table.rows),
                    total,
                    share_read(table, lang),
                    lang.word("drawn", table.drawn),
                ]
            )
    yield ""


def _table(name: str, table: TableFacts, lang: Language) -> Iterator[str]:
    told = [field for field in table.fields if field.kind and field.kind != "linked"]
    linked = [f for f in table.fields if f.kind == "linked" and not f.suggested_path]
    maybe = [field for field in table.fields if field.suggested_path]
    if not told and not linked and not maybe:
        return
    yield f"### {name}"
    yield ""
    path = path_text(table, lang)
    if path:
        yield escaped(path)
        yield ""
    if told:
        yield from head(lang, "field", "category", "confidence", "why", "verdict")
        for field in told:
            also = labels(field.also, lang)
            verdict = verdict_text(field, lang)
            if field.verdict:
                on = figures.day(field.verdict.at.date(), lang.code)
                verdict += f" {lang.say('verdict.by', by=field.verdict.by, day=on)}"
            yield row(
                [
                    escaped(field.name),
                    ", ".join([label(field.category, lang), *also]),
                    lang.say(f"confidence.{field.sureness}"),
                    escaped(". ".join(reason.text for reason in reasons(field, lang))),
                    escaped(verdict),
                ]
            )
        yield ""
    if linked:
        yield lang.say("table.linked", fields=", ".join(escaped(f.name) for f in linked))
        yield ""
    if maybe:
        names = ", ".join(escaped(f.name) for f in maybe)
        path = escaped(maybe[0].suggested_path)
        yield lang.say("table.linked_if", fields=names, path=path)
        yield ""
