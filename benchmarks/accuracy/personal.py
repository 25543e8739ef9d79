"""Makers of what is personal: names, contact points, numbers, texts, and credentials."""

from __future__ import annotations

import json

from benchmarks.accuracy.row import (
    Cell,
    Make,
    Row,
    digits,
    hexadecimal,
    local,
    signs,
    sometimes,
    spoken,
    word,
)  # fmt: skip
from benchmarks.accuracy.world import luhn, plain, words

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
_ROLES = ("post", "firmapost", "faktura", "kontakt", "info", "regnskap")


def text(key: str, phone: Make | None = None) -> Make:
    """Texts of a list; `phone` writes the number in them, as in Norway if it is not given."""

    def say(row: Row, _: str) -> Cell:
        who = row.person
        return row.rng.choice(words("texts")[key]).format(
            name=who.name, given=who.given, email=who.email, street=who.street, place=who.place,
            phone=(phone or _phone_mixed)(row, ""),
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


def _taxvat(row: Row, _: str) -> Cell:
    """What customers write into the field for a tax number: most their company's, some their own."""
    return row.world.orgnr() if row.rng.random() < 0.75 else row.world.national(row.person)


def _session(row: Row, _: str) -> Cell:
    who = row.person
    address = {"first_name": who.given, "last_name": who.family, "address_1": who.street,
               "postcode": who.postcode, "city": who.place, "email": who.email,
               "phone": who.mobile}  # fmt: skip
    cart = {"key": hexadecimal(row, "32"), "product_id": row.rng.randint(100, 900), "quantity": 2}
    return json.dumps({"cart": [cart], "customer": address}, ensure_ascii=False)


def _tokens(row: Row, _: str) -> Cell:
    """WordPress' serialised sessions: a token, and from where the user signed in."""
    agent, ip = row.rng.choice(_AGENTS), DIRECT["ip"](row, "")
    return (
        f'a:1:{{s:64:"{hexadecimal(row, "64")}";a:4:{{s:10:"expiration";i:1752000000;'
        f's:2:"ip";s:{len(str(ip))}:"{ip}";s:2:"ua";s:{len(agent)}:"{agent}";}}}}'
    )


def _index(row: Row, _: str) -> Cell:
    """The billing address in one line, as WooCommerce keeps it for its search."""
    who = row.person
    parts = (who.given, who.family, who.street, who.place, who.postcode, "NO", who.email)
    return " ".join((*parts, who.mobile))


def _plate(row: Row, _: str) -> Cell:
    return f"{row.rng.choice(('EL', 'EK', 'DN', 'SV', 'RA'))} {row.rng.randint(20000, 89999)}"


DIRECT: dict[str, Make] = {
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
    "name_or_company": lambda r, _: spoken(r),
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
    "phone_msisdn": lambda r, _: f"47{r.person.mobile}",
    "phone_int": lambda r, _: int(r.person.mobile),
    "fax": sometimes(_fax, 0.2),
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
    "card": lambda r, _: luhn(f"{r.rng.choice(('4111', '5555'))}{digits(r, '11')}"),
    "ip": lambda r, _: f"{r.rng.choice(_NETWORKS)}.{r.rng.randint(1, 254)}",
    "ip6": lambda r, a: f"2001:db8:{hexadecimal(r, '4')}::{hexadecimal(r, '3')}" if r.rng.random() < 0.5
    else DIRECT["ip"](r, a),
    "forwarded": lambda r, a: f"{DIRECT['ip'](r, a)}, 10.0.0.{r.rng.randint(1, 9)}",
}  # fmt: skip
TOLD: dict[str, Make] = {
    "postcode": lambda r, _: r.person.postcode,
    "zip_quoted": lambda r, _: f"'{r.person.postcode}",
    "city": lambda r, _: r.person.place,
    "city_upper": lambda r, _: r.person.place.upper(),
    "user_agent": lambda r, _: r.rng.choice(_AGENTS),
    "gender_en": lambda r, _: "Female" if r.person.female else "Male",
    "gender_nn": lambda r, _: "kvinne" if r.person.female else "mann",
    "born_no": lambda r, _: f"{r.person.born:%d.%m.%Y}",
    "country": local("countries"),
    "company": lambda r, _: r.company.name,
    "company_sometimes": sometimes(lambda r, _: r.company.name, 0.3),
    "email_role": _email_role,
    "orgnr": lambda r, _: r.company.number,
    "orgnr_mva": sometimes(lambda r, _: f"NO{r.company.number}MVA", 0.5),
    "orgnr_companies": lambda r, _: None if r.is_person else r.company.number,
    "orgnr_mva_companies": lambda r, _: None if r.is_person else f"{r.company.number} MVA",
    "wp_hash": lambda r, _: f"$P$B{signs(r, '30')}",
    "bcrypt": lambda r, _: f"$2y$10${signs(r, '53')}",
    "magento_hash": lambda r, _: f"{hexadecimal(r, '64')}:{signs(r, '16')}:3_32_2_67108864",
    "job": local("jobs"),
    "job_nb": local("jobs"),
    "job_nn": word("things", "jobs_nn"),
    "marital_nn": word("things", "marital_nn"),
    "nationality_nn": word("things", "nationality_nn"),
    "union": word("things", "unions"),
    "icd10": word("things", "icd"),
    "diagnosis": word("things", "diagnoses"),
    "allergen": word("things", "allergens"),
    "allergy_nn": sometimes(word("things", "allergies_nn"), 0.4),
    "diet_nn": sometimes(word("things", "diets_nn"), 0.4),
    "note": sometimes(text("note"), 0.6),
    "note_de": sometimes(text("note_de"), 0.6),
    "review": text("review"),
    "hr_note": sometimes(text("hr_note"), 0.7),
    "customer_memo": sometimes(text("customer_memo"), 0.5),
    "clinical_note": text("clinical"),
    "biography": text("biography"),
    "member_note": sometimes(text("member_note"), 0.6),
    "session_value": _session,
    "plate": _plate,
    "session_tokens": sometimes(_tokens, 0.7),
    "address_index": _index,
}
