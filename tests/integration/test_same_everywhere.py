"""The same shop in SQLite, PostgreSQL, MariaDB and DuckDB: the same findings and pseudonyms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import dialect as postgresql_dialect

from sladd.keyring import create_key_file
from sladd.pipeline.bind import bind
from sladd.pipeline.discover import discover
from sladd.pipeline.publish import publish
from tests.sample_shop import SAMPLES, copied

CONFIG = """
sources:
  shop:
    database: {url}
    include: [{include}]
    person: {{{schema}web_sessions: kunde}}
    eav: {{customer_meta: [meta_key, meta_value]}}
entities:
  customer: [shop/{schema}customers.id, shop/{schema}web_sessions.kunde]
keys:
  main: {{file: {key}}}
releases:
  analytics:
    domain: produktanalyse
    from: [shop]
    leave_out_columns:
      restricted: [shop/{schema}customers.begrenset]
    to: {to}
"""


def shop_tables() -> sa.MetaData:
    """The sample shop's tables, with types that every database knows."""
    shop = sa.MetaData()
    shop.reflect(sa.create_engine(f"sqlite:///{SAMPLES / 'shop.db'}"))
    for table in shop.tables.values():
        for column in table.columns:
            if isinstance(column.type, sa.Integer):
                column.type = sa.BigInteger()
                column.autoincrement = False
            elif isinstance(column.type, sa.Text | sa.String):
                # MariaDB indexes no unbounded text.
                wide = not (column.unique or column.primary_key or _indexed(table, column))
                column.type = sa.Text() if wide else sa.String(190)
            elif isinstance(column.type, sa.Float):
                column.type = sa.Double()
    return shop


def rows_of(table: sa.Table) -> list[dict]:
    """Its rows in the sample shop."""
    with sa.create_engine(f"sqlite:///{SAMPLES / 'shop.db'}").connect() as reading:
        return [dict(row) for row in reading.execute(table.select()).mappings()]


def copy_shop(url: str) -> None:
    """Load the sample shop into another database, keys and all."""
    goal = sa.create_engine(url)
    with goal.begin() as writing:
        for table in shop_tables().sorted_tables:
            writing.execute(sa.schema.CreateTable(table))
            if rows := rows_of(table):
                writing.execute(table.insert(), rows)
    goal.dispose()


def generations(table: sa.Table) -> Iterator[list[dict]]:
    """Its rows, those that others of the same table point at first: DuckDB checks at once."""
    own = [
        (element.parent.name, element.column.name)
        for key in table.foreign_key_constraints
        if key.referred_table is table
        for element in key.elements
    ]
    rows = rows_of(table)
    while rows:
        present = [{row[target] for row in rows} for _, target in own]
        ready = [
            row
            for row in rows
            if not any(row[c] in there for (c, _), there in zip(own, present, strict=True))
        ]
        yield ready
        rows = [row for row in rows if row not in ready]


def copy_to_duckdb(path: Path) -> None:
    """The same for DuckDB, which has no SQLAlchemy dialect that knows its second version."""
    with duckdb.connect(str(path)) as writing:
        for table in shop_tables().sorted_tables:
            statement = sa.schema.CreateTable(table).compile(dialect=postgresql_dialect())
            writing.execute(str(statement))
            for rows in generations(table):
                batch = pa.Table.from_pylist(rows)
                names = ", ".join(f'"{name}"' for name in batch.column_names)
                writing.register("batch", batch)
                writing.execute(f'INSERT INTO "{table.name}" ({names}) SELECT * FROM batch')
                writing.unregister("batch")


def _indexed(table: sa.Table, column: sa.Column) -> bool:
    keys = [*table.constraints, *table.indexes]
    return any(column.name in getattr(key, "columns", {}) for key in keys)


def journey(folder: Path, url: str, key: Path, schema: str = "") -> dict[str, object]:
    """Scan and publish; findings by table and column, and the pseudonyms of every column."""
    folder.mkdir(exist_ok=True)
    (folder / "sladd.yaml").write_text(
        CONFIG.format(
            url=url,
            key=key,
            to=folder / "release",
            schema=schema,
            include='"public.*"' if schema else '"*"',
        ),
        encoding="utf-8",
    )
    bound = bind(folder / "sladd.yaml")
    results = discover(bound)
    assert not results[0].not_scanned
    findings = {
        str(f.field.ref).replace(schema, ""): (f.finding.how.value, f.finding.category)
        for table in results[0].tables
        for f in table.fields
    }
    made = publish(bound, "analytics")
    pseudonyms = {}
    for table in made.manifest.tables:
        data = pq.ParquetDataset([made.path / f.path for f in table.files]).read()
        for column in table.columns:
            if column.transform == "pseudonym":
                pseudonyms[table.name, column.name] = sorted(
                    data.column(column.name).to_pylist(), key=str
                )
    return {"findings": findings, "pseudonyms": pseudonyms}


@pytest.fixture(scope="module")
def key(tmp_path_factory) -> Path:
    """One key for all four."""
    path = tmp_path_factory.mktemp("keys") / "main.key"
    create_key_file(path)
    return path


@pytest.fixture(scope="module")
def in_sqlite(tmp_path_factory, scanned_shop, key) -> dict[str, object]:
    """What the others are held against."""
    project = copied(scanned_shop, tmp_path_factory.mktemp("sqlite") / "p")
    found = journey(project.folder, "sqlite:///shop.db", key)
    assert len(found["findings"]) > 100
    assert len(found["pseudonyms"]) > 20
    return found


def agree(found: dict, expected: dict) -> None:
    differing = {
        field: (found["findings"].get(field), expected["findings"].get(field))
        for field in found["findings"].keys() | expected["findings"].keys()
        if found["findings"].get(field) != expected["findings"].get(field)
    }
    assert not differing
    assert found["pseudonyms"].keys() == expected["pseudonyms"].keys()
    assert found["pseudonyms"] == expected["pseudonyms"]


def test_duckdb_gives_the_same(tmp_path, key, in_sqlite):
    """A DuckDB file."""
    path = tmp_path / "shop.duckdb"
    copy_to_duckdb(path)
    agree(journey(tmp_path / "p", f"duckdb:///{path}", key), in_sqlite)


@pytest.mark.services
def test_postgresql_gives_the_same(tmp_path, key, in_sqlite, postgresql):
    """A PostgreSQL, in its default schema."""
    url = postgresql.new_database()
    copy_shop(url)
    agree(journey(tmp_path / "p", url, key, "public."), in_sqlite)


@pytest.mark.services
def test_mariadb_gives_the_same(tmp_path, key, in_sqlite, mariadb):
    """A MariaDB."""
    url = mariadb.new_database()
    copy_shop(url)
    agree(journey(tmp_path / "p", url, key), in_sqlite)
