"""Tables of our own making: names of columns as shops and payroll systems give them.

Of the personal columns two thirds have a name that says what they are, a quarter one that says
nothing (`felt17`), the rest one that says something else. The others have their own name, one
that says nothing, or one that promises personal data.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from benchmarks.calibration.values import Maker
from sladd.model import Field, FieldRef, Sample, StorageType, Table, TableRef

# nb, nn, en, and the words of WooCommerce, Magento, Shopify, Tripletex and Visma.
CLEAR: Mapping[str, str] = {
    "user.name.first": "fornavn fornamn first_name firstname shipping_first_name fnavn givenName",
    "user.name.last": "etternavn etternamn last_name lastname billing_last_name enavn surname",
    "user.name": "kundenavn navn namn display_name Nm name billing_name fullname YrRef mottaker",
    "user.contact.email": "epost e_post email MailAd subscriber_email invoiceEmail epostadresse",
    "user.contact.phone_number": "tlf telefon mobil MobPh phone telephone phoneNumberMobile mob",
    "user.contact.address.street": "adresse gateadresse gate address_1 Ad1 street addressLine1",
    "user.contact.address.postal_code": "postnr postnummer postcode PNo zip postalCode zipcode",
    "user.contact.address.city": "poststed stad city PArea by sted billing_city",
    "user.government_id.national_identification_number": "fnr fødselsnummer nationalIdNumber "
    "personnr fodselsnr taxvat",
    "user.financial.bank_account": "kontonr kontonummer bankAccountNumber BGiro account_number",
    "user.financial.iban": "iban iban_nr bank_iban",
    "organization.registration_number": "orgnr organisasjonsnummer BsNo organizationNumber",
    "organization.name": "firma firmanavn company billing_company companyName bedrift",
    "user.device.ip_address": "ip ip_address remote_ip customer_ip_address ip_adresse",
    "user.payment.kid": "kid kidnr kid_nummer",
    "user.financial.credit_card": "kortnummer card_number cc_number",
    "user.authorization.password": "passord password password_hash user_pass",
    "user.content.private": "merknad kommentar customer_note comment_content melding notat",
    "user.demographic.date_of_birth": "fødselsdato fodselsdato birth_date dob dateOfBirth",
    "user.account.username": "brukernavn username user_login login",
}
OWN: Mapping[str, str] = {
    "random 7": "ref løpenr batch", "random 8": "ordrenr bilagsnr order_no", "random 9": "partinr",
    "random 10": "lot_no serienr", "random 11": "sporing", "random 16": "transaksjon",
    "tracking": "kollinr tracking_number", "year": "år year sesong", "small": "antall qty rank",
    "price": "pris amount order_total", "ledger": "konto account_code", "sku": "sku varenr",
    "article": "artnr", "ean": "ean gtin strekkode", "product": "produktnavn varenavn",
    "brand": "merke brand", "colour": "farge color", "category": "kategori category",
    "description": "beskrivelse description", "heading": "tittel title", "version": "app_version",
    "build": "build release", "status": "status state", "flag": "aktiv is_active",
    "channel": "kanal type", "digest": "sha256 checksum etag", "uuid": "uuid guid",
    "link": "url lenke", "file": "bilde image", "date": "dato created_at", "epoch": "timestamp",
    "shop": "butikk", "currency": "valuta currency", "counter": "id løpenr nr seq",
}  # fmt: skip
MISLEADING: Mapping[str, str] = {
    "small": "fnr phone kid login_count antall_epost ip", "ledger": "konto kontonr account_number",
    "flag": "email_verified newsletter_email epost_ok has_phone", "channel": "phone_type telefon",
    "product": "navn name", "brand": "navn name", "heading": "name navn", "link": "adresse email",
    "status": "email_status adresse kommentar", "category": "navn gruppenavn",
    "shop": "navn sted adresse", "random 8": "telefonordre tlf_ref kontonr",
    "date": "epost_sendt tlf_dato", "counter": "kundetelefon adresse", "build": "ip_build",
    "digest": "passord_fil", "colour": "etternavn by", "year": "kontonr telefon",
}  # fmt: skip
PERSONS = ("kunder", "customer_entity", "ansatte", "Actor", "sales_order_address", "wc_orders",
           "nyhetsbrev", "export", "t_0042", "ark1", "tbl17", "medlemmer", "leads")  # fmt: skip
THINGS = ("produkter", "catalog_product", "x17", "varer", "lager", "t_9", "kontoplan", "sider",
          "ordrelinjer", "export2", "innstillinger", "fraktsendinger")  # fmt: skip
ROWS = (0, 0, 0, 1, 3, 8, 20, 20, 60, 60, 60, 200, 200, 200, 600, 2000)


@dataclass(frozen=True)
class Made:
    """One table, and the category of each column; "" for no personal data."""

    sample: Sample
    truth: Mapping[str, str]


def table(number: int, seed: int) -> Made:
    """A table of its own for each number."""
    maker = Maker(seed * 100_003 + number)
    rng = maker.rng
    n = rng.choice(ROWS)
    persons = rng.random() < 0.65
    columns: dict[str, list[str | None]] = {}
    truth: dict[str, str] = {}
    for category in rng.sample(sorted(maker.personal), rng.randint(2, 8)) if persons else ():
        drawn = rng.random()
        if drawn < 0.66:
            header = rng.choice(CLEAR[category].split())
        elif drawn < 0.94:
            header = _obscured(rng)
        else:
            header = rng.choice(rng.choice(sorted(OWN.values())).split())
        if header in columns or (n == 0 and drawn >= 0.66):
            continue  # an empty column without a name is nothing that anyone could know
        truth[header] = category
        columns[header] = _cells(maker, maker.personal[category], n)
    for kind in rng.sample(sorted(OWN), rng.randint(2, 8)):
        drawn = rng.random()
        if drawn < 0.35 and kind in MISLEADING:
            header = rng.choice(MISLEADING[kind].split())
        else:
            header = rng.choice(OWN[kind].split()) if drawn < 0.7 else _obscured(rng)
        if header in columns:
            continue
        truth[header] = ""
        columns[header] = _cells(
            maker, maker.counter() if kind == "counter" else maker.impersonal[kind], n
        )
    name = rng.choice(PERSONS if persons else THINGS)
    return Made(_sample(name, columns, rng), truth)


def _obscured(rng: random.Random) -> str:
    word = rng.choice(("felt", "c", "kol", "x", "data", "f_", "attr", "Fld"))
    return f"{word}{rng.randint(1, 99)}"


def _cells(maker: Maker, make: object, n: int) -> list[str | None]:
    """Cells of which a few are missing or spoilt, in some columns many."""
    dirt = maker.rng.choice((0.0, 0.0, 0.02, 0.1))
    spoilt = (None, "", "-", "x", "ukjent")
    cells = [str(make()) for _ in range(n)]  # type: ignore[operator]
    return [maker.rng.choice(spoilt) if maker.rng.random() < dirt else c for c in cells]


def _sample(name: str, columns: Mapping[str, list[str | None]], rng: random.Random) -> Sample:
    ref = TableRef("fit", name)
    arrays, fields = [], []
    for header, cells in columns.items():
        array, kind = _stored(cells, rng)
        arrays.append(array)
        fields.append(Field(FieldRef(ref, header), kind))
    data = pa.Table.from_arrays(arrays, names=list(columns))
    return Sample(
        Table(ref, tuple(fields)), data, tuple(fields), drawn="all", rows_total=data.num_rows
    )


def _stored(cells: list[str | None], rng: random.Random) -> tuple[pa.Array, StorageType]:
    """Numbers as text or as integers, dates as text or as dates."""
    filled = [cell for cell in cells if cell]
    if filled and rng.random() < 0.5:
        if all(c.isdecimal() and len(c) < 18 for c in filled):
            return pa.array([int(c) if c else None for c in cells]), StorageType.INTEGER
        if all(len(c) == 10 and c[4] == c[7] == "-" and c[:4].isdecimal() for c in filled):
            return pa.array([date.fromisoformat(c) if c else None for c in cells]), StorageType.DATE
    return pa.array(cells, pa.string()), StorageType.STRING
