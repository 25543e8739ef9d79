"""The catalog in PostgreSQL: the same answers as in SQLite, and two writers at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from sladd.catalog import Catalog, Drift, open_catalog, schema
from sladd.catalog.database import open_database
from sladd.errors import CatalogError
from sladd.model import Decision, Link, NotScanned, Overlap, TableRef
from tests.services import Server
from tests.unit.catalog import writer
from tests.unit.catalog.scanned import EMAIL, NATIONAL_ID, field, scan, table

pytestmark = pytest.mark.services
ROUNDS = 10


@pytest.fixture
def url(postgresql: Server) -> Iterator[str]:
    """An empty database of its own."""
    name = f"catalog_{os.urandom(4).hex()}"
    engine = sa.create_engine(postgresql.url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield postgresql.url(name)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture
def catalog(url: str, tmp_path: Path) -> Iterator[Catalog]:
    """An empty catalog in PostgreSQL."""
    with open_catalog(url, root=tmp_path) as opened:
        yield opened


def _journey(catalog: Catalog) -> tuple[object, ...]:
    """Scans, drift, decisions, a reopening, YAML; without what the clock makes differ."""
    columns = ["id", "størrelse", "nul\0byte", "x" * 5000, '"><script>']
    first = scan(catalog, table("t", *(field("t", name, EMAIL) for name in columns)))
    catalog.verdicts.decide("shop/t.id", Decision.REJECTED, reason="a\0b", by="kari")
    missed = (NotScanned("shop/closed", "no permission", 204),)
    second = scan(catalog, table("t", field("t", "id", NATIONAL_ID, ("checksum",))), missed=missed)
    ref = TableRef("shop", "t")
    link = Link(ref, ("størrelse",), ref, ("id",), confidence=0.7)
    catalog.links.record("shop", [link, replace(link, columns=("x" * 5000,))], fingerprint="f")
    catalog.links.decide(link.start, link.end, confirmed=True, reason="a\0b", by="kari")
    catalog.links.record("shop", [link], fingerprint="g")
    catalog.links.record_overlaps(
        [Overlap("a/x.e", "b/y.e", "user.contact.email", 9, 9, 7, 9, "all")]
    )
    linked = [
        (each.name, each.state, each.confidence, each.verdict and each.verdict.reason)
        for each in catalog.links.all(gone=True)
    ]
    again = catalog.verdicts.take_over(catalog.verdicts.export(), "engineer")
    catalog.releases.record("r", "v1", {"rows": 1})
    catalog.plans.approve("r", "0" * 64, ["shop/t.id"], "kari")
    shown = [
        (f.address, f.scan, f.effective, f.verdict and f.verdict.reopened_why, f.gone)
        for f in catalog.fields.all(gone=True)
    ]
    trail = [(e.number, e.by, e.action, e.subject, e.detail) for e in catalog.audit.entries()]
    scans = [(s.id, s.source, s.tables, s.rows, s.status) for s in catalog.scans.all()]
    return (
        linked, catalog.links.overlaps(), catalog.links.fingerprint("shop"),
        first, second, again, shown, trail, scans, catalog.tables.all(), catalog.scans.not_scanned(),
        catalog.scans.fingerprint("shop/t", "r1"), catalog.scans.last_drift("shop"),
        catalog.plans.approved_fields("r"), catalog.audit.verify(),
    )  # fmt: skip


def test_same_journey_as_in_sqlite(catalog: Catalog, tmp_path: Path) -> None:
    """Hostile names included, both databases give the same answers."""
    with open_catalog("sqlite:///c.db", root=tmp_path) as sqlite:
        expected = _journey(sqlite)
    assert _journey(catalog) == expected
    second = next(each for each in expected if isinstance(each, Drift) and each.previous)
    assert isinstance(second, Drift)
    assert second.reopened == ("shop/t.id",)


def test_a_catalog_from_before_links_is_migrated(url: str, tmp_path: Path) -> None:
    """Schema 0001 becomes 0002 with its data; verdicts of links cannot be altered."""
    from alembic import command
    from alembic.config import Config

    database = open_database(url, root=tmp_path)
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parents[1] / "migrations"))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    database.engine.dispose()
    with open_catalog(url, root=tmp_path) as catalog:
        scan(catalog, table("t", field("t", "id"), field("t", "mor_id")))
        catalog.links.decide("shop/t.mor_id", "shop/t.id", confirmed=True, reason="x", by="kari")
        assert [link.state for link in catalog.links.all()] == ["confirmed"]
    with (
        pytest.raises(sa.exc.DBAPIError, match="only ever added"),
        open_database(url, root=tmp_path).engine.begin() as raw,
    ):
        raw.exec_driver_sql("DELETE FROM sladd_link_verdicts")


def test_migrations_give_the_schema_that_the_code_uses(url: str, tmp_path: Path) -> None:
    """No table or column differs in PostgreSQL's own words."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    open_catalog(url, root=tmp_path).close()
    database = open_database(url, root=tmp_path)
    with database.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": schema.VERSION_TABLE}
        )
        assert compare_metadata(context, schema.metadata) == []
    database.engine.dispose()


def test_first_openings_at_once_create_it_once(url: str, tmp_path: Path) -> None:
    """Connections that all find an empty database migrate it one after the other."""
    faults: list[BaseException] = []

    def start() -> None:
        try:
            with open_catalog(url, root=tmp_path) as opened:
                opened.audit.append("open", "catalog", "x")
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with open_catalog(url, root=tmp_path) as catalog:
        assert len(catalog.audit.entries()) == 4
        assert catalog.audit.verify() == []


def test_two_processes_lose_nothing(catalog: Catalog, url: str, tmp_path: Path) -> None:
    """Scans while decisions are made, two decisions on one field: all kept, the last holds."""
    scan(catalog, table("t", field("t", "c", EMAIL)))
    path = os.pathsep.join(part for part in [*sys.path, str(Path.cwd())] if part)
    running = [
        subprocess.Popen(
            [sys.executable, writer.__file__, url, str(tmp_path), name, str(ROUNDS)],
            env={**os.environ, "PYTHONPATH": path},
        )
        for name in ("kari", "ola")
    ]
    while any(process.poll() is None for process in running):
        assert [f.address for f in catalog.fields.all(source="shop")] == ["shop/t.c"]
        time.sleep(0.01)
    assert [process.returncode for process in running] == [0, 0]
    history = catalog.verdicts.history("shop/t.c")
    for name in ("kari", "ola"):
        assert [v.reason for v in history if v.by == name] == [str(n) for n in range(ROUNDS)]
    assert catalog.fields.all(source="shop")[0].verdict == history[-1]
    assert len(catalog.scans.all()) == 1 + 4 * ROUNDS
    assert catalog.audit.verify() == []
    assert len(catalog.audit.entries()) == 2 + 10 * ROUNDS


@pytest.mark.parametrize(
    "statement",
    ["UPDATE sladd_audit SET actor = 'x'", "DELETE FROM sladd_audit", "TRUNCATE sladd_audit"],
)
def test_database_refuses_to_rewrite_the_trail(catalog: Catalog, statement: str) -> None:
    """Append-only by the server, not by good will."""
    catalog.audit.append("a", "b", "c")
    with pytest.raises(CatalogError) as caught, catalog._database.writing() as connection:
        connection.exec_driver_sql(statement)
    assert caught.value.code == 509
    assert catalog.audit.verify() == []
    assert len(catalog.audit.entries()) == 1


def test_faults_are_one_line_without_the_password(postgresql: Server, url: str) -> None:
    """Wrong password, no such database, no permission, nobody there."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS sladd_guest")
        connection.exec_driver_sql("CREATE ROLE sladd_guest LOGIN PASSWORD 'hemmelig'")
    engine.dispose()
    name = url.rsplit("/", 1)[1]
    cases = [
        (postgresql.url(name, password="hemmelig"), 507),
        (postgresql.url(name, user="sladd_guest", password="hemmelig"), 507),
        (postgresql.url("no_such_database"), 506),
        ("postgresql+psycopg://user:hemmelig@127.0.0.1:1/db", 506),
    ]
    for wrong, code in cases:
        with pytest.raises(CatalogError) as caught:
            open_catalog(wrong, root=Path())
        assert caught.value.code == code
        assert "\n" not in str(caught.value)
        assert "hemmelig" not in str(caught.value)
        assert postgresql.password not in str(caught.value)
