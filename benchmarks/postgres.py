"""A release out of PostgreSQL, against copying the table to Parquet unchanged.

The server is a private one on this machine, the driver ADBC on both sides. Wall time, because
most of the work is the server's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import data, project
from benchmarks.measure import in_turns, rounds_for
from benchmarks.result import Goal, Measure
from sladd.pipeline.bind import Bound
from tests import services

GOAL = Goal(
    1.5, fixed=1.0, why="the snapshot, the plan and the catalog, whatever the number of rows"
)
TABLE = "shop/public.orders"


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Wall seconds until the rows stand in order."""
    with services.postgresql() as server:
        url = server.new_database()
        plain = "postgresql://" + url.split("://", 1)[1]
        table = data.table(rows, telling=False)
        numbers = pa.array(range(rows), pa.int64())
        _load(plain, table.add_column(0, "id", numbers))
        bound = _scanned(folder, url, ["id", *table.column_names])
        floor, ours = in_turns(
            rounds_for(rows),
            lambda: _seconds(lambda: _copy(plain, folder / "unchanged.parquet")),
            lambda: _publish(bound),
        )
    what = f"{rows:,} × 15 out of PostgreSQL, 6 pseudonymised, in order"
    return (Measure(what, ours, "s wall", floor, "copy to Parquet unchanged", GOAL),)


def _load(url: str, table: pa.Table) -> None:
    import adbc_driver_postgresql.dbapi as adbc

    with adbc.connect(url) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("orders", table, mode="create")
        cursor.execute("ALTER TABLE orders ADD PRIMARY KEY (id)")
        connection.commit()


def _copy(url: str, path: Path) -> None:
    import adbc_driver_postgresql.dbapi as adbc

    with adbc.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM orders")
        with (
            cursor.fetch_record_batch() as reader,
            pq.ParquetWriter(path, reader.schema, compression="zstd") as writer,
        ):
            for batch in reader:
                writer.write_batch(batch)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _publish(bound: Bound) -> float:
    from sladd.pipeline.publish import publish

    told: dict[str, float] = {}
    begun = time.perf_counter()
    publish(bound, "bench", tell=lambda what, *_: told.update({what: time.perf_counter()}))
    return told["sorted"] - begun


def _scanned(folder: Path, url: str, columns: list[str]) -> Bound:
    from sladd.model import Decision
    from sladd.pipeline.discover import discover

    keyed = {*data.PERSONAL}
    rules = [
        {"field": f"{TABLE}.{name}", "transform": "pseudonym" if name in keyed else "keep"}
        for name in columns
    ]
    release = {"domain": "b", "from": ["shop"], "rules": rules, "keep_versions": 1, "to": "release"}
    settings = {"sources": {"shop": {"database": url}}, "releases": {"bench": release}}
    bound = project.ready(project.make(folder / "project", settings))
    discover(bound)
    bound.catalog.verdicts.decide(
        f"{TABLE}.fnr", Decision.CONFIRMED, category="", reason="benchmark", by="benchmark"
    )
    return bound
