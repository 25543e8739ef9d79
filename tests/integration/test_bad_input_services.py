"""Real servers that refuse: through the command line, in one line each, the rest going on."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.services import Server
from tests.shop import build

pytestmark = pytest.mark.services

SECRET = "canary-passord-7f3a"


class Refusing:
    """A server with a reader who may see one table of two, and a project that names it."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.project = build(folder / "shop", wide=False)
        self.database = server.new_database().rsplit("/", 1)[1]
        self.reader = f"reader_{self.database}"
        engine = sa.create_engine(server.url(self.database), isolation_level="AUTOCOMMIT")
        grants = (
            [
                f"CREATE ROLE {self.reader} LOGIN PASSWORD 'riktig'",
                f"GRANT SELECT ON good TO {self.reader}",
            ]
            if server.scheme.startswith("postgresql")
            else [
                f"CREATE USER {self.reader}@'%' IDENTIFIED BY 'riktig'",
                f"GRANT SELECT ON {self.database}.good TO {self.reader}@'%'",
                # Without any right MariaDB does not even list the table.
                f"GRANT INSERT ON {self.database}.salaries TO {self.reader}@'%'",
            ]
        )
        with engine.connect() as connection:
            for statement in (
                "CREATE TABLE good (id INT PRIMARY KEY, antall INT)",
                "CREATE TABLE salaries (id INT PRIMARY KEY, amount INT)",
                "INSERT INTO good VALUES (1, 10), (2, 20)",
                *grants,
            ):
                connection.execute(sa.text(statement))
        engine.dispose()

    def configure(self, *, port: int | None = None) -> None:
        """Point the source at the server; the password is in the environment."""
        url = (
            f"{self.server.scheme}://{self.reader}:${{SHOP_PASSWORD}}@{self.server.host}:"
            f"{port or self.server.port}/{self.database}"
        )
        before = self.project.config
        self.project.configure(before.replace("sqlite:///shop.db", url))


@pytest.fixture(params=["postgresql", "mariadb"])
def refusing(request: pytest.FixtureRequest, tmp_path: Path) -> Refusing:
    """One of each server."""
    return Refusing(request.getfixturevalue(request.param), tmp_path)


def test_a_wrong_password(refusing: Refusing) -> None:
    """One line without the password; the files are scanned all the same."""
    refusing.configure()
    done = refusing.project.run("discover", SHOP_PASSWORD=SECRET)
    line = done.one_line(3, 202, "not scanned", "shop", "password")
    assert SECRET not in line + done.out
    assert "exports: 1 tables scanned" in done.out
    asked = refusing.project.run("doctor", SHOP_PASSWORD=SECRET)
    assert asked.code == 1
    assert "FAIL source shop: SLADD-202" in asked.out
    assert SECRET not in asked.out + asked.err


def test_a_server_that_does_not_answer(refusing: Refusing) -> None:
    """Port 1: refused at once."""
    refusing.configure(port=1)
    done = refusing.project.run("discover", SHOP_PASSWORD=SECRET)
    done.one_line(3, 201, "not scanned", "shop", "sladd doctor")
    assert "exports: 1 tables scanned" in done.out


def test_a_table_without_permission(refusing: Refusing) -> None:
    """The other table is scanned and published; the grant that is missing is spelled out."""
    refusing.configure()
    done = refusing.project.run("discover", SHOP_PASSWORD="riktig")
    line = done.one_line(0, 207, "not scanned", "salaries", "GRANT SELECT ON")
    assert "Traceback" not in line
    assert "shop: 1 tables scanned, 0 unchanged, 1 not scanned" in done.out
    published = refusing.project.run("publish", "analytics", SHOP_PASSWORD="riktig")
    assert published.code == 0, published.err
    # Whoever reads a release need not have the password of its source.
    refusing.project.assert_release_stands()
    asked = refusing.project.run("query", "analytics", "SELECT sum(antall) AS n FROM good")
    assert asked.out.split() == ["n", "30"]
