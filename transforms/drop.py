"""Leave the column out.

ISO/IEC 20889 §8.4: suppression of an attribute. The pipeline never reads a dropped column;
`apply` gives nulls, so that a caller who asks all the same learns nothing.
"""

from __future__ import annotations

import pyarrow as pa

from sladd.model import StorageType, TransformSpec
from transforms import arrays
from transforms.contract import Context

SPEC = TransformSpec(
    name="drop",
    accepts=tuple(StorageType),
    output=None,
    iso20889="suppression",
    summary="Leave the column out of the release.",
    drops=True,
)


def apply(values: pa.Array, context: Context) -> pa.Array:  # noqa: ARG001 - the contract's shape
    """Nulls of the input's type."""
    return pa.nulls(len(values), arrays.plain(values[:0]).type)
