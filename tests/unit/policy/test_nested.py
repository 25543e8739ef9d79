"""Values within a column: decided one by one, or with the column that carries them."""

from __future__ import annotations

from dataclasses import replace

from sladd.model import Table, TableScan, Verdict
from sladd.policy import PolicyField, policy_table
from tests.unit.policy.fields import CUSTOMERS, EMAIL, NIN, S, field, make, table, verdict


def test_parts_of_a_nested_value_are_decided_one_by_one():
    """The whole would carry its parts along."""
    fields = [
        field("user", S.JSON, said=verdict("rejected", column="user")),
        field("user", S.STRING, "is", EMAIL, path=("email",)),
        field("user", S.INTEGER, path=("logins", "[]")),
    ]
    made = make(table(*fields)).tables[0].fields
    assert [(f.output, f.reason) for f in made] == [
        ("", "nested"),
        ("user_email", "rule"),
        ("user_logins", "no_finding"),
    ]


def test_a_column_written_whole_carries_what_its_parts_hold():
    """Few values or a rejection of the column say nothing of an e-mail address inside it."""
    whole = field("user", S.STRING, few=True)
    parts = [
        field("user", S.STRING, "is", EMAIL, path=("email",)),
        field("user", S.STRING, "is", NIN, path=("fnr",)),
        field("user", S.STRING, path=("theme",)),
    ]

    def reason(parts: list[PolicyField], *said: Verdict) -> str:
        schema = Table(CUSTOMERS, (whole.field,))
        scans = tuple(f.scan for f in (whole, *parts) if f.scan)
        verdicts = {v.field: v for v in said}
        scan = TableScan(schema, scans, 5_000, "all")
        made = make(policy_table(schema, scan, verdicts, parts=False)).tables[0]
        assert len(made.fields) == 1
        return made.fields[0].reason

    rejected = verdict("rejected", column="user")
    assert reason(parts[2:]) == "few_values"
    assert reason([parts[0], parts[2]]) == "free_text"
    assert reason([parts[0]], rejected) == "free_text"
    assert reason(parts) == "sensitive"
    part = replace(rejected, field="shop/public.customers.user.email")
    assert reason([parts[0]], part) == "few_values"
    assert reason([parts[0]], part, rejected) == "not_personal"
