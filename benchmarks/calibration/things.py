"""Cells that are no personal data, and numbers and texts that any table may hold."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.calibration.kinds import Drawing

GENDERS = (("M", "K"), ("mann", "kvinne"), ("Male", "Female"))
JOBS = ("Selger", "Daglig leder", "Lærer", "Sykepleier", "Utvikler", "Konsulent", "Kasserer",
        "Prosjektleder", "Renholder", "Sjåfør", "Sales Manager", "Lektor", "Økonomisjef")  # fmt: skip
DEPARTMENTS = ("Salg", "Økonomi", "Lager", "IT", "HR", "Drift", "Kundeservice", "Marked", "Kantine")
COUNTIES = ("Oslo", "Rogaland", "Vestland", "Trøndelag", "Nordland", "Troms", "Finnmark", "Agder",
            "Innlandet", "Møre og Romsdal", "Akershus", "Østfold", "Buskerud", "Telemark")  # fmt: skip
MUNICIPALITIES = ("Bergen", "Asker", "Lillestrøm", "Stavanger", "Hol", "Bø", "Vågå", "Lund", "Moss",
                  "Tønsberg", "Sola", "Bodø", "Alta", "Nes", "Os", "Frøya", "Hamar", "Ås")  # fmt: skip
WORDS = ("kopp", "penn", "genser", "sekk", "flaske", "lue", "paraply", "notatbok", "vest", "pute",
         "lampe", "teppe", "krakk", "hylle", "sykkel", "hanske", "caps", "boks", "kniv")  # fmt: skip
BRANDS = ("Kari Traa", "Bergans", "Helly Hansen", "Marius", "Stormberg", "Odin", "Ralph Lauren", "Odd Nordstoga",
          "Tommy Hilfiger", "Calvin Klein", "Hugo Boss", "Fjällräven", "Jack Wolfskin", "Dale", "Moods of Norway",
          "Paul Smith", "Georg Jensen", "Hansen & Dysvik", "Jotul", "Karl Lagerfeld", "Oslo", "Bik Bok", "Lene V")  # fmt: skip
COLOURS = (
    "sort",
    "hvit",
    "rød",
    "blå",
    "grønn",
    "navy",
    "grey",
    "rosa",
    "Olive",
    "Sand",
    "Ruby",
    "Jade",
)
_NOTE = ("Kan dere sende {a} og {b} før uke {n}?", "Ring på døra, koden er {n}", "Hei, jeg mangler {a} i esken {n}",
         "Eg ønskjer å byte {a} i {b}, ordre {n}", "Please leave the {a} at the door, flat {n}",
         "Kunden er misfornøyd med {a} og vil ha pengene igjen for {b} nr {n}", "Avtalt nytt møte uke {n}",
         "Ikke {a} etter klokka {n}, helst {b}", "Bestilte {a} men fikk {b}, faktura {n}")  # fmt: skip
_NOTE_DE = (
    "Bitte {a} und {b} vor Woche {n} liefern",
    "Der Kunde möchte {a} statt {b}, Rechnung {n}",
)


def note(rng: random.Random, land: str = "") -> str:
    """A sentence or two, as people write to a shop."""
    a, b = rng.sample(WORDS, 2)
    text = rng.choice(_NOTE_DE if land == "de" else _NOTE).format(a=a, b=b, n=rng.randint(1, 900))
    return (
        text
        if rng.random() < 0.7
        else f"{text}. {rng.choice(('Takk', 'Mvh', 'På førehand takk'))}!"
    )


def fixed(rng: random.Random) -> str:
    """Eight digits of a fixed line."""
    return f"{rng.choice(('22', '55', '73', '51', '69', '32', '77', '37'))}{rng.randint(0, 999_999):06}"


def luhn(digits: str) -> str:
    """The digits with their Luhn check digit."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return digits + str((10 - total % 10) % 10)


def iban(account: str) -> str:
    """The IBAN of a Norwegian account."""
    return f"NO{98 - int(account + '232400') % 97:02}{account}"


def personnummer(rng: random.Random) -> str:
    """A Swedish personnummer with its check digit."""
    start = f"{rng.randint(40, 99)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}{rng.randint(980, 999)}"
    whole = luhn(start)
    return f"{whole[:6]}-{whole[6:]}"


def ip(rng: random.Random) -> str:
    """An address of the documentation ranges, a few of them IPv6."""
    if rng.random() < 0.1:
        return f"2001:db8::{rng.randint(1, 65535):x}"
    return f"{rng.choice(('192.0.2', '198.51.100', '203.0.113'))}.{rng.randint(1, 254)}"


def agent(rng: random.Random) -> str:
    """A browser's user agent."""
    system = rng.choice(
        ("Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux")
    )
    return f"Mozilla/5.0 ({system}) AppleWebKit/537.36 Chrome/{rng.randint(90, 130)}.0.0.0 Safari/537.36"


def bcrypt(rng: random.Random) -> str:
    """A password hash."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./"
    return "$2y$10$" + "".join(rng.choice(letters) for _ in range(53))


def uuid(rng: random.Random) -> str:
    """A random UUID."""
    return "-".join(f"{rng.getrandbits(4 * n):0{n}x}" for n in (8, 4, 4, 4, 12))


def vin(rng: random.Random) -> str:
    """A chassis number."""
    return "YV1" + "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ0123456789") for _ in range(14))


def link(rng: random.Random) -> str:
    """A page of some site."""
    return f"https://{rng.choice(('butikk', 'www', 'shop'))}.example.no/{rng.choice(WORDS)}/{rng.randint(1, 9999)}"


def country(rng: random.Random, style: str) -> str:
    """A country by name; nearly all customers live in one."""
    home = "NORGE" if style == "upper" else "Norge" if len(style) % 2 else "Norway"
    return (
        home
        if rng.random() < 0.8
        else rng.choice(("Sverige", "Danmark", "Germany", "Finland", "USA"))
    )


def municipality(rng: random.Random) -> str:
    """A municipality by name."""
    return rng.choice(MUNICIPALITIES)


def ean(rng: random.Random) -> str:
    """A European article number."""
    digits = f"70{rng.randint(0, 10**10 - 1):010}"
    total = sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits))
    return digits + str((10 - total % 10) % 10)


def isbn(rng: random.Random) -> str:
    """An ISBN of thirteen digits."""
    digits = f"97882{rng.randint(0, 10**7 - 1):07}"
    total = sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits))
    return digits + str((10 - total % 10) % 10)


def _stamp(rng: random.Random) -> str:
    return str(datetime(2023, 1, 1) + timedelta(seconds=rng.randint(0, 80_000_000)))  # noqa: DTZ001


def _date(rng: random.Random) -> str:
    return str(date(2022, 1, 1) + timedelta(rng.randint(0, 1300)))


def _of(*words: str) -> Callable[[Drawing], object]:
    return lambda d: d.rng.choice(words)


MAKERS: Mapping[str, Callable[[Drawing], object]] = {
    "counter": lambda d: d.next(), "pk_thing": lambda d: d.next(),
    "small": lambda d: d.rng.randint(0, 40), "qty": lambda d: d.rng.randint(0, 5000),
    "price": lambda d: f"{d.rng.random() * 3000:.2f}", "weight": lambda d: f"{d.rng.random() * 20:.3f}",
    "digits3": lambda d: d.rng.randint(100, 999), "digits4": lambda d: d.rng.randint(1000, 9999),
    "code4": lambda d: d.rng.randint(1000, 9999), "digits5": lambda d: d.rng.randint(10_000, 99_999),
    "digits6": lambda d: d.rng.randint(10**5, 10**6 - 1), "digits8": lambda d: d.rng.randint(10**7, 10**8 - 1),
    "digits10": lambda d: d.rng.randint(10**9, 10**10 - 1), "digits14": lambda d: d.people.digits(14),
    "sku": lambda d: f"{d.rng.choice('ABDEK')}{d.rng.choice('KLNPX')}{d.rng.randint(10000, 99999)}",
    "sku8": lambda d: d.rng.randint(10**7, 10**8 - 1), "ean": lambda d: ean(d.rng), "isbn": lambda d: isbn(d.rng),
    "model": lambda d: f"{d.rng.choice(('Pro', 'Max', 'X', 'Mini'))}-{d.rng.randint(100, 999)}",
    "product": lambda d: f"{d.rng.choice(BRANDS)} {d.rng.choice(WORDS)} {d.rng.choice(COLOURS)}",
    "product_person": lambda d: f"{d.rng.choice(('Kari', 'Marius', 'Ingrid', 'Olav', 'Sigrid', 'Emma'))} {d.rng.choice(WORDS)}",
    "given_thing": _of("Kari", "Marius", "Ingrid", "Olav", "Sigrid", "Emma", "Tor", "Liv"),
    "brand": lambda d: d.rng.choice(BRANDS), "carbrand": _of("Volvo", "Toyota", "Tesla", "Ford", "Skoda", "BMW"),
    "colour": lambda d: d.rng.choice(COLOURS), "hexcolour": lambda d: f"#{d.rng.getrandbits(24):06x}",
    "size": _of("S", "M", "L", "XL", "42", "One size"), "unit": _of("STK", "ESK", "KG", "M"),
    "category": _of("Klær", "Kopper", "Sol", "Liv", "Vår", "Sport", "Gaver", "A-kunde", "Proff"),
    "desc": lambda d: f"Myk og varm {d.rng.choice(WORDS)} i ull fra {d.rng.choice(BRANDS)}, farge {d.rng.randint(1, 900)}",
    "heading": lambda d: f"{d.rng.choice(('Nyhet', 'Kurs', 'Velkommen til', 'Spørsmål om'))} {d.rng.choice(WORDS)} {d.rng.randint(1, 999)}",
    "slug": lambda d: f"{d.rng.choice(WORDS)}-{d.rng.choice(WORDS)}-{d.rng.randint(1, 99)}",
    "stockword": _of("På lager", "Utsolgt", "Kommer snart"), "status": _of("ny", "sendt", "betalt", "levert", "OPEN"),
    "channel": _of("mobil", "fast", "nett", "butikk", "standard", "gold"), "paymethod": _of("Vipps", "Klarna", "Faktura"),
    "flag": _of("0", "1"), "rating": lambda d: d.rng.randint(1, 6), "code": lambda d: f"{d.rng.choice('ABCK')}{d.rng.randint(1, 99)}",
    "code1": _of("B", "G", "P", "S"), "currency": _of("NOK", "EUR", "SEK"), "bic": _of("DNBANOKK", "SPSONO22", "HANDNOKK"),
    "shelf": lambda d: f"{d.rng.choice('ABCDE')}{d.rng.randint(1, 20):02}-{d.rng.randint(1, 9):02}",
    "ledger": lambda d: d.rng.choice((1500, 1920, 2400, 2740, 3000, 4300, 5000, 6800, 7770)),
    "ledgername": _of("Kundefordringer", "Bankinnskudd", "Leverandørgjeld", "Salgsinntekt", "Lønn til ansatte", "Kontorrekvisita"),
    "year": lambda d: d.rng.randint(1990, 2030), "date": lambda d: _date(d.rng), "stamp": lambda d: _stamp(d.rng),
    "date8": lambda d: _date(d.rng).replace("-", ""), "time": lambda d: f"{d.rng.randint(7, 21):02}:{d.rng.choice(('00', '30'))}",
    "epoch": lambda d: d.rng.randint(1_680_000_000, 1_760_000_000), "hours": _of("Man-fre 09-17", "07-23", "Man-lør 08-21"),
    "timezone": _of("Europe/Oslo", "UTC"), "file": lambda d: f"{d.rng.choice(WORDS)}_{d.rng.randint(1, 999)}.jpg",
    "path": lambda d: f"/var/data/{d.rng.choice(WORDS)}/{d.rng.randint(1, 99)}.xml", "hex40": lambda d: f"{d.rng.getrandbits(160):040x}",
    "hex10": lambda d: f"{d.rng.getrandbits(40):010x}", "uuid_thing": lambda d: uuid(d.rng), "blank": lambda d: None,  # noqa: ARG005
    "version": lambda d: f"{d.rng.randint(1, 9)}.{d.rng.randint(0, 20)}.{d.rng.randint(0, 9)}",
    "build": lambda d: ".".join(str(d.rng.randint(0, 30)) for _ in range(4)), "httpcode": _of("200", "301", "404", "500"),
    "hostname": lambda d: f"{d.rng.choice(('web', 'db', 'app'))}{d.rng.randint(1, 30):02}.example.no",
    "logline": lambda d: f"Worker {d.rng.randint(1, 9)} finished job in {d.rng.randint(1, 900)} ms",
    "shop": _of("Storgata Sko", "Torget Mat", "Bergans Butikk", "Sentrum skole", "Idrettshallen", "Helsehuset", "Kaia 3", "Sal B"),
    "booktitle": lambda d: f"{d.rng.choice(('Sult', 'Natten', 'Kristin', 'Havet', 'The Silent', 'Brand'))} {d.rng.choice(('og lyset', 'Lavransdatter', 'Garden', 'i byen', ''))}".strip(),
    "songtitle": lambda d: f"{d.rng.choice(('Blue', 'Maria', 'Running', 'Angie', 'Rain', 'Roxanne'))} {d.rng.choice(('Again', 'in the Dark', '', 'of Love'))}".strip(),
    "publisher": _of("Aschehoug", "Gyldendal", "Cappelen Damm", "Penguin", "Oktober"), "subject": _of("Norsk", "Matte", "Naturfag", "Gym"),
    "class": lambda d: f"{d.rng.randint(1, 10)}{d.rng.choice('ABC')}", "weekday": _of("mandag", "tirsdag", "onsdag"),
    "settingname": lambda d: f"{d.rng.choice(('smtp', 'cache', 'site', 'mail'))}_{d.rng.choice(('host', 'ttl', 'name', 'email'))}",
    "jobname": lambda d: f"sync_{d.rng.choice(('orders', 'customers', 'emails', 'stock'))}",
    "campaign": lambda d: f"{d.rng.choice(('Sommer', 'Jul', 'Påske'))} {d.rng.randint(2019, 2026)}",
}  # fmt: skip
"""Kinds that are no personal data, whatever their column is called."""
