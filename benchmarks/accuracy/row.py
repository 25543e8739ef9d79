"""A row being made, and how makers are put together."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.accuracy.world import Company, Person, World, words

_B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./"


@dataclass
class Row:
    """One row being made: its number, whom it is about, and the draws.

    Attributes:
        keys: table → its keys, made before; for columns that point at another table.
        columns: table.column → its cells, for columns that point at no key.
        at: rows of other tables that this row already points at, table → row number.
    """

    n: int
    world: World
    rng: random.Random
    person: Person
    other: Person
    company: Company
    is_person: bool
    start: int
    base: str
    keys: Mapping[str, list[object]]
    columns: Mapping[str, list[object]]
    at: dict[str, int]


Cell = object
Make = Callable[[Row, str], Cell]


def sometimes(make: Make, share: float) -> Make:
    return lambda row, arg: make(row, arg) if row.rng.random() < share else None


def of_other(make: Make) -> Make:
    def swapped(row: Row, arg: str) -> Cell:
        kept = row.person
        row.person = row.other
        try:
            return make(row, arg)
        finally:
            row.person = kept

    return swapped


def word(section: str, key: str) -> Make:
    return lambda row, _: row.rng.choice(words(section)[key])


def local(key: str) -> Make:
    return lambda row, _: row.rng.choice(words(row.world.section)[key])


def hexadecimal(row: Row, length: str) -> str:
    return "".join(row.rng.choice("0123456789abcdef") for _ in range(int(length)))


def signs(row: Row, length: str) -> str:
    return "".join(row.rng.choice(_B64) for _ in range(int(length)))


def digits(row: Row, length: str) -> str:
    return str(row.rng.randrange(10 ** (int(length) - 1), 10 ** int(length)))


def spoken(row: Row) -> str | None:
    return row.company.name if not row.is_person else row.person.name
