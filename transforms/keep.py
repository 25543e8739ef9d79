"""Leave the values as they are.

ISO/IEC 20889 has no word for it: nothing is done. Dictionaries are resolved, because they may
hold values of rows that were left out.
"""

from __future__ import annotations

import pyarrow as pa

from sladd.model import StorageType, TransformSpec
from transforms import arrays
from transforms.contract import Context

SPEC = TransformSpec(
    name="keep",
    accepts=tuple(StorageType),
    output=None,
    iso20889="none",
    summary="Leave the values as they are.",
    joinable=True,
    reversible=True,
    keeps_uniqueness=True,
    keeps_order=True,
    keeps_length=True,
    keeps_category=True,
)


def apply(values: pa.Array, context: Context) -> pa.Array:  # noqa: ARG001 - the contract's shape
    """The values, without a dictionary."""
    return arrays.plain(values)
