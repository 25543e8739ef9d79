"""Who may use the review application: accounts, first logins, sessions, failed logins.

Nothing secret is kept as it was given: passphrases as argon2id hashes that the caller made,
tokens as SHA-256 of 256 random bits. Each method is one transaction, and what changes who may
do what is audited.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sladd.catalog import attempts, audit, schema, sessions
from sladd.catalog.database import Database
from sladd.catalog.faults import BUSY
from sladd.catalog.payload import digest
from sladd.catalog.sessions import SEEN_EVERY, Session
from sladd.errors import CatalogError

ROLES = ("dpo", "engineer", "analyst", "reader")
FIRST_LOGIN = timedelta(hours=24)
LONGEST_NAME = 64
ASIDE_S = 0.3
"""How long a page waits to note what it can do without: nobody shall notice."""


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
            sessions.end_all(connection, _key(name))
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
            sessions.end_all(connection, _key(name))
            attempts.forget(connection, _key(name))
            audit.append(connection, now, action="account.reset", subject=name, by=by)
            return self._invite(connection, now, name)

    def remove(self, name: str, *, by: str) -> None:
        """Take an account away; its sessions end. What the person decided stays.

        Raises:
            AccountError: there is no such account (SLADD-902).
        """
        with self._database.writing() as connection:
            self._require(connection, name)
            sessions.end_all(connection, _key(name))
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
        with self._database.writing() as connection:
            return attempts.count(connection, self._clock(), _key(name), address)

    def succeeded(self, name: str, address: str) -> None:
        """Take back what `attempt` counted."""
        with self._database.writing() as connection:
            attempts.take_back(connection, _key(name), address)

    def failed(self, name: str) -> None:
        """Audit a failed login. A name without an account may be a passphrase, so it is not kept."""
        with self._database.writing() as connection:
            row = self._row(connection, name)
            known = "" if row is None else row.name
            subject, now = known or "unknown account", self._clock()
            audit.append(connection, now, action="login.failed", subject=subject, by=known)

    # ------------------------------------------------------------------ sessions

    def begin_session(self, name: str) -> str:
        """Begin a session of an account; returns its token, which only the browser keeps.

        Raises:
            AccountError: there is no such account (SLADD-902).
        """
        with self._database.writing() as connection:
            row = self._require(connection, name)
            token, now, table = secrets.token_urlsafe(32), self._clock(), schema.accounts
            sessions.begin(
                connection,
                now,
                token,
                account_key=row.account_key,
                name=row.name,
                role=row.role,
                origin="local",
            )
            connection.execute(
                table.update().where(table.c.account_key == row.account_key).values(seen=now)
            )
            return token

    def session(self, token: str) -> Session | None:
        """The session of a token, kept alive; None when it has ended or never was."""
        with self._database.reading() as connection:
            row = sessions.find(connection, self._clock(), token, "local")
        return None if row is None else self._used(row, token)

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
        with self._database.reading() as connection:
            row = sessions.find(connection, self._clock(), token, "proxy")
        if row is not None:
            return self._used(row, token)
        table = schema.sessions
        with self._database.writing() as connection:
            now = self._clock()
            if sessions.find(connection, now, token, "proxy") is None:
                ended = table.c.token_hash == sessions.hashed(token)
                connection.execute(table.delete().where(ended))
                sessions.begin(
                    connection,
                    now,
                    token,
                    # Apart from the accounts: what happens to one of that name is no matter here.
                    account_key=digest(f"proxy:{name}"),
                    name=name,
                    role=role,
                    origin="proxy",
                )
        return Session(name, role, None)

    def end_session(self, token: str) -> None:
        """End a session; one that has ended stays so."""
        with self._database.writing() as connection:
            sessions.end(connection, self._clock(), token)

    def say(self, token: str, said: str | None) -> None:
        """Keep what the next page of a session shall say; None: nothing.

        It is left unsaid where another process writes: what it tells of is done.
        """
        with _unless_held(), self._database.writing(wait_s=ASIDE_S) as connection:
            sessions.say(connection, token, said)

    def _used(self, row: Any, token: str) -> Session:
        now = self._clock()
        if now - row.seen >= SEEN_EVERY:
            # A page that only reads is answered whoever writes meanwhile.
            with _unless_held(), self._database.writing(wait_s=ASIDE_S) as connection:
                sessions.touch(connection, now, token)
        return Session(row.name, row.role, row.said)

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
                account_key=_key(name), token_hash=sessions.hashed(token), expires=now + FIRST_LOGIN
            )
        )
        return token

    def _invitation(self, connection: sa.Connection, token: str) -> Any:
        table, accounts = schema.first_logins, schema.accounts
        row = connection.execute(
            sa.select(table, accounts.c.name)
            .join(accounts, accounts.c.account_key == table.c.account_key)
            .where(table.c.token_hash == sessions.hashed(token))
        ).one_or_none()
        return row if row is not None and self._clock() < row.expires else None


@contextmanager
def _unless_held() -> Iterator[None]:
    """Leave undone what another process that writes stands in the way of."""
    try:
        yield
    except CatalogError as fault:
        if fault.code != BUSY:
            raise


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
