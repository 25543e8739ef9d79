"""A full read takes texts as the dictionaries that a Parquet file has them in."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from sladd.errors import SourceError
from sladd.model import Sample
from sladd.sources.files import FilesSource

TEXTS = ["Kari", None, "Østby", "", "ukjent"]


def _read(folder, rows: int = 0) -> Sample:
    source = FilesSource("exports", ["*"], root=folder)
    (table,) = source.tables()
    return source.sample(table, rows=rows)


SCHEMA = pa.schema(
    [
        ("navn", pa.string()),
        ("ordre", pa.string()),
        ("kunde", pa.struct([("epost", pa.string())])),
    ]
)


def _orders(rows: int, first: int = 0) -> pa.Table:
    every = range(first, first + rows)
    columns = {
        "navn": [TEXTS[i % 5] for i in every],
        "ordre": [f"SL-{i}" for i in every],
        "kunde": [{"epost": f"k{i % 7}@example.no"} for i in every],
    }
    return pa.table(columns, schema=SCHEMA)


def _cells(orders: pa.Table) -> dict[str, list[str | None]]:
    return {
        "navn": orders["navn"].to_pylist(),
        "ordre": orders["ordre"].to_pylist(),
        "kunde.epost": [kunde["epost"] for kunde in orders["kunde"].to_pylist()],
    }


def test_texts_of_a_whole_parquet_file_stay_dictionaries(tmp_path):
    """Every cell of every row group is there, and the fields are those of plain text."""
    orders = _orders(1000)
    pq.write_table(orders, tmp_path / "ordrer.parquet", row_group_size=130)
    sample = _read(tmp_path)
    assert pa.types.is_dictionary(sample.data["navn"].type)
    assert sample.data.to_pydict() == _cells(orders)
    assert {f.native_type for f in sample.fields} == {"string"}
    assert (sample.drawn, sample.rows_total) == ("all", 1000)


def test_a_row_group_without_a_dictionary_is_read_like_the_others(tmp_path):
    """A writer that gives its dictionary up half-way loses no cell."""
    path = tmp_path / "ordrer.parquet"
    with pq.ParquetWriter(path, SCHEMA, dictionary_pagesize_limit=400) as writer:
        writer.write_table(_orders(20))
        writer.write_table(_orders(900, 20))
    assert _read(tmp_path).data.to_pydict() == _cells(_orders(920))


def test_files_with_and_without_dictionaries_are_one_table(tmp_path):
    """Parquet with dictionaries, without any, and the rows of both in the order of the files."""
    pq.write_table(_orders(50), tmp_path / "ordrer_1.parquet")
    pq.write_table(_orders(50, 50), tmp_path / "ordrer_2.parquet", use_dictionary=False)
    assert _read(tmp_path).data.to_pydict() == _cells(_orders(100))


def test_a_draw_of_some_rows_is_plain_text(tmp_path):
    """A sample is as it was: dictionaries pay for whole files only."""
    pq.write_table(_orders(1000), tmp_path / "ordrer.parquet")
    assert _read(tmp_path, rows=100).data["navn"].type == pa.string()


def test_delimited_files_are_read_as_they_were(tmp_path):
    """What has no dictionaries has none; the scan makes its own."""
    pa_csv.write_csv(_orders(20).select(["navn", "ordre"]), tmp_path / "ordrer.csv")
    assert _read(tmp_path).data["ordre"].to_pylist() == [f"SL-{i}" for i in range(20)]


def test_a_parquet_file_of_no_rows_has_its_columns(tmp_path):
    """Nothing to read is no fault."""
    pq.write_table(_orders(0), tmp_path / "ordrer.parquet")
    assert _read(tmp_path).data.to_pydict() == {"navn": [], "ordre": [], "kunde.epost": []}


def test_a_damaged_file_is_said_to_be_damaged(tmp_path):
    """Bytes lost in the middle are one line with a code, also where dictionaries are read."""
    path = tmp_path / "ordrer.parquet"
    pq.write_table(_orders(5000), path, compression="zstd")
    whole = bytearray(path.read_bytes())
    whole[200 : len(whole) // 2] = bytes(len(whole) // 2 - 200)
    path.write_bytes(whole)
    with pytest.raises(SourceError, match="damaged"):
        _read(tmp_path)
