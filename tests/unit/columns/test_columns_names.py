"""Names of persons are seen however they are written, and from wherever they come."""

from __future__ import annotations

import unicodedata

import pytest

from sladd.model import How

N = 60
ABROAD = [
    "Agnieszka Kowalczyk", "Krzysztof Wiśniewski", "Jurgita Kazlauskienė", "Mohammed Al-Hassan",
    "Fatima Haddad", "Abdirahman Warsame", "Ayesha Qureshi", "Nguyen Thi Minh", "Mehmet Yılmaz",
    "Priya Sivakumar", "Mary Smith", "Patricia Johnson", "Jürgen Müller", "María García López",
    "Göran Lindqvist", "Søren Østergaard", "Jean-Pierre Dupont", "Pieter van der Berg",
    "Olena Shevchenko", "Yonas Gebremariam",
]  # fmt: skip


def folded(name: str) -> str:
    for letter, plain in (("ø", "oe"), ("å", "aa"), ("æ", "ae"), ("Ø", "Oe"), ("Å", "Aa")):
        name = name.replace(letter, plain)
    return name


def turned(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}"


WRITTEN = {
    "upper case": str.upper,
    "lower case": str.lower,
    "folded to ASCII": folded,
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "family name first": turned,
    "with a title": lambda name: f"Fru {name}",
    "with an initial": lambda name: f"{name[0]}. {name.rpartition(' ')[2]}",
    "with blanks": lambda name: f" {name}  ",
    "with a middle name": lambda name: name.replace(" ", " Marie ", 1),
    "hyphenated": lambda name: f"{name}-Hansen",
}


@pytest.mark.parametrize("how", WRITTEN)
def test_full_names_are_seen_however_they_are_written(scanner, made, how):
    """No name of the column helps: the lists alone tell."""
    cells = [WRITTEN[how](f"{made.first()} {made.last()}") for _ in range(N)]
    finding = scanner.findings("t9", {"felt1": cells})["felt1"]
    assert (finding.how, finding.category) == (How.IS, "user.name")


def test_names_from_many_countries_are_seen(scanner):
    """Twenty names of as many origins, in a column whose name says nothing."""
    finding = scanner.findings("t9", {"felt1": ABROAD})["felt1"]
    assert finding.category == "user.name"


@pytest.mark.parametrize(
    ("header", "place", "category"),
    [("first_name", 0, "user.name.first"), ("c2", 1, "user.name.last")],
)
def test_parts_of_english_names_are_seen(scanner, header, place, category):
    """Databases in English hold English names."""
    names = ["Mary Smith", "James Johnson", "Patricia Williams", "Robert Jones", "Linda Taylor",
             "Michael Walker", "Barbara Wilson", "David Moore", "Susan Harris", "Kevin Clark"]  # fmt: skip
    finding = scanner.findings("actor_list", {header: [n.split()[place] for n in names]})[header]
    assert finding.category == category


def test_companies_among_persons_leave_a_column_of_names(scanner, made):
    """Two in five are companies: the rest are persons, and the report says both."""
    cells = [
        f"{made.last()} Bygg AS" if i % 5 < 2 else f"{made.first()} {made.last()}" for i in range(N)
    ]
    for header in ("Navn", "felt1"):
        finding = scanner.findings("kunder", {header: cells})[header]
        assert finding.category == "user.name"
        mixed = [e for e in finding.evidence if "companies" in e.facts and "sole" in e.facts]
        assert 0.3 < mixed[0].facts["companies"] < 0.5


def test_sole_proprietors_are_persons(scanner, made):
    """An enkeltpersonforetak bears its owner's name."""
    cells = [f"{made.first()} {made.last()} ENK" for _ in range(N)]
    finding = scanner.findings("t9", {"navn": cells})["navn"]
    assert finding.category == "user.name"


def test_companies_alone_are_an_organisations_names(scanner, made):
    """No person among them, and nothing in the column's name."""
    trades = ("Bygg AS", "Regnskap ANS", "& Sønner", "Transport AS", "Elektro DA")
    cells = [f"{made.last()} {trades[i % 5]}" for i in range(N)]
    assert scanner.findings("t9", {"felt1": cells})["felt1"].category == "organization.name"


@pytest.mark.parametrize(
    "cells",
    [
        ["Kari Traa genser", "Marius kopp rosa", "Ingrid lue", "Odin sekk sort", "Olav penn"],
        ["Hansen & Dysvik", "Paul Smith", "Jotul", "Bergans", "Oslo", "Moods of Norway", "Dale"],
        ["Sol", "Liv", "Vår", "Klær", "Kopper", "Sport"],
        ["Volvo", "Toyota", "Ford", "Mercedes", "Tesla", "Morris"],
        ["Nordre lager", "Hylle Berg", "Storgata Sko", "Torget Mat", "Kaia"],
    ],
)
def test_things_that_bear_names_are_no_persons(scanner, cells):
    """Products, brands, categories, cars and shops, in a table that says nothing of them."""
    finding = scanner.findings("t9", {"felt1": cells * 30})["felt1"]
    assert finding.how is How.NONE, (finding.category, finding.confidence)


def test_placeholders_are_no_names_and_no_contradiction(scanner, made):
    """One cell in five is `-`, `ukjent` or `test`; the rest decide."""
    junk = ["-", "ukjent", "test", "n/a", "?"]
    cells = [junk[i % 5] if i % 4 == 0 else made.first() for i in range(40)]
    assert scanner.findings("t9", {"felt1": cells})["felt1"].category == "user.name.first"
    few = ["M", "K", "K", "M", "M", "K", "M", "K"] * 4 + junk
    assert scanner.findings("kunder", {"kjønn": few})["kjønn"].category == "user.demographic.gender"
