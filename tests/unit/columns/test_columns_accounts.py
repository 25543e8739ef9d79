"""Accounts that somebody logs in to: their names, keys, pages and secrets."""

from __future__ import annotations

import pytest

from detectors.columns.composition import composition
from detectors.columns.header_lists import lexicon
from detectors.columns.prefixes import shared_prefix
from detectors.columns.spelling import words

N = 60
USERNAME = "user.account.username"
ARMOUR = "-----BEGIN PGP {0}-----\n\nhQEMA{1:040x}\n-----END PGP {0}-----"


def logins(made) -> list[str]:
    """Names that somebody logs in with, each different."""
    return [f"{made.first().lower()}.{made.last().lower()}{i}" for i in range(N)]


def test_accounts_with_user_names_are_persons_and_those_of_a_ledger_are_not(scanner, made):
    """The table's name is the same; what it keeps tells whose accounts they are."""
    names = logins(made)
    found = scanner.findings(
        "accounts",
        {"id": list(range(N)), "username": names, "display_name": made.many(made.name, N)},
        primary=("id",),
    )
    assert found["username"].category == USERNAME
    assert found["id"].category == "user.unique_id"
    ledger = scanner.findings(
        "accounts",
        {"id": list(range(N)), "name": ["Bank", "Salg", "Porto"] * 20, "vat": [25] * N},
        primary=("id",),
    )
    assert not ledger["id"].category


def test_a_page_that_holds_the_user_name_of_its_row_is_that_persons(scanner, made):
    """In another order the same pages are nobody's."""
    names = logins(made)
    pages = [f"https://social.example.net/users/{name}/inbox" for name in names]
    columns = {"username": names, "email": made.many(made.email, N), "inbox_url": pages}
    assert scanner.findings("accounts", columns)["inbox_url"].category == "user.contact.url"
    moved = {**columns, "inbox_url": pages[1:] + pages[:1]}
    assert not scanner.findings("accounts", moved)["inbox_url"].category


def test_user_names_under_a_name_for_persons_names_are_user_names(scanner, made):
    """`poster_name` in a forum holds what its writers log in with."""
    found = scanner.findings("topics", {"poster_name": logins(made), "views": [3] * N})
    assert found["poster_name"].category == USERNAME


def test_armoured_messages_are_secrets_and_armoured_public_keys_no_text(scanner):
    """OpenPGP's armour is no free text, whatever its letters spell."""
    for kind, category in (("MESSAGE", "user.authorization.credentials"), ("PUBLIC KEY BLOCK", "")):
        found = scanner.findings("t1", {"felt1": [ARMOUR.format(kind, i * 7919) for i in range(N)]})
        assert found["felt1"].category == category


def test_given_and_family_name_in_one_json_object_are_a_name(scanner, made):
    """The column holds whole names, not the first of its categories in the alphabet."""
    cells = [
        f'{{"family_name": "{made.last()}", "given_name": "{made.first()}"}}' for _ in range(N)
    ]
    assert scanner.findings("orders", {"attendee": cells})["attendee"].category == "user.name"


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("github_id", "user.unique_id"),
        ("gitlab_username", USERNAME),
        ("sign_in_token", "user.authorization.credentials"),
        ("user_newpasswd", "user.authorization.password"),
    ],
)
def test_words_of_accounts_mean_something_together(name, category):
    """Who someone is at a site, and what opens an account."""
    assert lexicon(("nb", "nn", "en")).read(name)[0].category == category


def test_what_stands_before_a_particle_is_a_verb():
    """`sign in` is no sign."""
    assert composition().compose(words("sign_in_count"), lambda parts: [parts]) == []


def test_prefixes_of_two_steps_are_one():
    """`pf_phpbb_` says nothing twice."""
    book = lexicon(("nb", "nn", "en"))
    names = ["user_id", *(f"pf_phpbb_{x}" for x in ("location", "website", "icq", "skype", "job"))]
    assert shared_prefix(names, book) == "pf_phpbb_"


def test_the_number_of_a_role_and_a_secret_are_no_numbers_of_persons(scanner, made):
    """Another value in each row of a table of persons is not enough."""
    columns = {
        "email": made.many(made.email, N),
        "role_uuid": [f"{i * 7919:08x}" for i in range(N)],
        "confirm_key": [f"{i * 104729:08x}" for i in range(N)],
    }
    found = scanner.findings("users", columns)
    assert not {found["role_uuid"].category, found["confirm_key"].category} - {""}
