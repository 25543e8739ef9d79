"""Plain text, JSON, XML, HTML and logs: letters of any encoding arrive, and nothing is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladd.sources.documents.encoding import decode, encoding_of
from sladd.sources.documents.limits import CHUNK_CHARACTERS
from sladd.sources.documents.piece import pieces
from tests.unit.documents.read import kind, rows, texts, troubles

NAME = "Øyvind Åsgård Sørlie"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"],
)
def test_every_encoding_gives_the_same_letters(encoding):
    """Byte order mark or not, one byte a letter or four."""
    assert texts(f"Hei,\nhilsen {NAME}\n".encode(encoding)) == [f"Hei,\nhilsen {NAME}"]


@pytest.mark.parametrize(
    "text",
    [
        "A\u030asne Bjørnsti\u0301",  # NFD
        "Máret Ánne Čáhppes 🦌 👩\u200d👧",  # Sámi letters, emoji with a joiner
        "שלום דנה · سارة",  # right to left
        "kari\u00a0nordmann\u200b@example.no",
    ],
)
def test_awkward_letters_stay_as_they_are(text):
    """What the recognisers see is what was written."""
    assert texts(text.encode()) == [text.strip()]


def test_windows_letters_in_the_middle_of_utf_8_are_read():
    """One line of another program does not spoil the rest."""
    data = "blåbær ".encode() * 20_000 + "blåbær".encode("cp1252")
    assert "".join(texts(data)).endswith("blåbær")
    assert "\ufffd" not in "".join(texts(data))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_decode_gives_back_any_utf_8(text):
    """Whatever letters a text has; no-break and zero-width ones, too."""
    assert decode(text.encode()) == text.removeprefix("\ufeff")


@given(st.binary(max_size=400))
def test_decode_never_fails(data):
    """Bytes of any kind give text that JSON and Arrow can carry."""
    text = decode(data)
    assert "\x00" not in text
    json.dumps(text).encode("ascii")
    text.encode()


def test_binary_is_no_text():
    """A program renamed to .txt is named as what it is, not read as text."""
    assert encoding_of(bytes(range(256)) * 10) == ""
    assert rows(b"\x7fELF\x02\x01\x01" + bytes(100), "a.txt")[0] == {
        "trouble": "kind", "inside": False, "detail": "program",
    }  # fmt: skip
    assert troubles(b"\x89PNG\r\n\x1a\n" + bytes(50), "cv.pdf") == ["image"]


@given(st.lists(st.text(alphabet="abc æ\n.", max_size=9_000), max_size=6))
def test_pieces_lose_nothing_and_are_short(lines):
    """Cutting a long text keeps every letter but white space at the ends."""
    found = list(pieces("body", lines))
    assert all(0 < len(piece.text) <= CHUNK_CHARACTERS for piece in found)
    squeezed = "".join("".join(lines).split())
    assert "".join("".join(piece.text.split()) for piece in found) == squeezed


def test_long_texts_are_cut_between_words():
    """An e-mail address is never cut in two where there is a space near."""
    text = " ".join(f"kari{i}@example.no" for i in range(2_000))
    found = texts(text.encode())
    assert len(found) > 5
    assert all(word.endswith("@example.no") for part in found for word in part.split())


def test_json_keys_are_context():
    """Each value stands beside its path; keys alone are told, too."""
    data = {"kunde": {"epost": "kari@example.no", "tomt": None}, "ordre": [{"nr": 7}, {"nr": 8}]}
    assert texts(json.dumps(data).encode(), "a.json") == [
        "kunde.epost: kari@example.no\nkunde.tomt\nordre[].nr: 7\nordre[].nr: 8"
    ]


def test_json_lines_and_broken_json_are_read():
    """A line that is no JSON is read as text."""
    assert texts(b'{"a": "x"}\nKari\n{"a": "y"}\n', "a.jsonl") == ["a: x\nKari\na: y"]
    assert texts(b'{"a": "x"', "a.json") == ['{"a": "x"']


def test_deep_json_is_refused():
    """A million brackets end neither the child nor its stack."""
    assert set(troubles(b"[" * 1_000_000 + b"]" * 1_000_000, "a.json")) <= {"depth"}


def test_xml_paths_are_context():
    """Text, tails, attributes and comments, in the order of the document."""
    data = '<?xml version="1.0"?><k id="7"><navn>Øy <b>N</b> hale</navn><!-- ring 41298753 --></k>'
    assert texts(data.encode(), "a.xml") == [
        "k/@id: 7\nk/navn: Øy\nk/navn/b: N\nk/navn: hale\nring 41298753"
    ]


@pytest.mark.parametrize(
    "bomb",
    [
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>',
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>',
        '<?xml version="1.0"?><!DOCTYPE l SYSTEM "http://example.com/l.dtd"><l/>',
        '<!DOCTYPE l [<!ENTITY a "ha">]><l>&a;</l>',
    ],
)
def test_xml_with_a_document_type_is_not_read(bomb):
    """Billions of laughs, files of the machine and addresses on the net stay outside."""
    assert troubles(bomb.encode(), "a.xml") == ["dtd"]
    assert texts(bomb.encode(), "a.xml") == []


def test_html_tells_all_that_says_something():
    """Text, title, alternatives, mail links, comments; no styles, and words stay apart."""
    page = """<!doctype html><html><head><meta charset="utf-8"><title>Ordre</title>
    <style>.kari{color:red}</style></head><body><h1>Hei</h1><p>Kjære <b>Øy</b>vind</p><p>Neste</p>
    <table><tr><td>41298753</td><td>Moss</td></tr></table>
    <img alt="Kari Nordmann" src="a.png"><!-- fra per@example.no -->
    <a href="mailto:ola%2Btest@example.no?subject=Hei">skriv</a>
    <a href="/konto?epost=eva%40example.no">konto</a><input value="kari@example.no"></body></html>"""
    data = page.encode()
    assert texts(data, "a.html", "title") == ["Ordre"]
    body = "\n".join(texts(data, "a.html", "body"))
    assert "Kjære Øyvind\nNeste" in body and "41298753 Moss" in body and "color" not in body
    assert "Kari Nordmann" in body and "kari@example.no" in body
    links = texts(data, "a.html", "link")[0]
    assert "ola+test@example.no" in links and "eva@example.no" in links
    assert texts(data, "a.html", "comment") == ["fra per@example.no"]


def test_html_says_its_own_encoding():
    """A charset in a meta element is believed, a wrong one does no harm."""
    page = '<html><head><meta charset="iso-8859-1"></head><body>Bjørn</body></html>'
    assert texts(page.encode("latin-1"), "x", "body") == ["Bjørn"]
    wrong = page.replace("iso-8859-1", "klingon")
    assert texts(wrong.encode("utf-8"), "x", "body") == ["Bjørn"]


def test_html_without_end_is_read():
    """A page nested five thousand deep is no recursion."""
    page = "<html><body>" + "<div>" * 5_000 + "Kari"
    assert "Kari" in texts(page.encode(), "a.html", "body")[0]


LOG = (
    '192.0.2.7 - kari [10/Oct/2026:13:55:36 +0200] "GET /sok?q=kari%40example.no&n=%C3%98 '
    'HTTP/1.1" 200 2326 "https://example.com/?e=ola%40example.no" "Mozilla/5.0 (X11)"'
)


def test_access_logs_are_fields():
    """Address, user, request with its query decoded, agent, time in UTC; the referer as text."""
    assert kind(f"{LOG}\n{LOG}\n".encode(), "noe") == "log"
    found = rows(f"{LOG}\nstartet på nytt\n".encode(), "access.log")
    assert found[0] == {
        "part": "request",
        "ip": "192.0.2.7",
        "user": "kari",
        "request": "GET /sok?q=kari@example.no&n=Ø HTTP/1.1",
        "user_agent": "Mozilla/5.0 (X11)",
        "date": "2026-10-10T11:55:36+00:00",
        "text": "https://example.com/?e=ola@example.no",
    }
    assert found[1] == {"part": "body", "text": "startet på nytt"}


def test_common_log_format_and_addresses_of_version_6():
    """Without referer and agent, too."""
    line = '2001:db8::1 - - [01/Jan/2026:00:00:01 +0000] "POST / HTTP/2.0" 302 -'
    assert rows(f"{line}\n{line}\n".encode(), "a.log")[0] == {
        "part": "request", "ip": "2001:db8::1", "request": "POST / HTTP/2.0",
        "date": "2026-01-01T00:00:01+00:00", "text": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "name", "wanted"),
    [
        (b"%PDF-1.7\n", "a.txt", "pdf"),
        (b"<html><body>x</body></html>", "a.pdf", "html"),
        (b"From: a@example.no\nTo: b@example.no\nSubject: x\n\nhei\n", "a.txt", "mail"),
        (b"From: alle oss her\n\nTakk for sist\n", "a.txt", "text"),
        (b"From kari@example.no Thu Jan  1 00:00:00 2026\nFrom: a@example.no\n\nx\n", "a", "mbox"),
        (b"From Oslo til Bergen\nvar det langt\n", "a.txt", "text"),
        (b"{ikke json}", "a.txt", "text"),
        (b'{"a": 1}', "a.txt", "json"),
        (b"MZ er forkortelsen", "a.txt", "text"),
        (b"# Overskrift\n\n- punkt\n", "a.md", "text"),
        (b"\x1f\x8b\x08\x00", "a.txt", "gzip"),
    ],
)
def test_content_decides_and_not_the_extension(data, name, wanted):
    """A wrong extension misleads nobody."""
    assert kind(data, name) == wanted
