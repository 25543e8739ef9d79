"""Links between tables, and persons that two tables share. Names and counts, never values."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from sladd.model.addresses import FieldRef, TableRef
from sladd.model.findings import Evidence
from sladd.model.schema import ForeignKey


class LinkKind(enum.StrEnum):
    """How one column leads to another."""

    KEY = "key"  # its values are keys of the other table
    EMBEDDED = "embedded"  # its values hold the other column's number, as a KID does


class LinkState(enum.StrEnum):
    """What speaks for a link."""

    DECLARED = "declared"  # the source says so
    SUGGESTED = "suggested"  # measured; nothing is built on it before a person confirms it
    CONFIRMED = "confirmed"  # a person said so; as good as declared
    REJECTED = "rejected"  # a person said no; it is not suggested again


@dataclass(frozen=True, slots=True)
class LinkVerdict:
    """A human's answer to a link. It survives rescans."""

    link: str  # `Link.name`
    confirmed: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """`columns` of a table lead to `target_columns` of another, or of the same.

    Attributes:
        confidence: 0-1; 1 for a declared one.
        evidence: each term of the sum, with its counts.
        verdict: what was decided, if anything was.
    """

    table: TableRef
    columns: tuple[str, ...]
    target: TableRef
    target_columns: tuple[str, ...]
    kind: LinkKind = LinkKind.KEY
    state: LinkState = LinkState.SUGGESTED
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    verdict: LinkVerdict | None = None

    @property
    def start(self) -> str:
        """Address of the column that leads; several of a composite key are joined by `+`."""
        return ends(self.table, self.columns)

    @property
    def end(self) -> str:
        """Address of the column that it leads to."""
        return ends(self.target, self.target_columns)

    @property
    def name(self) -> str:
        """What the link is known by: both ends."""
        return f"{self.start} -> {self.end}"

    @property
    def holds(self) -> bool:
        """Whether it may be built on."""
        return self.state in {LinkState.DECLARED, LinkState.CONFIRMED}

    @property
    def foreign_key(self) -> ForeignKey:
        """The same as a key of the table."""
        return ForeignKey(self.columns, self.target, self.target_columns)


def ends(table: TableRef, columns: tuple[str, ...]) -> str:
    """The address of one end: `shop/orders.id`, `shop/lines.order_id+shop/lines.no`."""
    return "+".join(str(FieldRef(table, column)) for column in columns)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many persons of one column are in another, by a value that points one out.

    Attributes:
        field: address of the column with fewer persons.
        other: address of the other.
        by: category of both, such as `user.contact.email`.
        persons: different values in `field`.
        other_persons: different values in `other`.
        shared: values in both.
        compared: different values of `field` that were compared.
        read: `all`: every value of both; `drawn`: those whose digest under one key falls below
            one threshold in both, so that the counts are unbiased estimates; `part`: a column
            was not read to its end, so that `shared` is at least as large.
    """

    field: str
    other: str
    by: str
    persons: int
    other_persons: int
    shared: int
    compared: int
    read: str

    @property
    def share(self) -> float:
        """Share 0-1 of the persons in `field` that are in `other` as well."""
        return min(1.0, self.shared / self.persons) if self.persons else 0.0
