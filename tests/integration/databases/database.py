"""An empty database of a real server, and what is asked of a source of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sladd.model import Table
from sladd.sources.database import DatabaseSource

SECRET = "canary-7f3a"


class Database:
    """An empty database, with its administrator and a source of it."""

    def __init__(self, url: str, path: Path) -> None:
        self.url = url
        self.path = path
        self.engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self.open: list[DatabaseSource] = []

    def run(self, *statements: str) -> None:
        with self.engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement, execution_options={"no_parameters": True})

    def one(self, statement: str) -> Any:
        with self.engine.connect() as connection:
            return connection.exec_driver_sql(
                statement, execution_options={"no_parameters": True}
            ).scalar()

    def source(self, url: str | None = None, **options: Any) -> DatabaseSource:
        source = DatabaseSource("shop", url or self.url, root=self.path, **options)
        self.open.append(source)
        return source

    @property
    def quote(self) -> Any:
        writer = type(self.engine.dialect)(paramstyle="named")
        return writer.identifier_preparer.quote_identifier


def only(source: DatabaseSource) -> Table:
    (table,) = source.tables()
    return table


def line(error: BaseException, *words: str) -> None:
    """One clear line: the words stand in it, no secret does, and no cause hangs on it."""
    text = str(error)
    assert "\n" not in text
    assert all(word in text for word in words), text
    assert SECRET not in text
    assert "postgres:" not in text and "admin:" not in text
    assert error.__suppress_context__
