"""Shift the dates of each person by a number of days of that person's own.

ISO/IEC 20889 §8.7: noise addition. All dates of one person, in all columns and tables of a
domain, move by the same days, so what lies between them stays: the age at an order, the days
from order to return. The key decides the number; it is never 0.

What it does not hide: the *pattern* of a person's dates. Who knows the days between three
purchases of somebody finds them again. And a date that is the same for everybody (the day of
an import, a campaign) tells every person's shift to whoever knows it; such a column needs
another rule. Placeholders for "no date" are of that kind, so they become null.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import TransformError
from sladd.keyring import DerivedKey
from sladd.model import Needs, Parameter, StorageType, TransformSpec
from transforms import arrays, draws, written_dates
from transforms.contract import Context, cannot_read, needs_key, parameter

SPEC = TransformSpec(
    name="shift_dates",
    accepts=(StorageType.DATE, StorageType.TIMESTAMP, StorageType.STRING),
    output=None,
    iso20889="noise addition",
    summary="Shift the dates of each person by days of that person's own; intervals stay.",
    needs=Needs.PERSON,
    keyed=True,
    nullable=True,
    keeps_category=True,
    parameters=(
        Parameter(
            "max_days",
            "integer",
            90,
            help="the furthest shift; beyond 30 the month is hidden, beyond 180 the season",
            minimum=7,
            maximum=3650,
        ),
        Parameter(
            "step_days",
            "integer",
            1,
            help="shifts are multiples of it; 7 keeps the day of the week, at a seventh of the "
            "possible shifts",
            minimum=1,
            maximum=28,
        ),
        Parameter(
            "direction",
            "choice",
            "both",
            choices=("both", "past", "future"),
            help="past: no date of the release lies after the day it was made",
        ),
        Parameter(
            "time",
            "choice",
            "drop",
            choices=("drop", "keep"),
            help="the time of day: 00:00 for all, or left as it is; to the second it leads back "
            "to the row",
        ),
    ),
)

EARLIEST = dt.date(1900, 1, 2)
"""1900-01-01 and 0001-01-01 stand for no date in SAP, SQL Server and .NET."""
EPOCH = dt.date(1970, 1, 1)  # where a clock of zero stands (POSIX.1-2017 §4.16)
YEARS_AHEAD = 30  # after `as_of`; beyond are 2099-12-31, 9999-12-31 and the like
LATEST = dt.date(2199, 12, 31)  # without `as_of`

Days = npt.NDArray[np.int64]
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}[0-9:.,Z+-]*)?$"


def apply(values: pa.Array, context: Context, persons: pa.Array) -> pa.Array:
    """Dates of the same type; null stays null.

    A placeholder becomes null and is counted as `placeholder`, a text that is no date becomes
    null and is counted as `unparsed`; '' stays ''. A time with a zone moves by whole days of 24
    hours, so that durations stay exact: across a change to summer time its clock differs by
    an hour.

    Args:
        values: shape (n,).
        context: with the key.
        persons: shape (n,), whose row it is.

    Raises:
        TransformError: there is no key (SLADD-302), no date in the type (SLADD-301), or the
            steps are longer than the furthest shift (SLADD-305).
    """
    days = _shifts(context, persons)
    values = arrays.plain(values)
    kind = values.type
    keep = parameter(SPEC, context, "time") == "keep"
    if pa.types.is_null(kind):
        return values
    if pa.types.is_string(kind):
        return _texts(values, days, context, keep=keep)
    if pa.types.is_date(kind):
        found = values.cast(pa.date32()).cast(pa.int32()).cast(pa.int64())
        return (
            _valid(_added(found, days), found, context)
            .cast(pa.int32())
            .cast(pa.date32())
            .cast(kind)
        )
    if not pa.types.is_timestamp(kind):
        raise cannot_read(SPEC.name, kind)
    return _times(values, days, context, keep=keep)


def _shifts(context: Context, persons: pa.Array) -> Days:
    if context.key is None:
        raise needs_key(SPEC.name)
    step = int(parameter(SPEC, context, "step_days"))
    steps = int(parameter(SPEC, context, "max_days")) // step
    if not steps:
        raise TransformError(
            "step_days is more than max_days", code=305, mend="raise max_days"
        )  # fmt: skip
    return _days(context.key, persons, steps, str(parameter(SPEC, context, "direction"))) * step


def _days(key: DerivedKey, persons: pa.Array, steps: int, direction: str) -> Days:
    """A number of steps for each row, never 0; the same for every row of a person."""
    drawn = draws.draw(key, SPEC.name, persons)[:, 0]
    if direction == "both":
        found = (drawn % np.uint64(2 * steps)).astype(np.int64) - steps
        return np.where(found >= 0, found + 1, found)
    ahead = (drawn % np.uint64(steps)).astype(np.int64) + 1
    return ahead if direction == "future" else -ahead


def _added(days: pa.Array, shifts: Days) -> pa.Array:
    return pc.add(days, pa.array(shifts))


def _valid(shifted: pa.Array, days: pa.Array, context: Context) -> pa.Array:
    """Null where the date before the shift stands for no date."""
    first, last = (_number(day) for day in _limits(context))
    none = pc.or_(
        pc.or_(pc.less(days, first), pc.greater(days, last)), pc.equal(days, _number(EPOCH))
    )
    lost = pc.sum(none).as_py() or 0
    if lost:
        context.counts["placeholder"] += lost
        shifted = pc.if_else(none, pa.scalar(None, shifted.type), shifted)
    return shifted


def _limits(context: Context) -> tuple[dt.date, dt.date]:
    if context.as_of is None:
        return EARLIEST, LATEST
    return EARLIEST, dt.date(context.as_of.year + YEARS_AHEAD, 12, 31)


def _number(day: dt.date) -> int:
    return (day - EPOCH).days


def _times(values: pa.Array, shifts: Days, context: Context, *, keep: bool) -> pa.Array:
    kind, day = values.type, _DAY[values.type.unit]
    values = _within(values, day, context)
    local = pc.local_timestamp(values) if kind.tz else values
    midnight = pc.floor_temporal(local, unit="day")
    found = midnight.cast(pa.date32()).cast(pa.int32()).cast(pa.int64())
    if keep:
        moved = pc.add(values.cast(pa.int64()), pa.array(shifts * day)).cast(kind)
    else:
        days = _added(found, shifts)
        plain = days.cast(pa.int32()).cast(pa.date32()).cast(pa.timestamp(kind.unit))
        moved = _zoned(plain, kind)
    return _valid(moved, found, context)


_DAY = {unit: 86_400 * 1000**power for power, unit in enumerate(("s", "ms", "us", "ns"))}


def _within(values: pa.Array, day: int, context: Context) -> pa.Array:
    """Null where a time is days beyond the limits: it may not fit a date at all."""
    first, last = (_number(limit) for limit in _limits(context))
    given = values.cast(pa.int64())
    far = pc.or_(pc.less(given, (first - 1) * day), pc.greater(given, (last + 2) * day))
    lost = pc.sum(far).as_py() or 0
    if not lost:
        return values
    context.counts["placeholder"] += lost
    return pc.if_else(far, pa.scalar(None, values.type), values)


def _zoned(local: pa.Array, kind: pa.TimestampType) -> pa.Array:
    """Times of a clock as instants; midnight does not exist everywhere on every day."""
    if not kind.tz:
        return local
    return pc.assume_timezone(local, kind.tz, ambiguous="earliest", nonexistent="latest").cast(kind)


def _texts(values: pa.Array, shifts: Days, context: Context, *, keep: bool) -> pa.Array:
    if (at_once := _iso(values, shifts, context, keep=keep)) is not None:
        return at_once
    first, last = _limits(context)
    known: dict[str, written_dates.Written | None] = {}
    out: list[str | None] = []
    for text, shift in zip(values.to_pylist(), shifts.tolist(), strict=True):
        if not text:
            out.append(text)
            continue
        if text not in known:
            known[text] = written_dates.read(text)
        found = known[text]
        if found is None:
            context.counts["unparsed"] += 1
            out.append(None)
        elif not first <= found.day <= last or found.day == EPOCH:
            context.counts["placeholder"] += 1
            out.append(None)
        else:
            out.append(found.moved(shift, keep_rest=keep))
    return pa.array(out, pa.string())


def _iso(values: pa.Array, shifts: Days, context: Context, *, keep: bool) -> pa.Array | None:
    """A column of nothing but ISO 8601, at once; None for any other."""
    if not pc.all(pc.match_substring_regex(values, _ISO)).as_py():
        return None
    try:
        days = pc.utf8_slice_codeunits(values, 0, 10).cast(pa.date32())
    except pa.ArrowInvalid:
        return None  # a day that no month has
    found = days.cast(pa.int32()).cast(pa.int64())
    moved = _valid(_added(found, shifts), found, context)
    written = moved.cast(pa.int32()).cast(pa.date32()).cast(pa.string())
    if not keep:
        return written
    rest = pc.utf8_slice_codeunits(values, 10)
    return pc.binary_join_element_wise(written, rest, "")
