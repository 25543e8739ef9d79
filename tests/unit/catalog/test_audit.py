"""The audit trail: complete, chained, and refused to whoever would rewrite it."""

from __future__ import annotations

import hashlib
import json
import sqlite3

import pytest

from sladd.catalog import audit
from sladd.errors import CatalogError
from sladd.model import Decision
from tests.unit.catalog.scanned import EMAIL, field, scan, table


@pytest.fixture
def trail(catalog):
    """A catalog with a little history."""
    scan(catalog, table("t", field("t", "c", EMAIL)))
    catalog.verdicts.decide("shop/t.c", Decision.CONFIRMED, reason="secret words", by="kari")
    catalog.releases.record("analytics", "v1", {"tables": 3})
    catalog.plans.approve("analytics", "0" * 64, ["shop/t.c"], "kari")
    catalog.audit.append("reveal", "analytics", "ola", {"rows": 2})
    return catalog


def test_every_change_is_in_the_trail(trail):
    """Who, what, on what; in the order it happened."""
    assert [(e.number, e.by, e.action, e.subject) for e in trail.audit.entries()] == [
        (1, "engineer", "scan.begin", "shop"),
        (2, "engineer", "scan.finish", "shop"),
        (3, "kari", "decide", "shop/t.c"),
        (4, "", "publish", "analytics"),
        (5, "kari", "plan.approve", "analytics"),
        (6, "ola", "reveal", "analytics"),
    ]
    assert trail.audit.entries()[5].detail == {"rows": 2}
    assert trail.audit.verify() == []
    assert trail.audit.entries(after=4) == trail.audit.entries()[4:]


def test_chain_can_be_checked_from_its_description_alone(trail):
    """SHA-256 over canonical JSON, each entry over the hash before it."""
    previous = audit.FIRST
    for e in trail.audit.entries():
        detail = json.dumps(e.detail, sort_keys=True, separators=(",", ":"))
        parts = [1, e.number, e.at, e.by, e.action, e.subject, detail, previous]
        text = json.dumps(parts, separators=(",", ":"))
        assert e.previous == previous
        assert e.hash == hashlib.sha256(text.encode()).hexdigest()
        previous = e.hash
    assert trail.audit.head() == (6, previous)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sladd_audit SET actor = 'x'",
        "DELETE FROM sladd_audit",
        "UPDATE sladd_verdicts SET reason = 'x'",
        "DELETE FROM sladd_verdicts",
    ],
)
def test_database_refuses_to_rewrite(trail, statement):
    """Audit trail and verdicts only ever grow."""
    with pytest.raises(CatalogError) as caught, trail._database.writing() as connection:
        connection.exec_driver_sql(statement)
    assert caught.value.code == 509
    assert trail.audit.verify() == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE sladd_audit SET actor = 'x' WHERE number = 3", "entry 3 was altered"),
        ("UPDATE sladd_audit SET detail = '{}' WHERE number = 6", "entry 6 was altered"),
        ("DELETE FROM sladd_audit WHERE number = 3", "entry 3 is missing"),
        ("DELETE FROM sladd_audit WHERE number IN (2, 3)", "2-3 are missing"),
        ("DELETE FROM sladd_audit WHERE number = 6", "ends at entry 5, but 6 were written"),
        ("UPDATE sladd_audit SET previous = hash WHERE number = 4", "entry 4 does not follow"),
        ("UPDATE sladd_audit_head SET number = 4", "has 6 entries, but only 4 were written"),
        ("UPDATE sladd_audit_head SET hash = ''", "last entry is not the one"),
        ("DELETE FROM sladd_audit", "ends at entry 0, but 6 were written"),
    ],
)
def test_tampering_shows(trail, tmp_path, statement, problem):
    """Also when someone takes the triggers away first."""
    raw = sqlite3.connect(tmp_path / ".sladd/catalog.db")
    for event in ("update", "delete"):
        raw.execute(f"DROP TRIGGER sladd_audit_no_{event}")
    raw.execute(statement)
    raw.commit()
    raw.close()
    assert any(problem in found for found in trail.audit.verify())


def test_strange_words_keep_the_chain_whole(catalog):
    """What a database cannot store is replaced before it is hashed."""
    catalog.audit.append("a\0b", "emne\udcff", "bjørn", {"å": "\0"})
    assert catalog.audit.verify() == []
    assert catalog.audit.entries()[0].detail == {"å": "\0"}
