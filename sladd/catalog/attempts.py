"""Failed logins, counted by account and by address; too many of them close what they are counted by.

Names and addresses are kept as digests only, and for a day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from sladd.catalog import schema
from sladd.catalog.payload import digest

FREE_OF_ACCOUNT = 3  # slips of the hand cost nothing
FREE_OF_ADDRESS = 10  # an office behind one address
FIRST_DELAY = timedelta(seconds=15)  # doubled with each further failure
LONGEST_DELAY = timedelta(minutes=15)  # who knows a name keeps its owner out no longer
FORGOTTEN = timedelta(hours=24)  # failures older than this no longer count


def count(connection: sa.Connection, now: datetime, account: str, address: str) -> timedelta | None:
    """Count a login as failed before it is tried; or how long to wait, when none may be tried."""
    table = schema.login_failures
    connection.execute(table.delete().where(table.c.last < now - FORGOTTEN))
    counted = {_account(account): FREE_OF_ACCOUNT, _address(address): FREE_OF_ADDRESS}
    waits = [_wait(connection, now, key) for key in counted]
    if longest := max((wait for wait in waits if wait), default=None):
        return longest
    for key, free in counted.items():
        _add(connection, now, key, free)
    return None


def take_back(connection: sa.Connection, account: str, address: str) -> None:
    """The login succeeded.

    The account begins anew. The address is only relieved of this one try: who has an account could
    otherwise search for the passphrases of others and log in between.
    """
    table = schema.login_failures
    forget(connection, account)
    connection.execute(
        table.update()
        .where(table.c.failure_key == _address(address))
        .values(failures=table.c.failures - 1, closed_until=None)
    )


def forget(connection: sa.Connection, account: str) -> None:
    """The failures of an account no longer count."""
    table = schema.login_failures
    connection.execute(table.delete().where(table.c.failure_key == _account(account)))


def _account(key: str) -> str:
    return digest(f"account:{key}")


def _address(address: str) -> str:
    return digest(f"address:{address}")


def _wait(connection: sa.Connection, now: datetime, key: str) -> timedelta | None:
    table = schema.login_failures
    until = connection.execute(
        sa.select(table.c.closed_until).where(table.c.failure_key == key)
    ).scalar_one_or_none()
    # Further ahead than any delay: the clock was set back, and nobody is kept out until then.
    return until - now if until is not None and now < until <= now + LONGEST_DELAY else None


def _add(connection: sa.Connection, now: datetime, key: str, free: int) -> None:
    table = schema.login_failures
    before = connection.execute(
        sa.select(table.c.failures).where(table.c.failure_key == key)
    ).scalar_one_or_none()
    failures = (before or 0) + 1
    values = {"failures": failures, "last": now, "closed_until": _closed(now, failures - free)}
    if before is None:
        connection.execute(table.insert().values(failure_key=key, **values))
    else:
        connection.execute(table.update().where(table.c.failure_key == key).values(**values))


def _closed(now: datetime, too_many: int) -> datetime | None:
    if too_many < 0:
        return None
    doubled: timedelta = FIRST_DELAY * 2 ** min(too_many, 10)
    return now + min(doubled, LONGEST_DELAY)
