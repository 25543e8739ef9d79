"""What only a real server shows: odd types, permissions, timeouts, lost connections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa

from sladd.errors import SourceError
from sladd.model import StorageType, Table
from sladd.sources.database import DatabaseSource
from tests.services import Server, free_port

pytestmark = pytest.mark.services

SECRET = "canary-7f3a"
HOSTILE = 'a"b`c "><script>% :x æøå'


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


@pytest.fixture(
    params=[
        pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql")),
        pytest.param("mariadb", marks=pytest.mark.xdist_group("mariadb")),
    ]
)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    yield from _database(request.getfixturevalue(request.param), tmp_path)


def _only(source: DatabaseSource) -> Table:
    (table,) = source.tables()
    return table


def _line(error: BaseException, *words: str) -> None:
    """One clear line: the words stand in it, no secret does, and no cause hangs on it."""
    text = str(error)
    assert "\n" not in text
    assert all(word in text for word in words), text
    assert SECRET not in text
    assert "postgres:" not in text and "admin:" not in text
    assert error.__suppress_context__


# --------------------------------------------------------------------------- reaching it


def test_a_wrong_password_is_one_line(database: Database) -> None:
    """It names the source and where the password comes from, not the password."""
    url = sa.make_url(database.url).set(password=SECRET).render_as_string(hide_password=False)
    with pytest.raises(SourceError) as caught:
        database.source(url).tables()
    assert caught.value.code == 202
    assert caught.value.exit_code == 3
    _line(caught.value, "password", "shop")


def test_an_unreachable_host_is_one_line(database: Database) -> None:
    """Nobody listens at that port."""
    url = sa.make_url(database.url).set(port=free_port()).render_as_string(hide_password=False)
    with pytest.raises(SourceError) as caught:
        database.source(url).tables()
    assert caught.value.code == 201
    _line(caught.value, "does not answer", "127.0.0.1")


def test_an_unknown_database_is_one_line(database: Database) -> None:
    """The server is there, the database is not."""
    url = sa.make_url(database.url).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(SourceError) as caught:
        database.source(url).tables()
    assert caught.value.code == 203
    _line(caught.value, "no database", "nowhere")


# --------------------------------------------------------------------------- permissions


def test_a_table_without_permission_is_not_scanned(pg: Database) -> None:
    """The rest is listed, and the reason holds the GRANT that mends it."""
    role = f"reader_{pg.url.rsplit('_', 1)[1]}"
    pg.run(
        f"CREATE ROLE {role} LOGIN PASSWORD 'pw'", "CREATE TABLE good (id int PRIMARY KEY)",
        "CREATE TABLE salaries (id int)", f"GRANT SELECT ON good TO {role}",
    )  # fmt: skip
    url = sa.make_url(pg.url).set(username=role, password="pw")
    source = pg.source(url.render_as_string(hide_password=False))
    assert [table.ref.name for table in source.tables()] == ["good"]
    (missed,) = source.not_scanned
    assert (missed.where, missed.code) == ("shop/public.salaries", 207)
    assert f'GRANT SELECT ON "public"."salaries" TO "{role}"' in missed.reason


def test_rows_hidden_by_a_policy_are_not_taken_for_all(pg: Database) -> None:
    """Row security would show fewer rows without a word: such a table is not scanned."""
    role = f"hidden_{pg.url.rsplit('_', 1)[1]}"
    pg.run(
        f"CREATE ROLE {role} LOGIN PASSWORD 'pw'", "CREATE TABLE t (id int PRIMARY KEY)",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY", f"GRANT SELECT ON t TO {role}",
    )  # fmt: skip
    url = sa.make_url(pg.url).set(username=role, password="pw")
    source = pg.source(url.render_as_string(hide_password=False))
    assert source.tables() == []
    (missed,) = source.not_scanned
    assert missed.code == 221
    assert "BYPASSRLS" in missed.reason


def test_mariadb_table_without_select_is_not_scanned(my: Database) -> None:
    """MariaDB lists a table that one may only write to."""
    name = sa.make_url(my.url).database
    my.run(
        "CREATE TABLE good (id int PRIMARY KEY)", "CREATE TABLE salaries (id int)",
        "CREATE USER IF NOT EXISTS clerk@'%' IDENTIFIED BY 'pw'",
        f"GRANT SELECT ON {name}.good TO clerk@'%'", f"GRANT INSERT ON {name}.salaries TO clerk@'%'",
    )  # fmt: skip
    url = sa.make_url(my.url).set(username="clerk", password="pw")
    source = my.source(url.render_as_string(hide_password=False))
    assert [table.ref.name for table in source.tables()] == ["good"]
    assert [(m.where, m.code) for m in source.not_scanned] == [("shop/salaries", 207)]
    assert "GRANT SELECT" in source.not_scanned[0].reason


def test_a_pattern_that_matches_nothing_is_said(database: Database) -> None:
    """A misspelt table must not count as clean."""
    database.run("CREATE TABLE customers (id int PRIMARY KEY)")
    source = database.source(include=["custmers", "cust*"])
    assert len(source.tables()) == 1
    assert [missed.code for missed in source.not_scanned] == [214]
    assert "'custmers'" in source.not_scanned[0].reason


# --------------------------------------------------------------------------- while it is read


def test_a_table_dropped_after_listing_is_one_line(database: Database) -> None:
    """Sampling and publishing both say that it is gone."""
    database.run("CREATE TABLE customers (id int PRIMARY KEY)")
    source = database.source()
    table = _only(source)
    database.run("DROP TABLE customers")
    with pytest.raises(SourceError) as caught:
        source.sample(table, rows=10)
    assert caught.value.code == 208
    _line(caught.value, "gone", "customers")
    assert [missed.code for missed in source.not_scanned] == [208]
    with source.snapshot() as snapshot, pytest.raises(SourceError) as caught:
        snapshot.count(table)
    assert caught.value.code == 208


def test_a_query_that_takes_too_long_is_stopped(database: Database) -> None:
    """`statement_timeout_s` is the server's business."""
    database.run("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)")
    sleep = "pg_sleep(5) IS NOT NULL" if "postgresql" in database.url else "sleep(5) = 0"
    source = database.source(statement_timeout_s=1)
    table = _only(source)
    with source.snapshot() as snapshot, pytest.raises(SourceError) as caught:
        snapshot.count(table, where=sleep)
    assert caught.value.code == 209
    _line(caught.value, "statement_timeout_s")


def test_a_connection_lost_while_reading_is_one_line(database: Database) -> None:
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
    table = _only(source)
    with pytest.raises(SourceError) as caught, source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        for number, _ in enumerate(snapshot.batches(part, batch_rows=1_000)):
            if number == 0:
                killed = database.one(find)
                if isinstance(killed, str):
                    database.run(killed)
    assert caught.value.code == 210
    _line(caught.value, "lost")
    assert len(source.tables()) == 1  # the source itself can go on


def test_a_snapshot_does_not_see_later_changes(database: Database) -> None:
    """Counts and rows are those of the moment it was opened."""
    database.run("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)")
    source = database.source()
    table = _only(source)
    with source.snapshot() as snapshot:
        database.run("INSERT INTO t VALUES (3)")
        (part,) = snapshot.partitions(table)
        assert [b.num_rows for b in snapshot.batches(part)] == [2]
        assert snapshot.count(table) == 2
        assert (snapshot.consistency, bool(snapshot.id)) == ("snapshot", True)
    with source.snapshot() as snapshot:
        assert snapshot.count(table) == 3


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
    table = _only(source)
    source.sample(table, rows=10)
    assert pg.one(count) <= 2
    with source.snapshot() as snapshot:
        snapshot.count(table)
        assert pg.one(count) <= 2


def test_a_change_of_content_changes_the_fingerprint(database: Database) -> None:
    """An insert is seen, where the server tells at all."""
    database.run("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)")
    source = database.source()
    before = _only(source).fingerprint
    database.run("INSERT INTO t VALUES (2)")
    if "postgresql" in database.url:
        database.run("SELECT pg_stat_force_next_flush()")
    after = _only(source).fingerprint
    # MariaDB's time of change has whole seconds: within them nothing is promised.
    assert (before, after) == ("", "") if "mariadb" in database.url else before != after


# --------------------------------------------------------------------------- names and types


def test_hostile_names_are_quoted(database: Database) -> None:
    """Quotes, markup, percent signs and letters of any alphabet name tables and columns."""
    quote = database.quote
    name = HOSTILE[:50]
    database.run(
        f"CREATE TABLE {quote(name)} ({quote('id % :y')} int PRIMARY KEY, {quote(name)} text)",
        f"INSERT INTO {quote(name)} VALUES (1, 'x')",
    )
    source = database.source()
    table = _only(source)
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
    table = _only(source)
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
    table = _only(source)
    sample = source.sample(table, rows=5)
    assert sample.data.num_columns == 500
    assert sample.data["c7"].to_pylist() == [7]


def test_postgresql_types(pg: Database) -> None:
    """Each type arrives in the Arrow type that holds it, the odd ones as text."""
    pg.run(
        "CREATE TYPE mood AS ENUM ('glad', 'lei')",
        "CREATE DOMAIN fnr AS varchar(11)",
        "CREATE TABLE t (id bigint PRIMARY KEY, s smallint, n numeric(10,2), free numeric,"
        " nan numeric, f real, d date, ts timestamp, tz timestamptz, ti time, b boolean,"
        " u uuid, j jsonb, ints int[], texts text[], money money, iv interval, bin bytea,"
        " ip inet, mood mood, dom fnr, ch char(5), uuids uuid[], r int4range,"
        " ds date[])",
        "INSERT INTO t VALUES (1, 2, 1.50, 12.3456789, 'NaN', 0.5, '2024-02-29',"
        " '2024-01-01 10:00', '2024-01-01 10:00+01', '10:00', true,"
        " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{\"a\": 1}', '{1,NULL}', '{a,b}', 5,"
        " '1 day', '\\x00ff', '10.0.0.1', 'glad', '01817512345', 'ab',"
        " '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '[1,3)')",
        "INSERT INTO t (id, d, ts, n, ti, ds) VALUES"
        " (2, 'infinity', '-infinity', 'NaN', '24:00', '{2024-01-01,infinity}')",
        "INSERT INTO t (id, ts, tz) VALUES"
        " (3, '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999+00')",
        "COMMENT ON TABLE t IS 'kunder'", "COMMENT ON COLUMN t.s IS 'tall'",
    )  # fmt: skip
    source = pg.source()
    table = _only(source)
    sample = source.sample(table, rows=5).data
    with source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        (batch,) = snapshot.batches(part)
        assert snapshot.lost(part) == dict.fromkeys(["d", "ts", "n", "ti", "ds"], 1)
        assert "shop/public.t.ds" in {line.where for line in snapshot.warnings}
    assert batch.schema.types == sample.schema.types
    kinds = {
        "id": pa.int64(), "s": pa.int64(), "n": pa.decimal128(10, 2), "free": pa.decimal128(18, 7),
        "nan": pa.string(), "f": pa.float64(), "d": pa.date32(), "ts": pa.timestamp("us"),
        "tz": pa.timestamp("us", "UTC"), "ti": pa.time64("us"), "b": pa.bool_(), "bin": pa.binary(),
        "ints": pa.list_(pa.int64()), "texts": pa.list_(pa.string()), "uuids": pa.list_(pa.string()),
        "ds": pa.list_(pa.date32()),
    }  # fmt: skip
    got = dict(zip(batch.schema.names, batch.schema.types, strict=True))
    assert got == {name: kinds.get(name, pa.string()) for name in got}
    row = batch.to_pylist()[0]
    assert row["money"] == "5.00" and row["iv"] == "1 day" and row["ip"].startswith("10.0.0.1")
    assert row["mood"] == "glad" and row["dom"] == "01817512345" and row["r"] == "[1,3)"
    assert row["ch"] == "ab" and row["j"] == '{"a": 1}' and row["ints"] == [1, None]
    assert row["tz"].isoformat() == "2024-01-01T09:00:00+00:00"
    assert [batch.to_pylist()[1][name] for name in ("d", "ts", "n", "ti")] == [None] * 4
    assert batch.to_pylist()[1]["ds"] == [date(2024, 1, 1), None]
    assert batch.to_pylist()[2]["ts"].year == batch.to_pylist()[2]["tz"].year == 9999
    assert table.column("j").type is StorageType.JSON
    assert table.column("u").type is StorageType.UUID
    assert (table.comment, table.column("s").comment) == ("kunder", "tall")
    assert table.column("dom").max_length is None or table.column("dom").max_length == 11


def test_the_cursor_gives_what_adbc_gives(pg: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the ADBC driver the same table has the same schema and rows."""
    pg.run(
        "CREATE TABLE t (id int PRIMARY KEY, n numeric(10,2), free numeric, d date, ts timestamptz,"
        " b boolean, u uuid, j jsonb, ints int[], bin bytea, txt text)",
        "INSERT INTO t SELECT i, i / 4.0, i * 1.5, '2024-01-01'::date + i, now(), i % 2 = 0,"
        " gen_random_uuid(), '{\"å\": 1}', ARRAY[i, NULL], '\\x0001', 'æ' || i"
        " FROM generate_series(1, 3000) i",
        "UPDATE t SET d = 'infinity', ts = '9999-12-31 23:59:59.5+00', n = 'NaN' WHERE id < 3",
    )
    read = []
    for _ in range(2):
        source = pg.source()
        table = _only(source)
        with source.snapshot() as snapshot:
            batches = [
                b for p in snapshot.partitions(table, rows=1_000) for b in snapshot.batches(p)
            ]
            assert {line.reason.split()[0] for line in snapshot.warnings} == {"2"}
            assert len(snapshot.warnings) == 2
        read.append(pa.Table.from_batches(batches))
        monkeypatch.setitem(__import__("sys").modules, "adbc_driver_postgresql", None)
    assert read[0].schema == read[1].schema
    assert read[0].equals(read[1])
    assert read[0].num_rows == 3_000


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
    _line(caught.value, "broken")
    assert source.sample(tables["p"], rows=50).drawn == "random_rows"


def test_mariadb_types(my: Database) -> None:
    """Unsigned and bit numbers, JSON behind LONGTEXT, enumerations, zero dates, geometry."""
    my.run(
        "SET sql_mode = ''",
        "CREATE TABLE t (id bigint unsigned PRIMARY KEY, tiny tinyint(1), n decimal(10,2),"
        " big decimal(60,5), d date, dt datetime(6), ts timestamp NULL, ti time, y year, bit1 bit(1),"
        " bits bit(9), e enum('Kari','Ola'), st set('a','b'), j json, b blob, g point, f float,"
        " u uuid, txt longtext) COMMENT 'kunder'",
    )  # fmt: skip
    with my.engine.connect() as connection:
        connection.exec_driver_sql("SET sql_mode = ''")
        connection.exec_driver_sql(
            "INSERT INTO t VALUES (18446744073709551615, 1, 1.5, 3, '2024-02-29',"
            " '2024-01-01 10:00:00.5', NULL, '-100:00:00', 2024, b'1', b'100000001', 'Kari', 'a,b',"
            " '{\"a\": 1}', x'00ff', POINT(1, 2), 0.5, uuid(), 'æ')"
        )
        connection.exec_driver_sql("SET sql_mode = 'ALLOW_INVALID_DATES'")
        connection.exec_driver_sql(
            "INSERT INTO t (id, d, dt) VALUES (2, '0000-00-00', '2024-02-31 10:00:00')"
        )
    source = my.source()
    table = _only(source)
    data = source.sample(table, rows=5).data.sort_by("id")
    first, last = data.to_pylist()
    assert last["id"] == 18446744073709551615 and last["bits"] == 257 and last["bit1"] is True
    assert last["e"] == "Kari" and last["ti"] == "-100:00:00" and last["y"] == 2024
    assert last["g"] == "POINT(1 2)" and last["b"] == b"\x00\xff" and last["j"] == '{"a": 1}'
    assert first["d"] is None and first["dt"] is None
    assert table.column("j").type is StorageType.JSON
    assert "Kari" not in repr(table)
    assert table.comment == "kunder"
    with source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        assert pa.Table.from_batches(snapshot.batches(part)).schema.types == data.schema.types
        assert snapshot.lost(part) == {"d": 1, "dt": 1}


def test_mariadb_tables_outside_innodb_are_said(my: Database) -> None:
    """A snapshot over MyISAM would be a promise that nobody keeps."""
    my.run("CREATE TABLE t (id int PRIMARY KEY) ENGINE=MyISAM")
    source = my.source()
    source.tables()
    with source.snapshot() as snapshot:
        assert snapshot.consistency == "per table"


@pytest.mark.parametrize(
    ("ddl", "insert", "drawn"),
    [
        ("id int PRIMARY KEY", "seq * 2", "random_rows"),
        ("id bigint PRIMARY KEY", "seq * 1000", "spread_keys"),
        ("id varchar(40) PRIMARY KEY", "MD5(seq)", "spread_keys"),
        ("id int, x int DEFAULT 1, PRIMARY KEY (x, id)", "seq", "spread_keys"),
        ("id int", "seq", "first_rows"),
    ],
)
def test_mariadb_samples_by_key(my: Database, ddl: str, insert: str, drawn: str) -> None:
    """Without TABLESAMPLE the key says where to look, and the sample how it was drawn."""
    my.run(
        f"CREATE TABLE t ({ddl}) ENGINE=InnoDB",
        f"INSERT INTO t (id) SELECT {insert} FROM seq_1_to_20000",
    )
    source = my.source()
    table = _only(source)
    sample = source.sample(table, rows=1_000, seed=4)
    assert sample.drawn == drawn
    assert 500 <= sample.rows <= 1_000
    ids = sample.data["id"].to_pylist()
    assert len(set(ids)) == len(ids)
    again = source.sample(table, rows=1_000, seed=4).data["id"].to_pylist()
    assert again == ids
