"""Makers that the later groups of schemas need beside the others: desks, CRM, personnel, a library, homes."""

from __future__ import annotations

import json
import string
from datetime import date

from benchmarks.accuracy.ordinary import SILENT
from benchmarks.accuracy.personal import DIRECT, text
from benchmarks.accuracy.row import Cell, Make, Row, digits, hexadecimal, sometimes, word
from benchmarks.accuracy.world import plain

_TODAY = date(2026, 1, 1)  # ages are counted on this day


def _domain(row: Row) -> str:
    return row.person.email.partition("@")[2]


def _formatted(row: Row, _: str) -> Cell:
    return f'"{row.person.name}" <{row.person.email}>'


def _header(row: Row, _: str) -> Cell:
    who, desk = row.person, f"kundeservice@{row.company.domain}"
    return (
        f"Received: from mail.example.net ([{DIRECT['ip'](row, '')}]) by mx.example.no\n"
        f"Message-ID: <{hexadecimal(row, '20')}@{_domain(row)}>\n"
        f"From: {who.name} <{who.email}>\nTo: <{desk}>\nSubject: Ordre {digits(row, '6')}"
    )


def _signature(row: Row, arg: str) -> Cell:
    who = row.person
    return f"Vennlig hilsen\n{who.name}\nTlf. {DIRECT['phone_spaced'](row, arg)}\n{who.email}"


def _networks(row: Row, _: str) -> Cell:
    login = row.person.login
    return json.dumps({"facebook": f"https://facebook.com/{login}", "instagram": f"@{login}"})


def _address_json(row: Row, _: str) -> Cell:
    who = row.person
    address = {"firstname": who.given, "lastname": who.family, "street": who.street,
               "zip": who.postcode, "town": who.place}  # fmt: skip
    return json.dumps(address, ensure_ascii=False)


def _ip_number(row: Row, arg: str) -> int:
    """An IPv4 address as the number that it is, as `ip2long` makes it."""
    whole = 0
    for part in str(DIRECT["ip"](row, arg)).split("."):
        whole = whole * 256 + int(part)
    return whole


def _age(row: Row, _: str) -> Cell:
    born = row.person.born
    return _TODAY.year - born.year - ((_TODAY.month, _TODAY.day) < (born.month, born.day))


def _born_child(row: Row, _: str) -> Cell:
    """As a date of birth of the row's person, of a child at school."""
    born = row.person.born
    return f"{min(born.day, 28):02}.{born.month:02}.{2009 + born.year % 10}"


def _property(row: Row, _: str) -> Cell:
    """Cadastral number: gnr/bnr, sometimes with a leasehold and a section."""
    rng = row.rng
    place = f"{rng.randint(1, 190)}/{rng.randint(1, 980)}"
    return f"{place}/0/{rng.randint(1, 24)}" if rng.random() < 0.25 else place


def _contact_line(row: Row, arg: str) -> Cell:
    return f"{row.person.name}, tlf. {DIRECT['phone_plain'](row, arg)}"


def _activity(row: Row, _: str) -> Cell:
    """What OpenCart's log of what customers do keeps with each of them."""
    who = {"customer_id": row.rng.randint(1, 900), "name": row.person.name}
    return json.dumps(who, ensure_ascii=False)


def _referer(row: Row, _: str) -> Cell:
    found = ("https://www.google.com/", "https://www.facebook.com/", "https://duckduckgo.com/",
             "https://nyhetsbrev.example.com/uke42", "android-app://com.google.android.gm/")  # fmt: skip
    return row.rng.choice(found)


def _ip_hex(row: Row, arg: str) -> Cell:
    """An IPv4 address as the bytes that it is stored as, told in hexadecimal."""
    return f"{_ip_number(row, arg):08x}"


def _salesforce_id(row: Row, prefix: str) -> Cell:
    """Three signs for the kind of object, twelve for the record, three that check upper case."""
    inside = "".join(row.rng.choice(string.ascii_letters + string.digits) for _ in range(7))
    return f"{prefix}Qk000{inside}{''.join(row.rng.choice('AEIMQUY') for _ in range(3))}"


def _isbn(row: Row, _: str) -> Cell:
    """ISBN-13 of Norway's group, 82, with its check digit."""
    code = f"97882{digits(row, '7')}"
    total = sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(code))
    return f"978-82-{code[5:7]}-{code[7:]}-{(10 - total % 10) % 10}"


MORE_DIRECT: dict[str, Make] = {
    "email_formatted": _formatted,
    "family_upper_first": lambda r, _: f"{r.person.family.upper()} {r.person.given}",
    "phone_dotted": lambda r, _: ".".join(
        r.person.mobile[i : i + 2] for i in range(0, len(r.person.mobile), 2)
    ),
    "contact_line": _contact_line,
    "address_json": _address_json,
    "activity": _activity,
    "mail_header": _header,
    "signature": sometimes(_signature, 0.8),
}
MORE_TOLD: dict[str, Make] = {
    "networks": sometimes(_networks, 0.5),
    "helpdesk": text("helpdesk"),
    "crm_note": sometimes(text("crm_note"), 0.6),
    "staff_note": sometimes(text("staff_note"), 0.6),
    "case_note": text("case_note"),
    "agent_note": text("agent_note"),
    "forum_post": text("forum_post"),
    "lead_note": text("lead_note"),
    "library_note": sometimes(text("library_note"), 0.6),
    "profile_text": text("profile_text"),
    "resident_message": text("resident_message"),
    "gift_message": sometimes(text("gift_message"), 0.4),
    "return_reason": sometimes(text("return_reason"), 0.7),
    "nationality_nb": word("things", "nationalities"),
    "religion": word("things", "religions"),
    "native_language": word("things", "native_languages"),
    "absence": word("things", "absences"),
    "treatment": word("things", "treatments"),
    "medicine": word("things", "medicines"),
    "dental_note": text("dental_note"),
    "born_child": _born_child,
    "latlon": lambda r, _: f"{r.rng.uniform(58, 70.5):.6f},{r.rng.uniform(5, 30):.6f}",
    "municipality": word("things", "municipalities"),
}
MORE_SILENT: dict[str, Make] = {
    "ip_number": _ip_number,
    "ip_hex": _ip_hex,
    "salesforce_id": _salesforce_id,
    "isbn": _isbn,
    "party": lambda r, a: a.split("|")[0 if r.is_person else 1],
    "birthday": lambda r, _: f"{r.person.born:%m/%d}",
    "dwelling": lambda r, _: f"H0{r.rng.randint(1, 9)}0{r.rng.randint(1, 6)}",
    "latitude_no": lambda r, _: f"{r.rng.uniform(58, 70.5):.7f}",
    "longitude_no": lambda r, _: f"{r.rng.uniform(5, 30):.7f}",
    "age": _age,
    "birth_year": lambda r, _: r.person.born.year,
    "birth_month": lambda r, _: r.person.born.month,
    "birth_day": lambda r, _: r.person.born.day,
    "property": _property,
    "passport": lambda r, _: (
        f"{r.rng.choice(('C', 'F', 'H'))}{r.rng.choice('ABEM')}{digits(r, '6')}"
    ),
    "handle": sometimes(lambda r, _: r.person.login, 0.3),
    "profile_url": sometimes(
        lambda r, _: f"https://linkedin.com/in/{plain(r.person.name).replace(' ', '-')}", 0.4
    ),
    "portrait": sometimes(lambda r, _: f"{plain(r.person.given)}_{digits(r, '4')}.jpg", 0.4),
    "pin": lambda r, _: digits(r, "4"),
    "school": word("things", "schools"),
    "study": word("things", "studies"),
    "kinship": word("things", "kinships"),
    "department": word("things", "departments"),
    "subject": word("things", "subjects"),
    "referer": sometimes(_referer, 0.6),
    "path": lambda r, a: (
        f"/{SILENT['url_key'](r, a)}?utm_source={r.rng.choice(('nyhetsbrev', 'google'))}"
    ),
    "search_words": sometimes(word("things", "searches"), 0.5),
    "room": word("things", "rooms"),
    "task": word("things", "tasks"),
    "book": word("things", "books"),
    "course": word("things", "courses"),
    "repair": word("things", "repairs"),
}
