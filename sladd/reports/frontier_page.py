"""`sladd plan --explore -o FILE`: the frontier as a page that needs nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Template
from markupsafe import Markup

import sladd
from sladd.reports.frontier import NO_QUASI, TableFrontier
from sladd.reports.frontier_plot import svg
from sladd.writing import Language
from sladd.writing.levels import level
from sladd.writing.style import content_policy, stylesheet
from sladd.writing.templates import templates


def frontier_html(release: str, tables: Sequence[TableFrontier], lang: Language) -> bytes:
    """The page as UTF-8 HTML.

    Args:
        release: its name.
        tables: what was searched.
        lang: of the page.
    """
    css = stylesheet() + files(__package__).joinpath("templates", "explore.css").read_text("utf-8")
    text = _template().render(
        release=release,
        tables=tables,
        t=lang,
        say=lang.say,
        css=Markup(css),  # noqa: S704 - our own file
        policy=content_policy(css),
        plots=[svg(table, lang, number) for number, table in enumerate(tables, 1)],
        version=sladd.__version__,
        note=lambda text: lang.say("explore.no_quasi") if text == NO_QUASI else text,
        named=lambda name: level(name, lang.code),
    )
    return text.encode("utf-8")


@cache
def _template() -> Template:
    return templates("sladd.reports").get_template("explore.html.j2")
