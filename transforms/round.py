"""Round numbers to a multiple.

ISO/IEC 20889 §8.6.1: rounding. Halves go to the even multiple, so that sums do not drift.
"""

from __future__ import annotations

import pyarrow as pa

from sladd.model import Parameter, TransformSpec
from transforms import arrays, numbers
from transforms.contract import Context, parameter

SPEC = TransformSpec(
    name="round",
    accepts=numbers.ACCEPTED,
    output=None,
    iso20889="rounding",
    summary="Round numbers to the nearest multiple.",
    nullable=True,
    keeps_order=True,
    keeps_category=True,
    parameters=(
        Parameter(
            "to",
            "number",
            required=True,
            help="the multiple, such as 100 or 0.5; whole for whole numbers",
            minimum=0.000001,
        ),
    ),
)


def apply(values: pa.Array, context: Context) -> pa.Array:
    """Numbers of the same type; a text that is no number becomes null, counted as `unparsed`."""
    step = float(parameter(SPEC, context, "to"))
    return arrays.elementwise(
        values,
        lambda flat: numbers.mapped(
            flat, context, SPEC.name, lambda found: numbers.to_multiple(found, step)
        ),
    )
