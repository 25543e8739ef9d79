"""Columns of one table support each other, row by row and side by side."""

from __future__ import annotations

import datetime as dt

import pytest

from sladd.model import How

N = 60
FNR = "user.government_id.national_identification_number"
INVENTED = ("Xyrka", "Zelmo", "Qventa", "Vraliu", "Bjolsk", "Tremzo", "Kwilda", "Ophrek")
ENDINGS = ("ovdaz", "kwist", "umbrel", "ezqui", "tarnok", "ilweh", "grompf")


def invented() -> list[tuple[str, str]]:
    """Names on no list, all different."""
    pairs = zip(ENDINGS, reversed(ENDINGS), strict=True)
    return [(a + b[:2], (c + b + a[-2:]).title()) for b, c in pairs for a in INVENTED]


def test_obscured_headers_are_told_by_what_stands_together(scanner, made):
    """Given name, family name, street, postcode, place and telephone, called `c1` to `c6`."""
    places = made.many(made.place, N)
    found = scanner.findings(
        "t_0042",
        {
            "c1": made.many(made.first, N), "c2": made.many(made.last, N),
            "c3": made.many(made.street, N), "c4": [int(p[0]) for p in places],
            "c5": [p[1] for p in places],
            "c6": [int(f"{made.rng.choice('4499')}{made.rng.randint(0, 9_999_999):07}") for _ in range(N)],
        },
    )  # fmt: skip
    assert {name: finding.category.rsplit(".", 1)[-1] for name, finding in found.items()} == {
        "c1": "first", "c2": "last", "c3": "street", "c4": "postal_code", "c5": "city",
        "c6": "phone_number",
    }  # fmt: skip


@pytest.mark.parametrize("whole", [True, False])
def test_names_on_no_list_are_told_by_the_address_beside_them(scanner, whole):
    """The local part holds the name in its own row, and not in another."""
    people = invented()
    mails = [f"{a}.{b}@example.no".lower() for a, b in people]
    cells = [f"{a} {b}" if whole else b for a, b in people]
    found = scanner.findings("t9", {"felt1": mails, "felt2": cells})["felt2"]
    assert found.category == ("user.name" if whole else "user.name.last")
    (told,) = [e for e in found.evidence if e.signal == "agreement"]
    assert told.facts["agree"] > 0.9
    assert told.facts["chance"] < 0.3
    assert told.facts["column"] == "felt1"


def test_words_beside_addresses_of_others_say_nothing(scanner):
    """The same cells beside the wrong rows agree no more than by chance."""
    people = invented()
    mails = [f"{a}.{b}@example.no".lower() for a, b in people]
    cells = [f"{b} {a}" for a, b in people[17:] + people[:17]]
    found = scanner.findings("t9", {"felt1": mails, "felt2": cells})["felt2"]
    assert not any(e.signal == "agreement" for e in found.evidence)


def test_dates_and_sexes_are_told_by_the_number_beside_them(scanner, made):
    """A fødselsnummer holds the date of birth, and its ninth digit the sex."""
    numbers = made.many(made.fnr, N)
    born = [dt.date(1900 + int(n[4:6]), int(n[2:4]) - 80, int(n[:2])) for n in numbers]
    sexes = ["1" if int(n[8]) % 2 else "2" for n in numbers]
    found = scanner.findings("t9", {"a": numbers, "b": born, "c": sexes, "d": born[::-1]})
    assert found["a"].category == FNR
    assert found["b"].category == "user.demographic.date_of_birth"
    assert found["c"].category == "user.demographic.gender"
    assert not any(e.signal == "agreement" for e in found["d"].evidence)


def test_eight_digits_that_begin_as_any_number_stay_numbers(scanner, made):
    """Article numbers of eight digits beside names and addresses are no telephones."""
    skus = [made.rng.randint(10_000_000, 99_999_999) for _ in range(N)]
    found = scanner.findings(
        "t9", {"a": made.many(made.email, N), "b": made.many(made.name, N), "c": skus}
    )
    assert found["c"].how is How.NONE


def test_years_beside_streets_are_no_postcodes(scanner, made):
    """Thirty of thirty-one years are postcodes; a street beside them does not make them so."""
    years = [1990 + i % 36 for i in range(N)]
    found = scanner.findings("t9", {"a": made.many(made.street, N), "b": years})
    assert found["b"].how is How.NONE


def test_telephones_written_with_points_are_no_ip_addresses(scanner, made):
    """`91.23.45.67` under its own name and under none; `203.0.113.7` stays an address."""

    def dotted() -> str:
        digits = f"{made.rng.choice('49')}{made.rng.randint(0, 9_999_999):07}"
        return ".".join(digits[i : i + 2] for i in range(0, 8, 2))

    found = scanner.findings("t9", {"mobil": made.many(dotted, N), "felt1": made.many(dotted, N),
                                    "felt2": made.many(made.ip, N)})  # fmt: skip
    assert found["mobil"].category == found["felt1"].category == "user.contact.phone_number"
    assert found["felt2"].category == "user.device.ip_address"


def test_ten_digits_of_which_a_few_begin_with_47_are_no_telephones(scanner, made):
    """Reference numbers; a column of which all do is one of telephones."""
    numbers = [f"{made.rng.randint(10**9, 10**10 - 1)}" for _ in range(400)]
    phones = [f"47{made.rng.choice('49')}{made.rng.randint(0, 9_999_999):07}" for _ in range(400)]
    found = scanner.findings("t9", {"a": numbers, "b": phones})
    assert found["a"].how is How.NONE
    assert found["b"].category == "user.contact.phone_number"


def test_a_table_of_partners_that_are_persons_is_about_persons(scanner, made):
    """Its name speaks of companies; its names are persons'."""
    found = scanner.findings("res_partner", {
        "name": [f"{made.first()} {made.last()}" for _ in range(N)],
        "phone": made.many(made.mobile, N), "street": made.many(made.street, N),
    })  # fmt: skip
    assert found["name"].category == "user.name"
    assert found["phone"].category == "user.contact.phone_number"
    assert found["street"].category == "user.contact.address.street"


def test_a_table_of_companies_without_persons_is_about_companies(scanner, made):
    """Its name says nothing; no one but companies stands in it."""
    found = scanner.findings("Account", {
        "Name": [f"{made.last()} Transport AS" for _ in range(N)],
        "Phone": made.many(made.mobile, N),
    })  # fmt: skip
    assert found["Name"].category == "organization.name"
    assert found["Phone"].category == "organization.contact.phone_number"


def test_products_beside_persons_are_not_read_as_their_texts(scanner, made):
    """What a customer bought is described to everyone; what they write is not."""
    things = [f"Myk og varm genser i ull fra Bergans, farge {i}" for i in range(N)]
    found = scanner.findings("t9", {
        "a": made.many(made.email, N), "b": made.many(made.name, N), "c": things,
        "d": made.many(made.words, N),
    })  # fmt: skip
    assert found["c"].how is How.NONE
    assert found["d"].category == "user.content.private"


def test_countries_are_told_by_the_address_beside_them(scanner, made):
    """`Norge` in nearly every row, under a name that says nothing."""
    places = made.many(made.place, N)
    lands = ["Norge" if i % 9 else "Sverige" for i in range(N)]
    found = scanner.findings(
        "t9", {"a": [p[0] for p in places], "b": [p[1] for p in places], "c": lands}
    )
    assert found["c"].category == "user.contact.address.country"
    assert scanner.findings("t9", {"c": lands})["c"].how is How.NONE


@pytest.mark.parametrize("header", ["id", "No.", "uid"])
def test_a_number_of_the_rows_of_a_table_of_persons_is_theirs(scanner, made, header):
    """Exports declare no key; a running number of a table of products is nobody's."""
    numbers = list(range(1, N + 1))
    people = scanner.findings("kunder", {header: numbers, "epost": made.many(made.email, N)})
    things = scanner.findings("produkter", {header: numbers, "vare": ["kopp"] * N})
    assert people[header].category == "user.unique_id"
    assert things[header].how is How.NONE


@pytest.mark.parametrize(
    "cells", [["Bergen", "Asker", "Moss", "Hol", "Vågå"], ["4601", "3203", "3103", "3330", "3435"]]
)
def test_municipalities_under_their_name_are_no_towns(scanner, cells):
    """`kommune` says what towns of the same name are here; numbers are those of the register."""
    finding = scanner.findings("pasienter", {"kommune": cells * 6})["kommune"]
    assert finding.category == "user.contact.address.municipality"
    assert any(e.signal == "gazetteer" and e.weight > 0 for e in finding.evidence)
