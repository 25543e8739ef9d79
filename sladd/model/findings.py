"""What was found, and what a human said to it. Counts and names, never values."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as fresh
from datetime import datetime

from sladd.model.addresses import FieldRef
from sladd.model.documents import DocumentScan
from sladd.model.schema import Field, StorageType, Table


class Identifiability(enum.StrEnum):
    """How far a category leads to a person."""

    DIRECT = "direct"
    QUASI = "quasi"
    ATTRIBUTE = "attribute"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Category:
    """A taxonomy entry; the data is `sladd/taxonomy/categories.toml`."""

    key: str  # "user.contact.email"
    dpv: str  # "pd:EmailAddress"
    identifiability: Identifiability
    legal_class: str  # contact, national_id, financial, credential, behaviour, art9, …
    personal: bool
    label_nb: str
    label_en: str
    label_nn: str = ""

    @property
    def may_reveal(self) -> bool:
        """Whether a finding says no more than "may reveal", and a person has to decide.

        GDPR art. 9 and 10: a diet may reveal an illness or a faith, and may be a taste.
        """
        return self.legal_class in {"art9", "art10"}


class How(enum.StrEnum):
    """In what way a field holds personal data."""

    IS = "is"
    CONTAINS = "contains"
    LINKED = "linked"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One signal. Counts and names, never values.

    Attributes:
        signal: `checksum`, `pattern`, `permutation`, `header`, `type`, `sequence`, `gazetteer`,
            `context`, `neighbour`, `agreement`, `key`, `name_role`, `text`, `uniqueness`, `eav`,
            `scatter`, `dates`, `ages`, `amounts`, `position`, `children`.
        weight: contribution to the log-odds of the finding, natural logarithm.
        facts: names and numbers that the report puts into words, e.g.
            `{"matched": 980, "distinct": 1000, "chance": 0.0005}`.
    """

    signal: str
    weight: float
    facts: Mapping[str, str | int | float | bool] = fresh(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rival:
    """Another thing that the field might have been, and how likely that was."""

    category: str
    confidence: float  # 0 where its rule says nothing without a name or a neighbour
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """(field, category) with how, confidence and evidence."""

    field: FieldRef
    how: How
    type: str  # detected type: "NO_FODSELSNUMMER", "EMAIL_ADDRESS"; "" for linked and none
    category: str  # taxonomy key; "" for none
    confidence: float  # calibrated, 0-1
    evidence: tuple[Evidence, ...] = ()
    also: tuple[str, ...] = ()  # further categories found inside (`contains`)
    shapes: tuple[str, ...] = ()  # masked shapes shared by at least 5 distinct values
    rivals: tuple[Rival, ...] = ()  # what else it might have been, the likeliest first

    @property
    def fingerprint(self) -> str:
        """What a verdict has seen: how, type, category and the deterministic signals.

        Counts are left out, so that more rows of the same kind do not reopen a decision.
        """
        signals = sorted({e.signal for e in self.evidence if e.weight > 0})
        seen = json.dumps([self.how, self.type, self.category, sorted(self.also), signals])
        return hashlib.sha256(seen.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FieldScan:
    """What one scan says about one field: the finding, and how much was looked at."""

    field: Field
    finding: Finding  # `how=NONE` where nothing was found
    rows: int  # rows looked at
    nulls: int
    distinct: int | None
    few_values: bool = False  # ≤ 50 distinct values, each seen ≥ 5 times, in the rows looked at
    name_shown: str = ""  # the name to show; differs from the ref where the name itself is personal
    written_as: StorageType | None = None  # text of which every value looked at is a number, date …


@dataclass(frozen=True, slots=True)
class TableScan:
    """What one scan says about one table."""

    table: Table
    fields: tuple[FieldScan, ...]
    rows: int
    drawn: str
    entity: str | None = None  # what its primary key identifies
    person_path: tuple[str, ...] = ()  # e.g. ("orders.customer_id", "customers.id")
    seconds: float = 0.0
    documents: tuple[DocumentScan, ...] = ()  # of a table of documents, each with its counts


class Decision(enum.StrEnum):
    """What a human said about a finding."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A human's answer to a finding. It survives rescans."""

    field: str  # str(FieldRef)
    decision: Decision
    category: str  # the category that holds from now on; "" when rejected
    reason: str
    by: str
    at: datetime
    fingerprint: str  # of the finding it saw
    reopened: bool = False
    reopened_why: str = ""
