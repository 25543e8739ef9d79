"""Whose row it is, for the tables of an anonymised release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import PlanError
from sladd.model import Snapshot, Table


@dataclass(frozen=True, slots=True)
class Way:
    """From the rows of a table to their persons. Holds keys: never printed.

    Attributes:
        column: of the table; holds the key of the person, or of a row that leads on.
        keys: shape (n,), keys that `column` points at; None where it is the person's already.
        persons: shape (n,), the persons of these.
    """

    column: str
    keys: pa.Array | None = None
    persons: pa.Array | None = None

    def columns(self) -> tuple[str, ...]:
        """Columns of the table that `of` reads."""
        return (self.column,)

    def of(self, batch: pa.RecordBatch) -> pa.Array:
        """The persons' keys as text, shape (rows,); null where nobody knows."""
        found = _texts(batch.column(self.column))
        if self.keys is None or self.persons is None:
            return found
        return self.persons.take(pc.index_in(found, value_set=self.keys, skip_nulls=True))

    def __repr__(self) -> str:
        return f"<Way over {self.column}>"


def way_of(
    table: Table,
    path: tuple[str, ...],
    tables: Mapping[str, Table],
    snapshots: Mapping[str, Snapshot],
) -> Way:
    """How the rows of a table lead to their persons.

    Args:
        table: the table.
        path: addresses of the columns on the way, the person's own key last.
        tables: of the release's sources, by address.
        snapshots: one open snapshot a source.

    Raises:
        PlanError: they do not (SLADD-377).
    """
    if not path or any(step.rpartition(".")[0] not in tables for step in path):
        raise PlanError(
            "nobody knows whose rows these are, so that persons cannot be counted",
            code=377,
            where=str(table.ref),
            mend="name the column under person: in the source; or say under tables: of the release "
            "unit: row (a person each) or unit: nobody",
        )
    column = _column(path[0], table)
    if len(path) == 1:
        return Way(column)
    target = tables[path[1].rpartition(".")[0]]
    arrival = _arrival(table, column, target, path)
    if len(path) == 2 and arrival == _column(path[1], target):  # noqa: PLR2004 - straight at the person
        return Way(column)
    onward = way_of(target, path[1:], tables, snapshots)
    snapshot = snapshots[target.ref.source]
    keys: list[pa.Array] = [pa.array([], pa.string())]
    persons: list[pa.Array] = [pa.array([], pa.string())]
    for partition in snapshot.partitions(target):
        wanted = list(dict.fromkeys((arrival, *onward.columns())))
        for batch in snapshot.batches(partition, columns=wanted):
            keys.append(_texts(batch.column(arrival)))
            persons.append(onward.of(batch))
    return Way(column, pa.concat_arrays(keys), pa.concat_arrays(persons))


def _arrival(table: Table, column: str, target: Table, path: tuple[str, ...]) -> str:
    """The column of `target` that the key in `column` is looked for in."""
    for foreign in table.foreign_keys:
        if foreign.target == target.ref and foreign.columns == (column,):
            return foreign.target_columns[0]
    if len(path) == 2:  # noqa: PLR2004 - `person:` points at the person's own key
        return _column(path[1], target)
    return target.primary_key[0]


def _column(address: str, table: Table) -> str:
    return next(f.ref.column for f in table.fields if str(f.ref) == address)


def _texts(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(pa.string())
