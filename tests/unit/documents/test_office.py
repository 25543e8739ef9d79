"""PDF, Word, OpenDocument and archives: everything that holds text, and nothing that hurts."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from data.samples.generator.pages import archive, docx, pdf
from sladd.sources.documents import limits
from tests.unit.documents.read import kind, rows, texts, troubles

WORDS = ["Bjørn Ærlig søkte 1. mai", "Telefon: (412) 98 753"]


def test_pdf_pages_and_properties():
    """Text with æøå and brackets, page by page; author and title."""
    data = pdf([WORDS, ["Side 2"]], author="Kari Nordmann", title="Søknad")
    assert rows(data, "a.pdf") == [
        {"part": "properties", "author": "Kari Nordmann", "text": ""},
        {"part": "title", "text": "Søknad"},
        {"part": "page", "text": "\n".join(WORDS)},
        {"part": "page", "text": "Side 2"},
    ]


def test_a_scanned_page_is_not_readable_and_is_counted():
    """A page with a picture and no text is told; an empty page is not."""
    assert troubles(pdf([["tekst"], [], []]), "a.pdf") == ["scanned", "scanned"]


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_an_encrypted_pdf_is_not_read(algorithm):
    """With a password for reading it is told; with one for printing only it is read."""
    from pypdf import PdfReader, PdfWriter

    for password, wanted in (("hemmelig", ["encrypted"]), ("", [])):
        writer = PdfWriter(PdfReader(io.BytesIO(pdf([["Åpen tekst"]]))))
        writer.encrypt(user_password=password, owner_password="eier", algorithm=algorithm)
        out = io.BytesIO()
        writer.write(out)
        assert troubles(out.getvalue(), "a.pdf") == wanted
        assert texts(out.getvalue(), "a.pdf", "page") == ([] if wanted else ["Åpen tekst"])


def test_forms_notes_and_attached_files_of_a_pdf():
    """What somebody filled in, wrote beside, or put inside."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.annotations import Text

    writer = PdfWriter(PdfReader(io.BytesIO(pdf([["x"]]))))
    note = Text(text="Ring Kari på 41298753", rect=(50, 50, 100, 100))
    writer.add_annotation(0, note)
    writer.add_attachment("liste.txt", b"Ola, Moss")
    out = io.BytesIO()
    writer.write(out)
    assert "Ring Kari på 41298753" in texts(out.getvalue(), "a.pdf", "comment")
    assert texts(out.getvalue(), "a.pdf", "attachment") == ["Ola, Moss"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_truncated_documents_are_told(share):
    """Half a PDF, half a Word document, half an archive: unread, or read with a word about it."""
    for name, data in (
        ("a.pdf", pdf([WORDS])),
        ("a.docx", docx(WORDS)),
        ("a.zip", archive({"a.txt": b"x" * 500})),
    ):
        found = rows(data[: int(len(data) * share)], name)
        assert any("trouble" in row for row in found) or "".join(WORDS)[:5] in str(found)


DOCX = {
    "paragraphs": ["Kjære Øyvind", "Din ordre <b> & mer"],
    "table": [["Navn", "Telefon"], ["Kari", "41298753"]],
    "header": "Konfidensielt",
    "footnote": "Se sak 7",
    "comment": ("Per Revisor", "Spør eva@example.no"),
    "author": "Kari Nordmann",
    "changed_by": "Ola Redaktør",
}


def test_word_tells_all_its_parts():
    """Body, cells, header, footnote, comment and everyone who had a hand in it."""
    data = docx(**DOCX)
    assert texts(data, "a.docx", "body") == [
        "Kjære Øyvind\nDin ordre <b> & mer\nNavn\nTelefon\nKari\n41298753"
    ]
    assert texts(data, "a.docx", "margin") == ["Konfidensielt"]
    assert texts(data, "a.docx", "footnote") == ["Se sak 7"]
    assert texts(data, "a.docx", "comment") == ["Spør eva@example.no"]
    authors = [row["author"] for row in rows(data, "a.docx") if "author" in row]
    assert authors == ["Kari Nordmann", "Ola Redaktør", "Per Revisor"]


def test_deleted_text_and_links_of_word_are_there():
    """A name taken out under review is still in the file."""
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "word/document.xml": (
            b'<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>Hei </w:t></w:r><w:del w:author="Eva">'
            b"<w:r><w:delText>Kari Nordmann</w:delText></w:r></w:del></w:p></w:body></w:document>"
        ),
        "word/_rels/document.xml.rels": b'<R><R Target="mailto:per@example.no"/></R>',
        "word/media/image1.png": b"\x89PNG\r\n\x1a\n" + bytes(30),
    }
    data = archive(parts)
    assert texts(data, "a.docx", "body") == ["Hei Kari Nordmann"]
    assert texts(data, "a.docx", "link") == ["per@example.no"]
    assert troubles(data, "a.docx") == ["image"]


def test_word_with_entities_is_not_read():
    """A laughing document inside an archive."""
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><w:document xmlns:w="w">&a;</w:document>'
    data = archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": bomb})
    assert troubles(data, "a.docx") == ["dtd"]


def test_open_document_text_keeps_its_order():
    """Spans, links and notes where they stand."""
    content = (
        '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:xlink="x"><text:p>Hei '
        '<text:span>Kari</text:span> fra <text:a xlink:href="mailto:ola@example.no">Ola</text:a>'
        "</text:p><text:p>Neste</text:p></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        out.writestr("content.xml", content)
        out.writestr("meta.xml", '<m xmlns:dc="d"><dc:creator>Eva</dc:creator></m>')
    data = made.getvalue()
    assert kind(data, "a.bin") == "odt"
    assert texts(data, "a.odt", "body") == ["Hei Kari fra  ola@example.no Ola\nNeste"]
    assert rows(data, "a.odt")[0]["author"] == "Eva"


def test_archives_hold_documents():
    """Each member is a document of its own; names with folders and ways out are only names."""
    data = archive({"../../etc/Kari.txt": b"hei", "b/c.html": b"<html><body>Ola</body></html>"})
    found = rows(data, "a.zip")
    assert [(row["unit"], row["file_name"], row["text"]) for row in found] == [
        ("0", "Kari.txt", "hei"), ("1", "c.html", "Ola"),
    ]  # fmt: skip
    assert texts(archive({"inne.zip": data}), "b.zip") == ["hei", "Ola"]
    assert texts(gzip.compress("Øy".encode()), "a.txt.gz") == ["Øy"]


def test_nesting_has_an_end():
    """A zip in a zip in a zip …; what is too deep is told."""
    data = archive({"a.txt": b"innerst"})
    for _ in range(8):
        data = archive({"a.zip": data})
    assert troubles(data, "a.zip") == ["depth"]


def test_bombs_are_stopped_by_size_ratio_and_number():
    """Megabytes of spaces in kilobytes, in one stream or in several, or too many files."""
    zeros = gzip.compress(b" " * (80 << 20), 9)
    assert troubles(zeros, "a.gz")[-1] == "unpacks"
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as out:
        for number in range(limits.MAX_ENTRIES + 1):
            out.writestr(str(number), b"")
    assert troubles(many.getvalue(), "a.zip") == ["entries"]
    flat = archive({f"{i}.bin": b" " * (20 << 20) for i in range(5)})
    assert troubles(flat, "a.zip") == ["unpacks"]


def test_encrypted_members_are_told():
    """The others are read."""
    data = bytearray(archive({"a.txt": b"hei", "b.txt": b"hemmelig"}))
    second = data.index(b"PK\x03\x04", 4)
    data[second + 6] |= 1
    central = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[central + 8] |= 1
    assert texts(bytes(data), "a.zip") == ["hei"]
    assert troubles(bytes(data), "a.zip") == ["encrypted"]


def test_spreadsheets_are_sent_to_files():
    """A workbook is told, with where it belongs."""
    data = archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"})
    assert rows(data, "a.xlsx")[0]["detail"] == "Excel or PowerPoint"
