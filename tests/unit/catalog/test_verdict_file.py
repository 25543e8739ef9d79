"""Verdicts as YAML: stable for git, read back whole or not at all."""

from __future__ import annotations

import pytest

from sladd.catalog import ImportResult, open_catalog
from sladd.errors import CatalogError, ManyErrors
from sladd.model import Decision
from tests.unit.catalog.conftest import URL
from tests.unit.catalog.scanned import EMAIL, field, scan, table

MAIL = "shop/t.mail"
SHOP = table("t", field("t", "mail", EMAIL), field("t", "navn på kjøper"), field("t", "z", EMAIL))
NAME = str(SHOP.fields[1].field.ref)


@pytest.fixture
def other(tmp_path):
    """A second catalog that has scanned the same shop."""
    with open_catalog(URL, root=tmp_path / "other") as opened:
        scan(opened, SHOP)
        yield opened


@pytest.fixture
def decided(catalog):
    """Two decisions, given in the other order than the fields stand."""
    scan(catalog, SHOP)
    catalog.verdicts.decide("shop/t.z", Decision.REJECTED, reason="no: 'test', # data", by="ola")
    catalog.verdicts.decide(
        NAME, Decision.CHANGED, category="user.name", reason="på kjøper", by="kari"
    )
    return catalog


def entry(address: str = MAIL, **keys: str) -> str:
    lines = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    return f"format: 1\nverdicts:\n  {address}:\n{lines}"


def test_export_is_stable_and_sorted(decided):
    """The order of deciding does not show."""
    text = decided.verdicts.export()
    assert text == decided.verdicts.export()
    assert text.startswith("# Decisions about personal data")
    assert text.index(NAME) < text.index("shop/t.z")
    assert "på kjøper" in text


def test_file_moves_verdicts_to_another_catalog(decided, other):
    """Who, when, why and on what come along; a second import changes nothing."""
    text = decided.verdicts.export()
    assert other.verdicts.take_over(text, "engineer").applied == (NAME, "shop/t.z")
    assert other.verdicts.export() == text
    assert other.verdicts.history(NAME) == decided.verdicts.history(NAME)
    assert other.verdicts.take_over(text, "engineer") == ImportResult(unchanged=(NAME, "shop/t.z"))
    assert [e.by for e in other.audit.entries() if e.action == "verdicts.import"] == ["engineer"]
    assert decided.verdicts.take_over(text, "engineer").applied == ()


def test_unknown_fields_are_told_and_the_rest_is_taken(decided, catalog, tmp_path):
    """A file may know more than the catalog."""
    with open_catalog(URL, root=tmp_path / "small") as small:
        scan(small, table("t", field("t", "z", EMAIL)))
        result = small.verdicts.take_over(decided.verdicts.export(), "engineer")
    assert result == ImportResult(applied=("shop/t.z",), unknown=(NAME,))


def test_verdict_on_older_evidence_is_reopened_on_import(decided, tmp_path):
    """A file does not answer what nobody had seen."""
    with open_catalog(URL, root=tmp_path / "later") as later:
        scan(later, table("t", field("t", "z", EMAIL, ("pattern", "header"))))
        later.verdicts.take_over(decided.verdicts.export(), "engineer")
        (found,) = later.fields.all()
        assert found.verdict.reopened
        # The same file again must not close it.
        assert later.verdicts.take_over(decided.verdicts.export(), "engineer").applied == ()
        assert later.fields.all()[0].verdict.reopened


def test_old_file_takes_no_later_decision_back(decided):
    """It is told as older."""
    old = decided.verdicts.export()
    decided.verdicts.decide("shop/t.z", Decision.CONFIRMED, reason="real after all", by="kari")
    assert decided.verdicts.take_over(old, "engineer") == ImportResult(
        unchanged=(NAME,), older=("shop/t.z",)
    )
    assert decided.verdicts.history("shop/t.z")[-1].decision is Decision.CONFIRMED


def test_edited_entry_counts_as_decided_by_who_imports_it(decided):
    """Who edits a file seldom edits `by` and `at` with it."""
    edited = decided.verdicts.export().replace(
        "category: user.name\n", "category: user.name.first\n"
    )
    assert decided.verdicts.take_over(edited, "engineer").applied == (NAME,)
    first, last = decided.verdicts.history(NAME)
    assert (last.category, last.by) == ("user.name.first", "engineer")
    assert last.at > first.at


def test_entry_written_by_hand_needs_only_a_decision(catalog):
    """What is left out is taken from the finding and from who imports it."""
    scan(catalog, SHOP)
    text = entry(decision="confirmed")
    assert catalog.verdicts.take_over(text, "engineer").applied == (MAIL,)
    (verdict,) = catalog.verdicts.history(MAIL)
    assert (verdict.category, verdict.by, verdict.reason) == ("user.contact.email", "engineer", "")
    assert verdict.fingerprint == SHOP.fields[0].finding.fingerprint
    assert catalog.verdicts.take_over(text, "engineer").unchanged == (MAIL,)


FUTURE = "2999-01-01T00:00:00+00:00"  # fixed: workers must collect the same tests


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: b: c", 1, "no valid YAML"),
        ("[" * 3_000_000, 1, "no list of verdicts"),
        ("a: &x {}\nb: *x", 2, "no list of verdicts"),
        ("", 1, "mapping is missing"),
        ("verdicts: {}", 1, "format: 1"),
        ("format: 1\nverdicts: []", 2, "no mapping of fields"),
        (entry(decision="confirm"), 4, "confirmed, rejected or changed"),
        (entry(decision="rejected", raeson="x"), 5, "did you mean 'reason'?"),
        (entry(decision="changed", category="user.nam"), 5, "did you mean 'user.name'?"),
        (entry(decision="rejected", category="user.name"), 5, "no category"),
        (entry(decision="rejected", at="yesterday"), 5, "no time"),
        (entry(decision="rejected", at=FUTURE), 5, "future"),
        (entry(decision="rejected", reason="[a]"), 5, "plain text"),
        (entry(decision="rejected", saw="{how: maybe}"), 5, "is, contains, linked or none"),
        (entry(NAME, decision="confirmed"), 3, "nothing to confirm"),
        (entry(decision="rejected") + f"  {MAIL}:\n    decision: rejected\n", 5, "twice"),
        (entry(decision="rejected", by="!!python/object:os.system {}"), 5, "plain text"),
    ],
)
def test_faulty_file_is_refused_whole_with_the_line(catalog, text, line, words):
    """The good entry before the bad one is not taken either."""
    scan(catalog, SHOP)
    text = text.replace("verdicts:\n", "verdicts:\n  shop/t.z: {decision: rejected}\n")
    with pytest.raises(CatalogError) as caught:
        catalog.verdicts.take_over(text, "engineer")
    shift = int("shop/t.z" in text)
    assert words in str(caught.value)
    assert f"line {line + shift}" in str(caught.value)
    assert catalog.verdicts.history("shop/t.z") == []


def test_file_with_what_is_no_text_is_refused(catalog):
    """YAML has no NUL; the parser cannot say on which line."""
    with pytest.raises(CatalogError) as caught:
        catalog.verdicts.take_over(entry(decision="rejected", reason="\0"), "engineer")
    assert caught.value.code == 513


def test_all_faults_of_a_file_are_told_at_once(catalog):
    """One round of mending is enough."""
    scan(catalog, SHOP)
    text = entry(decision="x") + "  shop/t.z:\n    decision: y\n"
    with pytest.raises(ManyErrors) as caught:
        catalog.verdicts.take_over(text, "engineer")
    assert len(str(caught.value).splitlines()) == 2
