"""Write one shop: database, exports, ground truth."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from importlib.resources import files
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .customers import address_rows, consent_rows, customer_rows, meta_rows
from .documents import write_documents
from .exports import write_exports
from .plan import Plan, draw_plan
from .products import Rows, product_rows
from .sales import sale_rows
from .staff import staff_rows, supplier_rows
from .truth import write_labels
from .web import note_rows, review_rows, session_rows, user_rows

SMALLEST_SHOP = 200
MOST_CUSTOMERS = 1_000_000
_AS_PARQUET = ("customers", "orders")
_ARROW = {"INTEGER": pa.int64(), "REAL": pa.float64(), "TEXT": pa.string()}


def generate(
    out: Path,
    customers: int,
    seed: int,
    *,
    only_database: bool = False,
    parquet: bool = False,
) -> None:
    """Write a shop into a directory.

    Args:
        out: made if missing; a shop that is there already is replaced.
        customers: 200 to 1,000,000; orders and everything else grow with it.
        seed: the same seed gives the same rows.
        only_database: no export files and no documents.
        parquet: `customers.parquet` and `orders.parquet` beside the database.
    """
    out.mkdir(parents=True, exist_ok=True)
    plan = draw_plan(customers, seed)
    _write_database(out, plan, _AS_PARQUET if parquet else ())
    if not only_database:
        write_exports(out / "files", plan)
        write_documents(out, plan)
    write_labels(out / "labels.csv", exports=not only_database)


def table_rows(plan: Plan) -> Iterator[tuple[str, Rows]]:
    """Every table in steps of bounded size, referenced tables first."""
    return chain(
        product_rows(plan.products),
        customer_rows(plan),
        address_rows(plan),
        meta_rows(plan),
        consent_rows(plan),
        user_rows(plan),
        sale_rows(plan),
        session_rows(plan),
        review_rows(plan),
        note_rows(plan),
        staff_rows(plan),
        supplier_rows(plan),
    )


def _write_database(out: Path, plan: Plan, as_parquet: tuple[str, ...]) -> None:
    path = out / "shop.db"
    path.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as database,
        ExitStack() as open_files,
    ):
        # A half-written shop is worthless: no journal, and written again after a crash.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.executescript((files(__package__) / "schema.sql").read_text(encoding="utf-8"))
        database.execute("BEGIN")
        writers: dict[str, tuple[pa.Schema, pq.ParquetWriter]] = {}
        for name in as_parquet:
            schema = _arrow_schema(database, name)
            target = open_files.enter_context(pq.ParquetWriter(out / f"{name}.parquet", schema))
            writers[name] = schema, target
        for table, rows in table_rows(plan):
            if not rows:
                continue
            marks = ", ".join("?" * len(rows[0]))
            database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
            if table in writers:
                schema, target = writers[table]
                columns = zip(*rows, strict=True)
                arrays = [
                    pa.array(column, field.type)
                    for column, field in zip(columns, schema, strict=True)
                ]
                target.write_batch(pa.record_batch(arrays, schema=schema))
        database.execute("COMMIT")


def _arrow_schema(database: sqlite3.Connection, table: str) -> pa.Schema:
    columns = database.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
    return pa.schema([(name, _ARROW[declared]) for name, declared in columns])
