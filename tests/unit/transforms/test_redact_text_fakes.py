"""Texts with fakes: the same as in the columns, readable, and left out whole above a limit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from sladd.keyring import MasterKey
from sladd.model import KnownValue, Span, StorageType
from transforms import Context, fake, pseudonym, redact_text
from transforms.contract import Beside

MASTER = MasterKey(bytes(range(32)), name="main", version=1)
LABELS = {"user.contact.email": "E-postadresse", "user.name": "Navn", "user.unique_id": "Kundenr"}
_PATTERNS = (
    (re.compile(r"[\w.]+@firma\.no", re.IGNORECASE), "EMAIL_ADDRESS", "user.contact.email"),
    (
        re.compile(r"(?:Kari|Ola|Anne)(?: Anne)?(?: (?:Nordmann|Hansen))?|Nordmann|Hansen", re.IGNORECASE),
        "PERSON",
        "user.name",
    ),
    (re.compile(r"\b\d{8}\b"), "PHONE_NUMBER", "user.contact.phone_number"),
    (re.compile(r"\bK-\d+\b"), "CUSTOMER_NUMBER", "user.unique_id"),
)  # fmt: skip


def find(texts: Sequence[str]) -> list[list[Span]]:
    """A finder of four kinds; a name ends before what belongs to the sentence."""
    return [
        [
            Span(m.start(), m.end(), kind, 0.9, category)
            for pattern, kind, category in _PATTERNS
            for m in pattern.finditer(text)
        ]
        for text in texts
    ]


def known(_text: str, spans: Sequence[Span], _values: Sequence[KnownValue]) -> Sequence[Span]:
    """Nothing beside what the finder found."""
    return spans


def context(**more: Any) -> Context:
    """Of a column of texts whose spans become fakes."""
    given: dict[str, Any] = {
        "parameters": {"with": "fake"},
        "storage": StorageType.STRING,
        "find_spans": find,
        "find_known": known,
        "labels": LABELS,
        "language": "nb",
        "derive": lambda kind: MASTER.derive("d", kind),
    }
    return Context(**{**given, **more})


def redacted(text: str, beside: Sequence[Beside] = (), **more: Any) -> str:
    """One text."""
    return str(redact_text.apply(pa.array([text]), context(**more), beside)[0].as_py())


def column(value: str, kind: str) -> str:
    """What a column of a kind makes of a value."""
    of = Context(
        parameters={"kind": kind},
        storage=StorageType.STRING,
        key=MASTER.derive("d", "x"),
        derive=lambda use: MASTER.derive("d", use),
    )
    return str(fake.apply(pa.array([value]), of)[0].as_py())


KARI = column("Kari Nordmann", "name")
GIVEN, SURNAME = KARI.split()


def test_a_text_has_the_fakes_of_the_columns():
    """Name, mailbox and telephone read as in their columns; what has no fake has a label."""
    made = redacted("Kari Nordmann, kari@firma.no, 91234567, kunde K-17")
    mail, phone = column("kari@firma.no", "email"), column("+47 912 34 567", "phone")
    assert made == f"{KARI}, {mail}, {phone}, kunde <KUNDENR>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kari Nordmanns ordre", f"{KARI}s ordre"),
        ("KARI NORDMANNS ORDRE", f"{KARI.upper()}S ORDRE"),
        ("kari nordmanns ordre", f"{KARI.lower()}s ordre"),
        ("Kari Nordmann's order", f"{KARI}'s order"),
        ("Hei Kari!", f"Hei {GIVEN}!"),
        ("Kari's pakke. Hilsen Kari Nordmann", f"{GIVEN}'s pakke. Hilsen {KARI}"),
        ("Kari Nordmann ringte; Nordmanns pakke", f"{KARI} ringte; {SURNAME}s pakke"),
    ],
)
def test_case_and_genitive_stay_readable(text, expected):
    """What belongs to the sentence stays where it was."""
    assert redacted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ring Kari før levering", f"Ring {GIVEN} før levering"),
        ("Nordmann betaler", f"{SURNAME} betaler"),
        ("hilsen Anne", f"hilsen {GIVEN}"),
        ("hilsen Kari Anne", f"hilsen {GIVEN}"),
        ("Ola Nordmann betaler", None),
    ],
)
@pytest.mark.parametrize("divided", [False, True])
def test_parts_of_a_name_are_those_of_the_rows_person(text, expected, divided):
    """`Kari` alone is the given name of the fake that the row's name column has."""
    beside = (
        [
            Beside("user.name.first", pa.array(["Kari Anne"])),
            Beside("user.name.last", pa.array(["Nordmann"])),
        ]
        if divided
        else [Beside("user.name", pa.array(["Kari Anne Nordmann"]))]
    )
    other = column("Ola Nordmann", "name")
    assert redacted(text, beside) == (expected or f"{other} betaler")


def test_a_genitive_that_the_finder_took_for_the_name_is_given_back():
    """The row tells that `Thixas` is Thixa's."""

    def whole(texts: Sequence[str]) -> list[list[Span]]:
        return [[Span(0, 6, "PERSON", 0.9, "user.name")] for _ in texts]

    beside = [Beside("user.name", pa.array(["Thixa Nordmann"]))]
    given = column("Thixa Nordmann", "name").split()[0]
    assert redacted("Thixas pakke", beside, find_spans=whole) == f"{given}s pakke"


@pytest.mark.parametrize("text", ["Storgata 1, 0150 Oslo", "Storgata 1\n0150 OSLO", "0150 Oslo"])
def test_a_street_found_with_its_town_reads_like_the_columns(text):
    """Finders give a street with postcode and place as one span."""
    category = f"user.contact.address.{'street' if 'gata' in text else 'postal_code'}"

    def whole(texts: Sequence[str]) -> list[list[Span]]:
        return [[Span(5, len(each), "NO_STREET_ADDRESS", 0.9, category)] for each in texts]

    town = f"{column('0150', 'postal_code')} {column('Oslo', 'place')}"
    expected = f"{column('Storgata 1', 'street')}, {town}" if "gata" in text else town
    assert redacted(f"Til: {text}", find_spans=whole) == f"Til: {expected}"


def test_rows_of_one_text_tell_of_their_own_persons():
    """The same words under two names are written for each."""
    values = pa.array(["Hei, hilsen Nordmann", "Hei, hilsen Nordmann", None, ""])
    beside = [Beside("user.name", pa.array(["Kari Nordmann", "Nordmann Hansen", None, None]))]
    made = redact_text.apply(values, context(), beside).to_pylist()
    first = column("Nordmann Hansen", "name").split()[0]
    assert made == [f"Hei, hilsen {SURNAME}", f"Hei, hilsen {first}", None, ""]


def test_a_part_of_a_name_has_the_pseudonym_of_the_whole():
    """`Kari` in the text joins the row of Kari Nordmann."""
    of = Context(
        parameters={}, storage=StorageType.STRING, key=MASTER.derive("d", "name"), canonical="name"
    )
    expected = pseudonym.apply(pa.array(["Kari Nordmann"]), of)[0].as_py()
    beside = [Beside("user.name", pa.array(["Kari Nordmann"]))]
    for text in ("Hei Kari", "Hei KARI", "Hei Nordmann"):
        made = redacted(text, beside, parameters={"with": "pseudonym"})
        assert made == f"Hei <NAVN {expected}>"


def test_each_category_is_written_in_its_own_way():
    """The longest prefix decides; what no entry covers becomes a label."""
    told = {"user.name": "fake", "user.contact": "pseudonym", "user.contact.email": "label"}
    made = redacted("Kari, kari@firma.no, 91234567, K-17", parameters={"with": told})
    assert re.fullmatch(
        rf"{GIVEN}, <E-POSTADRESSE>, <PHONE_NUMBER [a-z2-7]{{26}}>, <KUNDENR>", made
    )


def test_fakes_in_texts_speak_the_language_of_the_rule():
    """English words for English readers."""
    made = redacted("Hi Kari", parameters={"with": "fake", "language": "en"})
    assert made.split()[1] != GIVEN
    assert made.isascii()


MISSED = {"user.name": 0.1, "user.contact.email": 0.04}


@pytest.mark.parametrize(
    ("text", "limit", "stays"),
    [
        ("ingen", 0.0, True),  # nothing found, no sign of more
        ("Kari kom", 0.1, True),  # one name: 10 %
        ("Kari kom", 0.099, False),
        ("Kari og Ola kom", 0.1, False),  # two: 19 %
        ("Kari og Ola kom", 0.19, True),
        ("Kari, a@firma.no", 0.13, False),  # 1 - 0.9 · 0.96 = 13.6 %
        ("Kari, a@firma.no", 0.137, True),
        ("kunde K-17", 0.1, True),  # not measured: as the worst that was
        ("kunde K-17", 0.09, False),
        ("Kari og Ola og Ola og Ola", 1.0, True),
        ("Kari og Ola kom", None, True),
    ],
)
def test_a_text_is_left_out_whole_above_the_limit(text, limit, stays):
    """The more was found in it, the more was missed."""
    of = context(
        parameters={"with": "label", "max_residual_risk": limit} if limit is not None else {},
        missed=MISSED,
    )
    made = redact_text.apply(pa.array([text, text, None, ""]), of).to_pylist()
    assert (made[0] != "<UTELATT>") is stays
    assert made[0] == made[1]
    assert made[2:] == [None, ""]
    assert of.counts["withheld"] == (0 if stays else 2)


def test_what_was_left_out_stays_left_out():
    """A second run finds nothing in the mark."""

    def greedy(texts: Sequence[str]) -> list[list[Span]]:
        return [[Span(0, len(text), "PERSON", 0.9, "user.name")] for text in texts]

    assert redacted("<UTELATT>", find_spans=greedy) == "<UTELATT>"


def test_without_a_measurement_whatever_is_found_is_too_much():
    """A limit cannot be kept by what nobody measured."""
    assert redacted("Kari kom", parameters={"max_residual_risk": 0.9}) == "<UTELATT>"


def test_the_pieces_of_a_text_are_told_for_the_gate():
    """Every fake in a text, its genitive and its capitals match; a name does not."""
    rule = re.compile(rf"(?i){redact_text.form({'with': 'fake'}, 1).pieces}")
    for text in (KARI, f"{KARI.upper()}S", f"{GIVEN}'s", column("a@firma.no", "email").upper()):
        assert rule.fullmatch(text)
    assert not rule.fullmatch("Kari Nordmann")
    assert redact_text.form({}, 1).pieces == ""
    names = redact_text.form({"with": {"user.name": "fake"}}, 1).pieces
    assert not re.compile(names).fullmatch(column("a@firma.no", "email"))
