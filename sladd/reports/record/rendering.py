"""The record in a format and a language."""

from __future__ import annotations

from sladd.errors import ConfigError
from sladd.reports.record.facts import Record, RecordOutline
from sladd.reports.record.suggestions import suggest
from sladd.reports.record.telling import language
from sladd.taxonomy import Taxonomy

FORMATS = ("xlsx", "html", "jsonld", "md")


def render(record: RecordOutline, taxonomy: Taxonomy, format: str, lang: str) -> bytes:  # noqa: A002 - the option's name
    """Write the record of processing activities.

    Args:
        record: what `gather` collected.
        taxonomy: for what categories are called.
        format: one of `FORMATS`.
        lang: `nb` or `en`.

    Raises:
        ConfigError: there is no such format or language (SLADD-151, 924).
    """
    words = language(lang)
    taken = {each.activity.id for each in record.activities}
    suggested = len(suggest(record.discovery, taken, words, record.subjects))
    match format:
        case "xlsx":
            from sladd.reports.record.workbook import xlsx

            return xlsx(record, taxonomy, suggested, words)
        case "html":
            from sladd.reports.record.page import html

            return html(record, taxonomy, suggested, words)
        case "md":
            from sladd.reports.record.markdown import md

            return md(record, taxonomy, suggested, words)
        case "jsonld":
            from sladd.reports.record.linked import jsonld

            return jsonld(record, taxonomy, words)
        case _:
            raise ConfigError(
                f"there is no record in the format '{format}'",
                code=924,
                mend=f"use one of {', '.join(FORMATS)}",
            )


def render_assessment(record: Record, taxonomy: Taxonomy, format: str, lang: str) -> bytes:  # noqa: A002 - the option's name
    """Write the inputs to a DPIA.

    Args:
        record: what `gather` collected.
        taxonomy: for what categories are called.
        format: `html` or `md`.
        lang: `nb` or `en`.

    Raises:
        ConfigError: there is no such format or language (SLADD-151, 923).
    """
    from sladd.reports.record.assessment import assess, assessment_md
    from sladd.reports.record.gaps import gaps, merged

    words = language(lang)
    made = assess(record, merged(gaps(record, taxonomy)), taxonomy, words)
    match format:
        case "html":
            from sladd.reports.record.page import assessment_html

            return assessment_html(record, made, words)
        case "md":
            return assessment_md(record, made, words)
        case _:
            raise ConfigError(
                f"inputs to a DPIA are not written as '{format}'",
                code=923,
                mend="use --format html or --format md",
            )
