"""Makers of cells: what a column of each kind looks like in these systems.

A maker is handed the row and returns a cell. `TELLS` names those whose cells alone, under a header
that says nothing, let a person know what the column holds.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.accuracy.world import Company, Person, World, luhn, plain, words

_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")  # RFC 5737: documentation only
_AGENTS = (
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Safari/537.36"
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/125.0.0.0 Mobile Safari/537.36"
    ),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0",
)
_B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./"
_ROLES = ("post", "firmapost", "faktura", "kontakt", "info", "regnskap")


@dataclass
class Row:
    """One row being made: its number, whom it is about, and the draws.

    Attributes:
        keys: table → its keys, made before; for columns that point at another table.
        columns: table.column → its cells, for columns that point at no key.
        at: rows of other tables that this row already points at, table → row number.
    """

    n: int
    world: World
    rng: random.Random
    person: Person
    other: Person
    company: Company
    is_person: bool
    start: int
    base: str
    keys: Mapping[str, list[object]]
    columns: Mapping[str, list[object]]
    at: dict[str, int]


Cell = object
Make = Callable[[Row, str], Cell]


def _sometimes(make: Make, share: float) -> Make:
    return lambda row, arg: make(row, arg) if row.rng.random() < share else None


def _of_other(make: Make) -> Make:
    def swapped(row: Row, arg: str) -> Cell:
        kept = row.person
        row.person = row.other
        try:
            return make(row, arg)
        finally:
            row.person = kept

    return swapped


def _word(section: str, key: str) -> Make:
    return lambda row, _: row.rng.choice(words(section)[key])


def _local(key: str) -> Make:
    return lambda row, _: row.rng.choice(words(row.world.locale)[key])


def _text(key: str) -> Make:
    def say(row: Row, _: str) -> Cell:
        who = row.person
        return row.rng.choice(words("texts")[key]).format(
            name=who.name, given=who.given, email=who.email, street=who.street, place=who.place,
            phone=_phone_mixed(row, ""),
        )  # fmt: skip

    return say


def _spaced(digits: str) -> str:
    if digits[0] in "49":
        return f"{digits[:3]} {digits[3:5]} {digits[5:]}"
    return f"{digits[:2]} {digits[2:4]} {digits[4:6]} {digits[6:]}"


def _phone_mixed(row: Row, _: str) -> Cell:
    digits, style = row.person.mobile, row.rng.random()
    if style < 0.35:
        return digits
    if style < 0.65:
        return _spaced(digits)
    return f"+47 {_spaced(digits)}" if style < 0.9 else f"0047{digits}"


def _phone(row: Row, _: str) -> Cell:
    """As written in the country of the world; 555 and similar ranges are fiction's own."""
    rng, seven = row.rng, row.person.mobile[1:]
    if row.world.locale == "de":
        return rng.choice(
            (f"030 23125 {seven[:3]}", f"+49 171 39200{seven[:2]}", f"0221/4710{seven[:3]}")
        )
    if row.world.locale == "en":
        area = rng.choice(("206", "312", "415", "512", "617", "702"))
        line = f"01{seven[:2]}"
        styles = (f"({area}) 555-{line}", f"{area}-555-{line}", f"1 (11) 500 555-{line}",
                  f"+1 {area} 555 {line}", f"(020) 7946 0{seven[:3]}")  # fmt: skip
        return rng.choice(styles)
    return _phone_mixed(row, "")


def _phone_intl(row: Row, _: str) -> Cell:
    area, tail = row.rng.randint(11, 98), row.person.mobile
    styles = (f"+55 ({area}) 3923-{tail[:4]}", f"+1 (403) 262-{tail[:4]}", f"+49 0711 2{tail[:6]}",
              f"+47 {tail[:2]} {tail[2:4]} {tail[4:6]} {tail[6:]}", f"+420 2 4172 {tail[:4]}")  # fmt: skip
    return row.rng.choice(styles)


def _fixed(row: Row, _: str) -> Cell:
    return _spaced(row.person.fixed) if row.rng.random() < 0.7 else row.person.fixed


def _fax(row: Row, arg: str) -> Cell:
    return _fixed(row, arg) if row.world.locale == "no" else _phone(row, arg)


def _street2(row: Row, _: str) -> Cell:
    rng = row.rng
    return rng.choice((f"H{rng.randint(1, 9):02}{rng.randint(1, 6):02}", f"c/o {row.other.name}",
                       f"Leil. {rng.randint(1, 40)}", "2. etg", f"Postboks {rng.randint(10, 999)}"))  # fmt: skip


def _email_role(row: Row, _: str) -> Cell:
    return f"{row.rng.choice(_ROLES)}@{row.company.domain}"


def _email_work(row: Row, _: str) -> Cell:
    return f"{plain(row.person.given).split()[0]}.{plain(row.person.family)}@bedrift.example.no"


def _iban(row: Row, _: str) -> Cell:
    account = row.world.account()
    return f"NO{98 - int(account + '232400') % 97:02}{account}"


def _konto(style: str) -> Make:
    def make(row: Row, _: str) -> Cell:
        a = row.world.account()
        return {"": a, ".": f"{a[:4]}.{a[4:6]}.{a[6:]}", " ": f"{a[:4]} {a[4:6]} {a[6:]}"}[style]

    return make


def _name_handle(row: Row, _: str) -> Cell:
    who = row.person
    return row.rng.choice((who.name, who.name, who.given, who.name.upper(), who.name.lower()))


def _title(row: Row, _: str) -> Cell:
    pairs = {"no": ("Fru", "Herr"), "en": ("Ms.", "Mr."), "de": ("Frau", "Herr")}
    return pairs[row.world.locale][0 if row.person.female else 1]


def _moment(row: Row) -> datetime:
    return datetime(2022, 1, 3) + timedelta(seconds=row.rng.randrange(3 * 365 * 86_400))


def _timestamp(row: Row, _: str) -> Cell:
    return _moment(row).isoformat(sep=" ")


def _timestamp_tz(row: Row, _: str) -> Cell:
    return f"{_moment(row):%Y-%m-%d %H:%M:%S} +0{row.rng.choice('12')}00"


def _number(row: Row, base: str) -> Cell:
    """Numbers in sequence behind a prefix: `SO-4000` → SO-4001, SO-4002, …"""
    digits = ""
    while base and base[-1].isdecimal():
        digits, base = base[-1] + digits, base[:-1]
    at = int(digits or 0) + row.n + 1
    return f"{base}{at:0{len(digits)}}"


def _kid(row: Row, _: str) -> Cell:
    return luhn(f"{1000 + row.n % 700:06}{20240 + row.n:08}")


def _taxvat(row: Row, _: str) -> Cell:
    """What customers write into the field for a tax number: most their company's, some their own."""
    return row.world.orgnr() if row.rng.random() < 0.75 else row.world.national(row.person)


def _session(row: Row, _: str) -> Cell:
    who = row.person
    address = {"first_name": who.given, "last_name": who.family, "address_1": who.street,
               "postcode": who.postcode, "city": who.place, "email": who.email,
               "phone": who.mobile}  # fmt: skip
    cart = {"key": _hex(row, "32"), "product_id": row.rng.randint(100, 900), "quantity": 2}
    return json.dumps({"cart": [cart], "customer": address}, ensure_ascii=False)


def _hex(row: Row, length: str) -> str:
    return "".join(row.rng.choice("0123456789abcdef") for _ in range(int(length)))


def _signs(row: Row, length: str) -> str:
    return "".join(row.rng.choice(_B64) for _ in range(int(length)))


def _digits(row: Row, length: str) -> str:
    return str(row.rng.randrange(10 ** (int(length) - 1), 10 ** int(length)))


def _uuid(row: Row, _: str) -> Cell:
    h = _hex(row, "32")
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


def _sku(row: Row, _: str) -> Cell:
    rng = row.rng
    return rng.choice((f"AP{rng.randint(10000, 99999)}", f"{rng.randint(1000, 9999)}-{rng.choice('SMLX')}",
                       f"KOPP-{rng.randint(1, 99):03}", f"AB {rng.randint(10000, 99999)}"))  # fmt: skip


def _ean(row: Row, _: str) -> Cell:
    digits = f"70{_digits(row, '10')}"
    total = sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits))
    return digits + str((10 - total % 10) % 10)


def _int(row: Row, span: str) -> Cell:
    low, _, high = span.partition("-")
    return row.rng.randint(int(low), int(high))


def _salary(row: Row, _: str) -> Cell:
    return row.rng.randrange(380_000, 990_000, 500)


def _key(row: Row, _: str) -> Cell:
    return row.start + row.n


def _of(row: Row, table: str) -> Cell:
    keys = row.keys[table]
    if not keys:
        return None
    return keys[row.at.setdefault(table, row.rng.randrange(len(keys)))]


def _ref(row: Row, column: str) -> Cell:
    table, cells = column.split(".", maxsplit=1)[0], row.columns[column]
    if not cells:
        return None
    return cells[row.at.setdefault(table, row.rng.randrange(len(cells)))]


def _plate(row: Row, _: str) -> Cell:
    return f"{row.rng.choice(('EL', 'EK', 'DN', 'SV', 'RA'))} {row.rng.randint(20000, 89999)}"


def _spoken(row: Row) -> str | None:
    return row.company.name if not row.is_person else row.person.name


_DIRECT: dict[str, Make] = {
    "first": lambda r, _: r.person.given,
    "first_upper": lambda r, _: r.person.given.upper(),
    "first_of_person": lambda r, _: r.person.given if r.is_person else None,
    "last": lambda r, _: r.person.family,
    "last_upper": lambda r, _: r.person.family.upper(),
    "last_of_person": lambda r, _: r.person.family if r.is_person else None,
    "middle": lambda r, _: r.person.middle,
    "name": lambda r, _: r.person.name,
    "name_upper": lambda r, _: r.person.name.upper(),
    "name_handle": _name_handle,
    "name_or_company": lambda r, _: _spoken(r),
    "last_first": lambda r, _: f"{r.person.family}, {r.person.given}",
    "staff_name": lambda r, _: r.rng.choice(r.world.staff).name,
    "email": lambda r, _: r.person.email,
    "email_upper": lambda r, _: r.person.email.upper() if r.rng.random() < 0.5 else r.person.email,
    "email_work": _email_work,
    "email_or_role": lambda r, a: r.person.email if r.is_person else _email_role(r, a),
    "phone": _phone,
    "phone_plain": lambda r, _: r.person.mobile,
    "phone_spaced": lambda r, _: _spaced(r.person.mobile),
    "phone_plus": lambda r, _: f"+47{r.person.mobile}",
    "phone_mixed": _phone_mixed,
    "phone_intl": _phone_intl,
    "phone_fixed": _fixed,
    "phone_int": lambda r, _: int(r.person.mobile),
    "fax": _sometimes(_fax, 0.2),
    "street": lambda r, _: r.person.street,
    "address_line": lambda r, _: f"{r.person.street}, {r.person.postcode} {r.person.place}",
    "fnr": lambda r, _: r.world.national(r.person),
    "fnr_spaced": lambda r, _: (n := r.world.national(r.person)) and f"{n[:6]} {n[6:]}",
    "fnr_int": lambda r, _: int(r.world.national(r.person)),
    "dnr": lambda r, _: r.world.national(r.person, dnumber=True),
    "taxvat": _taxvat,
    "bsno": lambda r, _: r.world.national(r.person) if r.is_person else r.company.number,
    "konto": _konto(""),
    "konto_dotted": _konto("."),
    "konto_spaced": _konto(" "),
    "iban": _iban,
    "card": lambda r, _: luhn(f"{r.rng.choice(('4111', '5555'))}{_digits(r, '11')}"),
    "ip": lambda r, _: f"{r.rng.choice(_NETWORKS)}.{r.rng.randint(1, 254)}",
    "ip6": lambda r, a: f"2001:db8:{_hex(r, '4')}::{_hex(r, '3')}" if r.rng.random() < 0.5
    else _DIRECT["ip"](r, a),
    "forwarded": lambda r, a: f"{_DIRECT['ip'](r, a)}, 10.0.0.{r.rng.randint(1, 9)}",
}  # fmt: skip
_TOLD: dict[str, Make] = {
    "postcode": lambda r, _: r.person.postcode,
    "zip_quoted": lambda r, _: f"'{r.person.postcode}",
    "city": lambda r, _: r.person.place,
    "city_upper": lambda r, _: r.person.place.upper(),
    "user_agent": lambda r, _: r.rng.choice(_AGENTS),
    "gender_en": lambda r, _: "Female" if r.person.female else "Male",
    "gender_nn": lambda r, _: "kvinne" if r.person.female else "mann",
    "born_no": lambda r, _: f"{r.person.born:%d.%m.%Y}",
    "country": _local("countries"),
    "company": lambda r, _: r.company.name,
    "company_sometimes": _sometimes(lambda r, _: r.company.name, 0.3),
    "email_role": _email_role,
    "orgnr": lambda r, _: r.company.number,
    "orgnr_mva": _sometimes(lambda r, _: f"NO{r.company.number}MVA", 0.5),
    "orgnr_companies": lambda r, _: None if r.is_person else r.company.number,
    "orgnr_mva_companies": lambda r, _: None if r.is_person else f"{r.company.number} MVA",
    "wp_hash": lambda r, _: f"$P$B{_signs(r, '30')}",
    "bcrypt": lambda r, _: f"$2y$10${_signs(r, '53')}",
    "magento_hash": lambda r, _: f"{_hex(r, '64')}:{_signs(r, '16')}:3_32_2_67108864",
    "job": _local("jobs"),
    "job_nb": _local("jobs"),
    "job_nn": _word("things", "jobs_nn"),
    "marital_nn": _word("things", "marital_nn"),
    "nationality_nn": _word("things", "nationality_nn"),
    "union": _word("things", "unions"),
    "icd10": _word("things", "icd"),
    "diagnosis": _word("things", "diagnoses"),
    "allergen": _word("things", "allergens"),
    "allergy_nn": _sometimes(_word("things", "allergies_nn"), 0.4),
    "diet_nn": _sometimes(_word("things", "diets_nn"), 0.4),
    "note": _sometimes(_text("note"), 0.6),
    "note_de": _sometimes(_text("note_de"), 0.6),
    "review": _text("review"),
    "hr_note": _sometimes(_text("hr_note"), 0.7),
    "customer_memo": _sometimes(_text("customer_memo"), 0.5),
    "clinical_note": _text("clinical"),
    "biography": _text("biography"),
    "member_note": _sometimes(_text("member_note"), 0.6),
    "session_value": _session,
    "plate": _plate,
}
KEYS = frozenset({"key", "hexkey", "of", "ref"})
"""Makers of keys: what they lead to says the table, which an obscured name hides."""
TELLS = frozenset(_DIRECT) | frozenset(_TOLD)
"""Makers whose cells alone tell what they are; `_sometimes` and `other.` are looked through."""

_COMPANY_CANNOT_TELL = frozenset(
    ["street", "postcode", "city", "city_upper", "phone", "phone_fixed", "konto", "konto_dotted"]
)
"""Makers of cells that look the same for a company and for a person."""

_SILENT: dict[str, Make] = {
    "key": _key,
    "hexkey": lambda r, _: _hex(r, "32"),
    "of": _of,
    "ref": _ref,
    "username": lambda r, _: r.person.login,
    "staff_username": lambda r, _: r.rng.choice(r.world.staff).login,
    "login_id": lambda r, _: f"corp\\{r.person.login}",
    "slug": lambda r, _: plain(r.person.name).replace(" ", "-"),
    "nickname": lambda r, _: r.rng.choice((r.person.given, r.person.login, f"{r.person.given[0]}.", "Anonym")),
    "short_name": lambda r, _: _spoken(r).upper().replace(" ", "")[:8],
    "initial": _sometimes(lambda r, _: f"{r.person.family[0]}.", 0.6),
    "title": _sometimes(_title, 0.7),
    "suffix": lambda r, _: r.rng.choice(("Jr.", "Sr.", "III")),
    "letters": lambda r, a: "".join(r.rng.choice("ABCDEFGHIKLMNOPRSTUVW") for _ in range(int(a))),
    "born": lambda r, _: r.person.born.isoformat(),
    "gender_code": lambda r, _: "2" if r.person.female else "1",
    "postcode_int": lambda r, _: int(r.person.postcode),
    "phone_digits": lambda r, _: f"{_digits(r, '12')}",
    "county": _sometimes(_local("counties"), 0.6),
    "country_code": lambda r, _: r.rng.choice(("NO", "NO", "NO", "NO", "SE", "DK")),
    "street2": _sometimes(_street2, 0.25),
    "apartment": _sometimes(lambda r, _: f"Apt. {r.rng.randint(1, 99)}", 0.3),
    "latitude": lambda r, _: f"{r.rng.uniform(-33, 60):.6f}",
    "longitude": lambda r, _: f"{r.rng.uniform(-120, 40):.6f}",
    "homepage": _sometimes(lambda r, _: f"https://{r.person.login}.example.com", 0.2),
    "reset_key": _sometimes(lambda r, _: f"{r.rng.randint(1_690_000_000, 1_750_000_000)}:$generic${_signs(r, '30')}", 0.2),
    "token": lambda r, a: f"{a}{_hex(r, '38')}",
    "encrypted": _sometimes(lambda r, _: f"0:3:{base64.b64encode(_hex(r, '40').encode()).decode()}", 0.4),
    "base64": _signs,
    "order_key": lambda r, _: f"wc_order_{_signs(r, '13').replace('/', 'x').replace('.', 'y')}",
    "stripe_id": lambda r, _: f"pi_3{_signs(r, '23').replace('/', 'x').replace('.', 'y')}",
    "salary": _salary,
    "salary_int": lambda r, _: r.rng.randint(38_000, 120_000),
    "wage": lambda r, _: r.rng.randint(18_500, 52_000) / 100,
    "vat_de": _sometimes(lambda r, _: f"DE{_digits(r, '9')}", 0.3),
    "is_person": lambda r, _: int(r.is_person),
    "review_title": _text("review_title"),
    "note_attributes": _sometimes(_text("attributes"), 0.3),
    "engraving": _sometimes(_text("engraving"), 0.5),
    "voucher_text": _text("voucher"),
    "yrref": _sometimes(_text("yrref"), 0.6),
    "question": _word("things", "questions"),
    "kid": _kid,
    "number": _number,
    "digits": _digits,
    "hex": _hex,
    "uuid": _uuid,
    "choice": lambda r, a: r.rng.choice(a.split("|")),
    "int": _int,
    "zero": lambda _r, _a: 0,
    "one": lambda _r, _a: "1.0000",
    "one_int": lambda _r, _a: 1,
    "blank": lambda _r, _a: None,
    "flag": lambda r, _: r.rng.randint(0, 1),
    "money": lambda r, _: f"{r.rng.lognormvariate(6, 1):.2f}",
    "rating": lambda r, _: f"{r.rng.uniform(2, 5):.2f}",
    "weight": lambda r, _: f"{r.rng.uniform(0.02, 9):.3f}",
    "epoch": lambda r, _: r.rng.randint(1_690_000_000, 1_760_000_000),
    "timestamp": _timestamp,
    "timestamp_tz": _timestamp_tz,
    "date": lambda r, _: _moment(r).date().isoformat(),
    "date_int": lambda r, _: int(f"{_moment(r):%Y%m%d}"),
    "month": lambda r, _: f"{_moment(r):%Y-%m}",
    "version": lambda r, _: r.rng.choice(("8.9.1", "9.0.2", "10.4.3", "11.0.0")),
    "coupon": _sometimes(lambda r, _: r.rng.choice(("SOMMER25", "KARI10", "VIP-2024", "VELKOMMEN", "BLACK50")), 0.3),
    "sku": _sku,
    "ean": _ean,
    "product": _word("things", "products"),
    "product_text": _word("things", "product_texts"),
    "brand": _word("things", "brands"),
    "category": _word("things", "categories"),
    "colour": _word("things", "colours"),
    "store": _word("things", "stores"),
    "ledger": lambda r, _: r.rng.choice((1500, 1920, 2400, 2700, 3000, 4300, 5000, 6860, 7140, 7320, 7700)),
    "ledger_name": _word("things", "ledger_names"),
    "song": _word("things", "songs"),
    "film_title": _word("things", "films"),
    "film_text": _word("things", "film_texts"),
    "bic": lambda r, _: r.rng.choice(("DNBANOKK", "SPTRNO22", "NDEANOKK")),
    "shop_url": lambda r, _: f"https://cdn.example.com/files/{_hex(r, '8')}.jpg",
    "company_url": lambda r, _: None if r.is_person else f"https://{r.company.domain}",
    "image_path": lambda r, _: f"/media/catalog/{_hex(r, '2')}/{_hex(r, '6')}.png",
    "file_path": lambda r, _: f"C:\\Visma\\Notat\\{r.rng.randint(1, 9999)}.rtf",
    "url_key": lambda r, _: r.rng.choice(words("things")["products"]).lower().replace(" ", "-"),
}  # fmt: skip
_ALL: Mapping[str, Make] = {**_DIRECT, **_TOLD, **_SILENT}


def maker(name: str) -> tuple[Make, str]:
    """The maker a schema names, and its argument: `choice:a|b`, `other.name`, `date_sometimes`."""
    kind, _, argument = name.partition(":")
    swap, often = kind.startswith("other."), kind.endswith("_sometimes") and kind not in _ALL
    kind = kind.removeprefix("other.")
    make = _ALL[kind.removesuffix("_sometimes") if often else kind]
    make = _sometimes(make, 0.3) if often else make
    return (_of_other(make) if swap else make), argument


def tells(name: str, about: str) -> bool | None:
    """Whether the cells alone tell what the column is; None where whose it is decides.

    Args:
        name: of the maker, as the schema has it.
        about: what the table is about; a company's address looks like a person's.
    """
    kind = name.partition(":")[0].removeprefix("other.")
    kind = kind if kind in _ALL else kind.removesuffix("_sometimes")
    if kind in KEYS:
        return None
    if about == "company" and kind in _COMPANY_CANNOT_TELL:
        return None
    return kind in TELLS


_SLOTS = {
    "{name}": ("user.name",),
    "{given}": ("user.name", "user.name.first"),
    "{phone}": ("user.contact.phone_number",),
    "{email}": ("user.contact.email",),
    "{street}": ("user.contact.address", "user.contact.address.street"),
}


def holds(name: str) -> tuple[str, ...]:
    """The categories that stand inside the texts of a maker, beside free text itself."""
    kind = name.partition(":")[0].removesuffix("_sometimes")
    texts = words("texts").get(_TEXT_OF.get(kind, kind), ())
    found = [c for slot, inside in _SLOTS.items() if any(slot in t for t in texts) for c in inside]
    return tuple(dict.fromkeys(found))


_TEXT_OF = {"clinical_note": "clinical", "voucher_text": "voucher", "note_attributes": "attributes"}
