"""Sessions of the review application: rows by the SHA-256 of their tokens, ended by time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from sladd.catalog import audit, schema

IDLE = timedelta(minutes=30)  # OWASP ASVS 5.0 §7.3.1: an inactivity timeout
ABSOLUTE = timedelta(hours=12)  # NIST SP 800-63B §2.2.3 (AAL2): at most 12 hours
AHEAD = timedelta(minutes=5)  # clocks of machines that share a catalog differ by less
SEEN_EVERY = timedelta(minutes=1)  # a session's last use is written this often, not each time

Origin = Literal["local", "proxy"]


@dataclass(frozen=True, slots=True)
class Session:
    """A login that holds."""

    name: str
    role: str
    said: str | None


def hashed(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so no salt or slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    connection: sa.Connection,
    now: datetime,
    token: str,
    *,
    account_key: str,
    name: str,
    role: str,
    origin: Origin,
) -> None:
    """Begin a session; those that have ended by time are cleared away."""
    table = schema.sessions
    connection.execute(
        table.delete().where((table.c.begun < now - ABSOLUTE) | (table.c.seen < now - IDLE))
    )
    connection.execute(
        table.insert().values(
            token_hash=hashed(token),
            account_key=account_key,
            name=name,
            role=role,
            origin=origin,
            begun=now,
            seen=now,
        )
    )
    detail = {"role": role, "origin": origin}
    audit.append(connection, now, action="login", subject=name, by=name, detail=detail)


def find(connection: sa.Connection, now: datetime, token: str, origin: Origin) -> Any:
    """The row of a session that holds; None for any other, and for one of a time to come.

    A local session holds only while its account has the role that it began with.
    """
    table, accounts = schema.sessions, schema.accounts
    row = connection.execute(
        sa.select(table, accounts.c.role.label("role_now"))
        .outerjoin(accounts, accounts.c.account_key == table.c.account_key)
        .where(table.c.token_hash == hashed(token), table.c.origin == origin)
    ).one_or_none()
    if row is None or now - row.seen >= IDLE or now - row.begun >= ABSOLUTE:
        return None
    if row.seen - now > AHEAD:  # the clock was set back: how long it holds cannot be told
        return None
    return row if origin == "proxy" or row.role == row.role_now else None


def touch(connection: sa.Connection, now: datetime, token: str) -> None:
    """The session was used."""
    table = schema.sessions
    connection.execute(table.update().where(table.c.token_hash == hashed(token)).values(seen=now))


def end(connection: sa.Connection, now: datetime, token: str) -> None:
    """End a session; one that has ended stays so."""
    table = schema.sessions
    row = connection.execute(
        sa.select(table).where(table.c.token_hash == hashed(token))
    ).one_or_none()
    if row is not None:
        connection.execute(table.delete().where(table.c.token_hash == hashed(token)))
        audit.append(connection, now, action="logout", subject=row.name, by=row.name)


def end_all(connection: sa.Connection, account_key: str) -> None:
    """End every session of an account."""
    table = schema.sessions
    connection.execute(table.delete().where(table.c.account_key == account_key))


def say(connection: sa.Connection, token: str, said: str | None) -> None:
    """Keep what the next page of a session shall say; None: nothing."""
    table = schema.sessions
    connection.execute(table.update().where(table.c.token_hash == hashed(token)).values(said=said))
