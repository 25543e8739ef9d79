"""Who may use the review application: accounts, first logins, sessions, failed logins.

Nothing secret is kept as it was given: passphrases as argon2id hashes that the caller made,
tokens as SHA-256 of 256 random bits. Each method is one transaction, and what changes who may
do what is audited.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from sladd.catalog import audit, schema
from sladd.catalog.database import Database
from sladd.catalog.payload import digest
from sladd.errors import CatalogError

ROLES = ("dpo", "engineer", "analyst", "reader")
FIRST_LOGIN = timedelta(hours=24)
IDLE = timedelta(minutes=30)  # OWASP ASVS 5.0 §7.3.1: an inactivity timeout
ABSOLUTE = timedelta(hours=12)  # NIST SP 800-63B §2.2.3 (AAL2): at most 12 hours
SEEN_EVERY = timedelta(minutes=1)  # a session's last use is written this often, not each time
LONGEST_NAME = 64
FREE_FAILURES = 3  # of one account; slips of the hand cost nothing
FREE_FAILURES_OF_ADDRESS = 10
LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=24)  # failures older than this no longer count

Origin = Literal["local", "proxy"]


class AccountError(CatalogError):
    """An account that cannot be made, found or used so (900-903)."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may log in. `invited`: a first-login link is open."""

    name: str
    role: str
    made: datetime
    seen: datetime | None
    active: bool
    invited: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A login that holds."""

    name: str
    role: str
    said: str | None


class Accounts:
    """The accounts of a catalog. Reached as `catalog.accounts`."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    # ------------------------------------------------------------------ accounts

    def add(self, name: str, role: str, *, by: str) -> str:
        """Make an account; returns the token of its first login, which is shown once.

        Raises:
            AccountError: the name or role cannot be used (SLADD-900), or is taken (901).
        """
        _check(name, role)
        with self._database.writing() as connection:
            if self._row(connection, name) is not None:
                raise AccountError(
                    "there is an account of that name",
                    code=901,
                    where=name,
                    mend=f"sladd review user reset {name}",
                )
            now = self._clock()
            connection.execute(
                schema.accounts.insert().values(
                    account_key=_key(name), name=name, role=role, made=now
                )
            )
            audit.append(
                connection, now, action="account.add", subject=name, by=by, detail={"role": role}
            )
            return self._invite(connection, now, name)

    def all(self) -> Sequence[Account]:
        """Every account, by name."""
        table, invited = schema.accounts, schema.first_logins
        with self._database.reading() as connection:
            now = self._clock()
            rows = connection.execute(
                sa.select(table, invited.c.expires)
                .outerjoin(invited, invited.c.account_key == table.c.account_key)
                .order_by(table.c.name)
            )
            return [
                Account(
                    row.name,
                    row.role,
                    row.made,
                    row.seen,
                    row.passphrase is not None,
                    row.expires is not None and row.expires > now,
                )
                for row in rows
            ]

    def change_role(self, name: str, role: str, *, by: str) -> None:
        """Give an account another role; its sessions end.

        Raises:
            AccountError: the role is none (SLADD-900), or there is no such account (902).
        """
        _check(name, role)
        with self._database.writing() as connection:
            self._require(connection, name)
            table = schema.accounts
            connection.execute(
                table.update().where(table.c.account_key == _key(name)).values(role=role)
            )
            self._end_all(connection, name)
            audit.append(
                connection,
                self._clock(),
                action="account.role",
                subject=name,
                by=by,
                detail={"role": role},
            )

    def reset(self, name: str, *, by: str) -> str:
        """Forget a passphrase and end the sessions; returns the token of a new first login.

        Raises:
            AccountError: there is no such account (SLADD-902).
        """
        with self._database.writing() as connection:
            self._require(connection, name)
            table, now = schema.accounts, self._clock()
            connection.execute(
                table.update().where(table.c.account_key == _key(name)).values(passphrase=None)
            )
            self._end_all(connection, name)
            self._forget_failures(connection, f"account:{_key(name)}")
            audit.append(connection, now, action="account.reset", subject=name, by=by)
            return self._invite(connection, now, name)

    def remove(self, name: str, *, by: str) -> None:
        """Take an account away; its sessions end. What the person decided stays.

        Raises:
            AccountError: there is no such account (SLADD-902).
        """
        with self._database.writing() as connection:
            self._require(connection, name)
            self._end_all(connection, name)
            for table in (schema.first_logins, schema.accounts):
                connection.execute(table.delete().where(table.c.account_key == _key(name)))
            audit.append(connection, self._clock(), action="account.remove", subject=name, by=by)

    # ------------------------------------------------------------------ first login

    def invited(self, token: str) -> str | None:
        """Whose first login the token opens; None when it opens none (any more)."""
        with self._database.reading() as connection:
            row = self._invitation(connection, token)
            return None if row is None else str(row.name)

    def accept(self, token: str, passphrase_hash: str) -> str | None:
        """Use up the token of a first login and keep the passphrase's hash; the account's name.

        None when the token opens no first login: each opens one, once.
        """
        with self._database.writing() as connection:
            row = self._invitation(connection, token)
            if row is None:
                return None
            accounts, invited = schema.accounts, schema.first_logins
            connection.execute(invited.delete().where(invited.c.account_key == row.account_key))
            connection.execute(
                accounts.update()
                .where(accounts.c.account_key == row.account_key)
                .values(passphrase=passphrase_hash)
            )
            audit.append(
                connection, self._clock(), action="account.first", subject=row.name, by=row.name
            )
            return str(row.name)

    # ------------------------------------------------------------------ logins

    def passphrase_hash(self, name: str) -> str | None:
        """The hash to check a passphrase against; None without one."""
        with self._database.reading() as connection:
            row = self._row(connection, name)
            return None if row is None else row.passphrase

    def keep_hash(self, name: str, passphrase_hash: str) -> None:
        """Keep a newer hash of the same passphrase."""
        table = schema.accounts
        with self._database.writing() as connection:
            connection.execute(
                table.update()
                .where(table.c.account_key == _key(name))
                .values(passphrase=passphrase_hash)
            )

    def attempt(self, name: str, address: str) -> timedelta | None:
        """Count a login before it is tried, as failed; `succeeded` takes it back.

        So a hundred tries at once are counted as a hundred.

        Returns:
            How long to wait, when there were too many failures: nothing may be tried then.
        """
        counted = {
            f"account:{_key(name)}": FREE_FAILURES,
            f"address:{address}": FREE_FAILURES_OF_ADDRESS,
        }
        with self._database.writing() as connection:
            now = self._clock()
            self._forget_old(connection, now)
            waits = [self._wait(connection, now, what) for what in counted]
            if longest := max((wait for wait in waits if wait), default=None):
                return longest
            for what, free in counted.items():
                self._count(connection, now, what, free)
            return None

    def succeeded(self, name: str, address: str) -> None:
        """Take back what `attempt` counted.

        The account begins anew. The address is only relieved of this one try: who has an account
        could otherwise search for the passphrases of others and log in between.
        """
        table, key = schema.login_failures, digest(f"address:{address}")
        with self._database.writing() as connection:
            self._forget_failures(connection, f"account:{_key(name)}")
            connection.execute(
                table.update()
                .where(table.c.failure_key == key)
                .values(failures=table.c.failures - 1, closed_until=None)
            )

    def failed(self, name: str) -> None:
        """Audit a failed login. A name without an account may be a passphrase, so it is not kept."""
        with self._database.writing() as connection:
            row = self._row(connection, name)
            known = "" if row is None else row.name
            audit.append(
                connection,
                self._clock(),
                action="login.failed",
                subject=known or "unknown account",
                by=known,
            )

    # ------------------------------------------------------------------ sessions

    def begin_session(self, name: str) -> str:
        """Begin a session of an account; returns its token, which only the browser keeps.

        Raises:
            AccountError: there is no such account (SLADD-902).
        """
        with self._database.writing() as connection:
            row = self._require(connection, name)
            token, now, table = secrets.token_urlsafe(32), self._clock(), schema.accounts
            self._begin(connection, now, token, row.name, row.role, "local")
            connection.execute(
                table.update().where(table.c.account_key == _key(name)).values(seen=now)
            )
            return token

    def session(self, token: str) -> Session | None:
        """The session of a token, kept alive; None when it has ended or never was."""
        table = schema.sessions
        with self._database.reading() as connection:
            row = connection.execute(
                sa.select(table, schema.accounts.c.role.label("role_now"))
                .join(schema.accounts, schema.accounts.c.account_key == table.c.account_key)
                .where(table.c.token_hash == _hash(token), table.c.origin == "local")
            ).one_or_none()
        if row is None or self._over(row) or row.role != row.role_now:
            return None
        self._touch(row)
        return Session(row.name, row.role, row.said)

    def vouched_session(self, token: str, name: str, role: str) -> Session:
        """The session of someone whom a trusted proxy vouches for; begun when there is none.

        Args:
            token: the same for the same person and role.
            name: of the person.
            role: that the proxy says the person has.

        Raises:
            AccountError: the name or role cannot be used (SLADD-900).
        """
        _check(name, role)
        table = schema.sessions
        query = sa.select(table).where(
            table.c.token_hash == _hash(token), table.c.origin == "proxy"
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is not None and not self._over(row):
            self._touch(row)
            return Session(row.name, row.role, row.said)
        with self._database.writing() as connection:
            row = connection.execute(query).one_or_none()
            if row is None or self._over(row):
                connection.execute(table.delete().where(table.c.token_hash == _hash(token)))
                self._begin(connection, self._clock(), token, name, role, "proxy")
        return Session(name, role, None)

    def end_session(self, token: str) -> None:
        """End a session; one that has ended stays so."""
        table = schema.sessions
        with self._database.writing() as connection:
            row = connection.execute(
                sa.select(table).where(table.c.token_hash == _hash(token))
            ).one_or_none()
            if row is not None:
                connection.execute(table.delete().where(table.c.token_hash == _hash(token)))
                audit.append(
                    connection, self._clock(), action="logout", subject=row.name, by=row.name
                )

    def say(self, token: str, said: str | None) -> None:
        """Keep what the next page of a session shall say; None: nothing."""
        table = schema.sessions
        with self._database.writing() as connection:
            connection.execute(
                table.update().where(table.c.token_hash == _hash(token)).values(said=said)
            )

    # ------------------------------------------------------------------ within

    def _row(self, connection: sa.Connection, name: str) -> Any:
        table = schema.accounts
        return connection.execute(
            sa.select(table).where(table.c.account_key == _key(name))
        ).one_or_none()

    def _require(self, connection: sa.Connection, name: str) -> Any:
        row = self._row(connection, name)
        if row is None:
            raise AccountError(
                "there is no account of that name",
                code=902,
                where=name,
                mend="sladd review user list",
            )
        return row

    def _invite(self, connection: sa.Connection, now: datetime, name: str) -> str:
        table, token = schema.first_logins, secrets.token_urlsafe(32)
        connection.execute(table.delete().where(table.c.account_key == _key(name)))
        connection.execute(
            table.insert().values(
                account_key=_key(name), token_hash=_hash(token), expires=now + FIRST_LOGIN
            )
        )
        return token

    def _invitation(self, connection: sa.Connection, token: str) -> Any:
        table, accounts = schema.first_logins, schema.accounts
        row = connection.execute(
            sa.select(table, accounts.c.name)
            .join(accounts, accounts.c.account_key == table.c.account_key)
            .where(table.c.token_hash == _hash(token))
        ).one_or_none()
        return row if row is not None and self._clock() < row.expires else None

    def _begin(
        self,
        connection: sa.Connection,
        now: datetime,
        token: str,
        name: str,
        role: str,
        origin: Origin,
    ) -> None:
        table = schema.sessions
        connection.execute(
            table.delete().where((table.c.begun < now - ABSOLUTE) | (table.c.seen < now - IDLE))
        )
        connection.execute(
            table.insert().values(
                token_hash=_hash(token),
                account_key=_key(name),
                name=name,
                role=role,
                origin=origin,
                begun=now,
                seen=now,
            )
        )
        detail = {"role": role, "origin": origin}
        audit.append(connection, now, action="login", subject=name, by=name, detail=detail)

    def _over(self, row: Any) -> bool:
        now = self._clock()
        return bool(now - row.seen >= IDLE or now - row.begun >= ABSOLUTE)

    def _touch(self, row: Any) -> None:
        now, table = self._clock(), schema.sessions
        if now - row.seen < SEEN_EVERY:
            return
        with self._database.writing() as connection:
            connection.execute(
                table.update().where(table.c.token_hash == row.token_hash).values(seen=now)
            )

    def _end_all(self, connection: sa.Connection, name: str) -> None:
        table = schema.sessions
        connection.execute(table.delete().where(table.c.account_key == _key(name)))

    def _wait(self, connection: sa.Connection, now: datetime, what: str) -> timedelta | None:
        table = schema.login_failures
        until = connection.execute(
            sa.select(table.c.closed_until).where(table.c.failure_key == digest(what))
        ).scalar_one_or_none()
        return until - now if until is not None and until > now else None

    def _count(self, connection: sa.Connection, now: datetime, what: str, free: int) -> None:
        table, key = schema.login_failures, digest(what)
        before = connection.execute(
            sa.select(table.c.failures).where(table.c.failure_key == key)
        ).scalar_one_or_none()
        failures = (before or 0) + 1
        values = {"failures": failures, "last": now, "closed_until": _closed(now, failures - free)}
        if before is None:
            connection.execute(table.insert().values(failure_key=key, **values))
        else:
            connection.execute(table.update().where(table.c.failure_key == key).values(**values))

    def _forget_failures(self, connection: sa.Connection, what: str) -> None:
        table = schema.login_failures
        connection.execute(table.delete().where(table.c.failure_key == digest(what)))

    def _forget_old(self, connection: sa.Connection, now: datetime) -> None:
        table = schema.login_failures
        connection.execute(table.delete().where(table.c.last < now - FORGOTTEN))


def _closed(now: datetime, too_many: int) -> datetime | None:
    """Until when nothing is tried: 15 seconds after the first failure too many, then doubled."""
    if too_many < 0:
        return None
    return now + min(timedelta(seconds=15 * 2 ** min(too_many, 10)), LONGEST_DELAY)


def _check(name: str, role: str) -> None:
    if not name or len(name) > LONGEST_NAME or name != name.strip() or not name.isprintable():
        raise AccountError(
            f"the name of an account is 1 to {LONGEST_NAME} characters on one line",
            code=900,
            mend="sladd review user add kari --role dpo",
        )
    if role not in ROLES:
        raise AccountError(
            "there is no such role", code=900, where=name, mend=f"one of {', '.join(ROLES)}"
        )


def _key(name: str) -> str:
    return digest(name.casefold())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
