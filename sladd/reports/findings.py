"""Findings as rows: what `sladd findings` prints as a list of objects or as CSV (format 1)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Literal

from sladd.catalog import CatalogField
from sladd.model import Decision, How, Verdict
from sladd.reports.names import Names, column_name, names, table_name
from sladd.reports.words import evidence_text
from sladd.taxonomy import Taxonomy
from sladd.writing.escaping import cell

FORMAT = 1

COLUMNS = (
    "format", "field", "source", "table", "column", "storage_type", "how", "type", "category",
    "identifiability", "legal_class", "may_reveal", "confidence", "verdict", "evidence",
)  # fmt: skip


def finding_rows(
    fields: Sequence[CatalogField],
    taxonomy: Taxonomy,
    *,
    every: bool,
    lang: Literal["nb", "en"] = "en",
) -> list[dict[str, Any]]:
    """Fields as plain data, in the order given.

    Category and `how` are those that hold after the verdict; of a rejected finding they are
    those that were rejected. Type, confidence and evidence are the scan's.

    Args:
        fields: of the catalog.
        taxonomy: for what a category means.
        every: also fields without a finding.
        lang: of the evidence in words.
    """
    known = names(fields)
    rows = [_row(field, taxonomy, known, lang) for field in fields]
    return rows if every else [row for row in rows if row["how"] != How.NONE.value]


def state(verdict: Verdict | None) -> str:
    """A verdict in one word: confirmed, rejected, changed, reopened; "" without one."""
    if verdict is None:
        return ""
    return "reopened" if verdict.reopened else verdict.decision.value


def holds(field: CatalogField) -> tuple[str, How]:
    """Category and `how` to show: what holds, or what was rejected."""
    rejected = field.verdict is not None and field.verdict.decision is Decision.REJECTED
    if rejected:
        return field.scan.finding.category, field.scan.finding.how
    return field.effective.category, field.effective.how


def revealed(field: CatalogField) -> tuple[str, ...]:
    """Categories of a field and of what was found inside it; none where it holds nothing."""
    category, how = holds(field)
    return (category, *field.scan.finding.also) if how is not How.NONE else ()


def _row(
    field: CatalogField, taxonomy: Taxonomy, known: Names, lang: Literal["nb", "en"]
) -> dict[str, Any]:
    category, how = holds(field)
    entry = taxonomy.categories.get(category)
    label = "" if entry is None else (entry.label_nb if lang == "nb" else entry.label_en)
    finding = field.scan.finding
    evidence = [known.evidence(item) for item in finding.evidence]
    return {
        "format": FORMAT,
        "field": known.address(field.address),
        "source": field.ref.source,
        "table": table_name(field.ref.table),
        "column": column_name(field.scan),
        "storage_type": field.scan.field.type.value,
        "how": how.value,
        "type": finding.type,
        "category": category,
        "identifiability": entry.identifiability.value if entry else "",
        "legal_class": entry.legal_class if entry else "",
        "may_reveal": [
            key for key in revealed(field) if key in taxonomy and taxonomy[key].may_reveal
        ],
        "confidence": finding.confidence if finding.how is not How.NONE else 0.0,
        "verdict": state(field.verdict),
        "evidence": [
            {
                "signal": item.signal,
                "weight": item.weight,
                "facts": dict(item.facts),
                "text": evidence_text(item, lang, about=label),
            }
            for item in evidence
        ],
    }


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """The rows as CSV (RFC 4180) with a header; no cell can become a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        told = row | {
            "evidence": "; ".join(item["text"] for item in row["evidence"]),
            "may_reveal": " ".join(row["may_reveal"]),
        }
        writer.writerow(
            [cell(v) if isinstance(v, str) else v for v in (told[name] for name in COLUMNS)]
        )
    return out.getvalue()
