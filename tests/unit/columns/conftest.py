"""Tables of synthetic values, and the scanner over them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from detectors import registry
from detectors.columns import ScanOptions, scan_table
from detectors.registry import Detectors
from sladd.model import (
    Field,
    FieldRef,
    Finding,
    ForeignKey,
    KeyRole,
    Sample,
    StorageType,
    Table,
    TableRef,
    TableScan,
)
from sladd.sources.nested import expand_json

Values = Sequence[Any] | pa.Array
K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def storage_type(kind: pa.DataType) -> StorageType:
    """The storage type that a source would give."""
    for test, found in (
        (pa.types.is_integer, StorageType.INTEGER),
        (pa.types.is_floating, StorageType.FLOAT),
        (pa.types.is_boolean, StorageType.BOOLEAN),
        (pa.types.is_date, StorageType.DATE),
        (pa.types.is_timestamp, StorageType.TIMESTAMP),
        (pa.types.is_decimal, StorageType.DECIMAL),
        (pa.types.is_binary, StorageType.BINARY),
        (pa.types.is_list, StorageType.LIST),
    ):
        if test(kind):
            return found
    return StorageType.STRING


def make_sample(
    name: str,
    columns: Mapping[str, Values],
    *,
    primary: tuple[str, ...] = (),
    foreign: Mapping[str, tuple[str, str]] | None = None,
) -> Sample:
    """A sample of a table; `foreign` maps a column to table and column."""
    ref = TableRef("shop", name)
    arrays = {
        key: values if isinstance(values, pa.Array) else pa.array(values)
        for key, values in columns.items()
    }
    arrays = {k: v.cast(pa.string()) if pa.types.is_null(v.type) else v for k, v in arrays.items()}
    data = pa.Table.from_arrays(list(arrays.values()), names=list(arrays))
    fields = tuple(
        Field(
            FieldRef(ref, key),
            storage_type(values.type),
            role=KeyRole.PRIMARY if key in primary else KeyRole.NONE,
        )
        for key, values in arrays.items()
    )
    keys = tuple(
        ForeignKey((column,), TableRef("shop", table), (target,))
        for column, (table, target) in (foreign or {}).items()
    )
    table = Table(ref, fields, primary_key=primary, foreign_keys=keys)
    return Sample(table, data, fields, drawn="all", rows_total=data.num_rows)


class Scanner:
    """Scans tables given as columns."""

    def __init__(self, detectors: Detectors) -> None:
        self.detectors = detectors

    def table(self, name: str, columns: Mapping[str, Values], **how: Any) -> TableScan:
        """The scan of one table."""
        options = how.pop("options", None) or ScanOptions(expand_json=expand_json)
        sample = make_sample(name, columns, **how)
        return scan_table(sample, detectors=self.detectors, options=options)

    def findings(self, name: str, columns: Mapping[str, Values], **how: Any) -> dict[str, Finding]:
        """Finding of each field, by column and path."""
        return by_name(self.table(name, columns, **how))


def by_name(scan: TableScan) -> dict[str, Finding]:
    """Finding of each field, by column and path."""
    return {".".join((f.field.ref.column, *f.field.ref.path)): f.finding for f in scan.fields}


@pytest.fixture(scope="session")
def scanner() -> Scanner:
    return Scanner(registry.build(["nb", "nn", "en"]))


class Made:
    """Synthetic values, the same in every run."""

    def __init__(self, seed: int = 7) -> None:
        from detectors.columns.gazetteer import given_names, postcodes, surnames

        self.rng = random.Random(seed)
        self.given = [n.title() for n in sorted(given_names())]
        self.family = [n.title() for n in sorted(surnames())]
        self.codes = sorted(postcodes().items())

    def many(self, make: Callable[[], Any], n: int) -> list[Any]:
        """`n` values."""
        return [make() for _ in range(n)]

    def fnr(self) -> str:
        """A number of Skatteetaten's synthetic range: month + 80."""
        while True:
            day, month = self.rng.randint(1, 28), self.rng.randint(81, 92)
            year, individual = self.rng.randint(40, 99), self.rng.randint(0, 499)
            digits = [int(c) for c in f"{day:02}{month:02}{year:02}{individual:03}"]
            first = (11 - sum(a * b for a, b in zip(K1, digits, strict=True)) % 11) % 11
            if first == 10:
                continue
            digits.append(first)
            second = (11 - sum(a * b for a, b in zip(K2, digits, strict=True)) % 11) % 11
            if second != 10:
                return "".join(map(str, [*digits, second]))

    def account(self) -> str:
        """A kontonummer."""
        while True:
            digits = [self.rng.randint(0, 9) for _ in range(10)]
            last = (11 - sum(a * b for a, b in zip(K2, digits, strict=True)) % 11) % 11
            if last != 10:
                return "".join(map(str, [*digits, last]))

    def orgnr(self) -> str:
        """An organisasjonsnummer of a random company that need not exist."""
        while True:
            digits = [self.rng.choice((8, 9)), *(self.rng.randint(0, 9) for _ in range(7))]
            weights = (3, 2, 7, 6, 5, 4, 3, 2)
            last = (11 - sum(a * b for a, b in zip(weights, digits, strict=True)) % 11) % 11
            if last != 10:
                return "".join(map(str, [*digits, last]))

    def luhn(self, length: int) -> str:
        """Digits with a Luhn check digit, as a KID."""
        digits = [self.rng.randint(0, 9) for _ in range(length - 1)]
        total = 0
        for place, digit in enumerate(reversed(digits)):
            doubled = digit * 2 if place % 2 == 0 else digit
            total += doubled - 9 if doubled > 9 else doubled
        return "".join(map(str, digits)) + str((10 - total % 10) % 10)

    def mobile(self) -> str:
        """A mobile number as people write it."""
        digits = f"{self.rng.choice('49')}{self.rng.randint(0, 9999999):07}"
        style = self.rng.randint(0, 2)
        if style == 0:
            return digits
        if style == 1:
            return f"{digits[:3]} {digits[3:5]} {digits[5:]}"
        return f"+47 {digits[:3]} {digits[3:5]} {digits[5:]}"

    def first(self) -> str:
        """A given name."""
        return self.rng.choice(self.given)

    def last(self) -> str:
        """A surname."""
        return self.rng.choice(self.family)

    def name(self) -> str:
        """A full name, of which some are on no list."""
        if self.rng.random() < 0.3:
            return f"{self.rng.choice(['Xhevahire', 'Oluwaseun', 'Thandiwe'])} {self.last()}sk"
        return f"{self.first()} {self.last()}"

    def email(self) -> str:
        """An address at an example domain."""
        first = self.first().lower().replace(" ", "")
        ascii_name = first.encode("ascii", "ignore").decode() or "a"
        return f"{ascii_name}.{self.rng.randint(1, 99999)}@example.no"

    def street(self) -> str:
        """A street with its number."""
        word = self.rng.choice(["Stor", "Kirke", "Bjørke", "Skole", "Elve", "Fjell", "Øst"])
        end = self.rng.choice(["gata", "veien", "vegen", "stien", "bakken"])
        return f"{word}{end} {self.rng.randint(1, 180)}"

    def place(self) -> tuple[str, str]:
        """A postcode and its place."""
        code, town = self.rng.choice(self.codes)
        return code, town.upper()

    def ip(self) -> str:
        """An address of the documentation range."""
        return f"198.51.100.{self.rng.randint(1, 254)}"

    def words(self) -> str:
        """A sentence of no one in particular."""
        nouns = ["koppen", "pennen", "pakken", "fargen", "esken", "logoen", "trykket"]
        return (
            f"Vi vil gjerne at {self.rng.choice(nouns)} og {self.rng.choice(nouns)} kommer "
            f"før uke {self.rng.randint(1, 52)}, takk"
        )

    def hash(self) -> str:
        """A bcrypt hash."""
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./"
        return "$2y$10$" + "".join(self.rng.choice(letters) for _ in range(53))

    def shuffled(self, values: Sequence[Any]) -> list[Any]:
        """The same values in another order."""
        order = np.random.default_rng(3).permutation(len(values))
        return [values[i] for i in order]


@pytest.fixture
def made() -> Made:
    return Made()
