"""Published versions and approvals."""

from __future__ import annotations

import pytest

from sladd.errors import CatalogError


def test_version_is_recorded_once(catalog):
    """The same one again changes nothing; another content under its name is an error."""
    summary = {"tables": [{"name": "orders", "rows_out": 3}], "label": "pseudonymised"}
    for _ in range(2):
        catalog.record_release("analytics", "v1", summary, by="flow")
    catalog.record_release("analytics", "v2", summary)
    with pytest.raises(CatalogError) as caught:
        catalog.record_release("analytics", "v1", {})
    assert caught.value.code == 516
    assert [(r.release, r.version, r.summary) for r in catalog.releases()] == [
        ("analytics", "v1", summary),
        ("analytics", "v2", summary),
    ]
    assert len(catalog.audit_entries()) == 2


def test_last_approval_holds_for_its_release(catalog):
    """Never approved is told from approved without a field."""
    assert catalog.approved_fields("analytics") is None
    catalog.record_plan_approval("analytics", "a" * 64, ["shop/t.b", "shop/t.a"], "kari")
    catalog.record_plan_approval("open", "b" * 64, [], "kari")
    assert catalog.approved_fields("analytics") == {"shop/t.a", "shop/t.b"}
    assert catalog.approved_fields("open") == frozenset()
    catalog.record_plan_approval("analytics", "c" * 64, ["shop/t.a"], "ola")
    assert catalog.approved_fields("analytics") == {"shop/t.a"}
    assert [a.by for a in catalog.approvals("analytics")] == ["kari", "ola"]
