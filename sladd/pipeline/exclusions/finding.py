"""Finds the keys of every row that stays out: of persons with a flag, of `where`, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import ConfigError
from sladd.model import Partition, Plan, Snapshot, Table
from sladd.pipeline.exclusions.flags import truthy
from sladd.pipeline.exclusions.keys import KeySets, among, distinct, strings, union
from sladd.pipeline.exclusions.rows import Exclusions
from sladd.pipeline.exclusions.ways import column_of, name_of, parents_first, person_of, ways


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
                keys[target] = union(keys.get(target), found)
    identifying, links = ways(plan, tables, keys)
    for address in parents_first(by_address, links):
        table = by_address[address]
        targets = sorted(t for t in identifying if t.rpartition(".")[0] == address)
        state = Exclusions(keys, links, flag_columns)
        if targets and (address in where or state.columns(address)):
            _propagate(table, targets, where.get(address), state, keys, snapshots)
    return Exclusions(keys, links, flag_columns)


def _resolve(address: str, reason: str, by_address: Mapping[str, Table]) -> tuple[Table, str]:
    for table in by_address.values():
        for field in table.fields:
            if str(field.ref) == address:
                return table, name_of(field.ref)
    raise ConfigError(
        f"leave_out_columns.{reason} names a field that does not exist: {address}",
        code=125,
        where="sladd.yaml",
        mend="sladd findings --all",
    )


def _flagged_persons(
    table: Table,
    column: str,
    plan: Plan,
    by_address: Mapping[str, Table],
    snapshots: Mapping[str, Snapshot],
) -> KeySets:
    """Follow the person path of the flagged rows to the keys of their persons."""
    path = person_of(table, plan)
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
        key = column_of(step, owner)
        # The first step selects by the flag, later ones by the key the step before arrived at.
        select = column if number == 0 else _arrival(steps[number - 1], owner, by_address)
        found: list[pa.Array] = []
        for batch in _stream(owner, (key, select), None, snapshots):
            chosen = batch.column(select)
            mask = truthy(chosen) if current is None else among(chosen, current)
            found.append(strings(batch.column(key).filter(mask)))
        current = distinct(found)
    assert current is not None  # noqa: S101 - `steps` is never empty
    return {path[-1]: current}


def _arrival(step: str, owner: Table, by_address: Mapping[str, Table]) -> str:
    """The column of `owner` that the foreign key at `step` points at."""
    table = by_address[step.rpartition(".")[0]]
    for foreign in table.foreign_keys:
        if foreign.target == owner.ref and column_of(step, table) == foreign.columns[0]:
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
    columns = tuple(column_of(target, table) for target in targets)
    needed = tuple(dict.fromkeys((*columns, *state.columns(address))))
    everything: dict[str, list[pa.Array]] = {c: [] for c in columns}
    kept: dict[str, list[pa.Array]] = {c: [] for c in columns}
    for batch in _stream(table, needed, None, snapshots):
        for column in columns:
            everything[column].append(strings(batch.column(column)))
    for batch in _stream(table, needed, where, snapshots):
        rest = state.keep(address, batch)
        for column in columns:
            kept[column].append(strings(rest.column(column)))
    for target, column in zip(targets, columns, strict=True):
        all_keys, kept_keys = distinct(everything[column]), distinct(kept[column])
        gone = all_keys.filter(pc.invert(pc.is_in(all_keys, value_set=kept_keys)))
        keys[target] = union(keys.get(target), gone)


def _stream(
    table: Table, columns: Sequence[str], where: str | None, snapshots: Mapping[str, Snapshot]
) -> Iterator[pa.RecordBatch]:
    snapshot = snapshots[table.ref.source]
    wanted = list(dict.fromkeys(columns))
    partitions: Sequence[Partition] = snapshot.partitions(table)
    for partition in partitions:
        yield from snapshot.batches(partition, columns=wanted, where=where)
