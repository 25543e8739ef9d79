"""What forms ask for: leave, languages, the parts of a name; and forms of numbers of neighbours."""

from __future__ import annotations

import pytest

from detectors.columns.header_lists import lexicon

N = 60
BOOK = lexicon(("nb", "nn", "en"))


def first(name: str) -> str:
    """What a name most likely means."""
    return next((match.category for match in BOOK.read(name)), "")


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("Er det greit at bilder av deg deles på intranettet?", "user.privacy_preferences"),
        ("Kan vi kontakte deg på e-post?", "user.privacy_preferences"),
        ("May we share your photos?", "user.privacy_preferences"),
        ("Har du allergier vi må vite om når vi bestiller mat?", "user.health_and_medical"),
        ("Hvilke medisiner bruker barnet fast?", "user.health_and_medical"),
        ("Hvilket språk snakker dere hjemme?", "user.demographic.language"),
        ("Hva heter eleven?", "user.name"),
        ("Hvem bestiller?", "user.name"),
        ("Navn (Fornavn)", "user.name.first"),
        ("Address (City)", "user.contact.address.city"),
        ("Adresse (Land)", "user.contact.address.country"),
        ("Created By (User Id)", "user.unique_id"),
        ("Phone (optional)", "user.contact.phone_number"),
    ],
)
def test_a_form_asks_for_what_its_words_say(name, category):
    """Leave, a part of an answer, or the strongest word that is no verb."""
    assert first(name) == category


@pytest.mark.parametrize(
    "name",
    [
        "Kan eleven svømme 200 meter?",
        "Hvor sannsynlig er det at du anbefaler oss til en kollega eller venn?",
        "Hva heter hunden?",
    ],
)
def test_whom_a_question_mentions_it_does_not_ask_for(name):
    """A colleague in a question is no number of one, and a dog no person."""
    assert first(name) == ""


def test_several_languages_in_one_answer_are_languages(scanner):
    """`norsk, polsk` is what somebody speaks."""
    rows = {"språk": ["norsk, polsk", "engelsk og arabisk", "norsk", "somali; norsk"] * (N // 4)}
    assert scanner.findings("søkere", rows)["språk"].category == "user.demographic.language"


def test_a_danish_company_number_is_none_of_a_payment(scanner):
    """Every CVR number passes the check of a KID; its name says which of them it is."""
    numbers = []
    for stem in range(1_000_000, 1_000_000 + 40 * N, 17):
        digits = f"{stem + 10_000_00}"[:7]
        rest = sum(int(d) * w for d, w in zip(digits, (2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if rest != 1:
            numbers.append(f"{digits}{(11 - rest) % 11}")
    found = scanner.findings("kunder", {"CVR-nr.": numbers[:N]})["CVR-nr."]
    assert found.category == "organization.registration_number"


@pytest.mark.parametrize(
    ("name", "cell", "category"),
    [
        ("Betalings-ID", "+71<{0:015}+{1:08}<", "user.payment.kid"),
        ("MaskedCreditCardNumber", "************{2:04}", "user.financial.credit_card"),
        ("Øvrig ref.", "Rekv. {2:04}", ""),
    ],
)
def test_forms_of_numbers_say_what_they_are(scanner, name, cell, category):
    """A payment slip's line, a masked card, and a word with running numbers that is no street."""
    cells = [cell.format(7919 * i + 10**13, 83_157_327 + i, 2221 + i) for i in range(N)]
    found = scanner.findings("invoices", {name: cells})[name].category
    assert found == category or (not category and found != "user.contact.address.street")


def test_where_a_thing_was_made_is_nobodys_country(scanner, made):
    """A list of products has countries of origin, and a list of customers where they live."""
    land = ["Kina", "Norge", "Portugal"] * (N // 3)
    goods = {"sku": [f"A{i}" for i in range(N)], "price": [9.5] * N, "country_of_origin": land}
    assert not scanner.findings("items", goods)["country_of_origin"].category
    people = {"email": made.many(made.email, N), "country": land}
    found = scanner.findings("customers", people)["country"].category
    assert found == "user.contact.address.country"


def test_a_state_beside_an_address_is_where_somebody_lives_and_that_of_an_order_is_not(
    scanner, made
):
    """The word is the same; a town and a postcode in the row tell a part of a country."""
    streets = {
        "address": made.many(made.street, N),
        "postcode": [made.place()[0] for _ in range(N)],
        "city": [made.place()[1] for _ in range(N)],
    }
    states = ["NY", "FL", "Alberta", "Kent"] * (N // 4)
    found = scanner.findings("customers", {**streets, "state": states})["state"]
    assert found.category == "user.location.imprecise"
    alone = scanner.findings("orders", {"total": [9.5] * N, "state": states})["state"]
    assert alone.category != "user.location.imprecise"
