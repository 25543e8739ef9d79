"""What the record tells, in no language yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as fresh
from datetime import datetime

from sladd.catalog import ReleaseRecord
from sladd.config import ControllerConfig, ReleaseConfig
from sladd.model import Activity, Category, SavedActivity
from sladd.reports.facts import Discovery, FieldFacts, Outline, TableFacts

VAGUE = ("user", "user.custom")
"""Categories that say no more than *personal data*."""

ACTIVITY_PARTS = (
    # What art. 30(1) asks for, with the legal basis; each is a key of `part.*` in the texts.
    "purpose",
    "bases",
    "persons",
    "categories",
    "recipients",
    "transfer",
    "retention",
    "measures",
    "contact",
)


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """One saved activity beside what the scan says of the fields it uses.

    Attributes:
        saved: as it was filled in.
        missing: keys of parts that it still needs.
        asked: how many parts it needs.
        gone: what it uses that no source has any more.
        found: categories in the fields it uses, by key.
        unsaid: those of them that it does not name.
        tables: names of the tables it uses that are there.
    """

    saved: SavedActivity
    missing: tuple[str, ...]
    asked: int
    gone: tuple[str, ...]
    found: tuple[Category, ...]
    unsaid: tuple[Category, ...]
    tables: tuple[str, ...]

    @property
    def activity(self) -> Activity:
        """As it was filled in."""
        return self.saved.activity

    @property
    def filled(self) -> int:
        """How many parts it has."""
        return self.asked - len(self.missing)


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A table with personal data of which some fields belong to no activity."""

    table: TableFacts
    source: str
    fields: tuple[FieldFacts, ...]

    @property
    def whole(self) -> bool:
        """Whether no field of the table belongs to any."""
        return len(self.fields) == self.table.personal


@dataclass(frozen=True, slots=True)
class Notice:
    """What the privacy notice says.

    Attributes:
        mentioned: keys of categories.
        retention: whether it says how long data are kept.
        minimum_age: years; None where it says none.
        languages: that it can be read in; empty where that is not known.
    """

    mentioned: frozenset[str]
    retention: bool
    minimum_age: int | None
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something found that the notice, the record or the law does not go with.

    Attributes:
        kind: key of its sentences.
        grave: whether it breaks a rule by itself, rather than asking to be looked at.
        places: shown addresses of fields or tables, or names of activities.
        categories: that it is about.
        facts: for its sentences.
        link: path of the page where it can be mended.
    """

    kind: str
    grave: bool
    places: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    facts: Mapping[str, str | int] = fresh(default_factory=dict)
    link: str = "/activities"


@dataclass(frozen=True, slots=True)
class RecordOutline:
    """All that the record and the list of gaps tell."""

    organisation: str
    controller: ControllerConfig
    discovery: Outline
    activities: tuple[ActivityFacts, ...]
    uncovered: tuple[Uncovered, ...]
    notice: Notice | None
    child_age: int
    releases: tuple[ReleaseRecord, ...] = ()
    offered: Mapping[str, ReleaseConfig] = fresh(default_factory=dict)
    subjects: Mapping[str, Sequence[str]] = fresh(default_factory=dict)  # group → tables
    dpv: Mapping[str, str] = fresh(default_factory=dict)

    @property
    def changed(self) -> datetime | None:
        """When an activity was last saved or a scan last finished."""
        moments = [each.saved.at for each in self.activities]
        if self.discovery.ended is not None:
            moments.append(self.discovery.ended)
        return max(moments, default=None)

    @property
    def personal_tables(self) -> tuple[tuple[str, TableFacts], ...]:
        """Source and table, of every table with personal data."""
        return tuple(
            (source.name, table)
            for source in self.discovery.sources
            for table in source.tables
            if table.personal
        )


@dataclass(frozen=True, slots=True)
class Record(RecordOutline):
    """What the inputs to a DPIA tell besides: all that was found."""

    discovery: Discovery


def categories_of(fields: tuple[FieldFacts, ...] | list[FieldFacts]) -> tuple[Category, ...]:
    """Categories of personal data that these fields are or contain, by key."""
    found: dict[str, Category] = {}
    for field in fields:
        if not field.personal:
            continue
        for category in (field.category, *field.also):
            if category is not None and category.personal:
                found[category.key] = category
    return tuple(found[key] for key in sorted(found))


def telling_categories(fields: Sequence[FieldFacts]) -> tuple[Category, ...]:
    """As `categories_of`, without those that say no more than the others do already."""
    found = categories_of(tuple(fields))
    return tuple(c for c in found if c.key not in VAGUE) or found
