"""A shop that is scanned and published once, and copied for each test that harms it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.commands import Project

HOSTILE = 'a b "c" \'d\' "><script>alert(1)</script> æøå'

CONFIG = """\
sources:
  shop:
    database: sqlite:///shop.db
  exports:
    files: data/*
keys:
  main: {file: ../keys/main.key}
releases:
  analytics:
    domain: test
    from: [shop, exports]
    to: releases/analytics
"""

TABLES = (
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, navn TEXT, epost TEXT, registrert TEXT)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, belop REAL,"  # noqa: ISC004 - one statement
    " customer_id INTEGER REFERENCES customers(id))",
    "CREATE TABLE no_rows (id INTEGER PRIMARY KEY, antall INTEGER)",
    "CREATE TABLE no_key (farge TEXT, antall INTEGER)",
    "CREATE TABLE wide (" + ", ".join(f"c{n} INTEGER" for n in range(500)) + ")",
)
GIVEN = ("Kari", "Ola", "Ingrid", "Per", "Liv", "Nils", "Anne", "Lars", "Berit", "Jan")
FAMILY = ("Hansen", "Olsen", "Berg", "Haugen", "Moen", "Dahl", "Lund", "Vik")


def build(folder: Path, *, wide: bool = True) -> Project:
    """Write the shop, its configuration and its key; nothing is scanned yet."""
    project = Project(folder)
    (folder / "data").mkdir(parents=True)
    project.sql(*(TABLES if wide else TABLES[:-1]))
    hostile = HOSTILE.replace('"', '""')
    people = [
        f"({i}, '{GIVEN[i % 10]} {FAMILY[i % 8]}', 'kunde{i}@example.no', '2023-{1 + i % 12:02d}-{1 + i % 28:02d}')"
        for i in range(1, 61)
    ]
    project.sql(
        f'CREATE TABLE "odd {hostile}" (id INTEGER PRIMARY KEY, "{hostile}" INTEGER)',
        f'INSERT INTO "odd {hostile}" VALUES (1, 10), (2, 20)',
        "INSERT INTO customers VALUES " + ", ".join(people),
        "INSERT INTO orders VALUES "
        + ", ".join(f"({i}, {i * 1.5}, {1 + i % 60})" for i in range(1, 121)),
        "INSERT INTO no_key VALUES "
        + ", ".join(f"('{c}', {n})" for n in range(20) for c in ("blå", "rød")),
    )
    if wide:
        project.sql(f"INSERT INTO wide VALUES ({', '.join(str(n % 7) for n in range(500))})")
    (folder / "data" / "varer.csv").write_text(
        "varenr;antall\n" + "".join(f"{i};{i % 5}\n" for i in range(50)), encoding="utf-8"
    )
    project.configure(CONFIG)
    key = folder.parent / "keys" / "main.key"
    if not key.exists():
        assert project.run("keys", "init", str(key)).code == 0
    return project


def scanned(folder: Path) -> Project:
    """The same without its wide table, and scanned; a copy of one that is scanned once a run."""
    return _copied(_once(), folder)


def published(folder: Path) -> Project:
    """The same, scanned and published; a copy of one that is published once a run."""
    return _copied(_once("publish", "analytics"), folder)


@cache
def _once(*then: str) -> Path:
    """The folder of a shop that was scanned, and what was done to it then."""
    home = Path(tempfile.mkdtemp(prefix="sladd-shop-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    project = _copied(_once(), home / "p") if then else build(home / "p", wide=False)
    done = project.run(*then) if then else project.run("discover")
    assert done.code == 0, done.err + done.out
    return project.folder


def _copied(made: Path, folder: Path) -> Project:
    shutil.copytree(made.parent / "keys", folder.parent / "keys")
    return Project(Path(shutil.copytree(made, folder, symlinks=True)))
