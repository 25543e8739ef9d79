"""Add noise to numbers, keyed per person, so that it does not average out.

ISO/IEC 20889 §8.7: noise addition. The same value of the same person in the same column gets
the same noise, in every batch, table version and release of a domain: who asks again learns
nothing more. Different values of a person get noises of their own.

This is no differential privacy: there is no sensitivity, no budget and no proof, and rare
values stay rare. It hides what a single amount was, not that somebody spends a lot.

Source: ISO/IEC 20889:2018; Duncan, Elliot, Salazar-González 2011, Statistical Confidentiality,
§4; PostgreSQL Anonymizer, masking_functions.md (noise that repeated queries average out).
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import TransformError
from sladd.model import Needs, Parameter, StorageType, TransformSpec
from transforms import arrays, bands, draws
from transforms.contract import Context, cannot_read, needs_key, parameter

Floats = npt.NDArray[np.float64]

SPEC = TransformSpec(
    name="noise",
    accepts=(StorageType.INTEGER, StorageType.DECIMAL, StorageType.FLOAT, StorageType.STRING),
    output=None,
    iso20889="noise addition",
    summary="Add to each number a noise that the key decides by person and value.",
    needs=Needs.PERSON,
    keyed=True,
    nullable=True,
    keeps_category=True,
    parameters=(
        Parameter(
            "scale",
            "number",
            required=True,
            help="Laplace: mean distance; Gaussian: standard deviation; uniform: most distance",
            minimum=0.000001,
        ),
        Parameter(
            "relative",
            "boolean",
            default=False,
            help="scale is a share of the value: 0.1 is ten per cent",
        ),
        Parameter(
            "distribution",
            "choice",
            "laplace",
            choices=("laplace", "gaussian", "uniform"),
            help="how the noise is spread",
        ),
        Parameter("least", "number", help="nothing below comes out"),
        Parameter("most", "number", help="nothing above comes out"),
        Parameter(
            "keep_sign",
            "boolean",
            default=True,
            help="what is positive stays positive or 0, 0 stays 0",
        ),
        Parameter(
            "decimals",
            "integer",
            2,
            help="of the result, for numbers with a floating point",
            minimum=0,
            maximum=12,
        ),
    ),
)

GRID = 2.0**32
"""Noise is cut to multiples of 2⁻³², so that the last bits of a logarithm decide nothing."""
_EXACT = 2**53  # whole numbers that a double holds exactly (IEEE 754)
_DIGITS = 80  # twice what a decimal of 128 bits holds


def apply(values: pa.Array, context: Context, persons: pa.Array) -> pa.Array:
    """Numbers of the same type; whole numbers stay whole, decimals keep their places.

    A text that is no number becomes null and is counted as `unparsed`; '' stays ''.

    Args:
        values: shape (n,).
        context: with the key.
        persons: shape (n,), whose row it is.

    Raises:
        TransformError: there is no key (SLADD-302), no numbers in the type (SLADD-301), or
            `least` is above `most` (SLADD-305).
    """
    if context.key is None:
        raise needs_key(SPEC.name)
    least, most = (parameter(SPEC, context, name) for name in ("least", "most"))
    if least is not None and most is not None and least > most:
        raise TransformError("least is above most", code=305, mend="exchange them")
    values = arrays.plain(values)
    kind = values.type
    if pa.types.is_null(kind):
        return values
    if pa.types.is_string(kind):
        return _texts(values, context, persons)
    if pa.types.is_floating(kind):
        given = values.cast(pa.float64()).to_numpy(zero_copy_only=False)
        moved = _moved(given, context, persons)
        kept = int(parameter(SPEC, context, "decimals"))
        done = _bounded(np.round(moved, kept), given, context)
        return pa.array(done, mask=_nulls(values)).cast(kind)
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return _exact(values, context, persons)
    raise cannot_read(SPEC.name, kind)


def _nulls(values: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.is_null(values).to_numpy(zero_copy_only=False), np.bool_)


def _noise(values: Floats, context: Context, persons: pa.Array) -> Floats:
    """Noise of scale 1, shape (n,), from person, column and value."""
    assert context.key is not None  # noqa: S101 - `apply` asked
    bits = (values + 0.0).view(np.uint64)  # -0.0 is 0.0
    drawn = draws.between(draws.draw(context.key, f"noise {context.column}", persons, bits))
    one, two = drawn[:, 0], drawn[:, 1]
    spread = parameter(SPEC, context, "distribution")
    if spread == "uniform":
        found = 2 * one - 1
    elif spread == "gaussian":  # Box and Muller 1958
        found = np.sqrt(-2 * np.log(one)) * np.cos(2 * np.pi * two)
    else:
        found = np.sign(two - 0.5) * -np.log(one)
    return np.asarray(np.rint(found * GRID) / GRID, np.float64)


def _moved(values: Floats, context: Context, persons: pa.Array) -> Floats:
    """Values with their noise, as floats."""
    scale = float(parameter(SPEC, context, "scale"))
    with np.errstate(invalid="ignore", over="ignore"):
        noise = _noise(values, context, persons) * scale
        if parameter(SPEC, context, "relative"):
            noise = noise * np.abs(values)
        moved = values + noise
    return _bounded(moved, values, context)


def _bounded(moved: Floats, values: Floats, context: Context) -> Floats:
    """Turned back at 0, and at the bounds cut."""
    if parameter(SPEC, context, "keep_sign"):
        moved = np.where(np.isnan(values), moved, np.sign(values) * np.abs(moved))
    least, most = (parameter(SPEC, context, name) for name in ("least", "most"))
    if least is not None:
        moved = np.maximum(moved, least)
    return moved if most is None else np.minimum(moved, most)


def _exact(values: pa.Array, context: Context, persons: pa.Array) -> pa.Array:
    """Whole numbers and decimals: at once where doubles hold them exactly, else one by one."""
    kind = values.type
    places = 0 if pa.types.is_integer(kind) else kind.scale
    given = values.cast(pa.float64(), safe=False).fill_null(0).to_numpy(zero_copy_only=False)
    moved = _moved(given, context, persons)
    low, high = _range(kind, places, context)
    unit = 10.0**places
    if (np.maximum(np.abs(given), np.abs(moved)) * unit < _EXACT).all():
        whole = np.clip(np.rint(moved * unit), float(low), float(high)).astype(np.int64)
        return _counted(whole, values)
    out: list[int | Decimal | None] = []
    with localcontext(prec=_DIGITS):
        for value, before, after in zip(values.to_pylist(), given, moved, strict=True):
            if value is None:
                out.append(None)
                continue
            # The noise is added, not the sum taken: a double would lose the last places.
            step = round(Decimal(float(after - before)) * 10**places)
            new = min(max(int(Decimal(value).scaleb(places)) + step, low), high)
            out.append(Decimal(new).scaleb(-places) if places else new)
    return pa.array(out, kind)


def _counted(whole: npt.NDArray[np.int64], values: pa.Array) -> pa.Array:
    """Multiples of the last place as numbers of the type; null where the values are."""
    kind = values.type
    if pa.types.is_integer(kind):
        return pa.array(whole, mask=_nulls(values)).cast(kind)
    words = np.stack([whole, whole >> 63], axis=1)  # 128 bits, two's complement
    made = pa.Array.from_buffers(
        pa.decimal128(38, kind.scale), len(whole), [None, pa.py_buffer(words.tobytes())]
    )
    return pc.if_else(values.is_valid(), made.cast(kind), pa.scalar(None, kind))


def _range(kind: pa.DataType, places: int, context: Context) -> tuple[int, int]:
    """What the type holds and the bounds allow, in multiples of the last place."""
    if pa.types.is_decimal(kind):
        high = 10**kind.precision - 1
        low = -high
    elif pa.types.is_unsigned_integer(kind):
        low, high = 0, 2**kind.bit_width - 1
    else:
        low, high = -(2 ** (kind.bit_width - 1)), 2 ** (kind.bit_width - 1) - 1
    least, most = (parameter(SPEC, context, name) for name in ("least", "most"))
    if least is not None:
        low = max(low, math.ceil(Decimal(str(least)).scaleb(places)))
    if most is not None:
        high = min(high, math.floor(Decimal(str(most)).scaleb(places)))
    return low, high


def _texts(values: pa.Array, context: Context, persons: pa.Array) -> pa.Array:
    """Numbers in texts, written with a point and as many decimals as they had."""
    codes = values.dictionary_encode()
    texts = codes.dictionary.to_pylist()
    read = [None if not text else bands.number(text) for text in texts]
    places = [0 if n is None else max(0, -int(n.as_tuple().exponent)) for n in read]
    numbers = pa.array([None if n is None else float(n) for n in read], pa.float64())
    given = numbers.take(codes.indices).fill_null(0).to_numpy(zero_copy_only=False)
    moved = _moved(given, context, persons)
    out: list[str | None] = []
    for code, new in zip(codes.indices.to_pylist(), moved.tolist(), strict=True):
        if code is None or texts[code] == "":
            out.append(None if code is None else "")
        elif read[code] is None:
            context.counts["unparsed"] += 1
            out.append(None)
        else:
            out.append(f"{new:.{places[code]}f}")
    return pa.array(out, pa.string())
