"""Makers for the eighth group of schemas: what requests, sign-ins, browsers, parcels and servers leave behind."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

from benchmarks.accuracy.ordinary import SILENT
from benchmarks.accuracy.personal import DIRECT, TOLD
from benchmarks.accuracy.residents import RESIDENT_DIRECT
from benchmarks.accuracy.row import Cell, Make, Row, digits, hexadecimal, signs, word
from benchmarks.accuracy.world import Person, plain

_SHOP = "https://www.profil.example.no"
_PAGES = ("/", "/kasse", "/minside/ordre", "/handlekurv", "/kontakt", "/sok")
_SIGNED_IN = 0.3  # share of visitors who are known by their address


def _login_upper(who: Person) -> str:
    """A user name of SAP: twelve signs, upper case."""
    return plain(who.login).replace(".", "").upper()[:12]


def _work_email(row: Row, arg: str) -> str:
    return str(DIRECT["email_work"](row, arg)).upper()


def _communication(row: Row, arg: str) -> Cell:
    """What SAP's infotype 0105 keeps: a user name, or a telephone number."""
    if row.rng.random() < 0.5:
        return _login_upper(row.person)
    return str(RESIDENT_DIRECT["phone_of"](row, arg))


def _person_properties(row: Row, _: str) -> Cell:
    who = row.person
    told: dict[str, object] = {
        "$initial_referrer": row.rng.choice(("$direct", "https://www.google.com/")),
        "$browser": "Chrome", "$geoip_city_name": who.place,
        "$geoip_country_code": who.country,
    }  # fmt: skip
    if row.rng.random() < 0.6:
        told |= {"email": who.email, "name": who.name}
    return json.dumps(told, ensure_ascii=False)


def _event_properties(row: Row, arg: str) -> Cell:
    told = {"$ip": DIRECT["ip6"](row, arg), "$raw_user_agent": TOLD["user_agent"](row, arg),
            "$current_url": _page(row, arg), "$device_id": SILENT["uuid"](row, arg),
            "$session_id": SILENT["uuid"](row, arg), "$geoip_city_name": row.person.place,
            "$lib": "web"}  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def _distinct(row: Row, arg: str) -> Cell:
    if row.rng.random() < _SIGNED_IN:
        return row.person.email
    return f"0190{str(SILENT['uuid'](row, arg))[4:]}"


def _path(row: Row, arg: str) -> str:
    if row.rng.random() < 0.5:
        return row.rng.choice(_PAGES)
    return f"/produkt/{SILENT['url_key'](row, arg)}"


def _page(row: Row, arg: str) -> str:
    return f"{_SHOP}{_path(row, arg)}"


def _query(row: Row, arg: str) -> Cell:
    """What stands behind the question mark; links in newsletters carry the reader's address."""
    drawn = row.rng.random()
    if drawn < 0.45:
        return "-"
    if drawn < 0.7:
        return f"utm_source=nyhetsbrev&utm_campaign=uke{row.rng.randint(1, 52)}"
    if drawn < 0.85:
        return f"q={quote(str(word('things', 'searches')(row, arg)))}"
    address = row.person.email
    return f"email={quote(address) if row.rng.random() < 0.5 else address}&l={digits(row, '3')}"


def _cookies(row: Row, arg: str) -> Cell:
    analytics = f"_ga=GA1.1.{digits(row, '9')}.{digits(row, '10')}"
    return f"{analytics};%20session={hexadecimal(row, '32')};%20consent={SILENT['uuid'](row, arg)}"


def _access(row: Row, arg: str) -> Cell:
    """A line of nginx' log, or of the shop's own."""
    who, ip = row.person, DIRECT["ip"](row, arg)
    request = f'"GET {_path(row, arg)} HTTP/2.0" 200 {digits(row, "5")}'
    return row.rng.choice(
        (f'{ip} - - [12/May/2025:10:{digits(row, "2")}:04 +0200] {request} "-" "{TOLD["user_agent"](row, arg)}"',
         f"Login succeeded for {who.email} from {ip}",
         f"Failed password for {who.login} from {ip}",
         f"Order {digits(row, '5')} paid, session {hexadecimal(row, '16')}")
    )  # fmt: skip


def _error(row: Row, _: str) -> Cell:
    who = row.person
    return row.rng.choice(
        (f"Mail to {who.email} bounced: 550 no such user", "TypeError: undefined is not a function",
         f"Duplicate entry '{who.email}' for key 'customer.email'", "Timeout after 30000 ms",
         f"No postcode found for {who.name}")
    )  # fmt: skip


def _action(row: Row, _: str) -> Cell:
    """What Joomla's log of actions keeps with each."""
    told = {"action": "login", "id": row.n, "title": row.person.login,
            "userid": row.n, "username": row.person.login,
            "accountlink": f"index.php?option=com_users&task=user.edit&id={row.n}"}  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def _hostname(row: Row, _: str) -> Cell:
    """What a telephone or a computer calls itself in a network."""
    name = plain(row.person.given).split()[0].title()
    return row.rng.choice(
        (f"{name}s-iPhone", f"{name}-sin-S24", f"iPad-til-{name}", f"DESKTOP-{hexadecimal(row, '6').upper()}",
         "Zebra-ZT411", f"Galaxy-{digits(row, '3')}")
    )  # fmt: skip


def _changed(row: Row, arg: str) -> Cell:
    """A value of Entra's audit, old or new: a list of one."""
    value = row.rng.choice(
        (RESIDENT_DIRECT["phone_of"](row, arg), row.person.name, "true", "false")
    )
    return f'["{value}"]'


def _receiver(row: Row, arg: str) -> Cell:
    if row.rng.random() < 0.5:
        return row.person.email
    return str(RESIDENT_DIRECT["phone_of_e164"](row, arg))


def _packed(row: Row, _: str) -> Cell:
    """Joomla's session: an object, serialised and packed, so that nothing can be read in it."""
    who = row.person
    inside = f'O:24:"Joomla\\Registry":1:{{s:4:"user";s:{len(who.email)}:"{who.email}";}}'
    return f'joomla|s:{len(inside)}:"{base64.b64encode(inside.encode()).decode()}";'


def _customer(row: Row, _: str) -> Cell:
    """VirtueMart's number of a customer: signs of his user name, and a hash."""
    return f"{row.person.login[:2].upper()}{hexadecimal(row, '8')}"


def _file(folder: str, name: str, kind: str) -> Make:
    def make(row: Row, _: str) -> Cell:
        return (
            f"https://{folder}/{hexadecimal(row, '16')}/{name}.{kind}?sig={hexadecimal(row, '12')}"
        )

    return make


def _server(row: Row, _: str) -> Cell:
    rng = row.rng
    role = rng.choice(("web", "db", "kasse", "ip", "odin"))
    return f"{role}-{rng.randint(1, 9):02}.drift.example.no"


TRACE_DIRECT: dict[str, Make] = {
    "work_email_upper": _work_email,
    "email_search": lambda r, _: r.person.email.upper()[:20],
    "communication_id": _communication,
    "person_properties": _person_properties,
    "event_properties": _event_properties,
    "distinct_id": _distinct,
    "query_string": _query,
    "access_line": _access,
    "error_text": _error,
    "phone_hostname": _hostname,
    "changed_value": _changed,
    "receiver": _receiver,
}
TRACE_TOLD: dict[str, Make] = {
    "agent_encoded": lambda r, a: str(TOLD["user_agent"](r, a)).replace(" ", "%20"),
    "cookie_header": _cookies,
    "action_message": _action,
    "issha": lambda r, _: f"{{x-issha, 1024}}{signs(r, '47').replace('.', '+')}=",
    "django_hash": lambda r, _: f"pbkdf2_sha256$600000${signs(r, '22')}${signs(r, '43')}=",
    "clinic_hash": lambda r, _: f"SHA3-512${signs(r, '24')}${signs(r, '86')}==",
}
TRACE_SILENT: dict[str, Make] = {
    "login_upper": lambda r, _: _login_upper(r.person),
    "staff_login_upper": lambda r, _: _login_upper(r.rng.choice(r.world.staff)),
    "session_packed": _packed,
    "customer_hash": _customer,
    "cookie_name": lambda r, _: f"joomla_remember_me_{hexadecimal(r, '32')}",
    "order_pass": lambda r, _: f"p_{hexadecimal(r, '8')}",
    "pickup_code": lambda r, _: f"{digits(r, '2')} {digits(r, '3')}",
    "sha256_tagged": lambda r, _: f"sha256${hexadecimal(r, '64')}",
    "masked_key": lambda r, _: f"phx_...{hexadecimal(r, '4')}",
    "webhook": lambda r, _: (
        f"https://hooks.example.com/services/T0{digits(r, '8')}/{signs(r, '24')}"
    ),
    "phone_starred": lambda r, _: f"+XX XXXXXX{r.person.mobile[-2:]}",
    "page_path": _path,
    "shop_page": _page,
    "web_event": word("things", "web_events"),
    "elements_chain": word("things", "elements_chains"),
    "label_url": _file("api.bring.example.com/labels", "label", "pdf"),
    "tracking_url": lambda r, _: f"https://sporing.example.no/{digits(r, '17')}",
    "signature_url": _file("sporing.example.no/signature", "sign", "png"),
    "resume_url": _file("uploads.example.com/resumes", "original", "pdf"),
    "portrait_url": _file("uploads.example.com/pictures", "big", "jpg"),
    "staff_picture": lambda r, a: (
        f"images/ansatte/{SILENT['slug'](r, a)}.jpg#joomlaImage://local-images"
    ),
    "recording_path": lambda r, a: f"session_recordings/team_1/{SILENT['uuid'](r, a)}/data",
}
SERVERS: dict[str, Make] = {
    "server_ip": lambda r, _: f"10.20.{r.rng.randint(0, 3)}.{r.rng.randint(2, 250)}",
    "server_mac": lambda r, _: f"00:00:5e:00:53:{hexadecimal(r, '2')}",
    "server_name": _server,
}
"""What a company's own machines are called: their cells do not say that they are nobody's."""
