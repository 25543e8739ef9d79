"""Arrays of numbers, and texts that hold them, through one function of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import TransformError
from sladd.model import StorageType
from transforms import arrays, bands
from transforms.contract import Context, cannot_read

ACCEPTED = (
    StorageType.INTEGER,
    StorageType.DECIMAL,
    StorageType.FLOAT,
    StorageType.STRING,
    StorageType.LIST,
)

Work = Callable[[pa.Array], pa.Array]


def mapped(flat: pa.Array, context: Context, name: str, work: Work) -> pa.Array:
    """Apply `work` to numbers, or to the numbers in texts; the type stays.

    Args:
        flat: shape (n,), plain.
        context: where texts that hold no number are counted as `unparsed`; they become null.
        name: of the transform, for errors.
        work: numbers to numbers of the same type.

    Raises:
        TransformError: the array holds no numbers (SLADD-301).
    """
    kind = flat.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        done = work(flat)
        return done if done.type == kind else done.cast(kind)
    if pa.types.is_null(kind):
        return flat
    if not pa.types.is_string(kind):
        raise cannot_read(name, kind)

    def texts(distinct: pa.Array) -> pa.Array:
        found = [None if t is None else bands.number(t) for t in distinct.to_pylist()]
        given = pa.array([None if n is None else float(n) for n in found], pa.float64())
        return pa.array([_spelt(n) for n in work(given).to_pylist()], pa.string())

    done = arrays.per_distinct(flat, texts)
    lost = done.null_count - flat.null_count
    if lost:
        context.counts["unparsed"] += lost
    return done


def to_multiple(values: pa.Array, step: float, *, down: bool = False) -> pa.Array:
    """Each number as a multiple of `step`: the nearest, halves to even, or the one below.

    Raises:
        TransformError: whole numbers and a step that is none (SLADD-305).
    """
    kind = values.type
    exact: int | float | Decimal = step
    if pa.types.is_integer(kind):
        if step != int(step):
            raise TransformError(
                "whole numbers cannot be rounded to a fraction", code=305, mend="name a whole step"
            )
        exact = int(step)
    elif pa.types.is_decimal(kind):
        exact = Decimal(str(step))
        values = values.cast(pa.decimal128(38, max(kind.scale, _scale(exact))))
    elif pa.types.is_floating(kind):
        # A number too small to be divided by the step is 0; Arrow would hand it on as it is.
        none = pc.fill_null(pc.equal(pc.divide(values, step), 0.0), fill_value=False)
        values = pc.if_else(none, pa.scalar(0.0, kind), values)
    mode = "down" if down else "half_to_even"
    return pc.round_to_multiple(values, exact, round_mode=mode)


def between(values: pa.Array, least: float | None, most: float | None) -> pa.Array:
    """Numbers with what is below `least` or above `most` replaced by these; NaN and null stay."""
    kind = values.type
    for bound, choose in ((least, pc.less), (most, pc.greater)):
        if bound is None:
            continue
        limit = pa.scalar(_exact(bound, kind), kind)
        beyond = pc.fill_null(choose(values, limit), fill_value=False)
        values = pc.if_else(beyond, limit, values)
    return values


def lower_edges(values: pa.Array, edges: Sequence[float]) -> pa.Array:
    """The edge at or below each number; what is below the first one becomes null."""
    ascending = np.asarray(edges, np.float64)
    given = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    place = np.searchsorted(ascending, given, side="right") - 1
    none = (place < 0) | np.isnan(given)
    exact = [_exact(edge, values.type) for edge in edges]
    chosen = pa.array(exact, values.type).take(pa.array(np.maximum(place, 0)))
    return pc.if_else(pa.array(none), pa.scalar(None, values.type), chosen)


def _exact(number: float, kind: pa.DataType) -> int | float | Decimal:
    if pa.types.is_integer(kind):
        return int(number)
    return Decimal(str(number)) if pa.types.is_decimal(kind) else float(number)


def _scale(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _spelt(number: float | None) -> str | None:
    """Without an exponent; whole numbers without decimals."""
    if number is None:
        return None
    return str(int(number)) if number == int(number) else f"{Decimal(repr(number)):f}"
