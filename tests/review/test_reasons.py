"""Free texts that officers write beside a decision."""

from __future__ import annotations

import logging

import pytest
from fastapi import Request

from sladd.review.access.reasons import reason_fault
from sladd.review.access.shown import mark, still
from sladd.review.access.visiting import visit_of
from sladd.review.context import Visit


@pytest.fixture
def visit(app) -> Visit:
    """A visit in Norwegian."""
    scope = {
        "type": "http", "method": "GET", "path": "/", "headers": [(b"accept-language", b"nb")],
        "query_string": b"", "app": app, "client": ("127.0.0.1", 1), "scheme": "http",
    }  # fmt: skip
    return visit_of(Request(scope))


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("gjelder kunden med 12848040051", "fødselsnummer"),
        ("spør kari.nordmann@example.no", "e-postadresse"),
    ],
)
def test_a_reason_with_an_identifier_is_refused_by_its_kind(visit, text, category, caplog):
    """The sentence names the category; neither it nor the log holds the value."""
    with caplog.at_level(logging.DEBUG):
        said = reason_fault(visit, text)
    assert category in said
    for word in text.split():
        if any(letter in word for letter in "@0123456789"):
            assert word not in said
            assert word not in caplog.text


NUMBER = "12848040051"  # month +80: Skatteetaten's synthetic range


@pytest.mark.parametrize(
    "written",
    [
        "gjelder " + "\u200b".join(NUMBER),
        f"{NUMBER[:6]}\u00ad{NUMBER[6:]}",
        f"\u202e{NUMBER[::-1]}",
        "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER),
        "".join(f"{digit}\ufe0f\u20e3" for digit in NUMBER),
        "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in NUMBER),
        " ".join(NUMBER),
        "12.84.80-400.51",
        f"{NUMBER[:6]}\n{NUMBER[6:]}",
        "kari.nord\u200bmann@example.no",
        "kari.nordmann @ example . no",
        "kari.nordmann&#64;example.no",
        "ring 412\u200b34\u200b567",
    ],
)
def test_an_identifier_that_is_hidden_from_the_rules_is_found(visit, written):
    """By characters that nobody sees, by other digits, and by gaps."""
    assert "personopplysning" in reason_fault(visit, written)


@pytest.mark.parametrize(
    "text",
    [
        "sett i skjemaet for nyhetsbrev, bekreftet med markedsavdelingen",
        "festenummer, ikke fødselsnummer; jf. personopplysningsloven § 12",
        "sjekket 12.03.2026, 4 218 rader, kolonnen er ordrenummer",
        "svar 2026-03-12 14.30, sak 2026/118; 1 776 av 1 013 000 rader, 98 % er tomme",
        "Godkjent\u00adav systemeier 😀\u200d, se art. 6 nr. 1 bokstav f.\nNeste gjennomgang er i mars.",
    ],
)
def test_a_reason_as_officers_write_it_passes(visit, text):
    """Words, paragraphs, dates and counts."""
    assert reason_fault(visit, text) == ""


def test_an_empty_or_endless_reason_is_told(visit):
    """Whoever reads it in a year shall understand it."""
    assert "begrunnelse" in reason_fault(visit, "  \n ")
    assert reason_fault(visit, "", required=False) == ""
    assert "for lang" in reason_fault(visit, "a " * 1001)


def test_what_was_shown_is_known_again(visit):
    """The mark of a form tells whether what it decided on still holds."""
    shown = mark("shop/t.c", 3, None)
    assert still(shown, "shop/t.c", 3, None)
    assert not still(shown, "shop/t.c", 4, None)
    assert not still("", "shop/t.c", 3, None)
    assert not still("å", "shop/t.c", 3, None)
