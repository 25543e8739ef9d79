"""Replace every value by one constant, or by the label of its category.

ISO/IEC 20889 §8.4: suppression of values; what remains is whether there was one.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import Parameter, StorageType, TransformSpec
from transforms import arrays
from transforms.contract import Context, parameter

SPEC = TransformSpec(
    name="replace",
    accepts=tuple(StorageType),
    output=StorageType.STRING,
    iso20889="suppression",
    summary="Replace every value by one text.",
    parameters=(
        Parameter("value", "string", "", help="the text; '' writes the category's label in < >"),
    ),
)


def apply(values: pa.Array, context: Context) -> pa.Array:
    """The text where there was a value; null stays null and '' stays ''."""
    given = str(parameter(SPEC, context, "value"))
    text = given or f"<{(context.label or 'REDACTED').upper()}>"

    def constant(flat: pa.Array) -> pa.Array:
        there = pc.is_valid(flat)
        filled = pc.if_else(there, pa.scalar(text), pa.scalar(None, pa.string()))
        if pa.types.is_string(flat.type):
            filled = pc.if_else(pc.fill_null(pc.equal(flat, ""), fill_value=False), "", filled)
        return filled

    return arrays.elementwise(values, constant)
