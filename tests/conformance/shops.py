"""The same small shop in each kind of source.

A further kind of source joins by one entry in `SHOPS`: a factory that writes the shop of
`rows()` somewhere and returns an open source of it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sladd.model import Snapshot, Source, Table

ROWS = 5_000
COLUMNS = ("id", "name", "email", "born", "created_at", "balance", "active", "note")


def rows(number: int = ROWS) -> list[tuple[Any, ...]]:
    """The customers of the shop; ids have gaps, notes are mostly NULL and sometimes ''."""
    chance = random.Random(7)
    return [
        (
            10 + 3 * i,
            f"Ærlig Øst Å{i}",
            f"kunde{i}@example.no",
            date(1950, 1, 1) + timedelta(days=i),
            datetime(2024, 1, 1, 8, 30) + timedelta(minutes=i, microseconds=500_000),
            Decimal(chance.randrange(-50_000, 9_000_000)) / 100,
            bool(i % 2),
            None if i < 3_000 else "" if i % 5 == 0 else f"50 % \"av\" 'alt' {i}",
        )
        for i in range(number)
    ]


DDL = (
    (
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL,"
        " email VARCHAR(120), born DATE, created_at {timestamp}, balance DECIMAL(12,2),"
        " active BOOLEAN, note {text})"
    ),
    (
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL,"
        " FOREIGN KEY (customer_id) REFERENCES customers(id))"
    ),
    "CREATE TABLE empty_table (a {text}, b INTEGER)",
    "CREATE TABLE log (line {text}, num INTEGER)",
)


@dataclass(frozen=True)
class Shop:
    """A source that holds the shop, and what its kind cannot do."""

    source: Source
    schema: str | None = None
    typed: bool = True  # has declared types
    keyed: bool = True  # has keys
    booleans: bool = True


def _fill(url: str, connect_args: dict[str, Any] | None = None) -> None:
    import sqlalchemy as sa

    engine = sa.create_engine(url, connect_args=connect_args or {})
    name = engine.dialect.name
    words = {
        "timestamp": "DATETIME(6)" if name in {"mysql", "mariadb"} else "TIMESTAMP",
        "text": "TEXT",
    }
    customers = sa.table("customers", *(sa.column(c) for c in COLUMNS))
    with engine.begin() as connection:
        for statement in DDL:
            connection.exec_driver_sql(statement.format(**words))
        data = [dict(zip(COLUMNS, row, strict=True)) for row in rows()]
        if name == "sqlite":
            for row in data:
                row |= {
                    "balance": float(row["balance"]),
                    "born": row["born"].isoformat(),
                    "created_at": row["created_at"].isoformat(" "),
                }
        connection.execute(customers.insert(), data)
        connection.execute(
            sa.table("orders", sa.column("id"), sa.column("customer_id")).insert(),
            [{"id": i, "customer_id": 10 + 3 * (i % ROWS)} for i in range(1, 101)],
        )
        connection.execute(
            sa.table("log", sa.column("line"), sa.column("num")).insert(),
            [{"line": f"line {i % 3}", "num": i} for i in range(900)],
        )
        if name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def sqlite_shop(path: Path, _request: pytest.FixtureRequest) -> Shop:
    from sladd.sources.database import DatabaseSource

    _fill(f"sqlite:///{path}/shop.db")
    return Shop(DatabaseSource("shop", "sqlite:///shop.db", root=path))


def other_shop(path: Path, _request: pytest.FixtureRequest) -> Shop:
    """SQLite through the path of dialects that sladd knows nothing of."""
    from sladd.sources.database import DatabaseSource
    from sladd.sources.database.dialects.engine import open_engine
    from sladd.sources.database.dialects.other import OtherDialect

    _fill(f"sqlite:///{path}/shop.db")

    class Unlisted(OtherDialect):
        def schemas(self, inspector: Any) -> list[str | None]:
            return [None]

    source = DatabaseSource(
        "shop", f"sqlite:///{path}/shop.db", root=path,
        dialect=lambda a: Unlisted(a, timeout_s=60, engine=open_engine(a)),
    )  # fmt: skip
    return Shop(source, typed=False)


def duckdb_shop(path: Path, _request: pytest.FixtureRequest) -> Shop:
    import duckdb

    from sladd.sources.database import DatabaseSource

    with duckdb.connect(str(path / "shop.duckdb")) as connection:
        for statement in DDL:
            connection.execute(statement.format(timestamp="TIMESTAMP", text="TEXT"))
        columns = list(zip(*rows(), strict=True))
        types = [pa.int64(), *[pa.string()] * 2, pa.date32(), pa.timestamp("us"),
                 pa.decimal128(12, 2), pa.bool_(), pa.string()]  # fmt: skip
        data = pa.table([pa.array(c, t) for c, t in zip(columns, types, strict=True)], COLUMNS)
        connection.register("data", data)
        connection.execute("INSERT INTO customers SELECT * FROM data")
        connection.execute("INSERT INTO orders SELECT i, 10 + 3 * i FROM range(1, 101) r(i)")
        connection.execute("INSERT INTO log SELECT 'line ' || (i % 3), i FROM range(900) r(i)")
    return Shop(DatabaseSource("shop", "duckdb:///shop.duckdb", root=path))


def postgresql_shop(path: Path, request: pytest.FixtureRequest) -> Shop:
    from sladd.sources.database import DatabaseSource
    from tests.services import Server

    server: Server = request.getfixturevalue("postgresql")
    url = server.new_database()
    _fill(url)
    return Shop(DatabaseSource("shop", url, root=path), schema="public")


def mariadb_shop(path: Path, request: pytest.FixtureRequest) -> Shop:
    from sladd.sources.database import DatabaseSource
    from tests.services import Server

    server: Server = request.getfixturevalue("mariadb")
    url = server.new_database()
    _fill(url)
    return Shop(DatabaseSource("shop", url, root=path), booleans=False)


def _shop_tables() -> dict[str, pa.Table]:
    types = [pa.int64(), *[pa.string()] * 2, pa.date32(), pa.timestamp("us"),
             pa.decimal128(12, 2), pa.bool_(), pa.string()]  # fmt: skip
    columns = zip(zip(*rows(), strict=True), types, strict=True)
    return {
        "customers": pa.table([pa.array(c, t) for c, t in columns], COLUMNS),
        "orders": pa.table(
            {"id": range(1, 101), "customer_id": [10 + 3 * (i % ROWS) for i in range(1, 101)]}
        ),
        "empty_table": pa.table({"a": pa.array([], pa.string()), "b": pa.array([], pa.int64())}),
        "log": pa.table({"line": [f"line {i % 3}" for i in range(900)], "at": range(900)}),
    }


def parquet_shop(path: Path, _request: pytest.FixtureRequest) -> Shop:
    """Parquet files of several row groups."""
    import pyarrow.parquet as pq

    from sladd.sources.files import FilesSource

    for name, table in _shop_tables().items():
        pq.write_table(table, path / f"{name}.parquet", row_group_size=600)
    return Shop(FilesSource("shop", ["*.parquet"], root=path), keyed=False)


def dataset_shop(path: Path, _request: pytest.FixtureRequest) -> Shop:
    """A table in several Arrow files of one day each."""
    from pyarrow import ipc

    from sladd.sources.files import FilesSource

    for name, table in _shop_tables().items():
        days = max(1, table.num_rows // 1_000)
        size = -(-table.num_rows // days)
        for day in range(days):
            with ipc.new_file(
                str(path / f"{name}_2026-01-{day + 1:02}.arrow"), table.schema
            ) as file:
                file.write_table(table.slice(day * size, size))
    return Shop(FilesSource("shop", ["*.arrow"], root=path), keyed=False)


def _service(shop: Any, name: str) -> Any:
    return pytest.param(shop, id=name, marks=[pytest.mark.services, pytest.mark.xdist_group(name)])


SHOPS: list[Any] = [
    pytest.param(sqlite_shop, id="sqlite"),
    pytest.param(other_shop, id="other"),
    pytest.param(duckdb_shop, id="duckdb"),
    pytest.param(parquet_shop, id="parquet"),
    pytest.param(dataset_shop, id="dataset"),
    _service(postgresql_shop, "postgresql"),
    _service(mariadb_shop, "mariadb"),
]


def table_of(shop: Shop, name: str = "customers") -> Table:
    return next(table for table in shop.source.tables() if table.ref.name == name)


def read_all(snapshot: Snapshot, table: Table, **options: Any) -> pa.Table:
    batches = [
        batch
        for partition in snapshot.partitions(table, rows=options.pop("rows", 200_000))
        for batch in snapshot.batches(partition, **options)
    ]
    return pa.Table.from_batches(batches)
