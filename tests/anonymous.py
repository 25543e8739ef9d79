"""A small shop for anonymised releases, in any database, and tools to harm what was published."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from sladd.config import KeyConfig
from sladd.keyring import Keyring
from sladd.release import dumps, read_manifest, sign
from sladd.release.paths import MANIFEST, SIGNATURE
from tests.commands import Project

PERSONS, ORDERS = 600, 1_800
PLACES = ("0150", "0151", "5003", "5004", "7010", "7011", "9008", "4006")
PRODUCTS = ("krus", "penn", "bag", "lue", "paraply")
GUARANTEE = "{k: 5, max_suppression: 0.05}"

TABLES = (
    """CREATE TABLE customers (
        id INTEGER PRIMARY KEY, navn VARCHAR(80), epost VARCHAR(80),
        postnr VARCHAR(4), fdato DATE, kjonn VARCHAR(1), poeng INTEGER)""",
    """CREATE TABLE orders (
        id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id),
        vare VARCHAR(40), belop NUMERIC(10, 2), dag DATE)""",
)
ROLES = {
    "customers.postnr": "quasi",
    "customers.fdato": "quasi",
    "customers.kjonn": "quasi",
    "customers.poeng": "sensitive",
}
ORDER_ROLES = {"orders.id": "quasi", "orders.belop": "sensitive"}
PER_PERSON = "{per_person: {aggregate: {id: count, belop: sum}}}"


def rows() -> Iterator[str]:
    """The statements that fill the tables; every person is invented."""
    people = [
        f"({i}, 'Kunde Nummer{i}', 'kunde{i}@example.no', '{PLACES[i * 7 % 8]}',"
        f" '{1950 + i * 13 % 50}-{1 + i % 12:02d}-{1 + i % 28:02d}', '{'KM'[i % 2]}', {i * 37 % 9})"
        for i in range(1, PERSONS + 1)
    ]
    sales = [
        f"({i}, {1 + i * i % PERSONS}, '{PRODUCTS[i % 5]}', {10 + i % 40}.50,"
        f" '2025-{1 + i % 12:02d}-{1 + i % 28:02d}')"
        for i in range(1, ORDERS + 1)
    ]
    yield "INSERT INTO customers VALUES " + ", ".join(people)
    yield "INSERT INTO orders VALUES " + ", ".join(sales)


def configuration(
    *,
    schema: str = "",
    database: str = "sqlite:///shop.db",
    roles: dict[str, str] | None = None,
    tables: dict[str, str] | None = None,
    guarantee: str = GUARANTEE,
    rules: str = "",
) -> str:
    """`sladd.yaml` with an anonymised release `open`."""
    prefix = f"shop/{schema}"
    given = {**ROLES, **ORDER_ROLES} if roles is None else roles
    options = {"orders": PER_PERSON} if tables is None else tables
    lines = [f"      {prefix}{column}: {role}" for column, role in given.items()]
    units = [f"      {prefix}{table}: {option}" for table, option in options.items()]
    parts = [
        "sources:",
        f"  shop: {{database: '{database}'}}",
        "keys:",
        "  main: {file: ../keys/main.key}",
        "releases:",
        "  open:",
        "    kind: anonymised",
        "    domain: open",
        "    from: [shop]",
        *(["    roles:", *lines] if lines else []),
        *(["    tables:", *units] if units else []),
        *([f"    rules: {rules}"] if rules else []),
        f"    guarantee: {guarantee}",
        "    to: releases/open",
    ]
    return "\n".join(parts) + "\n"


def build(folder: Path) -> Project:
    """The shop in SQLite, with its configuration and key; scanned."""
    folder.mkdir(parents=True, exist_ok=True)
    project = Project(folder)
    project.sql(*TABLES, *rows())
    project.configure(configuration())
    done = project.run("keys", "init", str(folder.parent / "keys" / "main.key"))
    assert done.code == 0, done.err
    done = project.run("discover")
    assert done.code == 0, done.err
    return project


def copied(project: Project, folder: Path) -> Project:
    """A copy of a project, that a test may harm."""
    shutil.copytree(project.folder, folder / "shop", symlinks=True)
    shutil.copytree(project.folder.parent / "keys", folder / "keys")
    return Project(folder / "shop")


def read(project: Project, table: str) -> pa.Table:
    """A published table."""
    folder = (project.folder / "releases" / "open" / "latest").resolve()
    (file,) = read_manifest(folder).table(table).files
    return pq.read_table(folder / file.path)


def classes(table: pa.Table, *columns: str) -> Counter[tuple[object, ...]]:
    """Rows by what stands in some columns."""
    return Counter(zip(*(table.column(name).to_pylist() for name in columns), strict=True))


def planted(project: Project, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change the rows of a published table, and sign the release as if it had been so."""
    folder = (project.folder / "releases" / "open" / "latest").resolve()
    manifest = read_manifest(folder)
    (file,) = manifest.table(table).files
    written = change(pq.read_table(folder / file.path))
    pq.write_table(written, folder / file.path, store_schema=False)
    digest = hashlib.sha256((folder / file.path).read_bytes()).hexdigest()
    changed = file.model_copy(update={"sha256": digest, "rows": written.num_rows})
    told = {"files": (changed,), "rows_out": written.num_rows}
    tables = tuple(t.model_copy(update=told) if t.name == table else t for t in manifest.tables)
    manifest = manifest.model_copy(update={"tables": tables})
    key = project.folder.parent / "keys" / "main.key"
    signing = Keyring({"main": KeyConfig(file=str(key))}, root=Path()).signing_key("main")
    data = dumps(manifest)
    (folder / MANIFEST).write_bytes(data)
    (folder / SIGNATURE).write_bytes(sign(data, signing))


def fill_in(path: Path, **given: object) -> None:
    """Fill in the form of an assessment."""
    form = yaml.safe_load(path.read_text("utf-8"))
    form |= {
        "assessed_by": "Prøve Ombudsen",
        "position": "personvernombud",
        "recipients": ["åpent for alle"],
        "release_model": "public",
        "controller_keeps": "Kildene, bak tilgangsstyring.",
        "singling_out": "Minste klasse er stor nok.",
        "linkability": "Ingen felles nøkkel.",
        "inference": "Lav.",
        "conclusion": "anonymised",
        **given,
    }
    path.write_text(yaml.safe_dump(form, allow_unicode=True), "utf-8")
