"""The summary as one page of A4, in HTML that needs nothing from outside."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from jinja2 import Template
from markupsafe import Markup

from sladd.reports.bars import Bar, bars
from sladd.reports.changes import words as changes_words
from sladd.reports.changes.facts import KINDS as CHANGES
from sladd.reports.facts import CONFIDENCE, KINDS
from sladd.reports.summary.facts import Matter, Summary
from sladd.reports.telling import figure_note, highlight_facts, persons_note
from sladd.writing import Language, figures, in_a_sentence, read_texts
from sladd.writing.style import content_policy, stylesheet
from sladd.writing.templates import templates


@cache
def language(code: str) -> Language:
    """The texts of the summary, and those of the other reports where it has none."""
    others, own = changes_words.language(code), read_texts(__package__, code)
    return replace(own, texts=MappingProxyType({**others.texts, **own.texts}))


def summary_html(data: Summary, code: str) -> bytes:
    """The page as UTF-8 HTML.

    Args:
        data: what `summarise` collected.
        code: `nb` or `en`.
    """
    lang = language(code)
    css = "".join(
        [
            stylesheet(),
            files("sladd.reports").joinpath("templates", "plots.css").read_text("utf-8"),
            files(__package__).joinpath("templates", "summary.css").read_text("utf-8"),
        ]
    )
    counts = data.changes.counts
    text = _template().render(
        data=data,
        f=data.discovery.figures,
        t=lang,
        say=lang.say,
        num=lang.number,
        one=lambda n: "_one" if n == 1 else "",
        css=Markup(css),  # noqa: S704 - our own file
        policy=content_policy(css),
        today=figures.day(data.today, code),
        day=lambda at: figures.day(at.date() if hasattr(at, "date") else at, code),
        persons=persons_note(data.discovery, lang),
        note=lambda name: figure_note(name, data.discovery, lang),
        kinds=bars(
            [Bar(lang.say(f"kind.{k}"), data.by_kind[k], k) for k in KINDS if data.by_kind[k]],
            lang,
            ident="kinds",
            title=lang.say("summary.kinds"),
        ),
        sureness=bars(
            [
                Bar(_capital(lang.say(f"confidence.{word}")), data.by_sureness[word], word)
                for _, word in CONFIDENCE
            ],
            lang,
            ident="sureness",
            title=lang.say("summary.sureness"),
        ),
        changed=changes_words.lead(data.changes, lang),
        period=changes_words.period(data.changes, lang),
        change_plot=bars(
            [Bar(lang.say(f"change.{k}"), counts[k], k) for k in CHANGES],
            lang,
            ident="changes",
            title=lang.say("changes_page.plot"),
        )
        if data.changes.fields
        else "",
        matters=[_matter(each, data, lang) for each in data.matters],
    )
    return text.encode("utf-8")


def _matter(matter: Matter, data: Summary, lang: Language) -> tuple[str, str]:
    """What is to be decided, and what to do."""
    if matter.highlight is None:
        key = f"matter.{matter.topic}"
        return lang.say(f"{key}_title", release=matter.release), lang.say(f"{key}_do")
    told = highlight_facts(data.discovery, lang)[matter.highlight]
    facts = {**told.facts, "where": "", "first": told.places[0] if told.places else ""}
    key = f"top.{told.topic}"
    return lang.say(f"{key}.title", **facts), lang.say(f"{key}.do", **facts)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _template() -> Template:
    environment = templates("sladd.reports.summary")
    environment.filters["inside"] = in_a_sentence
    return environment.get_template("summary.html.j2")
