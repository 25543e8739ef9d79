"""Replace a value by the coarser class it falls in.

ISO/IEC 20889 §8.6: generalization. What cannot be read as the kind asked for becomes null and
is counted as `unparsed`; it is never passed on as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pyarrow as pa

from sladd.errors import TransformError
from sladd.model import Parameter, StorageType, TransformSpec
from transforms import arrays, bands, dates, geography, networks, times
from transforms.contract import Context, cannot_read, parameter
from transforms.hierarchies import TableHierarchy

_TEXT = (StorageType.STRING, StorageType.LIST)
_NUMBERS = (StorageType.INTEGER, StorageType.DECIMAL, StorageType.FLOAT)
_DATES = (StorageType.DATE, StorageType.TIMESTAMP)
_CLOCKS = (StorageType.TIMESTAMP, StorageType.TIME)
_PLACES = ("municipality", "county", "region")

SPEC = TransformSpec(
    name="generalise",
    accepts=(*_TEXT, *_NUMBERS, *_DATES, StorageType.TIME, StorageType.OTHER),
    output=StorageType.STRING,
    iso20889="generalization",
    summary="Replace a value by the coarser class it falls in.",
    nullable=True,
    accepts_to={
        **dict.fromkeys(_PLACES, (*_TEXT, *_NUMBERS)),
        "digits": (*_TEXT, *_NUMBERS),
        "network": (*_TEXT, StorageType.OTHER),
        "age_band": (*_TEXT, *_DATES, StorageType.INTEGER),
        "band": (*_TEXT, *_NUMBERS),
        **dict.fromkeys(("family", "browser", "system"), _TEXT),
        **dict.fromkeys(("hour", "part_of_day"), (*_TEXT, *_CLOCKS)),
        **dict.fromkeys(("weekday", "month_of_year"), (*_TEXT, *_DATES)),
    },
    parameters=(
        Parameter(
            "to",
            "choice",
            choices=(
                *_PLACES,
                *("digits", "network", "age_band", "band", "family", "browser", "system"),
                *("hour", "part_of_day", "weekday", "month_of_year"),
            ),
            required=True,
            help="municipality, county or region (part of the country) of a Norwegian postcode, "
            "place or address; digits of a postcode; network of an IP address; age_band of a "
            "birth date or year; band of a number; family (browser and operating system), "
            "browser or system of a user agent; hour or part_of_day of a time; weekday or "
            "month_of_year of a date; or a name under hierarchies: in sladd.yaml",
        ),
        Parameter(
            "of",
            "choice",
            "place",
            choices=("place", "municipality_number"),
            help="what is made a municipality, county or region: four digits are a postcode "
            "unless they are said to be the number of a municipality",
        ),
        Parameter(
            "level",
            "integer",
            1,
            help="of a hierarchy of your own: its column, counted from the value, which is 0",
            minimum=1,
        ),
        Parameter("digits", "integer", 2, help="digits kept of a postcode", minimum=1, maximum=3),
        Parameter("v4_bits", "integer", 24, help="of an IPv4 network", minimum=8, maximum=24),
        Parameter("v6_bits", "integer", 48, help="of an IPv6 network", minimum=16, maximum=48),
        Parameter(
            "width", "number", help="of a band; 10 years for ages, needed for numbers", minimum=0
        ),
        Parameter("edges", "numbers", help="of bands of unequal width, ascending"),
        Parameter(
            "top", "integer", 90, help="ages from here on are one band", minimum=1, maximum=120
        ),
    ),
)

_Reader = Callable[[str], str | None]


def apply(values: pa.Array, context: Context) -> pa.Array:
    """Classes as text; null stays null."""
    to = str(parameter(SPEC, context, "to"))
    return _each(values, context, lambda flat: _classes(flat, context, to))


@dataclass(frozen=True)
class Generalise:
    """`generalise` that also knows hierarchies of the user's own.

    Attributes:
        hierarchies: by the name that `to` gives them; none is the name of a built-in class.
    """

    hierarchies: Mapping[str, TableHierarchy]

    @property
    def SPEC(self) -> TransformSpec:  # noqa: N802 - a transform has one
        """The declaration, with the names of the hierarchies as further choices of `to`."""
        to, *others = SPEC.parameters
        known = replace(to, choices=(*to.choices, *self.hierarchies))
        return replace(
            SPEC,
            parameters=(known, *others),
            accepts_to={
                **SPEC.accepts_to,
                **dict.fromkeys(self.hierarchies, (*_TEXT, *_NUMBERS, StorageType.BOOLEAN)),
            },
            digests={name: table.sha256 for name, table in self.hierarchies.items()},
        )

    def apply(self, values: pa.Array, context: Context) -> pa.Array:
        """Classes as text; what a hierarchy does not know is null and counted."""
        own = self.hierarchies.get(str(parameter(SPEC, context, "to")))
        if own is None:
            return apply(values, context)
        level = int(parameter(SPEC, context, "level"))
        return _each(values, context, lambda flat: own.generalise(flat, level))


def _each(values: pa.Array, context: Context, work: Callable[[pa.Array], pa.Array]) -> pa.Array:
    def classes(flat: pa.Array) -> pa.Array:
        done = work(flat)
        lost = done.null_count - flat.null_count
        if lost:
            context.counts["unparsed"] += lost
        return done

    return arrays.elementwise(values, classes)


def _classes(flat: pa.Array, context: Context, to: str) -> pa.Array:
    if to == "age_band" and not pa.types.is_integer(flat.type):
        return _ages(flat, context)
    by_clock: Mapping[str, Callable[[], pa.Array | None]] = {
        "hour": lambda: times.hour(flat),
        "part_of_day": lambda: times.part_of_day(flat, context.language),
        "weekday": lambda: times.weekday(flat, context.language),
        "month_of_year": lambda: times.month_of_year(flat, context.language),
    }
    if to in by_clock:
        made = by_clock[to]()
        if made is None:
            raise cannot_read(f"{SPEC.name} to {to}", flat.type)
        return made
    return arrays.per_text(_text(flat, context, to), _reader(to, context))


def _text(flat: pa.Array, context: Context, to: str) -> pa.Array:
    kind = flat.type
    numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    textual = pa.types.is_string(kind) or pa.types.is_null(kind)
    only_text = {"network", "family", "browser", "system"}
    if not (textual or (numeric and to not in only_text)):
        raise cannot_read(f"{SPEC.name} to {to}", kind)
    return arrays.texts(flat, context.storage)


def _reader(to: str, context: Context) -> _Reader:
    if to in _PLACES and parameter(SPEC, context, "of") == "municipality_number":
        return lambda text: geography.by_municipality_number(text, to)
    plain: Mapping[str, _Reader] = {
        "municipality": geography.municipality,
        "county": geography.county,
        "region": geography.region,
        "family": networks.family,
        "browser": networks.browser,
        "system": networks.system,
    }
    if to in plain:
        return plain[to]
    if to == "digits":
        kept = int(parameter(SPEC, context, "digits"))
        return lambda text: (geography.four_digits(text) or "")[:kept] or None
    if to == "network":
        v4 = int(parameter(SPEC, context, "v4_bits"))
        v6 = int(parameter(SPEC, context, "v6_bits"))
        return lambda text: networks.network(text, v4, v6)
    if to == "age_band":
        return lambda text: _birth_year(text, context)
    return _band(context)


def _band(context: Context) -> _Reader:
    edges = parameter(SPEC, context, "edges")
    width = parameter(SPEC, context, "width")
    if edges:
        limits = [Decimal(str(edge)) for edge in edges]
        if limits != sorted(set(limits)):
            raise TransformError(
                "the edges of the bands do not ascend", code=305, mend="write them in order"
            )
        return lambda text: _classed(text, lambda n: bands.by_edges(n, limits))
    if not width:
        raise TransformError(
            "generalise to band needs a width or edges", code=305, mend="add width: 100"
        )
    step = Decimal(str(width))
    return lambda text: _classed(text, lambda n: bands.by_width(n, step))


def _classed(text: str, band: Callable[[Decimal], str]) -> str | None:
    found = bands.number(text)
    return None if found is None else band(found)


def _ages(flat: pa.Array, context: Context) -> pa.Array:
    found = dates.days(flat)
    if found is None:
        raise cannot_read(f"{SPEC.name} to age_band", flat.type)
    width = int(parameter(SPEC, context, "width") or 10)
    top = int(parameter(SPEC, context, "top"))
    as_of = _as_of(context)

    def band(born: date) -> str | None:
        years = bands.age(born, as_of)
        return None if years is None else bands.age_band(years, width, top)

    return arrays.per_text(found, band)  # type: ignore[arg-type]


def _birth_year(text: str, context: Context) -> str | None:
    """The band of a year of birth: the age reached in the year of `as_of`."""
    years = _as_of(context).year - int(text)
    if not 0 <= years <= bands.OLDEST_YEARS:
        return None
    width = int(parameter(SPEC, context, "width") or 10)
    return bands.age_band(years, width, int(parameter(SPEC, context, "top")))


def _as_of(context: Context) -> date:
    if context.as_of is None:
        raise TransformError(
            "an age needs the date at which it is computed", code=306, mend="add as_of"
        )
    return context.as_of
