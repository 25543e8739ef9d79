"""Reaching a server, and what becomes of a connection: passwords, timeouts, losses."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from sladd.errors import SourceError
from sladd.sources.database.address import read_address
from sladd.sources.database.dialects.postgresql import PostgresqlDialect
from sladd.sources.database.faults import Fault
from tests.integration.databases.database import SECRET, Database, line, only
from tests.services import free_port

pytestmark = pytest.mark.services


def test_a_wrong_password_is_oneline(database: Database) -> None:
    """It names the source and where the password comes from, not the password."""
    url = sa.make_url(database.url).set(password=SECRET).render_as_string(hide_password=False)
    with pytest.raises(SourceError) as caught:
        database.source(url).tables()
    assert caught.value.code == 202
    assert caught.value.exit_code == 3
    line(caught.value, "password", "shop")


def test_an_unreachable_host_is_oneline(database: Database) -> None:
    """Nobody listens at that port."""
    url = sa.make_url(database.url).set(port=free_port()).render_as_string(hide_password=False)
    with pytest.raises(SourceError) as caught:
        database.source(url).tables()
    assert caught.value.code == 201
    line(caught.value, "does not answer", "127.0.0.1")


def test_an_unknown_database_is_oneline(database: Database) -> None:
    """The server is there, the database is not."""
    url = sa.make_url(database.url).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(SourceError) as caught:
        database.source(url).tables()
    assert caught.value.code == 203
    line(caught.value, "no database", "nowhere")


def test_a_query_that_takes_too_long_is_stopped(database: Database) -> None:
    """`statement_timeout_s` is the server's business."""
    database.run("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)")
    sleep = "pg_sleep(5) IS NOT NULL" if "postgresql" in database.url else "sleep(5) = 0"
    source = database.source(statement_timeout_s=1)
    table = only(source)
    with source.snapshot() as snapshot, pytest.raises(SourceError) as caught:
        snapshot.count(table, where=sleep)
    assert caught.value.code == 209
    line(caught.value, "statement_timeout_s")


def test_a_connection_lost_while_reading_is_oneline(database: Database) -> None:
    """The server ends the connection in the middle of a table."""
    numbers = "x" * 400
    if "postgresql" in database.url:
        database.run(
            "CREATE TABLE t (id int PRIMARY KEY, v text)",
            f"INSERT INTO t SELECT i, '{SECRET}{numbers}' FROM generate_series(1, 120000) i",
        )
        find = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
            " current_database() AND application_name = 'sladd' AND query LIKE 'COPY%'"
        )
    else:
        database.run(
            "CREATE TABLE t (id int PRIMARY KEY, v text)",
            f"INSERT INTO t SELECT seq, '{SECRET}{numbers}' FROM seq_1_to_120000",
        )
        find = (
            "SELECT CONCAT('KILL ', id) FROM information_schema.PROCESSLIST"
            " WHERE db = DATABASE() AND id <> CONNECTION_ID()"
        )
    source = database.source()
    table = only(source)
    with pytest.raises(SourceError) as caught, source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        for number, _ in enumerate(snapshot.batches(part, batch_rows=1_000)):
            if number == 0:
                killed = database.one(find)
                if isinstance(killed, str):
                    database.run(killed)
    assert caught.value.code == 210
    line(caught.value, "lost")
    assert len(source.tables()) == 1  # the source itself can go on


def test_the_session_cannot_write(database: Database) -> None:
    """Read-only is set in the server, not hoped for."""
    database.run("CREATE TABLE t (id int PRIMARY KEY)")
    source = database.source()
    source.tables()
    assert source._opened is not None
    with source._opened.session() as session, pytest.raises(Exception, match=r"(?i)read.only"):
        session.rows("INSERT INTO t VALUES (1)")


def test_two_connections_are_enough(pg: Database) -> None:
    """Listing, sampling and a snapshot never hold more."""
    pg.run("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t SELECT generate_series(1, 50)")
    source = pg.source()
    count = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sladd'"
        " AND datname = current_database()"
    )
    table = only(source)
    source.sample(table, rows=10)
    assert pg.one(count) <= 2
    with source.snapshot() as snapshot:
        snapshot.count(table)
        assert pg.one(count) <= 2


def test_a_password_of_any_letters_opens_mariadb(my: Database) -> None:
    """The server hashes UTF-8; the driver by itself would send Latin-1, or fail."""
    word = "p@:/?#%&=+ [æø] 🙂"
    name = sa.make_url(my.url).database
    my.run(
        f"CREATE OR REPLACE USER letters@'%' IDENTIFIED BY '{word}'",
        f"GRANT SELECT ON {name}.* TO letters@'%'", "CREATE TABLE t (id int PRIMARY KEY)",
    )  # fmt: skip
    url = sa.make_url(my.url).set(username="letters", password=word)
    assert only(my.source(url.render_as_string(hide_password=False))).ref.name == "t"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("canceling statement due to conflict with recovery", Fault.CONFLICT),
        ('FATAL: no pg_hba.conf entry for host "x", user "y", no encryption', Fault.NOT_LET_IN),
        ("SSL error: certificate verify failed", Fault.TLS),
        ("server does not support SSL, but SSL was required", Fault.TLS),
    ],
)
def test_what_a_server_says_is_told_apart(tmp_path: Path, said: str, fault: Fault) -> None:
    """A replica with changes to apply, a host that is not let in, TLS that does not come about."""
    address = read_address("shop", "postgresql://u@localhost/x", tmp_path)
    assert PostgresqlDialect(address, timeout_s=1).fault(Exception(said)) is fault
