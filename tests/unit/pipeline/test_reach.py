"""Tables that keep persons who are left out elsewhere are told of wherever a release is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sladd.config import load_config
from sladd.model import (
    Field,
    FieldPlan,
    FieldRef,
    How,
    Overlap,
    Plan,
    StorageType,
    Table,
    TablePlan,
    TableRef,
)
from sladd.pipeline.bind import bind
from sladd.pipeline.proposal import content_of, plan_sha256
from sladd.pipeline.reach import reach_notes, reach_risk, unreached, with_reach

CONFIG = """\
sources: {shop: {database: "sqlite:///shop.db"}}
keys: {main: {env: KEY}}
releases:
  a:
    domain: d
    from: [shop]
    leave_out: [objected]
    leave_out_columns: {objected: [shop/customers.objected]}
    to: out
"""
COLUMNS = {
    "customers": {"id": "", "email": "user.contact.email", "objected": ""},
    "letters": {"email": "user.contact.email"},
    "staff": {"email": "user.contact.email"},
    "products": {"name": ""},
}


def ref(table: str, column: str) -> FieldRef:
    """A column of the shop."""
    return FieldRef(TableRef("shop", table), column)


@pytest.fixture
def bound(tmp_path):
    """A release that leaves out who objected; letters and customers share their addresses."""
    (tmp_path / "sladd.yaml").write_text(CONFIG, encoding="utf-8")
    bound = bind(load_config(tmp_path / "sladd.yaml"))
    bound.catalog.links.record_overlaps(
        [
            Overlap(
                "shop/letters.email",
                "shop/customers.email",
                "user.contact.email",
                9,
                9,
                9,
                9,
                "all",
            )
        ]
    )
    return bound


@pytest.fixture
def made(bound) -> Plan:
    """Its plan."""
    tables = [
        Table(
            TableRef("shop", name),
            tuple(Field(ref(name, c), StorageType.STRING) for c in columns),
            primary_key=("id",) if "id" in columns else (),
        )
        for name, columns in COLUMNS.items()
    ]
    plans = [
        TablePlan(
            table=TableRef("shop", name),
            output=name,
            fields=tuple(
                FieldPlan(
                    ref(name, c), c, StorageType.STRING, "keep", {}, category,
                    How.IS if category else How.NONE, "", "",
                )
                for c, category in columns.items()
            ),
            person_path=("shop/customers.id",) if name == "customers" else (),
            leave_out=("objected:shop/customers.objected",) if name == "customers" else (),
        )
        for name, columns in COLUMNS.items()
    ]  # fmt: skip
    plan = Plan("a", "pseudonymised", "d", "main", date(2026, 1, 1), tuple(plans))
    return with_reach(bound, plan, tables)


def test_each_table_that_keeps_persons_is_named_with_the_command_that_mends_it(bound, made):
    """By the columns that were measured to hold the same persons, where there are such."""
    letters, staff = reach_notes(bound, made)
    assert letters.endswith(
        "· sladd links confirm shop/letters.email shop/customers.email --reason …"
    )
    assert "if they can be among its persons" in staff
    assert "shop/staff.COLUMN shop/customers.id" in staff
    assert unreached(made) == ["shop/letters", "shop/staff"]


def test_the_manifest_and_the_desk_are_told_and_no_approval_falls(bound, made):
    """The hash of what was approved stays, whatever the warning says."""
    assert reach_risk(made)["left_in"]["tables"] == ["letters", "staff"]
    assert "kan stå i letters, staff" in reach_risk(made)["left_in"]["statement"]["nb"]
    content = content_of(made, bound.config.releases["a"])
    told = [t["table"] for t in content["tables"] if t.get("unreached")]
    assert told == ["shop/letters", "shop/staff"]
    silent = replace(made, tables=tuple(replace(t, unreached=False) for t in made.tables))
    assert reach_risk(silent) == {}
    assert plan_sha256(content) == plan_sha256(content_of(silent, bound.config.releases["a"]))
