"""The change report as a workbook: changes, decisions, what was compared."""

from __future__ import annotations

import io

from sladd.reports.changes.facts import Changes
from sladd.reports.changes.words import before_after, decided, decision
from sladd.reports.workbook import add_sheet, open_book
from sladd.writing import Language


def xlsx(data: Changes, lang: Language) -> bytes:
    """The report as XLSX."""
    out = io.BytesIO()
    book = open_book(out, lang.say("changes_page.title"), data.ended)
    add_sheet(
        book,
        lang,
        "changes",
        (
            ("change", 22),
            ("field", 50),
            ("source", 14),
            ("before", 36),
            ("after", 36),
            ("verdict", 24),
        ),
        [
            (
                lang.say(f"change.{each.kind}"),
                each.field,
                each.source,
                *before_after(each, lang),
                decided(each, lang),
            )
            for each in data.fields
        ],
    )
    add_sheet(
        book,
        lang,
        "decisions",
        (("field", 50), ("verdict", 34), ("by", 20), ("at", 18), ("grounds", 70)),
        [
            (
                each.field,
                decision(each, lang),
                each.verdict.by,
                each.verdict.at.date(),
                each.verdict.reason,
            )
            for each in data.decisions
        ],
    )
    add_sheet(
        book,
        lang,
        "compared",
        (("source", 20), ("from_scan", 20), ("to_scan", 20), ("fields", 10), ("personal", 22), ("came", 22), ("went", 22)),
        [
            (
                span.source,
                span.begun,
                span.ended,
                span.fields,
                span.personal,
                span.came,
                span.went,
            )
            for span in data.spans
        ],
    )  # fmt: skip
    book.close()
    return out.getvalue()
