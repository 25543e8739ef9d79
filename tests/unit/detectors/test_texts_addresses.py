"""One span for one address, however it is written."""

from __future__ import annotations

import pytest

STREET = "NO_STREET_ADDRESS"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bor i Storgata 5, 0155 Oslo", "Storgata 5, 0155 Oslo"),
        ("bor i kirkegata 21, 0153 oslo", "kirkegata 21, 0153 oslo"),
        ("Kirkegata 21\n0153 Oslo", "Kirkegata 21\n0153 Oslo"),
        ("Til Olav Tryggvasons gate 12 B, 7011 Trondheim", "Olav Tryggvasons gate 12 B, 7011 Trondheim"),
        ("til olav tryggvasons gate 12 b, 7011 trondheim", "olav tryggvasons gate 12 b, 7011 trondheim"),
        ("nedre slottsgate 4", "nedre slottsgate 4"),
        ("Øvre Langgate 7, 2. etg, 3110 Tønsberg", "Øvre Langgate 7, 2. etg, 3110 Tønsberg"),
        ("Trondheimsveien 113 H0402, 0565 Oslo", "Trondheimsveien 113 H0402, 0565 Oslo"),
        ("Schweigaards gate 51, leilighet 402, 0656 Oslo", "Schweigaards gate 51, leilighet 402, 0656 Oslo"),
        ("Bjørkevegen 14 B, 5003 Bergen", "Bjørkevegen 14 B, 5003 Bergen"),
        ("Tverrgeaidnu 4, 9730 Kárášjohka", "Tverrgeaidnu 4, 9730 Kárášjohka"),
        ("Adresse: Moen 12\n9730 Karasjok", "Moen 12\n9730 Karasjok"),
        ("Sendes Postboks 123, 0101 Oslo", "Postboks 123, 0101 Oslo"),
        ("Leveres Strandgata 180 i morgen", "Strandgata 180"),
    ],
)  # fmt: skip
def test_street_dwelling_postcode_and_place_are_one_span(pieces, text, expected):
    """Commas, line breaks, floors, flats and letters stand inside the address."""
    assert pieces(text) == [(STREET, expected)]


def test_the_person_in_care_of_is_a_name(pieces):
    """`c/o Kari Nordmann` is a person, and the address begins behind it."""
    assert pieces("c/o Kari Nordmann, Storgata 5, 0155 Oslo") == [
        ("PERSON", "Kari Nordmann"),
        (STREET, "Storgata 5, 0155 Oslo"),
    ]


def test_a_postcode_with_its_place_is_found_alone(pieces):
    """`0580 Oslo` says where somebody lives."""
    assert pieces("sendes til 0580 Oslo nå") == [("NO_POSTAL_CODE", "0580 Oslo")]


def test_english_addresses_begin_with_their_number(pieces):
    """`14 Baker Street` has the number first."""
    found = pieces("Ship to 14 Baker Street, London NW1 6XE today")
    assert found == [("STREET_ADDRESS", "14 Baker Street, London NW1 6XE")]


@pytest.mark.parametrize(
    "text",
    [
        "Leveringsveien 3 dager",
        "Parkeringsplass 12 og lager 4. Plass 23",
        "Marit Bakken 2 stk",
        "T-skjorte 2000 hvit",
        "Hyllevegg 20 30 cm",
    ],
)
def test_words_that_end_like_a_way_are_no_address(pieces, text):
    """Places in a car park, routes and quantities are left alone."""
    assert all(kind != STREET for kind, _ in pieces(text))


def test_what_is_no_address_may_still_be_a_name(pieces):
    """A refuted street leaves its words to others."""
    assert pieces("Marit Bakken 2 stk") == [("PERSON", "Marit Bakken")]
