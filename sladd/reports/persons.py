"""How many persons the tables tell of: an estimate from keys, never from values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sladd.catalog.told import persons_in, role_of
from sladd.model import How, TableScan

_DIRECT = ("user.name", "user.contact.email", "user.contact.phone_number", "user.government_id")


@dataclass(frozen=True, slots=True)
class Persons:
    """An estimate.

    Attributes:
        count: persons in tables whose own key is a person; one that several tables share by a
            declared entity counts once.
        tables: how many tables those are.
        loose_rows: rows about persons in tables without a key to any.
    """

    count: int
    tables: int
    loose_rows: int


def is_root(table: TableScan) -> bool:
    """Whether the table's own key identifies a person."""
    return role_of(table) == "person"


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a table the estimate needs.

    Attributes:
        role: `person`, `linked` or "", as in `sladd.catalog.told.role_of`.
        persons: at most, of a table with a role.
        names_persons: a column is a name, an address to reach somebody at, or an identity number.
    """

    address: str
    role: str
    rows: int
    persons: int
    names_persons: bool


def estimate(tables: Sequence[TableScan], entities: Mapping[str, Sequence[str]]) -> Persons:
    """Count the persons of some tables.

    Args:
        tables: as the last scans saw them.
        entities: declared name → addresses of the columns that hold its key.
    """
    return count([_counted(table) for table in tables], entities)


def count(tables: Sequence[Counted], entities: Mapping[str, Sequence[str]]) -> Persons:
    """As `estimate`, of what is known of the tables."""
    roots = [table for table in tables if table.role == "person"]
    groups: list[tuple[set[str], int]] = []
    for table in roots:
        shared = _shared(table, entities) or {table.address}
        many = table.persons
        apart = []
        for names, persons in groups:
            if names & shared:
                shared |= names
                many = max(many, persons)
            else:
                apart.append((names, persons))
        groups = [*apart, (shared, many)]
    keyed = {name for names, _ in groups for name in names}
    loose = sum(
        table.rows
        for table in tables
        if not table.role and table.names_persons and not keyed & _shared(table, entities)
    )
    return Persons(sum(persons for _, persons in groups), len(roots), loose)


def tells_of_persons(how: How, category: str) -> bool:
    """Whether a column names persons by itself."""
    return how is How.IS and category.startswith(_DIRECT)


def _counted(table: TableScan) -> Counted:
    return Counted(
        str(table.table.ref),
        role_of(table),
        table.table.rows if table.table.rows is not None else table.rows,
        persons_in(table),
        any(tells_of_persons(f.finding.how, f.finding.category) for f in table.fields),
    )


def _shared(table: Counted, entities: Mapping[str, Sequence[str]]) -> set[str]:
    """Declared entities whose key stands in the table."""
    return {
        name
        for name, members in entities.items()
        if any(member.startswith(f"{table.address}.") for member in members)
    }
