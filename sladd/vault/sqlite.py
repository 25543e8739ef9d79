"""A vault in one SQLite file, closed to others, that keeps nothing of what was deleted."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from sladd.errors import VaultError
from sladd.vault.space import Held, Space

T = TypeVar("T")
WAIT_S = 60  # for another publish that writes: a batch takes a second
ID = 0x5ADD_0A17  # `application_id`: tells a vault from any other database
_TABLES = """
CREATE TABLE IF NOT EXISTS space (
    id INTEGER PRIMARY KEY, domain TEXT NOT NULL, type TEXT NOT NULL, kind TEXT NOT NULL,
    key TEXT NOT NULL, version INTEGER NOT NULL, key_id TEXT NOT NULL,
    UNIQUE (domain, type, kind, key_id));
CREATE TABLE IF NOT EXISTS token (
    space INTEGER NOT NULL REFERENCES space (id), lookup TEXT NOT NULL, token TEXT NOT NULL,
    PRIMARY KEY (space, lookup)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deletions (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER);
INSERT OR IGNORE INTO deletions VALUES (1, 0);
"""


class SqliteStore:
    """Implements `Store`. One connection, used by one thread at a time.

    Args:
        path: of the file; made with mode 0600 when missing.
    """

    kind = "sqlite"

    def __init__(self, path: Path) -> None:
        self.where = f"vault {path}"
        self._path = path
        self._lock = threading.RLock()
        self._spaces: dict[Space, int] = {}
        _prepare_file(path)
        try:
            self._db = sqlite3.connect(
                path, timeout=WAIT_S, isolation_level=None, check_same_thread=False
            )
            # Deleted cells are overwritten; the rest is done by `forget`.
            self._db.execute("PRAGMA secure_delete = ON")
            (own,) = self._db.execute("PRAGMA application_id").fetchone()
            if not own:
                self._create()
            elif own != ID:
                raise self._no_vault()
            self._spaces_known()
        except sqlite3.DatabaseError as fault:
            raise self._told(fault) from None

    def __repr__(self) -> str:
        return f"<SqliteStore {self._path.name}>"

    def find(self, space: Space, lookups: Sequence[str]) -> dict[str, str]:
        """See `Store`."""
        number = self._number(space, make=False)
        if number is None or not lookups:
            return {}
        with self._reading():
            return dict(
                self._db.execute(
                    "SELECT t.lookup, t.token FROM json_each(?) j"
                    " CROSS JOIN token t ON t.space = ? AND t.lookup = j.value",
                    (json.dumps(sorted(lookups)), number),
                )
            )

    def add(self, space: Space, rows: Mapping[str, str]) -> None:
        """See `Store`."""
        number = self._number(space)
        with self._writing():
            self._db.executemany(
                "INSERT OR IGNORE INTO token VALUES (?, ?, ?)",
                ((number, lookup, rows[lookup]) for lookup in sorted(rows)),
            )

    def carry(self, old: Space, new: Space, lookups: Mapping[str, str]) -> None:
        """See `Store`."""
        before, after = self._number(old), self._number(new)
        with self._writing():
            self._db.executemany(
                "INSERT OR IGNORE INTO token"
                " SELECT ?, ?, token FROM token WHERE space = ? AND lookup = ?",
                ((after, fresh, before, was) for was, fresh in lookups.items()),
            )
            self._db.executemany(
                "DELETE FROM token WHERE space = ? AND lookup = ?",
                ((before, was) for was in lookups),
            )

    def lookups(self, space: Space, tokens: Sequence[str]) -> dict[str, str]:
        """See `Store`. Reads the whole space: there is no index that would lead back."""
        number = self._number(space, make=False)
        if number is None or not tokens:
            return {}
        with self._reading():
            return dict(
                self._db.execute(
                    "SELECT token, lookup FROM token"
                    " WHERE space = ? AND token IN (SELECT value FROM json_each(?))",
                    (number, json.dumps(list(tokens))),
                )
            )

    def delete(self, space: Space, lookups: Sequence[str]) -> int:
        """See `Store`."""
        number = self._number(space, make=False)
        if number is None or not lookups:
            return 0
        with self._writing():
            done = self._db.executemany(
                "DELETE FROM token WHERE space = ? AND lookup = ?",
                ((number, lookup) for lookup in lookups),
            )
            return done.rowcount

    def forget(self) -> bool:
        """See `Store`. The file is written anew, and the log, which has old pages, is emptied."""
        with self._writing():
            self._db.execute("UPDATE deletions SET number = number + 1")
        with self._lock:
            return self._patiently(self._rewrite)

    def held(self) -> list[Held]:
        """See `Store`."""
        with self._reading():
            rows = self._db.execute(
                "SELECT domain, type, kind, key, version, key_id,"
                " (SELECT count(*) FROM token WHERE space = id) FROM space"
                " ORDER BY domain, type, version"
            ).fetchall()
        return [Held(Space(*row[:6]), row[6]) for row in rows]

    def deletions(self) -> int:
        """See `Store`."""
        with self._reading():
            (number,) = self._db.execute("SELECT number FROM deletions").fetchone()
        return int(number)

    def close(self) -> None:
        """See `Store`."""
        with self._lock:
            self._db.close()

    # ------------------------------------------------------------------ within

    def _create(self) -> None:
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables:
            raise self._no_vault()
        self._patiently(lambda: self._db.execute("PRAGMA journal_mode = WAL").fetchone())
        with self._writing():
            for statement in _TABLES.strip().split(";\n"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA application_id = {ID}")

    def _rewrite(self) -> bool:
        self._db.execute("VACUUM")
        (busy, *_) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("database is locked")
        return True

    def _spaces_known(self) -> None:
        with self._reading():
            rows = self._db.execute(
                "SELECT id, domain, type, kind, key, version, key_id FROM space"
            ).fetchall()
        self._spaces = {Space(*row[1:]): row[0] for row in rows}

    def _number(self, space: Space, *, make: bool = True) -> int | None:
        if space not in self._spaces:
            self._spaces_known()
        if space not in self._spaces and make:
            with self._writing():
                self._db.execute(
                    "INSERT OR IGNORE INTO space (domain, type, kind, key, version, key_id)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (space.domain, space.type, space.kind, space.key, space.version, space.key_id),
                )
            self._spaces_known()
        return self._spaces.get(space)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.DatabaseError as fault:
                raise self._told(fault) from None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction; the write lock is taken first, so that no other runs beside."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.DatabaseError as fault:
                raise self._told(fault) from None

    def _patiently(self, work: Callable[[], T]) -> T:
        """Try again while another process holds the file: SQLite does not wait everywhere."""
        deadline = time.monotonic() + WAIT_S
        while True:
            try:
                return work()
            except sqlite3.OperationalError as fault:
                if "locked" not in str(fault) or time.monotonic() > deadline:
                    raise self._told(fault) from None
                time.sleep(0.05)

    def _no_vault(self) -> VaultError:
        return VaultError(
            "the file is a database, but no vault",
            code=432,
            where=self.where,
            mend="name another file under vault: in sladd.yaml",
        )

    def _told(self, fault: sqlite3.DatabaseError) -> VaultError:
        text = str(fault)
        if "locked" in text or "busy" in text:
            return VaultError(
                "another process holds the vault",
                code=434,
                where=self.where,
                mend="wait until it is done and run the command again",
            )
        if "not a database" in text or "malformed" in text:
            return VaultError(
                "the vault is damaged, or no SQLite database",
                code=432,
                where=self.where,
                mend="restore the file from its copy",
            )
        return VaultError(
            f"the vault cannot be used ({type(fault).__name__})",
            code=433,
            where=self.where,
            mend="check the file's owner and the free space of its disk",
        )


def _prepare_file(path: Path) -> None:
    """Make the file (0600, its folder 0700), or refuse one that others can read.

    Raises:
        VaultError: others can (SLADD-431), or it cannot be opened (SLADD-433).
    """
    try:
        missing = [folder for folder in path.parents if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        # SQLite gives its -wal and -shm files the mode of the file they belong to.
        handle = os.open(path, flags, 0o600)
    except OSError as fault:
        raise VaultError(
            f"the vault cannot be opened: {fault.strerror}",
            code=433,
            where=f"vault {path}",
            mend="check the folder and its owner",
        ) from None
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or (os.name == "posix" and state.st_mode & 0o077):
            raise VaultError(
                f"the vault is open to others (mode {stat.S_IMODE(state.st_mode):04o})",
                code=431,
                where=f"vault {path}",
                mend=f"chmod 600 {path}",
            )
    finally:
        with suppress(OSError):
            os.close(handle)
