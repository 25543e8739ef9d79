"""How a sample is drawn where the server has no TABLESAMPLE."""

from __future__ import annotations

import pytest

from tests.integration.databases.database import Database, only

pytestmark = pytest.mark.services


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
    table = only(source)
    sample = source.sample(table, rows=1_000, seed=4)
    assert sample.drawn == drawn
    assert 500 <= sample.rows <= 1_000
    ids = sample.data["id"].to_pylist()
    assert len(set(ids)) == len(ids)
    again = source.sample(table, rows=1_000, seed=4).data["id"].to_pylist()
    assert again == ids
