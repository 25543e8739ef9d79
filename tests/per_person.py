"""A shop whose keys tell over several tables whose row is whose, and questions to a release of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.commands import Project

CONFIG = """\
sources:
  shop:
    database: sqlite:///shop.db
    person: {sessions: customer_id}
  exports:
    files: data/*.csv
    person: {kunder: kundenr, besok: kundenr}
entities:
  customer: [shop/customers.id, shop/sessions.customer_id]
  number: [shop/customers.number, exports/kunder.kundenr, exports/besok.kundenr]
keys:
  main: {file: ../keys/main.key}
releases:
  analytics:
    domain: test
    from: [shop, exports]
    to: releases/analytics
    rules:
      - {field: shop/customers.born, transform: shift_dates}
      - {field: shop/orders.ordered, transform: shift_dates}
      - {field: shop/lines.sent, transform: shift_dates}
      - {field: shop/lines.price, transform: noise, scale: 0.1, relative: true}
      - {field: shop/sessions.seen, transform: shift_dates}
      - {field: shop/orders.rating, transform: shuffle, within: year}
      - {field: exports/besok.dato, transform: shift_dates}
      - {field: shop/orders.id, transform: surrogate}
      - {field: shop/lines.order_id, transform: surrogate}
"""
TABLES = (
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, number INTEGER UNIQUE, navn TEXT,"  # noqa: ISC004 - one statement
    " epost TEXT, born DATE)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id),"  # noqa: ISC004 - one statement
    " ordered DATE, year INTEGER, rating INTEGER)",
    "CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id),"  # noqa: ISC004 - one statement
    " sent DATE, price INTEGER)",
    "CREATE TABLE sessions (id INTEGER PRIMARY KEY, customer_id TEXT, seen TIMESTAMP)",
    "CREATE TABLE products (id INTEGER PRIMARY KEY, stock INTEGER)",
)
GIVEN = ("Kari", "Ola", "Ingrid", "Per", "Liv", "Nils", "Anne", "Lars", "Berit", "Jan")
FAMILY = ("Hansen", "Olsen", "Berg", "Haugen", "Moen", "Dahl", "Lund", "Vik")
PERSONS, ORDERS = 60, 240


def build(folder: Path, config: str = CONFIG) -> Project:
    """A shop with lines that lead over orders, a guest's order, and an orphan line."""
    project = Project(folder)
    (folder / "data").mkdir(parents=True)
    project.sql(*TABLES)
    project.sql(*(f"INSERT INTO {table} VALUES {', '.join(rows)}" for table, rows in filled()))
    for name, column in (("kunder", "epost"), ("besok", "dato")):
        lines = [
            f"{1000 + n};"
            + (f"kunde{n}@example.no" if column == "epost" else f"{1 + n % 28}.3.2024")
            for n in range(1, PERSONS + 1)
        ]
        text = f"kundenr;{column}\n" + "\n".join(lines) + "\n"
        (folder / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    project.configure(config)
    key = folder.parent / "keys" / "main.key"
    if not key.exists():
        assert project.run("keys", "init", str(key)).code == 0
    return project


def filled() -> Iterator[tuple[str, list[str]]]:
    """Name and rows of each table."""
    yield (
        "customers",
        [
            f"({n}, {1000 + n}, '{GIVEN[n % 10]} {FAMILY[n % 8]}', 'kunde{n}@example.no',"
            f" '{1950 + n % 50}-{1 + n % 12:02d}-{1 + n % 28:02d}')"
            for n in range(1, PERSONS + 1)
        ],
    )
    orders = [
        f"({n}, {1 + n % PERSONS}, '{2023 + n % 2}-{1 + n % 12:02d}-{1 + n % 28:02d}',"
        f" {2023 + n % 2}, {n % 5})"
        for n in range(1, ORDERS + 1)
    ]
    yield "orders", [*orders, "(9001, NULL, '2024-05-17', 2024, 3)"]
    lines = [
        f"({n}, {1 + n % ORDERS}, '2024-{1 + n % 12:02d}-{1 + n % 28:02d}', {100 + n})"
        for n in range(1, 2 * ORDERS + 1)
    ]
    yield "lines", [*lines, "(9001, 9001, '2024-05-18', 50)", "(9002, 7777, '2024-05-18', 50)"]
    sessions = [
        f"({n}, '{1 + n % PERSONS}', '2024-0{1 + n % 9}-11 12:34:56')" for n in range(1, 200)
    ]
    yield "sessions", [*sessions, "(9001, '', '2024-05-17 10:00:00')"]
    yield "products", [f"({n}, {n % 7})" for n in range(1, 41)]


def published(project: Project) -> dict[str, Any]:
    """Scan and publish; the manifest."""
    for words in (("discover",), ("publish", "analytics")):
        done = project.run(*words)
        assert done.code == 0, done.err + done.out
    manifest: dict[str, Any] = json.loads(
        (project / "releases/analytics/latest/manifest.json").read_text(encoding="utf-8")
    )
    return manifest


def query(project: Project, sql: str) -> list[dict[str, Any]]:
    """Rows of the release."""
    done = project.run("query", "analytics", sql, "--format", "json")
    assert done.code == 0, done.err
    rows: list[dict[str, Any]] = json.loads(done.out)
    return rows


def source(project: Project, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the shop."""
    with sqlite3.connect(project / "shop.db") as db:
        return db.execute(sql).fetchall()
