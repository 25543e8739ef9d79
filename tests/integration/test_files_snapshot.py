"""A publish from files: partitions, streams, conditions, and files that change meanwhile."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sladd.errors import SourceError
from sladd.model import Snapshot, Source
from sladd.sources.files import FilesSource


@pytest.fixture
def source(tmp_path: Path) -> FilesSource:
    """A CSV dataset, a Parquet file of ten row groups and a nested log."""
    (tmp_path / "kunder_2026-01.csv").write_text("id;navn;sum\n1;a;10\n2;b;\n3;c;5\n")
    (tmp_path / "kunder_2026-02.csv").write_text("id;navn;sum;ny\n4;d;20;x\n5;;7;y\n")
    pq.write_table(pa.table({"n": range(1000)}), tmp_path / "tall.parquet", row_group_size=100)
    lines = [json.dumps({"user": {"id": i}, "tags": ["a"] * i}) for i in range(5)]
    (tmp_path / "log.jsonl").write_text("\n".join(lines) + "\n")
    return FilesSource("exports", ["*"], root=tmp_path)


def _table(source: FilesSource, name: str):
    return next(t for t in source.tables() if t.ref.name == name)


def _rows(source, name, **options) -> list[dict]:
    with source.snapshot() as snapshot:
        return [
            row
            for partition in snapshot.partitions(_table(source, name), rows=250)
            for batch in snapshot.batches(partition, **options)
            for row in batch.to_pylist()
        ]


def test_the_ports_are_satisfied(source):
    """The source and its snapshot are what the pipeline expects."""
    assert isinstance(source, Source)
    with source.snapshot() as snapshot:
        assert isinstance(snapshot, Snapshot)
        assert snapshot.consistency == "snapshot"


def test_partitions_are_files_and_runs_of_row_groups(source):
    """Partitions cover every row once, say how many, and hold no name."""
    with source.snapshot() as snapshot:
        parquet = snapshot.partitions(_table(source, "tall"), rows=250)
        files = snapshot.partitions(_table(source, "kunder"))
    assert [p.rows for p in parquet] == [300, 300, 300, 100]
    assert [p.index for p in parquet] == [0, 1, 2, 3]
    assert len(files) == 2
    assert "kunder" not in str([dict(p.spec) for p in files])
    assert [row["n"] for row in _rows(source, "tall")] == list(range(1000))


def test_a_partition_can_be_read_in_another_process(source, tmp_path):
    """What travels is a reference; a fresh source reads the same rows under the same id."""
    with source.snapshot() as snapshot:
        partition = pickle.loads(pickle.dumps(snapshot.partitions(_table(source, "kunder"))[1]))
        first = [b.to_pylist() for b in snapshot.batches(partition)]
        other = FilesSource("exports", ["*"], root=tmp_path)
        with other.snapshot() as again:
            assert again.id == snapshot.id
            assert [b.to_pylist() for b in again.batches(partition)] == first


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("kunder", ["ny", "id"]),
        ("kunder", ["ny"]),
        ("log", ["tags[]", "user.id"]),
        ("tall", ["n"]),
    ],
)
def test_columns_come_in_the_order_asked_for(source, name, columns):
    """A column that a file lacks is NULL in all its rows; rows do not get lost."""
    every = _rows(source, name)
    assert _rows(source, name, columns=columns) == [{c: r[c] for c in columns} for r in every]
    with source.snapshot() as snapshot:
        for partition in snapshot.partitions(_table(source, name)):
            for batch in snapshot.batches(partition, columns=columns):
                assert batch.schema.names == columns


@pytest.mark.parametrize(
    ("name", "where", "count"),
    [
        ("kunder", "CAST(sum AS INTEGER) >= 7", 3),
        ("kunder", "sum IS NULL", 1),
        ("kunder", "navn > 'a' OR navn IS NULL", 4),
        ("kunder", "(ny = 'x;--)')  OR ny = 'x'", 1),
        ("tall", "n % 100 = 0", 10),
        ("log", '"user.id" > 2', 2),
        ("log", 'len("tags[]") = 4', 1),
    ],
)
def test_conditions_are_duckdb_sql(source, name, where, count):
    """The condition may name columns that are not asked for; NULL is not true."""
    every = _rows(source, name)
    kept = _rows(source, name, where=where)
    assert len(kept) == count
    assert [row for row in every if row in kept] == kept
    first = list(every[0])[:1]
    assert _rows(source, name, where=where, columns=first) == [
        {c: r[c] for c in first} for r in kept
    ]
    with source.snapshot() as snapshot:
        assert snapshot.count(_table(source, name), where=where) == count


@pytest.mark.parametrize(
    "where",
    [
        "unknown = 1",
        "navn = ",
        "",
        "ny = 'x' --",
        "id = 1) OR (true",
        "id = 1; DROP TABLE batch",
        "CAST(navn AS INTEGER) = 1",
        "true) AS keep FROM batch UNION ALL SELECT (true",
        "id IN (SELECT column0 FROM read_csv('/etc/passwd'))",
        "id IN (SELECT navn FROM source)",
    ],
)
def test_a_condition_that_cannot_be_applied_is_one_line(source, where):
    """Wrong SQL, other tables and other files are refused, without showing a value."""
    with pytest.raises(SourceError) as error:
        _rows(source, "kunder", where=where)
    assert error.value.code == 251
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("batch_rows", [1, 2, 1000])
def test_batches_are_never_larger_than_asked(source, batch_rows):
    """Whatever the batch size, the rows are the same."""
    with source.snapshot() as snapshot:
        for partition in snapshot.partitions(_table(source, "tall")):
            for batch in snapshot.batches(partition, batch_rows=batch_rows):
                assert 0 < batch.num_rows <= batch_rows
                if batch_rows == 1:
                    break
    assert _rows(source, "kunder", batch_rows=batch_rows) == _rows(source, "kunder")


def test_counts_are_exact(source):
    """Counted by reading where the format does not know."""
    with source.snapshot() as snapshot:
        assert [snapshot.count(_table(source, n)) for n in ("kunder", "tall", "log")] == [
            5,
            1000,
            5,
        ]


def test_the_sample_of_everything_is_the_stream(source):
    """Sample and stream agree on columns and rows."""
    for table in source.tables():
        sample = source.sample(table, rows=0)
        assert sample.complete
        assert sample.data.to_pylist() == _rows(source, table.ref.name)
        assert [f.ref for f in sample.fields] == [f.ref for f in table.fields]


def _change(path: Path) -> None:
    path.write_text("id;navn;sum\n9;z;9\n")


@pytest.mark.parametrize("change", [_change, Path.unlink])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_file_that_changes_during_the_publish_stops_it(source, tmp_path, change, when):
    """Changed or gone, before it is read or after: no release of two states."""
    table = _table(source, "kunder")
    snapshot = source.snapshot()
    with pytest.raises(SourceError) as error, snapshot as view:
        partition = view.partitions(table)[0]
        if when == "after":
            list(view.batches(partition))
        change(tmp_path / "kunder_2026-01.csv")
        if when == "before":
            list(view.batches(partition))
    assert error.value.code in {249, 242}


def test_the_id_follows_the_files(source, tmp_path):
    """Unchanged files, same id; a touched file, another."""
    with source.snapshot() as one, source.snapshot() as two:
        assert one.id == two.id
    os.utime(tmp_path / "log.jsonl", (1, 1))
    with FilesSource("exports", ["*"], root=tmp_path).snapshot() as three:
        assert three.id != one.id


def test_content_is_hashed_when_it_is_first_read(source):
    """The manifest can name the bytes that were read."""
    with source.snapshot() as snapshot:
        assert snapshot.hashes == {}
        list(snapshot.batches(snapshot.partitions(_table(source, "tall"))[0]))
        assert list(snapshot.hashes) == ["tall.parquet"]
        assert len(snapshot.hashes["tall.parquet"]) == 64


def test_unknown_columns_and_tables_are_one_line(source):
    """A column or table dropped between scan and publish."""
    table = _table(source, "kunder")
    with source.snapshot() as snapshot:
        partition = snapshot.partitions(table)[0]
        with pytest.raises(SourceError, match="SLADD-253"):
            list(snapshot.batches(partition, columns=["borte"]))
