"""Fields of a shop as a scan left them, and the plan of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import transforms
from sladd import taxonomy
from sladd.config import ReleaseConfig
from sladd.errors import ManyErrors, PlanError
from sladd.model import (
    Decision,
    Field,
    FieldRef,
    FieldScan,
    Finding,
    How,
    KeyRole,
    Plan,
    StorageType,
    Table,
    TableRef,
    Verdict,
)
from sladd.policy import PolicyField, PolicyTable, plan

S = StorageType
TAXONOMY = taxonomy.load()
SPECS = {name: transform.SPEC for name, transform in transforms.registry().items()}
CUSTOMERS = TableRef("shop", "customers", "public")
NIN = "user.government_id.national_identification_number"
HEALTH = "user.health_and_medical"
TEXT = "user.content.private"


def verdict(
    decision: str, category: str = "", *, column: str = "c", reopened: bool = False
) -> Verdict:
    """A human's answer about a column of customers."""
    return Verdict(
        field=str(FieldRef(CUSTOMERS, column)),
        decision=Decision(decision),
        category=category,
        reason="test",
        by="dpo",
        at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        fingerprint="x",
        reopened=reopened,
    )


def field(
    name: str = "c",
    kind: StorageType = S.STRING,
    how: str = "none",
    category: str = "",
    *,
    also: tuple[str, ...] = (),
    role: KeyRole = KeyRole.NONE,
    few: bool = False,
    rows: int = 5_000,
    nulls: int = 0,
    said: Verdict | None = None,
    scanned: bool = True,
    path: tuple[str, ...] = (),
    table: TableRef = CUSTOMERS,
) -> PolicyField:
    """One field as a scan left it."""
    schema = Field(FieldRef(table, name, path), kind, role=role)
    finding = Finding(schema.ref, How(how), "", category, 0.9, also=also)
    scan = FieldScan(schema, finding, rows, nulls, None, few_values=few)
    return PolicyField(schema, scan if scanned else None, said)


def table(
    *fields: PolicyField,
    ref: TableRef = CUSTOMERS,
    drawn: str = "random_rows",
    person_path: tuple[str, ...] = (),
) -> PolicyTable:
    """A table of these fields."""
    schema = Table(ref, tuple(f.field for f in fields))
    rows = max((f.scan.rows for f in fields if f.scan), default=0)
    return PolicyTable(schema, fields, rows=rows, drawn=drawn, person_path=person_path)


def release(**terms: Any) -> ReleaseConfig:
    """A release of the shop."""
    return ReleaseConfig.model_validate(
        {"domain": "analyse", "from": ["shop"], "to": "releases/a", **terms}
    )


def make(*tables: PolicyTable, rules: list[dict[str, Any]] | None = None, **more: Any) -> Plan:
    """Plan these tables."""
    known = ReleaseConfig.model_fields.keys() - {"as_of"}
    terms = {k: more.pop(k) for k in list(more) if k in known}
    given = {"entities": (), "as_of": dt.date(2026, 1, 1), **more}
    return plan(
        release="a",
        config=release(rules=rules or [], **terms),
        tables=tables,
        specs=SPECS,
        taxonomy=TAXONOMY,
        **given,
    )


def outcome(
    one: PolicyField,
    *,
    rules: list[dict[str, Any]] | None = None,
    drawn: str = "random_rows",
    **k: Any,
) -> tuple[str, str]:
    """Transform and reason of a single field."""
    planned = make(table(one, drawn=drawn), rules=rules, **k).tables[0].fields[0]
    assert planned.reason_text.endswith((".", "c"))
    assert "{" not in planned.reason_text
    assert (planned.output == "") == (planned.transform == "drop")
    return planned.transform, planned.reason


C = "shop/public.customers.c"
EMAIL = "user.contact.email"


def faults(*tables: PolicyTable, **terms: Any) -> list[int]:
    """Codes of all errors that a plan raises at once."""
    with pytest.raises((PlanError, ManyErrors)) as caught:
        make(*tables, **terms)
    errors = getattr(caught.value, "errors", (caught.value,))
    return sorted(error.code for error in errors)
