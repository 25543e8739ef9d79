"""JSON, Parquet, Arrow and XLSX: types kept, nesting flattened, samples honest."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from sladd.model import StorageType
from sladd.sources.files import FilesSource, json_records
from sladd.sources.files.columnar import plain_type


def _one(folder: Path, **options):
    source = FilesSource("exports", ["*"], root=folder, **options)
    (table,) = source.tables()
    return source, table, source.sample(table, rows=0)


RECORDS = [
    {
        "id": 1,
        "user": {"email": "a@example.no"},
        "items": [{"sku": "x", "n": 1}],
        "t": "2026-01-01",
    },
    {"id": 2, "user": None, "items": [], "t": "2026-01-02", "ok": True},
    {"id": 3, "user": {"email": "b@example.no", "ip": "192.0.2.1"}, "price": 1.5},
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["lines.jsonl", "array.json", "pretty.json", "concatenated.json"])
def test_json_reads_the_same_however_it_is_laid_out(tmp_path, name, newline):
    """Lines, an array, an indented array or objects one after the other: one table."""
    text = {
        "lines.jsonl": newline.join(json.dumps(r) for r in RECORDS) + newline,
        "array.json": json.dumps(RECORDS),
        "pretty.json": json.dumps(RECORDS, indent=2).replace("\n", newline),
        "concatenated.json": newline.join(json.dumps(r, indent=2) for r in RECORDS),
    }[name]
    (tmp_path / name).write_bytes(text.encode())
    _, table, sample = _one(tmp_path)
    assert (table.rows, table.rows_exact, sample.drawn) == (3, True, "all")
    assert sample.data.to_pydict() == {
        "id": [1, 2, 3],
        "user.email": ["a@example.no", None, "b@example.no"],
        "user.ip": [None, None, "192.0.2.1"],
        "items[].sku": [["x"], [], None],
        "items[].n": [[1], [], None],
        "t": ["2026-01-01", "2026-01-02", None],
        "ok": [None, True, None],
        "price": [None, None, 1.5],
    }


def test_half_characters_do_not_stop_the_reader(tmp_path):
    """JavaScript cuts emojis in two; JSON allows it and UTF-8 does not."""
    (tmp_path / "x.jsonl").write_text('{"a": "x\\ud83d"}\n{"\\ud83d": 1, "a": "y"}\n')
    _, _, sample = _one(tmp_path)
    assert sample.data["a"].to_pylist() == ["x?", "y"]


def test_records_keyed_by_mail_have_no_mail_in_a_name(tmp_path):
    """An object keyed by e-mail collapses to `*`; the keys are values."""
    content = {"kari@example.no": {"age": 3}, "ola@example.no": {"age": 4}}
    (tmp_path / "x.json").write_text(json.dumps(content))
    _, table, sample = _one(tmp_path)
    assert [str(f.ref) for f in table.fields] == [
        "exports/x.value.*.$key",
        "exports/x.value.*.age",
    ]
    assert sample.data["value.*.$key"].to_pylist() == [list(content)]


def test_broken_lines_of_jsonl_are_counted(tmp_path):
    """One bad line does not cost the file; it is named by its number."""
    (tmp_path / "x.jsonl").write_text('{"a": 1}\n{"a": \n{"a": 3}\n{"a": 4')
    source, _, sample = _one(tmp_path)
    assert sample.data["a"].to_pylist() == [1, 3]
    (warning,) = source.warnings
    assert (warning.code, "row 2, 4" in warning.reason) == (247, True)


def test_what_the_first_records_did_not_show_is_reported(tmp_path, monkeypatch):
    """A large file whose later records differ says how many values and keys were left out."""
    monkeypatch.setattr(json_records, "LEARN_BYTES", 1000)
    monkeypatch.setattr(json_records, "_CHUNK", 1000)
    lines = ['{"a": 1}'] * 3000 + ['{"a": "x"}', '{"a": 2, "b": 3}']
    (tmp_path / "x.jsonl").write_text("\n".join(lines) + "\n")
    source, table, sample = _one(tmp_path)
    assert not table.rows_exact
    assert 2000 < (table.rows or 0) < 4500
    assert sample.data["a"].to_pylist()[-2:] == [None, 2]
    assert {w.reason.split(" ")[0] for w in source.warnings} == {"1"}
    assert len(source.warnings) == 2


def test_a_large_jsonl_is_sampled_all_over(tmp_path, monkeypatch):
    """Blocks begin at line breaks, which never stand inside a record."""
    monkeypatch.setattr(json_records, "WHOLE_BYTES", 1000)
    monkeypatch.setattr("sladd.sources.files.source.WHOLE_BYTES", 1000)
    monkeypatch.setattr(json_records, "SAMPLE_BLOCK_BYTES", 2000)
    text = "".join(json.dumps({"id": i, "s": "a\nb"}) + "\n" for i in range(20_000))
    (tmp_path / "x.jsonl").write_text(text)
    source = FilesSource("exports", ["*"], root=tmp_path)
    (table,) = source.tables()
    sample = source.sample(table, rows=300)
    assert (sample.drawn, 200 <= sample.rows <= 300) == ("block_sample", True)
    assert {i // 5000 for i in sample.data["id"].to_pylist()} == {0, 1, 2, 3}
    assert source.not_scanned == ()


def _table(rows: int = 1000) -> pa.Table:
    return pa.table(
        {
            "id": range(rows),
            "word": pa.array(["x", "y"] * (rows // 2)).dictionary_encode(),
            "user": [{"email": f"u{i}@example.no", "tags": ["a"]} for i in range(rows)],
            "when": pa.array([datetime(2026, 1, 1)] * rows, pa.timestamp("us")),
            "wide": pa.array(["z"] * rows, pa.large_string()),
        }
    )


@pytest.mark.parametrize("form", ["parquet", "file", "stream"])
def test_columnar_files_keep_types_and_lose_encodings(tmp_path, form):
    """Parquet and both Arrow forms give the same flat columns; a text may stay a dictionary."""
    data = _table()
    if form == "parquet":
        pq.write_table(data, tmp_path / "t.parquet", row_group_size=100)
    else:
        opener = ipc.new_file if form == "file" else ipc.new_stream
        with opener(tmp_path / "t.arrow", data.schema) as writer:
            writer.write_table(data, max_chunksize=100)
    _, table, sample = _one(tmp_path)
    assert (table.rows, table.rows_exact) == (1000, True)
    assert {f.name: str(plain_type(f.type)) for f in sample.data.schema} == {
        "id": "int64",
        "word": "string",
        "user.email": "string",
        "user.tags[]": "list<item: string>",
        "when": "timestamp[us]",
        "wide": "string",
    }
    assert sample.data["user.email"].to_pylist() == [f"u{i}@example.no" for i in range(1000)]


def test_parquet_samples_come_from_all_row_groups(tmp_path):
    """Random rows where every row group is read, a block sample where only some are."""
    pq.write_table(_table(), tmp_path / "few.parquet", row_group_size=250)
    source, table, _ = _one(tmp_path)
    sample = source.sample(table, rows=100, seed=3)
    ids = sample.data["id"].to_pylist()
    assert (sample.rows, sample.drawn, sample.rows_total) == (100, "random_rows", 1000)
    assert {i // 250 for i in ids} == {0, 1, 2, 3}
    assert ids == source.sample(table, rows=100, seed=3).data["id"].to_pylist()
    assert ids != source.sample(table, rows=100, seed=4).data["id"].to_pylist()


def test_parquet_of_many_row_groups_is_a_block_sample(tmp_path, monkeypatch):
    """Reading eight of a hundred row groups is said to be a block sample."""
    monkeypatch.setattr("sladd.sources.files.source.WHOLE_BYTES", 10)
    pq.write_table(_table(), tmp_path / "many.parquet", row_group_size=10)
    source = FilesSource("exports", ["*"], root=tmp_path)
    sample = source.sample(source.tables()[0], rows=50)
    assert sample.drawn == "block_sample"
    assert len({i // 250 for i in sample.data["id"].to_pylist()}) == 4


def _book(path: Path, **sheets) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def test_each_sheet_is_a_table_with_types(tmp_path):
    """Numbers stay numbers, dates become timestamps, what is mixed becomes text."""
    moment = datetime(2026, 1, 31)
    _book(
        tmp_path / "bok.xlsx",
        Kunder=[
            ["Navn", "Antall", "Pris", "Dato", "Kode", "Aktiv"],
            ["Åse", 1, 1, moment, "0150", True],
            ["Øyvind", 2.0, 1.5, moment, 150, False],
            ["Ærlig", None, None, None, None, None],
        ],
        Tom=[],
        Varer=[["Vareliste"], [], ["Vare", "Merke"], ["kopp", "x"], ["glass", "y"]],
    )
    source = FilesSource("exports", ["*.xlsx"], root=tmp_path)
    customers, goods = source.tables()
    assert (customers.ref.name, goods.ref.name) == ("bok:Kunder", "bok:Varer")
    assert [f.type for f in customers.fields] == [
        StorageType.STRING,
        StorageType.INTEGER,
        StorageType.FLOAT,
        StorageType.TIMESTAMP,
        StorageType.STRING,
        StorageType.BOOLEAN,
    ]
    assert source.sample(customers, rows=0).data.to_pydict() == {
        "Navn": ["Åse", "Øyvind", "Ærlig"],
        "Antall": [1, 2, None],
        "Pris": [1.0, 1.5, None],
        "Dato": [moment, moment, None],
        "Kode": ["0150", "150", None],
        "Aktiv": [True, False, None],
    }
    assert source.sample(goods, rows=0).data.to_pydict() == {
        "Vare": ["kopp", "glass"],
        "Merke": ["x", "y"],
    }


def test_a_sheet_without_header_and_with_a_personal_title(tmp_path):
    """A person in the first row is no column name, and a person in the tab is masked."""
    rows = [["Kari Nordmann", "kari@example.no"], ["Ola Hansen", "ola@example.no"]]
    _book(tmp_path / "bok.xlsx", **{"Kari Nordmann": rows})
    source = FilesSource(
        "exports", ["*"], root=tmp_path, name_is_personal=lambda name: "Kari" in name
    )
    (table,) = source.tables()
    assert table.ref.name.startswith("bok:sheet#")
    assert [f.ref.column for f in table.fields] == ["c1", "c2"]
    assert source.sample(table, rows=0).rows == 2


def test_a_large_sheet_is_sampled_at_random(tmp_path):
    """A sheet is read through in any case, so its sample is of random rows."""
    _book(tmp_path / "bok.xlsx", Ark=[["id", "navn"], *([i, f"n{i}"] for i in range(3000))])
    source, table, _ = _one(tmp_path)
    sample = source.sample(table, rows=100)
    assert (sample.rows, sample.drawn) == (100, "random_rows")
    assert max(sample.data["id"].to_pylist()) > 2000
