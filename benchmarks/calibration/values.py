"""Synthetic cells, personal and not: nobody is real, and nothing comes from `data/samples`."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from detectors.columns.gazetteer import given_names, postcodes, surnames

_K1, _K2 = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_ORG = (3, 2, 7, 6, 5, 4, 3, 2)
_ABROAD = ("Xhevahire", "Oluwaseun", "Thandiwe", "Nguyet", "Zbigniewa", "Ayaanle", "Jurgitė")
_BRANDS = ("Kari Traa", "Bergans", "Oslo", "Helly Hansen", "Marius", "Berg", "Stormberg", "Odin")
_THINGS = ("kopp", "penn", "genser", "sekk", "flaske", "lue", "paraply", "notatbok", "vest")
_COLOURS = ("sort", "hvit", "rød", "blå", "grøn", "navy", "grey")

Make = Callable[[], object]


class Maker:
    """Cells of every kind, the same in every run."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self._given = sorted(given_names())
        self._family = sorted(surnames())
        self._codes = sorted(postcodes().items())
        self.personal: dict[str, Make] = {
            "user.name.first": self._first,
            "user.name.last": self._last,
            "user.name": self._name,
            "user.contact.email": self._email,
            "user.contact.phone_number": self._phone,
            "user.contact.address.street": self._street,
            "user.contact.address.postal_code": lambda: self.rng.choice(self._codes)[0],
            "user.contact.address.city": self._town,
            "user.government_id.national_identification_number": self._fnr,
            "user.financial.bank_account": lambda: self._mod11(10, _K2),
            "user.financial.iban": self._iban,
            "organization.registration_number": lambda: self._mod11(8, _ORG, first="89"),
            "organization.name": self._company,
            "user.device.ip_address": lambda: f"203.0.113.{self.rng.randint(1, 254)}",
            "user.payment.kid": lambda: self._luhn(self._digits(13)),
            "user.financial.credit_card": lambda: self._luhn("4111" + self._digits(11)),
            "user.authorization.password": self._bcrypt,
            "user.content.private": self._note,
            "user.demographic.date_of_birth": self._born,
            "user.account.username": self._username,
        }  # fmt: skip
        r = self.rng
        self.impersonal: dict[str, Make] = {
            "random 7": lambda: self._digits(7),
            "random 8": lambda: str(r.randint(10_000_000, 99_999_999)),
            "random 9": lambda: str(r.randint(10**8, 10**9 - 1)),
            "random 10": lambda: str(r.randint(10**9, 10**10 - 1)),
            "random 11": lambda: str(r.randint(10**10, 10**11 - 1)),
            "random 16": lambda: str(r.randint(10**15, 10**16 - 1)),
            "tracking": lambda: f"0037{self._digits(16)}",
            "year": lambda: str(r.randint(1990, 2030)),
            "small": lambda: str(r.randint(0, 40)),
            "price": lambda: f"{r.random() * 2000:.2f}",
            "ledger": lambda: str(r.choice((1500, 1920, 2400, 2740, 3000, 4300, 6800))),
            "sku": lambda: f"{r.choice('ABDE')}{r.choice('KLNP')}{r.randint(10000, 99999)}",
            "article": lambda: f"{r.randint(100, 999)}-{r.randint(1000, 9999)}",
            "ean": self._ean,
            "product": lambda: f"{r.choice(_BRANDS)} {r.choice(_THINGS)} {r.choice(_COLOURS)}",
            "brand": lambda: r.choice(_BRANDS),
            "colour": lambda: r.choice(_COLOURS),
            "category": lambda: r.choice(("Klær", "Kopper", "Sol", "Liv", "Vår", "Sport")),
            "description": lambda: f"Myk og varm {r.choice(_THINGS)} i ull, levert i farge nummer "
            f"{r.randint(1, 900)}",
            "heading": lambda: f"Nyhet {r.randint(1, 999)} fra lageret",
            "version": lambda: f"{r.randint(1, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}",
            "build": lambda: ".".join(str(r.randint(0, 30)) for _ in range(4)),
            "status": lambda: r.choice(("ny", "sendt", "betalt", "levert", "kreditert")),
            "flag": lambda: r.choice(("0", "1")),
            "channel": lambda: r.choice(("mobil", "fast", "nett")),
            "digest": lambda: f"{r.getrandbits(256):064x}",
            "uuid": lambda: "-".join(f"{r.getrandbits(4 * n):0{n}x}" for n in (8, 4, 4, 4, 12)),
            "link": lambda: f"https://butikk.example.no/{r.choice(_THINGS)}/{r.randint(1, 9999)}",
            "file": lambda: f"{r.choice(_THINGS)}_{r.randint(1, 999)}.jpg",
            "date": lambda: str(date(2023, 1, 1) + timedelta(days=r.randint(0, 900))),
            "epoch": lambda: str(r.randint(1_680_000_000, 1_760_000_000)),
            "shop": lambda: r.choice(("Storgata Sko", "Torget Mat", "Bergans Butikk", "Elvebakken")),
            "currency": lambda: r.choice(("NOK", "EUR", "SEK")),
        }  # fmt: skip

    def counter(self) -> Make:
        """Numbers in sequence, from where telephone numbers or years might begin."""
        at = self.rng.choice((1, 2000, 100_000, 45_230_000, 91_000_000, 900_000_000))
        step = self.rng.choice((1, 1, 1, 5, 10))

        def following() -> str:
            nonlocal at
            at += step
            return str(at)

        return following

    def _digits(self, n: int) -> str:
        return "".join(self.rng.choice("0123456789") for _ in range(n))

    def _first(self) -> str:
        known = self.rng.random() < 0.85
        return self.rng.choice(self._given).title() if known else self.rng.choice(_ABROAD)

    def _last(self) -> str:
        name = self.rng.choice(self._family).title()
        return name if self.rng.random() < 0.85 else f"{name}ovska"

    def _name(self) -> str:
        return f"{self._first()} {self._last()}"

    def _email(self) -> str:
        left = self._first().lower().encode("ascii", "ignore").decode().replace(" ", "") or "a"
        return f"{left}{self.rng.choice('._-')}{self.rng.randint(1, 99999)}@firma.example.no"

    def _town(self) -> str:
        return self.rng.choice(self._codes)[1].title()

    def _phone(self) -> str:
        digits = f"{self.rng.choice('4999')}{self._digits(7)}"
        style = self.rng.random()
        if style < 0.4:
            return digits
        spaced = f"{digits[:3]} {digits[3:5]} {digits[5:]}"
        return spaced if style < 0.7 else f"+47 {spaced}"

    def _street(self) -> str:
        word = self.rng.choice(("Stor", "Kirke", "Bjørke", "Skole", "Elve", "Fjell", "Øst"))
        end = self.rng.choice(("gata", "veien", "vegen", "stien", "bakken", "gate", "tunet"))
        return f"{word}{end} {self.rng.randint(1, 180)}"

    def _fnr(self) -> str:
        """A number of Skatteetaten's synthetic range: month + 80."""
        while True:
            day, month = self.rng.randint(1, 28), self.rng.randint(81, 92)
            start = f"{day:02}{month}{self.rng.randint(40, 99)}{self.rng.randint(0, 499):03}"
            first = _check(start, _K1)
            if first < 10 and (second := _check(f"{start}{first}", _K2)) < 10:
                return f"{start}{first}{second}"

    def _mod11(self, width: int, weights: tuple[int, ...], first: str = "0123456789") -> str:
        while True:
            digits = self.rng.choice(first) + self._digits(width - 1)
            if (check := _check(digits, weights)) < 10:
                return f"{digits}{check}"

    def _iban(self) -> str:
        account = self._mod11(10, _K2)
        return f"NO{98 - int(account + '232400') % 97:02}{account}"

    def _luhn(self, digits: str) -> str:
        total = 0
        for place, digit in enumerate(reversed(digits)):
            doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
            total += doubled - 9 if doubled > 9 else doubled
        return digits + str((10 - total % 10) % 10)

    def _ean(self) -> str:
        digits = f"70{self._digits(10)}"
        total = sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits))
        return digits + str((10 - total % 10) % 10)

    def _company(self) -> str:
        word = self.rng.choice(("Bygg", "Foto", "Trykk", "Regnskap", "Elektro", "Transport"))
        return f"{self._last()} {word} {self.rng.choice(('AS', 'AS', 'ANS', 'DA', 'ASA'))}"

    def _bcrypt(self) -> str:
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./"
        return "$2y$10$" + "".join(self.rng.choice(letters) for _ in range(53))

    def _note(self) -> str:
        one, other = self.rng.sample(_THINGS, 2)
        return (
            f"{self.rng.choice(('Kan dere', 'Vi vil gjerne', 'Could you'))} sende {one} og {other} "
            f"{self.rng.choice(('før', 'innan', 'before'))} uke {self.rng.randint(1, 52)}, takk"
        )

    def _born(self) -> str:
        return str(date(1940, 1, 1) + timedelta(days=self.rng.randint(0, 25_000)))

    def _username(self) -> str:
        left = self._first().lower().encode("ascii", "ignore").decode().replace(" ", "") or "a"
        return f"{left[:6]}{self.rng.randint(1, 999)}"


def _check(digits: str, weights: tuple[int, ...]) -> int:
    return (11 - sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11) % 11
