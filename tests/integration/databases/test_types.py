"""Every type of a server arrives in the Arrow type that holds it."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
import sqlalchemy as sa

from sladd.errors import SourceError
from sladd.model import StorageType
from tests.integration.databases.database import Database, line, only

pytestmark = pytest.mark.services


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
    table = only(source)
    sample = source.sample(table, rows=5).data
    with source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        (batch,) = snapshot.batches(part)
        assert snapshot.lost(part) == dict.fromkeys(["d", "ts", "n", "ti", "ds"], 1)
        assert "shop/public.t.ds" in {line.where for line in snapshot.warnings}
    assert batch.schema.types == sample.schema.types
    kinds = {
        "id": pa.int64(), "s": pa.int64(), "n": pa.decimal128(10, 2), "free": pa.decimal128(18, 7),
        "nan": pa.string(), "f": pa.float32(), "d": pa.date32(), "ts": pa.timestamp("us"),
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
        table = only(source)
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


@pytest.mark.parametrize("adbc", [True, False])
def test_arrays_keep_their_dimensions(
    pg: Database, monkeypatch: pytest.MonkeyPatch, adbc: bool
) -> None:
    """Declared or not; a column of several shapes is refused by name, not flattened."""
    if not adbc:
        monkeypatch.setitem(__import__("sys").modules, "adbc_driver_postgresql", None)
    pg.run(
        "CREATE TABLE t (id int PRIMARY KEY, grid int[][], cube text[], at timestamptz[],"
        " fine real[], flat int[][], mixed int[], empty int[][])",
        "INSERT INTO t VALUES (1, '{{1,2},{3,NULL}}', '{{{a,\"b c\"}}}',"
        " '{{2024-01-01 10:00+01,infinity}}', '{{0.1}}', '{1,2}', '{1,2}', '{}'),"
        " (2, '{}', NULL, NULL, NULL, NULL, '{{1,2},{3,4}}', NULL)",
    )
    source = pg.source()
    table = only(source)
    if adbc:  # a scan looks at the elements
        (mixed,) = source.sample(table, rows=0).data.select(["mixed"]).columns
        assert mixed.to_pylist() == [[1, 2], [1, 2, 3, 4]]
    with source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        names = [f.ref.column for f in table.fields if f.ref.column != "mixed"]
        (batch,) = snapshot.batches(part, columns=names)
        with pytest.raises(SourceError) as refused:
            list(snapshot.batches(part))
        assert snapshot.lost(part) == {"at": 1}
    line(refused.value, "SLADD-268", "'mixed'", "shop/public.t")
    first, second = batch.to_pylist()
    assert (first["grid"], second["grid"]) == ([[1, 2], [3, None]], [])
    assert first["cube"] == [[["a", "b c"]]]
    assert first["at"][0][0].isoformat() == "2024-01-01T09:00:00+00:00"
    assert batch.schema.field("fine").type == pa.list_(pa.list_(pa.float32()))
    assert (first["flat"], first["empty"]) == ([1, 2], [])


def test_single_precision_stays_what_it_is(database: Database) -> None:
    """PostgreSQL's REAL and MariaDB's FLOAT, which its server writes with six digits."""
    kind = "float" if database.url.startswith("mariadb") else "real"
    database.run(
        f"CREATE TABLE t (id int PRIMARY KEY, r {kind})",
        "INSERT INTO t VALUES (1, 0.1), (2, 16777215), (3, NULL)",
    )
    source = database.source()
    table = only(source)
    with source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        (batch,) = snapshot.batches(part)
    assert batch.column("r").equals(pa.array([0.1, 16777215.0, None], pa.float32()))


def test_a_table_without_rows_has_types(database: Database) -> None:
    """A release of it has the columns that it will have with rows."""
    database.run("CREATE TABLE t (id int PRIMARY KEY, d date, n decimal(10,2))")
    source = database.source()
    table = only(source)
    with source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        (batch,) = snapshot.batches(part)
    assert batch.schema.types == [pa.int64(), pa.date32(), pa.decimal128(10, 2)]


def test_blobs_of_every_size_are_bytes(my: Database) -> None:
    """MariaDB's LONGBLOB as well as its BLOB."""
    my.run(
        "CREATE TABLE t (id int PRIMARY KEY, a tinyblob, b blob, c mediumblob, d longblob)",
        "INSERT INTO t VALUES (1, x'ff00', x'ff00', x'ff00', x'ff00')",
    )
    source = my.source()
    (row,) = source.sample(only(source), rows=0).data.to_pylist()
    assert [row[name] for name in "abcd"] == [b"\xff\x00"] * 4


def test_the_settings_of_a_role_change_no_value(pg: Database) -> None:
    """Dates, bytes and numbers are read as text in places; a role may write them otherwise."""
    role = f"odd_{sa.make_url(pg.url).database}"
    pg.run(
        "CREATE TABLE t (id int PRIMARY KEY, r daterange, d date[], f float8[], b bytea[], v text)",
        "INSERT INTO t VALUES (1, '[2024-02-29,2024-03-01)', '{{2024-02-29}}', '{{0.1}}',"
        " ARRAY[ARRAY['\\x00ff'::bytea]], 'blåbær')",
        f"CREATE ROLE {role} LOGIN PASSWORD 'p@:/?#%&=+ [æ]'", f"GRANT SELECT ON t TO {role}",
        *(f"ALTER ROLE {role} SET {setting}" for setting in (
            "DateStyle = 'German'", "bytea_output = 'escape'", "extra_float_digits = -5",
            "client_encoding = 'LATIN1'", "standard_conforming_strings = off",
        )),
    )  # fmt: skip
    url = sa.make_url(pg.url).set(username=role, password="p@:/?#%&=+ [æ]")
    source = pg.source(url.render_as_string(hide_password=False))
    (row,) = source.sample(only(source), rows=0).data.to_pylist()
    assert row == {
        "id": 1, "r": "[2024-02-29,2024-03-01)", "d": [[date(2024, 2, 29)]], "f": [[0.1]],
        "b": [[b"\x00\xff"]], "v": "blåbær",
    }  # fmt: skip


def test_bytes_of_no_encoding_are_read_and_counted(pg: Database) -> None:
    """SQL_ASCII holds what any client wrote; Norwegian ones wrote Windows-1252 or UTF-8."""
    name = f"{sa.make_url(pg.url).database}_ascii"
    pg.run(
        f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    ascii_ = Database(sa.make_url(pg.url).set(database=name, query={"client_encoding": "utf8"})
                      .render_as_string(hide_password=False), pg.path)  # fmt: skip
    ascii_.run(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t VALUES (1, E'bl\\xe5b\\xe6r'), (2, E'bl\\xc3\\xa5')",
    )
    source = pg.source(sa.make_url(pg.url).set(database=name).render_as_string(hide_password=False))
    table = only(source)
    with source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        (batch,) = snapshot.batches(part)
        assert batch.column("v").to_pylist() == ["blåbær", "blå"]
        assert [(w.where, w.code) for w in snapshot.warnings] == [("shop/public.t.v", 274)]


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
    table = only(source)
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
