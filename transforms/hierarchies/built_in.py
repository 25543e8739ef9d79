"""The hierarchies that ship: places, ages, dates, times of day, networks and browsers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import StorageType
from transforms import arrays, bands, dates, geography, networks, times
from transforms.hierarchies.contract import Hierarchy
from transforms.hierarchies.ladder import Ladder, Step

_AGE_WIDTHS = (5, 10, 20)
_OLDEST_BAND = 90  # 45 CFR 164.514(b)(2)(i)(C): ages over 89 are one category
_V4_V6_BITS = ((24, 48), (16, 32), (8, 24))


def built_in(as_of: date, language: str = "en") -> Mapping[str, Hierarchy]:
    """Every hierarchy that ships, by name.

    Args:
        as_of: the date at which ages are computed.
        language: of labels: nb, nn or en.
    """
    ladders = (
        Ladder(
            "place",
            ("value", "municipality", "county", "region"),
            (
                _texts(geography.municipality),
                _texts(geography.county),
                _texts(geography.region),
            ),
        ),
        Ladder(
            "age",
            ("value", *(f"{width} years" for width in _AGE_WIDTHS)),
            tuple(partial(_ages, width=width, as_of=as_of) for width in _AGE_WIDTHS),
        ),
        Ladder(
            "date",
            ("value", "day", "month", "quarter", "year"),
            tuple(partial(_cut, unit=unit) for unit in ("day", "month", "quarter", "year")),
        ),
        Ladder(
            "time",
            ("value", "hour", "part_of_day"),
            (
                lambda values: _or_null(times.hour(values), values),
                lambda values: _or_null(times.part_of_day(values, language), values),
            ),
        ),
        Ladder(
            "network",
            ("value", *(f"/{v4} /{v6}" for v4, v6 in _V4_V6_BITS)),
            tuple(_texts(partial(networks.network, v4_bits=a, v6_bits=b)) for a, b in _V4_V6_BITS),
        ),
        Ladder(
            "user_agent",
            ("value", "family", "browser"),
            (_texts(networks.family), _texts(networks.browser)),
        ),
    )
    return {ladder.name: ladder for ladder in ladders}


def _texts(work: Callable[[str], str | None]) -> Step:
    return lambda values: arrays.per_text(arrays.texts(values, StorageType.STRING), work)


def _ages(values: pa.Array, *, width: int, as_of: date) -> pa.Array:
    def band(born: date) -> str | None:
        years = bands.age(born, as_of)
        return None if years is None else bands.age_band(years, width, _OLDEST_BAND)

    found = _or_null(dates.days(values), values)
    return arrays.per_text(found, band)  # type: ignore[arg-type]


def _cut(values: pa.Array, *, unit: str) -> pa.Array:
    found = _or_null(dates.days(values), values)
    if unit == "day" or pa.types.is_null(found.type):
        return found
    return pc.floor_temporal(found, unit=unit).cast(pa.date32())


def _or_null(made: pa.Array | None, values: pa.Array) -> pa.Array:
    """What was made; nulls for a type that the hierarchy does not know."""
    return pa.nulls(len(values)) if made is None else made
