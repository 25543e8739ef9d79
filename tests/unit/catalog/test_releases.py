"""Published versions and approvals."""

from __future__ import annotations

import pytest

from sladd.errors import CatalogError


def test_version_is_recorded_once(catalog):
    """The same one again changes nothing; another content under its name is an error."""
    summary = {"tables": [{"name": "orders", "rows_out": 3}], "label": "pseudonymised"}
    for _ in range(2):
        catalog.releases.record("analytics", "v1", summary, by="flow")
    catalog.releases.record("analytics", "v2", summary)
    with pytest.raises(CatalogError) as caught:
        catalog.releases.record("analytics", "v1", {})
    assert caught.value.code == 516
    assert [(r.release, r.version, r.summary) for r in catalog.releases.all()] == [
        ("analytics", "v1", summary),
        ("analytics", "v2", summary),
    ]
    assert len(catalog.audit.entries()) == 2


def test_last_approval_holds_for_its_release(catalog):
    """Never approved is told from approved without a field."""
    assert catalog.plans.approved_fields("analytics") is None
    catalog.plans.approve("analytics", "a" * 64, ["shop/t.b", "shop/t.a"], "kari")
    catalog.plans.approve("open", "b" * 64, [], "kari")
    assert catalog.plans.approved_fields("analytics") == {"shop/t.a", "shop/t.b"}
    assert catalog.plans.approved_fields("open") == frozenset()
    catalog.plans.approve("analytics", "c" * 64, ["shop/t.a"], "ola")
    assert catalog.plans.approved_fields("analytics") == {"shop/t.a"}
    assert [a.by for a in catalog.plans.approvals("analytics")] == ["kari", "ola"]
