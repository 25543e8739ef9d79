"""What is said of a column is as sure as the obvious cases are."""

from __future__ import annotations

import json

import pytest

from detectors.columns.weighing import FAMILY, calibration, confidence
from sladd.model import Evidence, How

N = 80
EMAIL, FNR = "user.contact.email", "user.government_id.national_identification_number"


def iban(made) -> str:
    account = made.account()
    return f"NO{98 - int(account + '232400') % 97:02}{account}"


@pytest.mark.parametrize(
    ("maker", "category"), [("email", EMAIL), ("fnr", FNR), ("iban", "user.financial.iban")]
)
def test_a_whole_column_needs_no_name(scanner, made, maker, category):
    """Eighty of eighty values that only one thing looks like are stated at 0.95 or more."""
    make = (lambda: iban(made)) if maker == "iban" else getattr(made, maker)
    finding = scanner.findings("t17", {"felt1": made.many(make, N)})["felt1"]
    assert finding.category == category
    assert finding.confidence >= 0.95


@pytest.mark.parametrize(
    "header", ["epost", "fødselsnummer", "etternavn", "mobil", "iban", "gateadresse"]
)
def test_a_name_alone_is_a_guess(scanner, header):
    """An empty table says what its names say, at 0.5 to 0.8."""
    finding = scanner.findings("t17", {header: []})[header]
    assert finding.how is How.IS
    assert 0.5 <= finding.confidence <= 0.8


@pytest.mark.parametrize(
    ("header", "maker"),
    [("epost", "email"), ("fnr", "fnr"), ("etternavn", "last"), ("mobil", "mobile"),
     ("kontonr", "account"), ("orgnr", "orgnr")],
)  # fmt: skip
def test_a_name_and_values_agree(scanner, made, header, maker):
    """A name whose values are what it says is stated at 0.95 or more."""
    finding = scanner.findings("kunder", {header: made.many(getattr(made, maker), N)})[header]
    assert finding.confidence >= 0.95


@pytest.mark.parametrize(
    ("table", "header", "cells"),
    [
        ("produkter", "navn", ["Kari Traa genser", "Bergans sekk", "Kari Traa lue", "Odin"] * 20),
        ("t9", "felt2", ["Kari Traa", "Bergans"] * 40),
        ("t9", "felt3", list(range(45_230_000, 45_230_000 + N))),
        ("t9", "felt4", [f"{1 + i % 7}.{i % 20}.{i % 9}.{i}" for i in range(36)]),
    ],
)
def test_false_friends_stay_in_doubt(scanner, table, header, cells):
    """Product names, order numbers and versions of four parts are never stated above 0.5."""
    finding = scanner.findings(table, {header: cells})[header]
    assert finding.how is How.NONE
    assert finding.confidence <= 0.5


def test_organisation_numbers_stored_as_numbers_are_no_accounts(scanner, made):
    """Behind two zeros every organisasjonsnummer is an account; the zeros are not there."""
    numbers = [int(number) for number in made.many(made.orgnr, N)]
    finding = scanner.findings("t9", {"felt5": numbers})["felt5"]
    assert finding.category == "organization.registration_number"


def test_what_is_linked_is_no_surer_than_what_it_hangs_on(scanner, made):
    """A column beside persons' is stated as surely as the table is one of persons."""
    from detectors.columns import link

    def stated(columns):
        (scan,) = link([scanner.table("t17", columns)], {})
        return {f.field.ref.column: f.finding for f in scan.fields}["belop"]

    amounts = [round(10.5 + 1.25 * i, 2) for i in range(N)]
    sure = stated({"epost": made.many(made.email, N), "belop": amounts})
    empty = stated({"epost": [], "belop": []})
    assert sure.how is empty.how is How.LINKED
    assert empty.confidence < 0.8 < sure.confidence <= 0.99


def test_a_json_column_is_as_sure_as_its_surest_key(scanner, made):
    """The parent of JSON keys states what they do."""
    rows = [json.dumps({"epost": made.email(), "sum": n}) for n in range(N)]
    found = scanner.findings("t17", {"payload": rows})
    assert found["payload"].confidence == found["payload.epost"].confidence


def test_every_signal_is_bounded():
    """No amount of one kind of evidence takes a confidence beyond its family's bounds."""
    chosen = calibration()
    for signal, family in FAMILY.items():
        most = confidence([Evidence(signal, 50.0, {})] * 50)
        bound = chosen.intercept + chosen.slopes[family] * chosen.ceilings[family]
        assert most == pytest.approx(1 / (1 + 2.718281828**-bound), abs=1e-3)
