"""Files that are broken, hostile or gone: one clear line each, and the rest goes on."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from random import Random

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from sladd.errors import SourceError
from sladd.sources.files import FilesSource, streams

SECRET = "hemmelig@example.no"


def _truncated_parquet(path: Path) -> None:
    pq.write_table(pa.table({"a": [SECRET] * 1000}), path)
    path.write_bytes(path.read_bytes()[:-20])


def _broken_pages(path: Path) -> None:
    _truncated_parquet(path)
    path.write_bytes(b"PAR1" + Random(7).randbytes(200) + b"\x10\x00\x00\x00PAR1")


def _xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", SECRET])
    book.save(path)


def _xlsx_bomb(path: Path) -> None:
    """A workbook whose directory says that a sheet unpacks to 10 GB."""
    _xlsx(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"<x/>")
        archive.filelist[-1].file_size = 10 << 30


def _xlsx_many_entries(path: Path) -> None:
    _xlsx(path)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(10_100):
            archive.writestr(f"xl/x{number}", b"")


def _xlsx_entities(path: Path) -> None:
    """A workbook whose sheet defines entities that multiply."""
    _xlsx(path)
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    bomb = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    name = "xl/workbook.xml"
    entries[name] = bomb + entries[name].split(b"?>", 1)[-1].replace(b"Sheet", b"&b;")
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in entries.items():
            archive.writestr(entry, content)


def _password(path: Path) -> None:
    name = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000 + name + b"\x00" * 500)


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", SECRET)


BAD = {
    "empty.csv": (lambda p: p.touch(), 255, "is empty"),
    "empty.csv.gz": (lambda p: p.write_bytes(gzip.compress(b"")), 255, "is empty"),
    "truncated.parquet": (_truncated_parquet, 243, "cut off or damaged"),
    "random.parquet": (_broken_pages, 243, "cut off or damaged"),
    "magic.parquet": (lambda p: p.write_bytes(SECRET.encode() * 99), 243, "does not begin as"),
    "magic.arrow": (lambda p: p.write_bytes(b"ARROW1\x00\x00" + b"x" * 99), 243, "damaged"),
    "magic.xlsx": (lambda p: p.write_bytes(b"PK\x03\x04" + b"x" * 99), 243, "damaged"),
    "password.xlsx": (_password, 244, "protected by a password"),
    "bomb.xlsx": (_xlsx_bomb, 245, "unpacks to 10.0 GB"),
    "entries.xlsx": (_xlsx_many_entries, 245, "more than is safe"),
    "entities.xlsx": (_xlsx_entities, 243, "damaged"),
    "archive.zip": (_zip, 248, "zip archive"),
    "picture.csv": (lambda p: p.write_bytes(Random(7).randbytes(5000)), 248, "not text"),
    "zeros.csv": (lambda p: p.write_bytes(b"\x00" * 5000), 248, "not text"),
    "shop.db": (lambda p: p.write_bytes(b"SQLite format 3\x00" * 9), 248, "SQLite"),
    "cut.json": (
        lambda p: p.write_text(json.dumps([{"a": SECRET}] * 50)[:-30]),
        247,
        "in the middle of record 50",
    ),
    "broken.json": (lambda p: p.write_text('[{"a": 1}, {"a": hemmelig}]'), 247, "record 2"),
    "lines.jsonl": (lambda p: p.write_text("hemmelig\nhemmelig\n"), 247, "no valid JSON"),
    "deep.json": (lambda p: p.write_text('{"a":' * 100_000), 247, "record 1"),
    "none.json": (lambda p: p.write_text("[]"), 255, "no records"),
    "cut.csv.gz": (
        lambda p: p.write_bytes(gzip.compress(Random(7).randbytes(900).hex().encode())[:-300]),
        243,
        "ends too early",
    ),
    "cut.csv.zst": (
        lambda p: p.write_bytes(zstandard.compress(b"a;b\n" * 999)[:12] + b"\xff" * 40),
        243,
        "damaged",
    ),
    "link.csv": (lambda p: p.symlink_to("nowhere.csv"), 242, "link to nothing"),
    "folder.csv": (lambda p: p.mkdir(), 242, "is a directory"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_not_scanned_and_the_rest_goes_on(tmp_path, name):
    """One line with a code, no value in it, and the good file beside it is a table."""
    make, code, words = BAD[name]
    make(tmp_path / name)
    (tmp_path / "god.csv").write_text("id;navn\n1;a\n")
    source = FilesSource("exports", ["*"], root=tmp_path)
    assert [t.ref.name for t in source.tables()] == ["god"]
    (failed,) = source.not_scanned
    assert (failed.where, failed.code) == (f"exports/{name}", code)
    assert words in failed.reason
    assert "\n" not in failed.reason
    assert "hemmelig" not in failed.reason


def test_a_pattern_that_matches_nothing_is_an_error_with_advice(tmp_path):
    """It names source and pattern, and says what the pattern is relative to."""
    source = FilesSource("exports", ["data/*.csv"], root=tmp_path)
    with pytest.raises(SourceError) as error:
        source.tables()
    text = str(error.value)
    assert text.startswith("SLADD-240")
    assert "data/*.csv" in text
    assert "relative to the folder of sladd.yaml" in text


def test_one_of_two_patterns_that_matches_nothing_is_not_scanned(tmp_path):
    """The other pattern's files are read all the same."""
    (tmp_path / "a.csv").write_text("id;navn\n1;a\n")
    source = FilesSource("exports", ["*.csv", "*.xlsx"], root=tmp_path)
    assert len(source.tables()) == 1
    assert [n.code for n in source.not_scanned] == [240]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_compressed_bomb_is_stopped(tmp_path, monkeypatch, pack):
    """A stream that grows without bound ends with an error, not with a full memory."""
    monkeypatch.setattr(streams, "RATIO_FROM_BYTES", 4 << 20)
    (tmp_path / "bomb.csv.gz").write_bytes(pack(b"id;navn\n" + b"1;aaaaaaaaaaaaaaaa\n" * 3_000_000))
    source = FilesSource("exports", ["*"], root=tmp_path)
    (table,) = source.tables()
    with pytest.raises(SourceError, match="SLADD-245"):
        source.sample(table, rows=0)
    assert [n.code for n in source.not_scanned] == [245]


def test_a_file_deleted_after_listing_is_not_scanned(tmp_path):
    """The other files of its dataset are still sampled, and the sample is not called whole."""
    for day in range(1, 4):
        (tmp_path / f"d_{day}.csv").write_text(f"id;navn\n{day};a\n")
    source = FilesSource("exports", ["*"], root=tmp_path)
    (table,) = source.tables()
    (tmp_path / "d_2.csv").unlink()
    sample = source.sample(table, rows=0)
    assert sample.data["id"].to_pylist() == ["1", "3"]
    assert not sample.complete
    (failed,) = source.not_scanned
    assert (failed.where, failed.code) == ("exports/d_2.csv", 242)


def test_a_table_whose_only_file_is_gone_raises(tmp_path):
    """No sample is better than an empty one that looks clean."""
    (tmp_path / "d.csv").write_text("id;navn\n1;a\n")
    source = FilesSource("exports", ["*"], root=tmp_path)
    (table,) = source.tables()
    (tmp_path / "d.csv").unlink()
    with pytest.raises(SourceError, match="SLADD-242"):
        source.sample(table, rows=10)


def test_a_personal_name_is_masked_in_the_line(tmp_path):
    """A file that fails is named by its mask when its name is a person's."""
    (tmp_path / "Kari_Nordmann.xlsx").write_bytes(b"x" * 99)
    source = FilesSource("s", ["*"], root=tmp_path, name_is_personal=lambda n: "Kari" in n)
    assert list(source.tables()) == []
    (failed,) = source.not_scanned
    assert "Kari" not in failed.where
    assert failed.where.startswith("s/file#")


def test_a_header_only_file_is_a_table_without_rows(tmp_path):
    """Columns and no rows: nothing is wrong with that."""
    (tmp_path / "d.csv").write_text("id;navn;epost\n")
    source = FilesSource("exports", ["*"], root=tmp_path)
    (table,) = source.tables()
    assert (table.rows, len(table.fields)) == (0, 3)
    sample = source.sample(table, rows=10)
    assert (sample.rows, sample.drawn) == (0, "all")
    with source.snapshot() as snapshot:
        assert snapshot.count(table) == 0


def test_memory_is_bounded_by_the_batch(tmp_path):
    """Streaming a file of 40 MB holds a small part of it in Arrow memory."""
    row = "1234567;Ola Hansen;ola@example.no;Storgata 1\n" * 1000
    with (tmp_path / "stor.csv").open("w") as file:
        file.write("id;navn;epost;adresse\n")
        for _ in range(900):
            file.write(row)
    source = FilesSource("exports", ["*"], root=tmp_path)
    (table,) = source.tables()
    base, peak = pa.total_allocated_bytes(), 0
    with source.snapshot() as snapshot:
        for partition in snapshot.partitions(table):
            for batch in snapshot.batches(partition, batch_rows=10_000):
                peak = max(peak, pa.total_allocated_bytes() - base)
                del batch
    assert 0 < peak < 12 << 20
