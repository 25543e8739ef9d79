"""The columns that name rows, and the ways over which a row left out takes others along."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sladd.model import Entity, FieldRef, Plan, StorageType, Table, TablePlan
from sladd.sources.nested import column_name

_MAIL = "user.contact.email"


@dataclass(frozen=True, slots=True)
class Link:
    """`column` of a table holds the key that `target` (a field address) identifies."""

    column: str
    target: str
    number: bool = False  # one side may spell the number with zeros before it
    mail: bool = False  # an e-mail address: upper and lower case name one person


def ways(
    plan: Plan, tables: Sequence[Table], flagged: Collection[str]
) -> tuple[set[str], dict[str, list[Link]]]:
    """The columns that name rows, and for each table the columns that lead to them."""
    said = _declared(plan, tables)
    identifying = _identifying(tables, plan.entities) | {link.target for link in said.values()}
    links = _links(tables, plan.entities, identifying | set(flagged))
    for address, link in said.items():
        if all((link.column, link.target) != (have.column, have.target) for have in links[address]):
            links[address].append(link)
    mails = {str(f.field) for t in plan.tables for f in t.fields if f.category == _MAIL}
    return identifying, {
        address: [replace(link, mail=link.target in mails) for link in found]
        for address, found in links.items()
    }


def parents_first(
    by_address: Mapping[str, Table], links: Mapping[str, Sequence[Link]]
) -> Iterator[str]:
    """Addresses of the tables, each after those that its foreign keys point at."""
    done: set[str] = set()

    def visit(address: str, trail: tuple[str, ...]) -> Iterator[str]:
        if address in done or address in trail:
            return
        for link in links[address]:
            parent = link.target.rpartition(".")[0]
            if parent in by_address and parent != address and _is_foreign(address, link):
                yield from visit(parent, (*trail, address))
        done.add(address)
        yield address

    def _is_foreign(address: str, link: Link) -> bool:
        table = by_address[address]
        return any(link.column in foreign.columns for foreign in table.foreign_keys)

    for address in sorted(by_address):
        yield from visit(address, ())


def person_of(table: Table, plan: Plan) -> tuple[str, ...]:
    """The way to a table's person; its own key where it has none."""
    found: TablePlan | None = next((t for t in plan.tables if t.table == table.ref), None)
    own = tuple(str(FieldRef(table.ref, key)) for key in table.primary_key[:1])
    return (found.person_path if found else ()) or own


def column_of(address: str, table: Table) -> str:
    """The name in the table's batches of the field with an address."""
    return next(name_of(f.ref) for f in table.fields if str(f.ref) == address)


def name_of(ref: FieldRef) -> str:
    """The name of a field in its source's batches; a nested one has its path in it."""
    return column_name(ref.column, ref.path)


def _declared(plan: Plan, tables: Sequence[Table]) -> dict[str, Link]:
    """Where `person:` says the way that no foreign key does: the first step of each table."""
    by_address = {str(table.ref): table for table in tables}
    kinds = {str(f.ref): f.type for t in tables for f in t.fields}
    found: dict[str, Link] = {}
    for planned in plan.tables:
        address, path = str(planned.table), planned.person_path
        # A path ends at the person's key, so one of two steps leads straight to it.
        if len(path) != 2 or any(step not in kinds for step in path) or address not in by_address:
            continue
        column = column_of(path[0], by_address[address])
        found[address] = Link(column, path[1], number=_mixed(path, kinds))
    return found


def _identifying(tables: Sequence[Table], entities: Sequence[Entity]) -> set[str]:
    """Columns whose value names a row that others point at.

    A column that merely holds a key (`orders.customer_id`) is none: a customer without
    orders in the release is not left out. The number that a row is known by elsewhere is one
    (`customers.kundenr`, unique): whoever is left out is left out of the exports with it too.
    """
    found = {
        str(FieldRef(foreign.target, column))
        for table in tables
        for foreign in table.foreign_keys
        for column in foreign.target_columns
    }
    shared = {member for entity in entities if len(entity.members) > 1 for member in entity.members}
    keys = {str(FieldRef(table.ref, key)) for table in tables for key in table.primary_key}
    return found | ((keys | _numbers(tables)) & shared)


def _numbers(tables: Sequence[Table]) -> set[str]:
    """Unique columns by which rows are known, beside their primary keys."""
    found = set()
    for table in tables:
        pointing = {column for foreign in table.foreign_keys for column in foreign.columns}
        single = {key[0] for key in table.unique_keys if len(key) == 1}
        found |= {str(FieldRef(table.ref, column)) for column in single - pointing}
    return found


def _links(
    tables: Sequence[Table], entities: Sequence[Entity], identifying: Collection[str]
) -> dict[str, list[Link]]:
    links: dict[str, list[Link]] = {str(table.ref): [] for table in tables}
    by_column = {str(f.ref): (str(t.ref), name_of(f.ref)) for t in tables for f in t.fields}
    for table in tables:
        for foreign in table.foreign_keys:
            for column, goal in zip(foreign.columns, foreign.target_columns, strict=False):
                target = str(FieldRef(foreign.target, goal))
                if target in by_column and foreign.target != table.ref:
                    links[str(table.ref)].append(Link(column, target))
    for table in tables:
        for key in table.primary_key:
            # A row left out stays out by its own key as well.
            own = str(FieldRef(table.ref, key))
            links[str(table.ref)].append(Link(key, own))
    for entity in entities:
        present = [member for member in entity.members if member in by_column]
        naming = [member for member in present if member in identifying]
        for member in present:
            address, column = by_column[member]
            have = {link.target for link in links[address]}
            for other in naming:
                if other not in have and by_column[other][0] != address:
                    links[address].append(Link(column, other))
    kinds = {str(f.ref): f.type for t in tables for f in t.fields}
    numbers = {m for e in entities if _mixed(e.members, kinds) for m in e.members}
    return {
        address: [
            replace(link, number=link.target in numbers or f"{address}.{link.column}" in numbers)
            for link in found
        ]
        for address, found in links.items()
    }


def _mixed(members: Sequence[str], kinds: Mapping[str, StorageType]) -> bool:
    """Whether a key is a number in one place and a text in another."""
    present = {kinds[member] for member in members if member in kinds}
    return {StorageType.INTEGER, StorageType.STRING} <= present
