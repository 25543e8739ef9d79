"""What the register of postcodes knows, and what it says of a code or a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladd import places
from sladd.places import Location


def test_all_postcodes_but_one_have_a_municipality():
    """5,161 of 5,162; the one that is gone without a trace stays unknown and is not guessed."""
    codes = places.postcodes()
    unknown = [code for code, postcode in codes.items() if postcode.municipality is None]
    assert (len(codes), unknown) == (5162, ["5748"])
    assert sum(postcode.in_use for postcode in codes.values()) == 5146
    assert places.of_postcode("5748") == Location(None, None, None)


def test_there_are_357_municipalities_in_15_counties():
    """Since 2024; Svalbard and Jan Mayen stand beside them. Each has a postcode of its own."""
    municipalities, counties = places.municipalities(), places.counties()
    beside = {"2100", "2211"}
    assert len(municipalities.keys() - beside) == 357
    assert len(counties.keys() - {"21", "22"}) == 15
    reached = {p.municipality.number for p in places.postcodes().values() if p.municipality}
    assert reached == municipalities.keys()


def test_names_of_municipalities_are_distinct():
    """A label names one municipality: the two Herøy and the two Våler bear their county."""
    names = [each.name for each in places.municipalities().values()]
    assert len(set(names)) == len(names)
    assert {name for name in names if "(" in name} == {
        "Herøy (Møre og Romsdal)",
        "Herøy (Nordland)",
        "Våler (Innlandet)",
        "Våler (Østfold)",
    }


@pytest.mark.parametrize(
    ("code", "municipality", "county", "part"),
    [
        ("0150", "Oslo", "Oslo", "Oslo"),
        ("1337", "Bærum", "Akershus", "Østlandet utenom Oslo"),
        ("1555", "Vestby", "Akershus", "Østlandet utenom Oslo"),
        ("3050", "Drammen", "Buskerud", "Østlandet utenom Oslo"),
        ("4460", "Lund", "Rogaland", "Vestlandet"),
        ("4612", "Kristiansand", "Agder", "Sørlandet"),
        ("5003", "Bergen", "Vestland", "Vestlandet"),
        ("6659", "Rindal", "Trøndelag", "Trøndelag"),
        ("9170", "Svalbard", "Svalbard", "Nord-Norge"),
        ("8099", "Jan Mayen", "Jan Mayen", "Nord-Norge"),
        ("9730", "Karasjok", "Finnmark", "Nord-Norge"),
        ("8980", "Vega", "Nordland", "Nord-Norge"),
    ],
)
def test_a_postcode_lies_where_it_lies(code, municipality, county, part):
    """Borders of counties count, not the first digits of the code."""
    assert places.of_postcode(code) == Location(municipality, county, part)


def test_what_is_no_postcode_lies_nowhere():
    """A code without an entry is not placed by its neighbours."""
    assert places.of_postcode("0000") is None
    assert places.of_postcode("1234") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SON", Location("Vestby", "Akershus", "Østlandet utenom Oslo")),
        ("mo  i rana", Location("Rana", "Nordland", "Nord-Norge")),
        ("Guovdageaidnu", Location("Kautokeino", "Finnmark", "Nord-Norge")),
        ("Herøy (Nordland)", Location("Herøy (Nordland)", "Nordland", "Nord-Norge")),
        ("Herøy", Location(None, None, None)),
        ("Bryne", Location(None, "Rogaland", "Vestlandet")),
        ("Sortland", Location(None, "Nordland", "Nord-Norge")),
        ("Oslo", Location("Oslo", "Oslo", "Oslo")),
        ("Romsa", Location(None, "Troms", "Nord-Norge")),
        ("Vestland", Location(None, "Vestland", "Vestlandet")),
        ("Ankh-Morpork", None),
    ],
)
def test_a_name_is_told_as_finely_as_it_is_unambiguous(name, expected):
    """What bears a name in two municipalities has none; in two counties, no county either."""
    assert places.of_name(name) == expected


def test_first_digits_place_only_where_they_can():
    """Codes of 44, 66 and 79 lie in two parts of the country."""
    placed = {f"{n:02}": places.part_by_digits(f"{n:02}00") for n in range(100)}
    assert [digits for digits, part in placed.items() if part is None] == ["44", "66", "79"]


@given(st.sampled_from(sorted(places.postcodes())))
def test_a_place_never_contradicts_its_postcode(code):
    """By name a place is told as its code is, or more coarsely, never otherwise."""
    by_code = places.of_postcode(code)
    by_name = places.of_name(places.postcodes()[code].place)
    assert by_code is not None
    for level in ("municipality", "county", "part"):
        told = getattr(by_name, level, None)
        assert told in {None, getattr(by_code, level)}
