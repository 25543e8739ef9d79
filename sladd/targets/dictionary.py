"""`dictionary.csv`: the data dictionary that an analyst opens first."""

from __future__ import annotations

import csv
import io

from sladd import taxonomy
from sladd.release import Manifest, ReleaseColumn, ReleaseTable
from sladd.targets.language import language
from sladd.targets.treatment import treatment
from sladd.targets.words import joins, type_word
from sladd.writing.escaping import cell

COLUMNS = (
    "table",
    "column",
    "type",
    "category",
    "category_label",
    "transform",
    "what_was_done",
    "joins_with",
    "comment",
    "in_csv",
)


def dictionary_csv(manifest: Manifest) -> bytes:
    """One row a column, in English like the names in the manifest.

    Commas, since this is read by programs first: RFC 4180, and what pandas, R and Power Query
    take without being told. Excel with Norwegian settings expects semicolons on a double click;
    a `sep=` line would mend that and break every other reader, so there it is opened by Data →
    From Text/CSV, and REPORT.html says the same for reading. The byte order mark is for Excel
    too, which takes æøå for Windows-1252 without it; pandas and DuckDB skip it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # RFC 4180
    writer.writerow(COLUMNS)
    partners = joins(manifest)
    categories, english = taxonomy.load(), language("en")
    for table in manifest.tables:
        for column in (each for top in table.columns for each in top.each()):
            key = column.category
            cells = (
                table.name,
                column.name,
                type_word(column.type),
                key,
                english.label(categories[key]) if key in categories else "",
                column.transform,
                treatment(column, english),
                "; ".join(partners.get((table.name, column.name), ())),
                column.comment,
                _in_csv(table, column) if column in table.columns else "",
            )
            writer.writerow([cell(value.replace("\x00", "")) for value in cells])
    return text.getvalue().encode("utf-8-sig")


def _in_csv(table: ReleaseTable, column: ReleaseColumn) -> str:
    """How the column is written in the CSV file, for whoever reads it back; "" without one."""
    if table.csv is None:
        return ""
    word = type_word(column.type)
    if word == "text":
        said = 'in quotes; nothing at all is NULL, "" the empty text'
        marked = column.csv_marked or 0
        return (
            f"{said}; {marked} begin like a formula and have one apostrophe more"
            if marked
            else said
        )
    return {
        "timestamp": "UTC where it ends in Z; nothing at all is NULL",
        "binary": "hexadecimal digits; nothing at all is NULL",
        "list": "JSON; nothing at all is NULL",
        "object": "JSON; nothing at all is NULL",
    }.get(
        word,
        "decimal point; nothing at all is NULL"
        if word in {"decimal", "number"}
        else "nothing at all is NULL",
    )
