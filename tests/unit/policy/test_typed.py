"""Text that is only dates, and numbers that lead back to a row (docs/decisions/0007)."""

from __future__ import annotations

from datetime import date

import pytest

import transforms
from sladd import policy, taxonomy
from sladd.config import ReleaseConfig
from sladd.model import (
    Field,
    FieldRef,
    FieldScan,
    Finding,
    How,
    StorageType,
    Table,
    TableRef,
    TableScan,
)

REF = TableRef("shop", "orders")


def planned(kind: StorageType, how: How, category: str, written: StorageType | None):
    """What the built-in profile does with one column of a table read in full."""
    field = Field(FieldRef(REF, "x"), kind)
    scan = FieldScan(
        field=field,
        finding=Finding(field.ref, how, "", category, 0.9),
        rows=100,
        nulls=0,
        distinct=100,
        written_as=written,
    )
    table = Table(REF, (field,), rows=100)
    made = policy.plan(
        release="r",
        config=ReleaseConfig.model_validate({"domain": "d", "from": ["shop"], "to": "r"}),
        tables=[policy.policy_table(table, TableScan(table, (scan,), rows=100, drawn="all"), {})],
        entities=(),
        specs={name: t.SPEC for name, t in transforms.registry(entry_points=False).items()},
        taxonomy=taxonomy.load(),
        as_of=date(2026, 1, 1),
    )
    return made.tables[0].fields[0]


@pytest.mark.parametrize(
    ("how", "category", "written", "transform", "reason"),
    [
        (How.NONE, "", StorageType.DATE, "keep", "typed"),
        (How.NONE, "", StorageType.DECIMAL, "keep", "typed"),
        (How.LINKED, "user.behavior.purchase_history", StorageType.TIMESTAMP, "keep", "typed"),
        (How.NONE, "", None, "drop", "undecided"),
        (How.LINKED, "user.behavior.purchase_history", None, "drop", "undecided"),
        (How.IS, "user.contact.email", StorageType.INTEGER, "pseudonym", "rule"),
    ],
)
def test_text_of_one_type_is_treated_as_that_type(how, category, written, transform, reason):
    """Only where no finding says more."""
    field = planned(StorageType.STRING, how, category, written)
    assert (field.transform, field.reason) == (transform, reason)


@pytest.mark.parametrize("category", ["user.link_key", "user.unique_id", "user.payment.kid"])
@pytest.mark.parametrize("how", [How.IS, How.LINKED])
def test_a_number_that_leads_to_a_row_never_leaves_in_clear(category, how):
    """An order number in clear would undo the pseudonyms beside it."""
    assert planned(StorageType.INTEGER, how, category, None).transform == "pseudonym"


def test_a_linked_amount_stays():
    """What is merely about a person is what analysis is for."""
    field = planned(StorageType.DECIMAL, How.LINKED, "user.behavior.purchase_history", None)
    assert field.transform == "keep"
