"""Whom each table holds: as declared, carried on by keys, and refused where it cannot be."""

from __future__ import annotations

import pytest

from sladd.errors import ConfigError, ManyErrors
from sladd.model import Link, LinkState, Overlap, TablePlan, TableRef
from sladd.pipeline.data_subjects import Groups, called, groups_of

EMAIL = "user.contact.email"
PATHS = {
    "customers": ("shop/customers.id",),
    "orders": ("shop/orders.customer_id", "shop/customers.id"),
    "staff": ("shop/staff.id",),
    "payroll": ("shop/payroll.staff_id", "shop/staff.id"),
    "letters": (),
}


def planned(source: str = "shop") -> list[TablePlan]:
    """A shop with customers and staff, what hangs on each, and letters to whomever."""
    return [
        TablePlan(
            table=TableRef(source, name),
            output=name,
            fields=(),
            person_path=path,
            person=path[-1] if path else "",
        )
        for name, path in PATHS.items()
    ]


def said(**groups: list[str]) -> Groups:
    """The groups of the shop's tables."""
    return groups_of({g: [f"shop/{t}" for t in tables] for g, tables in groups.items()}, planned())


def test_keys_carry_a_group_on():
    """What hangs on a table that is named is of its persons; of others nothing is said."""
    groups = said(customer=["customers"], employee=["payroll"])
    assert groups.of == {
        "shop/customers": "customer",
        "shop/orders": "customer",
        "shop/staff": "employee",
        "shop/payroll": "employee",
    }


def test_another_release_s_tables_are_left_alone():
    """`data_subjects` names tables of all sources; a release may read one of them."""
    assert groups_of({"employee": ["hr/staff"]}, planned()).of == {}


@pytest.mark.parametrize(
    ("groups", "code", "words"),
    [
        ({"employee": ["stafff"]}, 388, "did you mean shop/staff?"),
        ({"employee": ["staff"], "customer": ["staff"]}, 389, "'employee' and 'customer'"),
        ({"customer": ["customers"], "employee": ["orders"]}, 390, "shop/orders.customer_id"),
    ],
)
def test_what_cannot_be_is_refused(groups, code, words):
    """A table that is not there, one in two groups, and persons whom a key makes the same."""
    with pytest.raises(ConfigError) as caught:
        said(**groups)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_all_faults_are_told_at_once():
    """Nobody corrects a file line by line."""
    with pytest.raises(ManyErrors) as caught:
        said(employee=["stafff", "pairoll"])
    assert [error.code for error in caught.value.errors] == [388, 388]


@pytest.mark.parametrize(
    ("table", "left_out", "apart"),
    [
        ("staff", {"customer"}, True),
        ("staff", {"customer", "employee"}, False),
        ("staff", {"customer", ""}, False),
        ("letters", {"customer"}, False),
        ("staff", set(), False),
    ],
)
def test_only_what_is_said_of_both_sides_sets_persons_apart(table, left_out, apart):
    """Where nothing is said of one side, an objection could be meant for it."""
    groups = said(customer=["customers"], employee=["staff"])
    assert groups.apart(f"shop/{table}", left_out) is apart


def shared(*pairs: tuple[str, str, int]) -> list[Overlap]:
    """Columns that were measured to hold the same persons."""
    return [Overlap(f"shop/{a}", f"shop/{b}", EMAIL, 20, 90, n, 20, "all") for a, b, n in pairs]


def test_persons_found_in_both_groups_speak_against_it():
    """In whichever table of a group they are found, and whichever way they were compared."""
    groups = said(customer=["customers"], employee=["staff"])
    few, many = shared(("staff.email", "orders.email", 7), ("customers.email", "payroll.email", 9))
    assert groups.shared("shop/payroll", {"customer"}, [few, many], []) == many
    elsewhere = shared(
        ("letters.email", "customers.email", 30), ("staff.email", "payroll.email", 8)
    )
    assert groups.shared("shop/staff", {"customer"}, elsewhere, []) is None


def test_a_person_who_says_that_they_are_not_the_same_is_heard():
    """A rejected link between the two columns, in either direction."""
    groups = said(customer=["customers"], employee=["staff"])
    measured = shared(("staff.email", "customers.email", 7))
    for ends in (("staff", "customers"), ("customers", "staff")):
        one, other = (TableRef("shop", end) for end in ends)
        link = Link(one, ("email",), other, ("email",), state=LinkState.REJECTED)
        assert groups.shared("shop/staff", {"customer"}, measured, [link]) is None


def test_known_groups_are_told_in_the_record_s_words():
    """Others as they are written."""
    assert called("employee", "nb") == "ansatte"
    assert called("employee", "en") == "employees"
    assert called("styremedlemmer", "nb") == "styremedlemmer"
