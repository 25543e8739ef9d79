"""How fast the officer's pages answer over a catalog of 500 tables × 40 columns."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.result import Goal, Measure
from sladd.catalog import Asked, Catalog, Chosen
from sladd.model import (
    Decision,
    Evidence,
    Field,
    FieldRef,
    FieldScan,
    Finding,
    ForeignKey,
    How,
    KeyRole,
    StorageType,
    Table,
    TableRef,
    TableScan,
)

TABLES, COLUMNS, SOURCES = 500, 40, 5
GOAL_MS = 300.0
ROUNDS = 20  # of each page; the 95th percentile of them counts
WARM = 2

KINDS = (
    ("EMAIL_ADDRESS", "user.contact.email", "epost", "aaaa.aaaa@aaaa.aa"),
    ("PHONE_NUMBER", "user.contact.phone_number", "mobil", "### ## ###"),
    ("PERSON", "user.name", "navn", "Aaaa Aaaaaa"),
    ("NO_FODSELSNUMMER", "user.government_id.national_identification_number", "fnr", "###########"),
    ("NO_KONTONUMMER", "user.financial.bank_account", "konto", "####.##.#####"),
    ("DATE_OF_BIRTH", "user.date_of_birth", "fodselsdato", "####-##-##"),
    ("NO_ADDRESS", "user.contact.address.street", "gateadresse", "Aaaaaa ##"),
    ("POSTCODE", "user.contact.address.postal_code", "postnr", "####"),
    ("IP_ADDRESS", "user.device.ip_address", "ip", "###.###.#.##"),
    ("TEXT", "user.content", "merknad", ""),
)


def fill(catalog: Catalog, *, tables: int = TABLES, columns: int = COLUMNS, seed: int = 1) -> None:
    """Two scans of each source, a finding in every column, and decisions on a fifth of them.

    Args:
        catalog: an empty one.
        tables: how many, over five sources.
        columns: of each table.
        seed: of the numbers in the evidence.
    """
    drawn = random.Random(seed)
    for source in range(SOURCES):
        name = f"kilde{source}"
        made = [_table(name, number, columns, drawn) for number in range(tables // SOURCES)]
        for part in (made[: len(made) * 9 // 10], made):
            scan = catalog.begin_scan(name, ruleset="r", by="scan")
            for table in part:
                catalog.record_table(scan, table)
            catalog.finish_scan(scan, seen_tables=[str(t.table.ref) for t in part])
    keys = catalog.worklist(Chosen())
    for start in range(0, len(keys), 5000):
        _decide(catalog, keys[start : start + 1000])


def _decide(catalog: Catalog, keys: Sequence[str]) -> None:
    wanted = set(keys)
    found = {}
    for standing in catalog.standing(list(keys)):
        for field in catalog.fields_of(standing.table_key) if standing.key not in found else ():
            from sladd.catalog.payload import digest

            found[digest(field.address)] = field.scan.finding.fingerprint
    catalog.decide_seen(
        [
            Asked(key, Decision.CONFIRMED, "", "som ventet", 0, found[key])
            for key in keys
            if key in wanted
        ],
        by="kari",
    )


def _table(source: str, number: int, columns: int, drawn: random.Random) -> TableScan:
    ref = TableRef(source, f"tabell_{number:03}", "public")
    root = TableRef(source, "tabell_000", "public")
    key = Field(FieldRef(ref, "kunde_id"), StorageType.INTEGER, role=KeyRole.FOREIGN)
    fields = [
        _field(ref, place, drawn) if place else FieldScan(
            key,
            Finding(key.ref, How.LINKED, "", "user.unique_id", 0.9, (Evidence("key", 2.0),)),
            rows=10_000, nulls=0, distinct=900,
        )
        for place in range(columns)
    ]  # fmt: skip
    rows = drawn.randrange(100, 1_000_000)
    own = f"{ref}.kunde_id"
    return TableScan(
        Table(
            ref,
            tuple(each.field for each in fields),
            rows=rows,
            foreign_keys=(ForeignKey(("kunde_id",), root, ("kunde_id",)),) if number else (),
            fingerprint="f",
        ),
        tuple(fields),
        rows=min(rows, 10_000),
        drawn="random_rows",
        entity=own,
        person_path=(own, f"{root}.kunde_id") if number else (own,),
    )


def _field(table: TableRef, place: int, drawn: random.Random) -> FieldScan:
    kind, category, header, shape = KINDS[place % len(KINDS)]
    ref = FieldRef(table, f"{header}_{place}")
    distinct = drawn.randrange(50, 9_000)
    evidence = (
        Evidence("pattern", 3.0, {"matched": distinct, "distinct": distinct, "chance": 0.01}),
        Evidence("permutation", 1.5, {"permuted": 0.02}),
        Evidence("header", 2.5, {"token": header}),
        Evidence("neighbour", 0.4, {"column": "kunde_id"}),
    )
    finding = Finding(
        ref,
        How.CONTAINS if kind == "TEXT" else How.IS,
        kind,
        category,
        round(drawn.uniform(0.6, 0.999), 4),
        evidence,
        shapes=(shape,) if shape else (),
    )
    field = Field(ref, StorageType.STRING, native_type="character varying(80)")
    return FieldScan(field, finding, rows=10_000, nulls=drawn.randrange(900), distinct=distinct)
