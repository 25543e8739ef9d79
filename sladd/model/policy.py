"""What happens to every field of a release, and what came of it."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as fresh
from datetime import date
from typing import Any

from sladd.model.addresses import FieldRef, TableRef
from sladd.model.findings import How
from sladd.model.schema import StorageType


@dataclass(frozen=True, slots=True)
class Entity:
    """What a key identifies. `name` is the key type of its pseudonyms."""

    name: str
    members: tuple[str, ...]  # str(FieldRef) of every column that holds this key


@dataclass(frozen=True, slots=True)
class Rule:
    """Select by field or category; say what to do."""

    transform: str
    field: str | None = None  # str(FieldRef)
    category: str | None = None  # key or prefix: `user.contact` covers `user.contact.email`
    parameters: Mapping[str, Any] = fresh(default_factory=dict)
    origin: str = "profile"  # profile, release


class Needs(enum.StrEnum):
    """What a transform looks at to make one output value."""

    COLUMN = "column"
    ROW = "row"  # the columns beside it that tell of the person
    PERSON = "person"  # whose row it is
    KEY = "key"  # which row it is


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a transform, for validation and for the generated reference."""

    name: str
    kind: str
    """string, integer, number, numbers, choice, choices, boolean, mapping, or column: one of the
    table."""
    default: Any = None
    choices: tuple[str, ...] = ()
    help: str = ""
    required: bool = False
    minimum: float | None = None  # of an integer or a number
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class TransformSpec:
    """What a transform declares of itself; the plan checks it before any data moves.

    What it keeps is said of the default parameters, and holds for every column that it accepts.
    """

    name: str
    accepts: tuple[StorageType, ...]
    output: StorageType | None  # None: the input's type
    iso20889: str
    summary: str
    needs: Needs = Needs.COLUMN
    deterministic: bool = True
    reversible: bool = False
    joinable: bool = False  # equal inputs stay equal across tables of a domain
    keyed: bool = False
    keeps_null: bool = True  # null stays null
    nullable: bool = False  # what cannot be read, or has no known person, becomes null
    keeps_uniqueness: bool = False  # different values (in canonical spelling) stay different
    keeps_order: bool = False  # a smaller number or earlier date never becomes the larger one
    keeps_length: bool = False  # texts have as many characters as before
    emits: str | None = None  # category of the output; None: not personal on its own
    drops: bool = False
    parameters: tuple[Parameter, ...] = ()
    output_length: int | None = None  # characters, where fixed
    keeps_category: bool = False  # the output is of the input's category, and looks like it
    alphabet: str = ""  # characters that every output consists of, where they hide what they are
    accepts_to: Mapping[str, tuple[StorageType, ...]] = fresh(default_factory=dict)
    """Narrower than `accepts` for some choices of the parameter `to`."""
    by_parts: bool = False  # the fields nested in the column go by rules of their own
    digests: Mapping[str, str] = fresh(default_factory=dict)
    """Choice of `to` → SHA-256 of the data that it reads, where that can change."""
    kinds: Mapping[str, str] = fresh(default_factory=dict)
    """Category or prefix of one → what the parameter `kind` is where no rule says it; "" for none."""
    unique_kinds: tuple[str, ...] = ()
    """Choices of the parameter `kind` that keep values unique where `keeps_uniqueness` does not."""

    def keeps_apart(self, parameters: Mapping[str, Any]) -> bool:
        """Whether differing values stay different with these parameters."""
        return self.keeps_uniqueness or parameters.get("kind", "") in self.unique_kinds


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """What happens to one column of a release, and why."""

    field: FieldRef
    output: str  # column name in the release; "" when dropped
    type: StorageType
    transform: str
    parameters: Mapping[str, Any]
    category: str
    how: How
    reason: str  # code, e.g. "rule", "no_finding", "few_values", "undecided", "sensitive"
    reason_text: str  # one sentence
    key_type: str = ""  # entity or canonical type the pseudonym key is derived for
    verdict: str = ""
    parts: tuple[FieldPlan, ...] = ()  # nested in it, where its transform treats them one by one
    role: str = ""  # of an anonymised release: what was decided, or "" while it is not
    within: str = ""  # nested column of the release that it is a place in; "": its own column

    @property
    def column(self) -> str:
        """The column of the release that it is, or is a place in; "" when dropped."""
        return (self.within or self.output) if self.output else ""

    def each(self) -> Iterator[FieldPlan]:
        """The field itself and the parts of it that are treated one by one."""
        yield self
        yield from self.parts


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What happens to one table."""

    table: TableRef
    output: str  # table name in the release
    fields: tuple[FieldPlan, ...]
    where: str | None = None
    leave_out: tuple[str, ...] = ()  # conditions on mapped columns, see policy
    entity: str | None = None
    person_path: tuple[str, ...] = ()
    person: str = ""  # entity of the persons that the path leads to
    unreached: bool = False  # holds persons, and nobody is left out of it
    others: str = ""  # group of its persons, where they are none of those who are left out


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """A share of the persons, drawn by the key; the rows of the others stay out."""

    share: float  # 0–1
    person: str  # entity of the persons that are drawn


@dataclass(frozen=True, slots=True)
class Plan:
    """Rules per category → what happens to every field. Complete, printable, hashable."""

    release: str
    kind: str  # pseudonymised, anonymised
    domain: str
    key: str  # keyring reference, e.g. "main"
    as_of: date
    tables: tuple[TablePlan, ...]
    entities: tuple[Entity, ...] = ()
    policy_sha256: str = ""
    key_version: int = 1
    sample: SamplePlan | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one worked partition reports back: references and counts."""

    table: str
    index: int
    rows_in: int
    rows_out: int
    files: tuple[str, ...]
    counts: Mapping[str, int] = fresh(default_factory=dict)
    snapshot: str = ""
