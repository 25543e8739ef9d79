"""Numbers of persons as registers and sheets spell them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_NORWAY = "47"


def telephones(folded: pa.Array, bare: pa.Array) -> tuple[pa.Array, pa.Array]:
    """National and international digits; a number without a country code is Norwegian."""
    marked = pc.match_substring_regex(folded, r"^\s*(\+|\(\+|00)")
    digits = pc.replace_substring_regex(bare, "^00", "")
    plain = pc.equal(pc.utf8_length(digits), 8)
    added = pc.binary_join_element_wise(pa.scalar(_NORWAY), digits, "")
    international = pc.if_else(pc.and_(plain, pc.invert(marked)), added, digits)
    norwegian = pc.match_substring_regex(international, "^47[0-9]{8}$")
    national = pc.if_else(norwegian, pc.utf8_slice_codeunits(international, 2, 10), "")
    return national, international


def with_zero(bare: pa.Array) -> pa.Array:
    """Digits with a zero before them, as a number of eleven is spelt that lost its own."""
    return pc.binary_join_element_wise(pa.scalar("0"), bare, "")
