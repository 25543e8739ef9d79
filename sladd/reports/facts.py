"""What a discovery report tells, in no language yet: names, counts and decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as fresh
from datetime import datetime

from sladd.model import Category, Evidence, How, NotScanned, StorageType, Verdict
from sladd.reports.documents import DocumentFacts
from sladd.reports.graph import GraphFacts

KINDS = (
    # Each personal field counts as one of them: the strictest that fits.
    "national_id",
    "special",
    "credential",
    "financial",
    "direct",
    "indirect",
    "text",
    "linked",
)

CERTAIN = 0.999
"""The most that is told of a confidence: rules and statistics know nothing for sure."""


def certain(confidence: float) -> float:
    """A confidence as every report tells it."""
    return min(confidence, CERTAIN)


def two_digits(confidence: float) -> str:
    """A confidence between 0.00 and 0.99, as a shell prints it; the reports have it in per cent."""
    return f"{min(confidence, 0.99):.2f}"


CONFIDENCE = ((0.95, "certain"), (0.85, "high"), (0.65, "fair"), (0.0, "low"))
"""Words for confidence, from the number upwards."""


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """One field: what it holds, how sure that is and why, and what was decided.

    Attributes:
        kind: one of `KINDS`; "organisation" for what is about no person; "" without a finding.
        state: undecided, confirmed, rejected, changed, reopened; "" where nothing is to decide.
    """

    address: str
    name: str
    storage: StorageType
    how: How
    kind: str
    category: Category | None
    also: tuple[Category, ...]
    type: str
    confidence: float
    evidence: tuple[Evidence, ...]
    shapes: tuple[str, ...]
    state: str
    verdict: Verdict | None
    personal: bool
    rivals: tuple[tuple[Category, float], ...] = ()  # what else it might have been

    @property
    def may_reveal(self) -> tuple[Category, ...]:
        """What of art. 9 and 10 it, or what was found inside it, may reveal."""
        held = (self.category, *self.also) if self.category else self.also
        return tuple(c for c in held if c.may_reveal) if self.personal else ()

    @property
    def suggested_path(self) -> str:
        """The way to a person that holds only if a suggested key is confirmed; "" otherwise."""
        first = self.evidence[0].facts if self.how is How.LINKED and self.evidence else {}
        return str(first.get("path", "")) if first.get("by") == "suggested_key" else ""

    @property
    def sureness(self) -> str:
        """The confidence in a word."""
        return next(word for least, word in CONFIDENCE if self.confidence >= least)


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table with its fields."""

    address: str
    name: str
    rows: int
    total: int | None
    drawn: str
    person_path: tuple[str, ...]
    root: bool  # its own key identifies a person
    fields: tuple[FieldFacts, ...]
    headless: bool = False  # a file without headers: its columns are called c1, c2, …

    @property
    def personal(self) -> int:
        """Fields with personal data."""
        return sum(field.personal for field in self.fields)

    @property
    def complete(self) -> bool:
        """Whether every row was read."""
        return self.drawn == "all"


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source with its tables, by name."""

    name: str
    scanned: datetime | None
    by: str
    tables: tuple[TableFacts, ...]
    missed: tuple[NotScanned, ...]

    @property
    def fields(self) -> tuple[FieldFacts, ...]:
        """The fields of all tables."""
        return tuple(field for table in self.tables for field in table.fields)

    @property
    def by_kind(self) -> Mapping[str, int]:
        """Personal fields of each kind."""
        kinds = [field.kind for field in self.fields if field.personal]
        return {kind: kinds.count(kind) for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Figures:
    """The key figures."""

    fields: int
    tables: int
    sources: int
    personal: int
    personal_tables: int
    direct: int
    indirect: int
    linked: int
    national_id: int
    special: int
    credential: int
    text: int
    texts: int  # columns of free text; `text` is how many of them were seen to hold something
    undecided: int
    reopened: int
    to_decide: int
    persons: int
    person_tables: int
    loose_rows: int


@dataclass(frozen=True, slots=True)
class Highlight:
    """One of the things that matter most: a topic and where it is.

    Attributes:
        topic: key of its sentences, e.g. `national_id`.
        places: addresses of fields or tables, the most telling first.
        categories: what they hold, most frequent first.
        count: how many fields (or tables).
        checked: share 0-1 of values with valid check digits, where known.
    """

    topic: str
    places: tuple[str, ...]
    categories: tuple[Category, ...] = ()
    count: int = 0
    checked: float | None = None


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """What is otherwise than at the scan before."""

    source: str
    first: bool
    changes: Mapping[str, tuple[str, ...]] = fresh(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return any(self.changes.values())


@dataclass(frozen=True, slots=True)
class Outline:
    """What was found where, as far as the record and the gaps ask for it.

    An outline alone leaves out of its fields what only a report of findings tells: shapes,
    rivals, verdicts in full, and evidence but for counted ages; of its tables, how they were read.
    """

    begun: datetime | None
    ended: datetime | None
    version: str
    sources: tuple[SourceFacts, ...]
    missed: tuple[NotScanned, ...]


@dataclass(frozen=True, slots=True)
class Discovery(Outline):
    """All that a discovery report tells."""

    organisation: str
    figures: Figures
    highlights: tuple[Highlight, ...]
    changes: tuple[SourceChanges, ...]
    graph: GraphFacts = fresh(default_factory=GraphFacts)
    documents: tuple[DocumentFacts, ...] = ()

    def in_texts(self, *legal: str) -> int:
        """Fields that hold a legal class inside free text, and are not it as a whole."""
        return sum(
            field.personal
            and field.kind == "text"
            and any(c.legal_class in legal for c in (field.category, *field.also) if c)
            for source in self.sources
            for field in source.fields
        )

    @property
    def complete(self) -> bool:
        """Whether every row of every table was read."""
        return all(table.complete for source in self.sources for table in source.tables)
