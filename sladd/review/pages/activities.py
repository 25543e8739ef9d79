"""Processing activities: the list, and the form in which one is filled in once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from sladd.catalog.activities import ActivityError
from sladd.model import Activity, SavedActivity
from sladd.reports.record.columns import COLUMNS, cells
from sladd.reports.record.facts import RecordOutline, categories_of
from sladd.reports.record.gathering import facts_of
from sladd.reports.record.suggestions import OWN, suggest
from sladd.reports.record.telling import language
from sladd.review.access import Deciding, Reading
from sladd.review.context import Role, Visit
from sladd.review.pages.activity_form import (
    NEW,
    ActivityForm,
    activity_form,
    addressed,
    checked,
    from_form,
    new_id,
)
from sladd.review.recorded import outline_of
from sladd.writing import Language

router = APIRouter()

Key = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$")]


async def _posted(request: Request) -> FormData:
    """The form; the guard of the route has read it already."""
    return await request.form(max_files=0)


Posted = Annotated[FormData, Depends(_posted)]


@dataclass(frozen=True, slots=True)
class Line:
    """One activity of the list."""

    id: str
    name: str
    purpose: str
    filled: int
    asked: int
    missing: str
    tables: int
    gone: int
    saved: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """An activity that the scan suggests."""

    id: str
    name: str
    purpose: str
    tables: str
    own: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A table that belongs to no activity, or of which some fields do not."""

    table: str
    fields: int
    whole: bool
    held: str


@dataclass(frozen=True, slots=True)
class ActivitiesView:
    """What the list shows."""

    lines: tuple[Line, ...]
    suggested: tuple[Suggested, ...]
    left: tuple[Left, ...]
    complete: int
    covered: int
    personal: int


def activities_view(record: RecordOutline, lang: Language, reader: Language) -> ActivitiesView:
    """The list of activities.

    Args:
        record: what `gather` collected.
        lang: texts of the record, in the visitor's language.
        reader: tells days as the visitor's clock does.
    """
    lines = tuple(
        Line(
            id=each.activity.id,
            name=each.activity.name,
            purpose=each.activity.purpose,
            filled=each.filled,
            asked=each.asked,
            missing=", ".join(lang.say(f"part.{part}") for part in each.missing),
            tables=len(each.tables),
            gone=len(each.gone),
            saved=f"{reader.day(each.saved.at)}, {each.saved.by}",
        )
        for each in record.activities
    )
    taken = [line.id for line in lines]
    suggested = suggest(record.discovery, taken, lang, record.subjects)
    personal = sum(table.personal for _, table in record.personal_tables)
    return ActivitiesView(
        lines=lines,
        suggested=tuple(
            Suggested(a.id, a.name, a.purpose, ", ".join(a.covers), a.id == OWN) for a in suggested
        ),
        left=tuple(
            Left(
                each.table.address,
                len(each.fields),
                each.whole,
                ", ".join(lang.label(c) for c in categories_of(each.fields)),
            )
            for each in record.uncovered
        ),
        complete=sum(not each.missing for each in record.activities),
        covered=personal - sum(len(each.fields) for each in record.uncovered),
        personal=personal,
    )


@router.get("/activities")
def show_all(visit: Reading) -> Response:
    """Show the list, with what is suggested and what no activity covers."""
    view = activities_view(outline_of(visit.desk), language(visit.language.code), visit.language)
    return visit.page("activities.html", view=view)


@router.get("/activities/{key}")
def show_one(key: Key, visit: Reading) -> Response:
    """Show the form to the officer, and what is filled in to everybody else."""
    record = outline_of(visit.desk)
    activity, saved = _found(key, record, visit)
    if not visit.allowed(Role.DPO):
        return _told(activity, saved, record, visit)
    version = _version(key, saved, visit)
    return _form(visit, activity_form(activity, record, visit), saved, version)


@router.post("/activities/{key}")
def save(key: Key, visit: Deciding, posted: Posted) -> Response:
    """Save what was filled in, or show the form again with what is wrong."""
    record = outline_of(visit.desk)
    standing, saved = _found(key, record, visit)
    version, activity = from_form(key, posted)
    activity = addressed(activity, record)
    form = checked(activity, posted, record, standing, visit)
    if form.errors:
        return _form(visit, form, saved, version, status=422)
    if key == NEW:
        taken = {each.activity.id for each in record.activities}
        activity = replace(activity, id=new_id(activity.name, taken, visit.desk.catalog))
    try:
        visit.desk.catalog.activities.save(activity, version=version, by=visit.account.name)
    except ActivityError:
        stands = visit.desk.catalog.activities.one(key)
        told = replace(
            form, meanwhile=stands.by if stands else visit.language.say("activities.somebody")
        )
        return _form(visit, told, stands, version, status=409)
    visit.say("activities.saved", name=activity.name)
    return RedirectResponse("/activities", status_code=303)


@router.post("/activities/{key}/remove")
def remove(key: Key, visit: Deciding, posted: Posted) -> Response:
    """Take an activity out of the record."""
    version, _ = from_form(key, posted)
    saved = visit.desk.catalog.activities.one(key)
    if saved is None:
        raise HTTPException(404)
    visit.desk.catalog.activities.remove(key, version=version, by=visit.account.name)
    visit.say("activities.removed", name=saved.activity.name)
    return RedirectResponse("/activities", status_code=303)


def _found(key: str, record: RecordOutline, visit: Visit) -> tuple[Activity, SavedActivity | None]:
    """The saved activity, the suggestion, or an empty one.

    Raises:
        HTTPException: there is none of that name (404).
    """
    for each in record.activities:
        if each.activity.id == key:
            return each.activity, each.saved
    if key == NEW:
        return Activity(NEW, ""), None
    taken = [each.activity.id for each in record.activities]
    lang = language(visit.language.code)
    for activity in suggest(record.discovery, taken, lang, record.subjects):
        if activity.id == key:
            return activity, None
    raise HTTPException(404)


def _version(key: str, saved: SavedActivity | None, visit: Visit) -> int:
    """The version that the form is made from: also a removed one counts."""
    if saved is not None:
        return saved.version
    history = visit.desk.catalog.activities.history(key)
    return history[-1].version if history else 0


def _form(
    visit: Visit, form: ActivityForm, saved: SavedActivity | None, version: int, status: int = 200
) -> Response:
    return visit.page("activity.html", status=status, form=form, saved=saved, version=version)


def _told(
    activity: Activity, saved: SavedActivity | None, record: RecordOutline, visit: Visit
) -> Response:
    if saved is None:
        raise HTTPException(404)  # a suggestion is the officer's to look at
    lang = language(visit.language.code)
    taxonomy = visit.desk.bound.taxonomy
    text = cells(facts_of(saved, record.discovery, taxonomy), taxonomy, lang)
    rows = [
        (lang.say(f"column.{column.key}"), text[column.key])
        for column in COLUMNS
        if column.key != "name"
    ]
    return visit.page("activity_told.html", activity=activity, rows=rows)
