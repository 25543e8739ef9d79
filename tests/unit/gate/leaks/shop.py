"""A small shop with its originals, the release made of it, and the leak test over both."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from sladd.gate.leaks import Made, Needles, Original, against_source, originals
from sladd.model import Check
from sladd.release import Manifest, ReleaseColumn, ReleaseTable
from sladd.targets import Staging

PERSONS, ORDERS = 150, 450
GIVEN = ("Kari", "Ola", "Ingrid", "Per", "Åse", "Nils", "Solveig", "Anne-Marie", "Jørn", "Mette",
         "Bjørn", "Turid", "Leif", "Randi", "Odd")  # fmt: skip
FAMILY = ("Nordmann", "Hansen", "Økland", "Berg", "Lie", "Moen", "Strand", "Aasen", "Vik", "Dahl")
STREETS = ("Storgata", "Bjørkeveien", "Kongens gate", "Øvre Slottsgate", "Thorvald Meyers gate")


def pseudonym(what: str) -> str:
    """26 letters, as HMAC would give them."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(random.Random(what).choices(letters, k=26))


def _draw(seed: int) -> random.Random:
    return random.Random(f"leaks {seed}")


def person(n: int) -> dict[str, Any]:
    """One invented person; equal for equal `n`."""
    rng = _draw(n)
    given, family = GIVEN[n % len(GIVEN)], FAMILY[n // len(GIVEN) % len(FAMILY)]
    born = date(1950, 1, 1) + timedelta(days=rng.randrange(18_000))
    return {
        "id": 100_000 + n,
        "name": f"{given} {family}",
        "first": given,
        "last": family,
        "email": f"{given}.{family}{n}@example.no".lower().replace("å", "a").replace("ø", "o"),
        "phone": f"+47 4{rng.randrange(10**7):07d}",
        "fnr": f"{born.day:02d}{born.month + 80:02d}{born.year % 100:02d}{rng.randrange(10**5):05d}",
        "street": f"{STREETS[n % len(STREETS)]} {n + 1}",
        "postcode": f"{rng.randrange(1, 9999):04d}",
        "city": ("Oslo", "Bergen", "Bodø")[n % 3],
        "iban": f"NO{rng.randrange(10, 99)}{rng.randrange(10**11):011d}",
        "cookie": f"{rng.getrandbits(128):032x}",
        "ip": f"203.0.113.{n + 1}",
        "born": born,
        "seen": datetime(2026, 3, 1) + timedelta(microseconds=rng.randrange(10**13)),
    }


CUSTOMERS = [person(n) for n in range(PERSONS)]
CATEGORIES = {
    "id": "user.unique_id",
    "name": "user.name",
    "first": "user.name.first",
    "last": "user.name.last",
    "email": "user.contact.email",
    "phone": "user.contact.phone_number",
    "fnr": "user.government_id.national_identification_number",
    "street": "user.contact.address.street",
    "postcode": "user.contact.address.postal_code",
    "city": "user.contact.address.city",
    "iban": "user.financial.iban",
    "cookie": "user.device.cookie_id",
    "ip": "user.device.ip_address",
    "born": "user.demographic.date_of_birth",
}
KEY = {"transform": "pseudonym", "alphabet": "base32", "length": 26}


def customer_of(order: int) -> int:
    """Number of the person who ordered."""
    return order * 7 % PERSONS


class Shop:
    """What is published: change `tables`, `comments`, `made` before `check`."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, list[Any] | pa.Array]] = {
            "customers": {
                "id": [pseudonym(f"customer {n}") for n in range(PERSONS)],
                "region": [
                    ("Østlandet", "Vestlandet", "Nord-Norge")[n % 3] for n in range(PERSONS)
                ],
            },
            "orders": {
                "id": [pseudonym(f"order {n}") for n in range(ORDERS)],
                "customer_id": [pseudonym(f"customer {customer_of(n)}") for n in range(ORDERS)],
                "amount": [n * 37 % 1999 for n in range(ORDERS)],
                "comment": [
                    "Leveres på døra" if n % 3 else "Ring før levering" for n in range(ORDERS)
                ],
            },
            "products": {
                "sku": [f"SL-{n:04d}" for n in range(60)],
                "title": [f"Kopp med trykk nr. {n}" for n in range(60)],
            },
        }
        self.comments: dict[str, str] = {}
        self.more: dict[str, Any] = {}
        self.made: dict[str, Made] = {}
        self.kept: set[str] = set()  # columns of customers whose own values the plan lets out
        self.persons = {"customers": "id", "orders": "customer_id"}
        self.customers = [dict(c) for c in CUSTOMERS]
        self.after: Callable[[Path], None] | None = None
        self.others: list[Any] = []
        self.documents = False  # database, dictionary and report as well

    def put(self, address: str, values: Any, **made: Any) -> None:
        """Give a column other values, and say what the plan says of it."""
        table, column = address.split(".")
        self.tables[table][column] = values
        if made:
            self.made[address] = Made(table, column, **made)

    def say(self, order: int, text: str, **made: Any) -> None:
        """Write a comment on an order."""
        comments = list(self.tables["orders"]["comment"])
        comments[order] = text
        self.put("orders.comment", comments, **made)

    def check(self) -> list[Check]:
        """Publish into a folder of its own, and ask."""
        with tempfile.TemporaryDirectory() as folder, Needles() as needles:
            self._read(needles)
            with Staging.begin(Path(folder) / "r", "20261122T101112Z-ab12") as staging:
                manifest = self._written(staging)
                if self.after is not None:
                    self.after(staging.path)
                made = [self._made(t.name, c) for t in manifest.tables for c in t.columns]
                return list(
                    against_source(
                        staging.path,
                        manifest,
                        needles,
                        columns=made,
                        persons=self.persons,
                        reread=self._again,
                        others=self.others,
                    ).checks
                )

    def failed(self) -> dict[str, str]:
        """Column → what is wrong."""
        return {c.column: f"{c.name}: {c.detail}" for c in self.check() if not c.passed}

    def fields(self) -> list[Original]:
        """What the scan found in the source."""
        return [
            Original(f"shop/customers.{name}", name, category, kept=name in self.kept)
            for name, category in CATEGORIES.items()
        ]

    def batch(self) -> pa.RecordBatch:
        """The customers of the source."""
        return pa.RecordBatch.from_pylist(self.customers)

    def _read(self, needles: Needles) -> None:
        collector = needles.table(originals(self.fields(), person="id", entity="customer"))
        batch = self.batch()
        collector.add(batch)
        made = pa.array([pseudonym(f"customer {n}") for n in range(batch.num_rows)])
        collector.pseudonyms(batch.column("id"), made)

    def _again(self) -> Any:
        return [(field, self.batch().column(field.column)) for field in self.fields()]

    def _made(self, table: str, column: ReleaseColumn) -> Made:
        given = self.made.get(f"{table}.{column.name}")
        return given or Made(table, column.name, hidden=bool(column.alphabet))

    def _written(self, staging: Staging) -> Manifest:
        tables = []
        for name, columns in self.tables.items():
            rows = pa.table(columns)
            path = staging.part_path(name, 0)
            staging.write_part(path, iter(rows.to_batches()), rows.schema)
            done = staging.finish_table(name, [path], rows.schema)
            tables.append(
                ReleaseTable(
                    name=name,
                    rows_in=rows.num_rows,
                    rows_out=done.rows,
                    files=done.files,
                    comment=self.comments.get(name, ""),
                    columns=tuple(
                        ReleaseColumn(
                            name=f.name,
                            type=str(f.type),
                            comment=self.comments.get(f"{name}.{f.name}", ""),
                            **(KEY if f.name in {"id", "customer_id"} else {"transform": "keep"}),
                        )
                        for f in done.schema
                    ),
                )
            )
        manifest = described(tuple(tables), **self.more)
        return staging.write_documents(manifest) if self.documents else manifest


def described(tables: tuple[ReleaseTable, ...], **more: Any) -> Manifest:
    """The manifest of a release of these tables."""
    fields: dict[str, Any] = {
        "release": "analytics",
        "version": "20261122T101112Z-ab12",
        "kind": "pseudonymised",
        "label": "Pseudonymised: still personal data",
        "created": datetime.fromisoformat("2026-11-22T10:11:12+00:00"),
        "as_of": date(2026, 11, 22),
        "domain": "produktanalyse",
        "purpose": "Produktanalyse",
        "recipients": ("analytics-team",),
        "policy_sha256": "0" * 64,
        "key_id": "main-1",
        "tables": tables,
    }
    return Manifest(**{**fields, **more})
