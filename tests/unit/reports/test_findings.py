"""Findings as rows and as CSV."""

from __future__ import annotations

import csv
import io
import json

import pytest

from sladd.catalog import Catalog
from sladd.reports.findings import COLUMNS, as_csv, finding_rows
from sladd.taxonomy import Taxonomy

KEYS = {
    "format", "field", "source", "table", "column", "storage_type", "how", "type", "category",
    "identifiability", "legal_class", "may_reveal", "confidence", "verdict", "evidence",
}  # fmt: skip


def test_a_row_has_the_documented_keys(catalog: Catalog, taxonomy: Taxonomy) -> None:
    """Exactly format 1, ready for JSON."""
    rows = finding_rows(catalog.fields.all(), taxonomy, every=True)
    assert all(set(row) == KEYS for row in rows)
    assert {row["format"] for row in rows} == {1}
    assert json.loads(json.dumps(rows)) == rows
    number = next(row for row in rows if row["column"] == "fodselsnr")
    assert number["field"] == "shop/kunder.fodselsnr"
    assert number["legal_class"] == "national_id"
    assert number["identifiability"] == "direct"
    assert {set(item) == {"signal", "weight", "facts", "text"} for item in number["evidence"]} == {
        True
    }


def test_fields_without_finding_are_listed_on_request(catalog: Catalog, taxonomy: Taxonomy) -> None:
    """`every` adds them; how is none and confidence 0."""
    fields = catalog.fields.all()
    found = finding_rows(fields, taxonomy, every=False)
    every = finding_rows(fields, taxonomy, every=True)
    assert len(every) == len(fields)
    extra = [row for row in every if row not in found]
    assert {row["column"] for row in extra} >= {"varenr"}
    assert all(row["how"] == "none" and row["confidence"] == 0.0 for row in extra)


def test_verdicts_are_told_in_one_word(catalog: Catalog, taxonomy: Taxonomy) -> None:
    """Confirmed and rejected; a rejected finding stays in the list as what it was."""
    rows = {row["field"]: row for row in finding_rows(catalog.fields.all(), taxonomy, every=False)}
    assert rows["shop/kunder.epost"]["verdict"] == "confirmed"
    assert rows["shop/brukere.passord"]["verdict"] == "rejected"
    assert rows["shop/brukere.passord"]["category"] == "user.authorization.password"
    assert rows["shop/kunder.id"]["verdict"] == ""


def test_a_changed_verdict_changes_the_category(catalog: Catalog, taxonomy: Taxonomy) -> None:
    """What holds is listed, not what the scan thought."""
    from sladd.model import Decision

    catalog.verdicts.decide(
        "shop/kunder.id", Decision.CHANGED, category="user.account", reason="x", by="ombud"
    )
    rows = {row["field"]: row for row in finding_rows(catalog.fields.all(), taxonomy, every=False)}
    assert rows["shop/kunder.id"]["category"] == "user.account"
    assert rows["shop/kunder.id"]["verdict"] == "changed"


def test_a_personal_name_is_masked_everywhere(catalog: Catalog, taxonomy: Taxonomy) -> None:
    """A column called by an e-mail address is shown by its place-holder."""
    rows = finding_rows(catalog.fields.all(), taxonomy, every=True)
    text = json.dumps(rows) + as_csv(rows)
    assert "kari" not in text
    assert any(row["field"] == "shop/brukere.column#1a2b" for row in rows)


def test_csv_has_a_header_and_no_formula(catalog: Catalog, taxonomy: Taxonomy) -> None:
    """A column named as a formula is text in every spreadsheet."""
    read = list(
        csv.reader(io.StringIO(as_csv(finding_rows(catalog.fields.all(), taxonomy, every=True))))
    )
    assert tuple(read[0]) == COLUMNS
    cells = [cell for row in read[1:] for cell in row]
    assert not [cell for cell in cells if cell.lstrip()[:1] in {"=", "+", "-", "@"}]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\r", "＝"])
def test_csv_escapes_every_way_a_formula_begins(start: str) -> None:
    """Also behind white space, and full-width."""
    row = dict.fromkeys(COLUMNS, "") | {"column": f"{start}1+1", "evidence": []}
    read = list(csv.reader(io.StringIO(as_csv([row]), newline="")))
    assert read[1][COLUMNS.index("column")] == f"'{start}1+1"
