"""Whose row it is: the token of the person of every row, over any number of tables.

`order_lines` → `orders` → `customers`: the key in `orders.customer_id` is the customer's, so
an order needs no look-up at all, however many customers there are. A line needs one: its order
is looked for in an index of the orders, 24 bytes each, which is on disk beyond
`sorted_digests.MEMORY_ROWS` (a hundred megabytes). Ten million persons with a hundred million
orders keep 2.4 GB on disk while their lines are published, and no more memory than one million.

A row has no known person where a key on the way is null or empty, where it leads to a row that
is not there, or where two rows with one key lead to different persons. A key of a person whose
own row is gone is still that person's.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import PlanError
from sladd.keyring import DerivedKey, MasterKey
from sladd.model import Plan, Snapshot, Table, TablePlan
from sladd.pipeline.tokens import Tokens, digests
from transforms.contract import TOKEN
from transforms.draws import blocks
from transforms.sorted_digests import DigestBuilder, SortedDigests

DIRECT = 2  # keys in the path of a table that points straight at the persons


@dataclass(frozen=True, slots=True)
class Subject:
    """How one column of a table leads to the persons.

    Attributes:
        table: whose rows.
        column: holds the key of the person, or of a row that leads on.
        tokens: of the persons; used where no index is.
        index: of the rows that the column points at.
        keys: makes the digests that the index is sorted by.
    """

    table: Table
    column: str
    tokens: Tokens
    keys: Tokens
    index: SortedDigests | None = None

    def columns(self) -> tuple[str, ...]:
        """Columns of the table that `of` reads."""
        return (self.column,)

    def of(self, batch: pa.RecordBatch) -> pa.Array:
        """The persons' tokens, shape (rows,), `TOKEN`; null where nobody knows."""
        values, storage = batch.column(self.column), self.table.column(self.column).type
        if self.index is None:
            return self.tokens(values, storage)
        keys = self.keys(values, storage)
        at, found = self.index.find(digests(keys))
        known = found & keys.is_valid().to_numpy(zero_copy_only=False)
        bytes_ = np.ascontiguousarray(self.index.payloads(at))
        made = pa.Array.from_buffers(TOKEN, len(at), [None, pa.py_buffer(bytes_.tobytes())])
        return pc.if_else(pa.array(known), made, pa.scalar(None, TOKEN))

    def __repr__(self) -> str:
        return f"<Subject of {self.table.ref}>"


class Subjects:
    """Finds the way from each table of a release to its persons. Holds keys of this run.

    Args:
        plan: with the path of each table.
        tables: of the release's sources, by address.
        snapshots: one open snapshot a source.
        master: the release's key.
        configured: `person:` of the sources, table address → column, `column -> table.column`.
    """

    def __init__(
        self,
        plan: Plan,
        tables: Mapping[str, Table],
        snapshots: Mapping[str, Snapshot],
        master: MasterKey,
        configured: Mapping[str, str],
    ) -> None:
        self._plan, self._tables, self._snapshots = plan, tables, snapshots
        self._master, self._configured = master, configured
        self._planned = {str(t.table): t for t in plan.tables}
        self._entities = {m: e.name for e in plan.entities for m in e.members}
        # Of this run alone: what an index on disk is sorted by means nothing afterwards.
        run = DerivedKey(secrets.token_bytes(32), domain="", type="run", version=1)
        self._run = Tokens(run)
        self._tokens: dict[str, Tokens] = {}
        self._indexes: dict[tuple[str, str], SortedDigests] = {}

    def __repr__(self) -> str:
        return f"<Subjects of {self._plan.release}>"

    def leads(self, planned: TablePlan) -> bool:
        """Whether a table has a way to its persons, and every table on it is read."""
        path = planned.person_path
        return bool(path) and all(_table_of(step) in self._tables for step in path[:-1])

    def of(self, planned: TablePlan) -> Subject:
        """How the rows of a table lead to their persons.

        Raises:
            PlanError: they do not (SLADD-325).
        """
        return self._subject(str(planned.table), planned.person_path)

    def _subject(self, address: str, path: tuple[str, ...]) -> Subject:
        if not path or address not in self._tables:
            raise PlanError(
                "nobody knows whose rows these are",
                code=325,
                where=address,
                mend="sladd discover, after naming the column under person: in the source",
            )
        table = self._tables[address]
        column = self._column(path[0], table)
        tokens = self._of_persons(address)
        if len(path) == 1 or (len(path) == DIRECT and self._is_own(path[1])):
            return Subject(table, column, tokens, self._run)
        target = _table_of(path[1])
        arrival = self._arrival(path[0], table, self._tables[target], path)
        return Subject(table, column, tokens, self._run, self._index(target, arrival, path[1:]))

    def _is_own(self, end: str) -> bool:
        """Whether a column is the one that persons are known by, not a second unique one."""
        planned = self._planned.get(_table_of(end))
        return planned is None or planned.person_path == (end,)

    def _path(self, address: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        """The way on from a table: its own, so that two ways to it end with one person."""
        planned = self._planned.get(address)
        return planned.person_path if planned and planned.person_path else otherwise

    def _of_persons(self, address: str) -> Tokens:
        planned = self._planned.get(address)
        person = planned.person if planned else ""
        if person not in self._tokens:
            key = self._master.derive(self._plan.domain, f"person {person}", self._plan.key_version)
            self._tokens[person] = Tokens(key)
        return self._tokens[person]

    def _index(self, address: str, arrival: str, rest: tuple[str, ...]) -> SortedDigests:
        """The rows of a table by one of its columns, each with its person."""
        if (address, arrival) not in self._indexes:
            table = self._tables[address]
            subject = self._subject(address, self._path(address, rest))
            builder = DigestBuilder(TOKEN.byte_width)
            for batch in self._stream(table, (arrival, *subject.columns())):
                persons = subject.of(batch)
                keys = self._run(batch.column(arrival), table.column(arrival).type)
                there = pc.and_(persons.is_valid(), keys.is_valid())
                builder.add(digests(keys.filter(there)), blocks(persons.filter(there)))
            self._indexes[address, arrival] = builder.done()
        return self._indexes[address, arrival]

    def _stream(self, table: Table, columns: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
        snapshot = self._snapshots[table.ref.source]
        wanted = list(dict.fromkeys(columns))
        for partition in snapshot.partitions(table):
            yield from snapshot.batches(partition, columns=wanted)

    def _column(self, address: str, table: Table) -> str:
        return next(f.ref.column for f in table.fields if str(f.ref) == address)

    def _arrival(self, step: str, table: Table, target: Table, path: tuple[str, ...]) -> str:
        """The column of `target` that the key at `step` is looked for in."""
        column = self._column(step, table)
        for foreign in table.foreign_keys:
            if foreign.target == target.ref and foreign.columns == (column,):
                return foreign.target_columns[0]
        columns = {str(f.ref): f.ref.column for f in target.fields}
        if len(path) == DIRECT and path[1] in columns:
            return columns[path[1]]
        said = self._configured.get(str(table.ref), "").partition("->")[2].strip()
        for address, name in columns.items():
            if said and said in {address, f"{target.ref.name}.{name}"}:
                return name
        mates = [n for a, n in columns.items() if self._same_entity(a, step)]
        return mates[0] if mates else target.primary_key[0]

    def _same_entity(self, one: str, other: str) -> bool:
        entity = self._entities.get(one)
        return entity is not None and entity == self._entities.get(other)


def _table_of(address: str) -> str:
    """The table of a column's address."""
    return address.rpartition(".")[0]
