"""Whose numbers stand in a column that no key declares, and whose state a consent is."""

from __future__ import annotations

from sladd.model import How

N = 60
PERSON = "user.unique_id"


def test_a_column_that_names_the_tables_says_whose_numbers_stand_beside_it(scanner):
    """`target_id` is a person's where `target_type` says so, and a thing's where it does not."""
    ids = [(7 * i) % 41 + 2 for i in range(N)]
    for kind, personal in (("App\\Models\\User", True), ("App\\Models\\Invoice", False)):
        rows = {"target_type": [kind] * N, "target_id": ids, "note": ["x"] * N}
        found = scanner.findings("action_logs", rows)["target_id"]
        assert (found.category == PERSON) is personal


def test_the_kind_of_a_customer_leads_nowhere(scanner):
    """`account_type` says what a row is, and not which table its key points at."""
    rows = {"account_id": list(range(N)), "account_type": ["Customer", "Partner"] * (N // 2)}
    found = scanner.findings("crm_account", rows, primary=("account_id",))
    assert "target_type" not in {e.facts.get("by") for e in found["account_id"].evidence}


def test_the_tables_own_numbers_in_another_column_are_persons(scanner, made):
    """Who pays for a customer is a customer; amounts among them are not."""
    numbers = [f"{20_000 + 13 * i}" for i in range(N)]
    rows = {
        "account": numbers,
        "name": made.many(made.name, N),
        "email": made.many(made.email, N),
        "invoice_account": [numbers[(3 * i) % N] if i % 4 == 0 else None for i in range(N)],
        "credit_max": [f"{25_000 + 10 * i}" for i in range(N)],
    }
    found = scanner.findings("debtor", rows)
    assert found["account"].category == PERSON
    assert found["invoice_account"].category == PERSON
    assert not found["credit_max"].category.startswith(PERSON)


def test_a_gift_names_two_persons_and_is_neither(scanner, made):
    """The key of a row with a sender and a recipient numbers the gift."""
    rows = {"id": list(range(N))} | {
        f"{who}_{what}": made.many(make, N)
        for who in ("sender", "recipient")
        for what, make in (("name", made.name), ("email", made.email))
    }
    found = scanner.findings("giftcard", rows, primary=("id",))
    assert found["id"].category != PERSON


def test_the_state_of_a_consent_is_the_consent(scanner, made):
    """`active` says in a list of subscribers who wants letters, and elsewhere nothing."""
    rows = {"email": made.many(made.email, N), "active": [i % 3 > 0 for i in range(N)]}
    found = scanner.findings("newsletter", rows)["active"]
    assert (found.how, found.category) == (How.IS, "user.privacy_preferences")
    assert scanner.findings("users", rows)["active"].category != "user.privacy_preferences"


def test_a_display_name_of_the_rows_own_names_is_a_persons(scanner, made):
    """A company behind a person's name does not make it a company's."""
    first, last = made.many(made.first, N), made.many(made.last, N)
    both = [
        f"{a} {b}-Fjord {i} Profilering AS"
        for i, (a, b) in enumerate(zip(first, last, strict=True))
    ]
    rows = {"shown": both, "first_name": first, "last_name": last}
    assert scanner.findings("contact", rows)["shown"].category == "user.name"
    moved = {**rows, "shown": both[1:] + both[:1]}
    assert scanner.findings("contact", moved)["shown"].category != "user.name"


def test_a_hashed_token_is_a_token(scanner):
    """Bcrypt keeps passwords and tokens alike; the column's name says which."""
    cells = [f"$2y$10${'a' * 20}{i:033}" for i in range(N)]
    for name, category in (
        ("api_token", "credentials"),
        ("password", "password"),
        ("x1", "password"),
    ):
        found = scanner.findings("users", {name: cells})[name].category
        assert found == f"user.authorization.{category}"


def test_a_user_who_is_a_customer_keeps_a_number_and_a_participant_has_none(scanner, made):
    """Both tables point at persons; the rows of one are persons all the same."""
    for table, personal in (("shop_user", True), ("participant", False)):
        rows = {
            f"{table}_id": list(range(1, N + 1)),
            "customer_id": [(7 * i) % N for i in range(N)],
            "username": [f"{made.first().lower()}{i}" for i in range(N)],
        }
        found = scanner.findings(
            table, rows, primary=(f"{table}_id",), foreign={"customer_id": ("customers", "id")}
        )[f"{table}_id"]
        assert (found.category == PERSON) is personal


def test_the_key_of_a_company_is_nobodys(scanner):
    """`contact_id` in a table of companies numbers them."""
    rows = {"contact_id": list(range(N)), "name": [f"Fjord {i} AS" for i in range(N)]}
    found = scanner.findings("suppliers", rows, primary=("contact_id",))
    assert not found["contact_id"].category.startswith(PERSON)
