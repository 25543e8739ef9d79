"""Makers for the ninth group of schemas: members of forums and clubs, guests, people in the Netherlands, and what is written of them."""

from __future__ import annotations

import zlib

from benchmarks.accuracy.ordinary import SILENT
from benchmarks.accuracy.residents import said
from benchmarks.accuracy.row import Cell, Make, Row, digits, hexadecimal, signs, word
from benchmarks.accuracy.world import plain

_BSN = (
    9,
    8,
    7,
    6,
    5,
    4,
    3,
    2,
    -1,
)  # weights of a Dutch number of a person: the sum is divided by 11
_PLATE = "BDFGHJKLNPRSTVXZ"  # letters of Dutch number plates


def _bsn(row: Row, _: str) -> Cell:
    """A Dutch number of a person, of those from 99999 that its register keeps for tests."""
    while True:
        number = f"99999{digits(row, '4')}"
        if sum(w * int(d) for w, d in zip(_BSN, number, strict=True)) % 11 == 0:
            return number


def _initials(row: Row, _: str) -> Cell:
    names = (row.person.given, row.other.given)[: row.rng.randint(1, 2)]
    return "".join(f"{name[0]}." for name in names)


def _kvk(row: Row, _: str) -> Cell:
    return f"99{digits(row, '6')}"


def _vat(row: Row, _: str) -> Cell:
    return None if row.is_person else f"NL99{digits(row, '7')}B01"


def _plate_nl(row: Row, _: str) -> Cell:
    pair = "".join(row.rng.choice(_PLATE) for _ in range(2))
    return f"{pair}-{digits(row, '3')}-{row.rng.choice(_PLATE)}"


def _staff_turned(row: Row, _: str) -> Cell:
    who = row.rng.choice(row.world.staff)
    return f"{who.family}, {who.given}"


def _by_country(row: Row, choices: str) -> Cell:
    """The first part for those in Norway, the second for others."""
    return choices.split("|")[row.person.country != "NO"]


def _pay_rate(row: Row, _: str) -> Cell:
    return f"{row.rng.randrange(360_000, 980_000, 2_500)}.00 NOK"


def _log_data(row: Row, _: str) -> Cell:
    """What phpBB's log fills its sentence with, spelt as PHP serialises a list."""
    who = row.person.email if row.rng.random() < 0.4 else row.person.login
    return f'a:1:{{i:0;s:{len(who)}:"{who}";}}'


def _email_number(row: Row, _: str) -> Cell:
    """The hash of an address in phpBB: its CRC32, and its length behind it."""
    address = row.person.email.lower().encode()
    return int(f"{zlib.crc32(address)}{len(address)}")


def _recipients(row: Row, _: str) -> Cell:
    return ":".join(f"u_{row.rng.randint(2, 500)}" for _ in range(row.rng.choice((1, 1, 2))))


_TEXTS = (
    "absence_note_nl", "asset_name", "asset_note", "attachment_name", "automatic_reply",
    "away_reason", "ban_note", "bank_text", "box_label", "box_reference", "chat_title",
    "chat_transcript", "club_complaint", "club_note", "club_solution", "collector_post",
    "contest_answer", "credit_reason", "crew_health_nn", "crew_note_nn", "description_nn",
    "duty_swap_nn", "engraving_text", "evening_companion", "evening_food", "evening_seat",
    "first_aid_done_nn", "first_aid_nn", "forum_signature", "guard_report_nn", "handout_file",
    "handout_note", "holder_note", "inbox_note", "licence_note", "mail_subject",
    "meeting_question", "meeting_title", "memo_nl", "moderation_note", "office_allergy",
    "order_note_nl", "pay_comment", "picture_comment", "print_nl", "private_message",
    "private_subject", "rating_remark", "refund_note", "report_note", "return_nl", "return_note",
    "review_answer", "review_improvement", "review_nl", "review_reply_nl", "review_strength",
    "rider_nn", "staff_needs", "stay_wish_nn", "supplier_note", "ticket_answer_nn",
    "time_off_note", "time_off_reply", "upload_name", "visitor_html", "visitor_message",
)  # fmt: skip
_THINGS = (
    "band", "box_name", "club_campaign", "collector_interest", "collector_topic", "crew_task",
    "designer", "device_model", "festival_goods", "festival_place", "forum_name", "forum_page",
    "gift_handle", "gift_product", "gift_product_text", "kindergarten", "mailbox_name",
    "pickup_nl", "press_text_nn", "product_nl", "promo_code", "site_name", "site_url", "text_nl",
)  # fmt: skip

GUEST_DIRECT: dict[str, Make] = {
    "staff_given": lambda r, _: r.rng.choice(r.world.staff).given,
    "staff_last_first": _staff_turned,
    "forum_log_data": _log_data,
    "jabber": lambda r, _: f"{plain(r.person.login)}@jabber.example.org",
    "family_of_other": lambda r, _: r.other.family,
}
GUEST_TOLD: dict[str, Make] = {
    "postcode_nl": lambda r, _: f"{r.person.postcode[:4]} {r.person.postcode[4:]}",
    "plate_nl": _plate_nl,
    "argon2": lambda r, _: f"$argon2id$v=19$m=65536,t=4,p=2${signs(r, '22')}${signs(r, '43')}",
    "union_nb": word("things", "union_nb"),
    "allergen_nb": word("things", "allergen_nb"),
    **{key: said(key) for key in _TEXTS},
}
GUEST_SILENT: dict[str, Make] = {
    "bsn": _bsn,
    "initials_nl": _initials,
    "infix": lambda r, _: r.rng.choice(("", "", "", "van", "de", "van der", "van den")),
    "kvk": _kvk,
    "kvk_companies": lambda r, a: None if r.is_person else _kvk(r, a),
    "vat_nl_companies": _vat,
    "passport_nl": lambda r, _: f"SPECI{digits(r, '4')}",  # as on the government's specimens
    "parcel_nl": lambda r, _: f"3SPROF{digits(r, '9')}",
    "born_dutch": lambda r, _: f"{r.person.born:%d-%m-%Y}",
    "born_spaced": lambda r, _: (
        f"{r.person.born.day:2}-{r.person.born.month:2}-{r.person.born.year}"
    ),
    "country_lower": lambda r, _: r.person.country.lower(),
    "by_country_nl": _by_country,
    "pay_rate": _pay_rate,
    "card_tail": lambda r, _: f"**** {digits(r, '4')}",
    "email_number": _email_number,
    "forum_recipients": _recipients,
    "forum_avatar": lambda r, _: f"{r.rng.randint(2, 500)}_{SILENT['epoch'](r, '')}.jpg",
    "physical_file": lambda r, _: f"{r.rng.randint(2, 500)}_{hexadecimal(r, '32')}",
    "ticket_code": lambda r, _: "-".join(digits(r, "4") for _ in range(3)),
    **{key: word("things", key) for key in _THINGS},
}
