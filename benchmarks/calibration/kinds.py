# ruff: noqa: ARG005 - every maker is asked alike, and a kind is one line
"""Kinds of columns: how a cell is made of a person, and the truth about the column."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.calibration import things, writing
from benchmarks.calibration.abroad import ORIGINS
from benchmarks.calibration.people import People, Person

NOT_SCORED = "?"
"""Truth of columns about which people would disagree."""


@dataclass
class Drawing:
    """One column being drawn: its own style, and a counter that runs through it."""

    rng: random.Random
    people: People
    style: str
    at: int
    step: int

    def next(self) -> int:
        """The next number of a sequence."""
        self.at += self.step
        return self.at


Make = Callable[[Drawing, Person], object]

_FIRST, _LAST, _NAME = "user.name.first", "user.name.last", "user.name"
_MAIL, _PHONE = "user.contact.email", "user.contact.phone_number"
_ADDRESS = "user.contact.address"
_STREET, _CODE, _CITY = f"{_ADDRESS}.street", f"{_ADDRESS}.postal_code", f"{_ADDRESS}.city"
_FNR = "user.government_id.national_identification_number"
_BORN = "user.demographic.date_of_birth"
_ORG_PHONE = "organization.contact.phone_number"


def _full(d: Drawing, p: Person) -> str:
    return writing.full(d.rng, d.style, p.given, p.family)


def _mixed(d: Drawing, p: Person) -> str:
    drawn = d.rng.random()
    if drawn < 0.35:
        return d.people.company(p.family)
    return d.people.sole(p) if drawn < 0.45 else _full(d, p)


def _abroad(origin: str, part: str) -> Make:
    def make(d: Drawing, p: Person) -> str:  # noqa: ARG001 - every maker is asked alike
        person = People(d.rng, origin=origin).person()
        if part == "full":
            return f"{person.given} {person.family}"
        return person.given if part == "given" else person.family

    return make


def _place(land: str, which: int) -> Make:
    return lambda d, p: d.people.place_abroad(land)[which]


PERSONAL: Mapping[str, tuple[str, Make]] = {
    "given": (_FIRST, lambda d, p: writing.word(d.rng, d.style, p.given)),
    "family": (_LAST, lambda d, p: writing.word(d.rng, d.style, p.family)),
    "full": (_NAME, _full),
    "full_comma": (_NAME, lambda d, p: f"{p.family}, {p.given}"),
    "full_upper": (_NAME, lambda d, p: f"{p.given} {p.family}".upper()),
    "full_mixed": (_NAME, _mixed),
    "full_mixed_upper": (_NAME, lambda d, p: _mixed(d, p).upper()),
    "given_en": (_FIRST, _abroad("en", "given")),
    "family_en": (_LAST, _abroad("en", "family")),
    "full_en": (_NAME, _abroad("en", "full")),
    "username": ("user.account.username", lambda d, p: p.username),
    "email": (_MAIL, lambda d, p: writing.email(d.rng, d.style, p.email)),
    "phone": (_PHONE, lambda d, p: writing.phone(d.rng, d.style, p.mobile if d.rng.random() < 0.75
                                                else things.fixed(d.rng))),
    "mobile": (_PHONE, lambda d, p: writing.phone(d.rng, d.style, p.mobile)),
    "phone8": (_PHONE, lambda d, p: p.mobile),
    "fixed": (_PHONE, lambda d, p: writing.phone(d.rng, d.style, things.fixed(d.rng))),
    "msisdn": (_PHONE, lambda d, p: "47" + p.mobile),
    "phone_de": (_PHONE, lambda d, p: f"+49 30 {d.rng.randint(100000, 9999999)}"),
    "phone_sv": (_PHONE, lambda d, p: f"07{d.rng.choice('0236')}-{d.people.digits(3)} {d.people.digits(2)} {d.people.digits(2)}"),
    "phone_da": (_PHONE, lambda d, p: f"+45 {d.rng.choice('2345')}{d.people.digits(7)}"),
    "phone_us": (_PHONE, lambda d, p: writing.phone_us(d.rng, d.style)),
    "street": (_STREET, lambda d, p: writing.word(d.rng, d.style, p.street)),
    "street_upper": (_STREET, lambda d, p: p.street.upper()),
    "street_de": (_STREET, _place("de", 0)), "street_sv": (_STREET, _place("sv", 0)),
    "street_da": (_STREET, _place("da", 0)), "street_en": (_STREET, _place("en", 0)),
    "co": (_STREET, lambda d, p: d.rng.choice((f"c/o {p.family}", f"v/ {p.given} {p.family}", None, None,
                                              "H0201", "2. etg.", f"Postboks {d.rng.randint(1, 900)}"))),
    "address_line": (_STREET, lambda d, p: f"{p.street}, {p.postcode} {p.city}"),
    "dwelling": (_STREET, lambda d, p: f"H0{d.rng.randint(1, 7)}0{d.rng.randint(1, 4)}"),
    "postcode": (_CODE, lambda d, p: p.postcode), "postcode_int": (_CODE, lambda d, p: str(int(p.postcode))),
    "plz": (_CODE, lambda d, p: f"{d.rng.randint(10000, 99999)}"),
    "postcode_sv": (_CODE, lambda d, p: f"{d.rng.randint(100, 984)} {d.people.digits(2)}"),
    "postcode_da": (_CODE, lambda d, p: f"{d.rng.randint(1000, 9990)}"),
    "zip_us": (_CODE, lambda d, p: f"{d.rng.randint(501, 99950):05}"),
    "city": (_CITY, lambda d, p: writing.word(d.rng, d.style, p.city)),
    "city_upper": (_CITY, lambda d, p: p.city.upper()),
    "city_de": (_CITY, _place("de", 1)), "city_sv": (_CITY, _place("sv", 1)),
    "city_da": (_CITY, _place("da", 1)), "city_en": (_CITY, _place("en", 1)),
    "country": (f"{_ADDRESS}.country", lambda d, p: things.country(d.rng, d.style)),
    "country2": (f"{_ADDRESS}.country", lambda d, p: d.rng.choice(("NO", "NO", "NO", "NO", "SE", "DK", "DE"))),
    "municipality_p": (f"{_ADDRESS}.municipality", lambda d, p: things.municipality(d.rng)),
    "fnr": (_FNR, lambda d, p: p.fnr if d.style != "spaced" else f"{p.fnr[:6]} {p.fnr[6:]}"),
    "pnr_se": (_FNR, lambda d, p: things.personnummer(d.rng)),
    "passport": ("user.government_id.passport_number", lambda d, p: f"{d.rng.choice('CEFH')}{d.rng.choice('ABCK')}{d.people.digits(7)}"),
    "plate": ("user.government_id.vehicle_registration", lambda d, p: f"{d.rng.choice(('EL', 'DN', 'BT', 'SV', 'AB', 'FH'))} {d.rng.randint(10000, 99999)}"),
    "birth": (_BORN, lambda d, p: writing.day(d.style, p.born)),
    "birth8": (_BORN, lambda d, p: p.born.strftime("%Y%m%d")),
    "birth_nb": (_BORN, lambda d, p: p.born.strftime("%d.%m.%Y")),
    "birth_de": (_BORN, lambda d, p: p.born.strftime("%d.%m.%Y")),
    "birthday_md": (_BORN, lambda d, p: p.born.strftime("%m/%d")),
    "year_birth": (_BORN, lambda d, p: str(p.born.year)),
    "gender": ("user.demographic.gender", lambda d, p: things.GENDERS[d.at % 3][p.female]),
    "gender1": ("user.demographic.gender", lambda d, p: "F" if p.female else "M"),
    "genderdigit": ("user.demographic.gender", lambda d, p: "2" if p.female else "1"),
    "salutation": ("user.demographic.gender", lambda d, p: ("Herr", "Fru")[p.female]),
    "salutation_de": ("user.demographic.gender", lambda d, p: ("Herr", "Frau")[p.female]),
    "marital": ("user.demographic.marital_status", lambda d, p: d.rng.choice(("gift", "ugift", "samboer", "skilt"))),
    "job": ("user.job_title", lambda d, p: d.rng.choice(things.JOBS)),
    "salary": ("user.financial.salary", lambda d, p: str(d.rng.randint(280, 990) * 1000)),
    "allergy": ("user.health_and_medical", lambda d, p: d.rng.choice(("nøtter", "gluten", "laktose", None, None, "skalldyr", "ingen"))),
    "icd": ("user.health_and_medical", lambda d, p: f"{d.rng.choice('FJMKR')}{d.rng.randint(10, 99)}.{d.rng.randint(0, 9)}"),
    "account": ("user.financial.bank_account", lambda d, p: writing.account(d.style, d.people.mod11(11))),
    "iban": ("user.financial.iban", lambda d, p: things.iban(d.people.mod11(11))),
    "kid": ("user.payment.kid", lambda d, p: things.luhn(d.people.digits(9 + d.at % 8))),
    "company": ("organization.name", lambda d, p: d.people.company(p.family)),
    "company_en": ("organization.name", lambda d, p: f"{p.family} {d.rng.choice(('Foods', 'Trading', 'Imports', 'Farms'))} {d.rng.choice(('Ltd', 'Inc', 'Co.', 'GmbH'))}"),
    "orgnr": ("organization.registration_number", lambda d, p: writing.orgnr(d.style, d.people.mod11(9, "89"))),
    "phone_org": (_ORG_PHONE, lambda d, p: writing.phone(d.rng, d.style, things.fixed(d.rng))),
    "phone_org_en": (_ORG_PHONE, lambda d, p: writing.phone_us(d.rng, d.style)),
    "ip": ("user.device.ip_address", lambda d, p: things.ip(d.rng)),
    "agent": ("user.device.user_agent", lambda d, p: things.agent(d.rng)),
    "imei": ("user.device.device_id", lambda d, p: things.luhn("35" + d.people.digits(12))),
    "hash": ("user.authorization.password", lambda d, p: things.bcrypt(d.rng)),
    "pin": ("user.authorization.password", lambda d, p: d.people.digits(4)),
    "salt": ("user.authorization.credentials", lambda d, p: f"{d.rng.getrandbits(44):09x}"),
    "note": ("user.content.private", lambda d, p: things.note(d.rng)),
    "note_de": ("user.content.private", lambda d, p: things.note(d.rng, land="de")),
    "review": ("user.content.private", lambda d, p: things.note(d.rng)),
    "consent": ("user.privacy_preferences", lambda d, p: d.rng.choice("01")),
    "pk_person": ("user.unique_id", lambda d, p: str(d.next())),
    "fk_person": ("user.unique_id", lambda d, p: str(d.rng.randint(1, 400))),
    "custno": ("user.unique_id", lambda d, p: str(d.next() + 10_000)),
    "pk_staff": ("user.unique_id.employee", lambda d, p: str(d.next())),
    "empno": ("user.unique_id.employee", lambda d, p: str(d.next() + 100)),
    "pk_order": ("user.link_key", lambda d, p: str(d.next())),
    "orderno": ("user.link_key", lambda d, p: str(d.next() + 200_000)),
    "tracking": ("user.link_key", lambda d, p: "3707" + d.people.digits(14)),
}  # fmt: skip
"""Columns of persons' (and companies') data: category and maker."""

_UNSCORED: Mapping[str, Make] = {
    # Initials and notes of a bank may be a person's; secrets, coordinates and the like are scored
    # elsewhere or a matter of taste; what a street or a town is depends on whose it is.
    "initials": lambda d, p: p.given[0] + p.family[:2].upper(),
    "hex32": lambda d, p: f"{d.rng.getrandbits(128):032x}",
    "bankline": lambda d, p: d.rng.choice((f"Vipps {p.given} {p.family}", "Visa 100234 REMA 1000", "Overføring innland")),
    "acctname": lambda d, p: d.rng.choice(("Brukskonto", "Sparekonto", f"{p.given} spar", "Skatt")),
    "uuid_person": lambda d, p: things.uuid(d.rng),
    "lat": lambda d, p: f"{d.rng.uniform(58, 71):.5f}", "lon": lambda d, p: f"{d.rng.uniform(5, 31):.5f}",
    "lat_thing": lambda d, p: f"{d.rng.uniform(58, 71):.5f}", "lon_thing": lambda d, p: f"{d.rng.uniform(5, 31):.5f}",
    "sfid": lambda d, p: f"003{d.rng.getrandbits(60):015X}",
    "street_org": lambda d, p: p.street, "postcode_org": lambda d, p: p.postcode, "city_org": lambda d, p: p.city,
    "street_org_en": lambda d, p: d.people.place_abroad("en")[0], "city_org_en": lambda d, p: d.people.place_abroad("en")[1],
    "street_thing": lambda d, p: p.street, "dept": lambda d, p: d.rng.choice(things.DEPARTMENTS),
    "municipality": lambda d, p: things.municipality(d.rng), "county": lambda d, p: d.rng.choice(things.COUNTIES),
    "muni_no": lambda d, p: f"{d.rng.choice((3, 11, 15, 18, 31, 32, 33, 34, 39, 40, 42, 46, 50, 55, 56)):02}{d.rng.randint(1, 60):02}",
    "postcode_thing": lambda d, p: p.postcode, "city_thing": lambda d, p: p.city,
    "city_thing_en": lambda d, p: d.people.place_abroad("en")[1], "state_us": lambda d, p: d.rng.choice(("CA", "WA", "TX", "NY")),
    "locale": lambda d, p: d.rng.choice(("nb_NO", "nn_NO", "en_US")), "link": lambda d, p: things.link(d.rng),
    "cardmask": lambda d, p: f"************{d.people.digits(4)}", "vin": lambda d, p: things.vin(d.rng),
    "request": lambda d, p: f"GET /{d.rng.choice(things.WORDS)}/{d.rng.randint(1, 99)} HTTP/1.1",
    "ip_int": lambda d, p: str(d.rng.randint(2**31, 2**32 - 1)), "country_thing": lambda d, p: d.rng.choice(("USA", "Norway", "France")),
    "settingvalue": lambda d, p: d.rng.choice(("true", "10", "post@example.no", "8080")),
    "dealname": lambda d, p: d.rng.choice((d.people.company(), f"{d.rng.choice(things.WORDS)} 2025")),
    "company_thing": lambda d, p: d.people.company(), "plate_thing": lambda d, p: "EL 12345",
    "mac": lambda d, p: ":".join(f"{d.rng.randint(0, 255):02x}" for _ in range(6)),
    "digits16": lambda d, p: d.people.digits(16), "digits18": lambda d, p: d.people.digits(18),
    "timezone": lambda d, p: "Europe/Oslo",
    # Authors and composers are persons whose names are public; both answers are right.
    "writer": lambda d, p: f"{d.rng.choice(ORIGINS['en'][0].split())} {p.family}",
    "natio": lambda d, p: d.rng.choice(("NO", "SE", "PL")),
}  # fmt: skip

_THINGS: Mapping[str, Make] = {
    name: (lambda d, p, make=make: make(d)) for name, make in things.MAKERS.items()
}

UNTOLD = frozenset(
    [
        "custno",
        "empno",
        "pk_order",
        "orderno",
        "fk_person",
        "tracking",
        "consent",
        "pin",
        "salt",
        "salary",
        "phone_org",
        "phone_org_en",
        "co",
        "dwelling",
        "genderdigit",
        "imei",
        "plate",
        "passport",
        "icd",
        "allergy",
        "marital",
        "birthday_md",
        "username",
        "job",
        "year_birth",
        "gender1",
        "postcode_da",
        "plz",
        "zip_us",
        "country2",
        "digits14",
        "birth",
        "birth8",
        "birth_nb",
        "birth_de",
        "gender",
        "salutation",
        "salutation_de",
        "municipality_p",
        "postcode_sv",
    ]
)
"""Kinds that no one can tell, or not surely, when their column has another name: not scored then.

Postcodes abroad are five digits like any; whose telephone it is, and whose number, the name says.
Dates of birth, gender and other quasi-identifiers without a name are judged by rules of their own.
"""

KINDS: Mapping[str, tuple[str, Make]] = {
    **{kind: (NOT_SCORED, make) for kind, make in _UNSCORED.items()},
    **{kind: ("", make) for kind, make in _THINGS.items()},
    **PERSONAL,
}
"""Every kind: the truth ("" for no personal data, `?` for not scored) and its maker."""
