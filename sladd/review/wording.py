"""Templates and texts of the application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, tzinfo
from functools import cache
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sladd.writing import LANGUAGES, Language, read_all_texts
from sladd.writing.escaping import visible


@cache
def languages() -> Mapping[str, Language]:
    """Code → texts. A key is the name of its file, a dot, and the key in it: `base.save`."""
    return MappingProxyType({code: read_all_texts(__package__, code) for code in LANGUAGES})


_ZONES = {"NO": "Europe/Oslo"}
"""Region of the configuration → zone of the IANA database (https://www.iana.org/time-zones)."""


def languages_in(region: str) -> Mapping[str, Language]:
    """The languages, telling times as the clocks of a region do; in UTC where it is not known."""
    try:
        zone: tzinfo = ZoneInfo(_ZONES[region])
    except (KeyError, ZoneInfoNotFoundError):
        zone = UTC
    return MappingProxyType({c: replace(each, zone=zone) for c, each in languages().items()})


@cache
def templates() -> Environment:
    """The templates: everything is escaped, and an unknown name is an error.

    Characters that would turn or hide the text around them are shown as `\ufffd`.
    """
    return Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(value: Any) -> Any:
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    if value.isprintable():
        return value
    return "\n".join(visible(line) for line in value.splitlines())


def chosen_language(cookie: str | None, accepted: str) -> str:
    """The language of a visitor: chosen, else the first of the browser's that there is."""
    if cookie in LANGUAGES:
        return cookie
    for part in accepted.split(","):
        tag = part.partition(";")[0].strip().lower().partition("-")[0]
        if tag in {"nb", "nn", "no"}:
            return "nb"
        if tag == "en":
            return "en"
    return "nb"
