"""A vault in a PostgreSQL database of its own, in a schema that nobody else may enter."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sladd.errors import VaultError
from sladd.vault.space import Held, Space

if TYPE_CHECKING:
    import psycopg
    import sqlalchemy as sa

T = TypeVar("T")
SCHEMA = "sladd_vault"
_LOCK_S = 30
_TRIES = 6
_AGAIN = {"40001", "40P01", "23505"}
"""Serialization failure, deadlock, and two who make the schema or a space at once."""
_TABLES = f"""
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC;
CREATE TABLE IF NOT EXISTS {SCHEMA}.space (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, domain text NOT NULL,
    type text NOT NULL, kind text NOT NULL, key text NOT NULL, version integer NOT NULL,
    key_id text NOT NULL, UNIQUE (domain, type, kind, key_id));
CREATE TABLE IF NOT EXISTS {SCHEMA}.token (
    space integer NOT NULL REFERENCES {SCHEMA}.space (id), lookup text COLLATE "C" NOT NULL,
    token text NOT NULL, PRIMARY KEY (space, lookup));
CREATE TABLE IF NOT EXISTS {SCHEMA}.deletions (
    id integer PRIMARY KEY CHECK (id = 1), number integer NOT NULL);
INSERT INTO {SCHEMA}.deletions VALUES (1, 0) ON CONFLICT DO NOTHING;
REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC;
"""


class PostgresqlStore:
    """Implements `Store`. One connection, used by one thread at a time."""

    kind = "postgresql"

    def __init__(self, url: sa.URL) -> None:
        self.where = f"vault {url.host or 'local socket'}/{url.database or ''}"
        self._lock = threading.RLock()
        self._spaces: dict[Space, int] = {}
        self._db = self._connected(url)
        self._run(self._prepare)

    def __repr__(self) -> str:
        return "<PostgresqlStore>"

    def find(self, space: Space, lookups: Sequence[str]) -> dict[str, str]:
        """See `Store`."""
        number = self._number(space, make=False)
        if number is None or not lookups:
            return {}
        sql = f"SELECT lookup, token FROM {SCHEMA}.token WHERE space = %s AND lookup = ANY(%s)"
        return self._run(lambda: dict(self._db.execute(sql, (number, list(lookups)))))

    def add(self, space: Space, rows: Mapping[str, str]) -> None:
        """See `Store`. Sorted, so that two writers never wait for each other."""
        number = self._number(space)
        given = sorted(rows)
        sql = (
            f"INSERT INTO {SCHEMA}.token SELECT %s, * FROM unnest(%s::text[], %s::text[])"
            " ON CONFLICT DO NOTHING"
        )
        self._run(lambda: self._db.execute(sql, (number, given, [rows[one] for one in given])))

    def carry(self, old: Space, new: Space, lookups: Mapping[str, str]) -> None:
        """See `Store`."""
        before, after = self._number(old), self._number(new)
        was = sorted(lookups)

        def work() -> None:
            self._db.execute(
                f"INSERT INTO {SCHEMA}.token SELECT %s, m.fresh, t.token FROM"
                f" unnest(%s::text[], %s::text[]) m(was, fresh) JOIN {SCHEMA}.token t"
                " ON t.space = %s AND t.lookup = m.was ON CONFLICT DO NOTHING",
                (after, was, [lookups[one] for one in was], before),
            )
            self._db.execute(
                f"DELETE FROM {SCHEMA}.token WHERE space = %s AND lookup = ANY(%s)", (before, was)
            )

        self._run(work)

    def lookups(self, space: Space, tokens: Sequence[str]) -> dict[str, str]:
        """See `Store`. Reads the whole space: there is no index that would lead back."""
        number = self._number(space, make=False)
        if number is None or not tokens:
            return {}
        sql = f"SELECT token, lookup FROM {SCHEMA}.token WHERE space = %s AND token = ANY(%s)"
        return self._run(lambda: dict(self._db.execute(sql, (number, list(tokens)))))

    def delete(self, space: Space, lookups: Sequence[str]) -> int:
        """See `Store`."""
        number = self._number(space, make=False)
        if number is None or not lookups:
            return 0
        sql = f"DELETE FROM {SCHEMA}.token WHERE space = %s AND lookup = ANY(%s)"
        return self._run(lambda: self._db.execute(sql, (number, sorted(lookups))).rowcount)

    def forget(self) -> bool:
        """See `Store`. The table is written anew, which needs its owner and no reader for long."""
        import psycopg

        sql = f"UPDATE {SCHEMA}.deletions SET number = number + 1"
        self._run(lambda: self._db.execute(sql))
        with self._lock:
            self._db.autocommit = True
            try:
                self._db.execute(f"VACUUM (FULL) {SCHEMA}.token")
            except psycopg.errors.LockNotAvailable:
                self._db.execute(f"VACUUM {SCHEMA}.token")
                return False
            except psycopg.Error:
                return False
            finally:
                self._db.autocommit = False
        return True

    def held(self) -> list[Held]:
        """See `Store`."""
        sql = (
            "SELECT domain, type, kind, key, version, key_id,"
            f" (SELECT count(*) FROM {SCHEMA}.token WHERE space = s.id)"
            f" FROM {SCHEMA}.space s ORDER BY domain, type, version"
        )
        rows = self._run(lambda: self._db.execute(sql).fetchall())
        return [Held(Space(*row[:6]), row[6]) for row in rows]

    def deletions(self) -> int:
        """See `Store`."""
        sql = f"SELECT number FROM {SCHEMA}.deletions"
        row = self._run(lambda: self._db.execute(sql).fetchone())
        return int(row[0]) if row else 0

    def close(self) -> None:
        """See `Store`."""
        with self._lock:
            self._db.close()

    # ------------------------------------------------------------------ within

    def _connected(self, url: sa.URL) -> psycopg.Connection[Any]:
        import psycopg

        given: dict[str, Any] = {
            **url.query,
            **url.translate_connect_args(username="user", database="dbname"),
            "application_name": "sladd vault",
            "options": f"-c lock_timeout={_LOCK_S}s",
        }
        given.setdefault("connect_timeout", 10)
        try:
            return psycopg.connect(**given)
        except psycopg.Error as fault:
            # libpq quotes the server's words, which name users and hosts.
            refused = "authentication" in str(fault)
            raise VaultError(
                "PostgreSQL refuses the user or the password of the vault"
                if refused
                else "the vault's database does not answer, or there is none of that name",
                code=433,
                where=self.where,
                mend="check `vault` of the release in sladd.yaml and the variable it reads",
            ) from None

    def _prepare(self) -> None:
        row = self._db.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.deletions",)).fetchone()
        if row is None or row[0] is None:
            self._db.execute(_TABLES)
        # "public" stands for everybody here, as in GRANT (PostgreSQL 16, §9.26.2).
        row = self._db.execute(
            "SELECT has_schema_privilege('public', %s, 'USAGE')"
            " AND has_table_privilege('public', %s, 'SELECT')",
            (SCHEMA, f"{SCHEMA}.token"),
        ).fetchone()
        if row and row[0]:
            raise VaultError(
                "everybody who may enter the database may read the vault",
                code=431,
                where=self.where,
                mend=f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC",
            )

    def _number(self, space: Space, *, make: bool = True) -> int | None:
        if space not in self._spaces:
            self._run(self._spaces_known)
        if space not in self._spaces and make:
            sql = (
                f"INSERT INTO {SCHEMA}.space (domain, type, kind, key, version, key_id)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
            )
            row = (space.domain, space.type, space.kind, space.key, space.version, space.key_id)
            self._run(lambda: self._db.execute(sql, row))
            self._run(self._spaces_known)
        return self._spaces.get(space)

    def _spaces_known(self) -> None:
        rows = self._db.execute(
            f"SELECT id, domain, type, kind, key, version, key_id FROM {SCHEMA}.space"
        ).fetchall()
        self._spaces = {Space(*row[1:]): row[0] for row in rows}

    def _run(self, work: Callable[[], T]) -> T:
        """One transaction; again when another writer was in the way."""
        import psycopg

        with self._lock:
            for left in reversed(range(_TRIES)):
                try:
                    with self._db.transaction():
                        return work()
                except psycopg.Error as fault:
                    if fault.sqlstate in _AGAIN and left:
                        continue
                    raise self._told(fault.sqlstate) from None
        raise AssertionError("unreachable")

    def _told(self, state: str | None) -> VaultError:
        if state in _AGAIN or state == "55P03":
            return VaultError(
                "another process holds the vault",
                code=434,
                where=self.where,
                mend="wait until it is done and run the command again",
            )
        return VaultError(
            f"the vault's database refused a statement (state {state or 'unknown'})",
            code=433,
            where=self.where,
            mend=f"the user needs CREATE on the database, or USAGE, SELECT, INSERT, DELETE in {SCHEMA}",
        )
