"""Makers for the eighth group of schemas: people in Norway, Finland and the Netherlands, and what is written of them."""

from __future__ import annotations

from benchmarks.accuracy.ordinary import SILENT
from benchmarks.accuracy.personal import DIRECT, text
from benchmarks.accuracy.row import Cell, Make, Row, digits, sometimes, spoken, word
from benchmarks.accuracy.world import plain

_CALLING = {"NO": "+47", "FI": "+35840", "NL": "+316"}  # as far as a mobile number's first digits
_NAMES = {"NO": "Norge", "FI": "Finland", "NL": "Nederland"}
_HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY"  # check characters of a Finnish number of a person
_TURN = 2000  # born from then on, a letter stands where a hyphen stood
_Y_TUNNUS = (7, 9, 10, 5, 8, 4, 2)  # weights of a Finnish company's number
_REFERENCE = (7, 3, 1)  # weights of a Finnish payment reference, from the right


def _phone(row: Row, arg: str) -> Cell:
    """As written in the person's country; neither Finland nor the Netherlands sets numbers apart for fiction."""
    number, seven = row.person.mobile, row.person.mobile[1:]
    styles = {
        "FI": (f"040 {seven[:3]} {seven[3:]}", f"+358 40 {seven}", f"050-{seven}", f"045{seven}"),
        "NL": (f"06-{number}", f"06 {number}", f"+31 6 {number}"),
    }.get(row.person.country)
    return row.rng.choice(styles) if styles else DIRECT["phone_mixed"](row, arg)


def _landline(row: Row, arg: str) -> Cell:
    seven = row.person.fixed[1:]
    styles = {
        "FI": (f"09 {seven[:3]} {seven[3:]}", f"+358 3 {seven}", f"02-{seven}"),
        "NL": (f"020 {seven[:3]} {seven[3:]}", f"+31 30 {seven}", f"010-{seven}"),
    }.get(row.person.country)
    return row.rng.choice(styles) if styles else DIRECT["phone_fixed"](row, arg)


def _phone_e164(row: Row, _: str) -> Cell:
    who = row.person
    return f"{_CALLING[who.country]}{who.mobile[1:] if who.country == 'FI' else who.mobile}"


def said(key: str) -> Make:
    """A text whose telephone number is written as where the person lives."""
    return text(key, _phone)


def _hetu(row: Row, _: str) -> Cell:
    """A Finnish number of a person, of those from 900 that the register gives nobody for good."""
    born = row.person.born
    serial = row.rng.randrange(900, 1000, 2) + (not row.person.female)
    check = _HETU[int(f"{born:%d%m%y}{serial}") % len(_HETU)]
    return f"{born:%d%m%y}{'-' if born.year < _TURN else 'A'}{serial}{check}"


def _iban(row: Row, arg: str) -> Cell:
    """With valid check digits; bank codes that no bank of Finland or the Netherlands has."""
    country = row.person.country
    if country == "NO":
        return DIRECT["iban"](row, arg)
    inside = f"90{digits(row, '12')}" if country == "FI" else f"SYNT{digits(row, '10')}"
    number = "".join(str(int(sign, 36)) for sign in f"{inside}{country}00")
    return f"{country}{98 - int(number) % 97:02}{inside}"


def _y_tunnus(row: Row, _: str) -> Cell:
    while True:
        number = digits(row, "7")
        rest = sum(w * int(d) for w, d in zip(_Y_TUNNUS, number, strict=True)) % 11
        if rest != 1:  # such numbers are not given out
            return f"{number}-{(11 - rest) % 11}"


def _reference(row: Row, _: str) -> Cell:
    number = digits(row, "8")
    total = sum(int(d) * _REFERENCE[i % 3] for i, d in enumerate(reversed(number)))
    return f"{number}{-total % 10}"


def _attention(row: Row, _: str) -> Cell:
    """The second line of a name: for whose attention, or where in the house."""
    who = row.other
    return row.rng.choice(
        (f"v/ {who.name}", f"Att: {who.name}", f"c/o {who.name}", f"Att. {who.given}", "Inngang B",
         "3. etasje", "Avd. innkjøp")
    )  # fmt: skip


def _recipient(row: Row, _: str) -> Cell:
    if row.is_person:
        return row.person.name
    return row.rng.choice((row.company.name, f"{row.company.name} v/ {row.person.name}"))


def _salutation(row: Row, _: str) -> Cell:
    return row.rng.choice((row.person.given, f"Hei {row.person.given}", row.person.name))


def _referees(row: Row, arg: str) -> Cell:
    first, second = row.other, row.rng.choice(row.world.persons)
    return row.rng.choice(
        (f"{first.name} {_phone(row, arg)}", f"{first.name}, butikksjef og {second.name}, lærer",
         f"{first.name} ({_phone(row, arg)}), {second.name}", "Oppgis ved intervju")
    )  # fmt: skip


def _several(row: Row, _: str) -> Cell:
    told = [row.person, *row.rng.sample(row.world.persons, row.rng.randint(0, 2))]
    return ", ".join(who.name for who in told)


def _children(row: Row, _: str) -> Cell:
    ages = sorted(row.rng.randint(0, 16) for _ in range(row.rng.randint(0, 4)))
    if not ages:
        return "ingen"
    return f"{len(ages)} ({', '.join(map(str, ages))} år)"


def _collector(row: Row, _: str) -> Cell:
    return row.rng.choice(
        (row.person.name, f"Berre {row.person.given}", f"{row.person.given} eller besta", "Går heim sjølv")
    )  # fmt: skip


def _image_folder(row: Row, _: str) -> Cell:
    """How Open Dental names a patient's folder of pictures."""
    name = f"{row.person.family}{row.person.given}"
    return f"{''.join(c for c in name if c.isalpha())}{row.start + row.n}"


def _signature(row: Row, _: str) -> Cell:
    who = row.person
    return row.rng.choice((who.name, who.name.upper(), f"{who.given[0]} {who.family}", who.family))


def _street2(row: Row, _: str) -> Cell:
    rng = row.rng
    return rng.choice((f"as. {rng.randint(1, 60)}", f"{rng.choice('ABC')} {rng.randint(1, 40)}",
                       f"c/o {row.other.name}", f"PL {rng.randint(10, 999)}", "2. krs"))  # fmt: skip


def _y_tunnus_companies(row: Row, arg: str) -> Cell:
    return None if row.is_person else _y_tunnus(row, arg)


def _e_address(row: Row, arg: str) -> Cell:
    """Where a Finnish company is sent electronic invoices: 0037 and its number."""
    return None if row.is_person else f"0037{str(_y_tunnus(row, arg)).replace('-', '')}"


_TEXTS = (
    "about_me", "about_staff", "absence_file", "absence_note", "alert_note", "call_note",
    "candidate_message", "contact_memo", "contract_file", "cover_letter", "debt_note", "door_note",
    "event_text", "gift_text_nn", "illness_note", "interview_note", "invite_note", "key_box",
    "leader_note_nn", "leader_reply", "memo_fi", "need_note", "network_note", "notice_text",
    "order_note_fi", "order_reference", "pitch", "posting_text", "print_attribute", "print_fi",
    "referral_note", "resume_summary", "return_fi", "review_fi", "shift_note", "shopper_note",
    "staff_message", "survey_answer", "swap_note", "visit_note", "visit_report",
)  # fmt: skip

RESIDENT_DIRECT: dict[str, Make] = {
    "phone_of": _phone,
    "landline_of": _landline,
    "phone_of_e164": _phone_e164,
    "contact_line_of": lambda r, a: f"{r.person.name} {_phone(r, a)}",
    "hetu": _hetu,
    "iban_of": _iban,
    "attention": _attention,
    "recipient_line": _recipient,
    "recipient_signature": _signature,
    "search_name": lambda r, _: str(spoken(r)).upper()[:25],
    "salutation": _salutation,
    "referee_line": _referees,
    "name_list": _several,
    "collector": _collector,
    "image_folder": _image_folder,
    "quoted_street": lambda r, _: f'"{r.person.street}"',
}
RESIDENT_TOLD: dict[str, Make] = {
    "country_of": lambda r, _: _NAMES[r.person.country],
    "location_line": lambda r, _: f"{r.person.place}, {r.person.country}",
    "children_ages": _children,
    "faith_nn": word("things", "faiths_nn"),
    "diagnosis_nn": word("things", "diagnoses_nn"),
    **{key: said(key) for key in _TEXTS},
}
RESIDENT_SILENT: dict[str, Make] = {
    "y_tunnus": _y_tunnus,
    "y_tunnus_companies": _y_tunnus_companies,
    "ovt_companies": _e_address,
    "reference_fi": _reference,
    "street2_fi": sometimes(_street2, 0.25),
    "born_compact": lambda r, _: f"{r.person.born:%Y%m%d}",
    "initials_of": lambda r, _: plain(f"{r.person.given[:2]}{r.person.family[:2]}").upper(),
    "duf": lambda r, _: f"{r.rng.randint(2008, 2025)}99{digits(r, '4')}{digits(r, '2')}",
    "stamp_time": lambda r, a: (
        f"{'.'.join(reversed(str(SILENT['date'](r, a)).split('-')))} "
        f"{r.rng.randint(5, 22):02}:{r.rng.randint(0, 59):02}"
    ),
    "vacancy": word("things", "vacancies"),
    "vacancy_text": word("things", "vacancy_texts"),
    "volunteer_task": word("things", "volunteer_tasks"),
    "pickup_place": word("things", "pickup_places"),
    "pickup_fi": word("things", "pickup_places_fi"),
    "product_fi": word("things", "products_fi"),
    "text_fi": word("things", "texts_fi"),
}
