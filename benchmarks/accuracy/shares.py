"""Makers for the sixth group of schemas: files shared, bookings, lead forms, card payments, shops of neighbours."""

from __future__ import annotations

import hashlib
import json
import string

from benchmarks.accuracy.ordinary import SILENT
from benchmarks.accuracy.personal import DIRECT, text
from benchmarks.accuracy.registers import REGISTER_DIRECT
from benchmarks.accuracy.row import Cell, Make, Row, digits, hexadecimal, signs, sometimes, word
from benchmarks.accuracy.world import luhn

_phone = REGISTER_DIRECT["phone_home"]
_REGIONS_END = 1990  # until then a Swedish birth number told the county; after that it does not
_LETTERS = string.ascii_uppercase + string.digits


def _home(key: str) -> Make:
    """A text whose telephone number is written as where the person lives."""
    return text(key, _phone)


def _landline(row: Row, arg: str) -> Cell:
    """A line in the person's country, of numbers set apart for fiction where a regulator has any.

    Sweden 08-465 004 00 to 99, 031-390 06 00 to 99 and 040-628 04 00 to 99 (PTS), Germany 030 23125, 040 66969
    and 0221 4710 (Bundesnetzagentur), Britain 01632 960 (Ofcom); Denmark sets none apart.
    """
    rng, last = row.rng, row.person.fixed
    styles = {
        "SE": (f"08-465 004 {last[:2]}", f"031-390 06 {last[:2]}", f"+46 40 628 04 {last[:2]}"),
        "DK": (f"+45 {last[:2]} {last[2:4]} {last[4:6]} {last[6:]}",),
        "DE": (f"030 23125{last[:3]}", f"040 / 66969-{last[:3]}", f"+49 (0)221 4710{last[:3]}"),
        "GB": (f"01632 960{last[:3]}", f"+44 1632 960 {last[:3]}"),
    }.get(row.person.country)
    return rng.choice(styles) if styles else DIRECT["phone_fixed"](row, arg)


def _personnummer(row: Row, _: str) -> Cell:
    """A Swedish number of those that Skatteverket sets apart for tests: birth numbers 980, 981, 238, 239."""
    born, female = row.person.born, row.person.female
    woman, man = (980, 981) if born.year < _REGIONS_END else (238, 239)
    checked = luhn(f"{born:%y%m%d}{woman if female else man}")
    return f"{born:%Y%m%d}-{checked[6:]}"


def _orgnr_se(row: Row, _: str) -> Cell:
    number = luhn(f"5599{digits(row, '5')}")
    return f"{number[:6]}-{number[6:]}"


def _bankgiro(row: Row, _: str) -> Cell:
    number = luhn(f"5{digits(row, '6')}")
    return f"{number[:4]}-{number[4:]}"


def _initials(row: Row, _: str) -> Cell:
    """How staff sign in a ledger: a letter of the given name, two of the family name."""
    who = row.rng.choice(row.world.staff)
    return f"{who.given[:1]}{who.family[:2]}".upper()


def _number_se(row: Row, arg: str) -> Cell:
    return _personnummer(row, arg) if row.is_person else _orgnr_se(row, arg)


def _contact_line(row: Row, arg: str) -> Cell:
    return f"{row.person.name}, {_phone(row, arg)}"


def _parents(row: Row, _: str) -> Cell:
    """One or two grown-ups of a child's family, as people write them."""
    first, second, family = row.other, row.rng.choice(row.world.persons), row.person.family
    return row.rng.choice(
        (f"{first.given} og {second.given} {family}", f"{first.given} {family}/{second.name}",
         f"{first.given} {family}", f"{first.name} og {second.given}")
    )  # fmt: skip


def _extension(row: Row, _: str) -> Cell:
    """A telephone number with an extension behind an X, as osTicket keeps it."""
    number = row.person.mobile
    return f"{number}X{row.rng.randint(10, 999)}" if row.rng.random() < 0.3 else number


def _attendees(row: Row, _: str) -> Cell:
    told = (row.person, row.other)[: row.rng.randint(1, 2)]
    return ", ".join(f"{who.name} <{who.email}>" for who in told)


def _vcard(row: Row, arg: str) -> Cell:
    who = row.person
    return (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{SILENT['uuid'](row, arg)}\r\nFN:{who.name}\r\n"
        f"N:{who.family};{who.given};;;\r\nEMAIL;TYPE=WORK:{who.email}\r\nTEL;TYPE=CELL:{_phone(row, arg)}\r\n"
        f"ADR;TYPE=HOME:;;{who.street};{who.place};;{who.postcode};\r\nEND:VCARD"
    )


def _event(row: Row, arg: str) -> Cell:
    who, mate = row.person, row.other
    return (
        f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{SILENT['uuid'](row, arg)}\r\nDTSTART:20250{digits(row, '1')}12T090000Z\r\n"
        f"SUMMARY:{word('things', 'services')(row, arg)} med {mate.given}\r\nORGANIZER;CN={who.name}:mailto:{who.email}\r\n"
        f"ATTENDEE;CN={mate.name}:mailto:{mate.email}\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )


def _account(row: Row, arg: str) -> Cell:
    """What Nextcloud keeps of a user's profile."""
    who = row.person
    told = {
        "displayname": who.name,
        "email": who.email,
        "phone": _phone(row, arg),
        "address": who.street,
    }
    inside = {
        key: {"value": value, "scope": "v2-local", "verified": "0"} for key, value in told.items()
    }
    return json.dumps(inside, ensure_ascii=False)


def _change(row: Row, _: str) -> Cell:
    """Who was made owner or collaborator of a ticket."""
    return json.dumps({"owner": [row.rng.randint(2, 900), row.person.name]}, ensure_ascii=False)


def _failed(row: Row, arg: str) -> Cell:
    who = row.rng.choice((row.person.login, row.person.email))
    return f"Username: {who}\nIP: {DIRECT['ip'](row, arg)}\nTime: {SILENT['timestamp'](row, arg)}\n\nAttempts #{row.rng.randint(3, 9)}"


def _shared(row: Row, arg: str) -> Cell:
    path = f"/{word('things', 'folders')(row, arg)}/{text('member_file')(row, arg)}"
    return json.dumps(
        [{str(row.rng.randint(100, 9999)): path}, row.person.login], ensure_ascii=False
    )


def _path(row: Row, arg: str) -> Cell:
    return f"files/{word('things', 'folders')(row, arg)}/{text('member_file')(row, arg)}"


def _deal(row: Row, _: str) -> Cell:
    """As Pipedrive names a deal by itself, or as a seller does."""
    who, company = row.person.name, row.company.name
    return row.rng.choice(
        (f"{who} deal", f"{company} deal", f"{company} – julegaver", f"200 kopper, {who}")
    )


def _hashed(what: str) -> Make:
    """SHA-256 of what an advertiser uploads: lower case, digits alone."""

    def make(row: Row, _: str) -> Cell:
        who = row.person
        told = {"email": who.email.lower(), "phone": f"47{who.mobile}"}[what]
        return hashlib.sha256(told.encode()).hexdigest()

    return make


def _google_token(row: Row, _: str) -> Cell:
    return json.dumps({"access_token": f"ya29.{signs(row, '60')}", "token_type": "Bearer",
                       "refresh_token": f"1//0{signs(row, '40')}"})  # fmt: skip


def _subnet(row: Row, arg: str) -> Cell:
    return f"{DIRECT['ip'](row, arg)}/32"


SHARED_DIRECT: dict[str, Make] = {
    "landline_home": _landline,
    "personnummer": _personnummer,
    "number_se": _number_se,
    "care_of": lambda r, _: f"c/o {r.other.name}",
    "contact_line_home": _contact_line,
    "parents": _parents,
    "first_initial": lambda r, _: f"{r.person.given} {r.person.family[0]}.",
    "initial_last": lambda r, _: f"{r.person.given[0]}. {r.person.family}",
    "phone_extension": _extension,
    "attendees": _attendees,
    "vcard": _vcard,
    "calendar_event": _event,
    "account_json": _account,
    "owner_change": _change,
    "failed_login": _failed,
    "subnet": _subnet,
}
SHARED_TOLD: dict[str, Make] = {
    "postcode_place": lambda r, _: f"{r.person.postcode} {r.person.place}",
    "company_only": lambda r, _: None if r.is_person else r.company.name,
    "google_token": _google_token,
    "deal_title": _deal,
    "file_path_of": _path,
    "member_file": text("member_file"),
    "union_se": word("things", "unions_se"),
    "ticket_body": text("ticket_body"),
    "desk_note": text("desk_note"),
    "deal_note": text("deal_note"),
    "booking_note": text("booking_note"),
    "lead_answer": text("lead_answer"),
    "band_note": text("band_note"),
    "duty_note": text("duty_note"),
    "band_ledger": text("band_ledger"),
    "shop_note_sv": _home("shop_note_sv"),
    "memo_sv": _home("memo_sv"),
    "marking_sv": text("marking_sv"),
    "note_de_order": _home("note_de_order"),
    "enquiry_de": _home("enquiry_de"),
    "rating_de": _home("rating_de"),
    "file_comment": text("file_comment"),
    "share_note": text("share_note"),
    "presence": text("presence"),
    "office_info": text("office_info"),
    "office_ledger": text("office_ledger"),
}
SHARED_SILENT: dict[str, Make] = {
    "activity_params": _shared,
    "hashed_email": _hashed("email"),
    "hashed_phone": _hashed("phone"),
    "orgnr_se": _orgnr_se,
    "vat_se": sometimes(lambda r, a: f"SE{str(_orgnr_se(r, a)).replace('-', '')}01", 0.3),
    "account_se": lambda r, _: (
        f"{digits(r, '4')}-{digits(r, '1')} {digits(r, '3')} {digits(r, '3')} {digits(r, '1')}"
    ),
    "bankgiro": _bankgiro,
    "birthday_no": lambda r, _: f"{r.person.born:%d.%m.}",
    "staff_initials": _initials,
    "street2_de": sometimes(
        lambda r, _: r.rng.choice(
            (
                "Hinterhaus",
                "3. OG links",
                f"c/o {r.other.name}",
                f"Postfach {r.rng.randint(10, 999)}",
            )
        ),
        0.2,
    ),
    "psp": lambda r, _: "".join(r.rng.choice(_LETTERS) for _ in range(16)),
    "tagged_id": lambda r, a: f"{a}:{digits(r, '16')}",
    "gclid": lambda r, _: f"Cj0KCQjw{signs(r, '40').replace('/', '_').replace('.', '-')}",
    "etag": lambda r, _: hexadecimal(r, "32"),
    "instrument": word("things", "instruments"),
    "instrument_maker": word("things", "instrument_makers"),
    "bake": word("things", "bakes"),
    "service": word("things", "services"),
    "help_topic": word("things", "help_topics"),
    "ticket_subject": text("ticket_subject"),
    "deal_stage": word("things", "deal_stages"),
    "campaign": word("things", "campaigns"),
    "ad_set": word("things", "ad_sets"),
    "bank_de": word("things", "banks_de"),
    "department_se": word("things", "departments_se"),
    "title_de": sometimes(word("things", "titles_de"), 0.1),
    "product_de": word("things", "products_de"),
    "product_sv": word("things", "products_sv"),
    "text_de": word("things", "texts_de"),
    "text_sv": word("things", "texts_sv"),
}
