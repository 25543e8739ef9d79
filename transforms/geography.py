"""Where a Norwegian postcode lies, coarsely. The table is `postcodes.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from sladd import canonical


@lru_cache(maxsize=1)
def regions() -> Mapping[str, str]:
    """First two digits → part of the country."""
    raw = tomllib.loads(files(__package__).joinpath("postcodes.toml").read_text(encoding="utf-8"))
    return MappingProxyType({p: name for name, all_ in raw["regions"].items() for p in all_})


def region(postcode: str) -> str | None:
    """The part of the country; None for what is no Norwegian postcode.

    >>> region("7030")
    'Trøndelag'
    """
    code = four_digits(postcode)
    return None if code is None else regions().get(code[:2])


def four_digits(postcode: str) -> str | None:
    """The postcode as four digits, zeros lost by an integer column put back; None for others."""
    try:
        code = canonical.postal_code(postcode)
    except canonical.NotCanonical:
        return None
    return code if code.isascii() and code != "0000" else None
