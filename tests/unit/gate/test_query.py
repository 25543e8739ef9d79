"""`gate.query`: analysts read the release, and nothing but the release."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sladd import gate
from sladd.errors import GateError


@pytest.fixture(scope="module")
def release(tmp_path_factory, builder) -> Path:
    return builder.publish(tmp_path_factory.mktemp("query") / "a[1] ø")


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT * FROM orders", 100),
        ("SELECT region, sum(amount) FROM orders o JOIN customers c ON o.customer_id = c.id GROUP BY ALL", 3),
        ("FROM orders LIMIT 5;", 5),
        ("WITH a AS (SELECT 1 AS x) SELECT * FROM a", 1),
        ("SHOW TABLES", 2),
        ("SUMMARIZE orders", 3),
        ("EXPLAIN SELECT * FROM orders", 1),
    ],
)  # fmt: skip
def test_reading_works(release, sql, rows):
    """SELECT in all its forms."""
    assert gate.query(release.parent, sql).num_rows == rows


REFUSED = [
    "COPY orders TO 'out.csv'",
    "COPY orders FROM '/etc/passwd'",
    "EXPORT DATABASE 'out'",
    "ATTACH 'other.duckdb'",
    "ATTACH 'other.duckdb' AS o (TYPE sqlite)",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET threads = 1",
    "RESET lock_configuration",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "CREATE TABLE x (a INT)",
    "CREATE SECRET s (TYPE s3)",
    "INSERT INTO orders SELECT * FROM orders",
    "DROP TABLE orders",
    "CHECKPOINT",
    "PREPARE p AS SELECT 1",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY orders TO 'out.csv'",
    "EXPLAIN ANALYZE COPY orders TO 'out.csv'",
    "",
    "-- nothing",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_parquet('/etc/passwd')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM query_table('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM 'https://example.com/x.parquet'",
    "SELECT getenv('HOME')",
    "SELECT * FROM query('COPY orders TO ''out.csv''')",
    "SELECT * FROM canary",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_everything_else_is_refused_in_one_line(release, sql, tmp_path, monkeypatch):
    """No file, no setting, no extension, no variable of the process; one line each."""
    canary = __import__("pandas").DataFrame({"secret": ["canary-value"]})  # noqa: F841
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GateError) as error:
        gate.query(release, sql)
    assert error.value.code in {610, 613}
    assert "\n" not in str(error.value)
    assert "root:" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"), [("enable_external_access", "false"), ("lock_configuration", "true")]
)
def test_lock_is_on_when_the_statement_runs(release, name, value):
    """Asked from inside."""
    answer = gate.query(release, f"SELECT current_setting('{name}')::VARCHAR AS v")
    assert answer["v"].to_pylist() == [value]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT region::INT FROM customers",
        "SELECT error(region) FROM customers",
        "SELECT error('''' || region || ': x') FROM customers",
        "SELECT strptime(region, '%Y') FROM customers",
        "SELECT region::DATE FROM customers",
        "SELECT (region || '''')::INT FROM customers",
    ],
)
def test_fault_in_the_data_does_not_quote_the_data(release, sql):
    """DuckDB names the value it cannot convert; we do not."""
    with pytest.raises(GateError) as error:
        gate.query(release, sql)
    assert error.value.code == 613
    assert "landet" not in str(error.value)
    assert error.value.__cause__ is None


def test_fault_in_the_statement_says_what(release):
    """A wrong name is told with the name."""
    with pytest.raises(GateError, match="amont"):
        gate.query(release, "SELECT amont FROM orders")


def test_long_query_is_stopped(release):
    """The answer comes after the time given, not after the query."""
    start = time.monotonic()
    with pytest.raises(GateError) as error:
        gate.query(
            release,
            "SELECT count(*) FROM range(10000000000) a, range(100) b WHERE hash(a.range + b.range) = 3",
            timeout_s=0.5,
        )
    assert error.value.code == 611
    assert time.monotonic() - start < 120  # the query itself takes days


def test_answer_that_is_too_long_is_an_error(release):
    """A part is not handed out as the whole."""
    assert gate.query(release, "SELECT * FROM orders", max_rows=100).num_rows == 100
    with pytest.raises(GateError) as error:
        gate.query(release, "SELECT * FROM orders", max_rows=99)
    assert error.value.code == 612


def test_without_the_database_the_files_answer(release, tmp_path):
    """The same tables, the same lock."""
    import shutil

    copy = Path(shutil.copytree(release, tmp_path / "b[2]"))
    (copy / "analytics.duckdb").unlink()
    sql = "SELECT * FROM orders ORDER BY ALL"
    assert gate.query(copy, sql).equals(gate.query(release, sql))
    with pytest.raises(GateError):
        gate.query(copy, "SELECT * FROM read_text('/etc/passwd')")


def test_query_leaves_no_trace(release):
    """Nothing is written into the release, not even for a moment's spill."""
    before = sorted(path.name for path in release.rglob("*"))
    gate.query(release, "SELECT * FROM orders a, orders b ORDER BY ALL")
    assert sorted(path.name for path in release.rglob("*")) == before
