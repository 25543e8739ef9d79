"""The inbox: findings that wait for a decision, the worst first, one shown at a time.

A form carries what was shown, so that a decision is taken on that and on nothing else. After one
the next finding is shown at once; each decision can be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response

from sladd.catalog import Asked, Chosen, DecisionError, OvertakenError
from sladd.model import Decision
from sladd.pipeline.reasons import personal_category
from sladd.reports.language import language
from sladd.review.access import Deciding, Reading
from sladd.review.access.refusal import Refused
from sladd.review.context import Visit
from sladd.review.pages.finding import ALIKE, FindingView
from sladd.review.pages.finding import view as finding_view
from sladd.review.pages.rows import Row, field_link, key_of, page_of, query_of, row_of
from sladd.writing import in_a_sentence

router = APIRouter()
LARGEST = 2**31 - 1  # number of a row, as PostgreSQL keeps it

SIZE = 25
"""Findings in the queue beside the one that is shown."""

STATES = ("open", "reopened", "decided", "all")
MOST_REASON = 500  # characters; a reason is a sentence or two

_DECISIONS = {
    "confirm": Decision.CONFIRMED,
    "reject": Decision.REJECTED,
    "change": Decision.CHANGED,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which findings are listed."""

    source: str = ""
    category: str = ""
    state: str = "open"
    table: str = ""

    @property
    def query(self) -> str:
        """As it stands in links."""
        state = "" if self.state == "open" else self.state
        return query_of(source=self.source, category=self.category, state=state, table=self.table)

    @property
    def chosen(self) -> Chosen:
        """As the catalog is asked."""
        return Chosen(self.source, self.category, self.state, self.table)


@dataclass(frozen=True, slots=True)
class Undo:
    """The decision before, to take back."""

    first: int
    until: int
    text: str


@dataclass(frozen=True, slots=True)
class InboxView:
    """What the page shows.

    Attributes:
        position: of the finding in the list, from 1; 0 where it is not in it.
        after: key of the finding to show after this one; "" after the last.
        overtaken: who decided what meanwhile, in a sentence.
        wrong: what is wrong with what was sent; "" for nothing.
        typed: the reason that was sent, to be mended.
    """

    filter: Filter
    sources: tuple[tuple[str, str], ...]
    categories: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    finding: FindingView | None
    queue: tuple[Row, ...]
    total: int
    position: int
    page: int
    pages: int
    earlier: str
    later: str
    after: str
    undo: Undo | None
    overtaken: str = ""
    wrong: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class AlikeView:
    """The page that decides on similar columns at once.

    Attributes:
        ticked: keys of the columns that were ticked; None before anything was sent.
        typed: the reason that was sent, to be mended.
    """

    filter: Filter
    finding: FindingView
    rows: tuple[Row, ...]
    categories: tuple[tuple[str, str], ...]
    overtaken: str = ""
    wrong: str = ""
    ticked: frozenset[str] | None = None
    typed: str = ""


def _by_query(
    source: Annotated[str, Query(max_length=500)] = "",
    category: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(max_length=20)] = "open",
    table: Annotated[str, Query(max_length=40)] = "",
) -> Filter:
    return Filter(source, category, state if state in STATES else "open", table)


def _by_form(
    source: Annotated[str, Form(max_length=500)] = "",
    category: Annotated[str, Form(max_length=200)] = "",
    state: Annotated[str, Form(max_length=20)] = "open",
    table: Annotated[str, Form(max_length=40)] = "",
) -> Filter:
    return _by_query(source, category, state, table)


QueryFilter = Annotated[Filter, Depends(_by_query)]
FormFilter = Annotated[Filter, Depends(_by_form)]


@router.get("/inbox")
def show(
    visit: Reading,
    chosen: QueryFilter,
    at: Annotated[str, Query(max_length=40)] = "",
    onward: Annotated[str, Query(alias="next", max_length=40)] = "",
    page: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    undo: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show the finding asked for, or the first that waits."""
    return visit.page("inbox.html", view=view(visit, chosen, at, onward, page, undo))


@router.post("/inbox/decide")
def decide(
    visit: Deciding,
    chosen: FormFilter,
    key: Annotated[str, Form(max_length=40)],
    decision: Annotated[str, Form(max_length=20)],
    verdict: Annotated[int, Form(ge=0, le=LARGEST)] = 0,
    fingerprint: Annotated[str, Form(max_length=40)] = "",
    to: Annotated[str, Form(max_length=200)] = "",
    reason: Annotated[str, Form(max_length=10_000)] = "",
    onward: Annotated[str, Form(alias="next", max_length=40)] = "",
) -> Response:
    """Take the decision of the form and go on to the next finding."""
    wrong = _wrong(visit, decision, to, reason)
    if wrong:
        return _again(visit, chosen, key, wrong=wrong, typed="" if wrong == "personal" else reason)
    asked = Asked(
        key, _DECISIONS[decision], _category(decision, to), reason.strip(), verdict, fingerprint
    )
    try:
        taken = visit.desk.catalog.verdicts.decide_seen([asked], by=visit.account.name)
    except OvertakenError:
        return _again(visit, chosen, key, overtaken=_meanwhile(visit, key), typed=reason)
    except DecisionError as fault:
        return _again(visit, chosen, key, wrong=_fault(fault), typed=reason)
    return _onward(chosen, onward, f"{taken[0].number}-{taken[0].number}")


@router.post("/inbox/undo")
def undo(
    visit: Deciding,
    chosen: FormFilter,
    first: Annotated[int, Form(ge=1, le=LARGEST)],
    until: Annotated[int, Form(ge=1, le=LARGEST)],
    key: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Take decisions back and show the finding again."""
    try:
        fields = visit.desk.catalog.verdicts.undo(first, until, by=visit.account.name)
    except OvertakenError as fault:
        return _again(visit, chosen, fault.fields[0], overtaken=_meanwhile(visit, fault.fields[0]))
    except DecisionError:
        raise Refused(409, "inbox.nothing_to_undo") from None
    n = len(fields)
    visit.say("inbox.undone_one" if n == 1 else "inbox.undone_many", n=n)
    return RedirectResponse(field_link(key or key_of(fields[0]), chosen.query), status_code=303)


@router.get("/inbox/alike/{key}")
def alike(
    visit: Reading,
    chosen: QueryFilter,
    key: str,
) -> Response:
    """List the columns that look like this one."""
    return visit.page("alike.html", view=alike_view(visit, chosen, key))


@router.post("/inbox/alike")
def decide_alike(
    visit: Deciding,
    chosen: FormFilter,
    key: Annotated[str, Form(max_length=40)],
    decision: Annotated[str, Form(max_length=20)],
    field: Annotated[list[str], Form(max_length=ALIKE + 1)],
    to: Annotated[str, Form(max_length=200)] = "",
    reason: Annotated[str, Form(max_length=10_000)] = "",
) -> Response:
    """Take one decision on every column that is ticked: all of them or none."""
    wrong = _wrong(visit, decision, to, reason)
    asked = [
        Asked(own, _DECISIONS.get(decision, Decision.CONFIRMED), _category(decision, to),
              reason.strip(), number, fingerprint)
        for own, number, fingerprint in map(_seen, field)
    ]  # fmt: skip
    overtaken = ""
    if not wrong:
        try:
            taken = visit.desk.catalog.verdicts.decide_seen(asked, by=visit.account.name)
            return _onward(chosen, "", f"{taken[0].number}-{taken[-1].number}")
        except OvertakenError as fault:
            overtaken = _meanwhile(visit, fault.fields[0])
        except DecisionError as fault:
            wrong = _fault(fault)
    shown = replace(
        alike_view(visit, chosen, key),
        wrong=wrong,
        overtaken=overtaken,
        ticked=frozenset(each.key for each in asked),
        typed="" if wrong == "personal" else reason,
    )
    return visit.page("alike.html", view=shown, status=409 if overtaken else 422)


def view(
    visit: Visit, chosen: Filter, at: str = "", onward: str = "", page: int = 0, undo: str = ""
) -> InboxView:
    """Collect what the page shows.

    Args:
        visit: who asks.
        chosen: which findings.
        at: key of the finding to show, listed or not.
        onward: key of the finding to show if it is listed.
        page: of the queue; 0 for the one with the finding.
        undo: numbers of the verdicts just taken, `first-last`.
    """
    catalog, taxonomy, lang = visit.desk.catalog, visit.desk.bound.taxonomy, visit.language
    listed = catalog.worklist.chosen(chosen.chosen)
    keys = [each.key for each in listed]
    places = {key: place for place, key in enumerate(keys)}
    if at:
        shown = at
    elif onward in places:
        shown = onward
    else:
        start = max(0, page - 1) * SIZE
        shown = keys[start if start < len(keys) else 0] if keys else ""
    place = places.get(shown)
    number, pages = page_of(page or (place or 0) // SIZE + 1, len(keys), SIZE)
    found = finding_view(catalog, shown, taxonomy, lang) if shown else None
    if at and found is None:
        raise Refused(404, "error.missing")
    window = listed[(number - 1) * SIZE : number * SIZE]
    around = place if place is not None else -1
    return InboxView(
        filter=chosen,
        sources=tuple((name, name) for name in _sources(visit)),
        categories=_categories(visit),
        states=tuple((each, lang.say(f"inbox.filter_{each}")) for each in STATES),
        finding=found,
        queue=tuple(row_of(each, taxonomy, lang, chosen.query) for each in window),
        total=len(keys),
        position=0 if place is None else place + 1,
        page=number,
        pages=pages,
        earlier=field_link(keys[around - 1], chosen.query) if around > 0 else "",
        later=field_link(keys[around + 1], chosen.query) if around + 1 < len(keys) else "",
        after=keys[around + 1] if around + 1 < len(keys) else "",
        undo=_undo(visit, undo),
    )


def alike_view(visit: Visit, chosen: Filter, key: str) -> AlikeView:
    """Collect what the page of similar columns shows."""
    catalog, taxonomy, lang = visit.desk.catalog, visit.desk.bound.taxonomy, visit.language
    found = finding_view(catalog, key, taxonomy, lang)
    if found is None:
        raise Refused(404, "error.missing")
    rows = (row_of(each, taxonomy, lang) for each in catalog.worklist.alike(key)[:ALIKE])
    return AlikeView(chosen, found, tuple(rows), _categories(visit))


def _again(
    visit: Visit, chosen: Filter, key: str, *, overtaken: str = "", wrong: str = "", typed: str = ""
) -> Response:
    """The same finding as it stands now, with what went wrong."""
    shown = replace(view(visit, chosen, at=key), overtaken=overtaken, wrong=wrong, typed=typed)
    return visit.page("inbox.html", view=shown, status=409 if overtaken else 422)


def _onward(chosen: Filter, onward: str, undo: str) -> Response:
    query = chosen.query
    more = query_of(next=onward, undo=undo)
    return RedirectResponse(f"/inbox?{query}{'&' if query else ''}{more}", status_code=303)


def _wrong(visit: Visit, decision: str, to: str, reason: str) -> str:
    """Which key of the texts says what is wrong with a form; "" for nothing."""
    if decision not in _DECISIONS:
        return "decision"
    if decision == "reject" and not reason.strip():
        return "reason"
    if decision == "change" and to not in visit.desk.bound.taxonomy:
        return "category"
    if len(reason) > MOST_REASON:
        return "long"
    return "personal" if personal_category(reason, visit.desk.bound) is not None else ""


def _fault(fault: DecisionError) -> str:
    return {511: "nothing", 512: "category"}.get(fault.code, "gone")


def _category(decision: str, to: str) -> str:
    return to if decision == "change" else ""


def _seen(text: str) -> tuple[str, int, str]:
    """What a tick of the list carries: key, number of the verdict, fingerprint."""
    key, _, rest = text.partition(":")
    number, _, fingerprint = rest.partition(":")
    if not number.isdecimal() or len(number) > 15:
        raise Refused(400, "error.request")
    return key[:40], int(number), fingerprint[:40]


def _meanwhile(visit: Visit, key: str) -> str:
    """Who decided on a field after the page was shown; or that a scan found something else."""
    now = next(iter(visit.desk.catalog.worklist.standing([key])), None)
    if now is None or not now.verdict or now.at is None:
        return visit.language.say("inbox.scanned_meanwhile")
    return visit.language.say(
        "inbox.decided_meanwhile",
        by=now.by,
        at=visit.language.moment(now.at),
        what=visit.language.say(f"inbox.state_{now.state}").lower(),
    )


def _undo(visit: Visit, numbers: str) -> Undo | None:
    """What can be taken back, when those decisions are this person's own and still hold."""
    first, _, until = numbers.partition("-")
    if not (first.isdecimal() and until.isdecimal()) or max(len(first), len(until)) > 15:
        return None
    fields = visit.desk.catalog.worklist.still_hold(int(first), int(until), by=visit.account.name)
    if not fields:
        return None
    one = fields[0]
    said = visit.language.say(f"inbox.state_{one.state}")
    if one.state == "changed":
        changed = visit.desk.bound.taxonomy.categories.get(one.category)
        label = in_a_sentence(visit.language.label(changed)) if changed else one.category
        said = visit.language.say("inbox.changed_to", category=label)
    text = (
        visit.language.say("inbox.done_one", what=said, table=one.table, field=one.shown)
        if len(fields) == 1
        else visit.language.say("inbox.done_many", what=said, n=len(fields))
    )
    return Undo(int(first), int(until), text)


def _sources(visit: Visit) -> Sequence[str]:
    known = {each.source for each in visit.desk.catalog.worklist.tables()}
    return sorted({*visit.desk.config.sources, *known})


def _categories(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Every category and its label, by label."""
    words = language(visit.language.code)
    pairs = [(each.key, words.label(each)) for each in visit.desk.bound.taxonomy]
    return tuple(sorted(pairs, key=lambda pair: (pair[1].casefold(), pair[0])))
