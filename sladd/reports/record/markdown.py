"""The record in Markdown: for a wiki, a merge request, or a look in the terminal."""

from __future__ import annotations

from sladd.reports.record.columns import COLUMNS, cells
from sladd.reports.record.facts import RecordOutline, telling_categories
from sladd.reports.record.telling import controller_lines
from sladd.taxonomy import Taxonomy
from sladd.writing import Language
from sladd.writing.escaping import markdown


def md(record: RecordOutline, taxonomy: Taxonomy, suggested: int, lang: Language) -> bytes:
    """The record as Markdown."""
    lines = [f"# {lang.say('record.title')}", "", f"*{lang.say('record.law')}*", ""]
    lines += [f"- **{label}:** {cell(text)}" for label, text in controller_lines(record, lang)]
    if not record.activities:
        lines += ["", lang.say("record.none")]
    for each in record.activities:
        told = cells(each, taxonomy, lang)
        lines += ["", f"## {markdown(each.activity.name)}", ""]
        lines += ["| | |", "| --- | --- |"]
        lines += [
            f"| {lang.say(f'column.{column.key}')} | {cell(told[column.key]) or '–'} |"
            for column in COLUMNS
            if column.key != "name"
        ]
    if suggested:
        lines += ["", lang.say("record.suggested", n=suggested)]
    lines += ["", f"## {lang.say('record.uncovered')}", ""]
    if record.uncovered:
        lines += [
            f"| {lang.say('record.table')} | {lang.say('record.fields')} | {lang.say('record.held')} |"
        ]
        lines += ["| --- | --- | --- |"]
        for table in record.uncovered:
            held = ", ".join(lang.label(c) for c in telling_categories(table.fields))
            names = ", ".join(field.name for field in table.fields)
            lines.append(f"| {markdown(table.table.address)} | {markdown(names)} | {held} |")
    else:
        lines.append(lang.say("record.uncovered_none"))
    lines += ["", lang.say("record.values"), ""]
    return "\n".join(lines).encode()


def cell(text: str) -> str:
    """A text of several lines as one cell of a table."""
    return "<br>".join(markdown(line) for line in text.splitlines())
