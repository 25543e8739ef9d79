"""All fields as they stand now, kept in memory and never stale.

Every question begins with the numbers that change when the catalog does, whoever changes it. Where
they have moved, only what they point at is read again: the field that was decided on, or the
source that was scanned.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from threading import Lock
from typing import Any, NamedTuple

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.database import Database
from sladd.catalog.deciding import MOST
from sladd.catalog.payload import load_field_scan, load_person_path
from sladd.catalog.standing import COLUMNS, Judge, Standing, TableStanding, table_standing
from sladd.catalog.told import bounded
from sladd.catalog.verdicts import last
from sladd.model import FieldScan
from sladd.taxonomy import Taxonomy


class State(NamedTuple):
    """Numbers that change whenever what is found or decided does.

    Attributes:
        scan: ordinal of the last scan that finished; `verdict`, `reopening`, `link_verdict` and
            `overlap` are the last of theirs.
        undone: verdicts taken back, counted; `links`: those that there are.
    """

    scan: int
    verdict: int
    reopening: int
    link_verdict: int
    overlap: int
    undone: int
    links: int

    @property
    def of_links(self) -> tuple[int, ...]:
        """What changes when the links do."""
        return self.scan, self.link_verdict, self.overlap, self.links

    @property
    def of_fields(self) -> tuple[int, ...]:
        """What changes when how a field stands does."""
        return self.scan, self.verdict, self.reopening, self.undone


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Every table and field that is there, at one state of the catalog.

    Attributes:
        tables: by key, in the order of their addresses.
        fields: by key.
        ranked: the fields, those that need a decision most first.
        masked: what the scans say of fields whose own names are personal data, gone ones too.
    """

    state: State
    tables: Mapping[str, TableStanding]
    fields: Mapping[str, Standing]
    ranked: Sequence[Standing]
    masked: Sequence[FieldScan]


class Kept:
    """What was known when somebody last asked; asked again, it is what is known now.

    Args:
        database: of the catalog.
        taxonomy: for how fields stand.
    """

    def __init__(self, database: Database, taxonomy: Taxonomy) -> None:
        self._database = database
        self._judge = Judge(taxonomy)
        self._lock = Lock()
        self._known: Known | None = None

    def now(self) -> Known:
        """Every field as it stands now; what has not changed is not read again."""
        # The transaction begins behind the lock, so that none sees less than the one before it.
        with self._lock, self._database.reading() as connection:
            self._known = read(connection, self._judge, self._known)
            return self._known


def state(connection: sa.Connection) -> State:
    """The numbers as they are now. Links and overlaps are replaced as wholes: they are counted."""
    numbered = (
        schema.scans.c.ordinal,
        schema.verdicts.c.id,
        schema.reopenings.c.id,
        schema.link_verdicts.c.id,
        schema.overlaps.c.id,
    )
    asked = [sa.select(sa.func.max(column)).scalar_subquery() for column in numbered]
    asked += [
        sa.select(sa.func.count()).select_from(counted).scalar_subquery()
        for counted in (schema.undone, schema.links)
    ]
    return State._make(value or 0 for value in connection.execute(sa.select(*asked)).one())


def read(connection: sa.Connection, judge: Judge, before: Known | None) -> Known:
    """What is known now.

    Args:
        connection: to the catalog, in a transaction that began after the one `before` is of.
        judge: tells how fields stand.
        before: what was known; None for nothing.
    """
    now = state(connection)
    if before is None or _went_back(before.state, now):
        return _mended(connection, judge, _NOTHING, now, _every_source(connection), ())
    if now.of_fields == before.state.of_fields:
        return before if now == before.state else replace(before, state=now)
    sources = _scanned(connection, before.state)
    return _mended(connection, judge, before, now, sources, _decided(connection, before, now))


_NOTHING = Known(State(0, 0, 0, 0, 0, 0, 0), {}, {}, (), ())


def _went_back(before: State, now: State) -> bool:
    """Whether another database stands in the place of the one that was read."""
    return any(n < b for n, b in zip(now.of_fields, before.of_fields, strict=True))


def _every_source(connection: sa.Connection) -> list[str]:
    return list(connection.execute(sa.select(schema.tables.c.source).distinct()).scalars())


def _scanned(connection: sa.Connection, before: State) -> list[str]:
    """Sources of which a scan finished since."""
    scan = schema.scans
    query = sa.select(scan.c.source).where(scan.c.ordinal > before.scan).distinct()
    return list(connection.execute(query).scalars())


def _decided(connection: sa.Connection, before: Known, now: State) -> Collection[str]:
    """Keys of the fields whose verdict was taken, taken back or reopened since."""
    held, reopened, then = schema.verdicts, schema.reopenings, before.state
    found: set[str] = set()
    if now.verdict != then.verdict:
        taken = sa.select(held.c.field_key).where(held.c.id > then.verdict)
        found.update(connection.execute(taken).scalars())
    if now.reopening != then.reopening:
        asked = sa.select(held.c.field_key).join(reopened, reopened.c.verdict_id == held.c.id)
        found.update(connection.execute(asked.where(reopened.c.id > then.reopening)).scalars())
    if now.undone != then.undone:
        back = set(connection.execute(sa.select(schema.undone.c.verdict_id)).scalars())
        found.update(each.key for each in before.ranked if each.verdict in back)
    return found


def _mended(
    connection: sa.Connection,
    judge: Judge,
    before: Known,
    now: State,
    sources: Collection[str],
    keys: Collection[str],
) -> Known:
    """What was known, with the tables of these sources and the fields of these keys read again."""
    tables = {key: each for key, each in before.tables.items() if each.source not in sources}
    fresh = {row.key: row for row in _tables(connection, sources, tables.values())}
    read = _standings(connection, judge, tables | fresh, sources, keys)
    by_table: dict[str, dict[str, Standing]] = defaultdict(dict)
    for each in read:
        by_table[each.table_key][each.key] = each
    for key, own in by_table.items():
        if key not in fresh:
            columns = (own.get(each.key, each) for each in tables[key].columns)
            tables[key] = table_standing(tables[key], tuple(columns))
    for key, row in fresh.items():
        tables[key] = table_standing(row, tuple(by_table[key].values()))
    anew = {each.key: each for each in read}
    if not sources and len(read) <= MOST:
        ranked = _moved(before, read)
        return Known(now, tables, {**before.fields, **anew}, ranked, before.masked)
    # Sorted here: collations differ between databases.
    listed = {each.key: each for each in sorted(tables.values(), key=attrgetter("address"))}
    fields = {key: each for key, each in before.fields.items() if each.source not in sources} | anew
    ranked = sorted(fields.values(), key=_RANK)
    return Known(now, listed, fields, ranked, _masked(connection))


_RANK = attrgetter("rank")


def _moved(before: Known, read: Sequence[Standing]) -> list[Standing]:
    """The order with these fields in their new places: no two fields have the same."""
    ranked = list(before.ranked)
    for each in read:
        del ranked[bisect_left(ranked, before.fields[each.key].rank, key=_RANK)]
        insort(ranked, each, key=_RANK)
    return ranked


class _Table(NamedTuple):
    """One table as a scan said it is."""

    key: str
    address: str
    source: str
    first_seen: datetime
    shown: str
    rows: int
    total: int | None
    persons: int
    role: str


def _tables(
    connection: sa.Connection, sources: Collection[str], others: Collection[TableStanding]
) -> Sequence[_Table]:
    """The tables of these sources; their paths to persons may lead through the others."""
    if not sources:
        return ()
    now, said = schema.tables, schema.table_states
    query = (
        sa.select(
            now.c.table_key.label("key"),
            now.c.address,
            now.c.source,
            now.c.first_seen,
            said.c.shown,
            said.c.row_count.label("rows"),
            said.c.total,
            said.c.persons,
            said.c.role,
            said.c.payload,
        )
        .join(said, said.c.id == now.c.state_id)
        .where(now.c.gone.is_(False), now.c.source.in_(sources))
    )
    read, paths = [], {}
    for *columns, payload in connection.execute(query):
        table = _Table._make(columns)
        read.append(table)
        if table.role == "linked":
            paths[table.address] = load_person_path(payload)
    persons = {each.address: each.persons for each in others}
    persons |= {each.address: each.persons for each in read}
    most = bounded(persons, paths)
    return [table._replace(persons=most[table.address]) for table in read]


def _standings(
    connection: sa.Connection,
    judge: Judge,
    tables: Mapping[str, Any],
    sources: Collection[str],
    keys: Collection[str],
) -> list[Standing]:
    """The fields of these sources and of these keys, by table in the order of its columns."""
    now, said, held = schema.fields, schema.field_states, schema.verdicts
    found = []
    for wanted in _parts(sources, keys):
        numbers = last().where(held.c.field_key.in_(sa.select(now.c.field_key).where(wanted)))
        reopened = sa.exists().where(schema.reopenings.c.verdict_id == held.c.id)
        verdicts = sa.select(
            held.c.field_key, held.c.id, held.c.decision, held.c.category, held.c.actor,
            held.c.made, held.c.saw, reopened.label("reopened"),
        ).where(held.c.id.in_(numbers))  # fmt: skip
        holds = {row.field_key: row for row in connection.execute(verdicts)}
        fields = (
            sa.select(*COLUMNS)
            .join(said, said.c.id == now.c.state_id)
            .where(now.c.gone.is_(False), wanted)
            .order_by(said.c.table_state_id, said.c.ordinal)
        )
        found += [
            judge.standing(row, tables[row[1]], holds.get(row[0]))
            for row in connection.execute(fields).all()
            if row[1] in tables
        ]
    return found


def _parts(sources: Collection[str], keys: Collection[str]) -> list[sa.ColumnElement[bool]]:
    """Conditions on fields, each with fewer parameters than a database takes; none overlaps."""
    now = schema.fields
    rest = sorted(keys)
    parts = [
        sa.and_(now.c.field_key.in_(rest[at : at + MOST]), now.c.source.not_in(sources))
        for at in range(0, len(rest), MOST)
    ]
    return [now.c.source.in_(sources), *parts] if sources else parts


def _masked(connection: sa.Connection) -> list[FieldScan]:
    now, said = schema.fields, schema.field_states
    query = (
        sa.select(said.c.payload)
        .join(now, now.c.state_id == said.c.id)
        .where(said.c.masked.is_(True))
    )
    return [load_field_scan(each) for each in connection.execute(query).scalars()]
