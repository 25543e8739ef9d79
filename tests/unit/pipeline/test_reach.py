"""Tables that keep persons who are left out elsewhere are told of wherever a release is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sladd.config import load_config
from sladd.errors import ConfigError
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
from sladd.pipeline.proposal import changes, content_of, plan_sha256
from sladd.pipeline.reach import (
    other_persons,
    other_persons_lines,
    reach_notes,
    reach_risk,
    unreached,
    with_reach,
)

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
    return opened(tmp_path, CONFIG)


def opened(folder, config):
    """The configuration, with a catalog that knows what was measured."""
    (folder / "sladd.yaml").write_text(config, encoding="utf-8")
    bound = bind(load_config(folder / "sladd.yaml"))
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
    return planned(bound)


def planned(bound) -> Plan:
    """The plan of the release."""
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


SAID = CONFIG + "data_subjects: {customer: [shop/customers], employee: [shop/staff]}\n"


def test_a_table_of_other_persons_is_said_to_be_one_and_warned_of_no_more(tmp_path):
    """In the plan, the manifest and what the officer approves, whose hash it is part of."""
    bound = opened(tmp_path, SAID)
    made, release = planned(bound), bound.config.releases["a"]
    assert unreached(made) == ["shop/letters"]
    assert other_persons(made) == {"shop/staff": "employee"}
    (line,) = other_persons_lines(made)
    assert line.startswith("shop/staff holds other persons (employees), as sladd.yaml says")
    assert "staff (ansatte)" in reach_risk(made)["other_persons"]["statement"]["nb"]
    content = content_of(made, release)
    assert [t["others"] for t in content["tables"] if "others" in t] == ["employee"]
    silent = replace(made, tables=tuple(replace(t, others="") for t in made.tables))
    assert plan_sha256(content) != plan_sha256(content_of(silent, release))
    assert changes(content_of(silent, release), content).tables == ("shop/staff",)


def test_what_was_measured_is_believed_before_what_is_said(tmp_path):
    """Letters are said to be of employees, and nine of their addresses are customers'."""
    bound = opened(tmp_path, SAID.replace("[shop/staff]", "[shop/staff, shop/letters]"))
    made = planned(bound)
    assert other_persons(made) == {}
    note, staff = reach_notes(bound, made)
    assert staff.startswith("shop/staff: sladd.yaml says that it holds other persons (employees)")
    assert note.startswith("shop/letters: sladd.yaml says that it holds other persons (employees)")
    ends = "shop/letters.email shop/customers.email --reason …"
    assert "but 9 of them, in shop/letters.email, are in shop/customers.email as well" in note
    assert f"sladd links confirm {ends}; others after all: sladd links reject {ends}" in note


def test_what_is_said_of_one_side_alone_is_not_enough(tmp_path):
    """The note names the table of which nothing is said."""
    bound = opened(tmp_path, CONFIG + "data_subjects: {employee: [shop/staff]}\n")
    made = planned(bound)
    assert unreached(made) == ["shop/letters", "shop/staff"]
    staff = reach_notes(bound, made)[1]
    assert staff.endswith("if it holds others: data_subjects: in sladd.yaml, with shop/customers")


def test_a_group_of_a_source_that_is_not_there_is_refused(tmp_path):
    """The source's name is checked with every other name."""
    with pytest.raises(ConfigError, match="SLADD-132") as caught:
        opened(tmp_path, CONFIG + "data_subjects: {employee: [shp/staff]}\n")
    assert "data_subjects.employee" in str(caught.value)
    assert "did you mean 'shop'?" in str(caught.value)
