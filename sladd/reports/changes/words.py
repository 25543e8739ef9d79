"""What the change report says, in words that no format changes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import MappingProxyType

from sladd.model import How
from sladd.reports.changes.facts import KINDS, Changes, Decision, FieldChange, Held
from sladd.reports.facts import CONFIDENCE, certain
from sladd.reports.language import language as report_texts
from sladd.writing import Language, figures, read_texts


@cache
def language(code: str) -> Language:
    """The texts of the change report, and those of the discovery report where it has none."""
    report = report_texts(code)
    own = read_texts(__package__, code)
    return replace(own, texts=MappingProxyType({**report.texts, **own.texts}))


def held(one: Held | None, lang: Language) -> str:
    """What was found at a time."""
    if one is None:
        return lang.say("held.nothing")
    name = lang.label(one.category) if one.category else lang.say("held.unnamed")
    if one.how is How.LINKED:
        return lang.say("held.linked")
    return lang.say("held.contains", what=name) if one.how is How.CONTAINS else name


def sureness(confidence: float, lang: Language) -> str:
    """A confidence in a word and in per cent."""
    word = next(word for least, word in CONFIDENCE if confidence >= least)
    return lang.say(
        "held.sure",
        word=lang.say(f"confidence.{word}"),
        share=lang.percent(round(certain(confidence), 3)),
    )


def before_after(change: FieldChange, lang: Language) -> tuple[str, str]:
    """What was there, and what is there now."""
    if change.sure_before is not None and change.sure_after is not None:
        return sureness(change.sure_before, lang), sureness(change.sure_after, lang)
    after = lang.say("held.gone") if change.gone else held(change.after, lang)
    return held(change.before, lang), after


def decided(change: FieldChange, lang: Language) -> str:
    """Whether somebody has decided about it."""
    if change.kind == "vanished" or (change.after and change.after.how is How.LINKED):
        return ""
    if change.verdict is None:
        return lang.say("decided.none")
    if change.verdict.reopened:
        return lang.say("decided.reopened")
    return lang.say(f"decided.{change.verdict.decision.value}")


def decision(one: Decision, lang: Language) -> str:
    """What was decided."""
    if one.verdict.decision.value == "changed" and one.category is not None:
        return lang.say("decided.changed_to", what=lang.label(one.category))
    return lang.say(f"decided.{one.verdict.decision.value}")


def lead(data: Changes, lang: Language) -> str:
    """The first sentence."""
    if not data.spans:
        return lang.say("lead.never")
    compared = [span for span in data.spans if span.begun is not None]
    if not compared:
        return lang.say("lead.first", sources=lang.list([span.source for span in data.spans]))
    if not data.fields:
        return lang.say("lead.none", sources=lang.list([span.source for span in compared]))
    told = [lang.count(f"of_{kind}", n) for kind in KINDS if (n := data.counts[kind])]
    return lang.say("lead.some", what=lang.list(told))


def waiting(data: Changes, lang: Language) -> str:
    """What is to be done about it; "" for nothing."""
    if data.waiting == len(data.fields) == 1:
        return lang.say("count.waiting_sole")
    return lang.count("waiting", data.waiting) if data.waiting else ""


def period(data: Changes, lang: Language) -> str:
    """From which day to which, or from which time of a day; "" before there are two scans."""
    if data.begun is None or data.ended is None:
        return ""
    if data.begun.date() == data.ended.date():
        return " – ".join(figures.moment(at, lang.code) for at in (data.begun, data.ended))
    return figures.period(data.begun, data.ended, lang.code)
