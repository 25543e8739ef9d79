"""Invented persons and companies of one system: a row's cells agree with each other."""

from __future__ import annotations

import random
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

_WORDS = Path(__file__).parent / "words.toml"
_ABROAD = 0.2  # share of persons who live abroad, where the section names other sections for that
_COMMON = 0.7  # share of names from the country itself; the others are what is rare in a list
_K1, _K2 = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)  # fødselsnummer, konto
_ORG = (3, 2, 7, 6, 5, 4, 3, 2)  # organisasjonsnummer
_FIRST, _LAST_BIRTH = date(1938, 1, 1), date(2007, 6, 30)
_ASCII = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ß": "ss", "ł": "l", "ı": "i"})


@cache
def words(section: str) -> Mapping[str, Any]:
    """One section of `words.toml`: lists, split."""
    raw = tomllib.loads(_WORDS.read_text(encoding="utf-8"))[section]
    return {key: _split(value) for key, value in raw.items()}


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    if "|" not in value:
        return tuple(value.split())
    return tuple(" ".join(part.split()) for part in value.split("|"))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented."""

    given: str
    family: str
    middle: str | None
    email: str
    login: str
    mobile: str  # 8 digits in Norway
    fixed: str
    street: str
    postcode: str
    place: str
    born: date
    female: bool
    country: str = "NO"  # ISO 3166-1; says what names, street and place were drawn from

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"


@dataclass(frozen=True, slots=True)
class Company:
    """A company invented."""

    name: str
    number: str
    domain: str


class World:
    """Who lives in one system, the same in every run."""

    def __init__(
        self, name: str, locale: str, *, section: str = "", persons: int = 900, companies: int = 60
    ) -> None:
        self.locale = locale
        self.section = section or locale  # of `words.toml`: names, streets, places
        self.rng = random.Random(f"accuracy/{name}")
        self.persons = tuple(self._person() for _ in range(persons))
        self.companies = tuple(self._company() for _ in range(companies))
        self.staff = self.persons[:12]

    def _pick(self, key: str, home: str = "") -> str:
        chosen: str = self.rng.choice(words(home or self.section)[key])
        return chosen

    def _common(self, key: str, many: str, home: str = "") -> str:
        names: Sequence[str] = words(home or self.section)[key]
        known: int = words(home or self.section)[many]
        return self.rng.choice(names[:known] if self.rng.random() < _COMMON else names[known:])

    def _person(self) -> Person:
        rng = self.rng
        country, home = self._home()
        given = self._common("given", "common", home)
        family = self._common("family", "common_family", home)
        if rng.random() < 0.06:
            given = f"{given} {self._common('given', 'common', home)}"
        if rng.random() < 0.04:
            family = f"{family}-{self._common('family', 'common_family', home)}"
        left, right = plain(given).split()[0].split("-")[0], plain(family).split("-")[0]
        styles = (f"{left}.{right}", f"{left}{rng.randint(1, 99)}", f"{left[0]}{right}",
                  f"{right}.{left}", f"{left}_{right}{rng.randint(50, 99)}")  # fmt: skip
        mailbox = rng.choice(styles)
        postcode, _, place = self._place(home)
        return Person(
            given=given,
            family=family,
            middle=self._common("family", "common_family", home) if rng.random() < 0.3 else None,
            email=f"{mailbox}@{self._pick('domains', home)}",
            login=rng.choice(
                (f"{left}{rng.randint(1, 999)}", f"{left}.{right}", f"{right}{left[0]}")
            ),
            mobile=self._digits(8, rng.choice("4999")),
            fixed=self._digits(8, rng.choice(("22", "55", "73", "51", "38", "69", "77"))),
            street=self._street(home, british=country == "GB"),
            postcode=postcode,
            place=place,
            born=_FIRST + timedelta(days=rng.randrange((_LAST_BIRTH - _FIRST).days)),
            female=rng.random() < 0.5,
            country=country,
        )

    def _home(self) -> tuple[str, str]:
        """The country where somebody lives, and the section of `words.toml` for it."""
        abroad: Sequence[str] = words(self.section).get("abroad", ())
        if not abroad or self.rng.random() >= _ABROAD:
            return words(self.section).get("home", ("NO",))[0], self.section
        country = self.rng.choice(abroad)
        return country, f"{self.section}_{country.lower()}"

    def _place(self, home: str) -> tuple[str, str, str]:
        chosen = self._pick("places", home)
        codes = [part for part in chosen.split() if any(c.isdigit() for c in part)]
        code = " ".join(codes)
        return code, " ", chosen.removeprefix(code).strip()

    def _street(self, home: str, *, british: bool) -> str:
        rng = self.rng
        if self.locale == "en":
            return f"{rng.randint(1, 9800)} {self._pick('streets')}"
        if british:
            return f"{rng.randint(1, 180)} {self._pick('streets', home)}"
        number = f"{rng.randint(1, 180)}{rng.choice(('', '', '', 'A', 'B', ' C'))}"
        name = self._pick("rural" if rng.random() < 0.06 else "streets", home)
        return f"{name} {number}"

    def _company(self) -> Company:
        things = words("things")
        name = str(self.rng.choice(things["companies"]))
        if self.locale != "no":
            name = self._common("family", "common_family")
        elif self.rng.random() < 0.4:
            name = f"{self._common('family', 'common_family')} {name.split()[-1]}"
        form = self.rng.choice(things["forms" if self.locale == "no" else f"forms_{self.locale}"])
        return Company(f"{name} {form}", self.orgnr(), f"{plain(name.split()[0])}.example.no")

    def _digits(self, n: int, first: str = "") -> str:
        return first + "".join(self.rng.choice("0123456789") for _ in range(n - len(first)))

    def orgnr(self) -> str:
        """Nine digits with a valid check digit."""
        return self._checked(8, _ORG, self.rng.choice("89"))

    def account(self) -> str:
        """Eleven digits with a valid check digit; its group is not one of a bank's own."""
        return self._checked(10, _K2, self.rng.choice("12345679"))

    def national(self, person: Person, *, dnumber: bool = False) -> str:
        """A number of Skatteetaten's synthetic range: month + 80; never a real person's."""
        day = person.born.day + (40 if dnumber else 0)
        century = range(500) if person.born.year < 2000 else range(500, 1000)
        while True:
            serial = self.rng.choice(century)
            start = f"{day:02}{person.born.month + 80}{person.born.year % 100:02}{serial:03}"
            first = check(start, _K1)
            if first < 10 and (second := check(f"{start}{first}", _K2)) < 10:
                return f"{start}{first}{second}"

    def _checked(self, width: int, weights: tuple[int, ...], first: str) -> str:
        while True:
            digits = self._digits(width, first)
            if (last := check(digits, weights)) < 10:
                return f"{digits}{last}"


def check(digits: str, weights: tuple[int, ...]) -> int:
    """The modulus-11 check digit; 10 where there is none."""
    return (11 - sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11) % 11


def luhn(digits: str) -> str:
    """The digits with their Luhn digit."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return digits + str((10 - total % 10) % 10)


def plain(text: str) -> str:
    """Lower case ASCII letters, as user names are made."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_ASCII))
    return "".join(c for c in folded if c.isascii() and (c.isalnum() or c in " -.")) or "x"
