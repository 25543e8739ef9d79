"""A finding as its row of the page shows it: each cell in words, asked for once.

Jinja asks slowly: over 20,000 findings the template alone took longer than all the words in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from sladd.catalog.standing import OPEN
from sladd.model import How
from sladd.reports.facts import FieldFacts, certain
from sladd.reports.telling import Reason, label, labels, reasons, rivals, verdict_text
from sladd.writing import Language, figures
from sladd.writing.escaping import breakable, visible

_AT_ONCE = 2  # reasons that are shown before the rest is unfolded
_TAGGED = frozenset({"national_id", "special", "credential"})


@dataclass(frozen=True, slots=True)
class Row:
    """One finding.

    Attributes:
        state: of the field, as in `FieldFacts`.
        open: whether it waits for a decision.
        name: of the field, which may break.
        storage: what it is stored as.
        shapes: masked, as they may be shown.
        kind: of the finding, as in `FieldFacts`.
        label: of its category.
        contains: whether some values hold it, not all.
        also: the other categories inside, in a phrase; "" for none.
        tag: what the law says of it; "" for nothing.
        sure: the confidence in a word; "" where none is told.
        share: the confidence in per cent.
        width: the confidence as the width of a bar, 0-100.
        first: the first reasons, as list items.
        rest: the others, and what else it might have been.
        unfold: what unfolds them.
        verdict: what was decided.
        by: by whom and when; "" while nobody has.
        ground: why.
    """

    state: str
    open: bool
    name: Markup
    storage: str
    shapes: Sequence[str]
    kind: str
    label: str
    contains: bool
    also: str
    tag: str
    sure: str
    share: str
    width: str
    first: Markup
    rest: Markup
    unfold: str
    verdict: str
    by: str
    ground: str


def row(field: FieldFacts, lang: Language) -> Row:
    """The finding of a field in a language."""
    why, others, decided = reasons(field, lang), rivals(field, lang), field.verdict
    more = why[_AT_ONCE:]
    if others:
        told = f"{lang.say('explain.rivals')}: {others}"
        more = [*more, Reason(told, against=True)]
    unfold = "explain.more" if len(why) <= _AT_ONCE else ""
    sure = certain(field.confidence)
    return Row(
        state=field.state,
        open=field.state in OPEN,
        name=breakable(field.name),
        storage=lang.word("storage", field.storage),
        shapes=[visible(shape) for shape in field.shapes],
        kind=field.kind,
        label=label(field.category, lang),
        contains=field.how is How.CONTAINS,
        also=lang.say("table.also", categories=", ".join(labels(field.also, lang)))
        if field.also
        else "",
        tag=_tag(field, lang),
        sure=lang.say(f"confidence.{field.sureness}") if sure else "",
        share=lang.percent(sure),
        width=f"{field.confidence * 100:.4g}",
        first=_items(why[:_AT_ONCE]),
        rest=_items(more),
        unfold=lang.say(unfold) if unfold else lang.count("reasons", len(why) - _AT_ONCE),
        verdict=verdict_text(field, lang),
        by=lang.say(
            "verdict.by", by=visible(decided.by), day=figures.day(decided.at.date(), lang.code)
        )
        if decided
        else "",
        ground=visible(decided.reason) if decided else "",
    )


def _tag(field: FieldFacts, lang: Language) -> str:
    if field.personal and field.category and field.kind in _TAGGED:
        key = f"legal.{field.category.legal_class}"
        if lang.has(key):
            return lang.say(key)
    if field.may_reveal:
        return lang.say("legal.may_reveal", categories=", ".join(labels(field.may_reveal, lang)))
    return ""


def _items(told: Sequence[Reason]) -> Markup:
    """List items; what speaks against the finding says so by its class."""
    items = [
        f'<li class="against">{escape(each.text)}</li>'
        if each.against
        else f"<li>{escape(each.text)}</li>"
        for each in told
    ]
    return Markup("".join(items))  # noqa: S704 - escaped right here
