"""Which rows stay out of a release: persons who objected, `where`, and all that hangs on them.

A row left out of a table takes along the rows that point at it, so that no foreign key of
the release dangles. Keys are compared as strings, because two sources may store one key
with different types. Only the keys of what is left out are held in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import ConfigError
from sladd.model import (
    Entity,
    FieldRef,
    Partition,
    Plan,
    Snapshot,
    StorageType,
    Table,
    TablePlan,
)
from sladd.pipeline.integrity import without_zeros
from sladd.sources.nested import column_name

TRUE_WORDS = pa.array(["true", "t", "1", "ja", "j", "yes", "y", "x", "on"])
_MAIL = "user.contact.email"
KeySets = dict[str, pa.Array]  # field address → keys that are left out, as strings


@dataclass(frozen=True, slots=True)
class Link:
    """`column` of a table holds the key that `target` (a field address) identifies."""

    column: str
    target: str
    number: bool = False  # one side may spell the number with zeros before it
    mail: bool = False  # an e-mail address: upper and lower case name one person


class Exclusions:
    """Knows for every table which rows to leave out. Holds keys: never printed or pickled."""

    __slots__ = ("_flags", "_keys", "_links")

    def __init__(
        self,
        keys: KeySets,
        links: Mapping[str, Sequence[Link]],
        flags: Mapping[str, Sequence[str]],
    ) -> None:
        self._keys = keys
        self._links = links
        self._flags = flags

    def keys(self) -> list[tuple[str, pa.Array]]:
        """Field addresses and the keys that are left out there, by address."""
        return sorted(self._keys.items(), key=lambda item: item[0])

    def columns(self, table: str) -> tuple[str, ...]:
        """Columns that `keep` needs to see, beside those of the plan."""
        needed = [link.column for link in self._links.get(table, ()) if self._has(link.target)]
        return tuple(dict.fromkeys((*needed, *self._flags.get(table, ()))))

    def keep(self, table: str, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of a batch that may leave."""
        mask = None
        for link in self._links.get(table, ()):
            if self._has(link.target):
                column, keys = batch.column(link.column), self._keys[link.target]
                if link.number:
                    column, keys = without_zeros(_texts(column)), without_zeros(keys)
                if link.mail:
                    column, keys = _folded(_texts(column)), _folded(keys)
                mask = _either(mask, _among(column, keys))
        for column in self._flags.get(table, ()):
            mask = _either(mask, truthy(batch.column(column)))
        return batch if mask is None else batch.filter(pc.invert(mask))

    def _has(self, target: str) -> bool:
        return target in self._keys and len(self._keys[target]) > 0

    def __repr__(self) -> str:
        return f"<Exclusions of {len(self._keys)} keys>"


def exclusions(
    plan: Plan,
    tables: Sequence[Table],
    snapshots: Mapping[str, Snapshot],
    flags: Mapping[str, Sequence[str]],
) -> Exclusions:
    """Find the keys of every row that stays out.

    Args:
        plan: with `where` per table and the person path of each.
        tables: of the plan's sources.
        snapshots: one open snapshot a source.
        flags: what `leave_out_columns` maps, reason → field addresses.

    Raises:
        ConfigError: a mapped column does not exist, or its table has no way to a person
            (SLADD-125, 126).
    """
    by_address = {str(table.ref): table for table in tables}
    where = {str(t.table): t.where for t in plan.tables if t.where}
    keys: KeySets = {}
    flag_columns: dict[str, list[str]] = {}
    for reason, addresses in flags.items():
        for address in addresses:
            table, column = _resolve(address, reason, by_address)
            person = _flagged_persons(table, column, plan, by_address, snapshots)
            flag_columns.setdefault(str(table.ref), []).append(column)
            for target, found in person.items():
                keys[target] = _union(keys.get(target), found)
    identifying, links = _ways(plan, tables, keys)
    for address in _parents_first(by_address, links):
        table = by_address[address]
        targets = sorted(t for t in identifying if t.rpartition(".")[0] == address)
        state = Exclusions(keys, links, flag_columns)
        if targets and (address in where or state.columns(address)):
            _propagate(table, targets, where.get(address), state, keys, snapshots)
    return Exclusions(keys, links, flag_columns)


def reached(
    plan: Plan, tables: Sequence[Table], flags: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """Addresses of the tables that persons with a flag are left out of, told from keys alone.

    Args:
        plan: with the person path of each table.
        tables: of the plan's sources.
        flags: reason → field addresses; one that does not exist reaches nothing.
    """
    by_address = {str(table.ref): table for table in tables}
    flagged = {str(f.ref): str(t.ref) for t in tables for f in t.fields}
    within = {flagged[a] for addresses in flags.values() for a in addresses if a in flagged}
    keys = {path[-1] for address in within if (path := _person_of(by_address[address], plan))}
    identifying, links = _ways(plan, tables, keys)
    named: dict[str, set[str]] = {}
    for target in identifying:
        named.setdefault(target.rpartition(".")[0], set()).add(target)
    for address in _parents_first(by_address, links):
        if address in within or any(link.target in keys for link in links[address]):
            keys |= named.get(address, set())
    return frozenset(within) | {
        address for address, found in links.items() if any(link.target in keys for link in found)
    }


def _ways(
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
        column = _column_of(path[0], by_address[address])
        found[address] = Link(column, path[1], number=_mixed(path, kinds))
    return found


def truthy(column: pa.Array) -> pa.Array:
    """Whether a flag is set: true, a number but zero, ja/yes/x, or any date. Null is not set."""
    kind = column.type
    if pa.types.is_boolean(kind):
        return pc.fill_null(column, fill_value=False)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pc.fill_null(pc.not_equal(column, pa.scalar(0).cast(kind)), fill_value=False)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        trimmed = pc.utf8_lower(pc.utf8_trim_whitespace(column))
        dated = pc.match_substring_regex(trimmed, r"^\d{4}-\d\d-\d\d|^\d\d?\.\d\d?\.\d{4}")
        said = pc.is_in(trimmed, value_set=TRUE_WORDS.cast(kind))
        return pc.fill_null(pc.or_(said, dated), fill_value=False)
    return pc.is_valid(column)


def _flagged_persons(
    table: Table,
    column: str,
    plan: Plan,
    by_address: Mapping[str, Table],
    snapshots: Mapping[str, Snapshot],
) -> KeySets:
    """Follow the person path of the flagged rows to the keys of their persons."""
    path = _person_of(table, plan)
    if not path or any(step.rpartition(".")[0] not in by_address for step in path):
        raise ConfigError(
            f"{table.ref} has a column in leave_out_columns but no way to a person",
            code=126,
            where="sladd.yaml, leave_out_columns",
            mend="say the way under person: in the source",
        )
    current: pa.Array | None = None
    steps = path[:-1] if len(path) > 1 else path
    for number, step in enumerate(steps):
        owner = by_address[step.rpartition(".")[0]]
        key = _column_of(step, owner)
        # The first step selects by the flag, later ones by the key the step before arrived at.
        select = column if number == 0 else _arrival(steps[number - 1], owner, by_address)
        found: list[pa.Array] = []
        for batch in _stream(owner, (key, select), None, snapshots):
            chosen = batch.column(select)
            mask = truthy(chosen) if current is None else _among(chosen, current)
            found.append(_strings(batch.column(key).filter(mask)))
        current = _distinct(found)
    assert current is not None  # noqa: S101 - `steps` is never empty
    return {path[-1]: current}


def _arrival(step: str, owner: Table, by_address: Mapping[str, Table]) -> str:
    """The column of `owner` that the foreign key at `step` points at."""
    table = by_address[step.rpartition(".")[0]]
    for foreign in table.foreign_keys:
        if foreign.target == owner.ref and _column_of(step, table) == foreign.columns[0]:
            return foreign.target_columns[0]
    return owner.primary_key[0]


def _propagate(
    table: Table,
    targets: Sequence[str],
    where: str | None,
    state: Exclusions,
    keys: KeySets,
    snapshots: Mapping[str, Snapshot],
) -> None:
    """Add the keys of this table's rows that stay out."""
    address = str(table.ref)
    columns = tuple(_column_of(target, table) for target in targets)
    needed = tuple(dict.fromkeys((*columns, *state.columns(address))))
    everything: dict[str, list[pa.Array]] = {c: [] for c in columns}
    kept: dict[str, list[pa.Array]] = {c: [] for c in columns}
    for batch in _stream(table, needed, None, snapshots):
        for column in columns:
            everything[column].append(_strings(batch.column(column)))
    for batch in _stream(table, needed, where, snapshots):
        rest = state.keep(address, batch)
        for column in columns:
            kept[column].append(_strings(rest.column(column)))
    for target, column in zip(targets, columns, strict=True):
        all_keys, kept_keys = _distinct(everything[column]), _distinct(kept[column])
        gone = all_keys.filter(pc.invert(pc.is_in(all_keys, value_set=kept_keys)))
        keys[target] = _union(keys.get(target), gone)


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
    by_column = {str(f.ref): (str(t.ref), _name(f.ref)) for t in tables for f in t.fields}
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


def _parents_first(
    by_address: Mapping[str, Table], links: Mapping[str, Sequence[Link]]
) -> Iterator[str]:
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


def _resolve(address: str, reason: str, by_address: Mapping[str, Table]) -> tuple[Table, str]:
    for table in by_address.values():
        for field in table.fields:
            if str(field.ref) == address:
                return table, _name(field.ref)
    raise ConfigError(
        f"leave_out_columns.{reason} names a field that does not exist: {address}",
        code=125,
        where="sladd.yaml",
        mend="sladd findings --all",
    )


def _person_of(table: Table, plan: Plan) -> tuple[str, ...]:
    """The way to a table's person; its own key where it has none."""
    found: TablePlan | None = next((t for t in plan.tables if t.table == table.ref), None)
    own = tuple(str(FieldRef(table.ref, key)) for key in table.primary_key[:1])
    return (found.person_path if found else ()) or own


def _column_of(address: str, table: Table) -> str:
    return next(_name(f.ref) for f in table.fields if str(f.ref) == address)


def _name(ref: FieldRef) -> str:
    """The name of a field in its source's batches; a nested one has its path in it."""
    return column_name(ref.column, ref.path)


def _stream(
    table: Table, columns: Sequence[str], where: str | None, snapshots: Mapping[str, Snapshot]
) -> Iterator[pa.RecordBatch]:
    snapshot = snapshots[table.ref.source]
    wanted = list(dict.fromkeys(columns))
    partitions: Sequence[Partition] = snapshot.partitions(table)
    for partition in partitions:
        yield from snapshot.batches(partition, columns=wanted, where=where)


def _texts(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(pa.string())


def _folded(column: pa.Array) -> pa.Array:
    return pc.utf8_lower(pc.utf8_trim_whitespace(column))


def _strings(column: pa.Array) -> pa.Array:
    return pc.drop_null(_texts(column))


def _among(column: pa.Array, keys: pa.Array) -> pa.Array:
    return pc.is_in(_texts(column), value_set=keys, skip_nulls=True)


def _distinct(chunks: Sequence[pa.Array]) -> pa.Array:
    return pc.unique(pa.chunked_array(chunks, pa.string()).combine_chunks())


def _union(former: pa.Array | None, added: pa.Array) -> pa.Array:
    return added if former is None else _distinct([former, added])


def _either(mask: pa.Array | None, more: pa.Array) -> pa.Array:
    return more if mask is None else pc.or_(mask, more)
