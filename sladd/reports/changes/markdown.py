"""The change report as Markdown, for a wiki or a merge request."""

from __future__ import annotations

from collections.abc import Iterator

from sladd.reports.changes.facts import KINDS, Changes
from sladd.reports.changes.words import before_after, decided, decision, lead, period, waiting
from sladd.reports.markdown import head, row
from sladd.writing import Language, figures
from sladd.writing.escaping import markdown as escaped


def markdown(data: Changes, lang: Language) -> bytes:
    """The report as UTF-8 Markdown."""
    return ("\n".join(_lines(data, lang)).rstrip() + "\n").encode("utf-8")


def _lines(data: Changes, lang: Language) -> Iterator[str]:
    title = lang.say("changes_page.title")
    yield f"# {title}: {escaped(data.organisation)}" if data.organisation else f"# {title}"
    yield ""
    if when := period(data, lang):
        yield f"{lang.say('changes_page.period')} {when}."
        yield ""
    yield f"**{lead(data, lang)}**"
    yield ""
    if todo := waiting(data, lang):
        yield todo
        yield ""
    for kind in KINDS:
        if not data.of(kind):
            continue
        yield f"## {lang.say(f'change.{kind}')}"
        yield ""
        yield from head(lang, "field", "before", "after", "verdict")
        for each in data.of(kind):
            told = (*before_after(each, lang), decided(each, lang))
            yield row([escaped(each.field), *(escaped(text) for text in told)])
        yield ""
    if data.decisions:
        yield f"## {lang.say('changes_page.decisions')}"
        yield ""
        yield from head(lang, "field", "verdict", "by", "at", "grounds")
        for one in data.decisions:
            on = figures.day(one.verdict.at.date(), lang.code)
            about = (one.field, decision(one, lang), one.verdict.by, on, one.verdict.reason)
            yield row([escaped(text) for text in about])
        yield ""
    if data.spans:
        yield f"## {lang.say('changes_page.compared')}"
        yield ""
        yield from head(lang, "source", "from_scan", "to_scan", "personal", "came", "went")
        for span in data.spans:
            begun = figures.moment(span.begun, lang.code) if span.begun else "–"
            ended = figures.moment(span.ended, lang.code)
            counts = (span.personal, span.came, span.went)
            yield row([escaped(span.source), begun, ended, *(lang.number(n) for n in counts)])
