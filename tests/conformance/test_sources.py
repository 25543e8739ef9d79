"""One contract for every source: the same small shop in each, asked the same questions.

A further kind of source joins by one entry in `SHOPS`: a factory that writes the shop of
`rows()` somewhere and returns an open source of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sladd.errors import SourceError
from sladd.model import Sample, Snapshot, Source, StorageType, Table

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


@pytest.fixture(scope="module", params=SHOPS)
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    factory: Callable[[Path, pytest.FixtureRequest], Shop] = request.param
    made = factory(tmp_path_factory.mktemp("shop"), request)
    yield made
    made.source.close()


def _table(shop: Shop, name: str = "customers") -> Table:
    return next(table for table in shop.source.tables() if table.ref.name == name)


def _read(snapshot: Snapshot, table: Table, **options: Any) -> pa.Table:
    batches = [
        batch
        for partition in snapshot.partitions(table, rows=options.pop("rows", 200_000))
        for batch in snapshot.batches(partition, **options)
    ]
    return pa.Table.from_batches(batches)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def test_it_is_a_source(shop: Shop) -> None:
    """The ports of the model are kept."""
    assert isinstance(shop.source, Source)
    with shop.source.snapshot() as snapshot:
        assert isinstance(snapshot, Snapshot)
        assert snapshot.consistency in {"snapshot", "per table"}


def test_tables_are_listed_with_their_columns_in_order(shop: Shop) -> None:
    """Every table is there, and a column stands where the source has it."""
    names = {table.ref.name for table in shop.source.tables()}
    assert names == {"customers", "orders", "empty_table", "log"}
    table = _table(shop)
    assert tuple(field.ref.column for field in table.fields) == COLUMNS
    assert str(table.ref) == f"shop/{shop.schema + '.' if shop.schema else ''}customers"
    assert shop.source.not_scanned == ()


def test_types_are_the_same_in_every_source(shop: Shop) -> None:
    """A coarse type does not depend on who stores it."""
    wanted = {
        "id": StorageType.INTEGER, "name": StorageType.STRING, "born": StorageType.DATE,
        "created_at": StorageType.TIMESTAMP, "balance": StorageType.DECIMAL,
        "active": StorageType.BOOLEAN if shop.booleans else StorageType.INTEGER,
    }  # fmt: skip
    table = _table(shop)
    assert {name: table.column(name).type for name in wanted} == wanted


def test_keys_are_known(shop: Shop) -> None:
    """Primary and foreign keys arrive, with their targets as addresses."""
    if not shop.keyed:
        pytest.skip("this kind of source has no keys")
    customers, orders = _table(shop), _table(shop, "orders")
    assert customers.primary_key == ("id",)
    assert [key.target for key in orders.foreign_keys] == [customers.ref]
    assert orders.foreign_keys[0].target_columns == ("id",)


def test_a_complete_sample_says_so(shop: Shop) -> None:
    """`rows=0` reads all, and so does a sample that is hardly smaller than the table."""
    for wanted in (0, 3_000):
        sample = shop.source.sample(_table(shop), rows=wanted)
        assert (sample.drawn, sample.rows, sample.rows_total) == ("all", ROWS, ROWS)
        assert sample.complete


def test_a_sample_is_of_the_size_asked_for_and_spread(shop: Shop) -> None:
    """A part of the table comes from all over it, not from its beginning."""
    sample = shop.source.sample(_table(shop), rows=500, seed=3)
    assert sample.drawn in {"random_rows", "block_sample", "spread_keys"}
    assert 350 <= sample.rows <= 500
    ids = sorted(int(value) for value in sample.data["id"].to_pylist())
    assert len(set(ids)) == len(ids)
    assert ids[0] < 10 + 3 * ROWS * 0.1 and ids[-1] > 10 + 3 * ROWS * 0.9
    assert [field.ref.column for field in sample.fields] == sample.data.column_names


def test_a_sample_is_the_same_for_the_same_seed(shop: Shop) -> None:
    """The seed decides."""
    drawn = [
        shop.source.sample(_table(shop), rows=300, seed=seed).data["id"].to_pylist()
        for seed in (1, 1, 2)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_table_without_key_is_sampled(shop: Shop) -> None:
    """It may be its first rows, and then it says so."""
    sample = shop.source.sample(_table(shop, "log"), rows=100, seed=1)
    assert isinstance(sample, Sample)
    assert sample.rows <= 100 and sample.drawn != "all"


def test_an_empty_table_is_sampled_and_read(shop: Shop) -> None:
    """No rows, all columns."""
    table = _table(shop, "empty_table")
    sample = shop.source.sample(table, rows=10)
    assert (sample.rows, sample.drawn) == (0, "all")
    assert sample.data.column_names == ["a", "b"]
    with shop.source.snapshot() as snapshot:
        assert snapshot.count(table) == 0
        (only,) = snapshot.partitions(table)
        assert sum(batch.num_rows for batch in snapshot.batches(only)) == 0


def test_partitions_hold_every_row_once(shop: Shop) -> None:
    """Small batches of small partitions give the table, in the order of its key."""
    table = _table(shop)
    with shop.source.snapshot() as snapshot:
        parts = snapshot.partitions(table, rows=1_200)
        data = _read(snapshot, table, rows=1_200, batch_rows=500)
        assert [p.index for p in parts] == list(range(len(parts)))
        assert sum(p.rows or 0 for p in parts) == ROWS or any(p.rows is None for p in parts)
    read = [tuple(map(_plain, row.values())) for row in data.to_pylist()]
    wanted = [tuple(map(_plain, row)) for row in rows()]
    if not shop.booleans:
        wanted = [(*row[:6], int(row[6]), row[7]) for row in wanted]
    assert read == wanted


def test_batches_keep_size_schema_and_order_of_columns(shop: Shop) -> None:
    """The schema does not change with the columns' company, nor within a table."""
    table = _table(shop)
    with shop.source.snapshot() as snapshot:
        whole = _read(snapshot, table).schema
        for partition in snapshot.partitions(table):
            for batch in snapshot.batches(partition, columns=["note", "id"], batch_rows=700):
                assert batch.num_rows <= 700
                assert batch.schema.names == ["note", "id"]
                assert batch.schema.types == [whole.field("note").type, whole.field("id").type]


def test_null_and_empty_text_stay_apart(shop: Shop) -> None:
    """NULL stays NULL, '' stays ''."""
    with shop.source.snapshot() as snapshot:
        notes = _read(snapshot, _table(shop), columns=["note"])["note"]
    assert notes.null_count == 3_000
    assert notes.to_pylist().count("") == 400


def test_a_condition_selects(shop: Shop) -> None:
    """`where` is applied to batches and to the count, percent signs and colons included."""
    table = _table(shop)
    where = "email LIKE '%1@example.no' AND name <> ':x'"
    wanted = sum(1 for row in rows() if row[2].endswith("1@example.no"))
    with shop.source.snapshot() as snapshot:
        assert snapshot.count(table, where=where) == wanted
        assert _read(snapshot, table, where=where, rows=1_000).num_rows == wanted


@pytest.mark.parametrize(
    "where",
    [
        "id = 1; DROP TABLE customers",
        "1=1) OR (1=1",
        "no_such_column = 1",
        "id = ",
        "id = 1 --",
        "",
    ],
)
def test_a_bad_condition_is_one_clear_line(shop: Shop, where: str) -> None:
    """It names the release configuration, not what the driver said."""
    table = _table(shop)
    with shop.source.snapshot() as snapshot, pytest.raises(SourceError) as caught:
        snapshot.count(table, where=where)
    assert "where" in str(caught.value) and "sladd.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "syntax" not in str(caught.value)


def test_a_partition_is_read_again_in_another_snapshot(shop: Shop) -> None:
    """What a partition carries is enough to find it again, and holds no key."""
    table = _table(shop)
    with shop.source.snapshot() as snapshot:
        parts = snapshot.partitions(table, rows=2_000)
        first = [_ids(snapshot, part) for part in parts]
    with shop.source.snapshot() as snapshot:
        assert [_ids(snapshot, part) for part in parts] == first
    # 6010 is the key of row 2,000: it must not stand in a partition.
    assert not any("6010" in repr(part.spec) for part in parts)


def _ids(snapshot: Snapshot, part: Any) -> list[int]:
    return [i for b in snapshot.batches(part, columns=["id"]) for i in b.column(0).to_pylist()]


def test_fingerprints_are_stable(shop: Shop) -> None:
    """Nothing changed, so nothing is scanned again."""
    assert _table(shop).fingerprint == _table(shop).fingerprint


def test_nothing_of_a_source_prints_a_secret(shop: Shop) -> None:
    """Neither the source nor its tables show the address."""
    assert "@" not in repr(shop.source)
    assert "password" not in repr(shop.source).lower()


# A source of documents cannot hold the shop: its columns are its own. The contract is the same.

MAILS = 2_000


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """Mails in files, and many of them in one mailbox."""
    from sladd.sources.documents.source import DocumentsSource

    folder = tmp_path_factory.mktemp("mail")
    mails = [
        f"From: Ærlig Øst {i} <kunde{i}@example.no>\nTo: post@example.com\nSubject: Nr. {i}\n\n"
        f"50 % \"av\" 'alt' {i}\n"
        for i in range(MAILS)
    ]
    for number, mail in enumerate(mails[:50]):
        (folder / f"{number}.eml").write_text(mail)
    box = "".join(f"From a@example.no Thu Jan  1 00:00:00 2026\n{mail}\n" for mail in mails[50:])
    (folder / "resten.mbox").write_text(box)
    source = DocumentsSource("post", ["*.eml", "*.mbox"], root=folder)
    yield source
    source.close()


def test_documents_are_a_source(documents: Source) -> None:
    """The ports of the model are kept, and the columns are those of every documents table."""
    assert isinstance(documents, Source)
    with documents.snapshot() as snapshot:
        assert isinstance(snapshot, Snapshot)
    one, other = documents.tables()
    assert [f.ref.column for f in one.fields] == [f.ref.column for f in other.fields]
    assert one.column("date").type is StorageType.TIMESTAMP
    assert one.column("ordinal").type is StorageType.INTEGER
    assert documents.not_scanned == ()


def test_a_sample_of_documents_is_complete_or_random_and_repeats(documents: Source) -> None:
    """All of them, or as many as asked for, the same ones for a seed, from everywhere."""
    table = documents.tables()[1]
    whole = documents.sample(table, rows=0)
    assert (whole.drawn, whole.rows) == ("all", 2 * (MAILS - 50) + 1)  # and one for the mailbox
    drawn = [documents.sample(table, rows=300, seed=seed) for seed in (1, 1, 2)]
    assert [(s.drawn, s.rows) for s in drawn] == [("random_rows", 300)] * 3
    assert drawn[0].data.equals(drawn[1].data) and not drawn[0].data.equals(drawn[2].data)
    assert [field.ref.column for field in drawn[0].fields] == drawn[0].data.column_names
    asked = [int(text[4:]) for text in drawn[0].data["subject"].to_pylist() if text]
    assert min(asked) < MAILS * 0.1 and max(asked) > MAILS * 0.9


def test_partitions_of_documents_hold_every_row_once(documents: Source) -> None:
    """In the order of the documents, in batches of the size asked for; again in another view."""
    for table, mails in zip(documents.tables(), (50, MAILS - 50), strict=True):
        seen = []
        for _ in range(2):
            with documents.snapshot() as snapshot:
                parts = snapshot.partitions(table)
                batches = [b for p in parts for b in snapshot.batches(p, batch_rows=70)]
            assert all(batch.num_rows <= 70 for batch in batches)
            seen.append(pa.Table.from_batches(batches))
        assert seen[0].equals(seen[1])
        rows_wanted = 2 * mails + (mails > 50)  # the mailbox has a row for its own name
        assert seen[0].num_rows == rows_wanted
        keys = zip(seen[0]["document"].to_pylist(), seen[0]["ordinal"].to_pylist(), strict=True)
        assert len(set(keys)) == rows_wanted


def test_columns_and_conditions_of_documents(documents: Source) -> None:
    """Columns keep the order asked for; a condition selects; what is not there is one line."""
    table = documents.tables()[0]
    where = "\"from\" LIKE '%1@example.no' AND subject <> ':x'"
    with documents.snapshot() as snapshot:
        assert snapshot.count(table) == 100
        assert snapshot.count(table, where=where) == 5
        got = _read(snapshot, table, columns=["text", "document"])
        assert got.column_names == ["text", "document"]
        assert got["text"].null_count == 50
        (part,) = snapshot.partitions(table)
        with pytest.raises(SourceError):
            list(snapshot.batches(part, columns=["nope"]))
        for bad in ("1=1) OR (1=1", "no_such_column = 1", ""):
            with pytest.raises(SourceError) as caught:
                snapshot.count(table, where=bad)
            assert "sladd.yaml" in str(caught.value) and "\n" not in str(caught.value)
