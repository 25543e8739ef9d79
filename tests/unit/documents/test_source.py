"""The source of documents: what is listed, how tables are called, and what is never read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.samples.generator.pages import archive, pdf
from detectors.columns.names import name_is_personal
from sladd.errors import SourceError
from sladd.sources.documents.source import DocumentsSource

MAIL = "From: Kari <kari@example.no>\nTo: ola@example.no\nSubject: Hei\n\nRing 41298753\n"


@pytest.fixture
def open_source():
    made: list[DocumentsSource] = []

    def build(root: Path, *patterns: str, **options) -> DocumentsSource:
        made.append(
            DocumentsSource(
                "post", patterns, root=root, name_is_personal=name_is_personal, **options
            )
        )
        return made[-1]

    yield build
    for source in made:
        source.close()


def data(source: DocumentsSource, table: int = 0) -> list[dict]:
    return source.sample(source.tables()[table], rows=0).data.to_pylist()


def test_a_row_is_a_part_of_a_document(tmp_path, open_source):
    """Headers are fields, the body is text; rows of a document share its key and are numbered."""
    (tmp_path / "a.eml").write_text(MAIL)
    source = open_source(tmp_path, "*.eml")
    rows = data(source)
    assert [(r["part"], r["ordinal"]) for r in rows] == [("header", 0), ("body", 1)]
    assert rows[0]["from"] == "kari@example.no" and rows[0]["file_name"] == "a.eml"
    assert rows[1]["text"] == "Ring 41298753"
    assert len({r["document"] for r in rows}) == 1 and "a.eml" not in rows[0]["document"]


def test_tables_are_called_by_their_folders(tmp_path, open_source):
    """One for each pattern; equal names are told apart, names of persons are masked."""
    for name in ("x/mail", "y/mail", "Kari_Nordmann"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.txt").write_text("x")
    (tmp_path / "b.txt").write_text("x")
    source = open_source(tmp_path, "x/mail/*", "y/mail/**/*", "Kari_Nordmann/*", "*.txt")
    names = [table.ref.name for table in source.tables()]
    assert names[:2] == ["mail", "mail_2"] and names[3] == "post"
    assert names[2].startswith("folder#")


def test_names_of_persons_are_masked_with_their_extension(tmp_path, open_source):
    """`Kari_Nordmann_cv.pdf` is shown as file#….pdf; so is the place of a fault."""
    (tmp_path / "Kari_Nordmann_cv.pdf").write_bytes(b"%PDF-1.4\nbroken")
    source = open_source(tmp_path, "*.pdf")
    data(source)
    (missed,) = source.not_scanned
    assert missed.code == 258
    assert missed.where.startswith("post/file#") and missed.where.endswith(".pdf")


def test_nothing_is_left_out_for_its_name(tmp_path, open_source):
    """Files that begin with a dot or an underscore are read, too."""
    for name in ("_utkast.txt", ".skjult.txt"):
        (tmp_path / name).write_text("x")
    assert len(data(open_source(tmp_path, "*.txt", ".*.txt"))) >= 1
    found = {
        r["file_name"] for t in (0, 1) for r in data(open_source(tmp_path, "*.txt", ".*.txt"), t)
    }
    assert found == {"_utkast.txt", ".skjult.txt"}


def test_include_and_exclude_choose_documents(tmp_path, open_source):
    """By their path or by their table."""
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(name)
    source = open_source(tmp_path, "*.txt", include=["[ab]*"], exclude=["b*"])
    assert [r["text"] for r in data(source)] == ["a.txt"]


def test_a_link_that_leads_out_is_not_followed(tmp_path, open_source):
    """A link inside the folder is read, one to the rest of the machine is told."""
    (tmp_path / "inne").mkdir()
    (tmp_path / "ute.txt").write_text("hemmelig")
    (tmp_path / "inne/a.txt").write_text("åpent")
    os.symlink(tmp_path / "ute.txt", tmp_path / "inne/b.txt")
    os.symlink("a.txt", tmp_path / "inne/c.txt")
    source = open_source(tmp_path, "inne/*.txt")
    assert [r["text"] for r in data(source)] == ["åpent", "åpent"]
    assert [(m.where, m.code) for m in source.not_scanned] == [("post/inne/b.txt", 263)]


def test_folders_and_empty_files_are_no_fault(tmp_path, open_source):
    """A folder called like a document is looked into; an empty file is read to its end."""
    (tmp_path / "arkiv.txt").mkdir()
    (tmp_path / "arkiv.txt/inne.txt").write_text("her")
    (tmp_path / "tom.txt").touch()
    source = open_source(tmp_path, "*.txt")
    assert [r["text"] for r in data(source)] == ["her", None]
    assert source.not_scanned == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_told(tmp_path, open_source):
    """And the rest is read."""
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "b.txt").write_text("y")
    source = open_source(tmp_path, "*.txt")
    assert "y" in [r["text"] for r in data(source)]
    assert [m.code for m in source.not_scanned] == [242]


def test_what_cannot_be_read_does_not_stop_the_rest(tmp_path, open_source):
    """A picture, a broken PDF, laughing XML, a pipe; and a mail after them."""
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (tmp_path / "b.pdf").write_bytes(pdf([["x"]])[:80])
    (tmp_path / "c.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    os.mkfifo(tmp_path / "d.txt")
    (tmp_path / "e.eml").write_text(MAIL)
    source = open_source(tmp_path, "*")
    assert "Ring 41298753" in [r["text"] for r in data(source)]
    assert [m.code for m in source.not_scanned] == [256, 258, 262, 264]


def test_parts_that_were_not_read_are_counted_by_kind(tmp_path, open_source):
    """One line for the pictures of all archives, not one for each."""
    for number in range(5):
        (tmp_path / f"{number}.zip").write_bytes(
            archive({"p.png": b"\x89PNG\r\n\x1a\n" + bytes(9)})
        )
    source = open_source(tmp_path, "*.zip")
    data(source)
    (line,) = source.not_scanned
    assert line.reason.startswith("5 attachments, pages or packed files") and line.code == 256
    data(source)
    assert source.not_scanned == (line,)  # the second reading does not count twice


def test_no_match_is_an_error_with_the_pattern(tmp_path, open_source):
    """As for files; one empty pattern among others is told."""
    with pytest.raises(SourceError) as fault:
        open_source(tmp_path, "*.eml").tables()
    assert fault.value.code == 240
    (tmp_path / "a.txt").write_text("x")
    source = open_source(tmp_path, "*.eml", "*.txt")
    assert len(source.tables()) == 1
    assert [m.code for m in source.not_scanned] == [240]


def test_a_document_that_changes_stops_the_snapshot(tmp_path, open_source):
    """A publish reads one state or none."""
    (tmp_path / "a.txt").write_text("x")
    source = open_source(tmp_path, "*.txt")
    table = source.tables()[0]
    with source.snapshot() as snapshot:
        (tmp_path / "a.txt").write_text("noe helt annet")
        with pytest.raises(SourceError) as fault:
            list(snapshot.batches(snapshot.partitions(table)[0]))
    assert fault.value.code == 249


def test_the_fingerprint_tells_of_every_change(tmp_path, open_source):
    """Another document, another content; not another order of looking."""
    (tmp_path / "a.txt").write_text("x")
    prints = [open_source(tmp_path, "*.txt").tables()[0].fingerprint for _ in range(2)]
    (tmp_path / "b.txt").write_text("y")
    prints.append(open_source(tmp_path, "*.txt").tables()[0].fingerprint)
    (tmp_path / "a.txt").write_text("xx")
    prints.append(open_source(tmp_path, "*.txt").tables()[0].fingerprint)
    assert prints[0] == prints[1] and len(set(prints)) == 3


def test_the_readers_end_with_the_source(tmp_path, open_source):
    """No process is left behind."""
    (tmp_path / "a.txt").write_text("x")
    source = open_source(tmp_path, "*.txt")
    data(source)
    children = [child._process for child in source._pool._all]
    assert children
    source.close()
    assert all(child.poll() is not None for child in children)


def test_a_child_that_was_taken_over_can_say_nothing_of_its_own(tmp_path, open_source):
    """Words that are not ours are no parts, troubles or formats, and go into no report."""
    (tmp_path / "a.txt").write_text("x")
    source = open_source(tmp_path, "*.txt")

    class Lost:
        size = 1

        def read(self, file):
            yield [{"format": "kari@example.no"}, {"part": "kari@example.no", "text": "y"}]
            yield [{"trouble": "kari@example.no", "detail": "kari@example.no"}]

        def close(self):
            pass

    source._pool.close()
    source._pool = Lost()
    assert {row["part"] for row in data(source)} == {"body"}
    (line,) = source.not_scanned
    assert "kari" not in str(line) and line.code == 260
