"""The record as a workbook, in the columns of Datatilsynet's template.

Every text is written as a string: a column called `=HYPERLINK(…)` stays a name.
"""

from __future__ import annotations

import io
from typing import Any

from sladd.reports.record.columns import COLUMNS, cells
from sladd.reports.record.facts import RecordOutline, telling_categories
from sladd.reports.record.telling import controller_lines
from sladd.reports.workbook import LONGEST, open_book
from sladd.taxonomy import Taxonomy
from sladd.writing import Language, figures
from sladd.writing.escaping import visible

_REQUIRED, _OPTIONAL = "#F7C99B", "#CFE3C2"  # orange and green, as in the template


def xlsx(record: RecordOutline, taxonomy: Taxonomy, suggested: int, lang: Language) -> bytes:
    """The record as XLSX."""
    out = io.BytesIO()
    book = open_book(out, lang.say("record.title"), record.changed)
    _record(book, record, taxonomy, suggested, lang)
    _uncovered(book, record, lang)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: str | int, style: Any = None) -> None:
    if isinstance(value, int):
        sheet.write_number(row, column, value, style)
    elif value:
        lines = "\n".join(visible(line) for line in value.splitlines())
        sheet.write_string(row, column, lines[:LONGEST], style)
    else:
        sheet.write_blank(row, column, None, style)


def _record(
    book: Any, record: RecordOutline, taxonomy: Taxonomy, suggested: int, lang: Language
) -> None:
    sheet = book.add_worksheet(lang.say("record.sheet"))
    title = book.add_format({"bold": True, "font_size": 16})
    bold = book.add_format({"bold": True, "valign": "top"})
    plain = book.add_format({"valign": "top"})
    wrap = book.add_format(
        {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#BBBBBB"}
    )
    heads = {
        required: book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "border": 1,
                "border_color": "#BBBBBB",
                "bg_color": colour,
            }
        )
        for required, colour in ((True, _REQUIRED), (False, _OPTIONAL))
    }
    sheet.hide_gridlines(2)
    _write(sheet, 0, 0, lang.say("record.title"), title)
    _write(sheet, 1, 0, lang.say("record.law"), plain)
    row = 3
    for label, text in controller_lines(record, lang):
        _write(sheet, row, 0, label, bold)
        _write(sheet, row, 1, text, plain)
        row += 1
    if record.changed:
        _write(sheet, row, 0, lang.say("record.updated"), bold)
        _write(sheet, row, 1, figures.day(record.changed.date(), lang.code), plain)
        row += 1
    row += 1
    _write(sheet, row, 0, lang.say("record.required"), plain)
    _write(sheet, row + 1, 0, lang.say("record.optional"), plain)
    row += 3
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width)
        _write(sheet, row, place, lang.say(f"column.{column.key}"), heads[column.required])
    sheet.set_row(row, 48)
    head = row
    for each in record.activities:
        row += 1
        told = cells(each, taxonomy, lang)
        for place, column in enumerate(COLUMNS):
            _write(sheet, row, place, told[column.key], wrap)
    if record.activities:
        sheet.autofilter(head, 0, row, len(COLUMNS) - 1)
    else:
        row += 1
        _write(sheet, row, 0, lang.say("record.none"), plain)
    if suggested:
        _write(sheet, row + 2, 0, lang.say("record.suggested", n=suggested), plain)
    _write(sheet, row + 3, 0, lang.say("record.values"), plain)
    _write(sheet, row + 4, 0, lang.say("record.tool", version=record.discovery.version), plain)
    sheet.freeze_panes(head + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)


def _uncovered(book: Any, record: RecordOutline, lang: Language) -> None:
    sheet = book.add_worksheet(lang.say("record.sheet_uncovered"))
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (key, width) in enumerate(
        (("table", 44), ("source", 16), ("fields", 60), ("held", 60))
    ):
        sheet.set_column(place, place, width)
        _write(sheet, 0, place, lang.say(f"record.{key}"), head)
    for row, each in enumerate(record.uncovered, 1):
        names = ", ".join(field.name for field in each.fields)
        _write(sheet, row, 0, each.table.address, wrap)
        _write(sheet, row, 1, each.source, wrap)
        _write(sheet, row, 2, names, wrap)
        held = ", ".join(lang.label(c) for c in telling_categories(each.fields))
        _write(sheet, row, 3, held, wrap)
    if not record.uncovered:
        _write(sheet, 1, 0, lang.say("record.uncovered_none"))
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
