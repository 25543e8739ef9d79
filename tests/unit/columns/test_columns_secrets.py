"""Secrets told by where they stand, and names inside what is written in one form."""

from __future__ import annotations

import hashlib

import pytest

N = 60
SECRET = "user.authorization.credentials"


def _random(number: int, length: int = 32) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:length]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("authtoken_token", "key"),
        ("user_api_keys", "key_hash"),
        ("personal_access_tokens", "digest"),
        ("oauth_credentials", "value"),
        ("login_tokens", "selector"),
    ],
)
def test_random_strings_in_a_table_of_keys_let_somebody_in(scanner, table, column):
    """`value` says nothing alone, and a table of keys says what it is."""
    rows = {"user_id": list(range(N)), column: [_random(i) for i in range(N)]}
    assert scanner.findings(table, rows)[column].category == SECRET
    words = {"user_id": list(range(N)), column: [f"Nøkkel {i}" for i in range(N)]}
    assert scanner.findings(table, words)[column].category != SECRET


def test_what_confirms_an_account_is_a_secret(scanner):
    """A random string is called after the act that it confirms; a state of it is none."""
    rows = {"email_activation": [_random(i) for i in range(N)]}
    assert scanner.findings("members", rows)["email_activation"].category == SECRET
    states = {"email_activation": ["pending", "done"] * (N // 2)}
    assert scanner.findings("members", states)["email_activation"].category != SECRET


def test_a_web_hook_that_ends_with_a_secret_is_one(scanner):
    """Whoever has the address may write to the channel."""
    hooks = [f"https://hooks.example.com/services/T0{i}/{_random(i, 24)}" for i in range(8)]
    assert (
        scanner.findings("channels", {"teams_webhook_url": hooks})["teams_webhook_url"].category
        == SECRET
    )
    plain = [f"https://shop.example.com/hooks/order-{i}" for i in range(8)]
    assert scanner.findings("channels", {"webhook_url": plain})["webhook_url"].category != SECRET


@pytest.mark.parametrize(
    "column",
    ["Pårørende", "Emergency contact", "In case of emergency", "Lähiomainen", "kontakt ved sykdom"],
)
def test_a_name_and_a_number_in_one_field_are_both_told(scanner, made, column):
    """Next of kin are entered as they come to mind: `Kari Moe 412 34 567`."""
    rows = {column: [f"{made.first()} {made.last()} {made.mobile()}" for _ in range(N)]}
    found = scanner.findings("sheet", rows)[column]
    assert found.category == "user.name"
    assert "user.contact.phone_number" in found.also
    firms = {column: [f"{made.last()} Rør AS {made.mobile()}" for _ in range(N)]}
    assert scanner.findings("sheet", firms)[column].category != "user.name"


def test_numbered_papers_are_no_persons(scanner):
    """A word and a number are an invoice where the word is always the same, or in capitals."""
    for form in ("Faktura {}", "CRM-LEAD-2024-{}", "Ordre {}", "Kontrakt: {}"):
        cells = [form.format(40_120_000 + 317 * i) for i in range(N)]
        assert scanner.findings("sheet", {"name": cells})["name"].category != "user.name"


@pytest.mark.parametrize(
    "form", ["{}s-iPhone", "{}'s iPad", "iPhone-til-{}", "{}-sin-S24", "{}s MacBook"]
)
def test_devices_are_called_after_whom_they_belong_to(scanner, made, form):
    """Telephones name themselves so, and a network keeps the name."""
    names = [form.format(made.first()) for _ in range(20)]
    rows = {"hostname": [*names, *(f"DESKTOP-{i}A{i}" for i in range(40))]}
    assert scanner.findings("dhcp_leases", rows)["hostname"].category == "user.name"
    machines = {"hostname": [f"Galaxy-{i}" for i in range(30)]}
    assert scanner.findings("dhcp_leases", machines)["hostname"].category != "user.name"


def test_addresses_in_the_addresses_of_pages_are_read(scanner):
    """A letter's link carries who it was sent to, its @ encoded (RFC 3986)."""
    queries = ["-", "utm_source=brev", *(f"email=kari{i}%40example.net&l={i}" for i in range(6))]
    found = scanner.findings("requests", {"query": queries})["query"]
    assert (found.how, found.category) == ("contains", "user.contact.email")


def test_a_telephone_that_is_masked_is_one(scanner):
    """A sign-in shows the last digits of where it sent its code."""
    rows = {"auth_detail": [f"+XX XXXXXX{10 + i}" for i in range(30)]}
    assert scanner.findings("sign_ins", rows)["auth_detail"].category == "user.contact.phone_number"


def test_a_folder_called_after_a_person_holds_their_name(scanner, made):
    """A clinic's folders are called by family name, given name and number."""
    first, last = made.many(made.first, N), made.many(made.last, N)
    folders = [
        f"{b}{a}{1000 + i}".replace(" ", "").replace("-", "")
        for i, (a, b) in enumerate(zip(first, last, strict=True))
    ]
    found = scanner.findings(
        "patients", {"first_name": first, "last_name": last, "image_folder": folders}
    )
    assert found["image_folder"].category == "user.name"


def test_upper_case_logins_under_a_name_are_user_names(scanner):
    """Mainframes write who it was in capitals, perhaps with a number."""
    logins = ["HANSKA", "MOEK12", "LIEN7", "BERGOLA", "DAHLT3", "VIKA", "NESS22", "HOLMEN"] * 8
    found = scanner.findings("postings", {"reviewer": logins})["reviewer"]
    assert found.category == "user.account.username"
