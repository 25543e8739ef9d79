"""Releases as schemas of PostgreSQL and MariaDB: loaded, switched, refused, and left whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from tests import shop
from tests.commands import Project
from tests.services import Server

RULES = """\
    rules:
      - {field: shop/customers.navn, transform: replace, value: "5 % 'rabatt' \\\\ \\"x\\""}
"""


class Place:
    """A schema of a server, and a project that publishes into it."""

    def __init__(self, server: Server, project: Project, schema: str) -> None:
        self.url = server.new_database() if "postgres" in server.scheme else server.url()
        self.server, self.project, self.schema = server, project, schema
        self.engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        text = shop.CONFIG.replace(
            "to: releases/analytics", f"to: {self.url}\n    schema: {schema}"
        )
        project.configure(text + RULES)

    @property
    def postgresql(self) -> bool:
        """Whether the server is one."""
        return "postgres" in self.server.scheme

    def sql(self, statement: str) -> list[tuple]:
        """Rows of a statement, committed."""
        with self.engine.begin() as connection:
            result = connection.exec_driver_sql(statement.replace("S.", f"{self.schema}."))
            return [tuple(row) for row in result] if result.returns_rows else []

    def tables(self, tail: str = "") -> set[str]:
        """Tables of the schema."""
        return set(sa.inspect(self.engine).get_table_names(schema=self.schema + tail))

    def schemas(self) -> set[str]:
        """Schemas that begin with its name."""
        return {s for s in sa.inspect(self.engine).get_schema_names() if s.startswith(self.schema)}

    def publish(self) -> str:
        """Publish; the version."""
        done = self.project.run("publish", "analytics", "--json")
        assert done.code == 0, done.err
        return str(json.loads(done.out)["version"])


@pytest.fixture(params=["postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> Server:
    """Each kind of server."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def place(server: Server, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """A scanned shop with a release into a schema of its own."""
    project = shop.build(tmp_path / "p", wide=False)
    project.sql(
        "UPDATE customers SET epost = '' WHERE id = 3",
        'CREATE TABLE "50 % av" (id INTEGER PRIMARY KEY, "pris %s `nå`" REAL)',
        'INSERT INTO "50 % av" VALUES (1, 99.5), (2, NULL)',
    )
    schema = f"a_{abs(hash(request.node.name)) % 10**8}"
    made = Place(server, project, schema)
    assert project.run("discover").code == 0
    yield made
    made.engine.dispose()


# The fixture names let the suite know which services a test needs.
pytestmark = [pytest.mark.usefixtures("postgresql", "mariadb")]


def test_the_schema_holds_what_the_files_hold(place):
    """Rows, values, nulls, keys and comments of every table; verify and query still work."""
    place.publish()
    folder = place.project.folder / ".sladd" / "releases" / "analytics" / "latest"
    manifest = json.loads((folder / "manifest.json").read_text())
    for table in manifest["tables"]:
        rows = pq.read_table([folder / f["path"] for f in table["files"]]).to_pylist()
        names = ", ".join(place.engine.dialect.identifier_preparer.quote(c["name"]) for c in table["columns"])  # fmt: skip
        quoted = place.engine.dialect.identifier_preparer.quote(table["name"])
        written = place.sql(f"SELECT {names} FROM S.{quoted}")
        assert sorted(map(repr, written)) == sorted(repr(tuple(r.values())) for r in rows)
    inspector = sa.inspect(place.engine)
    assert inspector.get_pk_constraint("customers", schema=place.schema)["constrained_columns"] == [
        "id"
    ]
    (key,) = inspector.get_foreign_keys("orders", schema=place.schema)
    assert (key["constrained_columns"], key["referred_table"]) == (["customer_id"], "customers")
    columns = {c["name"]: c["comment"] for c in inspector.get_columns("customers", place.schema)}
    assert columns["epost"].startswith("user.contact.email · pseudonym")
    assert place.project.run("verify", "analytics").code == 0
    assert place.project.run("query", "analytics", "SELECT count(*) FROM orders").code == 0
    if place.postgresql:
        about = place.sql(f"SELECT obj_description('{place.schema}'::regnamespace, 'pg_namespace')")
        assert "still personal data" in about[0][0]


def test_a_second_publish_takes_the_place_of_the_first(place):
    """The version before stays as `__old`, readers keep their rights, and no third one stays."""
    first = place.publish()
    if place.postgresql:
        place.sql("CREATE ROLE analyst_" + place.schema)
        place.sql(f"GRANT USAGE ON SCHEMA {place.schema} TO analyst_{place.schema}")
        place.sql(f"GRANT SELECT ON S.orders TO analyst_{place.schema}")
    place.project.sql("DELETE FROM orders WHERE id > 100")
    assert place.project.run("discover").code == 0
    second = place.publish()
    assert place.sql("SELECT count(*) FROM S.orders") == [(100,)]
    assert place.schemas() == {place.schema, place.schema + "__old"}
    for tail, version in (("", second), ("__old", first)):
        (row,) = place.sql(f"SELECT manifest FROM {place.schema}{tail}._sladd_release")
        stored = row[0] if isinstance(row[0], dict) else json.loads(row[0])
        assert stored["version"] == version
    if place.postgresql:
        allowed = place.sql(
            f"SELECT has_table_privilege('analyst_{place.schema}', '{place.schema}.orders', 'SELECT'),"
            f" has_schema_privilege('analyst_{place.schema}', '{place.schema}', 'USAGE'),"
            f" has_table_privilege('analyst_{place.schema}', '{place.schema}.customers', 'SELECT')"
        )
        assert allowed == [(True, True, False)]
    place.publish()
    assert place.schemas() == {place.schema, place.schema + "__old"}


def test_a_schema_with_other_things_is_not_replaced(place):
    """Somebody's own table stops the publish, before and after the first one."""
    if place.postgresql:
        place.sql(f"CREATE SCHEMA {place.schema}")
    else:
        place.sql(f"CREATE DATABASE {place.schema}")
    place.sql("CREATE TABLE S.mine (n int)")
    place.project.run("publish", "analytics").one_line(3, 287, "mine")
    place.sql("DROP TABLE S.mine")
    place.publish()
    place.sql("CREATE TABLE S.mine (n int)")
    place.project.run("publish", "analytics").one_line(3, 287, "mine")
    assert "mine" in place.tables()
    assert place.sql("SELECT count(*) FROM S.orders") == [(120,)]


def test_what_hangs_on_the_schema_is_named_by_the_plan_and_stops_the_publish(place):
    """A view (PostgreSQL) or a trigger would break without a word."""
    place.publish()
    if place.postgresql:
        place.sql(f"CREATE VIEW public.v_{place.schema} AS SELECT id FROM S.orders")
        hanging = f"view public.v_{place.schema}"
    else:
        place.sql(
            "CREATE TRIGGER S.watch BEFORE INSERT ON S.orders FOR EACH ROW SET NEW.id = NEW.id"
        )
        hanging = "trigger watch on orders"
    planned = place.project.run("plan", "analytics")
    assert planned.code == 0
    assert hanging in planned.err.replace("\n", " ")
    place.project.run("publish", "analytics").one_line(3, 288, hanging)
    assert place.sql("SELECT count(*) FROM S.orders") == [(120,)]


def test_numbers_that_the_server_has_no_place_for_are_said(place):
    """MariaDB knows no infinity: the column is named, and the old version stands."""
    place.publish()
    place.project.sql('UPDATE "50 % av" SET "pris %s `nå`" = 9e999 WHERE id = 1')
    said = place.project.run("publish", "analytics")
    if place.postgresql:
        assert said.code == 0, said.err
        assert place.sql('SELECT max("pris %%s `nå`") FROM S."50 %% av"') == [(float("inf"),)]
    else:
        said.one_line(3, 269, "50 % av.pris %s `nå` holds NaN or infinity")
        assert place.sql("SELECT `pris %%s ``nå``` FROM S.`50 %% av` ORDER BY 1 DESC") == [
            (99.5,),
            (None,),
        ]


def test_a_wrong_password_is_one_line_and_nothing_is_left(place):
    """The line has neither user nor password; the files of the old version stand."""
    place.publish()
    place.project.configure(place.project.config.replace(place.server.password, "wrong-4711"))
    line = place.project.run("publish", "analytics").one_line(3, 285)
    assert "wrong-4711" not in line
    assert f"{place.server.user}:" not in line
    assert "@" not in line
    staged = place.project.folder / ".sladd" / "releases" / "analytics"
    assert not list(staged.glob(".staging-*"))


def test_a_publish_that_dies_before_the_switch_leaves_the_old_version(place, monkeypatch):
    """What was loaded is swept away by the next publish."""
    place.publish()
    from sladd.targets.schemas import mysql, postgresql

    kind = postgresql.PostgreSqlSchema if place.postgresql else mysql.MySqlSchema
    with monkeypatch.context() as patched:

        def die(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(kind, "switch", die)
        place.project.sql("DELETE FROM orders WHERE id > 60")
        assert place.project.run("discover").code == 0
        assert place.project.run("publish", "analytics").code != 0
    assert place.sql("SELECT count(*) FROM S.orders") == [(120,)]
    assert place.schema + "__new" in place.schemas()
    place.publish()
    assert place.sql("SELECT count(*) FROM S.orders") == [(60,)]
    assert place.schema + "__new" not in place.schemas()


def test_two_publishes_do_not_meet_in_one_schema(place):
    """The second one says so at once."""
    from sladd.errors import SourceError
    from sladd.release import read_manifest
    from sladd.targets.schemas import open_schema

    place.publish()
    folder = place.project.folder / ".sladd" / "releases" / "analytics" / "latest"
    manifest = read_manifest(folder)
    with open_schema(place.url, place.schema, where="test") as one:
        one.load(folder.resolve(), manifest)
        with open_schema(place.url, place.schema, where="test") as two:
            with pytest.raises(SourceError) as caught:
                two.load(folder.resolve(), manifest)
            assert caught.value.code == 286
