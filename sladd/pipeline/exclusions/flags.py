"""What a column says of who stays out, as people fill it in."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

TRUE_WORDS = pa.array(["true", "t", "1", "ja", "j", "yes", "y", "x", "on"])


def truthy(column: pa.Array) -> pa.Array:
    """Whether a flag is set: true, a number but zero, ja/yes/x, or any date. Null is not set."""
    kind = column.type
    if pa.types.is_boolean(kind):
        return pc.fill_null(column, fill_value=False)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pc.fill_null(pc.not_equal(column, pa.scalar(0).cast(kind)), fill_value=False)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        trimmed = pc.utf8_lower(pc.utf8_trim_whitespace(column))
        dated = pc.match_substring_regex(trimmed, r"^\d{4}-\d\d-\d\d|^\d\d?\.\d\d?\.\d{4}")
        said = pc.is_in(trimmed, value_set=TRUE_WORDS.cast(kind))
        return pc.fill_null(pc.or_(said, dated), fill_value=False)
    return pc.is_valid(column)
