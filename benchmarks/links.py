"""How long measuring keys takes: 40 tables × 20 columns × 10,000 rows without a declared key.

python -m benchmarks.links [TABLES] [COLUMNS] [ROWS]
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from detectors.keys import Salt
from sladd.config import Config, SourceConfig
from sladd.model import FieldScan, Finding, How, Table, TableScan
from sladd.pipeline.links.measure import within_source
from sladd.pipeline.links.reading import Budget
from sladd.sources import open_source

NOUNS = [
    "customers",
    "orders",
    "products",
    "suppliers",
    "employees",
    "addresses",
    "invoices",
    "payments",
    "shipments",
    "reviews",
    "carts",
    "sessions",
    "tickets",
    "categories",
    "brands",
    "stores",
    "departments",
    "projects",
    "countries",
    "regions",
    "campaigns",
    "coupons",
    "groups",
    "roles",
    "contacts",
    "members",
    "subscriptions",
    "returns",
    "variants",
    "currencies",
    "languages",
    "units",
    "pricelists",
    "courses",
    "students",
    "accounts",
    "companies",
    "warehouses",
    "newsletters",
    "users",
]


def build(path: Path, tables: int, columns: int, rows: int) -> set[str]:
    """Write the database; returns the keys that are in it."""
    draw = random.Random(1)
    nouns = [NOUNS[n % len(NOUNS)] + ("" if n < len(NOUNS) else str(n)) for n in range(tables)]
    truth = set()
    with closing(sqlite3.connect(path)) as db, db:
        for noun in nouns:
            parents = draw.sample([n for n in nouns if n != noun], min(4, tables - 1))
            keys = [f"{singular(parent)}_id" for parent in parents]
            truth |= {f"{noun}.{k} -> {p}.id" for k, p in zip(keys, parents, strict=True)}
            others = [f"felt{n}" for n in range(columns - 1 - len(keys))]
            db.execute(
                f"CREATE TABLE {noun} (id INTEGER PRIMARY KEY, "
                + ", ".join([*(f"{k} INTEGER" for k in keys), *(f"{o} TEXT" for o in others)])
                + ")"
            )
            marks = ", ".join("?" * columns)
            db.executemany(
                f"INSERT INTO {noun} VALUES ({marks})",
                (
                    [
                        n,
                        *(draw.randint(1, rows) for _ in keys),
                        *(f"{o}-{draw.randint(1, rows)}" for o in others),
                    ]
                    for n in range(1, rows + 1)
                ),
            )
    return truth


def singular(noun: str) -> str:
    """`categories` → `category`."""
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun.removesuffix("es") if noun.endswith("sses") else noun.removesuffix("s")


def bare(table: Table) -> TableScan:
    """A scan that says nothing, so that every column is a candidate."""
    fields = tuple(
        FieldScan(f, Finding(f.ref, How.NONE, "", "", 0.0), rows=100, nulls=0, distinct=100)
        for f in table.fields
    )
    return TableScan(table, fields, 100, "random_rows")


def main(arguments: list[str]) -> None:
    """Build, measure, print."""
    given = [int(a) for a in arguments]
    tables, columns, rows = given if len(given) == 3 else (40, 20, 10_000)
    with tempfile.TemporaryDirectory() as folder:
        truth = build(Path(folder) / "shop.db", tables, columns, rows)
        config = Config(sources={"shop": SourceConfig(database="sqlite:///shop.db")})
        source = open_source("shop", config.sources["shop"], root=Path(folder))
        scans = [bare(table) for table in source.tables()]
        begun, worked = time.perf_counter(), time.process_time()
        with source.snapshot() as snapshot:
            found = within_source(scans, snapshot, salt=Salt(), budget=Budget(600))
        seconds, work = time.perf_counter() - begun, time.process_time() - worked
        names = {link.name.replace("shop/", "") for link in found}
        source.close()
    print(
        f"{tables} tables × {columns} columns × {rows:,} rows: {seconds:.1f} s, {work:.1f} s of work"
    )
    print(f"{len(names & truth)} of {len(truth)} keys found, {len(names - truth)} false")


if __name__ == "__main__":
    main(sys.argv[1:])
