"""Sentences of the record, the gaps and the inputs to a DPIA, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sladd.reports.language import language as texts_of
from sladd.reports.missed import place
from sladd.reports.record.facts import Gap, RecordOutline
from sladd.writing import Language
from sladd.writing.language import in_a_sentence

SHOWN = 12  # places of a gap that are listed; a screen


def language(code: str) -> Language:
    """The texts of the record in `nb` or `en`.

    Raises:
        ConfigError: there are none in that language (SLADD-151).
    """
    return texts_of(code, "sladd.reports.record")


@dataclass(frozen=True, slots=True)
class ToldGap:
    """A gap in words."""

    kind: str
    grave: bool
    title: str
    what: str
    why: str
    do: str
    places: tuple[str, ...]
    link: str


def told(gap: Gap, lang: Language) -> ToldGap:
    """What a gap is, why it matters and what to do."""
    labels = [lang.label(category) for category in gap.categories]
    facts: dict[str, str | int] = {**gap.facts}
    inside = {**facts, "categories": lang.list([in_a_sentence(label) for label in labels])}
    first = {**facts, "categories": lang.list([*labels[:1], *map(in_a_sentence, labels[1:])])}
    key = f"gap.{gap.kind}"
    what = lang.texts[f"{key}.what"]
    return ToldGap(
        kind=gap.kind,
        grave=gap.grave,
        title=lang.say(f"{key}.title", **inside),
        what=lang.say(f"{key}.what", **(first if what.startswith("{categories}") else inside)),
        why=lang.say(f"{key}.why"),
        do=lang.say(f"{key}.do"),
        places=_places(gap, lang),
        link=gap.link,
    )


def _places(gap: Gap, lang: Language) -> tuple[str, ...]:
    if gap.kind != "not_scanned":
        return gap.places
    words = texts_of(lang.code)
    return tuple(place(each, words) for each in gap.places)


def lead(gaps: Sequence[Gap], lang: Language) -> str:
    """How many gaps there are, in a sentence."""
    if not gaps:
        return lang.say("gaps.lead_none")
    grave = sum(gap.grave for gap in gaps)
    return lang.say("gaps.lead", grave=grave, other=len(gaps) - grave)


def controller_lines(record: RecordOutline, lang: Language) -> list[tuple[str, str]]:
    """The head of the record: label and text; what art. 30 requires stands even when empty."""
    given = record.controller
    blank = lang.say("record.not_given")
    lines = [(lang.say("record.controller"), record.organisation or blank)]
    for part, required in (
        ("organisation_number", False),
        ("address", False),
        ("email", True),
        ("phone", False),
        ("representative", False),
        ("officer", True),
    ):
        text = getattr(given, part)
        if text or required:
            lines.append((lang.say(f"record.{part}"), text or lang.say("record.not_named")))
    return lines
