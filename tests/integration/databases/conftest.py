"""An empty database for each test, in PostgreSQL, in MariaDB or in both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.databases.database import Database
from tests.services import Server


def _database(server: Server, path: Path) -> Iterator[Database]:
    database = Database(server.new_database(), path)
    yield database
    for source in database.open:
        source.close()
    database.engine.dispose()


@pytest.fixture
def pg(postgresql: Server, tmp_path: Path) -> Iterator[Database]:
    yield from _database(postgresql, tmp_path)


@pytest.fixture
def my(mariadb: Server, tmp_path: Path) -> Iterator[Database]:
    yield from _database(mariadb, tmp_path)


@pytest.fixture(params=["postgresql", "mariadb"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    yield from _database(request.getfixturevalue(request.param), tmp_path)
