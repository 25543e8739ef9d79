"""Processing activities are kept for good, version by version, and nobody overwrites another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sladd.catalog.activities import ActivityError
from sladd.model import Activity, Basis, Condition, Persons, Transfer

ORDERS = Activity(
    "orders",
    "Ordre",
    purpose="Levere varer",
    bases=(Basis.CONTRACT, Basis.LEGAL_OBLIGATION),
    conditions=(Condition.EXPLICIT_CONSENT,),
    persons=(Persons.CUSTOMER,),
    categories=("user.name",),
    transfer=Transfer.NONE,
    covers=("shop/public.orders",),
)


def test_an_activity_comes_back_as_it_was_saved(catalog):
    """Every part of it, with its kinds."""
    catalog.activities.save(ORDERS, version=0, by="ombud")
    (saved,) = catalog.activities.all()
    assert saved.activity == ORDERS
    assert (saved.version, saved.by) == (1, "ombud")


def test_the_second_of_two_who_change_it_at_once_is_told(catalog):
    """A version that was made from an older one is refused, and nothing of it is kept."""
    catalog.activities.save(ORDERS, version=0, by="ombud")
    catalog.activities.save(replace(ORDERS, retention="5 år"), version=1, by="ombud")
    with pytest.raises(ActivityError, match="by ombud, and is now version 2") as fault:
        catalog.activities.save(replace(ORDERS, retention="1 år"), version=1, by="vikar")
    assert fault.value.code == 920
    assert catalog.activities.one("orders").activity.retention == "5 år"


def test_a_removed_activity_is_out_of_the_record_and_stays_on_file(catalog):
    """Its versions can still be read, and it can come back as a further version."""
    catalog.activities.save(ORDERS, version=0, by="ombud")
    catalog.activities.remove("orders", version=1, by="ombud")
    assert catalog.activities.all() == []
    assert catalog.activities.one("orders") is None
    assert len(catalog.activities.history("orders")) == 2
    with pytest.raises(ActivityError) as fault:
        catalog.activities.remove("orders", version=2, by="ombud")
    assert fault.value.code == 921
    catalog.activities.save(ORDERS, version=2, by="ombud")
    assert catalog.activities.one("orders").version == 3


def test_each_change_stands_in_the_audit_trail_with_what_changed(catalog):
    """The names of the parts that changed, not what was written."""
    catalog.activities.save(ORDERS, version=0, by="ombud")
    catalog.activities.save(replace(ORDERS, retention="5 år"), version=1, by="ombud")
    last = catalog.audit.entries()[-1]
    assert (last.action, last.subject) == ("activity.save", "orders")
    assert last.detail == {"version": 2, "name": "Ordre", "changed": ["retention"]}
    assert catalog.audit.verify() == []
