"""Cut dates to the first day of their year, quarter, month or week.

ISO/IEC 20889 §8.6: generalization by rounding. A week starts on Monday (ISO 8601).
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import Parameter, StorageType, TransformSpec
from transforms import arrays, dates
from transforms.contract import Context, cannot_read, parameter

SPEC = TransformSpec(
    name="truncate_date",
    accepts=(StorageType.DATE, StorageType.TIMESTAMP, StorageType.STRING, StorageType.LIST),
    output=StorageType.DATE,
    iso20889="generalization",
    summary="Cut dates to the first day of their year, quarter, month or week.",
    nullable=True,
    keeps_order=True,
    parameters=(
        Parameter(
            "to",
            "choice",
            "month",
            choices=("year", "quarter", "month", "week", "day"),
            help="what remains; day only removes the time",
        ),
    ),
)


def apply(values: pa.Array, context: Context) -> pa.Array:
    """Dates; a text that is no date becomes null and is counted as `unparsed`."""
    unit = str(parameter(SPEC, context, "to"))

    def cut(flat: pa.Array) -> pa.Array:
        found = dates.days(flat)
        if found is None:
            raise cannot_read(SPEC.name, flat.type)
        lost = found.null_count - flat.null_count
        if lost:
            context.counts["unparsed"] += lost
        if unit == "day":
            return found
        return pc.floor_temporal(found, unit=unit).cast(pa.date32())

    return arrays.elementwise(values, cut)
