"""Which files make one table, and what tables and files are called."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sladd.errors import SourceError
from sladd.sources.files import FilesSource
from sladd.sources.files.listing import expand_braces

CSV = b"id;navn\n1;a\n2;b\n"


def _source(root: Path, files: dict[str, bytes], pattern: str = "**/*", **options) -> FilesSource:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return FilesSource("exports", [pattern], root=root, **options)


def _names(source: FilesSource) -> dict[str, str]:
    return {t.ref.name: t.kind for t in source.tables()}


@pytest.mark.parametrize(
    ("files", "tables"),
    [
        (["orders_2026-01-01.csv", "orders_2026-01-02.csv"], {"orders": "dataset"}),
        (["orders_20260101.csv", "orders_20260102.csv"], {"orders": "dataset"}),
        (["ordre-01.02.2026.csv", "ordre-02.02.2026.csv"], {"ordre": "dataset"}),
        (["orders_2026-01-01.csv"], {"orders": "table"}),
        (["kunder1.csv", "kunder2.csv"], {"kunder": "dataset"}),
        (["kunder1.csv"], {"kunder1": "table"}),
        (["salg/part-0000.csv", "salg/part-0001.csv"], {"salg": "dataset"}),
        (["salg/2025/a.csv", "salg/2026/a.csv"], {"a": "dataset"}),
        (["salg/year=2025/part-0.csv", "salg/year=2026/part-0.csv"], {"salg": "dataset"}),
        (["kunder.csv", "ordre.csv"], {"kunder": "table", "ordre": "table"}),
        (["nord/kunder.csv", "sor/kunder.csv"], {"nord_kunder": "table", "sor_kunder": "table"}),
        (["kunder.csv", "kunder.tsv"], {"kunder_csv": "table", "kunder_tsv": "table"}),
    ],
)
def test_files_become_tables(tmp_path, files, tables):
    """Names that differ only in digits or dates are one dataset; equal names get longer."""
    assert _names(_source(tmp_path, dict.fromkeys(files, CSV))) == tables


def test_files_of_another_kind_are_another_table(tmp_path):
    """A like name does not make unlike columns one table."""
    other = b"sku;pris;farge\nx;1;blue\n"
    source = _source(tmp_path, {"a1.csv": CSV, "a2.csv": CSV, "a3.csv": other})
    assert _names(source) == {"a": "dataset", "a3": "table"}


def test_a_dataset_is_the_union_of_its_columns(tmp_path):
    """A column that a day lacks is NULL on that day; types are joined."""
    pq.write_table(pa.table({"id": pa.array([1], pa.int32()), "x": [1.5]}), tmp_path / "d1.parquet")
    pq.write_table(pa.table({"id": [2], "y": ["b"], "x": ["text"]}), tmp_path / "d2.parquet")
    source = _source(tmp_path, {})
    (table,) = source.tables()
    assert source.sample(table, rows=0).data.to_pylist() == [
        {"id": 1, "x": "1.5", "y": None},
        {"id": 2, "x": "text", "y": "b"},
    ]
    assert (table.rows, table.rows_exact) == (2, True)


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_a_day_without_values_does_not_decide_the_type(tmp_path, kind):
    """A column that is empty in one file has the type of the others; empty in all, it is text."""
    days = [[(1, None, None), (2, None, None)], [(3, 4, None), (5, 6, None)]]
    for day, rows in enumerate(days):
        path = tmp_path / f"d_{day}.{kind}"
        if kind == "json":
            path.write_text(json.dumps([{"id": i, "sum": s, "note": n} for i, s, n in rows]))
        else:
            book = openpyxl.Workbook()
            for row in [("id", "sum", "note"), *rows]:
                book.active.append(row)
            book.save(path)
    source = _source(tmp_path, {})
    (table,) = source.tables()
    assert [f.type for f in table.fields] == ["integer", "integer", "string"]
    assert source.sample(table, rows=0).data["sum"].to_pylist() == [None, None, 4, 6]


def test_a_parquet_folder_is_one_table(tmp_path):
    """Spark's folder with its marker files reads as one dataset named after the folder."""
    folder = tmp_path / "ordre.parquet"
    folder.mkdir()
    for number in range(3):
        pq.write_table(pa.table({"id": [number]}), folder / f"part-0000{number}-c000.parquet")
    (folder / "_SUCCESS").touch()
    source = _source(tmp_path, {}, "*.parquet")
    assert _names(source) == {"ordre": "dataset"}
    assert source.sample(source.tables()[0], rows=0).rows == 3
    assert not source.not_scanned


def test_personal_file_and_folder_names_are_masked(tmp_path):
    """A person's name in a path is never shown: not as a table, not in an error."""
    source = _source(
        tmp_path,
        {
            "Kari_Nordmann_cv.csv": CSV,
            "Kari Nordmann/tom.csv": b"",
            "kari@example.no.csv": b"",
        },
        name_is_personal=lambda name: "kari" in name.lower(),
    )
    (name,) = _names(source)
    assert name.startswith("file#")
    assert len(name) == len("file#7f3a")
    (table,) = source.tables()
    with source.snapshot() as snapshot:
        said = [repr(snapshot.partitions(table)), repr(table), repr(source.not_scanned)]
    assert len(source.not_scanned) == 2
    assert "kari" not in " ".join(said).lower()


def test_names_with_mail_or_long_numbers_are_masked_without_a_judge(tmp_path):
    """The shapes that are personal whatever they stand in need no lexicon."""
    source = _source(tmp_path, {"ola@example.no.csv": CSV, "21850312345.csv": CSV})
    assert all(name.startswith("file#") for name in _names(source))


@pytest.mark.parametrize(
    ("options", "tables"),
    [
        ({"include": ["kun*"]}, ["kunder"]),
        ({"exclude": ["kun*"]}, ["ordre"]),
        ({"include": ["b/*"]}, ["ordre"]),
        ({"exclude": ["a/*"]}, ["ordre"]),
        ({"include": ["*"], "exclude": ["ordre"]}, ["kunder"]),
    ],
)
def test_include_and_exclude_match_tables_and_paths(tmp_path, options, tables):
    """Both lists take wildcards over table names and file paths."""
    source = _source(tmp_path, {"a/kunder.csv": CSV, "b/ordre.csv": CSV}, **options)
    assert list(_names(source)) == tables


def test_the_fingerprint_changes_with_content_and_schema_only(tmp_path):
    """An unchanged folder has the same fingerprint in a second run."""
    first = _source(tmp_path, {"a.csv": CSV}).tables()[0].fingerprint
    assert _source(tmp_path, {}).tables()[0].fingerprint == first
    (tmp_path / "a.csv").write_bytes(CSV + b"3;c\n")
    assert _source(tmp_path, {}).tables()[0].fingerprint != first


@pytest.mark.parametrize(
    ("pattern", "expanded"),
    [
        ("a.csv", ["a.csv"]),
        ("**/*.{csv,jsonl}", ["**/*.csv", "**/*.jsonl"]),
        ("{a,b}/{1,2}", ["a/1", "a/2", "b/1", "b/2"]),
        ("x.{json{,l},csv}", ["x.json", "x.csv", "x.jsonl"]),
    ],
)
def test_braces_expand(pattern, expanded):
    """Braces are choices, also nested ones."""
    assert sorted(expand_braces(pattern)) == sorted(expanded)


def test_a_root_with_wildcards_in_its_name_is_taken_literally(tmp_path):
    """Brackets and stars in the project folder's own name are no pattern."""
    root = tmp_path / "prosjekt [1]*"
    assert _names(_source(root, {"data/kunder.csv": CSV}, "data/*.csv")) == {"kunder": "table"}


def test_any_fsspec_address_is_read(tmp_path):
    """What fsspec opens, local or not, is a source."""
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe("/sladd-test/in/ordre_1.csv", CSV)
    memory.pipe("/sladd-test/in/deep/ordre_1.jsonl", b'{"a": 1}\n')
    try:
        source = FilesSource("s", ["memory://sladd-test/**/*.{csv,jsonl}"], root=tmp_path)
        assert sorted(t.rows for t in source.tables()) == [1, 2]
        with source.snapshot() as snapshot:
            assert sum(snapshot.count(table) for table in source.tables()) == 3
        with pytest.raises(SourceError, match="SLADD-240"):
            FilesSource("s", ["memory://sladd-test/*.xlsx"], root=tmp_path).tables()
    finally:
        memory.rm("/sladd-test", recursive=True)


def test_credentials_of_an_address_are_not_shown(tmp_path):
    """An error shows the pattern without user and password."""
    source = FilesSource("s", ["memory://user:hemmelig@nowhere/*.csv"], root=tmp_path)
    with pytest.raises(SourceError) as error:
        source.tables()
    assert "hemmelig" not in str(error.value)
