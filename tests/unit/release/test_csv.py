"""CSV files of a release: what was written is what is read, and no spreadsheet runs it."""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladd.gate.csv import check_csv
from sladd.gate.statements import open_memory
from sladd.gate.tables import view
from sladd.release import ReleaseColumn, ReleaseFile, ReleaseTable
from sladd.targets.csv_files import MARK, UNMARK, write_csv
from sladd.targets.dictionary import dictionary_csv

HOSTILE = ["=1+1", "'=1+1", "''-2", "'", "", None, 'a"b', "a,b\r\nc", "+47 91234567", "@SUM(A1)",
           " =1", "\t=1", "＝1", "-", "NULL", "null", "æøå", "O'Hara", "\n", "NA", "\ufeffx"]  # fmt: skip


def written(tmp_path: Path, rows: pa.Table, builder, staging_version="20261122T101112Z-ab12"):
    """A release of one table with its CSV file; the manifest and the folder."""
    (tmp_path / "t").mkdir()
    pq.write_table(rows, tmp_path / "t" / "part-00.parquet", store_schema=False)
    table = ReleaseTable(
        name="t", rows_in=rows.num_rows, rows_out=rows.num_rows,
        files=(ReleaseFile(path="t/part-00.parquet", sha256="0" * 64, rows=rows.num_rows),),
        columns=tuple(
            ReleaseColumn(name=f.name, type=str(f.type), transform="keep") for f in rows.schema
        ),
    )  # fmt: skip
    from sladd.release import Manifest

    draft = Manifest(
        release="r", version=staging_version, kind="pseudonymised", label="still personal data",
        created=builder.NOW, as_of=builder.NOW.date(), domain="d", policy_sha256="0" * 64,
        key_id="k", tables=(table,),
    )  # fmt: skip
    return write_csv(tmp_path, draft)


@pytest.fixture
def everything() -> pa.Table:
    """A column of each type, with nulls."""
    n = len(HOSTILE)
    return pa.table(
        {
            "text": HOSTILE,
            'odd, "name"': pa.array([None if i % 3 == 0 else i - 5 for i in range(n)], pa.int32()),
            "real": pa.array([0.1 * i if i % 4 else None for i in range(n)], pa.float64()),
            "small": pa.array([1 / 3] * n, pa.float32()),
            "yes": [None if i == 1 else bool(i % 2) for i in range(n)],
            "day": pa.array([date(1899, 12, 31)] * (n - 1) + [None], pa.date32()),
            "at": pa.array(
                [datetime(2026, 1, 2, 3, 4, 5, 678, UTC)] * n, pa.timestamp("us", "UTC")
            ),
            "local": pa.array([datetime(2026, 1, 2, 3, 4, 5)] * n, pa.timestamp("us")),
            "fine": pa.array([1_000 * i + i % 2 for i in range(n)], pa.time64("ns")),
            "instant": pa.array([1_000 * i + i % 2 for i in range(n)], pa.timestamp("ns")),
            "clock": pa.array([time(23, 59, 58, 123)] * n, pa.time64("us")),
            "money": pa.array([Decimal("-12.50")] * n, pa.decimal128(9, 2)),
            "bytes": pa.array([b"\x00\xff", None] + [b"=1"] * (n - 2), pa.binary()),
            "many": pa.array([["a", None]] * n, pa.list_(pa.string())),
        }
    )


def test_gate_finds_the_csv_equal_to_the_parquet(tmp_path, builder, everything):
    """Every type; the gate reads it with other code than wrote it."""
    manifest = written(tmp_path, everything, builder)
    (table,) = manifest.tables
    with open_memory(str(tmp_path)) as opened:
        checks = list(check_csv(opened, tmp_path, table, view(opened, tmp_path, table)))
    assert [(c.name, c.passed) for c in checks] == [("csv", True), ("csv formulas", True)]


@pytest.mark.parametrize("harm", [(b'\n"",', b"\n,"), (b"'=1+1", b"=1+1"), (b"-12.50", b"-12.51")])
def test_gate_sees_a_changed_cell(tmp_path, builder, everything, harm):
    """An empty text that became NULL, a formula without its mark, another number."""
    manifest = written(tmp_path, everything, builder)
    path = tmp_path / "csv" / "t.csv"
    assert harm[0] in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(*harm, 1))
    (table,) = manifest.tables
    with open_memory(str(tmp_path)) as opened:
        checks = list(check_csv(opened, tmp_path, table, view(opened, tmp_path, table)))
    assert not all(c.passed for c in checks)


def test_null_and_empty_stay_apart_in_arrow_and_duckdb(tmp_path, builder):
    """Both read back exactly what was written, once the mark is taken off."""
    written(tmp_path, pa.table({"text": HOSTILE}), builder)
    path = tmp_path / "csv" / "t.csv"
    options = pa.csv.ConvertOptions(
        strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""],
        column_types={"text": pa.string()},
    )  # fmt: skip
    parse = pa.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)
    arrow = pa.csv.read_csv(path, convert_options=options, parse_options=parse)
    assert [unmarked(v) for v in arrow.column("text").to_pylist()] == HOSTILE
    rows = duckdb.sql(
        f"SELECT text FROM read_csv('{path}', all_varchar = true, allow_quoted_nulls = false)"
    ).fetchall()
    assert [unmarked(v) for (v,) in rows] == HOSTILE


def unmarked(text: str | None) -> str | None:
    """As the dictionary says."""
    return text[1:] if text and re.match(UNMARK, text) else text


@given(st.text(alphabet=st.sampled_from("'=+-@ \t\r\na1＝"), max_size=6))
def test_mark_is_reversible_and_cold(text):
    """No two texts become one, and none begins like a formula."""
    cell = f"'{text}" if re.match(MARK, text) else text
    assert unmarked(cell) == text
    assert cell.lstrip()[:1] not in set("=+-@＝")
    assert cell[:1] not in {"\t", "\r", "\n"}


def test_dictionary_says_what_is_marked(tmp_path, builder):
    """An analyst reads there how to get the value back."""
    manifest = written(tmp_path, pa.table({"text": HOSTILE, "n": range(len(HOSTILE))}), builder)
    lines = list(csv.DictReader(dictionary_csv(manifest).decode("utf-8-sig").splitlines()))
    assert "10 begin like a formula" in lines[0]["in_csv"]
    assert lines[1]["in_csv"] == "nothing at all is NULL"


def test_gate_reads_a_table_of_one_column_with_nulls(tmp_path, builder):
    """A row that is nothing but NULL is an empty line, and still a row."""
    manifest = written(tmp_path, pa.table({"text": ["a", None, "", None]}), builder)
    (table,) = manifest.tables
    with open_memory(str(tmp_path)) as opened:
        checks = list(check_csv(opened, tmp_path, table, view(opened, tmp_path, table)))
    assert all(c.passed for c in checks)


def test_table_without_rows_is_its_header(tmp_path, builder):
    """Columns are there; the gate agrees."""
    manifest = written(tmp_path, pa.table({"a": pa.array([], pa.string())}), builder)
    assert (tmp_path / "csv" / "t.csv").read_bytes() == b'\xef\xbb\xbf"a"\n'
    (table,) = manifest.tables
    with open_memory(str(tmp_path)) as opened:
        checks = list(check_csv(opened, tmp_path, table, view(opened, tmp_path, table)))
    assert all(c.passed for c in checks)
