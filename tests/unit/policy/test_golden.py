"""The plan of a small shop, compared with a reviewed file.

To accept a change, delete `tests/golden/plan.json`, run the test once, and read the new file.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import transforms
from sladd import taxonomy
from sladd.config import ReleaseConfig
from sladd.model import (
    Decision,
    Entity,
    Field,
    FieldRef,
    FieldScan,
    Finding,
    How,
    KeyRole,
    StorageType,
    Table,
    TableRef,
    TableScan,
    Verdict,
)
from sladd.policy import plan, plan_rows, policy_table

GOLDEN = Path(__file__).parents[2] / "golden" / "plan.json"
S = StorageType
SHOP: dict[str, list[tuple[str, StorageType, str, str, KeyRole, bool]]] = {
    "customers": [
        ("id", S.INTEGER, "none", "", KeyRole.PRIMARY, False),
        ("navn", S.STRING, "is", "user.name", KeyRole.NONE, False),
        ("epost", S.STRING, "is", "user.contact.email", KeyRole.NONE, False),
        ("postnr", S.STRING, "is", "user.contact.address.postal_code", KeyRole.NONE, False),
        ("fodt", S.DATE, "is", "user.demographic.date_of_birth", KeyRole.NONE, False),
        ("fnr", S.STRING, "is", "user.government_id.national_identification_number",
         KeyRole.NONE, False),
        ("passord", S.STRING, "is", "user.authorization.password", KeyRole.NONE, False),
        ("segment", S.STRING, "none", "", KeyRole.NONE, True),
    ],
    "orders": [
        ("id", S.INTEGER, "none", "", KeyRole.PRIMARY, False),
        ("customer_id", S.INTEGER, "linked", "user.behavior.purchase_history",
         KeyRole.FOREIGN, False),
        ("total", S.DECIMAL, "linked", "user.behavior.purchase_history", KeyRole.NONE, False),
        ("comment", S.STRING, "contains", "user.contact.email", KeyRole.NONE, False),
        ("felt17", S.STRING, "none", "", KeyRole.NONE, False),
    ],
}  # fmt: skip


def test_the_plan_of_a_small_shop_is_the_reviewed_one():
    """Every field with its transform, parameters, key type and sentence."""
    tables = []
    verdicts = {
        "shop/orders.felt17": Verdict(
            "shop/orders.felt17",
            Decision.REJECTED,
            "",
            "SKU",
            "dpo",
            dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
            "x",
        )
    }
    for name, columns in SHOP.items():
        ref = TableRef("shop", name)
        fields = [Field(FieldRef(ref, c), kind, role=role) for c, kind, _, _, role, _ in columns]
        scans = [
            FieldScan(field, Finding(field.ref, How(how), "", category, 0.9), 5000, 0, 5000, few)
            for field, (_, _, how, category, _, few) in zip(fields, columns, strict=True)
        ]
        table = Table(ref, tuple(fields))
        tables.append(policy_table(table, TableScan(table, tuple(scans), 5000, "all"), verdicts))
    config = ReleaseConfig.model_validate(
        {
            "domain": "produktanalyse",
            "from": ["shop"],
            "to": "releases/analytics",
            "rules": [{"field": "shop/orders.comment", "transform": "redact_text"}],
        }
    )
    made = plan(
        release="analytics",
        config=config,
        tables=tables,
        entities=[Entity("shop/customers.id", ("shop/customers.id", "shop/orders.customer_id"))],
        specs={name: t.SPEC for name, t in transforms.registry().items()},
        taxonomy=taxonomy.load(),
        as_of=dt.date(2026, 1, 1),
    )
    rows = json.dumps(plan_rows(made), ensure_ascii=False, indent=1) + "\n"
    if not GOLDEN.exists():
        GOLDEN.write_text(rows, encoding="utf-8")
        raise AssertionError("wrote a new golden file: read it")
    assert rows == GOLDEN.read_text(encoding="utf-8")
