"""Documents with what was found in each, those that hold the most sensitive data first."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sladd.model import Category, DocumentScan, Identifiability
from sladd.taxonomy import SENSITIVE, Taxonomy
from sladd.writing import Language
from sladd.writing.escaping import cell

SHOWN = 100
"""Documents that pages for people list; workbook and JSON list all."""

COLUMNS = ("document", "table", "format", "total", "unread", "trouble", "found")


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """One document: where it is, and how many different values of each category it holds."""

    table: str
    name: str
    scan: DocumentScan
    found: tuple[tuple[Category, int], ...]

    @property
    def total(self) -> int:
        """Different values of personal data."""
        return sum(count for _, count in self.found)

    @property
    def strict(self) -> int:
        """Those of the most protected classes."""
        return sum(count for category, count in self.found if category.legal_class in SENSITIVE)


def document_facts(
    documents: Mapping[str, Sequence[DocumentScan]], taxonomy: Taxonomy
) -> tuple[DocumentFacts, ...]:
    """Every document, the worst first.

    Args:
        documents: by table address, of the catalog.
        taxonomy: for what a category means.
    """
    told = [
        DocumentFacts(
            table, f"{table.split('/', 1)[0]}/{each.shown}", each, _ranked(each, taxonomy)
        )
        for table, listed in documents.items()
        for each in listed
    ]
    return tuple(sorted(told, key=lambda each: (-each.strict, -each.total, each.name)))


def _ranked(scan: DocumentScan, taxonomy: Taxonomy) -> tuple[tuple[Category, int], ...]:
    """Personal categories, the most protected and the direct ones first."""
    known = [(taxonomy[key], count) for key, count in scan.found.items() if key in taxonomy]
    return tuple(
        sorted(
            ((category, count) for category, count in known if category.personal),
            key=lambda item: (
                item[0].legal_class not in SENSITIVE,
                item[0].identifiability is not Identifiability.DIRECT,
                -item[1],
                item[0].key,
            ),
        )
    )


def found_text(document: DocumentFacts, lang: Language) -> str:
    """`Fødselsnummer: 1, E-postadresse: 3`."""
    said = [f"{lang.label(c)}: {lang.number(count)}" for c, count in document.found]
    if document.scan.trouble:
        said.append(lang.say("documents.trouble"))
    return ", ".join(said)


def document_rows(documents: Sequence[DocumentFacts]) -> list[dict[str, Any]]:
    """Documents as plain data, in the order given: what `sladd findings --documents` prints."""
    return [
        {
            "document": each.name,
            "table": each.table,
            "format": each.scan.format,
            "total": each.total,
            "unread": each.scan.unread,
            "trouble": each.scan.trouble,
            "found": {category.key: count for category, count in each.found},
        }
        for each in documents
    ]


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """The rows as CSV (RFC 4180) with a header; no cell can become a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        told = row | {"found": "; ".join(f"{k}: {v}" for k, v in row["found"].items())}
        writer.writerow(
            [cell(v) if isinstance(v, str) else v for v in (told[name] for name in COLUMNS)]
        )
    return out.getvalue()
