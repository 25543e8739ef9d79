"""Invented persons, each of one piece: the e-mail address holds the name, the place its postcode.

Nobody is real, and nothing comes from `data/samples`: names are drawn by how many bear them,
one in five from another country, and numbers lie in the official synthetic ranges.
"""

from __future__ import annotations

import csv
import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from benchmarks.calibration.abroad import CITIES, ORIGINS, STREETS, families
from detectors.columns.gazetteer import postcodes

_K1, _K2 = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_ORG = (3, 2, 7, 6, 5, 4, 3, 2)
_UNKNOWN = 5  # bearers of names whose number is not published


@dataclass(frozen=True)
class Person:
    """One person's data, in the plainest writing."""

    given: str
    family: str
    female: bool
    born: date
    email: str
    mobile: str
    street: str
    postcode: str
    city: str
    company: str
    fnr: str
    username: str


class People:
    """Draws persons of a population.

    Args:
        rng: the source of every draw.
        abroad: share 0-1 of names from other countries.
        origin: one country for all of them (`en`); "" for Norway's mixture.
    """

    def __init__(self, rng: random.Random, *, abroad: float = 0.2, origin: str = "") -> None:
        self.rng = rng
        self._abroad = abroad
        self._origin = origin
        self._domain = rng.choice(("example.no", "firma.example.no", "post.example.com"))
        self._style = rng.choice(("dot", "dot", "first", "initial", "nick", "mixed"))

    def person(self) -> Person:
        """One person."""
        rng = self.rng
        origin = self._origin
        if not origin and rng.random() < self._abroad:
            origin = rng.choice(sorted(ORIGINS))
        if origin:
            first = rng.choice(ORIGINS[origin][0].split())
            last = rng.choice(families(origin))
        else:
            first, last = self._norwegian()
        female, born = rng.random() < 0.5, date(1942, 1, 1) + timedelta(rng.randint(0, 23_800))
        code, town = rng.choice(_codes())
        return Person(
            first, last, female, born, self._email(first, last), self.mobile(), self.street(),
            code, _titled(town), self.company(last), self.fnr(born, female=female),
            self._username(first, last, born),
        )  # fmt: skip

    def _norwegian(self) -> tuple[str, str]:
        rng = self.rng
        given, given_weights = _given()
        family, family_weights = _family()
        first = rng.choices(given, given_weights)[0]
        drawn = rng.random()
        if drawn < 0.08:
            first += " " + rng.choices(given, given_weights)[0]
        elif drawn < 0.13:
            first += "-" + rng.choices(given, given_weights)[0]
        last = rng.choices(family, family_weights)[0]
        drawn = rng.random()
        if drawn < 0.07:
            last = rng.choices(family, family_weights)[0] + " " + last
        elif drawn < 0.10:
            last += "-" + rng.choices(family, family_weights)[0]
        elif drawn < 0.18:  # farms are more than any list holds
            last = rng.choice(_FARM) + rng.choice(_FARM_END)
        return first, last

    def _email(self, first: str, last: str) -> str:
        rng = self.rng
        a, b = plain(first.split(maxsplit=1)[0]) or "a", plain(last.rsplit(maxsplit=1)[-1]) or "b"
        style = self._style if rng.random() < 0.8 else rng.choice(("nick", "first", "dot"))
        n = rng.randint(1, 99)
        left = {
            "dot": f"{a}.{b}", "first": f"{a}{n}", "initial": f"{a[0]}{b}",
            "nick": f"{rng.choice(_NICK)}{n}{rng.choice('abcd')}", "mixed": f"{b}_{a}",
        }[style]  # fmt: skip
        return f"{left}@{self._domain}"

    def _username(self, first: str, last: str, born: date) -> str:
        a, b = plain(first.split(maxsplit=1)[0]) or "a", plain(last.rsplit(maxsplit=1)[-1]) or "b"
        return self.rng.choice(
            (f"{a[:3]}{b[:3]}", f"{a}{born.year % 100}", f"{a[0]}{b}", f"{a}_{b}")
        )

    def mobile(self) -> str:
        """Eight digits of the mobile series."""
        return f"{self.rng.choice('4499')}{self.rng.randint(0, 9_999_999):07}"

    def street(self) -> str:
        """A street, box or farm, nb or nn, as one of many ways of writing it."""
        rng = self.rng
        n = rng.randint(1, 220)
        letter = rng.choice(("", "", "", "", "A", "B", " C"))
        word, end = rng.choice(_STREET), rng.choice(_WAY)
        drawn = rng.random()
        if drawn < 0.60:
            return f"{word}{end} {n}{letter}"
        if drawn < 0.68:
            return (
                f"{rng.choice(_PERSONS)} {rng.choice(('gate', 'vei', 'veg', 'plass', 'gt.'))} {n}"
            )
        if drawn < 0.73:
            return f"{word}{rng.choice(('gt.', 'v.', 'vn.', 'vn', 'gt', 'g.'))} {n}{letter}"
        if drawn < 0.77:
            return f"Gml. {rng.choice(('Kongevei', 'Kongeveg', 'Drammensvei', 'Kirkeveg'))} {n}{letter}"
        if drawn < 0.82:
            return rng.choice((f"Postboks {n}", f"Pb. {n}", f"PB {n} Sentrum"))
        if drawn < 0.88:
            return f"{rng.choice(('Nordre', 'Søre', 'Øvre', 'Vestre', 'Nedre'))} {word}{rng.choice(_PLACE)}"
        if drawn < 0.93:
            return f"{word}{rng.choice(_PLACE)}"
        return f"{word}{rng.choice(_PLACE)} {n}"

    def company(self, last: str = "") -> str:
        """A company, some with a person's name, some with none of the usual forms."""
        rng = self.rng
        last = last or rng.choices(*_family())[0]
        trade = rng.choice(_TRADES)
        form = rng.choice(("AS", "AS", "AS", "ANS", "DA", "ASA", "SA", "", ""))
        stem = rng.choice((f"{last} {trade}", f"{trade} {rng.choice(('Nord', 'Vest', 'Norge'))}",
                           f"{last} & Sønner", f"{rng.choice(_STREET)}{trade.lower()}",
                           f"{rng.choice(_STREET)} {trade}"))  # fmt: skip
        return f"{stem} {form}".strip()

    def sole(self, person: Person) -> str:
        """A sole proprietor's firm: a person by another name."""
        full = f"{person.given} {person.family}"
        return self.rng.choice((f"{full} ENK", f"{self.rng.choice(_TRADES)} {full}", full))

    def fnr(self, born: date, *, female: bool) -> str:
        """A number of Skatteetaten's synthetic range: month + 80."""
        for _ in range(500):
            number = self.rng.randint(500, 999) if born.year >= 2000 else self.rng.randint(0, 499)
            number -= number % 2 if female else 1 - number % 2
            start = f"{born.day:02}{born.month + 80}{born.year % 100:02}{max(number, 0):03}"
            first = check(start, _K1)
            if first < 10 and (second := check(f"{start}{first}", _K2)) < 10:
                return f"{start}{first}{second}"
        raise AssertionError("no number for that day")

    def mod11(self, width: int, first: str = "0123456789") -> str:
        """An account (11 digits) or organisation number (9)."""
        weights = _ORG if width == 9 else _K2
        while True:
            digits = self.rng.choice(first) + self.digits(width - 2)
            if (last := check(digits, weights)) < 10:
                return f"{digits}{last}"

    def digits(self, n: int) -> str:
        """`n` random digits."""
        return "".join(self.rng.choice("0123456789") for _ in range(n))

    def place_abroad(self, land: str) -> tuple[str, str]:
        """A street and a town of a country (`de`, `sv`, `da`, `en`)."""
        street = self.rng.choice(STREETS[f"street_{land}"]).format(n=self.rng.randint(1, 199))
        return street, self.rng.choice(CITIES[f"city_{land}"].split())


def check(digits: str, weights: tuple[int, ...]) -> int:
    """Check digit by modulus 11; 10 where there is none."""
    return (11 - sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11) % 11


def plain(name: str) -> str:
    """Lower-case ASCII, as in an e-mail address."""
    text = name.lower().replace("ø", "o").replace("æ", "ae").replace("å", "a").replace("ł", "l")
    text = unicodedata.normalize("NFD", text).replace("ı", "i")
    return "".join(c for c in text if c.isascii() and c.isalnum())


@cache
def _codes() -> list[tuple[str, str]]:
    return sorted(postcodes().items())


@cache
def _given() -> tuple[list[str], list[int]]:
    return _weighted("given_names.csv")


@cache
def _family() -> tuple[list[str], list[int]]:
    return _weighted("surnames.csv")


def _weighted(name: str) -> tuple[list[str], list[int]]:
    with files("detectors.lexicon").joinpath(name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [r["name"] for r in rows], [int(r["bearers"] or _UNKNOWN) for r in rows]


def _titled(town: str) -> str:
    return " ".join(w if w in {"i", "på", "og"} else w.capitalize() for w in town.lower().split())


_STREET = ("Gran", "Furu", "Nedre Elve", "Bjørke", "Sør", "Hav", "Lillehammer", "Tollbu", "Ås",
           "Industri", "Meieri", "Kvern", "Prest", "Smed", "Fjord", "Lerke", "Solbakk", "Nygårds",
           "Strand", "Øvre Slotts", "Myr", "Hestehov", "Kveld", "Båt", "Rogne", "Tiur")  # fmt: skip
_WAY = ("gata", "gate", "veien", "vegen", "vei", "veg", "stien", "bakken", "svingen", "kroken",
        "lia", "faret", "åsen", "tunet", "ringen", "haugen", "løkka", "plassen", "gaten", "moen",
        "kleiva", "brekka", "ganga", "leite", "reset", "smauet", "allmenningen")  # fmt: skip
_PLACE = ("haug", "bø", "rud", "stad", "vik", "moen", "set", "land", "nes", "gard", "gård", "tveit")
_PERSONS = ("Karl Johans", "Henrik Ibsens", "Fridtjof Nansens", "Bjørnstjerne Bjørnsons", "Ivar Aasens",
            "Christian Michelsens", "Olav Tryggvasons", "Dronning Maudsgate", "Prof. Kohts")  # fmt: skip
_FARM = (
    "Brekke",
    "Sand",
    "Høy",
    "Lang",
    "Tør",
    "Grind",
    "Hjelm",
    "Kråke",
    "Vester",
    "Bratt",
    "Ravn",
)
_FARM_END = (
    "bøen",
    "haugen",
    "tveiten",
    "lien",
    "åsmoen",
    "rudmoen",
    "vikstad",
    "setra",
    "løkhaug",
)
_TRADES = ("Bygg", "Foto", "Trykk", "Regnskap", "Elektro", "Transport", "Rør", "Design", "Blomster",
           "Eiendom", "Frisør", "Gårdsdrift", "Konsult", "Bakeri", "Entreprenør", "Tannlege",
           "Idrettslag", "Skolekorps", "Optikk", "Maskin", "Invest")  # fmt: skip
_NICK = ("solstraale", "fiskern", "mammatil", "kattepus", "rbk", "skigal", "lillegutt", "bamse")
