"""What only looks like personal data is left alone."""

from __future__ import annotations

import pytest

from sladd.model import How

N = 200


def ean(number: int) -> str:
    digits = f"70{number:010}"
    total = sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits))
    return digits + str((10 - total % 10) % 10)


NEGATIVES = {
    "product name": ("produkter", "navn", [f"{b} {i}" for i in range(40) for b in ("Kari Traa", "Oslo")]),
    "brand of names": ("produkter", "felt3", ["Kari Traa", "Bergans", "Helly Hansen", "Oslo"] * 50),
    "brand elsewhere": ("t1", "merke", ["Kari Traa", "Marius", "Ingrid", "Odin"] * 50),
    "order numbers": ("t1", "felt4", list(range(45_230_000, 45_230_000 + N))),
    "order numbers drawn": ("t1", "felt4", list(range(45_230_000, 45_330_000, 37))),
    "sku like plates": ("produkter", "sku", [f"AB{10_000 + 7 * i}" for i in range(N)]),
    "years": ("t1", "felt5", [2000 + i % 27 for i in range(N)]),
    "festenummer": ("tomter", "fnr", [i % 20 for i in range(N)]),
    "email verified": ("kunder", "email_verified", [True, False] * 100),
    "email verified as number": ("kunder", "email_verified", [0, 1] * 100),
    "phone type": ("t1", "phone_type", ["mobil", "fast"] * 100),
    "ledger account": ("kontoplan", "konto", [1500, 1920, 2400, 3000] * 50),
    "ean": ("produkter", "ean", [ean(i * 7919) for i in range(N)]),
    "price": ("produkter", "pris", [99.5 + i for i in range(N)]),
    "title of posts": ("sider", "title", [f"Nyhet {i}" for i in range(N)]),
    "category name": ("kategorier", "kategori_navn", ["Klær", "Kopper", "Sol", "Liv"] * 50),
    "counter": ("t1", "id", list(range(1, N))),
    "product description": ("produkter", "beskrivelse", [f"Myk og varm genser i ull nummer {i}" for i in range(N)]),
    "status": ("ordrer", "status", ["ny", "sendt"] * 100),
    "name holding no names": ("t1", "epost", list(range(N))),
    "version": ("t1", "app_version", [f"1.{i % 20}.{i % 7}" for i in range(N)]),
}  # fmt: skip


@pytest.mark.parametrize("case", NEGATIVES)
def test_a_false_friend_is_no_finding(scanner, case):
    """Neither `is` nor `contains`."""
    table, header, values = NEGATIVES[case]
    finding = scanner.findings(table, {header: values})[header]
    assert finding.how is How.NONE, (finding.category, finding.confidence)


def test_orders_order_numbers_are_link_keys_not_phones(scanner):
    """A dense range under the name `ordrenr` is an order number."""
    numbers = list(range(45_230_000, 45_230_000 + N))
    finding = scanner.findings("ordrer", {"ordrenr": numbers})["ordrenr"]
    assert finding.category == "user.link_key"


def test_suppliers_names_and_numbers_are_a_companys(scanner, made):
    """A table of suppliers holds companies; the contact person is a person."""
    found = scanner.findings(
        "leverandører",
        {
            "navn": [f"{made.last()} {w} AS" for w in ("Bygg", "Foto", "Trykk") for _ in range(20)],
            "telefon": made.many(made.mobile, 60),
            "kontaktperson": made.many(made.name, 60),
        },
    )
    assert found["navn"].category == "organization.name"
    assert found["telefon"].category == "organization.contact.phone_number"
    assert found["kontaktperson"].category == "user.name"


def test_a_column_of_accounts_is_not_flagged_as_containing_fodselsnummer(scanner, made):
    """One account in eleven passes the fødselsnummer's own arithmetic; that is chance."""
    finding = scanner.findings("x", {"felt9": made.many(made.account, 400)})["felt9"]
    assert finding.category == "user.financial.bank_account"
    assert finding.also == ()
