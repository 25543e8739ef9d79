"""The published vectors: what each identifier is, is not, and which subtype it has."""

from __future__ import annotations

import importlib

import pytest
from stdnum.exceptions import ValidationError

VALID: dict[str, list[str]] = {
    "norway.fodselsnummer": (  # noqa: SIM905
        "130972-48022 "
        "13097248022 29020075838 15021951940 15088050026 53097248016 41010199946 13527248013 "
        "01419040017 68467038838 55507608360 10915596784 17912099997 01912450097 50846202355 "
        "57912075186 01778512323 81234567802 98765432103 02013299997 30108299920 30108299939 "
        "30108299858 02013299814 45014054018"
    ).split(),
    "norway.duf": ["200012345607", "201212345603", "199912345603", "202300000103"],
    "norway.organisasjonsnummer": [
        "974760673", "974761076", "988077917", "995525828", "889640782", "974 760 673",
        "NO 974760673 MVA", "NO974760673MVA", "974.760.673", "0192:974760673", "314259521",
    ],
    "norway.kontonummer": [
        "86011117947", "12345678903", "97101234561", "36241234562", "15942222480",
        "8601.11.17947", "8601 11 17947",
    ],
    "norway.iban": ["NO93 8601 1117 947", "NO7112345678903"],
    "norway.kid": [
        "12344", "12343", "602243", "1230", "23450", "000506701000172", "100017798802700050675",
        "10001779880270005067-",
    ],
    "norway.phone": [
        "+47 912 34 567", "0047 91234567", "4791234567", "22 39 69 00", "45 00 00 00", "02000",
        "(+47) 91 23 45 67", "815 00 000", "580012345678", "+46 70 123 45 67",
    ],
    "norway.postal_code": ["0150", "5003", "2010", "9991", "0001", "N-0150", "NO-5003"],
    "norway.street_address": [
        "Karl Johans gate 12B, 0154 Oslo", "Dronning Eufemias gt. 8 H0203", "St. Olavs plass 5",
        "Tverrgeaidnu 4, 9730 Kárášjohka", "Postboks 4 St. Olavs plass, 0130 Oslo",
        "7. juni-plassen 1", "storgata 5", "Moen 12, 9730 Karasjok", "a\u030asveien 2",
        "Gml. Kongevei 3B", "Kirkevn 3", "KIRKEVN. 3", "Strandsmauet 4", "Nedre Loekka 7",
        "Torgallmenningen 8", "Girjega\u0301httu 4", "Nyg\u00e5rdsg. 4", "Pb. 33 Sentrum",
    ],
    "norway.number_plate": ["AB 12345", "EL12345", "EK-54321", "DN 1234", "GA 12345"],
    "international.cookie_id": [
        "GA1.2.230657868.1384941727", "GA1.1.1234567890.1700000000",
        "fb.1.1596403881668.1116446470", "1.1.1234567890.1700000000",
        "GS1.1.1700000000.1.1.1700000100.0.0.0", "GCL.1700000000.Cj0KCQiAgqGrBhDtARIsAM5s0",
    ],
    "international.credentials": [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF123_-abcDEF", "cs_" + "0f" * 20, "ab" * 32,
    ],
    "international.password_hash": [
        "$2y$10$" + "a" * 53, "$P$B" + "c" * 30, "$wp$2y$10$" + "a" * 53,
        "$argon2id$v=19$m=65536,t=4,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub",
        "{SSHA}" + "aB3+" * 8, "{SHA256}" + "aB3/" * 11 + "=", "{x-issha, 1024}" + "aB3+" * 11,
        "sha1$a1976$" + "0f" * 20, "SHA3-512$c2FsdA$" + "aB3." * 22,
    ],
    "international.credit_card": [
        "4111111111111111", "5555555555554444", "378282246310005", "5019717010103742",
        "4925000000000004", "3782 822463 10005",
    ],
    "international.imei": ["490154203237518"],
    "international.mac_address": ["00:1A:2B:3C:4D:5E"],
    "international.ip_address": ["192.0.2.10", "203.0.113.5", "2001:db8::1", "::ffff:192.0.2.1"],
    "international.email": ["kari@example.no", "kåre@bærum.kommune.no", "kari@shop.example"],
}  # fmt: skip
INVALID: dict[str, list[str]] = {
    "norway.fodselsnummer": (  # noqa: SIM905
        "13097248032 13097248023 32127248022 29020112345 15108695077 11111111111 00000000000 "
        "1309724802 1309724802A"
    ).split(),
    "norway.duf": ["200012345608", "201212345600", "999912345607", "20001234560", "2000123456O7"],
    "norway.organisasjonsnummer": [
        "974760674", "912345678", "91234567-", "123456785", "000000000",
    ],
    "norway.kontonummer": ["86011117949", "12345678901", "8601111794", "00000000000", "1234567"],
    "norway.iban": ["NO9386011117948", "NO2386011117946"],
    "norway.kid": ["12345", "602244", "23451", "1", "1" * 26],
    "norway.phone": ["12345678", "00000000", "9123456", "912345678"],
    "norway.postal_code": ["0000", "1234", "1999", "9999", "12345"],
    "norway.street_address": [
        "Ordre 1234 Sort", "T-skjorte 2000 Hvit", "Solveien", "H9", "2024 Vår", "Italia 2024",
        "Emilia 7", "AB12345", "Etternavn 2", "Bakerovn 3", "Lillehavn 3", "trappa 3",
    ],
    "norway.number_plate": ["IO 12345", "MQ 12345", "AA 0123", "A 12345", "AB 123456"],
    "international.cookie_id": ["GA2.1.230657868.1384941727", "UA-12345-6", "G-ABC123"],
    "international.credentials": ["abc.def.ghi", "eyJhbGciOiJ.x"],
    "international.password_hash": ["$100.00", "$2y$10$short", "{SHA}kort", "sha1$$kort"],
    "international.credit_card": ["4111111111111112", "1234567812345678", "0000000000000000"],
    "international.imei": ["490154203237519"],
    "international.mac_address": ["00:1A:2B", "FF:FF:FF:FF:FF:FF"],
    "international.ip_address": ["256.1.1.1", "1.2.3"],
    "international.email": ["kari@", "@x.no", "kari@x"],
}  # fmt: skip
SUBTYPES = {
    "norway.fodselsnummer": {
        "13097248022": "classic", "53097248016": "d", "13527248013": "h", "68467038838": "d_and_h",
        "10915596784": "tenor", "50846202355": "tenor_d", "01778512323": "syntpop",
        "81234567802": "fh", "02013299997": "classic", "30108299939": "issued_2032",
        "02013299814": "issued_2032", "45014054018": "undated", "13097248032": "",
    },
    "norway.phone": {
        "+4791234567": "international", "22396900": "fixed", "91234567": "mobile",
        "02000": "company", "81500000": "special", "59123456": "machine",
        "580012345678": "machine", "+46701234567": "foreign",
    },
    "norway.postal_code": {"0154 Oslo": "code_and_place", "0154": "code", "2024 Vår": ""},
    "norway.organisasjonsnummer": {"974760673": "registered", "NO 974760673 MVA": "mva"},
    "international.credentials": {"0f" * 16: "hex", "ck_" + "0f" * 20: "api_key"},
}  # fmt: skip


def _module(name: str):  # type: ignore[no-untyped-def]
    return importlib.import_module(f"detectors.{name}")


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in VALID.items() for v in vs])
def test_published_values_are_accepted(name: str, value: str) -> None:
    """A published valid value is accepted, also with a no-break space or blanks around it."""
    module = _module(name)
    assert module.is_valid(value)
    assert module.is_valid(value.replace(" ", "\N{NO-BREAK SPACE}"))


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in INVALID.items() for v in vs])
def test_published_counterexamples_are_refused(name: str, value: str) -> None:
    """A published invalid value is refused, alone and as a cell."""
    module = _module(name)
    assert not module.is_valid(value)
    assert not module.DECLARATION.verify([value])[0]


@pytest.mark.parametrize(
    ("name", "value", "subtype"), [(n, v, s) for n, vs in SUBTYPES.items() for v, s in vs.items()]
)
def test_subtypes_are_told_apart(name: str, value: str, subtype: str) -> None:
    """The subtype of a value is the documented one."""
    assert _module(name).subtype_of(value) == subtype


def test_companies_and_machines_have_no_personal_phone() -> None:
    """Numbers that are valid and nobody's own are not reported as a person's."""
    verify = _module("norway.phone").DECLARATION.verify
    cells = ["02000", "580012345678", "815 00 000", "59 12 34 56", "912 34 567"]
    assert verify(cells).tolist() == [False, False, False, False, True]


def test_birth_dates_come_from_dated_numbers_only() -> None:
    """Century and offsets are undone; what holds no date gives none."""
    birth_date = _module("norway.fodselsnummer").birth_date
    numbers = ["15088050026", "57912075186", "01778512323", "30108299939", "81234567802"]
    found = [str(birth_date(number)) for number in numbers]
    assert found == ["1880-08-15", "2020-11-17", "1985-12-01", "None", "None"]


def test_errors_never_carry_the_value() -> None:
    """A refused number is not in the exception that refuses it."""
    for name, values in INVALID.items():
        for value in values:
            with pytest.raises(ValidationError) as caught:
                _module(name).validate(value)
            assert value not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("post@example.no", "role"), ("firmapost@example.no", "role"), ("NoReply@example.no", "role"),
        ("kundeservice@example.no", "role"), ("faktura+2024@example.no", "role"),
        ("innkjøp@example.no", "role"), ("kari.nordmann@example.no", "person"),
        ("kari.post@example.no", "person"), ("ola@gmail.com", "freemail"),
    ],
)  # fmt: skip
def test_mailboxes_of_roles_are_told_from_persons(address: str, expected: str) -> None:
    """Role, person, or person at a free provider."""
    assert _module("mailbox").role(address) == expected
