"""What one may not read is said, and never counted as empty."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from sladd.sources.database import DatabaseSource
from tests.integration.databases.database import Database

pytestmark = pytest.mark.services


def _seen_by(database: Database, user: str) -> DatabaseSource:
    url = sa.make_url(database.url).set(username=user, password="pw")
    return database.source(url.render_as_string(hide_password=False))


def test_a_table_without_permission_is_not_scanned(pg: Database) -> None:
    """The rest is listed, and the reason holds the GRANT that mends it."""
    role = f"reader_{sa.make_url(pg.url).database}"
    pg.run(
        f"CREATE ROLE {role} LOGIN PASSWORD 'pw'", "CREATE TABLE good (id int PRIMARY KEY)",
        "CREATE TABLE salaries (id int)", f"GRANT SELECT ON good TO {role}",
    )  # fmt: skip
    source = _seen_by(pg, role)
    assert [table.ref.name for table in source.tables()] == ["good"]
    (missed,) = source.not_scanned
    assert (missed.where, missed.code) == ("shop/public.salaries", 207)
    assert f'GRANT SELECT ON "public"."salaries" TO "{role}"' in missed.reason


def test_the_columns_that_may_be_read_are_scanned(pg: Database) -> None:
    """One line names the others; a key that one may not read is none."""
    role = f"partly_{sa.make_url(pg.url).database}"
    pg.run(
        f"CREATE ROLE {role} LOGIN PASSWORD 'pw'",
        "CREATE TABLE staff (id int PRIMARY KEY, name text, salary int, iban text UNIQUE)",
        "CREATE TABLE tasks (id int PRIMARY KEY, staff_id int REFERENCES staff(id))",
        "INSERT INTO staff VALUES (1, 'A', 2, 'B')",
        f"GRANT SELECT (name) ON staff TO {role}", f"GRANT SELECT ON tasks TO {role}",
    )  # fmt: skip
    source = _seen_by(pg, role)
    staff, tasks = source.tables()
    assert [field.ref.column for field in staff.fields] == ["name"]
    assert (staff.primary_key, staff.unique_keys, tasks.foreign_keys) == ((), (), ())
    assert source.sample(staff, rows=0).table.fields == staff.fields
    (missed,) = source.not_scanned
    assert (missed.where, missed.code) == ("shop/public.staff · columns", 223)
    assert "columns: id, salary, iban · GRANT" in missed.reason
    with source.snapshot() as snapshot:
        rows = [b.to_pylist() for p in snapshot.partitions(staff) for b in snapshot.batches(p)]
    assert rows == [[{"name": "A"}]]


def test_rows_hidden_by_a_policy_are_not_taken_for_all(pg: Database) -> None:
    """Row security would show fewer rows without a word: such a table is not scanned."""
    role = f"hidden_{sa.make_url(pg.url).database}"
    pg.run(
        f"CREATE ROLE {role} LOGIN PASSWORD 'pw'", "CREATE TABLE t (id int PRIMARY KEY)",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY", f"GRANT SELECT ON t TO {role}",
    )  # fmt: skip
    source = _seen_by(pg, role)
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
    source = _seen_by(my, "clerk")
    assert [table.ref.name for table in source.tables()] == ["good"]
    assert [(m.where, m.code) for m in source.not_scanned] == [("shop/salaries", 207)]
    assert "GRANT SELECT" in source.not_scanned[0].reason


def test_mariadb_columns_that_are_granted_one_by_one(my: Database) -> None:
    """The server tells nothing of the others but where they stand; keys that lead there are none."""
    name = sa.make_url(my.url).database
    my.run(
        "CREATE TABLE staff (id int PRIMARY KEY, name varchar(20), kind enum('a','b'), pay int,"
        " photo longblob, n bigint unsigned, bits bit(9), d decimal(10,2))",
        "CREATE TABLE tasks (id int PRIMARY KEY, staff_id int, FOREIGN KEY (staff_id)"
        " REFERENCES staff(id))",
        "INSERT INTO staff VALUES (1, 'A', 'b', 2, x'ff', 18446744073709551615, 257, 1.5)",
        "CREATE USER IF NOT EXISTS partly@'%' IDENTIFIED BY 'pw'",
        f"GRANT SELECT (name, kind, photo, n, bits, d), UPDATE (pay) ON {name}.staff TO partly@'%'",
        f"GRANT SELECT ON {name}.tasks TO partly@'%'",
    )
    source = _seen_by(my, "partly")
    staff, tasks = source.tables()
    assert (staff.primary_key, tasks.foreign_keys) == ((), ())
    assert source.sample(staff, rows=0).data.to_pylist() == [
        {"name": "A", "kind": "b", "photo": b"\xff", "n": 18446744073709551615, "bits": 257,
         "d": Decimal("1.50")}
    ]  # fmt: skip
    (missed,) = source.not_scanned
    assert (missed.where, missed.code) == ("shop/staff · columns", 223)
    assert "columns: #1, pay, any behind #8 · GRANT SELECT" in missed.reason


def test_a_pattern_that_matches_nothing_is_said(database: Database) -> None:
    """A misspelt table must not count as clean."""
    database.run("CREATE TABLE customers (id int PRIMARY KEY)")
    source = database.source(include=["custmers", "cust*"])
    assert len(source.tables()) == 1
    assert [missed.code for missed in source.not_scanned] == [214]
    assert "'custmers'" in source.not_scanned[0].reason
