"""SQLite and DuckDB files: opened without a trace, read whatever stands in them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sladd.errors import SourceError
from sladd.model import StorageType
from sladd.sources import open_source
from sladd.sources.database import DatabaseSource


def _sqlite(path: Path, *statements: str) -> DatabaseSource:
    connection = sqlite3.connect(path / "a.db")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return DatabaseSource("s", "sqlite:///a.db", root=path)


def _read(source: DatabaseSource) -> pa.Table:
    (table,) = source.tables()
    with source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        return pa.Table.from_batches(list(snapshot.batches(part)))


def _bytes(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in sorted(folder.iterdir())}


def _use(source: DatabaseSource) -> int:
    """Everything that a scan and a publish do."""
    (table,) = source.tables()
    sampled = source.sample(table, rows=0).rows
    with source.snapshot() as snapshot:
        assert snapshot.count(table) == sampled
        for part in snapshot.partitions(table, rows=2):
            list(snapshot.batches(part))
    source.close()
    return sampled


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_file_stays_byte_for_byte(tmp_path: Path, mode: str) -> None:
    """No side file appears, neither while it is open nor afterwards."""
    source = _sqlite(
        tmp_path, f"PRAGMA journal_mode={mode}", "CREATE TABLE t (id INTEGER PRIMARY KEY)",
        "INSERT INTO t VALUES (1), (2), (3)",
    )  # fmt: skip
    before = _bytes(tmp_path)
    (table,) = source.tables()
    with source.snapshot() as snapshot:
        snapshot.count(table)
        assert _bytes(tmp_path) == before
    assert _use(source) == 3
    assert _bytes(tmp_path) == before


def test_a_wal_that_is_in_use_is_read_and_left(tmp_path: Path) -> None:
    """Rows that stand in the -wal alone are seen; what was beside the file stays beside it."""
    source = _sqlite(tmp_path, "PRAGMA journal_mode=WAL", "CREATE TABLE t (id INTEGER PRIMARY KEY)")
    writer = sqlite3.connect(tmp_path / "a.db")
    writer.execute("INSERT INTO t VALUES (1), (2)")
    writer.commit()
    before = {p.name for p in tmp_path.iterdir()}
    assert "a.db-wal" in before
    assert _use(source) == 2
    assert {p.name for p in tmp_path.iterdir()} == before
    writer.close()


def test_a_wal_left_behind_is_read_and_left(tmp_path: Path) -> None:
    """After a crash a -wal stands without its index: it is read, and nothing is added."""
    (tmp_path / "from").mkdir()
    _sqlite(tmp_path / "from", "PRAGMA journal_mode=WAL", "CREATE TABLE t (id INTEGER PRIMARY KEY)")
    writer = sqlite3.connect(tmp_path / "from" / "a.db")
    writer.execute("INSERT INTO t VALUES (1), (2)")
    writer.commit()
    folder = tmp_path / "to"
    folder.mkdir()
    for name in ("a.db", "a.db-wal"):
        (folder / name).write_bytes((tmp_path / "from" / name).read_bytes())
    writer.close()
    before = _bytes(folder)
    assert _use(DatabaseSource("s", "sqlite:///a.db", root=folder)) == 2
    assert _bytes(folder) == before


def test_a_file_written_to_while_read_unlocked_is_noticed(tmp_path: Path) -> None:
    """An immutable file is not locked: a writer is found out, not overlooked."""
    source = _sqlite(tmp_path, "PRAGMA journal_mode=WAL", "CREATE TABLE t (id INTEGER PRIMARY KEY)")
    (table,) = source.tables()
    with pytest.raises(SourceError, match="written to"), source.snapshot() as snapshot:
        snapshot.count(table)
        writer = sqlite3.connect(tmp_path / "a.db")
        writer.execute("INSERT INTO t VALUES (1)")
        writer.commit()
        writer.close()


@pytest.mark.parametrize(
    ("declared", "values", "arrow", "read"),
    [
        ("INTEGER", "1, NULL", pa.int64(), [1, None]),
        ("INTEGER", "1, 'text'", pa.string(), ["1", "text"]),
        ("INTEGER", "1, 2.5", pa.float64(), [1.0, 2.5]),
        ("REAL", "1, 2.5", pa.float64(), [1.0, 2.5]),
        ("TEXT", "'å', NULL", pa.string(), ["å", None]),
        ("TEXT", "'a', x'FF41'", pa.string(), ["a", "ÿA"]),
        ("BLOB", "x'00', NULL", pa.binary(), [b"\x00", None]),
        ("BLOB", "x'00', 'a'", pa.string(), ["00", "a"]),
        ("BOOLEAN", "0, 1", pa.bool_(), [False, True]),
        ("BOOLEAN", "0, 2", pa.int64(), [0, 2]),
        ("DATE", "'2024-02-29', NULL", pa.date32(), ["2024-02-29", None]),
        ("DATE", "'2024-02-30', NULL", pa.string(), ["2024-02-30", None]),
        ("DATETIME", "'2024-01-01 10:00:00', '2024-01-01T10:00:00.5'", pa.timestamp("us"), None),
        ("DATETIME", "'2024-01-01 10:00', 'ukjent'", pa.string(), None),
        ("DECIMAL(10,2)", "1.5, 2", pa.decimal128(10, 2), None),
        ("DECIMAL(10,2)", "1.555, 2", pa.float64(), [1.555, 2.0]),
        ("", "1, 2", pa.int64(), [1, 2]),
        ("", "'a', 2", pa.string(), ["a", "2"]),
        ("NUMERIC", "1, 2.5", pa.float64(), [1.0, 2.5]),
        ("JSON", "'{\"a\": 1}', NULL", pa.string(), ['{"a": 1}', None]),
    ],
)
def test_sqlite_columns_are_read_as_what_they_hold(
    tmp_path: Path, declared: str, values: str, arrow: pa.DataType, read: list[Any] | None
) -> None:
    """The declared type holds where every value keeps to it."""
    rows = ", ".join(f"({i}, {v})" for i, v in enumerate(values.split(", ")))
    source = _sqlite(
        tmp_path, f"CREATE TABLE t (id INTEGER PRIMARY KEY, v {declared})",
        f"INSERT INTO t VALUES {rows}",
    )  # fmt: skip
    column = _read(source)["v"]
    assert column.type == arrow
    if read is not None:
        got = column.to_pylist()
        assert [str(v) if pa.types.is_date(arrow) and v else v for v in got] == read
    (table,) = source.tables()
    assert source.sample(table, rows=0).data["v"].type == arrow


def test_a_column_that_is_null_for_long_keeps_its_type(tmp_path: Path) -> None:
    """Text that first comes after 100,000 rows is text, in the first batch as well."""
    source = _sqlite(
        tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, w BLOB)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
        " INSERT INTO t SELECT i, NULL, NULL FROM n", "INSERT INTO t VALUES (100001, 'x', x'01')",
    )  # fmt: skip
    data = _read(source)
    assert data.num_rows == 100_001
    assert data["v"].to_pylist()[-1] == "x"
    assert data.schema.types == [pa.int64(), pa.string(), pa.binary()]


def test_a_broken_view_harms_no_table(tmp_path: Path) -> None:
    """It is not scanned; the rest is."""
    source = _sqlite(
        tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY)", "CREATE VIEW v AS SELECT no FROM t",
    )  # fmt: skip
    with_views = DatabaseSource("s", "sqlite:///a.db", root=tmp_path, views=True)
    assert [t.ref.name for t in source.tables()] == ["t"]
    assert [t.ref.name for t in with_views.tables()] == ["t"]
    assert [m.where for m in with_views.not_scanned] == ["s/v"]


@pytest.mark.parametrize(
    ("create", "drawn"),
    [
        ("CREATE TABLE t (id INTEGER PRIMARY KEY, v)", "random_rows"),
        ("CREATE TABLE t (id TEXT, v)", "random_rows"),
        ("CREATE TABLE t (id TEXT PRIMARY KEY, v) WITHOUT ROWID", "spread_keys"),
        ("CREATE TABLE t (id INT PRIMARY KEY, rowid INT)", "random_rows"),
    ],
)
def test_sqlite_samples_say_how_they_were_drawn(tmp_path: Path, create: str, drawn: str) -> None:
    """By row id where there is one, else in stretches over the key."""
    source = _sqlite(
        tmp_path, create,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
        " INSERT INTO t SELECT i, i FROM n",
    )  # fmt: skip
    (table,) = source.tables()
    sample = source.sample(table, rows=200, seed=5)
    assert (sample.drawn, sample.rows) == (drawn, 200)
    values = sorted(int(v) for v in sample.data["id"].to_pylist())
    assert len(set(values)) == 200
    assert values[0] < 600 and values[-1] > 4_400


def test_the_unlocked_columns_of_a_sample_are_never_personal_names(tmp_path: Path) -> None:
    """A personal column name is replaced everywhere, keys and targets included."""
    source = _sqlite(
        tmp_path, 'CREATE TABLE "kari@example.no" ("ola@example.no" INTEGER PRIMARY KEY, c1 INT)',
        'CREATE TABLE b (k INT REFERENCES "kari@example.no"("ola@example.no"))',
    )  # fmt: skip
    source = DatabaseSource(
        "s", "sqlite:///a.db", root=tmp_path, name_is_personal=lambda name: "@" in name
    )
    tables = {t.ref.name: t for t in source.tables()}
    hidden = next(t for name, t in tables.items() if name.startswith("table#"))
    assert [f.ref.column for f in hidden.fields] == ["c1_", "c1"]
    (key,) = tables["b"].foreign_keys
    assert (key.target, key.target_columns) == (hidden.ref, ("c1_",))
    assert "@" not in repr(list(tables.values()))


# --------------------------------------------------------------------------- errors


def _fails(path: Path, url: str, code: int, *words: str) -> None:
    with pytest.raises(SourceError) as caught:
        DatabaseSource("s", url, root=path).tables()
    assert caught.value.code == code
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize("dialect", ["sqlite", "duckdb"])
def test_a_missing_file_is_one_line(tmp_path: Path, dialect: str) -> None:
    """The path as it was written, and no file is made by looking."""
    _fails(tmp_path, f"{dialect}:///data/none.db", 205, "data/none.db", "path")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dialect", ["sqlite", "duckdb"])
def test_a_file_of_another_kind_is_one_line(tmp_path: Path, dialect: str) -> None:
    """A text file is no database."""
    (tmp_path / "x.db").write_text("kari@example.no " * 500)
    _fails(tmp_path, f"{dialect}:///x.db", 206, "x.db", "no database")


def test_a_damaged_sqlite_file_is_one_line(tmp_path: Path) -> None:
    """The head is right, the rest is not."""
    (tmp_path / "x.db").write_bytes(b"SQLite format 3\x00" + b"\x07" * 4096)
    _fails(tmp_path, "sqlite:///x.db", 206, "x.db")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("notadialect://host/db", 204), ("oracle://u:secret@host/db", 204),
        ("this is no url", 213), ("sqlite://", 205),
    ],
)  # fmt: skip
def test_a_missing_driver_or_a_strange_address_is_one_line(
    tmp_path: Path, url: str, code: int
) -> None:
    """It says what to install or to write, without the password."""
    with pytest.raises(SourceError) as caught:
        DatabaseSource("s", url, root=tmp_path).tables()
    assert caught.value.code == code
    assert "secret" not in str(caught.value)


def test_a_duckdb_file_that_another_program_holds_is_one_line(tmp_path: Path) -> None:
    """DuckDB lets one writer in; sladd says so."""
    program = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE t (i INT)');"
        "print('ready', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "x.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        other.stdout.readline()
        _fails(tmp_path, "duckdb:///x.duckdb", 211, "another program")
        other.communicate()


def test_duckdb_types_and_comments(tmp_path: Path) -> None:
    """Nested values are JSON, enumerations do not show their values, huge numbers fit."""
    import duckdb

    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, h HUGEINT, u UUID, e ENUM('Kari', 'Ola'),"
            " s STRUCT(a INTEGER), m MAP(VARCHAR, INTEGER), l INTEGER[], ll INTEGER[][],"
            " iv INTERVAL, ns TIMESTAMP_NS, tz TIMESTAMPTZ, ub UBIGINT, bit BIT)"
        )
        connection.execute(
            "INSERT INTO t VALUES (1, 5, uuid(), 'Kari', {'a': 1}, MAP {'k': 1}, [1, NULL],"
            " [[1]], INTERVAL 1 DAY, '2024-01-01', '2024-01-01 10:00+01', 18446744073709551615,"
            " '101')"
        )
        connection.execute("COMMENT ON TABLE t IS 'kunder'")
    source = DatabaseSource("s", "duckdb:///x.duckdb", root=tmp_path)
    (table,) = source.tables()
    assert table.comment == "kunder"
    assert "Kari" not in repr(table)
    assert table.column("s").type is StorageType.JSON
    row = _read(source).to_pylist()[0]
    assert row["s"] == '{"a":1}' and row["l"] == [1, None] and row["h"] == 5
    assert row["e"] == "Kari" and row["ub"] == 18446744073709551615 and row["bit"] == "101"
    assert row["tz"].isoformat() == "2024-01-01T09:00:00+00:00"
    assert {p.name for p in tmp_path.iterdir()} == {"x.duckdb"}


def test_open_source_reads_the_configuration(tmp_path: Path) -> None:
    """A database by its address, documents by their pattern."""
    from sladd.config import SourceConfig

    _sqlite(tmp_path, "CREATE TABLE a (i INT)", "CREATE TABLE b (i INT)")
    source = open_source("s", SourceConfig(database="sqlite:///a.db", exclude=["b"]), root=tmp_path)
    assert [t.ref.name for t in source.tables()] == ["a"]
    (tmp_path / "a.eml").write_text("From: a@example.no\n\nHei\n")
    mail = open_source("mail", SourceConfig(documents="*.eml"), root=tmp_path)
    assert (mail.kind, [t.ref.name for t in mail.tables()]) == ("documents", ["mail"])
    mail.close()


def test_one_partition_is_read_at_a_time(tmp_path: Path) -> None:
    """A second stream of the same thread is refused instead of waiting for ever."""
    source = _sqlite(
        tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)"
    )
    (table,) = source.tables()
    with source.snapshot() as snapshot:
        (part,) = snapshot.partitions(table)
        first = snapshot.batches(part, batch_rows=1)
        next(first)
        with pytest.raises(SourceError, match="still being read"):
            next(snapshot.batches(part))
        first.close()  # type: ignore[attr-defined]
        assert snapshot.count(table) == 2


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_file_that_is_cut_off_is_no_database(tmp_path: Path, kind: str) -> None:
    """SQLite would read rows of nothing from pages that are not there."""
    path = tmp_path / f"a.{kind}"
    if kind == "sqlite":
        source = _sqlite(tmp_path, "CREATE TABLE t (id, v)", "INSERT INTO t VALUES (1, 'x')")
        path = tmp_path / "a.db"
    else:
        import duckdb

        with duckdb.connect(str(path)) as made:
            made.execute("CREATE TABLE t AS SELECT 1 AS id")
        source = DatabaseSource("s", f"duckdb:///{path}", root=tmp_path)
    path.write_bytes(path.read_bytes()[:4196])
    with pytest.raises(SourceError, match="SLADD-206"):
        source.tables()


def test_a_database_without_tables_is_said(tmp_path: Path) -> None:
    """The wrong database, or a user without grants, is not a clean one."""
    source = _sqlite(tmp_path, "PRAGMA user_version = 1")
    assert source.tables() == []
    assert [(line.where, line.code) for line in source.not_scanned] == [("s", 222)]
