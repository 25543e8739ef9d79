"""Reports for people: the discovery report as HTML, XLSX, Markdown and JSON, in nb and en.

To add a format, write its file and add its line to `FORMATS`. Each names a function
`(Discovery, Language) -> bytes`; it is imported when it is first asked for.
"""

from __future__ import annotations

FORMATS: tuple[tuple[str, str], ...] = (
    ("html", "sladd.reports.page:html"),
    ("xlsx", "sladd.reports.workbook:xlsx"),
    ("md", "sladd.reports.markdown:markdown"),
    ("json", "sladd.reports.plain:plain"),
)
