"""The database under the catalog: opened safely, read from snapshots, written one at a time.

A writer takes the only write lock before its first read: SQLite by `BEGIN IMMEDIATE`,
PostgreSQL by an advisory lock. So a decision that was prepared from what was read still holds
when it is written.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from sladd.catalog.faults import corrupt, from_sqlite, not_writable, translated
from sladd.catalog.schema import VERSION_TABLE
from sladd.errors import CatalogError

WAIT_S = 30
"""How long a writer waits for another; the longest write (20,000 fields) takes seconds."""

_WRITER_LOCK = 0x5_1ADD_0CA7  # any number that no other application on the server uses


@dataclass(slots=True, eq=False)
class Database:
    """An engine, and a name for it that may stand in an error.

    Attributes:
        wait_s: how long a writer waits for another one.
    """

    engine: sa.Engine
    where: str
    wait_s: float = field(default_factory=lambda: WAIT_S)

    def __repr__(self) -> str:
        return f"<Database {self.engine.dialect.name}>"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One transaction that sees one state of the catalog."""
        postgresql = self.engine.dialect.name == "postgresql"
        options = {"isolation_level": "REPEATABLE READ"} if postgresql else {}
        with (
            translated(self.where),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing(self, *, wait_s: float | None = None) -> Iterator[sa.Connection]:
        """One transaction that no other writer runs beside; all of it or nothing.

        Args:
            wait_s: how long to wait for another writer; None for as long as this database does.

        Raises:
            CatalogError: another one writes for longer (SLADD-505).
        """
        wait_ms = round(1000 * (self.wait_s if wait_s is None else min(wait_s, self.wait_s)))
        with (
            translated(self.where),
            self.engine.connect().execution_options(sladd_write_ms=wait_ms) as connection,
            connection.begin(),
        ):
            if self.engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{wait_ms}ms'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
            yield connection


def open_database(text: str, *, root: Path) -> Database:
    """The database behind a URL of `sladd.yaml`; a SQLite file is created when missing.

    Raises:
        CatalogError: the URL is none, or the file cannot be used (SLADD-501…503).
    """
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise CatalogError(
            "the URL of the catalog is none",
            code=501,
            where="catalog in sladd.yaml",
            mend="write sqlite:///.sladd/catalog.db or postgresql+psycopg://user@host/database",
        ) from None
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, root)
    if url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return _postgresql(url)
    raise CatalogError(
        f"the catalog cannot be kept in {url.drivername}",
        code=501,
        where="catalog in sladd.yaml",
        mend="use sqlite:///… or postgresql+psycopg://…",
    )


def _postgresql(url: URL) -> Database:
    settings: dict[str, Any] = {"application_name": "sladd"}
    if "connect_timeout" not in url.query:
        settings["connect_timeout"] = 10
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_size=2,
        pool_pre_ping=True,
        connect_args=settings,
    )
    host = f"{url.host}:{url.port}" if url.port else (url.host or "local socket")
    return Database(engine, f"catalog {host}/{url.database or ''}")


def _sqlite(url: URL, root: Path) -> Database:
    if not url.database or url.database == ":memory:" or url.query:
        raise CatalogError(
            "the catalog must be a plain SQLite file",
            code=501,
            where="catalog in sladd.yaml",
            mend="write sqlite:///.sladd/catalog.db",
        )
    given = Path(url.database).expanduser()
    path = given if given.is_absolute() else root / given
    where = f"catalog {path.name}"
    _create(path, where)
    _prepare(path, where)
    engine = sa.create_engine(
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        # A connection costs less than a millisecond, and none crosses a fork this way.
        poolclass=NullPool,
        connect_args={"timeout": WAIT_S, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _connected)
    sa.event.listen(engine, "begin", _begin)
    return Database(engine, where)


def _create(path: Path, where: str) -> None:
    """Make the folder (0700) and the file (0600) when they are missing."""
    try:
        missing = [folder for folder in path.parents if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)
        # SQLite gives its -wal and -shm files the mode of the file they belong to.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError:
        raise not_writable(where) from None


def _prepare(path: Path, where: str) -> None:
    """Refuse what is no catalog, before anything is written to it; then switch to WAL."""
    try:
        with closing(sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)) as raw:
            names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
            if names and VERSION_TABLE not in names:
                raise CatalogError(
                    "the file is a database, but no catalog",
                    code=503,
                    where=where,
                    mend="name another file as `catalog` in sladd.yaml",
                )
            _write_ahead(raw)
    except sqlite3.OperationalError as fault:
        raise from_sqlite(str(fault), where) from None
    except sqlite3.DatabaseError:
        raise corrupt(where) from None


def _write_ahead(raw: sqlite3.Connection) -> None:
    deadline = time.monotonic() + WAIT_S
    while raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            raw.execute("PRAGMA journal_mode = WAL")
            return  # a file system without shared memory stays in its mode, which is safe too
        except sqlite3.OperationalError as fault:
            # SQLite does not wait for other processes here, whatever the timeout.
            if "locked" not in str(fault) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _connected(raw: sqlite3.Connection, _record: object) -> None:
    # The driver would open its transactions late, after the first read: we begin them ourselves.
    raw.isolation_level = None
    raw.execute("PRAGMA foreign_keys = ON")


def _begin(connection: sa.Connection) -> None:
    wait_ms = connection.get_execution_options().get("sladd_write_ms")
    if wait_ms is not None:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {wait_ms}")
    connection.exec_driver_sql("BEGIN" if wait_ms is None else "BEGIN IMMEDIATE")
