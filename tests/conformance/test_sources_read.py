"""One contract for every source: what a snapshot of it gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sladd.errors import SourceError
from sladd.model import Snapshot
from tests.conformance.shops import ROWS, Shop, read_all, rows, table_of


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def test_an_empty_table_is_sampled_and_read(shop: Shop) -> None:
    """No rows, all columns."""
    table = table_of(shop, "empty_table")
    sample = shop.source.sample(table, rows=10)
    assert (sample.rows, sample.drawn) == (0, "all")
    assert sample.data.column_names == ["a", "b"]
    with shop.source.snapshot() as snapshot:
        assert snapshot.count(table) == 0
        (only,) = snapshot.partitions(table)
        assert sum(batch.num_rows for batch in snapshot.batches(only)) == 0


def test_partitions_hold_every_row_once(shop: Shop) -> None:
    """Small batches of small partitions give the table, in the order of its key."""
    table = table_of(shop)
    with shop.source.snapshot() as snapshot:
        parts = snapshot.partitions(table, rows=1_200)
        data = read_all(snapshot, table, rows=1_200, batch_rows=500)
        assert [p.index for p in parts] == list(range(len(parts)))
        assert sum(p.rows or 0 for p in parts) == ROWS or any(p.rows is None for p in parts)
    read = [tuple(map(_plain, row.values())) for row in data.to_pylist()]
    wanted = [tuple(map(_plain, row)) for row in rows()]
    if not shop.booleans:
        wanted = [(*row[:6], int(row[6]), row[7]) for row in wanted]
    assert read == wanted


def test_batches_keep_size_schema_and_order_of_columns(shop: Shop) -> None:
    """The schema does not change with the columns' company, nor within a table."""
    table = table_of(shop)
    with shop.source.snapshot() as snapshot:
        whole = read_all(snapshot, table).schema
        for partition in snapshot.partitions(table):
            for batch in snapshot.batches(partition, columns=["note", "id"], batch_rows=700):
                assert batch.num_rows <= 700
                assert batch.schema.names == ["note", "id"]
                assert batch.schema.types == [whole.field("note").type, whole.field("id").type]


def test_null_and_empty_text_stay_apart(shop: Shop) -> None:
    """NULL stays NULL, '' stays ''."""
    with shop.source.snapshot() as snapshot:
        notes = read_all(snapshot, table_of(shop), columns=["note"])["note"]
    assert notes.null_count == 3_000
    assert notes.to_pylist().count("") == 400


def test_a_condition_selects(shop: Shop) -> None:
    """`where` is applied to batches and to the count, percent signs and colons included."""
    table = table_of(shop)
    where = "email LIKE '%1@example.no' AND name <> ':x'"
    wanted = sum(1 for row in rows() if row[2].endswith("1@example.no"))
    with shop.source.snapshot() as snapshot:
        assert snapshot.count(table, where=where) == wanted
        assert read_all(snapshot, table, where=where, rows=1_000).num_rows == wanted


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
    table = table_of(shop)
    with shop.source.snapshot() as snapshot, pytest.raises(SourceError) as caught:
        snapshot.count(table, where=where)
    assert "where" in str(caught.value) and "sladd.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "syntax" not in str(caught.value)


def test_a_partition_is_read_again_in_another_snapshot(shop: Shop) -> None:
    """What a partition carries is enough to find it again, and holds no key."""
    table = table_of(shop)
    with shop.source.snapshot() as snapshot:
        parts = snapshot.partitions(table, rows=2_000)
        first = [_ids(snapshot, part) for part in parts]
    with shop.source.snapshot() as snapshot:
        assert [_ids(snapshot, part) for part in parts] == first
    # 6010 is the key of row 2,000: it must not stand in a partition.
    assert not any("6010" in repr(part.spec) for part in parts)


def _ids(snapshot: Snapshot, part: Any) -> list[int]:
    return [i for b in snapshot.batches(part, columns=["id"]) for i in b.column(0).to_pylist()]
