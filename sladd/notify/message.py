"""Notices as a message: a subject, sections with rows, plain text and HTML.

Names of tables and columns come from others and may be attacks: control and direction
characters are shown as �, HTML is escaped by Jinja, and none stands in the subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import jinja2

from sladd import taxonomy
from sladd.catalog import Notice
from sladd.writing import Language, in_a_sentence, read_texts
from sladd.writing.escaping import visible
from sladd.writing.figures import day
from sladd.writing.templates import templates

_LONGEST_NAME = 200  # characters of a name that are shown; PostgreSQL's end at 63, MariaDB's at 64


@dataclass(frozen=True, slots=True)
class Row:
    """A field, source or release, and what is said of it."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Section:
    """One notice in words."""

    title: str
    text: str
    rows: tuple[Row, ...] = ()
    more: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel takes to people."""

    subject: str
    sections: tuple[Section, ...]
    text: str
    html: str


@cache
def language(code: str) -> Language:
    """The texts of `nb` or `en`."""
    return read_texts("sladd.notify", code)


def compose(
    notices: Sequence[Notice], code: str, *, organisation: str = "", link: str = ""
) -> Message:
    """The notices as one message.

    Args:
        notices: at least one.
        code: nb or en.
        organisation: whose data it is.
        link: where the officer's desk is; "" for none.
    """
    lang = language(code)
    sections = tuple(_section(notice, lang) for notice in notices)
    subject = _subject(notices, lang)
    of = lang.say("foot.of", organisation=_shown(organisation)) if organisation else ""
    foot = lang.say("foot.why", organisation=of)
    page = _template().render(
        subject=subject, sections=sections, foot=foot, link=link, lang=lang.code, say=lang.say
    )
    return Message(subject, sections, _plain(sections, lang, foot, link), page)


def _subject(notices: Sequence[Notice], lang: Language) -> str:
    first = notices[0]
    topic = "lapsed" if first.facts.get("ended") else first.topic
    said = lang.say(f"subject.{topic}", source=_shown(first.subject)[:80])
    if len(notices) > 1:
        said = lang.say("subject.more", first=said, n=len(notices) - 1)
    return f"sladd: {said}"


def _shown(text: object) -> str:
    name = visible(str(text))
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _section(notice: Notice, lang: Language) -> Section:
    facts, subject = notice.facts, _shown(notice.subject)
    step = lang.texts.get(f"next.{notice.topic}", "").format_map({"source": subject})
    match notice.topic:
        case "first_scan":
            text = lang.say(
                "say.first_scan", personal=int(facts["personal"]), fields=int(facts["fields"])
            )
            return Section(lang.say("title.first_scan", source=subject), text, step=step)
        case "new" | "changed" | "reopened" as topic:
            fields = facts["fields"]
            text = lang.say(f"say.{topic}", fields=lang.count("fields", int(facts["count"])))
            rest = int(facts["count"]) - len(fields)
            rows = tuple(Row(_shown(f["field"]), _about(f, topic, lang)) for f in fields)
            more = lang.say("say.more", n=rest) if rest > 0 else ""
            return Section(lang.say(f"title.{topic}", source=subject), text, rows, more, step)
        case "refused":
            standing = facts.get("standing")
            text = (
                lang.say("say.refused_standing", version=_shown(standing))
                if standing
                else lang.say("say.refused")
            )
            rows = tuple(Row(*_reason(reason)) for reason in facts["reasons"])
            rest = int(facts["count"]) - len(rows)
            more = lang.say("say.more", n=rest) if rest > 0 else ""
            return Section(lang.say("title.refused", source=subject), text, rows, more, step)
        case "lapsing":
            key = "lapsed" if facts["ended"] else "lapsing"
            until = _day(facts["review_by"], lang)
            title = lang.say(f"title.{key}", source=subject)
            return Section(title, lang.say(f"say.{key}", day=until), step=step)
        case "digest":
            return _digest(facts, lang, step)
        case _:
            return Section(lang.say("title.test"), lang.say("say.test"))


def _reason(reason: str) -> tuple[str, str]:
    code, _, rest = reason.partition(": ")
    return (_shown(code), visible(rest)) if rest else ("", visible(code))


def _day(text: str, lang: Language) -> str:
    return day(date.fromisoformat(text), lang.code)


def _about(field: Mapping[str, Any], topic: str, lang: Language) -> str:
    category = str(field.get("category", ""))
    said = _label(category, lang) if category else lang.say("say.gone")
    how = f"how.{field.get('how', '')}"
    if category and lang.has(how):
        said = f"{said} ({lang.say(how)})"
    before = str(field.get("before", ""))
    if topic == "changed" and before:
        said = f"{said}; {lang.say('say.was', category=_label(before, lang))}"
    return said


def _label(key: str, lang: Language) -> str:
    known = taxonomy.load()
    return in_a_sentence(lang.label(known[key])) if key in known else lang.say("say.unnamed")


def _digest(facts: Mapping[str, Any], lang: Language, step: str) -> Section:
    title = lang.say(
        "title.digest", since=_day(facts["since"], lang), until=_day(facts["until"], lang)
    )
    waits = sum(int(s["undecided"]) + int(s["reopened"]) for s in facts["sources"])
    text = (
        lang.say("digest.waiting", fields=lang.count("fields", waits))
        if waits
        else lang.say("digest.quiet")
    )
    rows = [Row(_shown(s["source"]), _of_source(s, lang)) for s in facts["sources"]]
    for release in facts["releases"]:
        name = f"{_shown(release['release'])} {_shown(release['version'])}"
        rows.append(Row(name, lang.say("digest.published", day=_day(release["day"], lang))))
    for end in facts["ending"]:
        said = lang.say(
            "digest.ended" if end["ended"] else "digest.until", day=_day(end["review_by"], lang)
        )
        rows.append(Row(_shown(end["release"]), said))
    return Section(title, text, tuple(rows), "", step if waits else "")


def _of_source(source: Mapping[str, Any], lang: Language) -> str:
    if source["scanned"] is None:
        return lang.say("digest.never")
    parts = [
        lang.say("digest.source", personal=int(source["personal"]), fields=int(source["fields"]))
    ]
    parts += [
        lang.say(f"digest.{name}", n=int(source[name]))
        for name in ("new", "undecided", "reopened", "missed")
        if source[name]
    ]
    parts.append(lang.say("digest.scanned", day=_day(source["scanned"], lang)))
    return ", ".join(parts)


def _plain(sections: Sequence[Section], lang: Language, foot: str, link: str) -> str:
    parts = ["\n".join(_lines(section, lang)) for section in sections]
    if link:
        parts.append(f"{lang.say('foot.link')}: {link}")
    return "\n\n\n".join([*parts, f"-- \n{foot}"]) + "\n"


def _lines(section: Section, lang: Language) -> Iterator[str]:
    yield section.title
    yield "=" * len(section.title)
    yield section.text
    if section.rows:
        yield ""
        for row in section.rows:
            yield f"  {row.name}\n      {row.about}" if row.name else f"  {row.about}"
    if section.more:
        yield f"  {section.more}"
    if section.step:
        yield f"\n{lang.say('next.label')}: {section.step}"


@cache
def _template() -> jinja2.Template:
    return templates("sladd.notify").get_template("mail.html.j2")
