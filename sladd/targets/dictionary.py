"""`dictionary.csv`: the data dictionary that an analyst opens first."""

from __future__ import annotations

import csv
import io

from sladd.release import Manifest
from sladd.targets.words import joins, parameters, type_word

COLUMNS = (
    "table",
    "column",
    "type",
    "category",
    "transform",
    "parameters",
    "joins_with",
    "comment",
)


def dictionary_csv(manifest: Manifest) -> bytes:
    """One row a column, UTF-8 with a byte order mark so that a spreadsheet reads æøå."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # RFC 4180
    writer.writerow(COLUMNS)
    partners = joins(manifest)
    for table in manifest.tables:
        for column in table.columns:
            cells = (
                table.name,
                column.name,
                type_word(column.type),
                column.category,
                column.transform,
                parameters(column.parameters),
                " ".join(partners.get((table.name, column.name), ())),
                column.comment,
            )
            writer.writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """Names and comments come from the source: a spreadsheet must not run them.

    Source: OWASP, CSV Injection.
    """
    cell = cell.replace("\x00", "")
    return (
        f"'{cell}"
        if cell.lstrip().startswith(("=", "+", "-", "@")) or (cell[:1] in "\t\r\n" and cell)
        else cell
    )
