"""The folder of documents: mail to customer service, and papers of the staff, with their truth.

`documents/mail` is what customers wrote, `documents/personal` what applicants and staff did.
`documents.csv` says how many different values of each category a document holds.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from .draws import Integers, stream
from .numbers import national_number
from .pages import archive, docx, pdf
from .plan import FIRST_ORDER_NO, Plan, customer_no
from .web import AGENTS, ip_address

SHOP = "kundeservice@eksempelbutikken.example.no"
_EMAIL, _PHONE, _NAME = "user.contact.email", "user.contact.phone_number", "user.name"
_NUMBER = "user.government_id.national_identification_number"
_IP = "user.device.ip_address"
_DATES = ("Mon, 03 Nov 2025 09:12:00 +0100", "Tue, 04 Nov 2025 14:30:00 +0100")


@dataclass(slots=True)
class Document:
    """One file and what it holds: category → different values."""

    path: str
    data: bytes
    holds: dict[str, set[str]] = field(default_factory=dict)


def write_documents(folder: Path, plan: Plan) -> None:
    """Write `documents/` and `documents.csv` into the folder of a shop."""
    rows: list[tuple[str, str, int]] = []
    for each in documents(plan):
        place = folder / "documents" / each.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(each.data)
        rows += [
            (f"documents/{each.path}", category, len(values))
            for category, values in sorted(each.holds.items())
        ] or [(f"documents/{each.path}", "", 0)]
    with (folder / "documents.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(("document", "category", "values"))
        lines.writerows(sorted(rows))


def documents(plan: Plan) -> Iterator[Document]:
    """Every document; the same ones for the same plan."""
    rng = stream(plan.seed, "documents")
    who: list[int] = rng.permutation(len(plan.customers))[:24].tolist()
    yield from _mails(plan, who)
    yield from _papers(plan, rng.permutation(len(plan.employees))[:4].tolist())
    yield from _texts(plan, who[12:])
    yield _log(plan, rng.integers(0, 2**40, 40))


def _person(plan: Plan, i: int) -> tuple[str, str, str]:
    people = plan.customers
    return people.name(i), people.email(i), people.mobile(i)


def _mail(plan: Plan, i: int, subject: str, number: int = 0) -> EmailMessage:
    name, email, _ = _person(plan, i)
    made = EmailMessage(policy=SMTP)
    made["From"] = f'"{name}" <{email}>'
    made["To"] = f"Kundeservice <{SHOP}>"
    made["Subject"] = subject
    made["Date"] = _DATES[number % 2]
    return made


def _held(plan: Plan, i: int, *, phone: bool = False) -> dict[str, set[str]]:
    name, email, mobile = _person(plan, i)
    held = {_NAME: {name}, _EMAIL: {email}}
    return held | {_PHONE: {mobile}} if phone else held


def _bytes(message: EmailMessage, boundary: str = "") -> bytes:
    if boundary:
        message.set_boundary(f"=_sladd_{boundary}")
    return message.as_bytes()


def _mails(plan: Plan, who: list[int]) -> Iterator[Document]:
    one, two, three, four, *rest = who
    name, _, phone = _person(plan, one)
    mail = _mail(plan, one, f"Ordre {FIRST_ORDER_NO + 7}: ødelagt på veien")
    mail.set_content(f"Hei!\n\nKoppene er knust. Ring meg på {phone}.\n\nVennlig hilsen\n{name}\n")
    receipt = pdf([[f"Kvittering for {name}", f"Kundenummer {customer_no(one)}", "Sum 1 249,00"]])
    mail.add_attachment(receipt, "application", "pdf", filename="kvittering.pdf")
    yield Document("mail/2025/0001.eml", _bytes(mail, "1"), _held(plan, one, phone=True))

    name, _, phone = _person(plan, two)
    mail = _mail(plan, two, "Spørsmål om trykk på tøyposer", 1)
    mail.set_content(
        f"Hei, kan dere trykke på begge sider?\nMvh {name}, {phone}\n",
        charset="iso-8859-1", cte="quoted-printable",
    )  # fmt: skip
    yield Document("mail/2025/0002.eml", _bytes(mail), _held(plan, two, phone=True))

    inner = _mail(plan, three, "Faktura")
    name, email, _ = _person(plan, three)
    inner.set_content(f"Send fakturaen på nytt til {email}, takk. {name}\n")
    mail = _mail(plan, four, "Fwd: Faktura", 1)
    mail.set_content("Se under.\n")
    mail.add_alternative("<p>Se under.</p><p>Dette haster.</p>", subtype="html")
    mail.add_attachment(inner)
    held = _held(plan, four)
    held = {key: held[key] | _held(plan, three)[key] for key in held}
    for part, boundary in zip(mail.walk(), ("2", "3"), strict=False):
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_sladd_{boundary}")
    yield Document("mail/2025/0003.eml", _bytes(mail), held)

    yield _mailbox(plan, rest[:6])
    yield _complaints(plan, rest[6:8])


def _mailbox(plan: Plan, who: list[int]) -> Document:
    parts = []
    held: dict[str, set[str]] = {}
    for number, i in enumerate(who):
        name, email, phone = _person(plan, i)
        mail = _mail(plan, i, f"Levering av ordre {FIRST_ORDER_NO + 30 + number}", number)
        mail.set_content(f"Når kommer pakken?\nJeg nås på {phone}.\n\n{name}\n")
        text = mail.as_bytes().replace(b"\r\n", b"\n")
        parts.append(f"From {email} Mon Nov  3 09:12:00 2025\n".encode() + text + b"\n")
        for key, values in _held(plan, i, phone=True).items():
            held.setdefault(key, set()).update(values)
    return Document("mail/arkiv.mbox", b"".join(parts), held)


def _complaints(plan: Plan, who: list[int]) -> Document:
    members: dict[str, bytes] = {}
    held: dict[str, set[str]] = {}
    for number, i in enumerate(who):
        name, _, phone = _person(plan, i)
        mail = _mail(plan, i, "Reklamasjon", number)
        mail.set_content(f"Fargen er feil. Ring {phone}.\n{name}\n")
        members[f"reklamasjoner/{number + 1}.eml"] = _bytes(mail)
        for key, values in _held(plan, i, phone=True).items():
            held.setdefault(key, set()).update(values)
    members["reklamasjoner/les_meg.txt"] = "Arkivert etter avtale.\n".encode("cp1252")
    return Document("mail/reklamasjoner.zip", archive(members), held)


def _papers(plan: Plan, who: list[int]) -> Iterator[Document]:
    staff = plan.employees
    one, two, three, four = who
    born = staff.birthday(one)
    number = national_number(born, 120, female=bool(staff.female[one]))
    name, email, phone = staff.name(one), staff.email(one), staff.mobile(one)
    lines = [
        name,
        f"Fødselsnummer: {number}",
        f"Telefon: {phone}",
        f"E-post: {email}",
        f"Adresse: {staff.street_line(one)}, {staff.postal_code(one)} {staff.city(one).title()}",
    ]
    held = {_NAME: {name}, _NUMBER: {number}, _PHONE: {phone}, _EMAIL: {email}}
    data = pdf([lines, ["Erfaring", "2019-2024: trykkeri i Moss"]], author=name, title="CV")
    # A file that is called by a person's name: the report shows it as file#…
    yield Document(f"personal/{name.replace(' ', '_')}_cv.pdf", data, held)

    name, phone = staff.name(two), staff.mobile(two)
    number = national_number(staff.birthday(two), 240, female=bool(staff.female[two]))
    data = docx(
        ["Søknad om permisjon", f"Jeg, {name}, søker om permisjon fra 1. mars."],
        table=[["Fødselsnummer", number], ["Telefon", phone]],
        header="Konfidensielt",
        comment=(staff.name(three), f"Innvilget. Ring {name} i morgen."),
        author=name,
        changed_by=staff.name(three),
    )
    held = {_NAME: {name, staff.name(three)}, _NUMBER: {number}, _PHONE: {phone}}
    yield Document("personal/permisjon.docx", data, held)
    yield Document("personal/skannet_kontrakt.pdf", pdf([[]]))
    notes = f"Møte 4.11.\nTil stede: {staff.name(four)} og {name}.\nBlåbærkaker til alle.\n"
    held = {_NAME: {staff.name(four), name}}
    yield Document("personal/moetenotat.txt", notes.encode("latin-1", "replace"), held)


def _texts(plan: Plan, who: list[int]) -> Iterator[Document]:
    one, two, three, *_ = who
    name, email, phone = _person(plan, one)
    page = (
        '<!doctype html><html lang="nb"><head><meta charset="utf-8"><title>Ordrebekreftelse</title>'
        f"</head><body><h1>Takk, {name}!</h1><p>Vi ringer {phone} ved levering.</p>"
        f'<!-- sendt til {email} --><p><a href="mailto:{SHOP}">Kundeservice</a></p></body></html>\n'
    )
    held = {_NAME: {name}, _EMAIL: {email}, _PHONE: {phone}}
    yield Document("mail/ordrebekreftelse.html", page.encode(), held)

    name, email, phone = _person(plan, two)
    ticket = {"sak": 17, "kunde": {"navn": name, "epost": email, "mobil": phone}, "lukket": None}
    data = json.dumps(ticket, ensure_ascii=False, indent=1).encode()
    yield Document("mail/sak_17.json", data, {_NAME: {name}, _EMAIL: {email}, _PHONE: {phone}})

    name, email, phone = _person(plan, three)
    data = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ordre nr="45230099"><kunde>'
        f'<navn>{name}</navn><kontakt epost="{email}">{phone}</kontakt></kunde></ordre>\n'
    ).encode()
    yield Document("mail/ordre.xml", data, {_NAME: {name}, _EMAIL: {email}, _PHONE: {phone}})
    rules = "# Rutiner\n\n- Svar innen to dager\n- Slett det som ikke trengs\n"
    yield Document("mail/rutiner.md", rules.encode())


def _log(plan: Plan, draws: Integers) -> Document:
    lines = []
    held: dict[str, set[str]] = {_IP: set()}
    for number, draw in enumerate(draws.tolist()):
        address = ip_address(draw)
        held[_IP].add(address)
        page = ("/", "/produkter", "/handlekurv", "/kontakt")[draw % 4]
        if number % 10 == 9:
            email = plan.customers.email(draw % len(plan.customers))
            held.setdefault(_EMAIL, set()).add(email)
            page = f"/nyhetsbrev?epost={email.replace('@', '%40')}"
        lines.append(
            f"{address} - - [03/Nov/2025:{9 + number // 60:02d}:{number % 60:02d}:00 +0100] "
            f'"GET {page} HTTP/1.1" 200 {draw % 9000} "-" "{AGENTS[draw % len(AGENTS)]}"\n'
        )
    data = gzip.compress("".join(lines).encode(), mtime=0)
    return Document("mail/access.log.gz", data, held)
