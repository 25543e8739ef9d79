"""Replace characters by a mask character.

ISO/IEC 20889 §8.4.2: masking. What is kept at the ends never exceeds what is hidden, and by
default not even the length of a value is told.
"""

from __future__ import annotations

import unicodedata

import pyarrow as pa

from sladd.model import Parameter, StorageType, TransformSpec
from transforms import arrays
from transforms.contract import Context, parameter

SPEC = TransformSpec(
    name="mask",
    accepts=(
        StorageType.STRING,
        StorageType.INTEGER,
        StorageType.DECIMAL,
        StorageType.FLOAT,
        StorageType.UUID,
        StorageType.LIST,
    ),
    output=StorageType.STRING,
    iso20889="masking",
    summary="Replace characters by a mask character; some may be kept at the ends.",
    parameters=(
        Parameter("keep_first", "integer", 0, help="characters kept at the start", minimum=0),
        Parameter("keep_last", "integer", 0, help="characters kept at the end", minimum=0),
        Parameter("character", "string", "*", help="what stands for a hidden character"),
        Parameter(
            "length",
            "integer",
            6,
            help="hidden characters written, whatever the value's length; 0 tells the length",
            minimum=0,
        ),
    ),
)


def apply(values: pa.Array, context: Context) -> pa.Array:
    """Masked text; '' stays ''."""
    first = int(parameter(SPEC, context, "keep_first"))
    last = int(parameter(SPEC, context, "keep_last"))
    character = str(parameter(SPEC, context, "character"))
    length = int(parameter(SPEC, context, "length"))

    def masked(value: str) -> str:
        if not value:
            return ""
        text = unicodedata.normalize("NFC", value)
        hidden = len(text) - first - last
        if hidden < first + last or first + last == 0:
            return character * (length or len(text))
        return text[:first] + character * (length or hidden) + text[len(text) - last :]

    return arrays.elementwise(
        values, lambda flat: arrays.per_text(arrays.texts(flat, context.storage), masked)
    )
