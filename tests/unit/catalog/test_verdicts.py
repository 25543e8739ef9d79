"""Verdicts: taken, kept through rescans, reopened by news, and what holds after them."""

from __future__ import annotations

import pytest

from sladd.catalog import DecisionError, Effective
from sladd.model import Decision, How
from tests.unit.catalog.scanned import (
    ACCOUNT,
    EMAIL,
    NATIONAL_ID,
    NOTHING,
    field,
    scan,
    table,
)

ADDRESS = "shop/t.c"
HEALTH = ("", "user.health_and_medical")


def seen(catalog, tag, signals=("header",), **options):
    """A scan that says this of the one field."""
    return scan(catalog, table("t", field("t", "c", tag, signals, **options)))


def the_field(catalog):
    (found,) = catalog.fields.all()
    return found


def test_last_of_several_decisions_holds(catalog):
    """All of them stay in the history."""
    seen(catalog, EMAIL)
    catalog.verdicts.decide(ADDRESS, Decision.CONFIRMED, reason="so it is", by="kari")
    catalog.verdicts.decide(ADDRESS, Decision.REJECTED, reason="test data", by="ola")
    assert [(v.decision, v.by) for v in catalog.verdicts.history(ADDRESS)] == [
        (Decision.CONFIRMED, "kari"),
        (Decision.REJECTED, "ola"),
    ]
    assert the_field(catalog).verdict == catalog.verdicts.history(ADDRESS)[-1]


@pytest.mark.parametrize(
    ("tag", "how", "decision", "category", "later", "effective"),
    [
        (EMAIL, How.IS, None, "", EMAIL, (EMAIL[1], How.IS)),
        (EMAIL, How.IS, Decision.CONFIRMED, "", EMAIL, (EMAIL[1], How.IS)),
        (EMAIL, How.CONTAINS, Decision.CONFIRMED, "", NOTHING, (EMAIL[1], How.CONTAINS)),
        (EMAIL, How.IS, Decision.REJECTED, "", EMAIL, ("", How.NONE)),
        (EMAIL, How.IS, Decision.CHANGED, "user.name", EMAIL, ("user.name", How.IS)),
        (EMAIL, How.CONTAINS, Decision.CHANGED, "user.name", EMAIL, ("user.name", How.CONTAINS)),
        (EMAIL, How.LINKED, Decision.CHANGED, "user.name", EMAIL, ("user.name", How.IS)),
        (NOTHING, How.NONE, Decision.CHANGED, "user.name", NOTHING, ("user.name", How.IS)),
        (NOTHING, How.NONE, Decision.REJECTED, "", NOTHING, ("", How.NONE)),
    ],
)
def test_what_holds_after_the_verdict(catalog, tag, how, decision, category, later, effective):
    """Rejected means none, changed means the category; a later miss takes nothing back."""
    seen(catalog, tag, how=how)
    if decision is not None:
        catalog.verdicts.decide(ADDRESS, decision, category=category, reason="r", by="kari")
    seen(catalog, later, how=how if later == tag else How.NONE)
    assert the_field(catalog).effective == Effective(*effective)


@pytest.mark.parametrize(
    ("then", "decision", "category", "now", "reopened"),
    [
        # tag and signals when decided → tag and signals of the next scan
        ((EMAIL, ("pattern",)), "confirmed", "", (EMAIL, ("pattern", "header")), False),
        ((EMAIL, ("header",)), "rejected", "", (EMAIL, ("header", "neighbour")), False),
        ((EMAIL, ("header",)), "rejected", "", (EMAIL, ("header", "pattern")), True),
        ((EMAIL, ("header",)), "rejected", "", (NOTHING, ()), False),
        ((EMAIL, ("pattern",)), "rejected", "", (ACCOUNT, ("checksum",)), True),
        ((EMAIL, ("pattern",)), "confirmed", "", (NATIONAL_ID, ("header",)), True),
        ((NATIONAL_ID, ("checksum",)), "confirmed", "", (EMAIL, ("header",)), False),
        ((NATIONAL_ID, ("checksum",)), "changed", "user.name", (NATIONAL_ID, ("checksum",)), False),
        ((EMAIL, ("header",)), "changed", "user.name", (HEALTH, ("header",)), True),
        ((NOTHING, ()), "rejected", "", (EMAIL, ("header",)), True),
        ((NOTHING, ()), "rejected", "", (NOTHING, ()), False),
        ((NOTHING, ()), "changed", NATIONAL_ID[1], (EMAIL, ("header",)), False),
    ],
)
def test_news_reopens_a_verdict_and_nothing_else(catalog, then, decision, category, now, reopened):
    """New deterministic evidence, or a higher legal class than any that was considered."""
    seen(catalog, *then)
    catalog.verdicts.decide(ADDRESS, Decision(decision), category=category, reason="r", by="kari")
    drift = seen(catalog, *now)
    verdict = the_field(catalog).verdict
    assert verdict.reopened is reopened
    assert bool(verdict.reopened_why) is reopened
    assert drift.reopened == ((ADDRESS,) if reopened else ())
    assert verdict.decision is Decision(decision)


def test_category_found_beside_reopens_too(catalog):
    """A text that was confirmed for e-mail and turns out to hold health data."""
    seen(catalog, EMAIL, how=How.CONTAINS)
    catalog.verdicts.decide(ADDRESS, Decision.CONFIRMED, reason="r", by="kari")
    seen(catalog, EMAIL, how=How.CONTAINS, also=(HEALTH[1],))
    assert "user.health_and_medical (art9, decided on contact)" in (
        the_field(catalog).verdict.reopened_why
    )


def test_reopened_stays_until_decided_again(catalog):
    """A scan that misses the news does not close it; a decision does, and knows the news."""
    seen(catalog, EMAIL)
    catalog.verdicts.decide(ADDRESS, Decision.REJECTED, reason="r", by="kari")
    seen(catalog, EMAIL, ("pattern",))
    assert the_field(catalog).verdict.reopened_why == (
        "new evidence since the decision: pattern of EMAIL_ADDRESS"
    )
    assert seen(catalog, EMAIL).reopened == ()
    assert the_field(catalog).verdict.reopened
    seen(catalog, EMAIL, ("pattern",))
    catalog.verdicts.decide(ADDRESS, Decision.REJECTED, reason="again", by="kari")
    assert seen(catalog, EMAIL, ("pattern",)).reopened == ()
    assert not the_field(catalog).verdict.reopened
    assert [v.reopened for v in catalog.verdicts.history(ADDRESS)] == [True, False]


def test_decision_during_a_scan_is_held_against_what_the_scan_finds(catalog):
    """Who decides on the old finding while a scan runs has not seen the new one."""
    seen(catalog, EMAIL)
    number = catalog.scans.begin("shop", ruleset="r1", by="engineer")
    catalog.scans.record(number, table("t", field("t", "c", NATIONAL_ID, ("checksum",))))
    catalog.verdicts.decide(ADDRESS, Decision.REJECTED, reason="r", by="kari")
    assert catalog.scans.finish(number, seen_tables=[]).reopened == (ADDRESS,)


def test_verdict_outlives_its_field(catalog):
    """A column that goes and comes back is still decided."""
    seen(catalog, EMAIL)
    catalog.verdicts.decide(ADDRESS, Decision.REJECTED, reason="r", by="kari")
    scan(catalog)
    seen(catalog, EMAIL)
    assert the_field(catalog).verdict.decision is Decision.REJECTED


@pytest.mark.parametrize(
    ("address", "decision", "category", "code", "words"),
    [
        ("shop/t.d", "confirmed", "", 510, "did you mean shop/t.c"),
        ("t.c", "confirmed", "", 510, "did you mean shop/t.c"),
        ("\udcff", "confirmed", "", 510, "sladd findings --all"),
        ("shop/t.c", "changed", "user.nam", 512, "did you mean 'user.name'"),
        ("shop/t.c", "changed", "", 512, "there is no category"),
        ("shop/t.c", "confirmed", "user.name", 511, "decide 'user.name' instead"),
        ("shop/t.c", "rejected", "user.name", 511, "leave the category out"),
        ("shop/t.empty", "confirmed", "", 511, "nothing to confirm"),
    ],
)
def test_decision_that_does_not_fit_is_refused(catalog, address, decision, category, code, words):
    """With what would fit; the history and the trail stay as they were."""
    scan(catalog, table("t", field("t", "c", EMAIL), field("t", "empty")))
    before = catalog.audit.entries()
    with pytest.raises(DecisionError) as caught:
        catalog.verdicts.decide(
            address, Decision(decision), category=category, reason="r", by="kari"
        )
    assert (caught.value.code, caught.value.exit_code) == (code, 2)
    assert words in str(caught.value)
    assert catalog.verdicts.history(address) == []
    assert catalog.audit.entries() == before
