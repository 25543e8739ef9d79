"""What the discovery report gathers: figures, the things that matter, changes, persons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sladd.catalog import Catalog, open_catalog
from sladd.config import Config
from sladd.errors import ConfigError
from sladd.model import Decision, How, NotScanned, TableRef
from sladd.reports.bounds import upper_bound
from sladd.reports.discovery import gather, kind_of, render
from sladd.reports.facts import Discovery
from sladd.reports.persons import estimate
from sladd.taxonomy import Taxonomy
from sladd.writing.figures import day, number, percent

from .conftest import Clock, export_tables, field, scan, table

NBSP = "\u00a0"


def test_figures_count_each_field_once(data: Discovery) -> None:
    """Personal fields, by what they are; a rejected finding is not personal."""
    f = data.figures
    assert (f.fields, f.tables, f.sources) == (16, 5, 2)
    assert f.personal == 12  # of 16: two without a finding, a company name, a rejected one
    assert f.national_id == 2  # a column, and a text that holds them
    assert f.special == 1
    assert f.credential == 0  # rejected
    assert f.text == 1
    assert f.linked == 2
    assert sum(n for source in data.sources for n in source.by_kind.values()) == f.personal
    assert f.undecided == 9
    assert f.to_decide == 11, "a rejected finding was decided on as well"


def test_the_gravest_come_first(data: Discovery) -> None:
    """Special categories, identity numbers, then what is loose or free text."""
    topics = [item.topic for item in data.highlights]
    assert topics == ["special", "national_id", "headless", "text", "undecided"]
    first = data.highlights[1]
    assert first.places[0] == "shop/kunder.fodselsnr"
    assert first.checked == pytest.approx(0.98)
    assert data.highlights[-1].places[0] == "shop/kunder"


def test_a_source_nobody_scanned_is_not_scanned(data: Discovery) -> None:
    """It never counts as clean, nor does a table that failed."""
    assert {(item.where, item.code) for item in data.missed} == {("shop/lonn", 207), ("arkiv", 0)}


def test_changes_tell_what_is_new_since_the_last_scan(data: Discovery) -> None:
    """The second scan found a table; the first scan of a source is said to be that."""
    by_source = {change.source: change for change in data.changes}
    assert by_source["eksport"].first
    assert "shop/ordrer.kommentar" in by_source["shop"].changes["new_findings"]


def test_a_reopened_verdict_is_a_highlight(
    catalog: Catalog, taxonomy: Taxonomy, config: Config
) -> None:
    """A stricter finding than the one decided on blocks the field, so it is told."""
    ref = TableRef("eksport", "uten_overskrift")
    catalog.verdicts.decide(
        "eksport/uten_overskrift.c2", Decision.CONFIRMED, reason="x", by="ombud"
    )
    stricter = field(ref, "c2", How.IS, "user.health_and_medical", type="DIAGNOSIS")
    scan(catalog, "eksport", [table(ref, field(ref, "c1"), stricter, rows=80, total=80)])
    data = gather(catalog, taxonomy, config)
    assert data.figures.reopened == 1
    assert "reopened" in [item.topic for item in data.highlights]


def test_nothing_scanned_is_said(tmp_path: Path, taxonomy: Taxonomy) -> None:
    """An empty catalog gives a report in every format, and none says clean."""
    with open_catalog("sqlite:///c.db", root=tmp_path, clock=Clock()) as catalog:
        data = gather(catalog, taxonomy, Config())
    for name in ("html", "md", "xlsx", "json"):
        assert render(data, name, "nb")
    assert "Ingenting er skannet ennå" in render(data, "html", "nb").decode()


MISSING = NotScanned("arkiv", "the file does not exist · check the path in sladd.yaml", 205)


def test_a_source_that_failed_alone_is_not_called_clean(tmp_path: Path, taxonomy: Taxonomy) -> None:
    """Nothing was read: no key figures of zero, and the first sentence says why."""
    with open_catalog("sqlite:///c.db", root=tmp_path, clock=Clock()) as catalog:
        scan(catalog, "arkiv", [], MISSING)
        data = gather(catalog, taxonomy, Config())
    for name in ("html", "md"):
        page = render(data, name, "nb").decode()
        assert "Ingen av kildene kunne leses" in page
        assert "Ingenting haster" not in page
        assert "databasefilen finnes ikke" in page
        assert "Nøkkeltall" not in page


def test_nothing_found_beside_a_failed_source_is_not_nothing_there(
    tmp_path: Path, taxonomy: Taxonomy
) -> None:
    """The report says that not everything was read wherever it says that nothing was found."""
    ref = TableRef("lager", "varer")
    with open_catalog("sqlite:///c.db", root=tmp_path, clock=Clock()) as catalog:
        scan(catalog, "lager", [table(ref, field(ref, "varenr"))])
        clean = gather(catalog, taxonomy, Config())
        scan(catalog, "arkiv", [], MISSING)
        half = gather(catalog, taxonomy, Config())
    assert [item.topic for item in clean.highlights] == ["none"]
    assert [item.topic for item in half.highlights] == ["none_read"]
    assert "Alle rader i alle tabeller er lest" in render(clean, "html", "nb").decode()
    page = render(half, "html", "nb").decode()
    assert "Alle rader i alle tabeller er lest" not in page
    assert "første skanningen av lager." in page


def test_texts_count_when_something_stands_in_them(tmp_path: Path, taxonomy: Taxonomy) -> None:
    """The key figure and the highlight tell the same number."""
    ref = TableRef("shop", "saker")
    private = "user.content.private"
    fields = [
        field(ref, "emne", How.CONTAINS, private),
        field(ref, "melding", How.CONTAINS, private, also=("user.contact.email",)),
    ]
    with open_catalog("sqlite:///c.db", root=tmp_path, clock=Clock()) as catalog:
        scan(catalog, "shop", [table(ref, *fields)])
        data = gather(catalog, taxonomy, Config())
    told = next(item for item in data.highlights if item.topic == "text")
    assert data.figures.text == told.count == 1
    assert data.sources[0].by_kind["text"] == 2


def test_a_title_begins_with_a_capital(catalog: Catalog, taxonomy: Taxonomy) -> None:
    """Also when it begins with a count in words."""
    ref = TableRef("lager", "medlemmer")
    scan(catalog, "lager", [table(ref, field(ref, "epost", How.IS, "user.contact.email"))])
    data = gather(catalog, taxonomy, Config())
    lone = replace(data, highlights=(replace(data.highlights[-1], count=1),))
    assert lone.highlights[0].topic == "undecided"
    assert "Ett felt venter på vurdering" in render(lone, "html", "nb").decode()
    assert "One field waiting for a decision" in render(lone, "html", "en").decode()


def test_persons_share_a_declared_entity() -> None:
    """Two tables of the same persons count once, and an unkeyed table counts apart."""
    here, there = TableRef("a", "kunder"), TableRef("b", "medlemmer")
    one = table(here, field(here, "id", distinct=1000), total=1000, path=("a/kunder.id",))
    two = table(there, field(there, "nr", distinct=1000), total=700, path=("b/medlemmer.nr",))
    apart = estimate([one, two, *export_tables()], {})
    shared = estimate([one, two], {"customer": ["a/kunder.id", "b/medlemmer.nr"]})
    assert (apart.count, apart.tables, apart.loose_rows) == (1700, 2, 80)
    assert (shared.count, shared.tables) == (1000, 2)


def test_a_log_counts_keys_not_rows() -> None:
    """A person's key that repeats is counted by its distinct values."""
    ref = TableRef("a", "logg")
    log = table(ref, field(ref, "user", distinct=40), total=90_000, path=("a/logg.user",))
    assert estimate([log], {}).count == 40


@pytest.mark.parametrize(
    ("key", "how", "kind"),
    [
        ("user.government_id.national_identification_number", How.IS, "national_id"),
        ("user.health_and_medical", How.IS, "special"),
        ("user.criminal_history", How.IS, "special"),
        ("user.authorization.password", How.IS, "credential"),
        ("user.financial.salary", How.IS, "financial"),
        ("user.contact.email", How.IS, "direct"),
        ("user.contact.address.postal_code", How.IS, "indirect"),
        ("user.contact.email", How.CONTAINS, "text"),
        ("user.account", How.LINKED, "linked"),
        ("organization.name", How.IS, "organisation"),
    ],
)
def test_kinds(taxonomy: Taxonomy, key: str, how: How, kind: str) -> None:
    """The strictest kind that fits."""
    assert kind_of(taxonomy[key], how) == kind


@pytest.mark.parametrize(
    ("share", "nb", "en"),
    [
        (0, "0", "0"), (1, "100", "100"), (0.5, "50", "50"), (0.999999, "99,9", "99.9"),
        (0.0005, "0,05", "0.05"), (0.076, "7,6", "7.6"), (0.00001, "0,001", "0.001"),
    ],
)  # fmt: skip
def test_percent(share: float, nb: str, en: str) -> None:
    """Neither rounded to none nor to all."""
    assert percent(share, "nb") == f"{nb}{NBSP}%"
    assert percent(share, "en") == f"{en}%"


def test_numbers_and_dates() -> None:
    """As each language writes them."""
    from datetime import date

    assert number(1_234_567, "nb") == f"1{NBSP}234{NBSP}567"
    assert number(1234.5, "nb") == f"1{NBSP}234,5"
    assert number(1234.5, "en") == "1,234.5"
    assert day(date(2026, 3, 2), "nb") == f"2.{NBSP}mars 2026"
    assert day(date(2026, 3, 2), "en") == f"2{NBSP}March 2026"


def test_the_bound_is_the_exact_binomial_one() -> None:
    """No hit in 5,000 random rows: below 0.06 % at 95 %; nothing is known of no rows."""
    assert (1 - upper_bound(5000)) ** 5000 == pytest.approx(0.05)
    assert upper_bound(0) == 1.0


@pytest.mark.parametrize(("style", "lang", "code"), [("pdf", "nb", 152), ("html", "sv", 151)])
def test_an_unknown_format_or_language_is_one_clear_line(
    data: Discovery, style: str, lang: str, code: int
) -> None:
    """It names what there is."""
    with pytest.raises(ConfigError) as caught:
        render(data, style, lang)
    assert caught.value.code == code
    assert "use" in caught.value.mend
