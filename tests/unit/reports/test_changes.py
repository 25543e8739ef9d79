"""The change report: what came, went and was decided between scans."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from sladd.catalog import Catalog, open_catalog
from sladd.config import Config
from sladd.errors import ConfigError
from sladd.model import Decision, FieldScan, TableScan
from sladd.reports.changes import FORMATS, gather_changes, render_changes
from sladd.taxonomy import load
from tests.unit.catalog.scanned import ACCOUNT, EMAIL, NATIONAL_ID, field, scan, table

START = datetime(2026, 11, 1, 9, tzinfo=UTC)
TAXONOMY = load()


def surer(scanned: FieldScan, confidence: float) -> FieldScan:
    """The field with another confidence."""
    return replace(scanned, finding=replace(scanned.finding, confidence=confidence))


class Clock:
    """A day goes by with each scan."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def next_day(self) -> None:
        """Go on to the next morning."""
        self.now = (self.now + timedelta(days=1)).replace(hour=9, minute=0, second=0)


@pytest.fixture
def clock() -> Clock:
    """The catalog's clock."""
    return Clock()


@pytest.fixture
def catalog(tmp_path: Path, clock: Clock) -> Iterator[Catalog]:
    """An empty catalog."""
    with open_catalog("sqlite:///c.db", root=tmp_path, clock=clock) as opened:
        yield opened


def found(*fields: FieldScan) -> TableScan:
    """The one table of the source."""
    return table("customers", *fields)


def changes(catalog: Catalog, since: str | None = None):
    """What `sladd report --changes` collects."""
    return gather_changes(catalog, TAXONOMY, Config(), since=since)


def told(catalog: Catalog, since: str | None = None) -> dict[str, str]:
    """Column → kind of change."""
    return {c.field.rsplit(".", 1)[-1]: c.kind for c in changes(catalog, since).fields}


def test_each_kind_of_change_is_told_once(catalog, clock):
    """New, another category, surer, gone and vanished; what is as it was is not told."""
    scan(
        catalog,
        found(
            field("customers", "same", EMAIL),
            field("customers", "other", EMAIL),
            surer(field("customers", "surer", EMAIL), 0.7),
            surer(field("customers", "hardly", EMAIL), 0.90),
            field("customers", "gone", EMAIL),
            field("customers", "lost", EMAIL),
            field("customers", "plain"),
        ),
    )
    clock.next_day()
    scan(
        catalog,
        found(
            field("customers", "same", EMAIL),
            field("customers", "other", ACCOUNT),
            surer(field("customers", "surer", EMAIL), 0.95),
            surer(field("customers", "hardly", EMAIL), 0.92),
            field("customers", "lost"),
            field("customers", "fresh", NATIONAL_ID),
            field("customers", "dull"),
        ),
    )
    assert told(catalog) == {
        "fresh": "new",
        "other": "category",
        "surer": "confidence",
        "gone": "vanished",
        "lost": "vanished",
    }
    (span,) = changes(catalog).spans
    assert (span.came, span.went) == (1, 1)


def test_several_scans_are_one_change(catalog, clock):
    """There and back again is nothing; by steps is from the first to the last."""
    for tags in ((EMAIL, EMAIL), (ACCOUNT, ACCOUNT), (EMAIL, NATIONAL_ID)):
        scan(catalog, found(field("customers", "a", tags[0]), field("customers", "b", tags[1])))
        clock.next_day()
    (change,) = changes(catalog, "1").fields
    assert change.field.endswith(".b")
    assert change.before is not None
    assert change.after is not None
    assert change.before.category is not None
    assert change.after.category is not None
    assert change.before.category.key == EMAIL[1]
    assert change.after.category.key == NATIONAL_ID[1]
    assert told(catalog) == {"a": "category", "b": "category"}


def test_a_date_means_before_that_day(catalog, clock):
    """What that day's scan found is new."""
    scan(catalog, found(field("customers", "a", EMAIL)))
    clock.next_day()
    scan(catalog, found(field("customers", "a", EMAIL), field("customers", "b", EMAIL)))
    assert told(catalog, "2026-11-02") == {"b": "new"}
    assert told(catalog, "2026-11-03") == {}
    assert changes(catalog, "2026-10-01").spans[0].begun is None


def test_decisions_since_the_earlier_scan_are_told(catalog, clock):
    """Not those of before it."""
    both = found(field("customers", "a", EMAIL), field("customers", "b", EMAIL))
    scan(catalog, both)
    catalog.verdicts.decide("shop/customers.a", Decision.CONFIRMED, reason="ja", by="kari")
    clock.next_day()
    scan(catalog, both)
    clock.next_day()
    catalog.verdicts.decide("shop/customers.b", Decision.REJECTED, reason="nei", by="kari")
    scan(catalog, both)
    (only,) = changes(catalog).decisions
    assert (only.field, only.verdict.by) == ("shop/customers.b", "kari")
    assert len(changes(catalog, "1").decisions) == 2, "both were given after the first scan"
    assert len(changes(catalog, "2026-01-01").decisions) == 2


@pytest.mark.parametrize(("since", "code"), [("yesterday", 935), ("99", 936), ("2026-13-01", 935)])
def test_what_is_no_scan_and_no_date_is_refused(catalog, since, code):
    """In one line."""
    scan(catalog, found(field("customers", "a", EMAIL)))
    with pytest.raises(ConfigError) as fault:
        changes(catalog, since)
    assert fault.value.code == code


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("style", [name for name, _ in FORMATS])
def test_every_format_tells_every_change(catalog, clock, style, lang):
    """In both languages, and a hostile name stays text."""
    hostile = '=HYPERLINK("x")<script>alert(1)</script>'
    scan(catalog, found(field("customers", "a", EMAIL)))
    clock.next_day()
    scan(catalog, found(field("customers", "a", ACCOUNT), field("customers", hostile, EMAIL)))
    catalog.verdicts.decide("shop/customers.a", Decision.CONFIRMED, reason="=1+1", by="kari")
    content = render_changes(changes(catalog), style, lang)
    if style == "xlsx":
        book = load_workbook(io.BytesIO(content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
        text = " ".join(str(cell.value) for cell in cells)
    else:
        text = content.decode()
    assert "<script>" not in text or style in {"json", "xlsx"}
    assert "customers.a" in text.replace("\\", "").replace("<wbr>", "")
    assert "HYPERLINK" in text
    if style == "json":
        counts = json.loads(text)["counts"]
        assert counts == {
            "new": 1, "reopened": 0, "category": 1, "confidence": 0, "vanished": 0,
        }  # fmt: skip


def test_nothing_scanned_and_the_first_scan_are_told_in_words(catalog):
    """No table without rows, no empty page."""
    assert "sladd discover" in render_changes(changes(catalog), "md", "en").decode()
    scan(catalog, found(field("customers", "a", EMAIL)))
    assert "first scan of shop" in render_changes(changes(catalog), "md", "en").decode()


def test_two_scans_of_one_day_are_told_apart_by_the_clock(catalog, clock):
    """What was compared is no use as twice the same date."""
    scan(catalog, found(field("customers", "a", EMAIL)))
    scan(catalog, found(field("customers", "a", EMAIL), field("customers", "b", EMAIL)))
    page = render_changes(changes(catalog), "md", "nb").decode()
    assert page.count("kl.") >= 4
    assert "Det venter på vurdering." in page
