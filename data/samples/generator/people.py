"""People who do not exist: drawn as compact arrays, written out one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from .draws import Integers, stream, weighted
from .numbers import MOBILE_PREFIXES, phone_text
from .seeds import Names, Seeds

# About one in six has a name from one of the other pools: SSB counts 18.9 % immigrants and
# Norwegian-born to immigrants (2024), of whom many carry names that are common in Norway too.
POOLS = {"no": 0.835, "sami": 0.03, "pl": 0.05, "so": 0.03, "ar": 0.035, "as": 0.02}
PRIVATE_DOMAINS = (
    "example.no",
    "example.com",
    "epost.example.no",
    "post.example.com",
    "example.net",
    "mail.example.org",
)
_DOMAIN_WEIGHTS = (30, 25, 20, 10, 8, 7)
_STREET_FIRST = (  # noqa: SIM905 - as a list it fills a screen
    "Kirke Skole Stasjons Linde Bjørke Furu Gran Rogne Solbakk Fjell Elve Strand Sjø Havne "
    "Industri Mølle Kvern Eple Kirsebær Ekorn Rev Elg Hare Gauk Trost Svale Hassel Ospe Enebær "
    "Kløver Lyng Blåbær Tytte Molte Stein Berg Dal Haug Voll Tun"
).split()
_STREET_LAST = (
    "veien", "veien", "veien", "gata", "gata", "vegen", "vegen", "svingen", "stien", "lia",
    "kroken", "bakken",
)  # fmt: skip
_STREETS = (
    "Storgata", "Kongens gate", "Dronningens gate", "Karl Johans gate", "St. Olavs gate",
    "Tollbugata", "Nedre Langgate", "Øvre Vollgate", "Tordenskjolds gate", "Nordahl Bruns gate",
    "Bjørnstjerne Bjørnsons vei", "Henrik Ibsens gate", "Åsaveien", "Ørneveien", "Tverrgeaidnu",
    "Deanugeaidnu", "Sletta", "Nordre Li", "Moen", "Rådhusplassen", "Havnepromenaden",
)  # fmt: skip
_FIRMS = ("Bygg", "Elektro", "Rør", "Regnskap", "Eiendom", "Transport", "Maskin", "Foto", "Design")
_CLUBS = ("IL", "Skolekorps", "Bedriftsidrettslag", "Røde Kors", "Næringsforening", "Sanitetslag")
_EPOCH = date(1940, 1, 1)


@dataclass(frozen=True)
class People:
    """`count` people as arrays of indices; the methods spell one of them out."""

    seeds: Seeds
    female: Integers
    given: Integers
    second_given: Integers  # -1: none
    surname: Integers
    second_surname: Integers  # -1: none
    hyphen: Integers
    phone: Integers
    phone_style: Integers
    address_style: Integers
    domain: Integers
    born: Integers
    place: Integers
    street: Integers
    house: Integers
    company: Integers  # 0 private, 1 a firm, 2 an association, 3 a sole trader

    def __len__(self) -> int:
        """How many there are."""
        return len(self.given)

    def given_name(self, i: int) -> str:
        """One or two given names."""
        names = self.seeds.given.names
        second = self.second_given[i]
        first = self.called(i)
        return first if second < 0 else f"{first} {names[second]}"

    def called(self, i: int) -> str:
        """The name that a friend would use."""
        return self.seeds.given.names[int(self.given[i])]

    def family_name(self, i: int) -> str:
        """One surname, two, or two with a hyphen."""
        names = self.seeds.surnames.names
        second = self.second_surname[i]
        if second < 0:
            return names[int(self.surname[i])]
        return f"{names[self.surname[i]]}{'-' if self.hyphen[i] else ' '}{names[second]}"

    def name(self, i: int) -> str:
        """The full name."""
        return f"{self.given_name(i)} {self.family_name(i)}"

    def mobile(self, i: int, style: int | None = None) -> str:
        """The mobile number as this person types it, or in a given style (0 to 99)."""
        chosen = int(self.phone_style[i]) if style is None else style
        return phone_text(int(self.phone[i]), chosen)

    def username(self, i: int) -> str:
        """A user name."""
        given = self.seeds.given.folded[self.given[i]]
        surname = self.seeds.surnames.folded[self.surname[i]]
        style = self.address_style[i]
        number = int(self.phone[i]) % 97
        if style < 45:
            return f"{given}.{surname}"
        if style < 65:
            return f"{given}{surname}{number}"
        if style < 85:
            return f"{given[0]}{surname}{number}"
        return f"{given}{number}"

    def email(self, i: int) -> str:
        """An address at one of the example domains; a firm has its own subdomain."""
        if self.company[i]:
            return f"{self.username(i)}@{self.company_domain(i)}"
        # Two people of one name need two addresses.
        twin = f"{int(self.phone[i]) % 9973}" if self.address_style[i] % 3 == 0 else ""
        return f"{self.username(i)}{twin}@{PRIVATE_DOMAINS[self.domain[i]]}"

    def company_domain(self, i: int) -> str:
        """The subdomain of `example.no` that a firm uses."""
        surname = self.seeds.surnames.folded[self.surname[i]]
        return f"{surname}-{int(self.phone[i]) % 9973}.example.no"

    def company_name(self, i: int) -> str:
        """The name of the firm, association or sole trader."""
        kind = self.company[i]
        pick = int(self.phone[i])
        surname = self.seeds.surnames.names[self.surname[i]]
        if kind == 1:
            return f"{surname} {_FIRMS[pick % len(_FIRMS)]} AS"
        if kind == 2:
            return f"{self.city(i).title()} {_CLUBS[pick % len(_CLUBS)]}"
        return f"{self.name(i)} {_FIRMS[pick % len(_FIRMS)]}"

    def birthday(self, i: int) -> date:
        """Date of birth."""
        return _EPOCH + timedelta(days=int(self.born[i]))

    def street_line(self, i: int) -> str:
        """Street and number."""
        pick = int(self.street[i])
        known = len(_STREETS)
        if pick < known:
            street = _STREETS[pick]
        else:
            first, last = divmod(pick - known, len(_STREET_LAST))
            street = _STREET_FIRST[first] + _STREET_LAST[last]
        house = int(self.house[i])
        letter = "ABCD"[house % 4] if house % 7 == 0 else ""
        return f"{street} {house}{letter}"

    def postal_code(self, i: int) -> str:
        """Four digits."""
        return self.seeds.places[int(self.place[i])][0]

    def city(self, i: int) -> str:
        """The place of the postcode, in capitals as the post office writes it."""
        return self.seeds.places[int(self.place[i])][1]

    def slots(self, i: int) -> Mapping[str, str]:
        """What a text may say about this person."""
        return {
            "name": self.name(i),
            "first": self.called(i),
            "phone": self.mobile(i),
            "email": self.email(i),
            "street": self.street_line(i),
            "postcode": self.postal_code(i),
            "place": self.city(i).title(),
        }


def _named(
    rng: np.random.Generator, names: Names, groups: Integers, pools: tuple[str, ...]
) -> Integers:
    drawn = np.zeros(len(groups), dtype=np.int64)
    for number, pool in enumerate(pools):
        here = np.flatnonzero(groups == number)
        indices, weights = names.pools[pool]
        drawn[here] = np.asarray(indices)[weighted(rng, weights, len(here))]
    return drawn


def _house_numbers(rng: np.random.Generator, count: int) -> Integers:
    """House numbers: most are low."""
    return np.floor(rng.random(count) ** 2 * 140).astype(np.int64)


def draw_people(
    seeds: Seeds, seed: int, use: str, count: int, *, companies: bool = False, adults: bool = False
) -> People:
    """Draw `count` people by the real frequencies of names.

    Args:
        seeds: the ingredients.
        seed: of the shop.
        use: names the random stream, so that customers and employees differ.
        count: how many.
        companies: some of them order for a firm.
        adults: all of working age.
    """
    rng = stream(seed, f"people/{use}")
    female = (rng.random(count) < 0.52).astype(np.int64)
    pool = weighted(rng, tuple(POOLS.values()), count)
    kinds = tuple(POOLS)
    by_sex = tuple(f"{kind}_{sex}" for kind in kinds for sex in "mf")
    given = _named(rng, seeds.given, pool * 2 + female, by_sex)
    second_given = _named(rng, seeds.given, pool * 2 + female, by_sex)
    # Polish surnames are inflected by sex: Kowalski, Kowalska.
    last_pools = tuple(f"pl_{sex}" if kind == "pl" else kind for kind in kinds for sex in "mf")
    surname = _named(rng, seeds.surnames, pool * 2 + female, last_pools)
    second_surname = _named(rng, seeds.surnames, pool * 2 + female, last_pools)
    native = pool <= 1
    second_given[~native | (rng.random(count) > 0.17) | (second_given == given)] = -1
    second_surname[~native | (rng.random(count) > 0.14) | (second_surname == surname)] = -1
    prefixes = np.asarray(MOBILE_PREFIXES)[rng.integers(0, len(MOBILE_PREFIXES), count)]
    youngest, oldest = (20 * 365, 65 * 365) if adults else (15 * 365, 85 * 365)
    age = youngest + ((rng.random(count) + rng.random(count)) / 2 * (oldest - youngest)).astype(
        np.int64
    )
    firm = weighted(rng, (84, 9, 4, 3) if companies else (1, 0, 0, 0), count)
    return People(
        seeds=seeds,
        female=female,
        given=given,
        second_given=second_given,
        surname=surname,
        second_surname=second_surname,
        hyphen=(rng.random(count) < 0.3).astype(np.int64),
        phone=prefixes * 1_000_000 + rng.integers(0, 1_000_000, count),
        phone_style=rng.integers(0, 100, count),
        address_style=rng.integers(0, 100, count),
        domain=weighted(rng, _DOMAIN_WEIGHTS, count),
        born=np.maximum((date(2025, 12, 1) - _EPOCH).days - age, 0),
        place=rng.integers(0, len(seeds.places), count),
        street=rng.integers(0, len(_STREETS) + len(_STREET_FIRST) * len(_STREET_LAST), count),
        house=1 + _house_numbers(rng, count),
        company=firm,
    )
