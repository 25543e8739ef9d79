"""The discovery report as a workbook: summary, findings, what was not scanned, tables.

Every text is written as a string: a column called `=HYPERLINK(…)` stays a name.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from sladd.reports.documents import found_text
from sladd.reports.facts import Discovery, certain
from sladd.reports.missed import fault, place
from sladd.reports.telling import (
    FIGURES,
    figure_note,
    highlight_facts,
    label,
    labels,
    lead,
    link_goal,
    link_reasons,
    path_text,
    reasons,
    upper_bound,
    verdict_text,
)
from sladd.writing import Language, figures
from sladd.writing.escaping import visible

LONGEST = 32_767  # characters of a cell; Excel calls a file with more damaged
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook has no time zones
_PLACES = 10

Cell = str | int | float | date | datetime | None
"""A float is a share 0-1, and shown in per cent."""

_FORMS: Mapping[type, Mapping[str, str]] = {
    int: {"nb": "#,##0", "en": "#,##0"},
    float: {"nb": "0.0%", "en": "0.0%"},
    date: {"nb": "dd.mm.yyyy", "en": "d mmm yyyy"},
    datetime: {"nb": "dd.mm.yyyy hh:mm", "en": "d mmm yyyy hh:mm"},
}
"""How a spreadsheet is to write what it can sort and count; it takes the signs of its reader."""


def xlsx(data: Discovery, lang: Language) -> bytes:
    """The report as XLSX."""
    out = io.BytesIO()
    book = open_book(out, lang.say("page.title"), data.ended)
    _summary(book, data, lang)
    add_sheet(book, lang, "findings", *_findings(data, lang))
    add_sheet(book, lang, "missed", *_missed(data, lang))
    add_sheet(book, lang, "tables", *_tables(data, lang))
    add_sheet(book, lang, "links", *_links(data, lang))
    if data.documents:
        add_sheet(book, lang, "documents", *_documents(data, lang))
    book.close()
    return out.getvalue()


def open_book(out: io.BytesIO, title: str, made: datetime | None) -> Any:
    """A workbook in memory that takes no text for a formula, a link or a number."""
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,  # no temporary files
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title, "created": made.replace(tzinfo=None) if made else _EPOCH})
    return book


def write_cell(sheet: Any, row: int, column: int, value: Cell, style: Any = None) -> None:
    """Write a number as a number, a day as a day, and everything else as text."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, visible(value)[:LONGEST], style)
    elif isinstance(value, datetime):
        # A workbook has no time zones: the clock is UTC, as in the other formats.
        sheet.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def _summary(book: Any, data: Discovery, lang: Language) -> None:
    sheet = book.add_worksheet(lang.say("sheet.summary"))
    title = book.add_format({"bold": True, "font_size": 16})
    head = book.add_format({"bold": True, "font_size": 12, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    count = book.add_format({"num_format": "#,##0", "valign": "top", "align": "left"})
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 90)
    sheet.set_column(2, 2, 50)
    sheet.hide_gridlines(2)
    on_paper(sheet)
    write_cell(sheet, 0, 0, data.organisation or lang.say("page.title"), title)
    write_cell(sheet, 1, 0, lang.say("page.title") if data.organisation else "")
    if data.begun and data.ended:
        write_cell(sheet, 1, 1, figures.period(data.begun, data.ended, lang.code))
    write_cell(sheet, 2, 0, lang.say("page.sources"))
    write_cell(sheet, 2, 1, ", ".join(source.name for source in data.sources))
    sheet.merge_range(3, 0, 3, 1, "", wrap)
    write_cell(sheet, 3, 0, lead(data, lang), wrap)
    sheet.set_row(3, 32)
    row = 5
    write_cell(sheet, row, 0, lang.say("heading.key_figures"), head)
    write_cell(sheet, row, 1, "", head)
    for name in FIGURES:
        row += 1
        note = figure_note(name, data, lang)
        write_cell(sheet, row, 0, lang.say(f"figure.{name}"), wrap)
        write_cell(sheet, row, 1, getattr(data.figures, name), count)
        write_cell(sheet, row, 2, note, wrap)
    row += 2
    write_cell(sheet, row, 0, lang.say("heading.top"), head)
    write_cell(sheet, row, 1, "", head)
    for told in highlight_facts(data, lang):
        row += 1
        facts = {**told.facts, "where": _places(told.places, lang)}
        facts["first"] = _places(told.places[:1], lang)
        key = f"top.{told.topic}"
        write_cell(sheet, row, 0, lang.say(f"{key}.title", **facts), wrap)
        what, do = lang.say(f"{key}.{told.what}", **facts), lang.say(f"{key}.do", **facts)
        write_cell(sheet, row, 1, f"{what} {do}", wrap)
    row += 2
    write_cell(sheet, row, 0, lang.say("heading.missed"), head)
    write_cell(sheet, row, 1, len(data.missed), head)
    write_cell(sheet, row + 2, 0, lang.say("page.tool", version=data.version))
    sheet.merge_range(row + 3, 0, row + 3, 1, "", wrap)
    write_cell(sheet, row + 3, 0, lang.say("page.values"), wrap)


def _places(places: Sequence[str], lang: Language) -> str:
    shown = ", ".join(places[:_PLACES])
    rest = len(places) - _PLACES
    return f"{shown} {lang.count('more', rest)}" if rest > 0 else shown


Columns = Sequence[tuple[str, int]]
Rows = Sequence[Sequence[Cell]]


def add_sheet(book: Any, lang: Language, name: str, columns: Columns, rows: Rows) -> None:
    """Add a sheet of rows under named columns; it can be filtered and prints across.

    Args:
        book: the workbook.
        lang: has `sheet.<name>` and a `column.<key>` for each column.
        name: of the sheet.
        columns: key and width in characters.
        rows: as many cells as columns.
    """
    sheet = book.add_worksheet(lang.say(f"sheet.{name}"))
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    forms = {
        kind: book.add_format({"num_format": form[lang.code], "valign": "top"})
        for kind, form in _FORMS.items()
    }
    for column, (key, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        write_cell(sheet, 0, column, lang.say(f"column.{key}"), head)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            write_cell(sheet, number, column, value, forms.get(type(value), wrap))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    on_paper(sheet)
    sheet.repeat_rows(0)


def on_paper(sheet: Any) -> None:
    """Have the sheet print on A4 across, as wide as the paper, with its name and page numbers."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")


def _findings(data: Discovery, lang: Language) -> tuple[Columns, Rows]:
    columns = (
        ("field", 44), ("source", 14), ("table", 24), ("type", 12), ("how", 12), ("category", 30),
        ("identifiability", 24), ("legal", 26), ("confidence", 12), ("detected", 24),
        ("verdict", 24), ("by", 18), ("at", 18), ("shapes", 22), ("evidence", 90),
    )  # fmt: skip
    rows: list[Sequence[Cell]] = []
    for source in data.sources:
        for table in source.tables:
            for field in table.fields:
                if not field.kind:
                    continue
                category = field.category
                legal = category.legal_class if category else ""
                also = labels(field.also, lang)
                verdict = field.verdict
                rows.append(
                    (
                        field.address,
                        source.name,
                        table.name,
                        lang.word("storage", field.storage.value),
                        lang.word("how", field.how.value),
                        ", ".join([label(category, lang), *also]),
                        lang.word("identifiability", category.identifiability) if category else "",
                        lang.word("legal", legal) if lang.has(f"legal.{legal}") else "",
                        # That a row hangs on a person is a fact of keys, not a guess to weigh.
                        None if field.kind == "linked" else round(certain(field.confidence), 3),
                        field.type,
                        verdict_text(field, lang),
                        verdict.by if verdict else "",
                        verdict.at.date() if verdict else None,
                        ", ".join(field.shapes),
                        ". ".join(reason.text for reason in reasons(field, lang)),
                    )
                )
    return columns, rows


def _documents(data: Discovery, lang: Language) -> tuple[Columns, Rows]:
    columns = (("document", 60), ("format", 10), ("sum", 10), ("found", 90), ("unread", 14))
    rows = [
        (each.name, each.scan.format, each.total, found_text(each, lang), each.scan.unread)
        for each in data.documents
    ]
    return columns, rows


def _missed(data: Discovery, lang: Language) -> tuple[Columns, Rows]:
    rows = [(place(item.where, lang), *fault(item, lang)) for item in data.missed]
    return (("where", 44), ("reason", 60), ("mend", 70)), rows


def _tables(data: Discovery, lang: Language) -> tuple[Columns, Rows]:
    columns = (
        ("table", 40), ("source", 14), ("rows", 12), ("total", 12), ("drawn", 28), ("bound", 16),
        ("fields", 10), ("personal", 18), ("person_path", 60),
    )  # fmt: skip
    rows: list[Sequence[Cell]] = []
    for source in data.sources:
        for table in source.tables:
            bound = upper_bound(table)
            rows.append(
                (
                    table.name,
                    source.name,
                    table.rows,
                    table.total,
                    lang.word("drawn", table.drawn),
                    lang.say("coverage.under", share=lang.percent(bound)) if bound else "",
                    len(table.fields),
                    table.personal,
                    path_text(table, lang),
                )
            )
    return columns, rows


def _links(data: Discovery, lang: Language) -> tuple[Columns, Rows]:
    columns = (
        ("from", 44), ("to", 50), ("state", 14), ("confidence", 12), ("by", 18), ("at", 18),
        ("why", 90),
    )  # fmt: skip
    rows = [
        (
            link.start,
            link_goal(link, lang),
            lang.say(f"graph.state_{link.state.value}"),
            round(certain(link.confidence), 3) if link.state == "suggested" else None,
            link.verdict.by if link.verdict else "",
            link.verdict.at.date() if link.verdict else None,
            ". ".join(reason.text for reason in link_reasons(link, lang)),
        )
        for link in data.graph.links
    ]
    return columns, rows
