"""Makers for the ninth group of schemas: accounts, devices, carts, payments and audits."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from benchmarks.accuracy.ordinary import SILENT
from benchmarks.accuracy.personal import DIRECT, TOLD
from benchmarks.accuracy.residents import RESIDENT_DIRECT
from benchmarks.accuracy.row import Cell, Make, Row, digits, hexadecimal, signs, word
from benchmarks.accuracy.world import luhn, plain

_GOOGLE = 0.2  # share of customers who sign in by Google
_TENANT = "profil.example.no"


def _told(what: Mapping[str, object]) -> str:
    return json.dumps(what, ensure_ascii=False)


def _b64(row: Row, length: str) -> str:
    return signs(row, length).replace("/", "_").replace(".", "-")


def _work(row: Row, arg: str) -> str:
    return str(DIRECT["email_work"](row, arg))


def _customer_metadata(row: Row, _: str) -> Cell:
    """What a shop adds to a customer: a person's number where he wants an invoice."""
    who = row.person
    return _told(
        row.rng.choice(
            ({"fodselsnummer": row.world.national(who)}, {"kontakt": row.other.name},
             {"bursdag": who.born.isoformat()}, {"rabattgruppe": "klubb"}, {"notat": "Ring først"})
        )
    )  # fmt: skip


def _door_metadata(row: Row, _: str) -> Cell:
    return _told({"dorkode": digits(row, "4"), "merknad": f"Inngang fra {row.person.street}"})


def _print_metadata(row: Row, _: str) -> Cell:
    said = row.rng.choice((row.person.name, row.person.given, "Logo foran", row.company.name))
    return _told({"trykk": said, "farge": word("things", "colours")(row, ""), "linjer": 1})


def _cart_metadata(row: Row, arg: str) -> Cell:
    return _told({"ip": DIRECT["ip"](row, arg), "utm_source": row.rng.choice(("google", "sms"))})


def _payment_data(row: Row, arg: str) -> Cell:
    """What Stripe or Vipps answered of a payment."""
    who, rng = row.person, row.rng
    if rng.random() < 0.4:
        return _told({"reference": f"order-{digits(row, '6')}", "state": "AUTHORIZED",
                      "profile": {"phone": RESIDENT_DIRECT["phone_of_e164"](row, arg)}})  # fmt: skip
    card = {"brand": rng.choice(("visa", "mastercard")), "last4": digits(row, "4")}
    return _told({"id": SILENT["stripe_id"](row, arg), "card": card, "receipt_email": who.email,
                  "billing_details": {"name": who.name, "postal_code": who.postcode}})  # fmt: skip


def _entity(row: Row, _: str) -> Cell:
    """Whom a provider of identity knows: an address, or Google's number of somebody."""
    return row.person.email if row.rng.random() > _GOOGLE else f"1{digits(row, '20')}"


def _oauth_profile(row: Row, _: str) -> Cell:
    who = row.person
    return _told({"name": who.name, "email": who.email, "given_name": who.given,
                  "picture": f"https://lh3.example.com/a/{_b64(row, '30')}"})  # fmt: skip


def _jwt(row: Row, _: str) -> Cell:
    inside = base64.urlsafe_b64encode(f'{{"id":"inv_{digits(row, "9")}"}}'.encode()).decode()
    return f"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.{inside.rstrip('=')}.{_b64(row, '43')}"


def _notification_data(row: Row, _: str) -> Cell:
    who = row.person
    if row.rng.random() < 0.2:
        return _told({"reset_url": f"https://{_TENANT}/nytt-passord?token={_b64(row, '40')}"})
    address = {"first_name": who.given, "last_name": who.family, "address_1": who.street}
    return _told({"order_id": digits(row, "5"), "shipping_address": address})


def _meter(row: Row, _: str) -> Cell:
    return _told(
        {"kopper": row.rng.randint(1, 40), "betjent_av": row.rng.choice(row.world.staff).name}
    )


def _request(row: Row, arg: str) -> Cell:
    return _told(
        {"ip_address": DIRECT["ip6"](row, arg), "user_agent": TOLD["user_agent"](row, arg)}
    )


def _mandate(row: Row, _: str) -> Cell:
    return _told({"provider_mandate_id": f"MD{digits(row, '9')}", "sync_with_provider": True})


def _field_change(row: Row, arg: str) -> Cell:
    """Snipe-IT's log keeps the old value beside the new one."""
    who, other = row.person, row.other
    return _told(
        row.rng.choice(
            ({"last_name": {"old": other.family, "new": who.family}},
             {"phone": {"old": "", "new": RESIDENT_DIRECT["phone_of"](row, arg)}},
             {"location_id": {"old": 2, "new": 4}},
             {"username": {"old": other.login, "new": who.login}})
        )
    )  # fmt: skip


def _proxy_addresses(row: Row, arg: str) -> Cell:
    """As the list of users joins them: the first address in capitals, then the others."""
    return f"SMTP:{_work(row, arg)}+smtp:{plain(row.person.login)}@{_TENANT}"


def _recipient_status(row: Row, _: str) -> Cell:
    said = [f"{row.other.email}##Receive, {row.rng.choice(('Deliver', 'Deliver', 'Fail'))}"]
    if row.rng.random() < 0.3:
        said.append(f"{row.rng.choice(row.world.persons).email}##Receive, Deliver")
    return "; ".join(said)


def _audit(row: Row, arg: str) -> Cell:
    """What Purview keeps of a deed, beside its name."""
    told = {"CreationTime": str(SILENT["timestamp"](row, arg)).replace(" ", "T"),
            "UserId": _work(row, arg), "ClientIP": DIRECT["ip6"](row, arg), "Workload": "SharePoint",
            "UserAgent": TOLD["user_agent"](row, arg),
            "SourceFileName": row.rng.choice(("Prisliste 2026.xlsx", f"Kontrakt {row.other.name}.docx"))}  # fmt: skip
    return _told(told)


def _drive(row: Row, arg: str) -> Cell:
    owner = _work(row, arg).replace("@", "_").replace(".", "_").replace(" ", "_")
    return f"https://profil-my.example.com/personal/{owner}"


def _management(row: Row, arg: str) -> Cell:
    day = str(SILENT["date"](row, arg)).replace("-", "/")
    return f"{row.person.login}_{row.rng.choice(('Windows', 'IPhone', 'AndroidForWork'))}_{day}"


def _extension(row: Row, arg: str) -> Cell:
    return f"{RESIDENT_DIRECT['landline_of'](row, arg)} ext. {row.rng.randint(100, 199)}"


def _file(start: str, kind: str) -> Make:
    return lambda row, _: f"{start}-{row.rng.randint(2, 400)}-{hexadecimal(row, '10')}.{kind}"


ACCOUNT_DIRECT: dict[str, Make] = {
    "customer_metadata": _customer_metadata,
    "print_metadata": _print_metadata,
    "cart_metadata": _cart_metadata,
    "payment_data": _payment_data,
    "entity": _entity,
    "oauth_profile": _oauth_profile,
    "notification_data": _notification_data,
    "meter_properties": _meter,
    "request_metadata": _request,
    "field_change": _field_change,
    "proxy_addresses": _proxy_addresses,
    "recipient_status": _recipient_status,
    "audit_data": _audit,
    "drive_url": _drive,
    "phone_with_extension": _extension,
}
ACCOUNT_TOLD: dict[str, Make] = {
    "door_metadata": _door_metadata,
    "jwt": _jwt,
    "sk_token": lambda r, _: f"sk_{hexadecimal(r, '64')}",
    "scrypt_metadata": lambda r, _: _told({"password": f"c2NyeXB0AA8AAAAIAAAAA{_b64(r, '107')}"}),
}
ACCOUNT_SILENT: dict[str, Make] = {
    "base32": lambda r, a: "".join(
        r.rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(int(a))
    ),
    "imei": lambda r, _: luhn(f"001010{digits(r, '8')}"),  # GSMA TS.06: 00 is for test devices
    "iccid": lambda r, _: f"8999901{digits(r, '12')}",
    "mac_bare": lambda r, _: f"00005E0053{hexadecimal(r, '2').upper()}",  # RFC 7042, documentation
    "mandate_settings": _mandate,
    "management_name": _management,
    "licence_key": lambda r, _: "-".join(hexadecimal(r, "5").upper() for _ in range(5)),
    "avatar_file": _file("avatar", "jpg"),
    "signature_file": _file("siglog", "png"),
    "eula_file": _file("accepted-eula", "pdf"),
    "model_image": _file("assetmodel", "png"),
    "invoice_file": _file("invoice", "pdf"),
    "calendar_link": lambda r, _: f"https://kalender.example.com/{plain(r.person.login)}/30min",
}
