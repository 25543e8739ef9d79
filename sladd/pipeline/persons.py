"""What is known of the person of a row, to be looked for in the row's texts.

Either from the columns beside, or, where the table only holds a person's key, from the row of
the person: `orders.comment` is searched for the name of the customer who ordered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import How, Plan, Snapshot, StorageType, Table, TablePlan

if TYPE_CHECKING:
    from transforms.contract import Beside

MOST_PERSONS = 1_000_000
"""Persons whose names are held in memory, some 100 bytes each; of a larger table none are."""

_PLAIN = frozenset(
    (StorageType.STRING, StorageType.INTEGER, StorageType.DECIMAL, StorageType.FLOAT)
)
DIRECT = 2  # keys in the path of a table that points straight at the persons


@dataclass(frozen=True, slots=True)
class Known:
    """Columns that tell of the person of each row of one table. Holds values of persons.

    Attributes:
        beside: column of the table → its category.
        key: column with the key of the person in another table; "" for none.
        keys: shape (p,), the persons' keys as strings.
        values: category → shape (p,), strings.
    """

    beside: Mapping[str, str]
    key: str = ""
    keys: pa.Array | None = None
    values: Sequence[tuple[str, pa.Array]] = ()

    def columns(self) -> tuple[str, ...]:
        """Columns of the table that `of` reads."""
        return (*self.beside, *((self.key,) if self.key else ()))

    def of(self, batch: pa.RecordBatch) -> list[Beside]:
        """What is known of the persons of a batch, each with shape (rows,)."""
        from transforms.contract import Beside

        found = [Beside(category, batch.column(column)) for column, category in self.beside.items()]
        if self.keys is not None:
            places = pc.index_in(_strings(batch.column(self.key)), value_set=self.keys)
            found += [Beside(category, values.take(places)) for category, values in self.values]
        return found

    def __repr__(self) -> str:
        return f"<Known of {len(self.beside)} columns>"


def known_persons(
    planned: TablePlan,
    plan: Plan,
    tables: Mapping[str, Table],
    snapshots: Mapping[str, Snapshot],
) -> Known:
    """What is known of the persons of a table's rows.

    A table that reaches its persons over others (`order_lines` → `orders` → `customers`) gets
    what stands beside its texts only.

    Args:
        planned: the table.
        plan: with the categories of every column.
        tables: by address.
        snapshots: one open snapshot a source.
    """
    from transforms.arrays import texts

    beside = dict(_told(planned))
    path = planned.person_path
    if len(path) != DIRECT:
        return Known(beside)
    target = next((t for t in plan.tables if str(t.table) == path[1].rpartition(".")[0]), None)
    if target is None or target.table == planned.table or target.table.source not in snapshots:
        return Known(beside)
    told = dict(_told(target))
    key = _column(path[0], tables[str(planned.table)])
    own = _column(path[1], tables[str(target.table)])
    if not told or not key or not own:
        return Known(beside)
    held = _read(tables[str(target.table)], own, list(told), snapshots[target.table.source])
    if held is None:
        return Known(beside)
    types = {field.field.column: field.type for field in target.fields}
    values = [
        (category, texts(held.column(column).combine_chunks(), types[column]))
        for column, category in told.items()
    ]
    return Known(beside, key, _strings(held.column(own)), values)


def _told(planned: TablePlan) -> Iterator[tuple[str, str]]:
    """Columns that hold what is looked for in texts, and their categories."""
    from detectors.texts.known import type_of

    for field in planned.fields:
        plain = field.type in _PLAIN and not field.field.path
        if plain and field.how is How.IS and type_of(field.category):
            yield field.field.column, field.category


def _read(table: Table, key: str, columns: Sequence[str], snapshot: Snapshot) -> pa.Table | None:
    """The persons' keys and values; None where there are too many to hold."""
    wanted = list(dict.fromkeys((key, *columns)))
    batches: list[pa.RecordBatch] = []
    rows = 0
    for partition in snapshot.partitions(table):
        for batch in snapshot.batches(partition, columns=wanted, where=None):
            rows += batch.num_rows
            if rows > MOST_PERSONS:
                return None
            batches.append(batch)
    return pa.Table.from_batches(batches) if batches else None


def _strings(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_decode()
    return whole.cast(pa.string())


def _column(address: str, table: Table) -> str:
    return next((f.ref.column for f in table.fields if str(f.ref) == address), "")
