"""The formats of the change report."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from sladd.errors import ConfigError
from sladd.reports.changes.facts import Changes
from sladd.reports.changes.words import language
from sladd.writing import Language

FORMATS: tuple[tuple[str, str], ...] = (
    ("html", "sladd.reports.changes.page:html"),
    ("xlsx", "sladd.reports.changes.workbook:xlsx"),
    ("md", "sladd.reports.changes.markdown:markdown"),
    ("json", "sladd.reports.changes.plain:plain"),
)
Renderer = Callable[[Changes, Language], bytes]


def render_changes(data: Changes, format: str, lang: str) -> bytes:  # noqa: A002 - the option's name
    """Write the change report.

    Args:
        data: what `gather_changes` collected.
        format: `html`, `xlsx`, `md` or `json`.
        lang: `nb` or `en`.

    Raises:
        ConfigError: there is no such format or language (SLADD-151, 937).
    """
    place = dict(FORMATS).get(format)
    if place is None:
        raise ConfigError(
            f"there is no change report in the format '{format}'",
            code=937,
            where="--format",
            mend=f"use one of {', '.join(name for name, _ in FORMATS)}",
        )
    module, _, function = place.partition(":")
    written: Renderer = getattr(importlib.import_module(module), function)
    return written(data, language(lang))
