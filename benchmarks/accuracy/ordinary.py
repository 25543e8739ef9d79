"""Makers of what cannot be told from the cells alone, and of what is not personal."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

from benchmarks.accuracy.personal import text
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


def _title(row: Row, _: str) -> Cell:
    pairs = {"no": ("Fru", "Herr"), "en": ("Ms.", "Mr."), "de": ("Frau", "Herr"),
             "sv": ("Fru", "Herr")}  # fmt: skip
    return pairs[row.world.locale][0 if row.person.female else 1]


def _moment(row: Row) -> datetime:
    return datetime(2022, 1, 3, tzinfo=UTC) + timedelta(seconds=row.rng.randrange(3 * 365 * 86_400))


def _timestamp(row: Row, _: str) -> Cell:
    return f"{_moment(row):%Y-%m-%d %H:%M:%S}"


def _timestamp_tz(row: Row, _: str) -> Cell:
    return f"{_moment(row):%Y-%m-%d %H:%M:%S} +0{row.rng.choice('12')}00"


def _number(row: Row, base: str) -> Cell:
    """Numbers in sequence behind a prefix: `SO-4000` → SO-4001, and so on."""
    last = ""
    while base and base[-1].isdecimal():
        last, base = base[-1] + last, base[:-1]
    at = int(last or 0) + row.n + 1
    return f"{base}{at:0{len(last)}}"


def _kid(row: Row, widths: str) -> Cell:
    """Customer and invoice number, each as wide as the system writes it, and a Luhn digit."""
    customer, invoice = map(int, widths.split("-"))
    return luhn(f"{1000 + row.n % 700:0{customer}}{240 + row.n:0{invoice}}")


def _uuid(row: Row, _: str) -> Cell:
    h = hexadecimal(row, "32")
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


def _sku(row: Row, _: str) -> Cell:
    rng = row.rng
    return rng.choice((f"AP{rng.randint(10000, 99999)}", f"{rng.randint(1000, 9999)}-{rng.choice('SMLX')}",
                       f"KOPP-{rng.randint(1, 99):03}", f"AB {rng.randint(10000, 99999)}"))  # fmt: skip


def _ean(row: Row, _: str) -> Cell:
    code = f"70{digits(row, '10')}"
    total = sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(code))
    return code + str((10 - total % 10) % 10)


def _int(row: Row, span: str) -> Cell:
    low, _, high = span.partition("-")
    return row.rng.randint(int(low), int(high))


def _salary(row: Row, _: str) -> Cell:
    return row.rng.randrange(380_000, 990_000, 500)


def _key(row: Row, _: str) -> Cell:
    return row.start + row.n


def _of(row: Row, table: str) -> Cell:
    keys = row.keys[table]
    if not keys:
        return None
    return keys[row.at.setdefault(table, row.rng.randrange(len(keys)))]


def _ref(row: Row, column: str) -> Cell:
    table, cells = column.split(".", maxsplit=1)[0], row.columns[column]
    if not cells:
        return None
    return cells[row.at.setdefault(table, row.rng.randrange(len(cells)))]


def _street2(row: Row, _: str) -> Cell:
    rng = row.rng
    return rng.choice((f"H{rng.randint(1, 9):02}{rng.randint(1, 6):02}", f"c/o {row.other.name}",
                       f"Leil. {rng.randint(1, 40)}", "2. etg", f"Postboks {rng.randint(10, 999)}"))  # fmt: skip


SILENT: dict[str, Make] = {
    "key": _key,
    "hexkey": lambda r, _: hexadecimal(r, "32"),
    "of": _of,
    "ref": _ref,
    "username": lambda r, _: r.person.login,
    "staff_username": lambda r, _: r.rng.choice(r.world.staff).login,
    "login_id": lambda r, _: f"corp\\{r.person.login}",
    "slug": lambda r, _: plain(r.person.name).replace(" ", "-"),
    "nickname": lambda r, _: r.rng.choice((r.person.given, r.person.login, f"{r.person.given[0]}.", "Anonym")),
    "short_name": lambda r, _: spoken(r).upper().replace(" ", "")[:8],
    "initial": sometimes(lambda r, _: f"{r.person.family[0]}.", 0.6),
    "title": sometimes(_title, 0.7),
    "suffix": lambda r, _: r.rng.choice(("Jr.", "Sr.", "III")),
    "letters": lambda r, a: "".join(r.rng.choice("ABCDEFGHIKLMNOPRSTUVW") for _ in range(int(a))),
    "born": lambda r, _: r.person.born.isoformat(),
    "gender_code": lambda r, _: "2" if r.person.female else "1",
    "postcode_int": lambda r, _: int(r.person.postcode),
    "phone_digits": lambda r, _: f"{digits(r, '12')}",
    "county": sometimes(local("counties"), 0.6),
    "country_code": lambda r, _: r.rng.choice(("NO", "NO", "NO", "NO", "SE", "DK")),
    "street2": sometimes(_street2, 0.25),
    "apartment": sometimes(lambda r, _: f"Apt. {r.rng.randint(1, 99)}", 0.3),
    "latitude": lambda r, _: f"{r.rng.uniform(-33, 60):.6f}",
    "longitude": lambda r, _: f"{r.rng.uniform(-120, 40):.6f}",
    "homepage": sometimes(lambda r, _: f"https://{r.person.login}.example.com", 0.2),
    "reset_key": sometimes(lambda r, _: f"{r.rng.randint(1_690_000_000, 1_750_000_000)}:$generic${signs(r, '30')}", 0.2),
    "token": lambda r, a: f"{a}{hexadecimal(r, '38')}",
    "encrypted": sometimes(lambda r, _: f"0:3:{base64.b64encode(hexadecimal(r, '40').encode()).decode()}", 0.4),
    "base64": signs,
    "order_key": lambda r, _: f"wc_order_{signs(r, '13').replace('/', 'x').replace('.', 'y')}",
    "stripe_id": lambda r, _: f"pi_3{signs(r, '23').replace('/', 'x').replace('.', 'y')}",
    "salary": _salary,
    "salary_int": lambda r, _: r.rng.randint(38_000, 120_000),
    "wage": lambda r, _: r.rng.randint(18_500, 52_000) / 100,
    "vat_de": sometimes(lambda r, _: f"DE{digits(r, '9')}", 0.3),
    "is_person": lambda r, _: int(r.is_person),
    "review_title": text("review_title"),
    "note_attributes": sometimes(text("attributes"), 0.3),
    "engraving": sometimes(text("engraving"), 0.5),
    "voucher_text": text("voucher"),
    "yrref": sometimes(text("yrref"), 0.6),
    "question": word("things", "questions"),
    "kid": _kid,
    "number": _number,
    "digits": digits,
    "hex": hexadecimal,
    "uuid": _uuid,
    "choice": lambda r, a: r.rng.choice(a.split("|")),
    "int": _int,
    "zero": lambda _r, _a: 0,
    "one": lambda _r, _a: "1.0000",
    "one_int": lambda _r, _a: 1,
    "blank": lambda _r, _a: None,
    "flag": lambda r, _: r.rng.randint(0, 1),
    "money": lambda r, _: f"{r.rng.lognormvariate(6, 1):.2f}",
    "rating": lambda r, _: f"{r.rng.uniform(2, 5):.2f}",
    "weight": lambda r, _: f"{r.rng.uniform(0.02, 9):.3f}",
    "epoch": lambda r, _: r.rng.randint(1_690_000_000, 1_760_000_000),
    "timestamp": _timestamp,
    "timestamp_tz": _timestamp_tz,
    "date": lambda r, _: _moment(r).date().isoformat(),
    "date_int": lambda r, _: int(f"{_moment(r):%Y%m%d}"),
    "month": lambda r, _: f"{_moment(r):%Y-%m}",
    "version": lambda r, _: r.rng.choice(("8.9.1", "9.0.2", "10.4.3", "11.0.0")),
    "coupon": sometimes(lambda r, _: r.rng.choice(("SOMMER25", "KARI10", "VIP-2024", "VELKOMMEN", "BLACK50")), 0.3),
    "sku": _sku,
    "ean": _ean,
    "product": word("things", "products"),
    "product_text": word("things", "product_texts"),
    "brand": word("things", "brands"),
    "category": word("things", "categories"),
    "colour": word("things", "colours"),
    "store": word("things", "stores"),
    "ledger": lambda r, _: r.rng.choice((1500, 1920, 2400, 2700, 3000, 4300, 5000, 6860, 7140, 7320, 7700)),
    "ledger_name": word("things", "ledger_names"),
    "song": word("things", "songs"),
    "film_title": word("things", "films"),
    "film_text": word("things", "film_texts"),
    "bic": lambda r, _: r.rng.choice(("DNBANOKK", "SPTRNO22", "NDEANOKK")),
    "shop_url": lambda r, _: f"https://cdn.example.com/files/{hexadecimal(r, '8')}.jpg",
    "company_url": lambda r, _: None if r.is_person else f"https://{r.company.domain}",
    "image_path": lambda r, _: f"/media/catalog/{hexadecimal(r, '2')}/{hexadecimal(r, '6')}.png",
    "file_path": lambda r, _: f"C:\\Visma\\Notat\\{r.rng.randint(1, 9999)}.rtf",
    "url_key": lambda r, _: r.rng.choice(words("things")["products"]).lower().replace(" ", "-"),
}  # fmt: skip
