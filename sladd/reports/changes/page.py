"""The change report as one HTML page that needs nothing from outside."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Template
from markupsafe import Markup

from sladd.reports.bars import Bar, bars
from sladd.reports.changes.facts import KINDS, Changes
from sladd.reports.changes.words import before_after, decided, decision, lead, period, waiting
from sladd.writing import Language, figures
from sladd.writing.style import content_policy, stylesheet
from sladd.writing.templates import templates


def html(data: Changes, lang: Language) -> bytes:
    """The report as UTF-8 HTML."""
    css = stylesheet() + files("sladd.reports").joinpath("templates", "plots.css").read_text(
        "utf-8"
    )
    counts = data.counts
    text = _template().render(
        data=data,
        t=lang,
        say=lang.say,
        num=lang.number,
        css=Markup(css),  # noqa: S704 - our own file
        policy=content_policy(css),
        lead=lead(data, lang),
        todo=waiting(data, lang),
        period=period(data, lang),
        kinds=KINDS,
        plot=bars(
            [Bar(lang.say(f"change.{kind}"), counts[kind], kind) for kind in KINDS],
            lang,
            ident="by-kind",
            title=lang.say("changes_page.plot"),
        ),
        before_after=lambda change: before_after(change, lang),
        decided=lambda change: decided(change, lang),
        decision=lambda one: decision(one, lang),
        day=lambda at: figures.day(at.date(), lang.code),
        moment=lambda at: figures.moment(at, lang.code),
    )
    return text.encode("utf-8")


@cache
def _template() -> Template:
    return templates("sladd.reports.changes").get_template("changes.html.j2")
