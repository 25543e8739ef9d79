"""Forms of other countries, and how tables of other systems are written."""

from __future__ import annotations

import pytest

from detectors.columns import link
from detectors.columns.prefixes import typed, untyped
from detectors.columns.tables import kind_of_table

N = 40


def _alone(scanner, values):
    return scanner.findings("t1", {"k": list(range(N)), "felt1": values})["felt1"]


def _streets(made):
    ends = ("straße", "weg", "gatan", "vägen", "vej")
    return made.many(lambda: made.last() + made.rng.choice(ends), N)


def _personnummer(made):
    def one():
        rng = made.rng
        return f"{rng.randint(1950, 1999)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}-{made.luhn(4)}"

    return made.many(one, N)


@pytest.mark.parametrize(
    ("make", "category"),
    [
        (_streets, "user.contact.address.street"),
        (_personnummer, "user.government_id.national_identification_number"),
        (
            lambda made: made.many(lambda: f"{made.rng.randint(100, 984)} {made.rng.randint(10, 99)}", N),
            "user.contact.address.postal_code",
        ),
        (
            lambda made: made.many(lambda: f"{made.first()} {made.last()}, {made.mobile()}", N),
            "user.name",
        ),
        (
            lambda made: made.many(lambda: f"0{made.rng.randint(20, 99)} 7946 0{made.rng.randint(100, 999)}", N),
            "user.contact.phone_number",
        ),
        (
            lambda made: made.many(lambda: f"cn={made.first()}.{made.last()},ou=folk,dc=example,dc=no", N),
            "user.account.username",
        ),
    ],
)  # fmt: skip
def test_a_form_that_one_country_writes_tells_without_a_name(scanner, made, make, category):
    """Swedish postcodes and birth numbers, streets by their ending, a name before its telephone."""
    assert _alone(scanner, make(made)).category == category


def test_five_digits_are_no_postcode_by_themselves(scanner, made):
    """Numbers of customers have five digits as well, beside a place and a street."""
    numbers = made.many(lambda: f"{made.rng.randint(1067, 99998):05}", N)
    towns = made.many(lambda: made.rng.choice(["Kassel", "Bonn", "Kiel", "Mainz", "Erfurt"]), N)
    beside = scanner.findings("t1", {"felt1": numbers, "felt2": towns, "felt3": _streets(made)})
    assert beside["felt1"].category != "user.contact.address.postal_code"


def test_a_giro_number_is_no_telephone(scanner, made):
    """Bankgiro numbers have the digits of a telephone number and a dash before the last four."""
    numbers = made.many(lambda: f"5{made.rng.randint(100, 999)}-{made.luhn(4)}", N)
    found = scanner.findings("t1", {"epost": made.many(made.email, N), "felt1": numbers})["felt1"]
    assert "phone" not in found.category


def test_a_kid_holds_no_payment_card(scanner, made):
    """KIDs end with Luhn's digit as cards do."""
    kids = [n for n in (made.luhn(16) for _ in range(40 * N)) if n[0] in "456"][:N]
    found = scanner.findings("invoices", {"kid": kids, "amount": list(range(N))})["kid"]
    assert found.category == "user.payment.kid"
    assert "user.financial.credit_card" not in found.also


def test_the_address_of_a_portrait_is_no_user_name(scanner, made):
    """It bears the name of whom it shows."""
    people = [(made.first().lower(), made.last().lower()) for _ in range(N)]
    found = scanner.findings(
        "people",
        {
            "email": [f"{a}.{b}@example.no" for a, b in people],
            "Profile picture": [f"https://img.example.no/{a}.{b}.jpg" for a, b in people],
        },
    )
    assert found["Profile picture"].category == "user.content.self_image"


def test_letters_for_types_are_left_off():
    """Hungarian notation: the letter says a type, and only where most names have one."""
    assert typed(["cVorname", "kKunde", "dErstellt", "nAnzahl"])
    assert not typed(["eMail", "firstName", "lastName", "zip"])
    assert untyped("cArtNr") == "ArtNr"


def test_a_list_that_leads_to_persons_is_no_list_of_codes():
    """The `status` of users; postings of a ledger."""
    assert kind_of_table("user_status", ["id", "user_id", "status"]) == "person"
    assert kind_of_table("order_status", ["id", "name"]) == "lookup"
    assert kind_of_table("accounts_data", ["uid", "name", "value"]) == "person"
    assert kind_of_table("Hovedbok", ["Bilagsnr", "Debet", "Kredit"]) == ""
    assert kind_of_table("Hovedbok", ["Konto", "Navn"]) == "lookup"


def test_keys_and_values_of_settings_are_columns_of_their_own(scanner, made):
    """`configkey` and `configvalue`."""
    found = scanner.findings(
        "preferences",
        {
            "userid": [f"u{k % 20}" for k in range(N)],
            "configkey": ["email", "lang"] * (N // 2),
            "configvalue": [made.email() if k % 2 == 0 else "nb" for k in range(N)],
        },
    )
    assert found["configvalue.email"].category == "user.contact.email"


def test_a_key_that_leads_to_a_user_name_is_one(scanner, made):
    """Who is called by what they sign in with is called so everywhere."""
    logins = [f"{made.first().lower()[:6]}{k}" for k in range(N)]
    users = scanner.table(
        "users",
        {"username": logins, "email": made.many(made.email, N)},
        primary=("username",),
    )
    notes = scanner.table(
        "t_9", {"nr": list(range(N)), "hvem": logins}, primary=("nr",),
        foreign={"hvem": ("users", "username")},
    )  # fmt: skip
    found = {f.field.ref.column: f.finding for f in link([users, notes], {})[1].fields}
    assert found["hvem"].category == "user.account.username"
