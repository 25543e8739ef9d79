"""The flow reads a source with two threads: sources and recognisers must not mind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sladd.pipeline.bind import bind
from sladd.pipeline.discover import discover
from tests.integration.flows.project import found, make_project


def in_threads(work: Any, jobs: Sequence[Any]) -> Iterator[Any]:
    """Two at a time, as the task runner of the flow does."""
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(work, jobs)


def as_duckdb(config: Path) -> None:
    """The same tables in DuckDB."""
    import duckdb

    with (
        sqlite3.connect(config.parent / "shop.db") as lite,
        duckdb.connect(str(config.parent / "shop.duckdb")) as db,
    ):
        names = [row[0] for row in lite.execute("SELECT name FROM sqlite_master")]
        for name in names:
            told = lite.execute(f"SELECT * FROM {name}")
            columns = [column[0] for column in told.description]
            table = pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in told])
            db.register("arrived", table)
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM arrived")
    text = config.read_text("utf-8")
    config.write_text(text.replace("sqlite:///shop.db", "duckdb:///shop.duckdb"), "utf-8")


def many_tables(config: Path) -> None:
    """Eight more files and tables, so that the threads have something to meet over."""
    for number in range(8):
        rows = "".join(f"ola.nordmann{i * number}@example.no;{i}\n" for i in range(1, 60))
        path = config.parent / "data" / f"{'abcdefgh'[number]}list.csv"
        path.write_text(f"epost;n\n{rows}", encoding="utf-8")
    with sqlite3.connect(config.parent / "shop.db") as db:
        for number in range(8):
            db.execute(f"CREATE TABLE t{number} AS SELECT * FROM customers")


@pytest.mark.parametrize("kind", ["sqlite and files", "duckdb"])
def test_two_threads_find_what_one_finds(tmp_path: Path, kind: str) -> None:
    """Every field, finding and piece of evidence, twice over."""
    wanted = None
    for number, mapper in enumerate((map, in_threads, in_threads)):
        config = make_project(tmp_path / str(number))
        many_tables(config)
        if kind == "duckdb":
            as_duckdb(config)
        discover(bind(config), mapper=mapper)
        rows = found(config)
        assert len(rows) > 20
        wanted = rows if wanted is None else wanted
        assert rows == wanted
