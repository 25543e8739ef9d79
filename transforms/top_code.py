"""Replace numbers beyond a limit by the limit.

ISO/IEC 20889 §8.6.2: top and bottom coding. The few with the largest orders or incomes are the
easiest to recognise.
"""

from __future__ import annotations

import pyarrow as pa

from sladd.errors import TransformError
from sladd.model import Parameter, TransformSpec
from transforms import arrays, numbers
from transforms.contract import Context, parameter

SPEC = TransformSpec(
    name="top_code",
    accepts=numbers.ACCEPTED,
    output=None,
    iso20889="top and bottom coding",
    summary="Replace numbers beyond a limit by the limit.",
    nullable=True,
    keeps_order=True,
    keeps_category=True,
    parameters=(
        Parameter("most", "number", help="what is above becomes this"),
        Parameter("least", "number", help="what is below becomes this"),
    ),
)


def apply(values: pa.Array, context: Context) -> pa.Array:
    """Numbers of the same type; a text that is no number becomes null, counted as `unparsed`."""
    most = parameter(SPEC, context, "most")
    least = parameter(SPEC, context, "least")
    if most is None and least is None:
        raise TransformError("top_code needs most or least", code=305, mend="add most: 100000")
    return arrays.elementwise(
        values,
        lambda flat: numbers.mapped(
            flat, context, SPEC.name, lambda found: numbers.between(found, least, most)
        ),
    )
