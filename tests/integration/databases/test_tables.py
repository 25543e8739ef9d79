"""Names of any letters, wide tables, partitions and views."""

from __future__ import annotations

import pytest

from sladd.errors import SourceError
from tests.integration.databases.database import Database, line, only

pytestmark = pytest.mark.services

HOSTILE = 'a"b`c "><script>% :x æøå'


def test_hostile_names_are_quoted(database: Database) -> None:
    """Quotes, markup, percent signs and letters of any alphabet name tables and columns."""
    quote = database.quote
    name = HOSTILE[:50]
    database.run(
        f"CREATE TABLE {quote(name)} ({quote('id % :y')} int PRIMARY KEY, {quote(name)} text)",
        f"INSERT INTO {quote(name)} VALUES (1, 'x')",
    )
    source = database.source()
    table = only(source)
    assert table.ref.name == name
    assert [f.ref.column for f in table.fields] == ["id % :y", name]
    assert source.sample(table, rows=5).data.to_pylist() == [{"id % :y": 1, name: "x"}]
    with source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        (batch,) = snapshot.batches(part)
        assert batch.to_pylist() == [{"id % :y": 1, name: "x"}]


def test_a_personal_name_is_not_shown(database: Database) -> None:
    """The column becomes its position, the table a hash; both can still be read."""
    quote = database.quote
    database.run(
        f"CREATE TABLE {quote('kari@example.no')} (id int PRIMARY KEY,"
        f" {quote('ola@example.no')} int)",
        f"INSERT INTO {quote('kari@example.no')} VALUES (1, 2)",
    )
    source = database.source(name_is_personal=lambda name: "@" in name)
    table = only(source)
    assert table.ref.name.startswith("table#") and len(table.ref.name) == 10
    assert [f.ref.column for f in table.fields] == ["id", "c2"]
    assert "@" not in repr(table)
    assert source.sample(table, rows=5).data.to_pylist() == [{"id": 1, "c2": 2}]
    with source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        (batch,) = snapshot.batches(part, columns=["c2"])
        assert batch.to_pydict() == {"c2": [2]}


def test_five_hundred_columns_are_read(database: Database) -> None:
    """A wide table is a table."""
    columns = ", ".join(f"c{i} int" for i in range(500))
    database.run(f"CREATE TABLE wide ({columns})", "INSERT INTO wide (c7) VALUES (7)")
    source = database.source()
    table = only(source)
    sample = source.sample(table, rows=5)
    assert sample.data.num_columns == 500
    assert sample.data["c7"].to_pylist() == [7]


def test_partitioned_tables_and_views(pg: Database) -> None:
    """A partitioned table is one table; views come on request and with no key."""
    pg.run(
        "CREATE TABLE p (id int, at date) PARTITION BY RANGE (at)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
        "INSERT INTO p SELECT i, '2024-05-01' FROM generate_series(1, 500) i",
        "CREATE VIEW v AS SELECT id FROM p", "CREATE MATERIALIZED VIEW mv AS SELECT id FROM p",
        "CREATE VIEW broken AS SELECT 1 / (id - id) AS x FROM p",
    )  # fmt: skip
    assert [t.ref.name for t in pg.source().tables()] == ["p"]
    source = pg.source(views=True)
    tables = {t.ref.name: t for t in source.tables()}
    assert set(tables) == {"p", "v", "mv", "broken"}
    assert tables["v"].kind == "view" and tables["p"].rows == 500
    assert source.sample(tables["v"], rows=10).rows == 10
    with pytest.raises(SourceError) as caught:
        source.sample(tables["broken"], rows=10)
    line(caught.value, "broken")
    assert source.sample(tables["p"], rows=50).drawn == "random_rows"


def test_rows_of_heirs_are_read_once(pg: Database) -> None:
    """A table that others inherit from gives its own rows; heirs that are left out are named."""
    pg.run(
        "CREATE TABLE par (id int PRIMARY KEY, v text)", "CREATE TABLE chi (w int) INHERITS (par)",
        "INSERT INTO par VALUES (1, 'a')", "INSERT INTO chi VALUES (1, 'b', 2)",
    )  # fmt: skip
    source = pg.source()
    chi, par = source.tables()
    with source.snapshot() as snapshot:
        rows = {t.ref.name: snapshot.count(t) for t in (chi, par)}
        (batch,) = snapshot.batches(snapshot.partitions(par)[0])
    assert rows == {"chi": 1, "par": 1}
    assert batch.to_pylist() == source.sample(par, rows=0).data.to_pylist() == [{"id": 1, "v": "a"}]
    assert source.not_scanned == ()
    alone = pg.source(include=["public.par"])
    alone.tables()
    (missed,) = alone.not_scanned
    assert (missed.where, missed.code) == ("shop/public.par · heirs", 272)
    assert "shop/public.chi" in missed.reason


def test_a_materialised_view_without_data_is_not_scanned(pg: Database) -> None:
    """The line says how it is filled."""
    pg.run("CREATE MATERIALIZED VIEW mv AS SELECT 1 AS id WITH NO DATA")
    source = pg.source(views=True)
    assert source.tables() == []
    (missed,) = source.not_scanned
    assert missed.code == 270
    assert "REFRESH MATERIALIZED VIEW" in missed.reason


def test_a_server_that_quotes_as_ansi_is_read(my: Database) -> None:
    """Double quotes are names there; what the session says counts for SQLAlchemy as well."""
    before = my.one("SELECT @@GLOBAL.sql_mode")
    my.run("SET GLOBAL sql_mode = 'ANSI_QUOTES'")
    try:
        my.run('CREATE TABLE "a b" ("id x" int PRIMARY KEY)', 'INSERT INTO "a b" VALUES (1)')
        source = my.source()
        assert source.sample(only(source), rows=0).data.to_pylist() == [{"id x": 1}]
    finally:
        my.run(f"SET GLOBAL sql_mode = '{before}'")
