"""Makers for the fifth group of schemas: people of several countries, sign-ins, payroll, ledgers, payments."""

from __future__ import annotations

import json
import string
from urllib.parse import urlencode

from benchmarks.accuracy.ordinary import SILENT
from benchmarks.accuracy.personal import DIRECT, text
from benchmarks.accuracy.row import Cell, Row, digits, hexadecimal, signs, sometimes, word
from benchmarks.accuracy.supplement import MORE_DIRECT, MORE_SILENT

_COUNTRIES = ("NO", "SE", "DK", "DE", "GB")
_NAMES = {"NO": "Norge", "SE": "Sverige", "DK": "Danmark", "DE": "Tyskland", "GB": "Storbritannia"}
_BBAN = {"SE": 20, "DK": 14, "DE": 18}  # digits after the check digits, ISO 13616 registry
_UNLIKELY = 0.05  # share of those who answer neither female nor male


def _uuid_key(row: Row, arg: str) -> Cell:
    return SILENT["uuid"](row, arg)


def _by_country(row: Row, choices: str) -> Cell:
    """The part of `choices` for the person's country; the last one where there are too few."""
    parts = choices.split("|")
    return parts[min(_COUNTRIES.index(row.person.country), len(parts) - 1)]


def _phone_home(row: Row, arg: str) -> Cell:
    """As written in the person's country; numbers set apart for fiction where a regulator has any.

    Sweden 070-1740605 to 1740699 (PTS), Germany 0171 39200 (Bundesnetzagentur), Britain 07700 900
    (Ofcom); Denmark sets none apart.
    """
    rng, seven = row.rng, row.person.mobile[1:]
    styles = {
        "SE": (f"+46 70 174 06 {rng.randint(10, 99)}", f"070-174 06 {rng.randint(10, 99)}"),
        "DK": (f"+45 {seven[:2]} {seven[2:4]} {seven[4:6]} {rng.randint(10, 99)}",),
        "DE": (f"+49 171 39200{seven[:2]}", f"0171/39200{seven[:2]}"),
        "GB": (f"+44 7700 900{seven[:3]}", f"07700 900 {seven[:3]}"),
    }.get(row.person.country)
    return rng.choice(styles) if styles else DIRECT["phone_mixed"](row, arg)


def _iban_home(row: Row, arg: str) -> Cell:
    country = row.person.country
    if country == "NO":
        return DIRECT["iban"](row, arg)
    bban = f"NWBK{digits(row, '14')}" if country == "GB" else digits(row, str(_BBAN[country]))
    number = "".join(str(int(sign, 36)) for sign in f"{bban}{country}00")
    return f"{country}{98 - int(number) % 97:02}{bban}"


def _national_or_dnr(row: Row, _: str) -> Cell:
    """Who lives abroad and works in Norway has a D number."""
    return row.world.national(row.person, dnumber=row.person.country != "NO")


def _street_parts(row: Row) -> tuple[str, str]:
    """A street without its number, and the number."""
    parts = row.person.street.split()
    if parts[0].isdecimal():
        return " ".join(parts[1:]), parts[0]
    at = next(i for i, part in enumerate(parts) if i and part[0].isdecimal())
    return " ".join(parts[:at]), " ".join(parts[at:])


def _block(row: Row, _: str) -> Cell:
    """Name and address below each other, as printed on a document."""
    who = row.person
    return f"{who.name}\r{who.street}\r{who.postcode} {who.place}\r{_NAMES[who.country].upper()}"


def _greeting(row: Row, _: str) -> Cell:
    word_of = {"NO": "Kjære", "SE": "Kära", "DK": "Kære", "DE": "Hallo", "GB": "Dear"}
    return f"{word_of[row.person.country]} {row.person.given}"


def _gender(row: Row, spellings: str) -> Cell:
    """`female|male` and, seldom, what comes after them."""
    female, male, *others = spellings.split("|")
    if others and row.rng.random() < _UNLIKELY:
        return row.rng.choice(others)
    return female if row.person.female else male


def _sign_in(row: Row, _: str) -> Cell:
    """What Keycloak keeps of an event, beside who and from where."""
    told = {"auth_method": "openid-connect", "redirect_uri": "https://minside.example.no/callback",
            "username": row.person.email if row.rng.random() < 0.6 else row.person.login,
            "code_id": SILENT["uuid"](row, "")}  # fmt: skip
    return json.dumps(told)


def _representation(row: Row, _: str) -> Cell:
    who = row.person
    told = {"username": who.login, "firstName": who.given, "lastName": who.family,
            "email": who.email, "enabled": True}  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def _secret(row: Row, _: str) -> Cell:
    return json.dumps({"value": f"{signs(row, '86')}==", "salt": f"{signs(row, '22')}=="})


def _ip_details(row: Row, _: str) -> Cell:
    """Where an address look-up placed an IP address; spelt as PHP serialises a list."""
    who = row.person
    told = {"city": who.place, "region": "", "zipcode": who.postcode,
            "country": _NAMES[who.country], "isp": row.rng.choice(("Telenor", "Altibox", "Telia"))}  # fmt: skip
    inside = "".join(f's:{len(k)}:"{k}";s:{len(v.encode())}:"{v}";' for k, v in told.items())
    return f"a:{len(told)}:{{{inside}}}"


def _client_info(row: Row, _: str) -> Cell:
    name, version = row.rng.choice(
        (("Chrome", "126.0"), ("Mobile Safari", "17.5"), ("Firefox", "127.0"))
    )
    return (
        f'a:3:{{s:4:"type";s:7:"browser";s:4:"name";s:{len(name)}:"{name}";'
        f's:7:"version";s:{len(version)}:"{version}";}}'
    )


def _raw_mail(row: Row, arg: str) -> Cell:
    return f"{MORE_DIRECT['mail_header'](row, arg)}\n\n{text('forum_reply')(row, arg)}\n"


def _cv(row: Row, arg: str) -> Cell:
    who = row.person
    return (
        f"{who.name}\n{who.street}, {who.postcode} {who.place}\nTlf. {_phone_home(row, arg)}\n{who.email}\n"
        f"Født {who.born:%d.%m.%Y}\n\nUTDANNING\n{MORE_SILENT['study'](row, arg)}, "
        f"{MORE_SILENT['school'](row, arg)}\n\nERFARING\n{word('things', 'employers')(row, arg)}"
    )


def _session_notes(row: Row, arg: str) -> Cell:
    return json.dumps({"ipAddress": DIRECT["ip"](row, arg), "authMethod": "openid-connect",
                       "rememberMe": row.rng.random() < 0.5, "started": 0})  # fmt: skip


def _sso_payload(row: Row, _: str) -> Cell:
    who = row.person
    told = {"nonce": hexadecimal(row, "32"), "email": who.email, "external_id": digits(row, "5"),
            "username": who.login, "name": who.name}  # fmt: skip
    return urlencode(told)


def _born_child(row: Row, _: str) -> Cell:
    """As a date of birth of the row's person, of a child."""
    born = row.person.born
    return f"{2008 + born.year % 16}-{born.month:02}-{min(born.day, 28):02}"


def _ldap_name(row: Row, _: str) -> Cell:
    return f"uid={row.person.login},ou=people,dc=example,dc=no"


def _avatar(row: Row, _: str) -> Cell:
    return f"https://forum.example.no/user_avatar/{row.person.login}/144/{row.rng.randint(1, 900)}_2.png"


def _public_id(row: Row, prefix: str) -> Cell:
    """An identifier as Stripe's interfaces give out: a kind, and letters and digits."""
    signs_of = string.ascii_letters + string.digits
    return f"{prefix}_{''.join(row.rng.choice(signs_of) for _ in range(14))}"


REGISTER_DIRECT = {
    "phone_home": _phone_home,
    "iban_home": _iban_home,
    "fnr_or_dnr": _national_or_dnr,
    "street_name": lambda r, _: _street_parts(r)[0],
    "address_block": _block,
    "greeting": _greeting,
    "sign_in": _sign_in,
    "representation": _representation,
    "raw_mail": _raw_mail,
    "session_notes": _session_notes,
    "sso_payload": _sso_payload,
    "cv": _cv,
    "email_lower": lambda r, _: r.person.email.lower(),
}
REGISTER_TOLD = {
    "country_home": lambda r, _: _NAMES[r.person.country],
    "secret": _secret,
    "ip_details": _ip_details,
    "ldap_name": _ldap_name,
    "race": word("things", "races"),
    "membership": word("things", "memberships"),
    "deduction": word("things", "deductions"),
    "phone_call": sometimes(text("phone_call"), 0.7),
    "forum_reply": text("forum_reply"),
    "bio": text("bio"),
    "device_label": text("device_label"),
    "donation_note": text("donation_note"),
    "interview": text("interview"),
    "leave_comment": text("leave_comment"),
    "ledger_text": text("ledger_text"),
    "party_note": text("party_note"),
    "charge_text": text("charge_text"),
    "dispute": text("dispute"),
    "mautic_note": text("mautic_note"),
    "partner_memo": text("partner_memo"),
}
REGISTER_SILENT = {
    "uuidkey": _uuid_key,
    "by_country": _by_country,
    "country_home_code": lambda r, _: r.person.country,
    "house_number": lambda r, _: _street_parts(r)[1],
    "gender_of": _gender,
    "client_info": _client_info,
    "avatar": _avatar,
    "public_id": _public_id,
    "licence_number": lambda r, _: (
        f"{r.rng.randint(10, 99)} {digits(r, '2')} {digits(r, '6')} {r.rng.randint(1, 9)}"
    ),
    "born_child_iso": _born_child,
    "message_id": lambda r, _: f"<{hexadecimal(r, '16')}.{digits(r, '6')}@mail.example.net>",
    "resource_path": lambda r, a: f"users/{SILENT['uuid'](r, a)}",
    "cookie": lambda r, _: hexadecimal(r, "23"),
    "domain_of_email": lambda r, _: r.person.email.partition("@")[2],
    "occupation": word("things", "occupations"),
    "income": word("things", "incomes"),
    "leave": word("things", "leaves"),
    "employer": word("things", "employers"),
    "skills": word("things", "skills"),
    "donation": word("things", "donations"),
    "happening": word("things", "events"),
    "topic": word("things", "topics"),
}
