"""What a key identifies, and which way leads from a table to the person.

An entity is the column at the end of a chain of foreign keys. Two sources share an entity
only by declaration (`entities:` in `sladd.yaml`). Its name is the key type of its
pseudonyms, so the default schema is left out: a shop moved from PostgreSQL to MariaDB
keeps its pseudonyms.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

from sladd.errors import ConfigError, SladdError, raise_all
from sladd.model import Entity, FieldRef, Table, TableRef

DEFAULT_SCHEMAS = frozenset({None, "public", "main", "dbo"})
Column = tuple[TableRef, str]
Link = tuple[str, TableRef, str]


def entities(tables: Sequence[Table], declared: Mapping[str, Sequence[str]]) -> tuple[Entity, ...]:
    """Every entity of these tables: keys joined by foreign keys, then by declaration.

    Args:
        tables: of all sources of a catalog or a release.
        declared: `entities:` of the configuration, name → field addresses.

    Raises:
        ConfigError: a declared field does not exist, or is declared twice (SLADD-120, 121).
    """
    parent: dict[Column, Column] = {}
    keys: set[Column] = set()
    for table in tables:
        keys.update((table.ref, column) for column in table.primary_key)
        for foreign in table.foreign_keys:
            for column, target in zip(foreign.columns, foreign.target_columns, strict=False):
                child, goal = (table.ref, column), (foreign.target, target)
                keys.update((child, goal))
                # The first declared key wins; a second on the same column says the same.
                if child != goal:
                    parent.setdefault(child, goal)
    members: dict[Column, list[Column]] = {}
    for key in sorted(keys):
        members.setdefault(_root(key, parent), []).append(key)
    return _apply_declared(members, tables, declared)


def _root(key: Column, parent: Mapping[Column, Column]) -> Column:
    """The end of the chain; in a cycle, its smallest column."""
    seen = [key]
    while key in parent:
        key = parent[key]
        if key in seen:
            return min(seen[seen.index(key) :])
        seen.append(key)
    return key


def _address(column: Column) -> str:
    return str(FieldRef(*column))


def _entity_name(column: Column) -> str:
    table, name = column
    schema = None if table.schema in DEFAULT_SCHEMAS else table.schema
    return str(FieldRef(TableRef(table.source, table.name, schema), name))


def _apply_declared(
    members: Mapping[Column, Sequence[Column]],
    tables: Sequence[Table],
    declared: Mapping[str, Sequence[str]],
) -> tuple[Entity, ...]:
    known = {str(field.ref) for table in tables for field in table.fields}
    sources = {table.ref.source for table in tables}
    owner: dict[str, str] = {}
    errors: list[SladdError] = []
    for name, fields in declared.items():
        for field in fields:
            if field.split("/", 1)[0] not in sources:
                continue  # another release's or scan's source
            if field not in known:
                close = get_close_matches(field, known, n=1)
                errors.append(
                    ConfigError(
                        f"entity '{name}' names a field that does not exist: {field}",
                        code=120,
                        where="sladd.yaml, entities",
                        mend=f"did you mean {close[0]}?" if close else "sladd findings --all",
                    )
                )
            elif owner.setdefault(field, name) != name:
                errors.append(
                    ConfigError(
                        f"{field} is declared in two entities, '{owner[field]}' and '{name}'",
                        code=121,
                        where="sladd.yaml, entities",
                        mend="keep one of them",
                    )
                )
    raise_all(errors)
    merged: dict[str, set[str]] = {}
    for root, columns in members.items():
        addresses = {_address(c) for c in columns}
        names = {owner[a] for a in addresses if a in owner}
        merged.setdefault(min(names) if names else _entity_name(root), set()).update(addresses)
    for field, name in owner.items():
        merged.setdefault(name, set()).add(field)
    return tuple(Entity(name, tuple(sorted(fields))) for name, fields in sorted(merged.items()))


def entity_of(field: FieldRef, found: Sequence[Entity]) -> str | None:
    """Name of the entity whose key this field holds."""
    address = str(field)
    return next((e.name for e in found if address in e.members), None)


def person_paths(
    tables: Sequence[Table],
    persons: Collection[TableRef],
    configured: Mapping[str, str],
    declared: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, tuple[str, ...]]:
    """For each table the key path to the data subject; tables without one are left out.

    Args:
        tables: all tables of the sources.
        persons: those that hold direct identifiers of natural persons.
        configured: `person:` of the sources, `source/table` → column or `column -> table.column`.
        declared: `entities:` of the configuration; they say what a configured column points at.

    Returns:
        Table address → column addresses, from the table's own key to the person's key. The
        path of a person table is its own key alone.

    Raises:
        ConfigError: a configured column or its goal does not exist (SLADD-122…124).
    """
    by_ref = {table.ref: table for table in tables}
    links: dict[TableRef, list[Link]] = {ref: [] for ref in by_ref}
    for table in tables:
        for foreign in table.foreign_keys:
            if len(foreign.columns) == 1 and foreign.target in by_ref:
                links[table.ref].append(
                    (foreign.columns[0], foreign.target, foreign.target_columns[0])
                )
    own_key = {ref: table.primary_key[0] for ref, table in by_ref.items() if table.primary_key}
    for pointing in links.values():
        for _, target, column in pointing:
            # A file declares no primary key; what others point at is one.
            own_key.setdefault(target, column)
    for address, spelled in configured.items():
        named = _configured_table(address, by_ref)
        if named is None:
            continue
        column = _configured_column(address, spelled, named)
        link = _goal(named, column, spelled, by_ref, persons, declared or {})
        if link is None:
            own_key[named.ref] = column
        else:
            links[named.ref].insert(0, link)
    # A person table that hangs on another one (addresses on customers) is not a root.
    roots = {ref for ref in persons if ref in by_ref and not _leads_on(ref, links, persons)}
    paths: dict[str, tuple[str, ...]] = {}
    for ref in by_ref:
        if ref in roots:
            if ref in own_key:
                paths[str(ref)] = (_address((ref, own_key[ref])),)
        elif found := _shortest(ref, links, roots):
            paths[str(ref)] = found
    return dict(sorted(paths.items()))


def _leads_on(
    ref: TableRef,
    links: Mapping[TableRef, Sequence[Link]],
    persons: Collection[TableRef],
) -> bool:
    others = [p for p in persons if p != ref]
    path = _shortest(ref, links, others)
    if not path:
        return False
    # Two person tables that point at each other: the one whose address sorts first is the root.
    end = next(p for p in others if path[-1].startswith(f"{p}."))
    back = _shortest(end, links, [ref])
    return not back or str(end) < str(ref)


def _shortest(
    start: TableRef,
    links: Mapping[TableRef, Sequence[Link]],
    goals: Collection[TableRef],
) -> tuple[str, ...]:
    queue: deque[tuple[TableRef, tuple[str, ...]]] = deque([(start, ())])
    seen = {start}
    while queue:
        ref, path = queue.popleft()
        for column, target, target_column in links.get(ref, ()):
            if target in seen:
                continue
            step = (*path, _address((ref, column)))
            if target in goals:
                return (*step, _address((target, target_column)))
            seen.add(target)
            queue.append((target, step))
    return ()


def _configured_table(address: str, by_ref: Mapping[TableRef, Table]) -> Table | None:
    """The table of that address; None when its source is not looked at now."""
    found = next((t for r, t in by_ref.items() if str(r) == address), None)
    if found is None and any(r.source == address.split("/", 1)[0] for r in by_ref):
        close = get_close_matches(address, [str(r) for r in by_ref], n=1)
        raise ConfigError(
            f"person: there is no table {address}",
            code=122,
            where="sladd.yaml, person",
            mend=f"did you mean {close[0]}?" if close else "",
        )
    return found


def _configured_column(address: str, spelled: str, table: Table) -> str:
    column = spelled.partition("->")[0].strip()
    names = {str(f.ref).removeprefix(f"{table.ref}."): f.ref.column for f in table.fields}
    names |= {f.ref.column: f.ref.column for f in table.fields}
    if column not in names:
        close = get_close_matches(column, names, n=1)
        raise ConfigError(
            f"person: {address} has no column '{column}'",
            code=123,
            where="sladd.yaml, person",
            mend=f"did you mean '{close[0]}'?" if close else "",
        )
    return names[column]


def _goal(
    table: Table,
    column: str,
    spelled: str,
    by_ref: Mapping[TableRef, Table],
    persons: Collection[TableRef],
    declared: Mapping[str, Sequence[str]],
) -> Link | None:
    """What a configured column points at; None when it is the person's own key."""
    said = spelled.partition("->")[2].strip()
    others = [ref for ref in sorted(persons) if ref in by_ref and ref != table.ref]
    # A person of the same source first: the snapshot is one.
    others.sort(key=lambda ref: ref.source != table.ref.source)
    if said:
        for ref in others:
            for field in by_ref[ref].fields:
                if said in {str(field.ref), f"{ref.name}.{field.ref.column}"}:
                    return (column, ref, field.ref.column)
        raise _unclear(table, column)
    address = str(FieldRef(table.ref, column))
    mates = {m for members in declared.values() if address in members for m in members}
    # Where the key names one row, rather than where it may stand many times.
    for ref in sorted(others, key=lambda ref: not _keys(by_ref[ref]) & mates):
        for field in by_ref[ref].fields:
            if str(field.ref) in mates:
                return (column, ref, field.ref.column)
    keyed = [ref for ref in others if by_ref[ref].primary_key]
    named = [ref for ref in keyed if _name_matches(column, ref.name)]
    own = len(named) != 1 or _name_matches(column, table.ref.name)
    if table.ref in persons and (own or named[0].source != table.ref.source):
        return None
    near = named or [ref for ref in keyed if ref.source == table.ref.source]
    if len(near) == 1:
        return (column, near[0], by_ref[near[0]].primary_key[0])
    if mates and not others:
        return None
    raise _unclear(table, column)


def _keys(table: Table) -> set[str]:
    """Addresses of the columns that alone name a row."""
    alone = {key[0] for key in (table.primary_key, *table.unique_keys) if len(key) == 1}
    return {str(f.ref) for f in table.fields if f.unique or f.ref.column in alone}


def _unclear(table: Table, column: str) -> ConfigError:
    return ConfigError(
        f"person: cannot tell which table {table.ref}.{column} points at",
        code=124,
        where="sladd.yaml, person",
        mend=f"write '{column} -> table.column'",
    )


def _name_matches(column: str, table: str) -> bool:
    """`customer_id` → `customers`, `kunde_id` → `kunder`."""
    stem = column.lower().removesuffix("_id").removesuffix("id").removesuffix("_nr").rstrip("_")
    return len(stem) > 2 and table.lower().startswith(stem[: max(3, len(stem) - 1)])
