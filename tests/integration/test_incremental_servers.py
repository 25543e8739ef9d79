"""Servers say themselves what changed: rows of an unchanged range are not sent."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from sladd.pipeline.making import parts
from sladd.sources.database.snapshot import DatabaseSnapshot
from tests.commands import Project

CONFIG = """\
sources:
  shop: {{database: "{url}", include: ["{table}"]}}
keys:
  main: {{file: ../keys/main.key}}
releases:
  analytics: {{domain: test, from: [shop], buckets: 4, to: releases/analytics}}
  whole: {{domain: test, from: [shop], buckets: 4, to: releases/whole}}
"""


@pytest.mark.usefixtures("postgresql", "mariadb")
@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_server_tells_what_changed(kind, request, tmp_path: Path, monkeypatch):
    """One changed row of 400: one range is made anew; NULL for '' is a change; the data are those of a full one."""
    monkeypatch.setattr(parts, "PARTITION_ROWS", 50)
    server = request.getfixturevalue(kind)
    url = server.new_database() if kind == "postgresql" else server.url()
    table = f"i_{abs(hash(str(tmp_path))) % 10**9}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TABLE {table} (id int PRIMARY KEY, epost varchar(60), pris double precision,"
            " dag timestamp NULL, antall int)"
        )
        connection.execute(
            sa.text(f"INSERT INTO {table} VALUES (:i, :e, :p, '2026-01-02 03:04:05', :n)"),
            [
                {"i": i, "e": f"kunde{i}@example.no" if i % 9 else "", "p": i / 7, "n": i % 5}
                for i in range(400)
            ],
        )
    project = Project(tmp_path / "p")
    project.folder.mkdir()
    project.configure(CONFIG.format(url=url, table=table))
    key = tmp_path / "keys" / "main.key"
    assert project.run("keys", "init", str(key)).code == 0
    assert project.run("discover").code == 0

    def publish(name: str, *options: str) -> dict:
        done = project.run("publish", name, "--json", *options)
        assert done.code == 0, done.err
        return json.loads(done.out)

    def rows(name: str) -> dict[str, bytes]:
        folder = (project / "releases" / name / "latest").resolve()
        return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.parquet")}

    publish("analytics", "--incremental")
    read: list[int] = []
    whole = DatabaseSnapshot.batches

    def noted(self, partition, **more):
        read.append(partition.index)
        return whole(self, partition, **more)

    try:
        for change, ranges in (
            ("epost = epost", []),
            ("antall = 77", [2]),
            ("pris = pris + 0.000000001", [2]),
            ("epost = NULL", [2]),
            ("epost = ''", [2]),
        ):
            with engine.begin() as connection:
                connection.exec_driver_sql(f"UPDATE {table} SET {change} WHERE id = 120")
            read.clear()
            with monkeypatch.context() as patched:
                patched.setattr(DatabaseSnapshot, "batches", noted)
                reused = publish("analytics", "--incremental")["reused"]
            # What is new is searched for the values of every row, which are read in one go.
            assert read == [*ranges, *([0] if ranges else [])], change
            assert reused["partitions"] == 8 - len(ranges)
            publish("whole")
            assert rows("analytics") == rows("whole")
        assert pq.read_table((project / "releases" / "whole" / "latest").resolve() / table).num_rows == 400  # fmt: skip
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP TABLE {table}")
        engine.dispose()
