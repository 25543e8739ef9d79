"""Who someone is to a row: by a key in a role, by the letters they sign with, by numbers of a series."""

from __future__ import annotations

import pytest

from detectors.columns.header_lists import lexicon

N = 60
BOOK = lexicon(("nb", "nn", "en"))
PERSON, STAFF = "user.unique_id", "user.unique_id.employee"
LOGIN = "user.account.username"


def said(name: str, kind: str = "") -> set[str]:
    """What the words of a name may mean."""
    return {match.category for match in BOOK.read(name, kind) if match.category}


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("users_id_supervisor", STAFF),
        ("users_id_validate", PERSON),
        ("employee_id_approver", STAFF),
        ("contact_id_a", PERSON),
        ("responsible", STAFF),
        ("createduser", PERSON),
        ("Vores ref.", STAFF),
        ("Deres ref.", "user.name"),
        ("Leveringsby", "user.contact.address.city"),
        ("supplier_primary_contact", "user.name"),
        ("customer_account", PERSON),
        ("settlement_account", "user.financial.bank_account"),
    ],
)
def test_words_in_a_role_say_whose_number_or_name_it_is(name, category):
    """A key, a reference or an account is someone's by the words beside it."""
    assert category in said(name)


@pytest.mark.parametrize("name", ["customer_id_status", "users_id_version", "order_by", "Group by"])
def test_what_is_said_of_a_key_is_no_key(name):
    """A state or a version of someone's number numbers nobody."""
    assert not {each for each in said(name) if each.startswith(PERSON)}


def test_a_contact_person_at_a_supplier_is_no_company():
    """The word nearest to the head says whose it is."""
    assert not any(match.organisation for match in BOOK.read("supplier_primary_contact"))
    assert any(match.organisation for match in BOOK.read("supplier_phone"))


def test_staff_sign_with_letters_and_a_flag_is_nobody(scanner):
    """Three capital letters under a word for who works here are one of them; 0 and 1 are not."""
    signs = [f"{a}{b}{c}" for a in "AKM" for b in "RST" for c in "NLE"]
    rows = {
        "order_no": [f"{90_000 + i}" for i in range(N)],
        "approver": [signs[(7 * i) % len(signs)] for i in range(N)],
        "guest": [i % 2 for i in range(N)],
        "participant": [i % 5 + 1 for i in range(N)],
    }
    found = scanner.findings("orders", rows)
    assert found["approver"].category == STAFF
    assert not found["guest"].category.startswith(PERSON)
    assert not found["participant"].category.startswith(PERSON)


def test_numbers_of_a_series_under_a_name_are_numbers(scanner, made):
    """`HR-EMP-00011` is what a record is called, and nobody logs in with it."""
    rows = {
        "name": [f"HR-EMP-{i:05}" for i in range(N)],
        "first_name": made.many(made.first, N),
        "last_name": made.many(made.last, N),
        "reports_to": [f"HR-EMP-{i % 9:05}" for i in range(N)],
        "email": made.many(made.email, N),
    }
    found = scanner.findings("employee", rows)
    assert found["name"].category == STAFF
    assert found["reports_to"].category == STAFF


def test_names_under_user_name_are_names_and_logins_stay_logins(scanner, made):
    """A log writes who did it in words, an account what they sign in with."""
    full = [f"{made.last()} {made.first()} ({i})" for i in range(N)]
    assert scanner.findings("logs", {"user_name": full})["user_name"].category == "user.name"
    logins = [f"{made.first().lower()}{i}" for i in range(N)]
    assert scanner.findings("logs", {"user_name": logins})["user_name"].category == LOGIN


@pytest.mark.parametrize("form", ["{0}{1}@KONTOR", "KONTOR\\{0}{1}"])
def test_logins_of_a_domain_are_told_by_their_form(scanner, made, form):
    """A realm or a domain stands with a name in no other value, be the table one of machines."""
    cells = [form.format(made.first().lower(), i) for i in range(N)]
    assert scanner.findings("computers", {"felt1": cells})["felt1"].category == LOGIN


def test_classes_of_code_are_no_logins(scanner):
    """A name-space is written with a backslash, too."""
    cells = [f"App\\Models\\Thing{i}" for i in range(N)]
    assert not scanner.findings("computers", {"felt1": cells})["felt1"].category


def test_a_number_that_says_whose_it_is_is_theirs(scanner):
    """`kunde-5002` is a customer's number under any name, `vare-5002` is not."""
    for word, category in (("kunde", PERSON), ("emp", STAFF), ("vare", "")):
        cells = [f"{word}-{5000 + 7 * i}" for i in range(N)]
        found = scanner.findings("t1", {"felt1": cells})["felt1"].category
        assert found == category


def test_the_letters_of_a_system_that_come_again_and_again_are_no_names(scanner, made):
    """Of few programs none is called like a person; of few persons most are."""
    rows = {"email": made.many(made.email, N)}
    apps = ["Gmail", "Outlook", "Thunderbird"] * (N // 3)
    found = scanner.findings("events", {**rows, "client_name": apps})
    assert found["client_name"].category != "user.name"
    staff = made.many(made.name, 3) * (N // 3)
    found = scanner.findings("events", {**rows, "client_name": staff})
    assert found["client_name"].category == "user.name"


def test_a_suppliers_contact_does_not_make_its_address_a_persons(scanner, made):
    """Persons are named in a table of suppliers, and what stands beside is the supplier's."""
    places = [made.place() for _ in range(N)]
    rows = {
        "name": [f"{made.last()} Bygg AS" for _ in range(N)],
        "contact": made.many(made.name, N),
        "address": made.many(made.street, N),
        "zip": [code for code, _ in places],
        "city": [town for _, town in places],
        "created_by": made.many(made.name, N),
    }
    found = scanner.findings("suppliers", rows)
    assert found["contact"].category == "user.name"
    assert not {found[name].category for name in ("address", "zip", "city")} & {
        f"user.contact.address.{part}" for part in ("street", "postal_code", "city")
    }


def test_who_made_a_thing_is_somebody(scanner, made):
    """Goods have no user names; whoever entered them has one."""
    logins = [f"{made.first().lower()}.{made.last().lower()}" for _ in range(9)]
    rows = {
        "sku": [f"A{i}" for i in range(N)],
        "price": [9.5] * N,
        "Opprettet av": [logins[i % 9] for i in range(N)],
    }
    assert scanner.findings("varer", rows)["Opprettet av"].category == LOGIN


@pytest.mark.parametrize("name", ["reset_password_code", "persist_code", "passwordResetToken"])
def test_what_lets_somebody_in_is_no_password(name):
    """A code to choose a new password with is a credential of its own."""
    assert "user.authorization.credentials" in said(name)
    assert "user.authorization.password" not in said(name)


def test_where_a_token_is_fetched_is_no_token():
    """The address of an endpoint lets nobody in."""
    assert not said("oauth_token_url")
    assert "user.authorization.credentials" in said("oauth_token")


def test_offices_of_members_are_no_list_of_offices(scanner, made):
    """A table called after an office names who holds it, where it has their numbers."""
    rows = {
        "Medlemsnr.": [f"{1001 + i}" for i in range(N)],
        "Navn": made.many(made.name, N),
        "Verv": ["Leder", "Kasserer", "Nestleder", "Sekretær"] * (N // 4),
    }
    found = scanner.findings("Verv", rows)
    assert found["Navn"].category == "user.name"
    assert found["Verv"].category == "user.job_title"
