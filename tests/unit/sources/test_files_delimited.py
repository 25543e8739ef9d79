"""CSV and its kin: dialects found by content, values read as text, nothing lost in silence."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
import zstandard

from sladd.errors import SourceError
from sladd.model import Sample
from sladd.sources.files import FilesSource, delimited


def _read(
    folder: Path, content: bytes, name: str = "t.csv", **options
) -> tuple[Sample, FilesSource]:
    (folder / name).write_bytes(content)
    source = FilesSource("exports", ["*"], root=folder, **options)
    (table,) = source.tables()
    return source.sample(table, rows=0), source


NORDIC = "Navn;Poststed;Postnr\nKåre Ås;Tromsø;0150\nÆrlig Øye;Ålesund;6002\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "cp865"],
)
def test_every_encoding_of_a_norwegian_export_reads_the_same(tmp_path, encoding):
    """The reader finds the encoding by the bytes alone."""
    text = NORDIC * 1 + "Bjørn Sæther;Førde;6800\n" * 20
    sample, _ = _read(tmp_path, text.encode(encoding))
    assert sample.data.column_names == ["Navn", "Poststed", "Postnr"]
    assert sample.data.slice(0, 2).to_pylist() == [
        {"Navn": "Kåre Ås", "Poststed": "Tromsø", "Postnr": "0150"},
        {"Navn": "Ærlig Øye", "Poststed": "Ålesund", "Postnr": "6002"},
    ]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_delimiter_and_line_end_are_found(tmp_path, delimiter, newline):
    """Each common delimiter, with both line ends, gives the same table."""
    rows = [["id", "note", "price"], ["007", "a", "1"], ["008", "b", "2"]]
    text = newline.join(delimiter.join(row) for row in rows) + newline
    sample, _ = _read(tmp_path, text.encode())
    assert sample.data.to_pylist() == [
        {"id": "007", "note": "a", "price": "1"},
        {"id": "008", "note": "b", "price": "2"},
    ]


def test_decimal_comma_does_not_pass_for_a_delimiter(tmp_path):
    """A semicolon file in which every row has decimal commas stays a semicolon file."""
    sample, _ = _read(tmp_path, b"vare;pris;mva\na;1,50;0,25\nb;2,75;0,25\n")
    assert sample.data["pris"].to_pylist() == ["1,50", "2,75"]


def test_sep_line_of_excel_is_obeyed_and_left_out(tmp_path):
    """`sep=;` names the delimiter and is not a row."""
    sample, _ = _read(tmp_path, b"sep=;\r\nid;navn\r\n1;a,b,c\r\n2;d,e,f\r\n")
    assert sample.data.to_pylist() == [
        {"id": "1", "navn": "a,b,c"},
        {"id": "2", "navn": "d,e,f"},
    ]


def test_nothing_and_empty_text_stay_apart(tmp_path):
    """An empty cell is NULL, a quoted empty cell is an empty text, words are words."""
    sample, _ = _read(tmp_path, b'id,navn\n1,\n2,""\n3,NULL\n4,\\N\n')
    assert sample.data["navn"].to_pylist() == [None, "", "NULL", None]


def test_quoted_cells_keep_line_breaks_delimiters_and_quotes(tmp_path):
    """What stands inside quotes is one value."""
    sample, _ = _read(tmp_path, b'id,note\n1,"a\r\nb, ""c"""\n2,d\n')
    assert sample.data["note"].to_pylist() == ['a\r\nb, "c"', "d"]


def test_backslash_escapes_are_found(tmp_path):
    r"""Exports of MySQL write \\" for a quote inside quotes."""
    sample, _ = _read(tmp_path, b'id,note\n1,"a \\"b\\", c"\n2,"d, e"\n3,"f"\n')
    assert sample.data["note"].to_pylist() == ['a "b", c', "d, e", "f"]


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (b"Kari Nordmann;kari@example.no;91234567\nOla Hansen;ola@example.no;92345678\n", 3),
        (b"Kari;Nordmann;Oslo;34\nOla;Hansen;Bergen;51\n", 4),
        (b"kari@example.no\nola@example.no\n", 1),
        (b"1;2;3\n4;5;6\n", 3),
        (b"2026-01-01;a\n2026-01-02;b\n", 2),
        (b"Kari;Nordmann\nOla;Hansen\n", 2),
        (b"rosa;kopp\nrosa;glass\n", 2),
        (b"91234567;Kari Nordmann\n", 2),
        (b"12 Main Street;Kari;Oslo\n7 Side Street;Ola;Bergen\n", 3),
    ],
)
def test_a_first_row_of_data_is_data(tmp_path, content, columns):
    """No value of the first row becomes a column name."""
    sample, _ = _read(tmp_path, content)
    assert sample.data.column_names == [f"c{i + 1}" for i in range(columns)]
    assert sample.rows == content.count(b"\n")


@pytest.mark.parametrize(
    "header",
    [
        b"Navn;E-post;Telefon",
        b"id;kundenr;felt17",
        b"customer_id;created_at;x",
        b"KUNDENR;KUNDENAVN;TLF",
        "Fødselsnummer;Lønn;Stilling".encode(),
        b"firstName;lastName;birthDate",
        b"Order Reference;3D Secure;Shopper IP",
        b"Adresse;2. adresselinje;Poststed",
        b"#;E-post;Telefon",
        b"@timestamp;client.ip;user.email",
    ],
)
def test_a_row_of_names_is_a_header(tmp_path, header):
    """Norwegian and English headers are seen, with rows below and without."""
    body = b"\n10;kari@example.no;91234567\n11;ola@example.no;92345678\n"
    sample, _ = _read(tmp_path, header + body)
    assert sample.data.column_names == header.decode().split(";")
    alone, _ = _read(tmp_path, header + b"\n")
    assert alone.data.column_names == header.decode().split(";")
    assert alone.rows == 0


def test_a_header_that_begins_with_a_number_sign_is_none_of_the_comments(tmp_path):
    """Also where a question holds the delimiter, as in exports of forms."""
    rows = b"".join(b"%d,kari%d@example.no,91234567\n" % (n, n) for n in range(20))
    sample, _ = _read(tmp_path, b'#,"E-post, privat","Hvilket telefonnummer, takk?"\n' + rows)
    assert sample.data.column_names == ["#", "E-post, privat", "Hvilket telefonnummer, takk?"]
    sample, _ = _read(tmp_path, b'#,E-post,"Telefon\n(mobil)"\n' + rows)
    assert sample.data.column_names == ["#", "E-post", "Telefon (mobil)"]
    assert sample.rows == 20


@pytest.mark.parametrize(
    "comments",
    [
        b"# Eksport av kunder\n# Laget 2026-01-02\n# Kilde: butikken\n#\n",
        b'# Eksport, laget av butikken; "kunder\n\n# Dato; 2. januar; 2026; kl. 10; alt\n',
        b"# a;b;c\n",
    ],
)
def test_comments_above_the_header_are_left_out_and_counted(tmp_path, comments):
    """Whatever stands in them, the table below is read by its own header."""
    sample, source = _read(tmp_path, comments + b"id;navn;epost\n10;Kari;kari@example.no\n")
    assert sample.data.to_pylist() == [{"id": "10", "navn": "Kari", "epost": "kari@example.no"}]
    count = comments.count(b"#")
    assert f"{count} rows above the table" in source.warnings[0].reason


@pytest.mark.parametrize(
    ("content", "columns", "rows"),
    [
        (b"#1001;Kari;12\n#1002;Ola;13\n1003;Nils;14\n", 3, 3),
        (b"# Kunder\n# id;navn;sum\n10;Kari;5\n11;Ola;6\n", 3, 2),
        (b"# en\nlinje\nanne\n", 1, 3),
    ],
)
def test_rows_and_headers_that_begin_with_a_hash_are_no_comments(tmp_path, content, columns, rows):
    """An order number, a header behind a hash, and a text of one column stay."""
    sample, _ = _read(tmp_path, content)
    assert (len(sample.data.column_names), sample.rows) == (columns, rows)


@pytest.mark.parametrize("content", [b" \n\t\r\n", b"\xef\xbb\xbf\n", " \n".encode("utf-16")])
def test_a_file_of_blanks_alone_is_empty(tmp_path, content):
    """It is text, and there is nothing in it."""
    (tmp_path / "t.csv").write_bytes(content)
    source = FilesSource("exports", ["*"], root=tmp_path)
    assert source.tables() == []
    assert [line.code for line in source.not_scanned] == [255]


def test_a_row_that_is_new_in_every_column_is_a_header(tmp_path):
    """Words on no list, above columns whose values come again and again."""
    rows = [
        (("Sommar", "Haust")[i % 2], f"svar {i}", ("gul", "blå", "rød")[i % 3]) for i in range(90)
    ]
    body = "\n".join(";".join(row) for row in rows).encode()
    sample, _ = _read(tmp_path, b"Konkurranse;Trekning;Premie til vinnar\n" + body)
    assert sample.data.column_names == ["Konkurranse", "Trekning", "Premie til vinnar"]
    assert sample.rows == 90
    sample, _ = _read(tmp_path, b"Sommar;nytt svar;rosa\n" + body)
    assert sample.rows == 91, "one column is new by chance"


def test_a_first_row_of_a_sorted_file_is_data(tmp_path):
    """The county of a new town is as new as the town, and tells no more."""
    places = [("Askim", "Østfold", "Øst")] + [
        ("Bodø", "Nordland", "Nord"),
        ("Moss", "Viken", "Sør"),
    ] * 60
    body = "\n".join(";".join(place) for place in places).encode()
    sample, _ = _read(tmp_path, body)
    assert sample.rows == 121


def test_handles_in_the_first_row_are_data(tmp_path):
    """What begins with `@` names a column only among names of columns."""
    sample, _ = _read(tmp_path, b"@kari;4;rosa\n@ola;5;bl\xc3\xa5\n@nils;6;gul\n")
    assert sample.data.column_names == ["c1", "c2", "c3"]
    assert sample.rows == 3


def test_a_judge_of_names_makes_a_header_of_persons_data(tmp_path):
    """A cell that the caller's judge calls personal never becomes a column name."""
    content = b"kari;nordmann;alder\nola;hansen;34\n"
    sample, _ = _read(tmp_path, content, name_is_personal=lambda name: name == "nordmann")
    assert sample.data.column_names == ["c1", "c2", "c3"]


def test_equal_and_missing_column_names_become_unique(tmp_path):
    """Two columns of one name are two columns."""
    sample, _ = _read(tmp_path, b"navn;navn;;id\na;b;c;1\nd;e;f;2\n")
    assert sample.data.column_names == ["navn", "navn_2", "c3", "id"]


def test_ragged_rows_are_counted_and_named(tmp_path):
    """Rows of another width are left out, and the table and the warnings say how many."""
    content = b"id;navn\n1;a\n2;b;c\n3\n4;d\n"
    sample, source = _read(tmp_path, content)
    assert sample.data["id"].to_pylist() == ["1", "4"]
    (warning,) = source.warnings
    assert (warning.where, warning.code) == ("exports/t.csv", 246)
    assert warning.reason.startswith("2 rows")
    assert "(row 3, 4)" in warning.reason
    assert "2 rows" in (source.tables()[0].comment or "")


def test_title_rows_above_the_table_are_counted(tmp_path):
    """A title line is no header, and is not lost in silence."""
    sample, source = _read(tmp_path, b"Kunder per 1. januar\nid;navn;sted\n1;a;b\n2;c;d\n")
    assert sample.data.column_names == ["id", "navn", "sted"]
    assert "1 rows above the table" in source.warnings[0].reason


def test_nul_bytes_are_taken_out_and_reported(tmp_path):
    """A damaged file is read as far as it goes, and said to be damaged."""
    sample, source = _read(tmp_path, b"id;navn\n1;a\x00b\n2;c\n\x00\x00")
    assert sample.data["navn"].to_pylist()[:2] == ["ab", "c"]
    assert any(w.code == 250 and "3 NUL" in w.reason for w in source.warnings)


def test_a_late_byte_of_windows_1252_is_read_as_such(tmp_path):
    """The first æ may stand behind everything that was looked at."""
    content = b"id;navn\n" + b"1;Kari\n" * 60_000 + "2;Bjørn\n".encode("cp1252")
    sample, source = _read(tmp_path, content)
    assert sample.data["navn"][-1].as_py() == "Bjørn"
    assert any(w.code == 252 and w.reason.startswith("1 bytes") for w in source.warnings)


@pytest.mark.parametrize(
    ("name", "pack"),
    [("t.csv.gz", gzip.compress), ("t.csv.zst", zstandard.ZstdCompressor().compress)],
)
def test_compressed_files_read_like_plain_ones(tmp_path, name, pack):
    """Both gzip and zstd are seen by their first bytes."""
    sample, _ = _read(tmp_path, pack(NORDIC.encode()), name)
    assert sample.data["Poststed"].to_pylist() == ["Tromsø", "Ålesund"]


def test_a_row_longer_than_a_block_is_read_once(tmp_path, monkeypatch):
    """Starting again with larger blocks neither loses nor repeats rows."""
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 4096)
    rows = "".join(f"{i};{'x' * (20_000 if i == 500 else 10)}\n" for i in range(1000))
    sample, _ = _read(tmp_path, b"id;note\n" + rows.encode())
    assert sample.data["id"].to_pylist() == [str(i) for i in range(1000)]


def test_a_quote_that_never_closes_is_an_error_of_one_line(tmp_path, monkeypatch):
    """The error names the file and no part of the row."""
    monkeypatch.setattr(delimited, "MAX_ROW_BYTES", 1 << 16)
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 1 << 14)
    content = b"id;note\n" + b"1;a\n" * 90_000 + b'2;"hemmelig\n' + b"3;b\n" * 90_000
    (tmp_path / "t.csv").write_bytes(content)
    source = FilesSource("exports", ["*"], root=tmp_path)
    (table,) = source.tables()
    with pytest.raises(SourceError) as error:
        source.sample(table, rows=0)
    assert error.value.code == 254
    assert "hemmelig" not in str(error.value)
    assert [n.code for n in source.not_scanned] == [254]


@pytest.fixture
def large(tmp_path, monkeypatch):
    """A file that counts as large, so that samples are drawn in blocks."""
    monkeypatch.setattr(delimited, "WHOLE_BYTES", 1000)
    monkeypatch.setattr("sladd.sources.files.source.WHOLE_BYTES", 1000)
    monkeypatch.setattr(delimited, "SAMPLE_BLOCK_BYTES", 2000)
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 16_000)

    def make(line: str) -> FilesSource:
        rows = "".join(line.format(i=i) for i in range(50_000))
        (tmp_path / "t.csv").write_text("id;navn;verdi\n" + rows)
        return FilesSource("exports", ["*"], root=tmp_path)

    return make


def test_a_large_file_is_sampled_all_over(large):
    """Blocks come from every stretch of the file, and rows are whole rows of it."""
    source = large("{i};navn{i};x\n")
    (table,) = source.tables()
    sample = source.sample(table, rows=500, seed=1)
    ids = [int(v) for v in sample.data["id"].to_pylist()]
    assert sample.drawn == "block_sample"
    assert 300 <= sample.rows <= 500
    assert {i // 10_000 for i in ids} == {0, 1, 2, 3, 4}
    assert sample.data["navn"].to_pylist() == [f"navn{i}" for i in ids]
    assert ids == [int(v) for v in source.sample(table, rows=500, seed=1).data["id"].to_pylist()]
    assert ids != [int(v) for v in source.sample(table, rows=500, seed=2).data["id"].to_pylist()]
    assert abs((table.rows or 0) - 50_000) < 7_500
    assert not table.rows_exact


def test_a_large_file_with_quoted_line_breaks_is_sampled_from_its_start(large):
    """Where a block cannot be aligned safely, the sample says that it took the first rows."""
    source = large('{i};"navn\n{i}";x\n')
    (table,) = source.tables()
    sample = source.sample(table, rows=500)
    assert sample.drawn == "first_rows"
    assert sample.data["id"].to_pylist() == [str(i) for i in range(500)]


def test_a_sample_of_a_dataset_is_in_proportion(tmp_path):
    """A small file of a dataset is not seen more often than its rows are."""
    (tmp_path / "d_1.csv").write_text("id;navn\n" + "1;liten\n" * 100)
    (tmp_path / "d_2.csv").write_text("id;navn\n" + "2;stor\n" * 9_900)
    source = FilesSource("exports", ["*"], root=tmp_path)
    sample = source.sample(source.tables()[0], rows=1_000)
    assert (sample.rows, sample.drawn) == (1_000, "random_rows")
    assert sample.data["id"].to_pylist().count("1") <= 20


def test_a_small_compressed_file_is_sampled_at_random(tmp_path):
    """What can be read whole is not judged by its first rows."""
    rows = "".join(f"{i};n{i}\n" for i in range(10_000))
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"id;navn\n" + rows.encode()))
    source = FilesSource("exports", ["*"], root=tmp_path)
    sample = source.sample(source.tables()[0], rows=100)
    assert sample.drawn == "random_rows"
    assert max(int(v) for v in sample.data["id"].to_pylist()) > 5_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('id,a\n1,"x\n2,y\n3,z\n', [254]),
        ('id,a\n1,"x\n2,y"\n3,z\n', []),
        ('id,a\n1,5" skjerm\n2,y\n', []),
    ],
)
def test_a_quote_that_never_closes_is_said(tmp_path, text, said):
    """The last cell has swallowed rows; a sign for inches has not."""
    _, source = _read(tmp_path, text.encode())
    assert [line.code for line in source.warnings] == said


def test_a_name_of_bytes_that_are_no_text(tmp_path):
    """Another system's file name can be stored and shown, and the file is read."""
    (tmp_path / os.fsdecode(b"kunder\xff.csv")).write_text("id,a\n1,x\n")
    source = FilesSource("exports", ["*.csv"], root=tmp_path)
    (table,) = source.tables()
    assert str(table.ref).encode("utf-8")
    assert source.sample(table, rows=0).rows == 1
