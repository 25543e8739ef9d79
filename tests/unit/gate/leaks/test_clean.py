"""A release without faults."""


def test_the_clean_release_passes(shop):
    """Nothing of the source is in cells, names, comments and documents."""
    shop.documents = True
    checks = shop.check()
    assert [c for c in checks if not c.passed] == []
    assert any("14 fields were looked for" in c.detail for c in checks)
