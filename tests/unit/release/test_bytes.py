"""The same rows give the same bytes, however they arrive."""

from __future__ import annotations

import os
import random
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from sladd.errors import TransformError
from sladd.targets import files as files_module
from sladd.targets.columns import convert
from sladd.targets.order import sort_rows
from sladd.targets.parquet import bucket_count, write_table
from sladd.targets.parts import finished_rows, read_part, write_part
from sladd.targets.spill import sorted_batches

SEED = 5


def rows(count: int) -> pa.Table:
    """Every type a release can hold, with ties, NULLs, NaN, both zeros and long prefixes."""
    draw = random.Random(SEED)

    def pick(*choices):
        return [draw.choice(choices) for _ in range(count)]

    when = datetime(2024, 2, 29, 12, tzinfo=UTC)
    return pa.table(
        {
            "note": pa.array(pick("", "a", "a\0", "ø" * 9 + "1", "ø" * 9 + "2", "æ", None),
                             pa.string()),
            "key": pa.array(pick(*(f"{i:04d}" for i in range(50))), pa.string()),
            "whole": pa.array(pick(0, -1, 2**62, -(2**62), None), pa.int64()),
            "large": pa.array(pick(0, 2**64 - 1, None), pa.uint64()),
            "real": pa.array(pick(0.0, -0.0, 1.5, float("nan"), float("-inf"), None), pa.float64()),
            "half": pa.array(pick(0.0, -0.0, 2.5, None), pa.float32()),
            "price": pa.array(pick(Decimal("1.50"), Decimal("-99999999999999999.99"), None),
                              pa.decimal128(30, 2)),
            "yes": pa.array(pick(True, False, None), pa.bool_()),
            "day": pa.array(pick(date(2024, 2, 29), date(1899, 12, 31), None), pa.date32()),
            "at": pa.array(pick(when, when.replace(year=1960), None), pa.timestamp("us", "UTC")),
            "local": pa.array(pick(datetime(2024, 2, 29, 12), None), pa.timestamp("ns")),
            "clock": pa.array(pick(time(1, 2, 3), None), pa.time64("us")),
            "blob": pa.array(pick(b"\xff" * 9, b"\x00", b"", None), pa.binary()),
        }
    )  # fmt: skip


def skewed(count: int, keys: list[str | None]) -> pa.Table:
    """The same rows, in which few keys have nearly all of them."""
    table = rows(count)
    column = pa.array([keys[i % len(keys)] for i in range(count)], pa.string())
    return table.set_column(table.column_names.index("key"), "key", column)


def dictionaries(table: pa.Table) -> pa.Table:
    """The same rows with strings as dictionaries that hold entries twice and entries unused."""
    columns = []
    for column in table.columns:
        if not pa.types.is_string(column.type):
            columns.append(column)
            continue
        entries = column.unique().drop_null().to_pylist()
        double = pa.array([*entries, "unused", *entries])
        places = [
            None if v is None else entries.index(v) + (i % 2) * (len(entries) + 1)
            for i, v in enumerate(column.to_pylist())
        ]
        columns.append(pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), double))
    return pa.table(columns, names=table.column_names)


def written(tmp_path, table, *, cut=1, batch=1000, shuffle=False, key_columns=("key",), **more):
    """Write a table in `cut` parts; returns the bytes of its files by path."""
    if shuffle:
        order = list(range(table.num_rows))
        random.Random(9).shuffle(order)
        table = table.take(order)
    folder = tmp_path / os.urandom(4).hex()
    parts = []
    size = -(-table.num_rows // cut)
    for i in range(cut):
        part = folder / "parts" / f"{i}.arrow"
        piece = table.slice(i * size, size)
        write_part(part, iter(piece.to_batches(max_chunksize=batch)), table.schema)
        parts.append(part)
    done = write_table(folder, "t", parts, table.schema, key_columns=key_columns, **more)
    return {file.path: (folder / file.path).read_bytes() for file in done.files}


SPILL = {"memory_bytes": 50_000}  # the rows take ten times as much: they go to disk in ranges


@pytest.mark.parametrize(
    "arrival",
    [
        {"batch": 77},
        {"cut": 7},
        {"shuffle": True},
        {"shuffle": True, "cut": 3, "batch": 11},
        SPILL,
        {**SPILL, "shuffle": True, "cut": 4, "batch": 333},
    ],
    ids=str,
)
@pytest.mark.parametrize("buckets", [None, 4])
def test_bytes_do_not_tell_how_the_rows_arrived(tmp_path, monkeypatch, arrival, buckets):
    """Batch size, partitions, order and the place of sorting leave no trace."""
    monkeypatch.setattr(files_module, "ROW_GROUP_ROWS", 700)
    monkeypatch.setattr("sladd.targets.memory.ROW_GROUP_ROWS", 700)
    table = rows(3000)
    expected = written(tmp_path, table, buckets=buckets)
    assert len(expected) == (buckets or 1)
    assert written(tmp_path, table, buckets=buckets, **arrival) == expected
    assert written(tmp_path, dictionaries(table), buckets=buckets, **arrival) == expected


SKEWED = ["0007"] * 8 + [None] * 2 + ["0007\0", "0008", "0031", "0042"]


@pytest.mark.parametrize(
    ("table", "memory_bytes", "open_files", "duckdb"),
    [
        (rows(1500), 30_000, 256, False),
        (rows(1500), 30_000, 3, False),
        (rows(1500).select(["whole", "key", "at"]), 20_000, 256, False),
        (skewed(1500, SKEWED), 20_000, 256, True),
        (skewed(1500, [None]), 20_000, 256, True),
        (rows(1500).select(["price", "key"]), 20_000, 256, True),
    ],
    ids=["even", "split again", "numbers first", "one key has most rows", "no key", "decimals"],
)
@pytest.mark.parametrize("form", [pa.Table.combine_chunks, dictionaries])
def test_rows_on_disk_are_written_as_rows_in_memory(
    tmp_path, monkeypatch, table, memory_bytes, open_files, duckdb, form
):
    """Ranges of any share give the same bytes; DuckDB is asked only for rows that begin alike."""
    monkeypatch.setattr("sladd.targets.disk.MAX_RANGES", open_files)
    asked = []

    def watched(*args, **more):
        asked.append(1)
        return sorted_batches(*args, **more)

    monkeypatch.setattr("sladd.targets.disk.sorted_batches", watched)
    key = table.column_names[0] if "note" not in table.column_names else "key"
    expected = written(tmp_path, table, buckets=2, key_columns=(key,))
    given = {"shuffle": True, "cut": 3, "batch": 400, "memory_bytes": memory_bytes}
    assert written(tmp_path, form(table), buckets=2, key_columns=(key,), **given) == expected
    assert bool(asked) == duckdb
    assert not list(tmp_path.glob("*/.sort"))


def test_another_row_gives_other_bytes(tmp_path):
    """The test above could not pass with a writer that forgets rows."""
    table = rows(300)
    changed = pa.concat_tables([table.slice(1), table.slice(5, 1)])
    assert written(tmp_path, table) != written(tmp_path, changed)


def test_rows_come_out_whole_and_in_order(tmp_path):
    """Every row is there once, columns keep their places, and the key leads the order."""
    table = rows(2000)
    folder = tmp_path / "o"
    write_part(folder / "p.arrow", iter(table.to_batches()), table.schema)
    done = write_table(folder, "t", [folder / "p.arrow"], table.schema, key_columns=("key",))
    read = pq.read_table(folder / done.files[0].path)
    assert read.column_names == table.column_names
    assert done.rows == done.files[0].rows == 2000
    assert done.nulls == {n: table[n].null_count for n in table.column_names}
    assert read["key"].to_pylist() == sorted(table["key"].to_pylist())
    count = lambda t: sorted(map(repr, t.select(["note", "key", "price", "blob"]).to_pylist()))  # noqa: E731
    assert count(read) == count(table)


@pytest.mark.parametrize("count", [0, 1, 2, 50, 2500])
def test_order_in_memory_is_the_order_of_arrow(count):
    """Our sort agrees with the one of pyarrow on every type, dictionary or not."""
    table = rows(count)
    names = table.column_names
    # Both zeros are one value to pyarrow; `write_table` makes them one before it sorts.
    table = pa.table([convert(c, c.type) for c in table.columns], names=names)
    for shift in range(0, len(names), 3):
        turned = table.select(names[shift:] + names[:shift])
        keys = [(name, "ascending") for name in turned.column_names]
        expected = turned.take(pc.sort_indices(turned, sort_keys=keys)).to_pylist()
        for form in (turned, dictionaries(turned)):
            assert repr(turned.take(pa.array(sort_rows(form))).to_pylist()) == repr(expected)


def test_file_carries_nothing_but_rows(tmp_path):
    """Pandas metadata, comments of fields and Arrow's schema stay behind."""
    schema = pa.schema([pa.field("key", pa.string(), metadata={"source": "shop"})])
    schema = schema.with_metadata({"pandas": "{}"})
    table = pa.table({"key": ["b", "a"]}, schema=schema)
    (path, data), *_ = written(tmp_path, table).items()
    assert path == "t/part-00.parquet"
    read = pq.ParquetFile(pa.BufferReader(data))
    assert not read.metadata.metadata
    assert b"ARROW:schema" not in data
    assert b"pandas" not in data
    assert b"shop" not in data


def test_a_key_has_one_bucket_in_every_table(tmp_path):
    """Files of two tables can be joined bucket by bucket."""
    few, many = rows(200), rows(2000)
    keys = []
    for table in (few, many):
        found = {}
        for path, data in written(tmp_path, table, buckets=4).items():
            for key in pq.read_table(pa.BufferReader(data))["key"].to_pylist():
                assert found.setdefault(key, path) == path
        keys.append(found)
    assert all(keys[1][key] == path for key, path in keys[0].items())


def test_number_of_buckets_depends_on_rows_alone():
    """A power of two, one for what opens in one go."""
    assert [bucket_count(n) for n in (0, 2_000_000, 2_000_001, 9_000_000, 10**12)] == [
        1, 1, 2, 8, 256,
    ]  # fmt: skip


def test_table_without_rows_keeps_its_columns(tmp_path):
    """An analyst's query on an empty table finds no rows, not an error."""
    table = rows(3)
    folder = tmp_path / "e"
    done = write_table(folder, "t", [], table.schema, key_columns=("key",))
    assert done.rows == 0
    assert pq.read_table(folder / done.files[0].path).column_names == table.column_names


def test_nested_columns_are_sorted_too(tmp_path):
    """Lists and structs have an order of their own, and it does not depend on arrival."""
    table = pa.table(
        {
            "key": ["b", "a", "a", None] * 50,
            "tags": pa.array([["x", "y"], ["x"], [], None] * 50, pa.list_(pa.string())),
            "where": pa.array([{"a": i % 3, "b": "z"} for i in range(200)]),
        }
    )
    assert written(tmp_path, table) == written(tmp_path, table, shuffle=True, cut=3)


CASTS = [
    (["1", "20", None], pa.int64(), True),
    (["007"], pa.int64(), False),
    (["+1"], pa.int64(), False),
    (["1", ""], pa.int64(), False),
    (["99999999999999999999"], pa.int64(), False),
    (["2024-02-29"], pa.date32(), True),
    (["2024-02-30"], pa.date32(), False),
    (["2024-02-29 10:11:12"], pa.timestamp("us"), True),
    (["1.50", "-2"], pa.decimal128(10, 2), True),
    (["1.505"], pa.decimal128(10, 2), False),
    (["0.1", "2.5"], pa.float64(), True),
    (["1e5"], pa.float64(), False),
    (["01.5"], pa.float64(), False),
    (["12345678901234567.1"], pa.float64(), False),
    (["true", "False"], pa.bool_(), True),
    (["0", "1"], pa.bool_(), False),
]


@pytest.mark.parametrize(("values", "type_", "typed"), CASTS, ids=str)
@pytest.mark.parametrize("form", ["plain", "dictionary"])
def test_strings_are_typed_only_without_loss(tmp_path, values, type_, typed, form):
    """A leading zero, an empty string or one digit too many keeps the column text."""
    array = pa.array(values, pa.string())
    table = pa.table({"v": array.dictionary_encode() if form == "dictionary" else array})
    write_part(tmp_path / "p.arrow", iter(table.to_batches()), table.schema)
    done = write_table(tmp_path, "t", [tmp_path / "p.arrow"], table.schema, casts={"v": type_})
    read = pq.read_table(tmp_path / done.files[0].path)["v"]
    assert read.type == (type_ if typed else pa.string())
    if not typed:
        assert sorted(map(str, read.to_pylist())) == sorted(map(str, values))


@pytest.mark.parametrize(
    ("table", "key", "code"),
    [
        (pa.table({"a": [1]}), "missing", 342),
        (pa.table({"Navn": ["x"], "navn": ["y"]}), "navn", 343),
        (pa.table({"a": pa.array([None], pa.month_day_nano_interval())}), "a", 340),
    ],
)
def test_rows_that_no_release_can_hold_are_told(tmp_path, table, key, code):
    """One line with a code before a file is opened."""
    with pytest.raises(TransformError) as error:
        write_table(tmp_path, "t", [], table.schema, key_columns=(key,))
    assert error.value.code == code


def test_finished_part_is_kept(tmp_path):
    """A second run does not touch the source for a part that is there."""
    table = rows(10)
    path = tmp_path / "p.arrow"
    first = write_part(path, iter(table.to_batches()), table.schema)

    def source():
        raise AssertionError("read again")
        yield

    assert write_part(path, source(), table.schema) == first
    assert first[0] == finished_rows(path) == 10


@pytest.mark.parametrize("keep", [0, 1, 100, -1])
def test_half_a_part_is_written_again(tmp_path, keep):
    """What a power cut left is not taken for a part."""
    table = rows(10)
    path = tmp_path / "p.arrow"
    write_part(path, iter(table.to_batches()), table.schema)
    path.write_bytes(path.read_bytes()[:keep])
    assert finished_rows(path) is None
    assert write_part(path, iter(table.to_batches()), table.schema)[0] == 10
    assert sum(batch.num_rows for batch in read_part(path)) == 10


def test_failing_source_leaves_no_part(tmp_path):
    """Neither the part nor its temporary file is there after an error."""
    table = rows(10)

    def source():
        yield from table.to_batches()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_part(tmp_path / "p.arrow", source(), table.schema)
    assert list(tmp_path.iterdir()) == []
