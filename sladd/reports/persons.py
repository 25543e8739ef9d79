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


def estimate(tables: Sequence[TableScan], entities: Mapping[str, Sequence[str]]) -> Persons:
    """Count the persons of some tables.

    Args:
        tables: as the last scans saw them.
        entities: declared name → addresses of the columns that hold its key.
    """
    roots = [table for table in tables if is_root(table)]
    groups: list[tuple[set[str], int]] = []
    for table in roots:
        shared = _shared(table, entities) or {str(table.table.ref)}
        many = persons_in(table)
        apart = []
        for names, count in groups:
            if names & shared:
                shared |= names
                many = max(many, count)
            else:
                apart.append((names, count))
        groups = [*apart, (shared, many)]
    keyed = {name for names, _ in groups for name in names}
    loose = sum(
        _rows(table)
        for table in tables
        if not table.person_path and _names_persons(table) and not keyed & _shared(table, entities)
    )
    return Persons(sum(count for _, count in groups), len(roots), loose)


def _shared(table: TableScan, entities: Mapping[str, Sequence[str]]) -> set[str]:
    """Declared entities whose key stands in the table."""
    return {
        name
        for name, members in entities.items()
        if any(member.startswith(f"{table.table.ref}.") for member in members)
    }


def _rows(table: TableScan) -> int:
    return table.table.rows if table.table.rows is not None else table.rows


def _names_persons(table: TableScan) -> bool:
    return any(
        field.finding.how is How.IS and field.finding.category.startswith(_DIRECT)
        for field in table.fields
    )
