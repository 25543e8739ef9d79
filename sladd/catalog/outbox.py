"""The outbox: what is to be told, and to whom it was.

What scans found new is already in the catalog when they finish, so a crash between a scan and
its message loses nothing: a cursor says up to which scan notices were made. Who delivers takes
the notices of a channel for a while, so that two processes do not tell the same twice.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.database import Database
from sladd.catalog.drift import load_drift
from sladd.catalog.payload import canonical, digest
from sladd.catalog.records import Drift

LEASE = timedelta(minutes=15)
"""How long a process may take to deliver before another may try: longer than the three tries of
a webhook with the greatest timeout (`sladd.channels`)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told: names, categories and counts, never a value.

    Attributes:
        key: the same for the same thing, so that it is told once.
        topic: one of `sladd.channels.TOPICS`.
        subject: the source or release it is about.
        facts: plain data, fit for JSON.
        made: when it was noticed; None before it is in the outbox.
    """

    key: str
    topic: str
    subject: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    made: datetime | None = None


@dataclass(frozen=True, slots=True)
class FinishedScan:
    """A scan of which no notice was made yet.

    Attributes:
        ordinal: its place in the order of finishing.
        source: name of the source.
        drift: what it saw otherwise than the scan before it.
        first: whether no scan before it had read anything of the source.
    """

    ordinal: int
    source: str
    drift: Drift
    first: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """Notices that one process delivers to one channel."""

    id: str
    channel: str
    notices: tuple[Notice, ...]


class Outbox:
    """The part of the catalog that is about telling."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def __repr__(self) -> str:
        return f"<Outbox in {self._database!r}>"

    def begin(self) -> None:
        """Start from here, the first time: what earlier scans found is no news any more."""
        with self._database.writing() as connection:
            if _cursor(connection) is None:
                last = connection.execute(sa.select(sa.func.max(schema.scans.c.ordinal))).scalar()
                connection.execute(schema.notice_cursor.insert().values(id=1, ordinal=last or 0))

    def scans(self) -> Sequence[FinishedScan]:
        """Finished scans of which no notice was made yet, in their order."""
        scan = schema.scans
        with self._database.reading() as connection:
            cursor = _cursor(connection)
            if cursor is None:
                return []
            rows = connection.execute(
                sa.select(scan.c.ordinal, scan.c.source, scan.c.drift, scan.c.table_count)
                .where(scan.c.ordinal.is_not(None))
                .order_by(scan.c.ordinal)
            ).all()
        answer, read = [], set()
        for row in rows:
            if row.ordinal > cursor:
                drift = load_drift(row.drift)
                answer.append(FinishedScan(row.ordinal, row.source, drift, row.source not in read))
            if row.table_count:
                read.add(row.source)
        return answer

    def put(
        self, notices: Sequence[Notice], channels: Mapping[str, Collection[str]], *, upto: int = 0
    ) -> Sequence[Notice]:
        """Put notices in, for every channel that wants their topic; a known one is left alone.

        Args:
            notices: to be told.
            channels: name → the topics it wants.
            upto: ordinal of the scan that notices have been made of now.

        Returns:
            Those that were new.
        """
        with self._database.writing() as connection:
            now = self._clock()
            fresh = [n for n in notices if _put(connection, now, n, channels)]
            if upto:
                connection.execute(
                    schema.notice_cursor.update()
                    .where(schema.notice_cursor.c.ordinal < upto)
                    .values(ordinal=upto)
                )
            return fresh

    def waiting(self, channel: str | None = None) -> int:
        """How many notices are still to be told, to one channel or to all."""
        table = schema.deliveries
        query = sa.select(sa.func.count()).select_from(table).where(table.c.told.is_(None))
        if channel is not None:
            query = query.where(table.c.channel == channel)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def take(self, channel: str) -> Claim:
        """Take what waits for a channel, and is not being delivered by another process."""
        delivery, notice = schema.deliveries, schema.notices
        claim = secrets.token_hex(16)
        with self._database.writing() as connection:
            now = self._clock()
            connection.execute(
                delivery.update()
                .where(delivery.c.channel == channel)
                .where(delivery.c.told.is_(None))
                .where(sa.or_(delivery.c.claim.is_(None), delivery.c.claimed < now - LEASE))
                .values(claim=claim, claimed=now, tries=delivery.c.tries + 1)
            )
            rows = connection.execute(
                sa.select(notice)
                .join(delivery, delivery.c.notice_id == notice.c.id)
                .where(delivery.c.claim == claim)
                .order_by(notice.c.id)
            )
            taken = tuple(
                Notice(row.notice_key, row.topic, row.subject, json.loads(row.facts), row.made)
                for row in rows
            )
        return Claim(claim, channel, taken)

    def told(self, claim: Claim) -> None:
        """The notices of a claim have been told."""
        self._settle(claim, told=self._clock(), code=None)

    def failed(self, claim: Claim, code: int) -> None:
        """They could not be; they wait for the next run."""
        self._settle(claim, told=None, code=code)

    def _settle(self, claim: Claim, *, told: datetime | None, code: int | None) -> None:
        with self._database.writing() as connection:
            connection.execute(
                schema.deliveries.update()
                .where(schema.deliveries.c.claim == claim.id)
                .values(told=told, claim=None, claimed=None, code=code)
            )


def _cursor(connection: sa.Connection) -> int | None:
    found: int | None = connection.execute(
        sa.select(schema.notice_cursor.c.ordinal)
    ).scalar_one_or_none()
    return found


def _put(
    connection: sa.Connection,
    now: datetime,
    notice: Notice,
    channels: Mapping[str, Collection[str]],
) -> bool:
    key = digest(notice.key)
    known = sa.select(schema.notices.c.id).where(schema.notices.c.notice_key == key)
    if connection.execute(known).scalar_one_or_none() is not None:
        return False
    inserted = connection.execute(
        schema.notices.insert().values(
            notice_key=key,
            topic=notice.topic,
            subject=notice.subject,
            facts=canonical(dict(notice.facts)),
            made=now,
        )
    )
    number = inserted.inserted_primary_key
    wanted = [name for name, topics in channels.items() if notice.topic in topics]
    if wanted and number is not None:
        connection.execute(
            schema.deliveries.insert(),
            [{"notice_id": number[0], "channel": name, "tries": 0} for name in wanted],
        )
    return True
