"""Replace a number by the lower edge of the bucket it falls in; it stays a number.

ISO/IEC 20889 §8.6: generalization. `generalise` with `to: band` writes the bucket as a text.
"""

from __future__ import annotations

import pyarrow as pa

from sladd.errors import TransformError
from sladd.model import Parameter, TransformSpec
from transforms import arrays, numbers
from transforms.contract import Context, parameter

SPEC = TransformSpec(
    name="bucket",
    accepts=numbers.ACCEPTED,
    output=None,
    iso20889="generalization",
    summary="Replace a number by the lower edge of the bucket it falls in.",
    nullable=True,
    keeps_order=True,
    keeps_category=True,
    parameters=(
        Parameter("width", "number", help="of every bucket, counted from 0", minimum=0),
        Parameter("edges", "numbers", help="of buckets of unequal width, ascending; what is below "
                  "the first becomes null"),
    ),
)  # fmt: skip


def apply(values: pa.Array, context: Context) -> pa.Array:
    """Numbers of the same type; a text that is no number becomes null, counted as `unparsed`."""
    width = parameter(SPEC, context, "width")
    edges = parameter(SPEC, context, "edges")
    if not width and not edges:
        raise TransformError("bucket needs a width or edges", code=305, mend="add width: 100")

    def edge(found: pa.Array) -> pa.Array:
        if edges:
            return numbers.lower_edges(found, edges)
        return numbers.to_multiple(found, float(width), down=True)

    return arrays.elementwise(values, lambda flat: numbers.mapped(flat, context, SPEC.name, edge))
