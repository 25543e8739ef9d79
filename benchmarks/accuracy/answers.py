"""Makers for the seventh group of schemas: forms, chats, equipment, settlements, names as keys, a Danish ledger."""

from __future__ import annotations

import json
import string

from benchmarks.accuracy.ordinary import SILENT
from benchmarks.accuracy.personal import DIRECT, text
from benchmarks.accuracy.registers import REGISTER_SILENT
from benchmarks.accuracy.row import Cell, Make, Row, digits, hexadecimal, signs, sometimes, word
from benchmarks.accuracy.world import plain, words

_LETTERS = string.ascii_letters + string.digits
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # the alphabet of a ULID
_CVR = (2, 7, 6, 5, 4, 3, 2, 1)  # weights of a Danish company's number: the sum is divided by 11
_CALLING = {"NO": "+47", "DK": "+45"}
_COUNTRIES = {"NO": "Norway", "DK": "Denmark"}


def _phone(row: Row, arg: str) -> Cell:
    """As written in Norway or Denmark, where no number begins with a digit below 2."""
    if row.person.country == "NO":
        return DIRECT["phone_mixed"](row, arg)
    number = row.person.mobile
    pairs = " ".join(number[i : i + 2] for i in range(0, len(number), 2))
    return row.rng.choice((number, pairs, f"+45 {pairs}", f"+45{number}"))


def _said(key: str) -> Make:
    """A text whose telephone number is written as where the person lives."""
    return text(key, _phone)


def _drawn(alphabet: str) -> Make:
    """As many signs of an alphabet as the argument says."""
    return lambda row, length: "".join(row.rng.choice(alphabet) for _ in range(int(length)))


def _phone_e164(row: Row, _: str) -> Cell:
    return f"{_CALLING[row.person.country]}{row.person.mobile}"


def _directory_name(row: Row, _: str) -> Cell:
    """As a directory of Windows users names them."""
    unit = row.rng.choice(words("things")["departments"])
    return f"CN={row.person.name},OU={unit},OU=Ansatte,DC=example,DC=no"


def _name_and_number(row: Row, _: str) -> Cell:
    return f"{row.person.family} {row.person.given} ({row.rng.randint(2, 400)})"


def _name_and_company(row: Row, _: str) -> Cell:
    """The key of a contact person in ERPNext."""
    return f"{row.person.name}-{row.company.name}"


def _address_title(row: Row, _: str) -> Cell:
    who = row.person.name if row.is_person else row.company.name
    return f"{who}-{row.rng.choice(('Billing', 'Shipping'))}"


def _address_display(row: Row, arg: str) -> Cell:
    """An address as ERPNext's template lays it out for a document."""
    who = row.person
    country = _COUNTRIES[who.country]
    return (
        f"{who.street}<br>\n{who.postcode} {who.place}<br>\n{country}<br>\n"
        f"Phone: {_phone(row, arg)}<br>Email: {who.email}<br>"
    )


def _address_formatted(row: Row, _: str) -> Cell:
    """An address in lines, as Vipps' claims give it."""
    who = row.person
    return f"{who.street}\n{who.postcode}\n{who.place.upper()}\n{who.country}"


def _chat_profile(row: Row, arg: str) -> Cell:
    """What Chatwoot keeps beside a contact: where the address was looked up, and what was typed in."""
    who = row.person
    told = {"city": who.place, "country": _COUNTRIES[who.country],
            "country_code": who.country, "created_at_ip": DIRECT["ip"](row, arg),
            "company_name": row.company.name, "description": "",
            "social_profiles": {"facebook": "", "linkedin": who.login}}  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def _chat_source(row: Row, arg: str) -> Cell:
    """Whom an inbox knows a contact as: the widget by a number, WhatsApp by telephone, mail by address."""
    kind = row.rng.random()
    if kind < 0.5:
        return SILENT["uuid"](row, arg)
    return row.person.email if kind < 0.8 else str(_phone_e164(row, arg)).removeprefix("+")


def _chat_session(row: Row, arg: str) -> Cell:
    browser, system = row.rng.choice(
        (("Chrome", "Windows 10"), ("Safari", "iOS (iPhone)"), ("Microsoft Edge", "Windows 11"))
    )
    told = {"browser": {"device_name": "Unknown", "browser_name": browser, "platform_name": system,
                        "browser_version": "126.0.0.0"},
            "referer": f"https://nettbutikk.example.no/{SILENT['url_key'](row, arg)}",
            "browser_language": "nb"}  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def _token_list(row: Row, _: str) -> Cell:
    """Sessions that are open, as devise_token_auth keeps them: a client, and the hash of its token."""
    client = "".join(row.rng.choice(_LETTERS) for _ in range(22))
    return json.dumps({client: {"token": f"$2a$10${signs(row, '53')}", "expiry": 1_790_000_000}})


def _pbkdf2(row: Row, _: str) -> Cell:
    return f"$pbkdf2-sha256$29000${signs(row, '22')}${signs(row, '43')}"


def _mac(row: Row, _: str) -> Cell:
    """Of the range that RFC 7042 keeps for documentation."""
    return f"00:00:5e:00:53:{hexadecimal(row, '2')}"


def _computer(row: Row, _: str) -> Cell:
    return f"{row.rng.choice(('PC', 'LT', 'MAC'))}-{hexadecimal(row, '6').upper()}"


def _picture(row: Row, _: str) -> Cell:
    folder = hexadecimal(row, "2")
    return f"{folder}/{row.rng.randint(2, 400)}_{hexadecimal(row, '13')}.jpg"


def _staff_email(row: Row, _: str) -> Cell:
    who = row.rng.choice(row.world.staff)
    return f"{plain(who.given).split()[0]}.{plain(who.family)}@bedrift.example.no"


def _date_no(row: Row, arg: str) -> Cell:
    year, month, day = str(SILENT["date"](row, arg)).split("-")
    return f"{day}.{month}.{year}"


def _clock(row: Row, _: str) -> Cell:
    rng = row.rng
    return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"


def _form_time(row: Row, arg: str) -> Cell:
    """As Google's sheets write a moment in Norwegian."""
    return f"{_date_no(row, arg)} kl. {str(_clock(row, arg)).replace(':', '.')}"


def _money_dk(row: Row, arg: str) -> Cell:
    whole, _, rest = f"{float(str(SILENT['money'](row, arg))):,.2f}".partition(".")
    return f"{whole.replace(',', '.')},{rest}"


def _cvr(row: Row, _: str) -> Cell:
    while True:
        number = digits(row, "8")
        if sum(w * int(d) for w, d in zip(_CVR, number, strict=True)) % 11 == 0:
            return number


def _street2_dk(row: Row, _: str) -> Cell:
    rng = row.rng
    return rng.choice((f"{rng.randint(1, 5)}. tv.", f"{rng.randint(1, 5)}. th.", "st.",
                       f"c/o {row.other.name}", f"Postboks {rng.randint(10, 999)}"))  # fmt: skip


def _masked(row: Row, _: str) -> Cell:
    return f"xxxx x{row.person.mobile[-3:]}"


ANSWER_DIRECT: dict[str, Make] = {
    "phone_here": _phone,
    "contact_line_here": lambda r, a: f"{r.person.name}, {_phone(r, a)}",
    "phone_e164": _phone_e164,
    "directory_name": _directory_name,
    "name_and_number": _name_and_number,
    "name_and_company": _name_and_company,
    "address_title": _address_title,
    "address_display": _address_display,
    "address_formatted": _address_formatted,
    "chat_source": _chat_source,
    "staff_email": _staff_email,
}
ANSWER_TOLD: dict[str, Make] = {
    "chat_profile": _chat_profile,
    "chat_session": _chat_session,
    "token_list": _token_list,
    "pbkdf2": _pbkdf2,
    "mac_address": _mac,
    "equipment_note": _said("equipment_note"),
    "device_note": _said("device_note"),
    "it_ticket": _said("it_ticket"),
    "chat_message": _said("chat_message"),
    "chat_feedback": _said("chat_feedback"),
    "chat_note": _said("chat_note"),
    "shop_comment": _said("shop_comment"),
    "checkout_wish": _said("checkout_wish"),
    "order_log": _said("order_log"),
    "family_note": _said("family_note"),
    "health_note": _said("health_note"),
    "leaving_note": _said("leaving_note"),
    "invoice_note": _said("invoice_note"),
    "voucher_line": _said("voucher_line"),
    "shop_review": _said("shop_review"),
    "review_reply": _said("review_reply"),
    "desk_mail": _said("desk_mail"),
    "vipps_message": _said("vipps_message"),
    "answer_companion": _said("answer_companion"),
    "answer_diet": sometimes(_said("answer_diet"), 0.5),
    "answer_comment": _said("answer_comment"),
    "answer_reason": _said("answer_reason"),
    "answer_complaint": _said("answer_complaint"),
    "answer_experience": _said("answer_experience"),
    "answer_health": sometimes(_said("answer_health"), 0.6),
    "answer_closing": _said("answer_closing"),
    "answer_reference": _said("answer_reference"),
    "remark_da": _said("remark_da"),
    "heading_da": _said("heading_da"),
    "entry_da": _said("entry_da"),
}
ANSWER_SILENT: dict[str, Make] = {
    "letters_digits": _drawn(_LETTERS),
    "letters_upper": _drawn(string.ascii_uppercase + string.digits),
    "hex_upper": lambda r, a: hexadecimal(r, a).upper(),
    "ulid": lambda r, _: f"01J{''.join(r.rng.choice(_CROCKFORD) for _ in range(23))}",
    "salt": lambda r, _: f"{signs(r, '7')}=",
    "login_at": lambda r, _: f"{r.person.login}@KONTOR",
    "computer_name": _computer,
    "serial_number": lambda r, _: (
        f"{r.rng.choice(('PF', 'CN', '5CG', 'C02'))}{hexadecimal(r, '7').upper()}"
    ),
    "picture_path": _picture,
    "gender_of_person": lambda r, a: REGISTER_SILENT["gender_of"](r, a) if r.is_person else None,
    "title_of_person": lambda r, a: SILENT["title"](r, a) if r.is_person else None,
    "own_account": lambda _r, _a: "99910123455",  # made up, with a valid check digit
    "money_dk": _money_dk,
    "card_masked": lambda r, _: f"{'*' * 12}{digits(r, '4')}",
    "coupon_code": lambda r, _: f"{hexadecimal(r, '8')}-{hexadecimal(r, '4')}",
    "phone_masked": _masked,
    "date_no": _date_no,
    "date_dk": lambda r, a: str(_date_no(r, a)).replace(".", "-"),
    "clock": _clock,
    "form_time": _form_time,
    "cvr": _cvr,
    "cvr_companies": lambda r, a: None if r.is_person else _cvr(r, a),
    "gln": lambda r, _: f"57980{digits(r, '8')}",
    "account_dk": lambda r, _: f"{digits(r, '4')}-{digits(r, '10')}",
    "payment_line_dk": lambda r, _: f"+71<{digits(r, '15')}+{digits(r, '8')}<",
    "street2_dk": sometimes(_street2_dk, 0.25),
    "software": word("things", "software"),
    "help_article": word("things", "help_articles"),
    "help_text": word("things", "help_texts"),
    "it_subject": word("things", "it_subjects"),
    "desk_subject": word("things", "desk_subjects"),
    "product_da": word("things", "products_da"),
    "text_da": word("things", "texts_da"),
}
