"""PDF, DOCX and ZIP from a few lines of text: the same bytes every time, and no library needed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

_CREATED = (2026, 1, 6, 8, 0, 0)


def pdf(pages: Sequence[Sequence[str]], *, author: str = "", title: str = "") -> bytes:
    """A PDF of lines in Helvetica; a page without lines shows an image of one pixel instead.

    Args:
        pages: lines of each page, of letters that Windows-1252 has.
        author: in the properties.
        title: in the properties.
    """
    count = len(pages)
    kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        _stream(
            b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
            b"/BitsPerComponent 8",
            b"\x80",
        ),
    ]
    for i, lines in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources "
            b"<< /Font << /F1 3 0 R >> /XObject << /Im1 4 0 R >> >> "
            + f"/Contents {6 + 2 * i} 0 R >>".encode()
        )
        shown = b" ".join(b"(" + _escaped(line) + b") Tj T*" for line in lines)
        drawn = b"BT /F1 11 Tf 14 TL 60 780 Td " + shown + b" ET"
        objects.append(_stream(b"", drawn if lines else b"q 400 0 0 400 60 300 cm /Im1 Do Q"))
    info = b"<< /Author (" + _escaped(author) + b") /Title (" + _escaped(title) + b") >>"
    objects.append(info)
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010d} 00000 n \n".encode() for place in places))
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    out.write(f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def _stream(entries: bytes, data: bytes) -> bytes:
    return b"<< " + entries + f" /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _escaped(text: str) -> bytes:
    data = text.encode("cp1252", "replace")
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org"
_TYPES = (
    f'{_XML}<Types xmlns="{_OFFICE}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-office'
    'document.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def docx(
    paragraphs: Sequence[str],
    *,
    table: Sequence[Sequence[str]] = (),
    header: str = "",
    footnote: str = "",
    comment: tuple[str, str] = ("", ""),
    author: str = "",
    changed_by: str = "",
) -> bytes:
    """A Word document.

    Args:
        paragraphs: of the body.
        table: rows of cells below them.
        header: of every page.
        footnote: one.
        comment: author and text.
        author: in the properties.
        changed_by: in the properties.
    """
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in table
    )
    body = "".join(map(_paragraph, paragraphs)) + (f"<w:tbl>{rows}</w:tbl>" if rows else "")
    members = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": f"{_XML}<w:document {_W}><w:body>{body}</w:body></w:document>",
        "docProps/core.xml": (
            f'{_XML}<cp:coreProperties xmlns:cp="{_OFFICE}/package/2006/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{escape(author)}'
            f"</dc:creator><cp:lastModifiedBy>{escape(changed_by)}</cp:lastModifiedBy>"
            "</cp:coreProperties>"
        ),
    }
    if header:
        members["word/header1.xml"] = f"{_XML}<w:hdr {_W}>{_paragraph(header)}</w:hdr>"
    if footnote:
        members["word/footnotes.xml"] = (
            f'{_XML}<w:footnotes {_W}><w:footnote w:id="1">{_paragraph(footnote)}'
            "</w:footnote></w:footnotes>"
        )
    if comment[1]:
        members["word/comments.xml"] = (
            f'{_XML}<w:comments {_W}><w:comment w:id="1" w:author="{escape(comment[0])}">'
            f"{_paragraph(comment[1])}</w:comment></w:comments>"
        )
    return archive({name: text.encode() for name, text in members.items()})


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def archive(members: Mapping[str, bytes]) -> bytes:
    """A ZIP of these members, in their order, with a fixed time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name, _CREATED), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
