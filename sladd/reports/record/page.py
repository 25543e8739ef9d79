"""The record, and the inputs to a DPIA, as pages of their own that print well."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from sladd.reports.record.assessment import Assessment
from sladd.reports.record.columns import COLUMNS, cells
from sladd.reports.record.facts import RecordOutline, telling_categories
from sladd.reports.record.telling import controller_lines
from sladd.taxonomy import Taxonomy
from sladd.writing import Language, figures
from sladd.writing.escaping import visible
from sladd.writing.style import content_policy, stylesheet
from sladd.writing.templates import templates


def html(record: RecordOutline, taxonomy: Taxonomy, suggested: int, lang: Language) -> bytes:
    """The record as one HTML file."""
    told = [(each, cells(each, taxonomy, lang)) for each in record.activities]
    return _render(
        "record.html.j2",
        lang,
        record=record,
        controller=controller_lines(record, lang),
        told=told,
        columns=[column for column in COLUMNS if column.key not in {"name", "missing"}],
        suggested=suggested,
        held=lambda fields: ", ".join(lang.label(c) for c in telling_categories(fields)),
    )


def assessment_html(record: RecordOutline, assessment: Assessment, lang: Language) -> bytes:
    """The inputs to a DPIA as one HTML file."""
    return _render(
        "assessment.html.j2",
        lang,
        record=record,
        controller=controller_lines(record, lang),
        parts=assessment.parts,
    )


def _render(name: str, lang: Language, **values: Any) -> bytes:
    own = files(__package__).joinpath("templates", "record.css").read_text(encoding="utf-8")
    css = stylesheet() + own
    text = (
        _templates()
        .get_template(name)
        .render(
            lang=lang,
            say=lang.say,
            figures=figures,
            css=Markup(css),  # noqa: S704 - our own file
            policy=content_policy(css),
            **values,
        )
    )
    return text.encode("utf-8")


@cache
def _templates() -> Environment:
    made = templates("sladd.reports.record")
    made.filters["lines"] = lambda text: [visible(line) for line in str(text).splitlines()]
    return made
