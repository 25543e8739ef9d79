"""The audit trail: who did what when, and whether the chain is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from sladd.catalog import AuditEntry, Catalog
from sladd.model import Category
from sladd.reports.names import Names
from sladd.review.access import Reading
from sladd.writing import Language

router = APIRouter()

A_PAGE = 50
CHECKED = 5_000  # entries checked with each look at the page: 80 ms on two shared cores


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is read."""

    number: int
    when: str
    who: str
    what: str
    about: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: each "" for all."""

    action: str = ""
    person: str = ""
    since: str = ""
    until: str = ""
    page: int = 1

    def link(self, page: int) -> str:
        """The address of another page of the same."""
        wanted = {
            "action": self.action, "person": self.person, "since": self.since, "until": self.until,
            "page": page if page > 1 else "",
        }  # fmt: skip
        return f"/audit?{urlencode({name: text for name, text in wanted.items() if text})}"


@dataclass(frozen=True, slots=True)
class AuditView:
    """What the page shows.

    Attributes:
        lines: of this page, newest first.
        count: entries that fit.
        pages: pages of them.
        asked: what was asked for.
        actions: pairs of action and what it is called.
        persons: pairs of name and name.
        problems: what is wrong with the chain.
        checked: entries of the trail that were checked.
        entries: of the whole trail.
        head: number and hash to compare with an export.
        wrong_date: whether a date could not be read.
        local: whether times are those of the reader's clock; else they say UTC.
    """

    lines: tuple[Line, ...]
    count: int
    pages: int
    asked: Asked
    actions: tuple[tuple[str, str], ...]
    persons: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]
    checked: int
    entries: int
    head: str
    wrong_date: bool
    local: bool


@router.get("/audit")
def show(
    visit: Reading,
    action: str = "",
    person: str = "",
    since: str = "",
    until: str = "",
    page: str = "1",
    check: str = "",
) -> Response:
    """Show the trail, newest first; `check=all` checks every entry of it."""
    number = int(page[:9]) if page.isascii() and page.isdigit() else 1
    asked = Asked(action[:100], person[:100], since[:10], until[:10], max(1, number))
    view = view_of(
        visit.desk.catalog,
        visit.desk.names(),
        visit.language,
        visit.desk.bound.taxonomy.categories,
        asked,
        last=None if check == "all" else CHECKED,
    )
    return visit.page("audit.html", view=view)


def view_of(
    catalog: Catalog,
    names: Names,
    language: Language,
    categories: Mapping[str, Category],
    asked: Asked,
    *,
    last: int | None = CHECKED,
) -> AuditView:
    """The page of a trail."""
    since, until = _day(asked.since, language), _day(asked.until, language)
    count, entries = catalog.audit.page(
        action=asked.action,
        by=asked.person,
        since=since,
        until=until + timedelta(days=1) if until else None,
        skip=(asked.page - 1) * A_PAGE,
        most=A_PAGE,
    )
    actions, persons = catalog.audit.known()
    total, head = catalog.audit.head()
    return AuditView(
        lines=tuple(_line(entry, names, language, categories) for entry in entries),
        count=count,
        pages=max(1, -(-count // A_PAGE)),
        asked=asked,
        actions=_chosen(asked.action, ((each, said(each, language)) for each in actions)),
        persons=_chosen(asked.person, ((each, each) for each in persons)),
        problems=tuple(catalog.audit.verify(last=last)),
        checked=total if last is None else min(total, last),
        entries=total,
        head=head,
        wrong_date=bool((asked.since and not since) or (asked.until and not until)),
        local=language.zone is not UTC,
    )


def said(action: str, language: Language) -> str:
    """What an action is called; an unknown one as the trail has it."""
    return language.word("audit.action", action)


def _chosen(chosen: str, options: Any) -> tuple[tuple[str, str], ...]:
    """The options by what they are called, with the one that was asked for even if it is none."""
    found = dict(options)
    if chosen:
        found.setdefault(chosen, chosen)
    return tuple(sorted(found.items(), key=lambda pair: pair[1].casefold()))


def _day(text: str, language: Language) -> datetime | None:
    """The moment at which a day begins where the reader lives."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), language.zone) if text else None
    except ValueError:
        return None


def _line(
    entry: AuditEntry, names: Names, language: Language, categories: Mapping[str, Category]
) -> Line:
    called = entry.detail.get("name", "") if entry.action.startswith("activity.") else ""
    return Line(
        number=entry.number,
        when=language.moment(datetime.fromisoformat(entry.at)),
        who=entry.by or language.say("audit.nobody"),
        what=said(entry.action, language),
        about=str(called) or _about(entry.subject, names, language),
        details=tuple(
            f"{language.word('audit.detail', name)}: {_fact(fact, language, categories)}"
            for name, fact in entry.detail.items()
            if fact not in ("", None, [], {}) and not (called and name == "name")
        ),
    )


def _about(subject: str, names: Names, language: Language) -> str:
    if subject == "unknown account":
        return language.say("audit.unknown_account")
    return names.address(subject)


def _fact(fact: Any, language: Language, categories: Mapping[str, Category]) -> str:
    """A fact of an entry; lists are counted, hashes cut."""
    if isinstance(fact, bool):
        return language.say("audit.yes" if fact else "audit.no")
    if isinstance(fact, int | float):
        return language.number(fact)
    if isinstance(fact, list | dict):
        return language.number(len(fact))
    text = str(fact)
    if text in categories:
        return language.label(categories[text])
    if len(text) >= 16 and all(each in "0123456789abcdef" for each in text):
        return f"{text[:12]}…"
    return language.word("audit.word", text)
