"""Mail: headers as fields, bodies as they were meant, attachments to any depth."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from data.samples.generator.pages import pdf
from sladd.sources.documents.formats.mail import unflowed
from tests.unit.documents.read import rows, texts, troubles


def message(**headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in (
        {"From": "Kari Nordmann <kari@example.no>", "To": "post@example.com", "Subject": "Hei"}
        | {k.replace("_", "-"): v for k, v in headers.items()}
    ).items():
        made[name] = value
    return made


def test_headers_are_fields():
    """Encoded words, a name with a comma, several recipients; each further one has a row."""
    data = (
        b"From: =?utf-8?q?=C3=98yvind_=C3=85s?= <oyvind@example.no>\r\n"
        b'To: "Nordmann, Kari" <kari@example.no>,\r\n Ola <ola@example.no>\r\n'
        b"Cc: eva@example.no\r\nReply-To: svar@example.no\r\n"
        b"Subject: =?iso-8859-1?q?Bl=E5b=E6r?= =?utf-8?b?w5ggw4U=?=\r\n"
        b"Date: Tue, 3 Mar 2026 10:00:00 +0100\r\nX-Originating-IP: [192.0.2.9]\r\n\r\nHei\r\n"
    )
    assert rows(data, "a.eml") == [
        {
            "part": "header", "from": "oyvind@example.no", "from_name": "Øyvind Ås",
            "to": "kari@example.no", "to_name": "Nordmann, Kari", "subject": "BlåbærØ Å",
            "date": "2026-03-03T09:00:00+00:00", "text": "",
        },
        {"part": "header", "to": "ola@example.no", "to_name": "Ola", "text": ""},
        {"part": "cc", "to": "eva@example.no", "text": ""},
        {"part": "reply-to", "from": "svar@example.no", "text": ""},
        {"part": "headers", "text": "x-originating-ip: [192.0.2.9]"},
        {"part": "body", "text": "Hei"},
    ]  # fmt: skip


def test_raw_letters_in_headers_arrive():
    """Programs that write æøå into headers as they are, in either encoding."""
    for encoding in ("utf-8", "latin-1"):
        data = "From: Bjørn Ås <b@example.no>\nSubject: Blåbær\nTo: a@example.no\n\nx".encode(
            encoding
        )
        first = rows(data, "a.eml")[0]
        assert (first["from_name"], first["subject"]) == ("Bjørn Ås", "Blåbær")


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_bodies_are_decoded(transfer, charset):
    """Whatever way the letters travelled."""
    made = message()
    made.set_content("Hilsen Øyvind\nRing 412 98 753", charset=charset, cte=transfer)
    assert texts(made.as_bytes(), "a.eml", "body") == ["Hilsen Øyvind\nRing 412 98 753"]


def test_a_wrong_charset_does_no_harm():
    """Declared ASCII, written in UTF-8; declared as something that is none."""
    for charset in ("us-ascii", "x-klingon"):
        data = f"From: a@example.no\nTo: b@example.no\nContent-Type: text/plain; charset={charset}\n\nØy"
        assert texts(data.encode(), "a.eml", "body") == ["Øy"]


def test_flowed_lines_are_joined():
    """A number that the mail program broke is whole; quotations stay apart."""
    assert unflowed("Ring 412 98 \n753 i dag. \n> skrev du \n> i går\n-- \nKari") == (
        "Ring 412 98 753 i dag. \n> skrev du i går\n-- \nKari"
    )
    assert unflowed("kari@exam \nple.no", joined=True) == "kari@example.no"


def test_alternatives_are_read_once():
    """The HTML says the same as the text, but for one line and a comment."""
    made = message()
    made.set_content("Hei, ring 41298753")
    made.add_alternative(
        "<p>Hei, ring 41298753</p><p>Fødselsnummer følger</p><!-- per@example.no -->",
        subtype="html",
    )
    found = texts(made.as_bytes(), "a.eml")
    assert found == ["Hei, ring 41298753", "Fødselsnummer følger", "per@example.no"]


def test_html_alone_is_read():
    """A mail of HTML only."""
    made = message()
    made.set_content("<p>Hei <b>Øyvind</b></p>", subtype="html")
    assert texts(made.as_bytes(), "a.eml", "body") == ["Hei Øyvind"]


def test_attachments_are_read_under_their_names():
    """A PDF, a text with an RFC 2231 name, one with an RFC 2047 name; all as attachments."""
    made = message()
    made.set_content("Se vedlegg")
    made.add_attachment(pdf([["Fra Bjørn i PDF"]]), "application", "pdf", filename="Kari Å.pdf")
    made.add_attachment("navn;by\nOla;Moss\n", filename="kunder_æ.csv")
    data = made.as_bytes()
    found = rows(data, "a.eml")
    named = {row["file_name"]: row for row in found if "file_name" in row}
    assert set(named) == {"Kari Å.pdf", "kunder_æ.csv"}
    assert named["Kari Å.pdf"]["part"] == "attachment"
    assert "Fra Bjørn i PDF" in texts(data, "a.eml", "attachment")
    assert "navn;by\nOla;Moss" in texts(data, "a.eml", "attachment")
    old = (
        b"From: a@example.no\nTo: b@example.no\nContent-Type: text/plain\n"
        b'Content-Disposition: attachment; filename="=?utf-8?q?=C3=98y.txt?="\n\nx\n'
    )
    assert rows(old, "a.eml")[1]["file_name"] == "Øy.txt"


def test_forwarded_mails_are_mails():
    """message/rfc822 has headers of its own; what is below is an attachment."""
    inner = message(From="Per <per@example.no>", Subject="Innerst")
    inner.set_content("Nummeret er 41298753")
    made = message()
    made.set_content("Se under")
    made.add_attachment(inner)
    found = rows(made.as_bytes(), "a.eml")
    headers = [row for row in found if row["part"] == "header"]
    assert [row["from"] for row in headers] == ["kari@example.no", "per@example.no"]
    assert texts(made.as_bytes(), "a.eml", "attachment") == ["Nummeret er 41298753"]


def test_mails_in_mails_have_an_end():
    """The sixth level is told, not read."""
    made = message()
    made.set_content("innerst")
    for _ in range(8):
        outer = message()
        outer.set_content("rundt")
        outer.add_attachment(made)
        made = outer
    assert troubles(made.as_bytes(), "a.eml") == ["depth"]


def test_what_is_attached_and_not_read_is_told():
    """winmail.dat, a picture, a broken archive: each is counted, the mail is read."""
    made = message()
    made.set_content("Hei")
    made.add_attachment(b"\x78\x9f\x3e\x22rest", "application", "ms-tnef", filename="winmail.dat")
    made.add_attachment(b"\x89PNG\r\n\x1a\n" + bytes(40), "image", "png", filename="logo.png")
    made.add_attachment(b"PK\x03\x04broken", "application", "zip", filename="a.zip")
    assert troubles(made.as_bytes(), "a.eml") == ["kind", "image", "damaged"]
    assert "Hei" in texts(made.as_bytes(), "a.eml", "body")


def test_mailboxes_are_documents():
    """Each mail is one; a quoted `From ` line is no new one."""
    mail = b"From x@example.no Thu Jan  1 00:00:00 2026\nFrom: a@example.no\nTo: b@example.no\n\n"
    data = mail + b"Hei\n>From Kari\n\n" + mail + b"Neste\n\n"
    found = rows(data, "a.mbox")
    assert [(row["unit"], row["text"]) for row in found if row["part"] == "body"] == [
        ("0", "Hei\nFrom Kari"), ("1", "Neste"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        b"From: a@example.no\nTo: <<<>>>,;:\nSubject: =?utf-8?b?!!!?=\nDate: i gaar\n\nx",
        b"From: a@example.no\nTo: b@example.no\nContent-Type: multipart/mixed\n\n--\nx",
        b"From: a@example.no\nTo: b@example.no\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx",
        b"From: a@example.no\nTo: b@example.no\nContent-Transfer-Encoding: base64\n\n!!!!",
        b"From: " + b"=?utf-8?q?" * 2_000 + b"\nTo: b@example.no\n\nx",
        b"From: a@example.no\nTo: " + b"a@example.no, " * 5_000 + b"\n\nx",
        b"From: a@example.no\nTo: b@example.no\nContent-Type: \xff\xfe; charset=\x00\n\nx",
    ],
)
def test_broken_mails_are_read_as_far_as_they_go(data):
    """No mail of the wild ends its reader."""
    found = rows(data, "a.eml")
    assert any(row.get("from") for row in found) or any(row.get("text") for row in found)


def test_a_base64_body_of_another_kind_is_read():
    """A text sent as octet-stream is sniffed."""
    body = base64.b64encode("Øyvind, 41298753".encode())
    data = (
        b"From: a@example.no\nTo: b@example.no\nContent-Type: application/octet-stream\n"
        b"Content-Transfer-Encoding: base64\n\n" + body
    )
    assert texts(data, "a.eml", "attachment") == ["Øyvind, 41298753"]
