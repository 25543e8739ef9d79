"""Scans to record: tables of a shop with fields that hold something or nothing."""

from __future__ import annotations

from sladd.catalog import Catalog, Drift
from sladd.model import (
    Evidence,
    Field,
    FieldRef,
    FieldScan,
    Finding,
    How,
    NotScanned,
    StorageType,
    Table,
    TableRef,
    TableScan,
)

EMAIL = ("EMAIL_ADDRESS", "user.contact.email")
NATIONAL_ID = ("NO_FODSELSNUMMER", "user.government_id.national_identification_number")
ACCOUNT = ("NO_KONTONUMMER", "user.financial.bank_account")
NOTHING = ("", "")


def field(
    table: str,
    column: str,
    tag: tuple[str, str] = NOTHING,
    signals: tuple[str, ...] = ("header",),
    *,
    how: How | None = None,
    storage: StorageType = StorageType.STRING,
    source: str = "shop",
    also: tuple[str, ...] = (),
    distinct: int = 90,
) -> FieldScan:
    """One field; `signals` are the evidence of its finding."""
    kind, category = tag
    ref = FieldRef(TableRef(source, table), column)
    finding = Finding(
        field=ref,
        how=how or (How.IS if category else How.NONE),
        type=kind,
        category=category,
        confidence=0.9 if category else 0.0,
        evidence=tuple(Evidence(s, 2.5, {"matched": distinct}) for s in signals)
        if category
        else (),
        also=also,
    )
    return FieldScan(Field(ref, storage), finding, rows=100, nulls=1, distinct=distinct)


def table(
    name: str, *fields: FieldScan, fingerprint: str = "f1", source: str = "shop"
) -> TableScan:
    """One table with these fields."""
    ref = TableRef(source, name)
    return TableScan(
        Table(ref, tuple(f.field for f in fields), rows=1000, fingerprint=fingerprint),
        tuple(fields),
        rows=100,
        drawn="random_rows",
        entity=f"{ref}.id",
        person_path=(f"{ref}.id",),
    )


def scan(
    catalog: Catalog,
    *tables: TableScan,
    source: str = "shop",
    seen: tuple[str, ...] = (),
    missed: tuple[NotScanned, ...] = (),
    ruleset: str = "r1",
) -> Drift:
    """A whole scan, finished."""
    number = catalog.scans.begin(source, ruleset=ruleset, by="engineer")
    for each in tables:
        catalog.scans.record(number, each)
    catalog.scans.record_not_scanned(number, missed)
    return catalog.scans.finish(number, seen_tables=seen)
