"""What a table turns out to be once its columns are read, and what stands beside what."""

from __future__ import annotations

import pytest

from sladd.model import How

N = 60


def test_answers_of_a_survey_are_those_of_persons(scanner, made):
    """A survey is a thing by its name; each answer has a name and an address of its own."""
    found = scanner.findings("survey_4711", {
        "X1": made.many(made.name, N), "X2": made.many(made.email, N),
        "X3": [("mann", "kvinne")[i % 2] for i in range(N)],
    })  # fmt: skip
    assert found["X3"].category == "user.demographic.gender"


def test_a_survey_without_persons_stays_a_thing(scanner):
    """Questions are nobody's language."""
    found = scanner.findings(
        "survey_questions", {"title": [f"Q{i}" for i in range(N)], "language": ["nb", "en"] * 30}
    )
    assert found["language"].how is not How.IS


def test_an_address_that_all_rows_share_is_nobodys(scanner, made):
    """A shop sends every parcel from its own street."""
    places = made.many(made.place, N)
    found = scanner.findings("sendinger", {
        "avsender_adresse": ["Storgata 1"] * N, "avsender_postnr": ["0155"] * N,
        "mottaker_adresse": made.many(made.street, N),
        "mottaker_postnr": [p[0] for p in places], "mottaker_poststed": [p[1] for p in places],
    })  # fmt: skip
    assert {found[f"avsender_{each}"].how for each in ("adresse", "postnr")} <= {
        How.NONE,
        How.LINKED,
    }
    assert found["mottaker_adresse"].category == "user.contact.address.street"


def test_a_street_tells_the_postcode_and_the_town_behind_it(scanner, made):
    """Five digits and a word are anything; behind a street they are where it lies."""
    towns = ("Kassel", "Erfurt", "Mainz", "Ulm", "Passau", "Celle", "Gera", "Hanau")
    found = scanner.findings("t1", {
        "felt1": made.many(lambda: f"{made.last()}straße {made.rng.randint(1, 90)}", N),
        "felt2": made.many(lambda: f"{made.rng.randint(10115, 99998)}", N),
        "felt3": made.many(lambda: made.rng.choice(towns), N),
    })  # fmt: skip
    assert found["felt2"].category == "user.contact.address.postal_code"
    assert found["felt3"].category == "user.contact.address.city"


def test_staff_are_told_although_they_sign_again_and_again(scanner, made):
    """Twelve full names in a thousand rows are those who work here; twelve goods are not."""
    staff = made.many(made.name, 12)
    goods = [f"{colour} {thing}" for colour in ("Rød", "Blå", "Grønn") for thing in
             ("Kopp", "Penn", "Lue", "Genser")]  # fmt: skip
    found = scanner.findings("t1", {"felt1": staff * 25, "felt2": goods * 25})
    assert found["felt1"].category == "user.name"
    assert found["felt2"].how is How.NONE


def test_names_on_no_list_are_told_by_their_form(scanner, made):
    """Given and family names come again with others beside them, and a few are known."""
    rare = [
        f"{a}{b}"
        for a in ("Quen", "Zyl", "Brax", "Vort", "Plim")
        for b in ("do", "ra", "mek", "tis")
    ]
    first = [*rare, *made.many(made.first, 8)]
    last = [name.replace("a", "u") + "ov" for name in rare] + made.many(made.last, 8)
    names = made.many(lambda: f"{made.rng.choice(first)} {made.rng.choice(last)}", 200)
    assert scanner.findings("t1", {"felt1": names})["felt1"].category == "user.name"


def test_a_key_is_nobodys_user_name(scanner, made):
    """`manager` may hold a name, a user name or the key of a record."""
    keys = made.many(lambda: f"{made.rng.getrandbits(128):032x}", N)
    found = scanner.findings("sys_user", {"first_name": made.many(made.first, N),
                             "last_name": made.many(made.last, N), "manager": keys})  # fmt: skip
    assert found["manager"].category == "user.unique_id.employee"


@pytest.mark.parametrize("mark", ["SMTP:{};smtp:post@example.org", "{}##Receive, Send"])
def test_addresses_between_marks_are_found(scanner, made, mark):
    """What a directory writes before and behind an address does not hide it."""
    found = scanner.findings("t1", {"a": made.many(lambda: mark.format(made.email()), N)})["a"]
    assert (found.how, found.category) == (How.CONTAINS, "user.contact.email")


def test_numbers_of_devices_are_no_payment_cards(scanner, made):
    """An IMEI passes the check of cards, whose fifteen digits begin with 34 or 37."""
    numbers = made.many(lambda: f"35{made.luhn(13)}", N)
    found = scanner.findings("t1", {"a": numbers})["a"]
    assert found.category != "user.financial.credit_card"
    assert "user.financial.credit_card" not in found.also


def test_who_has_companies_beside_persons_has_their_front_pages(scanner, made):
    """`https://firma.example.no` is no person's page where companies stand in the column of names."""
    names = [f"{made.last()} Bygg AS" if i % 2 else made.name() for i in range(N)]
    pages = [f"https://{made.last().lower()}.example.no" if i % 2 else None for i in range(N)]
    found = scanner.findings("customers", {"name": names, "website": pages})
    assert found["name"].category == "user.name"
    assert found["website"].category != "user.contact.url"
